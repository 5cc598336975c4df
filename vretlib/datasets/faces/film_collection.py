"""A collection of face films: frames of videos, and stills that are the queries for their people (paper 000)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import overload

import numpy as np
from numpy.typing import NDArray

from vretlib import images
from vretlib.datasets.faces.collection import left_out_text
from vretlib.errors import UserError
from vretlib.images import Pixels

F32 = NDArray[np.float32]
Ids = NDArray[np.int64]

NO_BOX = (np.nan,) * 4
"""A box that is not known."""

N_FRAMES = 2
"""Frames that are taken of a video: the first, the last and evenly spread ones between; the paper gives no number."""


class Pictures(Sequence[Pixels]):
    """RGB pictures of any sizes; those that are given as paths are read, and as functions made, at each access."""

    def __init__(self, given: Sequence[Path | Pixels | Callable[[], Pixels]]) -> None:
        self._given = tuple(given)

    @overload
    def __getitem__(self, index: int) -> Pixels: ...
    @overload
    def __getitem__(self, index: slice) -> Pictures: ...
    def __getitem__(self, index: int | slice) -> Pixels | Pictures:
        if isinstance(index, slice):
            return Pictures(self._given[index])
        one = self._given[index]
        if isinstance(one, np.ndarray):
            return one
        return images.read(one) if isinstance(one, Path) else one()

    def __len__(self) -> int:
        return len(self._given)

    def __iter__(self) -> Iterator[Pixels]:
        return (self[i] for i in range(len(self)))


@dataclass(frozen=True, eq=False)
class FaceFilms:
    """A collection: frames of videos, which are the database, and stills, which are the queries.

    Attributes
    ----------
    name: the name of the collection, for headings.
    frames: n frames of all videos, in time order within a video.
    boxes: float32 (n, 4), x1 y1 x2 y2 of the face in each frame, in pixels; NaN where it is not known.
    video: int64 (n,), the video of each frame, ascending from 0.
    persons, sources: int64 (n_videos,), the person that each video shows, and the recording that it was cut from.
    stills: nq pictures, the queries.
    still_boxes: float32 (nq, 4), as ``boxes``.
    still_persons, still_sources: int64 (nq,); a source of -1 has no video in the database.
    names: the names of the people.
    left_out: what was missing or unreadable, each with its reason.
    description, licence: texts for readers about the content.

    Raises
    ------
    UserError: no frame or no still, lengths that differ, ``video`` out of range or not ascending, or a still whose
        person no video shows.
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
        """Bool (nq, n): whether a frame's video shows the person of a still."""
        return self.still_persons[:, None] == self.persons[self.video]

    @property
    def same_source(self) -> NDArray[np.bool_]:
        """Bool (nq, n): whether a frame was recorded together with a still."""
        return self.still_sources[:, None] == self.sources[self.video]

    @property
    def left_out_text(self) -> str:
        """What is left out, as a text, see `vretlib.datasets.faces.collection.left_out_text`."""
        return left_out_text(self.left_out)
