"""A collection of face videos: the crops of faces in time order, and the person of each video."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vretlib import arrays
from vretlib.errors import UserError, short_list

Crops = NDArray[np.uint8]
"""The crops of one track, RGB (n, side, side, 3), in time order."""

SIDE = 64
"""Pixels of a crop's side, as in paper 001."""


def left_out_text(left_out: Sequence[str]) -> str:
    """What is left out, the first five by name: ``"left out: 30 .docx; a/v1 (no frame of it can be read)"``.

    An entry may stand for many files, so entries are never counted as files; ``"0 files left out"`` if there is none.
    """
    return f"left out: {short_list(left_out, '; ')}" if left_out else "0 files left out"


@dataclass(frozen=True)
class FaceVideos:
    """The videos of one split. A video is the track of one person's face.

    Attributes
    ----------
    frames: the crops of each video, uint8 (n, side, side, 3); all of one size, at least one for each video.
    persons: int64 (n_videos,), or a list of whole numbers, indices into ``names``.
    videos: the videos' names, unique.
    names: the persons' names, the same for both splits.

    Raises
    ------
    UserError: lengths that differ, crops of another shape or type, persons that are no whole numbers, a person without
        a name, a name that occurs twice.
    """

    frames: tuple[Crops, ...]
    persons: NDArray[np.int64]
    videos: tuple[str, ...]
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        n = len(self.frames)
        object.__setattr__(self, "persons", arrays.ids(self.persons, "persons"))
        if self.persons.shape != (n,) or len(self.videos) != n:
            raise UserError(
                f"{n} videos, {len(self.persons)} persons and {len(self.videos)} names of videos; "
                "expected a person and a name for each video"
            )
        if n and (self.persons.min() < 0 or self.persons.max() >= len(self.names)):
            raise UserError(f"persons={self.persons.min()} to {self.persons.max()}; there are {len(self.names)} names")
        if len(set(self.videos)) < n or len(set(self.names)) < len(self.names):
            raise UserError("two videos or two persons have the same name; expected names that differ")
        for name, crops in zip(self.videos, self.frames, strict=True):
            side = self.side
            if crops.dtype != np.uint8 or crops.ndim != 4 or not len(crops) or crops.shape[1:] != (side, side, 3):
                raise UserError(
                    f"{name}: crops of shape {crops.shape} and type {crops.dtype}; expected at least one of "
                    f"{side} x {side} x 3 and type uint8"
                )

    def __len__(self) -> int:
        return len(self.frames)

    @property
    def side(self) -> int:
        """Pixels of a crop's side; 0 without videos."""
        return self.frames[0].shape[1] if self.frames else 0

    @property
    def n_frames(self) -> NDArray[np.int64]:
        """The number of crops of each video, (n_videos,)."""
        return np.array([len(crops) for crops in self.frames], np.int64)

    def all_frames(self) -> tuple[Crops, NDArray[np.int64]]:
        """The crops of all videos, (n, side, side, 3), and the position of each one's video, (n,)."""
        none = np.empty((0, self.side, self.side, 3), np.uint8)
        return np.concatenate([none, *self.frames]), np.repeat(np.arange(len(self)), self.n_frames)


@dataclass(frozen=True)
class FaceSet:
    """A collection of face videos: a database, which is also the training set, and queries that show the same people.

    Attributes
    ----------
    name: the name of the collection, for headings.
    train: the database, which is also the training set.
    test: the queries, other videos of the same people.
    left_out: what was missing or unreadable, each with its reason, and then what was left out on purpose.
    description, licence: texts for readers about the content.

    Raises
    ------
    UserError: no training or no test video, one person only, test people who are not in training, or parts whose
        ``names`` differ.
    """

    name: str
    train: FaceVideos
    test: FaceVideos
    left_out: tuple[str, ...] = ()
    description: str = ""
    licence: str = ""

    def __post_init__(self) -> None:
        if self.train.names != self.test.names:
            raise UserError(f"{self.name}: training and test name their people differently; expected the same names")
        for part, videos in (("training", self.train), ("test", self.test)):
            if not len(videos):
                raise UserError(f"{self.name}: no {part} video; expected at least one")
        known = set(self.train.persons.tolist())
        if len(known) < 2:
            raise UserError(f"{self.name}: training videos of {len(known)} person; expected at least two people")
        if unknown := sorted(set(self.test.persons.tolist()) - known):
            some = ", ".join(self.test.names[i] for i in unknown[:5])
            raise UserError(
                f"{self.name}: training lacks {len(unknown)} of the people of the test videos: {some}; a query needs a "
                "video of its person in the database"
            )

    @property
    def left_out_text(self) -> str:
        """What is left out, as a text, see `left_out_text`."""
        return left_out_text(self.left_out)


def stills(videos: FaceVideos) -> Crops:
    """The middle frame of each video (the later of two), uint8 (n_videos, side, side, 3), for queries by image."""
    none = np.empty((0, videos.side, videos.side, 3), np.uint8)
    return np.concatenate([none, *(crops[len(crops) // 2 :][:1] for crops in videos.frames)])
