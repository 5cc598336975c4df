"""Simulated queries for videos without a list: stills and photographs of a screen, made from random frames.

"VB" is the camera model's photograph of a screen that shows the frame. "SI2V" stands for a picture of the same event on
a web page: a part of the frame, nearer, in other colours, sometimes with a caption or a mark. It is made from the frame
itself, whereas the pictures of Stanford I2V were taken by another camera, so that results are higher than for those.
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
from vretlib.checksums import checksum
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
"""Differences of stills from frames: nearer than the embedded stills, since they show the same moment as the frame."""

CONTRAST = 8.0
"""Standard deviation of the luma, in grey levels of 255, below which a frame counts as uniform and is no query."""

SECOND_DRAW = 256
"""Number of frames that are drawn once more if all of the first ones are uniform."""

SIDE = 480
"""Longer side of a still in pixels."""


def make(infos: Mapping[str, VideoInfo], n: int, *, seed: int) -> Path:
    """Path of a list as `query_list` reads it, with ``n`` queries of each kind beside it, from the cache.

    Frames are drawn uniformly from all videos, without uniform frames (`CONTRAST`).

    Raises
    ------
    UserError: all drawn frames are uniform, or ``n`` is below 1.
    """
    if n < 1:
        raise UserError(f"own_queries={n}; expected at least 1 query of each kind")
    key = {"videos": [(name, checksum(info.path)) for name, info in infos.items()], "n": n, "seed": seed}
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
            pictures = frames.read(
                info.path, [frame for _, _, frame in some], colour="rgb", width=min(info.width, 1280)
            )
            for kind, i, frame in some:
                own = np.random.Generator(np.random.PCG64([seed, kind, i, 33]))
                file, data, level_and_corners = _query(kind, i, pictures[frame], studio, own)
                (out / file).write_bytes(data)
                rows.append((file, name, f"{index.time(frame):.3f}", KINDS[kind], *level_and_corners))
    rows.sort(key=lambda row: (KINDS.index(row[3]), row[0]))
    with open(out / QUERIES, "w", newline="", encoding="utf-8") as table:
        writer = csv.writer(table)
        writer.writerow(["image", "movie", "start", "kind", "level", "corners"])
        writer.writerows(rows)


def draw(infos: Sequence[VideoInfo], n: int, rng: Generator) -> list[tuple[int, int]]:
    """``n`` random frames as (video, frame number), none of them uniform (`CONTRAST`); a frame may occur twice.

    Raises
    ------
    UserError: all drawn frames are uniform.
    """
    kept = _clear(infos, rng, 2 * n) or _clear(infos, rng, SECOND_DRAW)
    if not kept:
        some = "the film is" if len(infos) == 1 else f"all of {len(infos)} films are"
        raise UserError(
            f"{infos[0].path}: no frame with anything to look for; {some} plain or black wherever looked at"
        )
    return [kept[i % len(kept)] for i in range(n)]


def clear(info: VideoInfo, n: int = 32) -> bool:
    """True if any of ``n`` frames at equal steps is not uniform (`CONTRAST`)."""
    numbers = np.unique(np.linspace(0, info.n_frames - 1, n).round().astype(np.int64))
    pictures = frames.read(info.path, numbers, width=min(info.width, 160))
    return any(float(picture.std()) >= CONTRAST for picture in pictures.values())


def first_clear(films: Sequence[Movie], damaged: str) -> Movie:
    """The first film that is `clear`; ``damaged`` is one of `mended.CHOICES`.

    Raises
    ------
    NoExampleError: no film is clear.
    """
    for movie in films:
        if clear(frames.probe(mended.undamaged(movie.path, damaged))):
            return movie
        log.info("film: %s is passed over: it is plain or black wherever looked at", movie.name)
    raise NoExampleError(f"all films ({len(films)}) are plain or black wherever looked at")


def _clear(infos: Sequence[VideoInfo], rng: Generator, n: int) -> list[tuple[int, int]]:
    """The frames that are not uniform among ``n`` frames, which are drawn uniformly from all videos."""
    first = np.concatenate([[0], np.cumsum([info.n_frames for info in infos])])
    candidates = rng.integers(first[-1], size=n)
    owners = np.searchsorted(first, candidates, side="right") - 1
    clear = np.zeros(len(candidates), bool)
    for v, info in enumerate(infos):
        mine = np.flatnonzero(owners == v)
        numbers = candidates - first[v]
        for some in _batches(sorted(mine.tolist(), key=lambda i: int(numbers[i])), 64):
            pictures = frames.read(info.path, numbers[some], width=min(info.width, 160))
            clear[some] = [float(pictures[int(numbers[i])].std()) >= CONTRAST for i in some]
    return [(int(owners[i]), int(candidates[i] - first[owners[i]])) for i in np.flatnonzero(clear)]


def _batches(items: list[T], n: int) -> Iterator[list[T]]:
    """Consecutive parts of at most ``n`` items, which limit the pictures in memory."""
    for start in range(0, len(items), n):
        yield items[start : start + n]


def _query(
    kind: int, number: int, picture: U8, studio: camera.Studio, rng: Generator
) -> tuple[str, bytes, tuple[str, str]]:
    """File name and JPEG of a query, and its level and corners as texts for the list.

    Photographs have the levels in turn.
    """
    if KINDS[kind] == "SI2V":
        return f"still_{number:04d}.jpg", stills.finished(_nearer(picture, rng), FROM_FRAMES, rng), ("", "")
    level = list(camera.LEVELS)[number % len(camera.LEVELS)]
    photo = camera.photograph(picture, camera.LEVELS[level], studio, rng)
    corners = " ".join(f"{value:.3f}" for value in bookmark.corners(photo).ravel())
    return f"photo_{number:04d}_{level}.jpg", bookmark.jpeg(photo), (level, corners)


def _nearer(picture: U8, rng: Generator) -> U8:
    """A part of a frame, uint8 (h, w, 4), whose longer side has `SIDE` pixels."""
    share = 1.0 / float(rng.uniform(*FROM_FRAMES.nearer))
    height, width = (max(1, round(side * share)) for side in picture.shape[:2])
    y = int(rng.integers(picture.shape[0] - height + 1))
    x = int(rng.integers(picture.shape[1] - width + 1))
    scale = SIDE / max(width, height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    piece = cv2.resize(picture[y : y + height, x : x + width], size, interpolation=cv2.INTER_LINEAR_EXACT)
    return np.ascontiguousarray(np.dstack([piece, np.full(piece.shape[:2], 255, np.uint8)]))
