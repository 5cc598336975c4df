"""Whole frames of face videos, and stills to find their people with (paper 000).

A still asks, the frames of all videos are the database, and a frame is right if its video shows the still's person.
The paper does not say what counts; `FaceFilms.same_source` tells frames that were recorded together with the still from
all others, so that both can be counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import overload

import numpy as np
from numpy.typing import NDArray

from vretlib import files, images
from vretlib.datasets import text_files
from vretlib.datasets.faces import crops, own, youtube_faces, ytc
from vretlib.datasets.faces.tracks import FaceTrack, Reading, TrackList, WholeFrame, divided, say
from vretlib.errors import UserError
from vretlib.images import Box, Pixels
from vretlib.parallel import n_threads

F32 = NDArray[np.float32]
Ids = NDArray[np.int64]

N_FRAMES = 2
"""Frames that are taken of a video: the first, the last and evenly spread ones between; the paper gives no number."""

SOURCES = ("embedded", "ytc", "youtube_faces", "folder")
NO_BOX = (np.nan,) * 4


class Pictures(Sequence[Pixels]):
    """Pictures, RGB, of any sizes; those that are given as paths are read whenever they are asked for."""

    def __init__(self, given: Sequence[Path | Pixels]) -> None:
        self._given = tuple(given)

    @overload
    def __getitem__(self, index: int) -> Pixels: ...
    @overload
    def __getitem__(self, index: slice) -> Pictures: ...
    def __getitem__(self, index: int | slice) -> Pixels | Pictures:
        if isinstance(index, slice):
            return Pictures(self._given[index])
        one = self._given[index]
        return images.read(one) if isinstance(one, Path) else one

    def __len__(self) -> int:
        return len(self._given)

    def __iter__(self) -> Iterator[Pixels]:
        return (self[i] for i in range(len(self)))


@dataclass(frozen=True, eq=False)
class FaceFilms:
    """A collection: frames of videos, and stills that ask for their people.

    Attributes
    ----------
    name: of the collection, for headings.
    frames: n frames of all videos, in time order within a video.
    boxes: float32 (n, 4), x1 y1 x2 y2 of the face in each frame, in pixels; NaN where it is not known.
    video: int64 (n,), the video of each frame, ascending from 0.
    persons, sources: int64 (n_videos,), whom each video shows, and the recording that it was cut from.
    stills: nq pictures that ask. still_boxes: float32 (nq, 4), as ``boxes``. still_persons, still_sources: int64 (nq,);
        a source of -1 has no video in the database.
    names: of the people.
    left_out: what was missing or unreadable, each with its reason.
    description, licence: of what it holds, for readers.

    Raises
    ------
    UserError: no frame or no still, lengths that differ, or a still whose person no video shows.
    """

    name: str
    frames: Pictures = field(repr=False)
    boxes: F32 = field(repr=False)
    video: Ids = field(repr=False)
    persons: Ids = field(repr=False)
    sources: Ids = field(repr=False)
    stills: Pictures = field(repr=False)
    still_boxes: F32 = field(repr=False)
    still_persons: Ids = field(repr=False)
    still_sources: Ids = field(repr=False)
    names: tuple[str, ...] = field(repr=False)
    left_out: tuple[str, ...] = field(default=(), repr=False)
    description: str = ""
    licence: str = ""

    def __post_init__(self) -> None:
        n, nq, videos = len(self.frames), len(self.stills), len(self.persons)
        if not n or not nq:
            raise UserError(f"{self.name}: {n} frames of videos and {nq} stills; expected at least one of each")
        shapes = {
            "boxes": (self.boxes.shape, (n, 4)),
            "video": (self.video.shape, (n,)),
            "sources": (self.sources.shape, (videos,)),
            "still_boxes": (self.still_boxes.shape, (nq, 4)),
            "still_persons": (self.still_persons.shape, (nq,)),
            "still_sources": (self.still_sources.shape, (nq,)),
        }
        for name, (shape, expected) in shapes.items():
            if shape != expected:
                raise UserError(f"{self.name}: {name} has shape {shape}; expected {expected}")
        if self.video.min() < 0 or self.video.max() >= videos or (np.diff(self.video) < 0).any():
            raise UserError(f"{self.name}: video must be ascending numbers of {videos} videos")
        if unknown := sorted(set(self.still_persons.tolist()) - set(self.persons[self.video].tolist())):
            who = ", ".join(self.names[i] for i in unknown[:3])
            raise UserError(f"{self.name}: no video shows {who}; expected a frame of each person that a still asks for")

    @property
    def relevant(self) -> NDArray[np.bool_]:
        """(nq, n): whether a frame's video shows the person of a still."""
        return self.still_persons[:, None] == self.persons[self.video]

    @property
    def same_source(self) -> NDArray[np.bool_]:
        """(nq, n): whether a frame was recorded together with a still."""
        return self.still_sources[:, None] == self.sources[self.video]


