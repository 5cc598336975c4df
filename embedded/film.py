"""Films from a seed: drawn, grained, encoded as H.264, with their true shots beside them.

A film is the same on every computer with the same software: drawing uses integer arithmetic, and the encoder's
decisions depend neither on the processor nor on threads.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from embedded import raster, screenplay
from embedded.raster import U8
from embedded.scene import Grade
from embedded.screenplay import Script
from embedded.setup import Shot

VIDEO, TRUTH = "film.mp4", "shots.json"

_SHELF: tuple[tuple[str, int, int, int, tuple[str, str, str], Grade], ...] = (
    ("The Salt Road", 720, 304, 24, ("shore", "kitchen", "hills"), Grade(1.0, 1.05, (1.04, 1.0, 0.93), 0.85)),
    ("Night Ferry", 720, 304, 25, ("street at night", "study", "shore at dusk"), Grade(0.45, 1, (0.86, 0.95, 1.2))),
    ("A Field of Bells", 720, 384, 24, ("hills", "autumn wood", "study"), Grade(1.0, 0.95, (1.03, 1.0, 0.95), 0.9)),
    ("Seven Doors Down", 720, 400, 25, ("street", "study", "kitchen"), Grade(0.95, 1.0, (1.0, 1.0, 1.0), 0.75)),
    ("The Long Platform", 720, 316, 30, ("platform", "street", "hills"), Grade(0.9, 1.1, (0.95, 1.0, 1.06), 0.6)),
    ("Oranges in December", 720, 384, 24, ("market", "kitchen", "wood"), Grade(1.0, 1.0, (1.05, 1.0, 0.92), 0.95)),
)  # fmt: skip


def script(number: int, *, seed: int, seconds: float) -> Script:
    """Script of film ``number``: the first six are fixed, later ones recombine them under new titles."""
    title, width, height, fps, places, grade = _SHELF[number % len(_SHELF)]
    if number >= len(_SHELF):
        title = f"{title} {number // len(_SHELF) + 1}"
    return Script(title, width, height, fps, places, grade, float(seconds), seed, number)


def make(script: Script, out: Path) -> None:
    """Draw and encode a film into the folder ``out``, as `VIDEO`, with the truth about its shots as `TRUTH`."""
    shots = screenplay.shots(script)
    encode(out / VIDEO, render(script, shots), script)
    (out / TRUTH).write_text(json.dumps(truth(script, shots), indent=1), encoding="utf-8")


def truth(script: Script, shots: list[Shot]) -> dict[str, Any]:
    """The beginning and end of each shot, the camera set-up that it shows, and how the shots are joined."""
    rows: list[dict[str, Any]] = []
    start = 0
    for shot in shots:
        half = shot.blend // 2
        rows.append(
            {
                "start": start,
                "stop": start + shot.n_frames,
                "setup": shot.setup.number,
                "scene": shot.setup.scene,
                "kind": shot.setup.kind,
                "transition": shot.transition,
                "transition_frames": [start - half, start + half],
            }
        )
        start += shot.n_frames
    return {"title": script.title, "seed": script.seed, "fps": script.fps, "n_frames": start, "shots": rows}


def render(script: Script, shots: list[Shot]) -> Iterator[U8]:
    """The frames in order, as the planes of YUV 4:2:0 in an array (3h/2, w)."""
    rng = np.random.Generator(np.random.PCG64([script.seed, script.number, 1]))
    vignette, tiles = _vignette(script), _grain(rng, script)
    for index, shot in enumerate(shots):
        for k in range(shot.n_frames):
            picture = _picture(script, shots, index, k)
            tile = tiles[int(rng.integers(len(tiles)))]
            left, top = (int(value) for value in rng.integers(_SLACK, size=2))
            planes = np.empty((script.height * 3 // 2, script.width), np.uint8)
            raster.develop(picture, vignette, tile, left, top, _brightness(script, shots, index, k), planes)
            yield planes


def _picture(script: Script, shots: list[Shot], index: int, k: int) -> U8:
    """Frame k of a shot, mixed during a dissolve with the shot before or after it."""
    shot, left = shots[index], shots[index].n_frames - k
    picture = _take(script, shot, k)
    if shot.transition == "dissolve" and k < shot.blend // 2:
        before = _take(script, shots[index - 1], shots[index - 1].n_frames + k)
        return raster.mix(before, picture, _weight(shot.blend // 2 + k, shot.blend))
    if index + 1 < len(shots) and shots[index + 1].transition == "dissolve":
        after = shots[index + 1]
        if left <= after.blend // 2:
            return raster.mix(picture, _take(script, after, -left), _weight(after.blend // 2 - left, after.blend))
    return picture


def _take(script: Script, shot: Shot, k: int) -> U8:
    """Frame k of a shot as filmed; k may lie a little before its beginning or after its end."""
    picture = np.zeros((script.height, script.width, 4), np.uint8)
    shot.setup.draw(picture, shot.begin + k / script.fps, k / shot.n_frames)
    return picture


def _weight(step: int, n: int) -> int:
    """Share of the new shot in frame ``step`` of a dissolve of n frames, in 1/256."""
    return 256 * (2 * step + 1) // (2 * n)


def _brightness(script: Script, shots: list[Shot], index: int, k: int) -> int:
    """Brightness of a frame as a factor in 1/256: below 256 at the film's beginning and around fades."""
    if index == 0:
        brightness = min(256, 256 * (2 * k + 1) // script.fps)
    elif shots[index].transition == "fade":
        brightness = min(256, 256 * (2 * k + 1) // shots[index].blend)
    else:
        brightness = 256
    if index + 1 < len(shots) and shots[index + 1].transition == "fade":
        left = shots[index].n_frames - k
        brightness = min(brightness, 256 * (2 * left - 1) // shots[index + 1].blend)
    return brightness


_SLACK = 96
"""Pixels by which a grain tile exceeds the frame on each axis, so that it has ``_SLACK``² positions."""


def _grain(rng: Generator, script: Script) -> list[raster.I16]:
    """Tiles of film grain: noise about two pixels wide, standard deviation near 4 grey levels."""
    shape = (script.height + _SLACK + 1, script.width + _SLACK + 1)
    tiles = []
    for _ in range(4):
        fine = np.rint(rng.standard_normal(shape) * 128).astype(np.int32)
        smooth = 3 * fine[:-1, :-1] + fine[1:, :-1] + fine[:-1, 1:] + fine[1:, 1:]
        tiles.append((smooth // 100).astype(np.int16))
    return tiles


def _vignette(script: Script) -> NDArray[np.int32]:
    """The lens' fall-off towards the corners, in 1/256."""
    y = (2 * np.arange(script.height) - script.height + 1) / script.height
    x = (2 * np.arange(script.width) - script.width + 1) / script.width
    return np.rint(256 * (1.0 - 0.11 * (x[None, :] ** 2 + 0.6 * y[:, None] ** 2) ** 1.5)).astype(np.int32)


def encode(path: Path, planes: Iterator[U8], script: Script) -> None:
    """H.264 in mp4 with a constant quantiser.

    Without ``cpu-independent``, x264 takes other decisions on processors with other instructions, and the decoded film
    differs.
    """
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=script.fps)
        stream.width, stream.height, stream.pix_fmt = script.width, script.height, "yuv420p"
        stream.time_base = Fraction(1, script.fps)
        stream.codec_context.thread_count = 1
        stream.options = {
            "preset": "superfast",
            "qp": "26",
            "g": str(script.fps * 4),
            "x264-params": "cpu-independent=1:threads=1:lookahead-threads=1",
        }
        for number, picture in enumerate(planes):
            frame = av.VideoFrame.from_ndarray(picture, format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, script.fps)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
