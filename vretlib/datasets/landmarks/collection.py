"""Landmark collections: a database of images, queries with a box, and the relevant images of each query.

Ids are positions in `LandmarkCollection.images`; every array of descriptors, scores and rankings uses the same ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vretlib import images
from vretlib.errors import UserError
from vretlib.images import Box
from vretlib.models.labelled_images import LabelledImages

Ids = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class LandmarkQuery:
    """A view of a landmark, and the images of the database that show it.

    Attributes
    ----------
    name: name such as ``"all_souls_1"``.
    landmark: name of the landmark, which several queries may show.
    path: the query image. It may be an image of the database, see ``image``.
    box: the landmark in the query image; None means the whole image.
    image: id of the query image in the database, None where the database lacks it.
    good, ok, junk: int64 ids, ascending. Good and ok images are positives; junk images are ignored. In the revisited
        protocol good is *easy* and ok is *hard*.
    """

    name: str
    landmark: str
    path: Path
    box: Box | None
    image: int | None
    good: Ids
    ok: Ids
    junk: Ids

    @property
    def positives(self) -> Ids:
        """Good and ok together, ascending."""
        return np.union1d(self.good, self.ok)

    def kinds(self, n: int) -> NDArray[np.str_]:
        """What each of the n images of the database is: "good", "ok", "junk", "other", or "query" for the query's."""
        kind = np.full(n, "other", dtype="<U5")
        for name in ("good", "ok", "junk"):
            kind[getattr(self, name)] = name
        if self.image is not None:
            kind[self.image] = "query"
        return kind


@dataclass(frozen=True)
class LandmarkCollection:
    """A database of images and its queries.

    Attributes
    ----------
    boxes: (landmark, id of an image) -> box of the visible part of the landmark in that image, where it is known. Drawn
        collections have it for every image that shows one of their landmarks; published ones have none.
    """

    name: str
    images: tuple[Path, ...]
    queries: tuple[LandmarkQuery, ...]
    description: str
    licence: str
    boxes: Mapping[tuple[str, int], Box] = field(default_factory=dict, compare=False, repr=False)

    @property
    def first_queries(self) -> list[LandmarkQuery]:
        """The first query of each landmark, in order."""
        first: dict[str, LandmarkQuery] = {}
        for query in self.queries:
            first.setdefault(query.landmark, query)
        return list(first.values())

    @property
    def itself_counts(self) -> bool:
        """True if a query's own image is among its positives, as in the classic ground truth."""
        return any(query.image in query.positives for query in self.queries if query.image is not None)

    @property
    def protocol(self) -> str:
        """Description for captions of how `positives` and `junk` treat the query's own image."""
        if self.itself_counts:
            return "query image in the database, one of its own positives"
        return "query image left out of the ranking"

    def query_boxes(self) -> list[Box]:
        """The box of each query; the whole image where a query has none."""
        return [query.box or images.full_box(query.path) for query in self.queries]

    def positives(self, *, query_in_database: bool = True) -> list[Ids]:
        """The positives of each query.

        With ``query_in_database``, the query image is one of its own positives, as in the classic ground truth;
        without, it is not (it must then be ranked as junk, see `junk`).
        """
        return [q.positives if query_in_database else _without(q.positives, q.image) for q in self.queries]

    def junk(self, *, query_in_database: bool = True) -> list[Ids]:
        """The ignored images of each query, with the query image if it is no positive."""
        return [
            q.junk if query_in_database or q.image is None else np.union1d(q.junk, [q.image]).astype(np.int64)
            for q in self.queries
        ]


def _without(ids: Ids, image: int | None) -> Ids:
    return ids if image is None else ids[ids != image]


@dataclass(frozen=True, eq=False)
class LandmarkStudy:
    """Collections for evaluation, training images, and distractors, as chapter 3 needs them.

    The keys of ``evaluation`` are the names of the collections: in a real study the thesis' own, OX5K, PA6K and LA5K.
    ``stands_for`` has the names of drawn collections by the printed name that they stand for, such as
    ``{"OX5K": "Town A"}``. A real study may lack any collection, the training images (then ``training`` is None) or the
    distractors (then they are empty); pages say what could not be obtained.

    Studies that are ``own`` have the reader's images: their only collection has the name of its folder and is never
    compared with published numbers of another collection.
    """

    evaluation: Mapping[str, LandmarkCollection]
    training: LabelledImages | None
    distractors: tuple[Path, ...]
    description: str
    licence: str
    own: bool = False
    stands_for: Mapping[str, str] = field(default_factory=dict)

    def named(self, printed: str) -> str:
        """The name in this study of what the thesis calls ``printed``: the same name, unless another stands for it."""
        return self.stands_for.get(printed, printed)

    def collection(self, name: str = "") -> LandmarkCollection:
        """One of the study's collections; the first for an empty name.

        Raises
        ------
        UserError: the study has no such collection, or none of its queries has positives.
        """
        name = name or next(iter(self.evaluation))
        if name not in self.evaluation:
            known = ", ".join(self.evaluation)
            raise UserError(f'collection="{name}": this study has {known}; leave it empty for the first')
        found = self.evaluation[name]
        if not any(len(positives) for positives in found.positives()):
            raise UserError(f"{name}: none of {len(found.queries)} queries has positives; expected at least one")
        return found

    @property
    def subject(self) -> str:
        """Word for the groups of images: "landmark", or "class" in a study of the reader's own images."""
        return "class" if self.own else "landmark"

    @property
    def subjects(self) -> str:
        """The plural of `subject`."""
        return "classes" if self.own else "landmarks"
