"""What a clip collection is: videos to search, images to search with, and which videos each of them should find.

Ids are positions in `ClipCollection.clips`; every array of descriptors, scores and rankings uses the same ids.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vretlib.datasets import query_list
from vretlib.datasets.query_list import Corners

Ids = NDArray[np.int64]


@dataclass(frozen=True)
class Clip:
    """A video of a collection.

    Attributes
    ----------
    name: what queries and tables call it.
    path: the video file.
    truth: JSON with the true cuts and dissolves of an embedded clip; None for other videos.
    """

    name: str
    path: Path
    truth: Path | None = None


@dataclass(frozen=True)
class Moment:
    """Where a query's content is seen: id of the clip, and seconds from its start."""

    clip: int
    start: float
    end: float


@dataclass(frozen=True, eq=False)
class ClipQuery:
    """An image, and the clips that it should find.

    Attributes
    ----------
    name: unique in its collection.
    kind: "SI2V" (a clean still related to the video, as in Stanford I2V) or "VB" (a camera on a screen, as in the Video
        Bookmarking set); other collections may have kinds of their own.
    path: the image.
    relevant: ids of clips, ascending, at least one.
    moments: where in them, if that is known.
    level: how hard it is, as the list of photographs says; may be empty.
    corners: where the video's picture lies in the image, four (x, y) in pixels; None where it is not known.
    listed: the image as it was listed, where ``path`` is what was made of it.
    """

    name: str
    kind: str
    path: Path
    relevant: Ids
    moments: tuple[Moment, ...] = ()
    level: str = ""
    corners: Corners | None = None
    listed: Path | None = None

    @property
    def file(self) -> Path:
        """The image that the user knows."""
        return self.listed or self.path


@dataclass(frozen=True)
class ClipCollection:
    """Clips and queries.

    Attributes
    ----------
    own: whether these are videos of a user's own. They stand in no published collection's place: no table sets their
        numbers under its name.
    """

    name: str
    clips: tuple[Clip, ...]
    queries: tuple[ClipQuery, ...]
    description: str
    licence: str
    own: bool = False

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
    """A collection to search, and clips of other films to learn from (empty where there are none)."""

    evaluation: ClipCollection
    training: tuple[Clip, ...]
    description: str
