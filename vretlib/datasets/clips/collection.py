"""Clip collections: videos to search, query images, and the videos that are relevant to each query.

Ids are positions in `ClipCollection.clips`; every array of descriptors, scores and rankings uses the same ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vretlib.datasets import query_list
from vretlib.datasets.query_cells import ListedCorners

Ids = NDArray[np.int64]


@dataclass(frozen=True)
class Clip:
    """A video of a collection.

    Attributes
    ----------
    name: name in queries and tables.
    path: the video file.
    truth: JSON with the true cuts and dissolves of an embedded clip; None for other videos.
    """

    name: str
    path: Path
    truth: Path | None = None


@dataclass(frozen=True)
class Moment:
    """A part of a clip that shows a query's content: id of the clip, and seconds from its start."""

    clip: int
    start: float
    end: float


@dataclass(frozen=True, eq=False)
class ClipQuery:
    """A query image, and the clips that are relevant to it.

    Attributes
    ----------
    name: unique name in its collection.
    kind: "SI2V" (a clean still related to the video, as in Stanford I2V) or "VB" (a photograph of a screen, as in the
        Video Bookmarking set); other collections may have other kinds.
    path: the image.
    relevant: int64 ids of clips, ascending, at least one.
    moments: the parts of clips that show the query's content, if they are known.
    level: difficulty, as the list of photographs states it; may be empty.
    corners: corners of the video's picture in the image, four (x, y) in pixels; None where they are not known.
    listed: the image as it was listed, where ``path`` was made from it.
    """

    name: str
    kind: str
    path: Path
    relevant: Ids
    moments: tuple[Moment, ...] = ()
    level: str = ""
    corners: ListedCorners | None = None
    listed: Path | None = None

    @property
    def file(self) -> Path:
        """The image as the user listed it."""
        return self.listed or self.path


@dataclass(frozen=True)
class ClipCollection:
    """Clips and queries.

    Attributes
    ----------
    own: true for a user's own videos, whose results are not compared with those of a published collection.
    names: the names of the kinds of queries in tables, for a drawn collection; a published one has its printed names.
    """

    name: str
    clips: tuple[Clip, ...]
    queries: tuple[ClipQuery, ...]
    description: str
    licence: str
    own: bool = False
    names: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of queries, in the order in which they first appear."""
        return tuple(dict.fromkeys(query.kind for query in self.queries))

    @property
    def levels(self) -> tuple[str, ...]:
        """Levels of queries that have one: easy, medium, hard, then other words."""
        return query_list.levels(query.level for query in self.queries if query.level)

    def of_kind(self, kind: str) -> tuple[ClipQuery, ...]:
        """The queries of one kind."""
        return tuple(query for query in self.queries if query.kind == kind)


@dataclass(frozen=True)
class ClipStudy:
    """A collection to search, and training clips of other films (empty where there are none)."""

    evaluation: ClipCollection
    training: tuple[Clip, ...]
    description: str
