"""The drawn face films: two collections of whole frames and stills, kept in the cache as H.264 films and PNG pictures.

A *source* is one recording of a person: the same place, clothes and camera, in a light that changes little. Videos are
stretches of a source, as the clips of YouTube Celebrities are. Stills are not compressed. One still of a person was
recorded together with some of the videos; another comes from a source of its own.

Difficulty
----------
The difficulty was set with raw pixels of whole frames only (16 × 12, RGB, means of areas, less their mean, compared by
cosine), before any network was run on the frames. The aim was a mean AP of 0.15 to 0.4 over all stills of either
collection, and more than chance for stills that have no video of their source in the database. With seed 0 and two
frames of each video the pixels give:

========== ===== ================== ================ ======
collection all   source in database source elsewhere chance
========== ===== ================== ================ ======
A          0.293 0.425              0.160            0.089
B          0.293 0.538              0.048            0.039
========== ===== ================== ================ ======

Chance is the mean AP of random orders.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np

from embedded.faces import cast
from embedded.faces.shots import FaceFrame, frames_with_boxes
from vretlib import arrays, cache, images
from vretlib.datasets.clips.recording import recorded, recording
from vretlib.datasets.faces.crops import spread
from vretlib.datasets.faces.film_collection import N_FRAMES, FaceFilms, Pictures
from vretlib.errors import UserError
from vretlib.parallel import threaded_map
from vretlib.processes import processes

LICENCE = "MIT, as this project"
INDEX = "films.json"
SIZES = {
    "a": {"people": 16, "sources": 3, "videos": 2, "length": 7},
    "b": {"people": 60, "sources": 2, "videos": 1, "length": 7},
}
"""Usual numbers: of people, of each person's sources, of the videos of a source, and of the frames of a video."""
WIDTH, HEIGHT = 320, 240

_FPS = 25
_PAUSE = 4  # frames between two videos of a source, and before a still
_PASSER_BY = 1000  # the number of the first person who is in the background and in no video
_TOGETHER = 4  # people whom a process draws in one piece


def drawn(which: Literal["a", "b"], seed: int = 0, *, n_frames: int = N_FRAMES, **sizes: int) -> FaceFilms:
    """A drawn collection: ``"a"`` with fewer people and several videos of a source, ``"b"`` with more people and harder
    views, and with another person in the background of every second source.

    Parameters
    ----------
    seed: the seed of all people and films. A person's films do not depend on how many other people there are.
    n_frames: the number of frames taken of each video, at most ``length``.
    sizes: numbers that replace those of `SIZES`, by the same names.

    Raises
    ------
    UserError: an unknown collection or size, a number below 1 (people: 2), or a negative seed.
    """
    if which not in SIZES:
        raise UserError(f"which={which!r} is not known; expected one of {', '.join(map(repr, SIZES))}")
    if unknown := sorted(set(sizes) - set(SIZES[which])):
        raise UserError(f"{unknown[0]}={sizes[unknown[0]]!r} is not known; expected {', '.join(SIZES[which])}")
    chosen = SIZES[which] | sizes
    for name, value in (chosen | {"n_frames": n_frames}).items():
        arrays.whole(value, name, 2 if name == "people" else 1)
    arrays.whole(seed, "seed", 0)
    folder = cache.stage("face_films", {"which": which, "seed": seed, **chosen},
                         lambda out: _make(out, which, seed, chosen))  # fmt: skip
    videos: list[dict[str, Any]] = json.loads((folder / INDEX).read_text(encoding="utf-8"))
    stills = [video for video in videos if "still" in video]
    videos = [video for video in videos if "film" in video]
    films = sorted({video["film"] for video in videos})
    pictures = dict(zip(films, threaded_map(lambda film: recorded(folder / film), films), strict=True))
    kept = [spread(video["n"], n_frames) for video in videos]
    frames = [pictures[v["film"]][v["first"] + i] for v, chosen_frames in zip(videos, kept, strict=True)
              for i in chosen_frames]  # fmt: skip
    boxes = [v["boxes"][i] for v, chosen_frames in zip(videos, kept, strict=True) for i in chosen_frames]
    number = {source: i for i, source in enumerate(dict.fromkeys((v["person"], v["source"]) for v in videos))}
    name, people = f"Face films {which.upper()}", chosen["people"]
    return FaceFilms(
        name,
        Pictures(frames),
        np.array(boxes, np.float32),
        np.repeat(np.arange(len(videos)), [len(one) for one in kept]).astype(np.int64),
        np.array([v["person"] for v in videos], np.int64),
        np.array([number[v["person"], v["source"]] for v in videos], np.int64),
        Pictures([images.read(folder / v["still"]) for v in stills]),
        np.array([v["boxes"][0] for v in stills], np.float32),
        np.array([v["person"] for v in stills], np.int64),
        np.array([number.get((v["person"], v["source"]), -1) for v in stills], np.int64),
        tuple(f"person_{person:03d}" for person in range(people)),
        description=(
            f"{name}: {people} people, {len(videos):,} videos ({len(frames):,} frames of {WIDTH} x {HEIGHT}) and "
            f"{len(stills):,} stills, drawn by this project from seed {seed}; they test the chapter's claims and are "
            "no set of the paper"
        ),
        licence=LICENCE,
    )