def load(
    dataset: str, *, root: str | Path = "", seed: int = 0, split: str | Path = "", boxes: str | Path = "",
    n_frames: int = N_FRAMES, **sizes: int,
) -> tuple[FaceFilms, ...]:  # fmt: skip
    """The collections of a source: the two drawn ones, or the one of a real source.

    Parameters
    ----------
    dataset: one of `SOURCES`; the layouts are those of `vretlib.datasets.faces.source`.
    root: the collection's folder; must be empty with ``"embedded"``.
    seed: of the drawing, or of the division into videos that are searched and videos whose middle frame asks.
    split: a file that divides the videos, see `tracks.Reading`; not with ``"embedded"``.
    boxes: the list of boxes of first frames for ``"ytc"``, unless it is beside the clips; for ``"folder"`` a CSV with
        the columns image, x1, y1, x2 and y2, images relative to ``root``, without which the face may be anywhere.
    n_frames: of each video at most.
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
        from vretlib.datasets.faces.drawn_films import drawn

        return drawn("a", seed, n_frames=n_frames, **sizes), drawn("b", seed, n_frames=n_frames, **sizes)
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
    """The collection of some tracks: training videos are searched, and the middle frame of each test video asks.

    Parameters
    ----------
    known: boxes by path, where the tracks have none.

    Raises
    ------
    UserError: the errors of `tracks.divided` or of `FaceFilms`, or tracks of which only crops are distributed.
    """
    if any(track.whole is None for track in listed.tracks):
        raise UserError(f"{listed.name}: holds crops of faces only; expected whole frames")
    parts, lost = divided(listed, how)
    used = [track for track in listed.tracks if track.video in parts]
    with ThreadPoolExecutor(n_threads()) as pool:
        read = list(pool.map(lambda track: track.whole(how.most) if track.whole else ((), []), used))
    searched: list[tuple[FaceTrack, Sequence[WholeFrame]]] = []
    asking: list[tuple[FaceTrack, WholeFrame]] = []
    for track, (found, bad) in zip(used, read, strict=True):
        lost += bad
        if not found:
            lost.append(f"{track.video} (no frame of it can be read)")
        elif parts[track.video] == "train":
            searched.append((track, found))
        else:
            asking.append((track, found[len(found) // 2]))
    names = tuple(dict.fromkeys(track.person for track, _ in searched))
    lost += [f"{track.video} (no other video of {track.person})" for track, _ in asking if track.person not in names]
    asking = [(track, frame) for track, frame in asking if track.person in names]
    say(listed.name, lost)
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


def _boxes(frames: Sequence[WholeFrame], known: dict[Path, Box]) -> F32:
    """The boxes of some frames (n, 4)."""
    found = [box or (known.get(picture) if isinstance(picture, Path) else None) or NO_BOX for picture, box in frames]
    return np.array(found, np.float32).reshape(-1, 4)


def _listed(path: Path, root: Path) -> dict[Path, Box]:
    """The boxes of a list of the reader's own."""
    problems = text_files.Problems(path, "row")
    found: dict[Path, Box] = {}
    for row in text_files.rows(path, ["image", "x1", "y1", "x2", "y2"]):
        with problems.at(row.line):
            try:
                x1, y1, x2, y2 = (float(row[name]) for name in ("x1", "y1", "x2", "y2"))
            except ValueError:
                raise UserError(f"{row['image']}: its box is no four numbers, x1, y1, x2 and y2") from None
            picture = root / row["image"]
            if not files.is_file(picture):
                raise UserError(f"{row['image']!r}: no such file in {root}")
            crops.square(images.read(picture), (x1, y1, x2, y2), 8)  # checks the box
            found[picture] = (x1, y1, x2, y2)
    problems.check()
    return found
