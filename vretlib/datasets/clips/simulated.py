"""Queries for videos that have none: stills and photographs of a screen, made of frames that are drawn at random.

"VB" is the camera model's photograph of a screen that shows the frame. "SI2V" stands for a picture of the same event on
a web page: a piece of the frame, nearer, in other colours, with a caption or a mark now and then. It is made of the
very frame, where the pictures of Stanford I2V were taken by another camera: expect numbers above those.
"""

from __future__ import annotations

import csv
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np
from numpy.random import Generator

from embedded import bookmark, camera, stills
from embedded.raster import U8
from vretlib import cache
from vretlib.datasets import mended
from vretlib.datasets.film_files import Movie
from vretlib.errors import NoExampleError, UserError
from vretlib.video import frames, packets
from vretlib.video.frames import VideoInfo

log = logging.getLogger(__name__)

T = TypeVar("T")

QUERIES = "queries.csv"

KINDS = ("SI2V", "VB")

FROM_FRAMES = replace(stills.Range(), nearer=(1.1, 1.6))
"""How stills differ from frames: nearer than the embedded ones, since nothing else tells them from the frame."""

CONTRAST = 8.0
"""Standard deviation of the luma, in grey levels of 255, below which a frame has nothing that one could look for."""

AGAIN = 256
"""Frames that are drawn once more where none of the first had anything in it."""

SIDE = 480
"""Longer side of a still in pixels."""


def make(infos: Mapping[str, VideoInfo], n: int, *, seed: int) -> Path:
    """A list as `query_list` reads it, with ``n`` queries of each kind beside it, from the cache.

    Frames are uniform over all videos, without those that hold nothing (`CONTRAST`).

    Raises
    ------
    UserError: no frame that was drawn has anything in it, or ``n`` is below 1.
    """
    if n < 1:
        raise UserError(f"own_queries={n}; expected at least 1 query of each kind")
    key = {"videos": [(name, cache.checksum(info.path)) for name, info in infos.items()], "n": n, "seed": seed}
    return cache.stage("simulated", key, lambda out: _make(infos, n, seed, out)) / QUERIES


def _make(infos: Mapping[str, VideoInfo], n: int, seed: int, out: Path) -> None:
    rng = np.random.Generator(np.random.PCG64([seed, 31]))
    chosen = [draw(list(infos.values()), n, rng) for _ in KINDS]
    studio = camera.Studio(np.random.Generator(np.random.PCG64([seed, 32])))
    rows: list[tuple[str, ...]] = []
    for v, (name, info) in enumerate(infos.items()):
        index = packets.packet_index(info.path)
        wanted = [(kind, i, frame) for kind, drawn in enumerate(chosen) for i, (video, frame) in enumerate(drawn)
                  if video == v]  # fmt: skip
        for some in _batches(sorted(wanted, key=lambda item: item[2]), 16):
            seen = frames.read(info.path, [frame for _, _, frame in some], color="rgb", width=min(info.width, 1280))
            for kind, i, frame in some:
                own = np.random.Generator(np.random.PCG64([seed, kind, i, 33]))
                file, data, told = _query(kind, i, seen[frame], studio, own)
                (out / file).write_bytes(data)
                rows.append((file, name, f"{index.time(frame):.3f}", KINDS[kind], *told))
    rows.sort(key=lambda row: (KINDS.index(row[3]), row[0]))
    with open(out / QUERIES, "w", newline="", encoding="utf-8") as table:
        writer = csv.writer(table)
        writer.writerow(["image", "movie", "start", "kind", "level", "corners"])
        writer.writerows(rows)


def draw(infos: Sequence[VideoInfo], n: int, rng: Generator) -> list[tuple[int, int]]:
    """``n`` frames as (video, frame number), uniform over all frames with something in them; some may come twice.

    Raises
    ------
    UserError: no frame that was drawn has anything in it.
    """
    kept = _clear(infos, rng, 2 * n) or _clear(infos, rng, AGAIN)
    if not kept:
        some = "the film is" if len(infos) == 1 else f"all of {len(infos)} films are"
        raise UserError(
            f"{infos[0].path}: no frame with anything to look for; {some} plain or black wherever looked at"
        )
    return [kept[i % len(kept)] for i in range(n)]


