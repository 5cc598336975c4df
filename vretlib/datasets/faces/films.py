"""Whole frames of face videos, and stills with which their people are searched for (paper 000).

A still is the query, the frames of all videos are the database, and a frame is relevant if its video shows the still's
person. The paper does not define relevance; `FaceFilms.same_source` separates frames that were recorded together with
the still from all others, so that both can be evaluated.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from vretlib import cache, files, images
from vretlib.datasets import text_files
from vretlib.datasets.faces import crops, drawn_films, own, youtube_faces, ytc
from vretlib.datasets.faces.film_collection import F32, N_FRAMES, NO_BOX, FaceFilms, Pictures
from vretlib.datasets.faces.lost import VideoRead, damage
from vretlib.datasets.faces.tracks import FaceTrack, Reading, TrackList, WholeFrame, divided, log_left_out
from vretlib.errors import UserError
from vretlib.images import Box
from vretlib.parallel import threaded_map

SOURCES = ("embedded", "ytc", "youtube_faces", "folder")


def load(
    dataset: str, *, root: str | Path = "", seed: int = 0, split: str | Path = "", boxes: str | Path = "",
    n_frames: int = N_FRAMES, **sizes: int,
) -> tuple[FaceFilms, ...]:  # fmt: skip
    """The collections of a source: the two drawn ones, or the one of a real source.

    Parameters
    ----------
    dataset: one of `SOURCES`; the layouts are those of `vretlib.datasets.faces.source`.
    root: the collection's folder; must be empty with ``"embedded"``.
    seed: the seed of the drawing, or of the division into videos to search in and videos whose middle frame is a query.
    split: a file that divides the videos, see `tracks.Reading`; not with ``"embedded"``.
    boxes: the list of boxes of first frames for ``"ytc"``, unless it is beside the clips; for ``"folder"`` a CSV with
        the columns image, x1, y1, x2 and y2, images relative to ``root``, without which the face may be anywhere.
    n_frames: the number of frames taken of each video, at most.
    sizes: numbers for `drawn_films.drawn`, the same for both collections; other sources do not use them.

    Raises
    ------
    UserError: another ``dataset``, a parameter that it does not use, an empty ``root``, or the errors of the reader.
    """
    if dataset not in SOURCES:
        raise UserError(f"dataset={dataset!r} is not known; expected one of {', '.join(map(repr, SOURCES))}")
    if dataset == "embedded":
        if given := str(root) or str(split) or str(boxes):
            raise UserError(f"{given}: the embedded films are drawn; leave data_root, split and boxes empty")
        first, second = (drawn_films.drawn(which, seed, n_frames=n_frames, **sizes) for which in ("a", "b"))
        return first, second
    if not str(root):
        raise UserError(f"data_root is empty; with dataset={dataset!r} it must be the collection's folder")
    if str(boxes) and dataset == "youtube_faces":
        raise UserError(f"boxes={str(boxes)!r}; YouTube Faces has lists of boxes in its folder; leave it empty")
    how = Reading(split=split, seed=seed, most=n_frames)
    if dataset == "ytc":
        return (of_tracks(ytc.tracks(root, boxes), how),)
    if dataset == "youtube_faces":
        return (of_tracks(youtube_faces.tracks(root), how),)
    return (of_tracks(own.tracks(root), how, _listed(files.given(boxes), files.given(root)) if str(boxes) else {}),)


def of_tracks(listed: TrackList, how: Reading, known: dict[Path, Box] | None = None) -> FaceFilms:
    """The collection of some tracks: training videos are the database, the middle frames of test videos the queries.

    Parameters
    ----------
    known: boxes by path with links resolved, for tracks that have none.

    Raises
    ------
    UserError: the errors of `tracks.divided` or of `FaceFilms`, tracks of which only crops are distributed, or no test
        video whose person a training video shows.
    """
    if any(track.whole is None for track in listed.tracks):
        raise UserError(f"{listed.name}: holds crops of faces only; expected whole frames")
    parts, apart = divided(listed, how)
    used = [track for track in listed.tracks if track.video in parts]
    read = list(threaded_map(lambda track: _read(track, how.most), used))
    searched: list[tuple[FaceTrack, Sequence[WholeFrame]]] = []
    asking: list[tuple[FaceTrack, WholeFrame]] = []
    states: list[VideoRead] = []
    for track, (found, bad) in zip(used, read, strict=True):
        states.append(VideoRead(track.person, track.video, parts[track.video], len(found), bad))
        if found and parts[track.video] == "train":
            searched.append((track, found))
        elif found:
            asking.append((track, found[len(found) // 2]))
    names = tuple(dict.fromkeys(track.person for track, _ in searched))
    lost = [*damage(states), *apart]
    lost += [f"{track.video} (no other video of {track.person})" for track, _ in asking if track.person not in names]
    asking = [(track, frame) for track, frame in asking if track.person in names]
    log_left_out(listed.name, lost)
    if not asking:
        raise UserError(
            f"{listed.name}: no video can ask: nobody has two that can be read, one to search and one to ask with; add "
            "videos, or give a split"
        )
    sources = {source: i for i, source in enumerate(dict.fromkeys(track.source for track, _ in searched))}
    frames = [frame for _, found in searched for frame in found]
    known = known or {}
    return FaceFilms(
        listed.name,
        Pictures([picture for picture, _ in frames]),
        _boxes(frames, known),
        np.repeat(np.arange(len(searched)), [len(found) for _, found in searched]).astype(np.int64),
        np.array([names.index(track.person) for track, _ in searched], np.int64),
        np.array([sources[track.source] for track, _ in searched], np.int64),
        Pictures([picture for _, (picture, _) in asking]),
        _boxes([frame for _, frame in asking], known),
        np.array([names.index(track.person) for track, _ in asking], np.int64),
        np.array([sources.get(track.source, -1) for track, _ in asking], np.int64),
        names,
        tuple(lost),
        f"{listed.name}, {len(names)} people, {len(searched):,} videos ({len(frames):,} frames) and {len(asking):,} "
        "stills of other videos",
        listed.licence,
    )


def _read(track: FaceTrack, most: int) -> tuple[Sequence[WholeFrame], list[crops.Unreadable]]:
    """The frames of a track as paths: those of a film are kept in the cache, so that they do not fill the memory."""
    found, lost = track.whole(most) if track.whole else ([], [])
    decoded = [picture for picture, _ in found if isinstance(picture, np.ndarray)]
    if not decoded:
        return found, lost
    content = hashlib.sha256(b"".join(picture.tobytes() for picture in decoded)).hexdigest()

    def build(out: Path) -> None:
        for number, picture in enumerate(decoded):
            images.write(out / f"{number:05d}.png", picture)

    key = {"shapes": [picture.shape for picture in decoded], "sha256": content}
    kept = sorted(cache.stage("film_frames", key, build, label=track.video, level=logging.DEBUG).glob("*.png"))
    return [(path, box) for path, (_, box) in zip(kept, found, strict=True)], lost


def _boxes(frames: Sequence[WholeFrame], known: dict[Path, Box]) -> F32:
    """The boxes of some frames (n, 4)."""
    found = [box or (known.get(_real(picture)) if isinstance(picture, Path) else None) or NO_BOX
             for picture, box in frames]  # fmt: skip
    return np.array(found, np.float32).reshape(-1, 4)


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _listed(path: Path, root: Path) -> dict[Path, Box]:
    """The box of each picture that the user's list names, by path with links resolved."""
    problems = text_files.Problems(path, "row")
    found: dict[Path, Box] = {}
    frames = {_real(picture) for pictures in own.pictures(root).videos.values() for picture in pictures}
    for row in text_files.rows(path, ["image", "x1", "y1", "x2", "y2"]):
        with problems.at(row.line):
            try:
                x1, y1, x2, y2 = (float(row[name]) for name in ("x1", "y1", "x2", "y2"))
            except ValueError:
                raise UserError(f"{row['image']}: its box is no four numbers, x1, y1, x2 and y2") from None
            picture = _real(files.named(root, row["image"]))
            if not files.is_file(picture):
                raise UserError(f"{row['image']!r}: no such file in {root}")
            if picture not in frames:
                raise UserError(f"{row['image']!r}: is no frame in person/video/ of {root}; remove the row")
            crops.square(images.read(picture), (x1, y1, x2, y2), 8)  # checks the box
            if found.setdefault(picture, (x1, y1, x2, y2)) != (x1, y1, x2, y2):
                raise UserError(f"{row['image']}: an earlier row gives it another box; expected one box for each")
    problems.check()
    return found
