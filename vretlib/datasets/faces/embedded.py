"""The drawn faces: two sets and a group of other people, kept in the cache as H.264 films of many tracks each."""

from __future__ import annotations

import json
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np

from embedded.faces import cast
from vretlib import arrays, cache
from vretlib.datasets.clips.recording import recorded, recording
from vretlib.datasets.faces.collection import SIDE, FaceSet, FaceVideos
from vretlib.errors import UserError
from vretlib.parallel import threaded_map
from vretlib.processes import processes

LICENCE = "MIT, as this project"
INDEX = "tracks.json"
"""File beside the films: for each track its person, video, film, first frame and number of frames."""

SIZES = {
    "a": {"people": 24, "train": 20, "test": 8, "shortest": 8, "longest": 16},
    "b": {"people": 60, "train": 8, "test": 3, "shortest": 8, "longest": 16},
}
"""Usual numbers: of people, of each person's videos in training and test, and of the frames of a video."""

_FPS = 25


def embedded(which: Literal["a", "b"], seed: int = 0, **sizes: int) -> FaceSet:
    """A drawn set: ``"a"`` with fewer people and easier views, ``"b"`` with more people and harder ones.

    Parameters
    ----------
    seed: the seed of all people and videos. A person's videos do not depend on how many other people there are.
    sizes: numbers that replace those of `SIZES`, by the same names.

    Raises
    ------
    UserError: an unknown set or size, a number below 1 (people: 2), ``shortest`` above ``longest``, or a negative
        seed.
    """
    if which not in SIZES:
        raise UserError(f"which={which!r} is not known; expected one of {', '.join(map(repr, SIZES))}")
    if unknown := sorted(set(sizes) - set(SIZES[which])):
        raise UserError(f"{unknown[0]}={sizes[unknown[0]]!r} is not known; expected {', '.join(SIZES[which])}")
    chosen = SIZES[which] | sizes
    arrays.wholes(2, people=chosen["people"])
    arrays.wholes(1, **{name: chosen[name] for name in ("train", "test", "shortest", "longest")})
    n = chosen["train"] + chosen["test"]
    videos = _videos(which, seed, chosen["people"], n, (chosen["shortest"], chosen["longest"]))
    in_training = np.arange(len(videos)) % n < chosen["train"]
    name = f"Drawn faces {which.upper()}"
    people = chosen["people"]
    return FaceSet(
        name,
        _part(videos, np.flatnonzero(in_training)),
        _part(videos, np.flatnonzero(~in_training)),
        description=(
            f"{name}: {people} people with {chosen['train']} videos to learn from and {chosen['test']} to ask with, "
            f"drawn by this project from seed {seed}; they test the chapter's claims and are neither YTC nor UMDFaces"
        ),
        licence=LICENCE,
    )


def development(seed: int = 0, *, people: int = 300, videos: int = 5, frames: int = 4) -> FaceVideos:
    """Videos of people who are in neither set, to train a face network on; each has the same number of frames.

    Raises
    ------
    UserError: a number below 1 (people: 2), or a negative seed.
    """
    arrays.wholes(2, people=people)
    arrays.wholes(1, videos=videos, frames=frames)
    return _videos("development", seed, people, videos, (frames, frames))


def _videos(group: str, seed: int, people: int, videos: int, n: tuple[int, int]) -> FaceVideos:
    """All videos of a group, person by person."""
    arrays.whole(seed, "seed", 0)
    if n[0] > n[1]:
        raise UserError(f"shortest={n[0]}, longest={n[1]}; expected no more frames at least than at most")
    key = {"group": group, "seed": seed, "people": people, "videos": videos, "frames": n}
    folder = cache.stage("faces", key, lambda out: _make(out, group, seed, people, videos, n))
    tracks: list[dict[str, Any]] = json.loads((folder / INDEX).read_text(encoding="utf-8"))
    films = sorted({track["film"] for track in tracks})
    pictures = dict(zip(films, threaded_map(lambda film: np.stack(recorded(folder / film)), films), strict=True))
    return FaceVideos(
        tuple(pictures[track["film"]][track["first"] : track["first"] + track["n"]] for track in tracks),
        np.repeat(np.arange(people), videos).astype(np.int64),
        tuple(f"person_{track['person']:03d}/video_{track['video']:02d}" for track in tracks),
        tuple(f"person_{person:03d}" for person in range(people)),
    )


def _make(out: Path, group: str, seed: int, people: int, videos: int, n: tuple[int, int]) -> None:
    made = processes().map(partial(_films, out, group, seed, videos, n), range(people))
    tracks = [track for of_person in made for track in of_person]
    (out / INDEX).write_text(json.dumps(tracks), encoding="utf-8")


def _films(out: Path, group: str, seed: int, videos: int, n: tuple[int, int], person: int) -> list[dict[str, Any]]:
    """The videos of one person, in one film for each quality, and where each of them is."""
    drawn = [cast.appearance(seed, group, person, video, n) for video in range(videos)]
    tracks = {}
    for quality, crf in enumerate(cast.RATES):
        mine = [video for video, (_, rate) in enumerate(drawn) if rate == quality]
        if not mine:
            continue
        film, first = f"person_{person:03d}_{crf}.mp4", 0
        with recording(out / film, SIDE, SIDE, Fraction(_FPS), crf) as write:
            for video in mine:
                crops = drawn[video][0]
                tracks[video] = {"person": person, "video": video, "film": film, "first": first, "n": len(crops)}
                for number, crop in enumerate(crops, first):
                    write(crop, number / _FPS)
                first += len(crops)
    return [tracks[video] for video in range(videos)]


def _part(videos: FaceVideos, chosen: np.ndarray) -> FaceVideos:
    return FaceVideos(
        tuple(videos.frames[i] for i in chosen),
        videos.persons[chosen],
        tuple(videos.videos[i] for i in chosen),
        videos.names,
    )