def clear(info: VideoInfo, n: int = 32) -> bool:
    """Whether any of ``n`` frames at equal steps has something in it (`CONTRAST`)."""
    numbers = np.unique(np.linspace(0, info.n_frames - 1, n).round().astype(np.int64))
    seen = frames.read(info.path, numbers, width=min(info.width, 160))
    return any(float(image.std()) >= CONTRAST for image in seen.values())


def first_clear(films: Sequence[Movie], damaged: str) -> Movie:
    """The first film in which something can be looked for; ``damaged`` is one of `mended.CHOICES`.

    Raises
    ------
    NoExampleError: all of them are plain or black wherever looked at.
    """
    for movie in films:
        if clear(frames.probe(mended.whole(movie.path, damaged))):
            return movie
        log.info(f"film: {movie.name} is passed over: it is plain or black wherever looked at")
    raise NoExampleError(f"all films ({len(films)}) are plain or black wherever looked at")


def _clear(infos: Sequence[VideoInfo], rng: Generator, n: int) -> list[tuple[int, int]]:
    """Those of ``n`` frames, drawn uniformly over all, that have something in them."""
    first = np.concatenate([[0], np.cumsum([info.n_frames for info in infos])])
    candidates = rng.integers(first[-1], size=n)
    owners = np.searchsorted(first, candidates, side="right") - 1
    clear = np.zeros(len(candidates), bool)
    for v, info in enumerate(infos):
        mine = np.flatnonzero(owners == v)
        numbers = candidates - first[v]
        for some in _batches(sorted(mine.tolist(), key=lambda i: int(numbers[i])), 64):
            seen = frames.read(info.path, numbers[some], width=min(info.width, 160))
            clear[some] = [float(seen[int(numbers[i])].std()) >= CONTRAST for i in some]
    return [(int(owners[i]), int(candidates[i] - first[owners[i]])) for i in np.flatnonzero(clear)]


def _batches(items: list[T], n: int) -> Iterator[list[T]]:
    """The items, n at a time: so many pictures are in memory at once."""
    for start in range(0, len(items), n):
        yield items[start : start + n]


def _query(
    kind: int, number: int, picture: U8, studio: camera.Studio, rng: Generator
) -> tuple[str, bytes, tuple[str, str]]:
    """The file name and the JPEG of a query, and its level and the corners of the picture in it, as the list has them.

    Levels of photographs take turns.
    """
    if KINDS[kind] == "SI2V":
        return f"still_{number:04d}.jpg", stills.finished(_nearer(picture, rng), FROM_FRAMES, rng), ("", "")
    level = list(camera.LEVELS)[number % len(camera.LEVELS)]
    photo = camera.photograph(picture, camera.LEVELS[level], studio, rng)
    corners = " ".join(f"{value:.3f}" for value in bookmark.corners(photo).ravel())
    return f"photo_{number:04d}_{level}.jpg", bookmark.jpeg(photo), (level, corners)


def _nearer(picture: U8, rng: Generator) -> U8:
    """A piece of a frame, uint8 (h, w, 4), its longer side `SIDE` pixels."""
    share = 1.0 / float(rng.uniform(*FROM_FRAMES.nearer))
    height, width = (max(1, round(side * share)) for side in picture.shape[:2])
    y = int(rng.integers(picture.shape[0] - height + 1))
    x = int(rng.integers(picture.shape[1] - width + 1))
    scale = SIDE / max(width, height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    piece = cv2.resize(picture[y : y + height, x : x + width], size, interpolation=cv2.INTER_LINEAR_EXACT)
    return np.ascontiguousarray(np.dstack([piece, np.full(piece.shape[:2], 255, np.uint8)]))
