"""Collections of face videos as binary codes, and how well these find the person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vretlib.described.faces import F32, DescribedFaces
from vretlib.evaluation import hamming
from vretlib.models import parallel_trainings
from vretlib.models.hashing import hash_recipe
from vretlib.models.hashing.hasher import Hasher
from vretlib.search import packed_codes

Packed = NDArray[np.uint8]
F64 = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Codes:
    """What one method with one code length and one seed makes of a collection.

    ``database``, ``videos`` and ``stills`` are packed codes of training videos, test videos, and one frame of each test
    video.
    """

    faces: DescribedFaces = field(repr=False)
    hasher: Hasher = field(repr=False)
    database: Packed = field(repr=False)
    videos: Packed = field(repr=False)
    stills: Packed = field(repr=False)

    @property
    def frames(self) -> F32:
        """What the hasher reads of the frames of test videos: features, or maps after a second stage."""
        return hash_recipe.inputs(self.hasher, self.faces.test)

    def distances(self, queries: Packed) -> NDArray[np.unsignedinteger[Any]]:
        """Hamming distances (n_queries, n_database)."""
        return packed_codes.distances(queries, self.database)

    @cached_property
    def to_videos(self) -> F64:
        """Average precision of each query video, ties in database order."""
        return hamming.stable_average_precisions(self.distances(self.videos), self.faces.relevant)

    @cached_property
    def to_stills(self) -> F64:
        """Average precision of each query image."""
        return hamming.stable_average_precisions(self.distances(self.stills), self.faces.relevant)

    @cached_property
    def expected(self) -> F64:
        """Average precision of each query video, the mean over all orders of ties."""
        return hamming.expected_average_precisions(self.distances(self.videos), self.faces.relevant)


def hashed(faces: DescribedFaces, hashers: Sequence[Hasher]) -> list[Codes]:
    """What each hasher makes of a collection."""

    def codes(hasher: Hasher) -> Codes:
        return Codes(faces, hasher, *hash_recipe.codes(hasher, faces.train, faces.test))

    return list(parallel_trainings.in_threads(codes, hashers))