def _make(out: Path, which: str, seed: int, sizes: dict[str, int]) -> None:
    people = sizes["people"]
    pieces = [range(first, min(people, first + _TOGETHER)) for first in range(0, people, _TOGETHER)]
    made = processes().map(partial(_record, out, which, seed, sizes), pieces)
    (out / INDEX).write_text(json.dumps([video for piece in made for video in piece]), encoding="utf-8")


def _record(out: Path, which: str, seed: int, sizes: dict[str, int], people: Sequence[int]) -> list[dict[str, Any]]:
    return [video for person in people for source in range(sizes["sources"] + 1)
            for video in _of_source(out, which, seed, sizes, person, source)]  # fmt: skip


def _of_source(
    out: Path, which: str, seed: int, sizes: dict[str, int], person: int, source: int
) -> list[dict[str, Any]]:
    """The entries of a person's source: a film of its videos, and a still of the first and of the additional source."""
    new, length = source == sizes["sources"], sizes["length"]
    asks = ("elsewhere" if new else "here" if source == 0 else "") in _asking(which, person)
    starts = [] if new else [video * (length + _PAUSE) for video in range(sizes["videos"])]
    if not starts and not asks:
        return []
    n = starts[-1] + length + _PAUSE * asks if starts else 1
    shot = frames_with_boxes(seed, which, _who(which, person, source), source, n, (WIDTH, HEIGHT))
    here = int(which == "b" and source % 2 == 1 and person % 2 == 1)  # the person is on the right, behind the other
    about: dict[str, Any] = {"person": person, "source": source}
    made = []
    if starts:
        film = f"person_{person:03d}_{source}.mp4"
        crf = cast.RATES[(person + source) % len(cast.RATES)]
        with recording(out / film, WIDTH, HEIGHT, Fraction(_FPS), crf) as write:
            for place, start in enumerate(starts):
                for i in range(length):
                    write(shot[start + i].picture, (place * length + i) / _FPS)
                boxes = [_box(frame, here) for frame in shot[start : start + length]]
                made.append(about | {"film": film, "first": place * length, "n": length, "boxes": boxes})
    if asks:
        still = f"person_{person:03d}_{source}.png"
        images.write(out / still, shot[-1].picture)
        made.append(about | {"still": still, "boxes": [_box(shot[-1], here)]})
    return made


def _asking(which: str, person: int) -> tuple[str, ...]:
    """The kinds of a person's stills: "here" has its source in the database, "elsewhere" has not; B has only one."""
    both = "here", "elsewhere"
    return both if which == "a" else (both[person % 2],)


def _who(which: str, person: int, source: int) -> list[int]:
    """The people of a source, from left to right; in B, every second source shows another person too."""
    if which != "b" or source % 2 == 0:
        return [person]
    other = _PASSER_BY + person
    return [other, person] if person % 2 else [person, other]


def _box(frame: FaceFrame, place: int) -> list[float]:
    return [round(float(value), 2) for value in frame.boxes[place]]
