"""All neighbours at the minimum distance, as a list of ids for each query in compressed rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays
from vretlib.errors import UserError


@dataclass(frozen=True, eq=False)
class Nearest:
    """The nearest neighbours of each query, ties included.

    With binary codes, several database vectors are often equally near. In Algorithm 2 of the thesis (section 5.1.3) all
    of them are neighbours, and all of them vote.

    Parameters
    ----------
    distances: (nq,) the minimum distance of each query: int32 bits for codes, float32 for vectors.
    offsets: (nq + 1,) int64: the neighbours of query ``i`` are ``ids[offsets[i]:offsets[i + 1]]``.
    ids: (M,) int64 rows of the database, ascending within a query.

    Examples
    --------
    >>> nearest = Nearest.of_pairs(np.array([3, 0], np.int32), np.array([1, 0, 1]), np.array([9, 4, 2]))
    >>> nearest[1].tolist()
    [2, 9]
    """

    distances: NDArray[np.int32] | NDArray[np.float32]
    offsets: NDArray[np.int64]
    ids: NDArray[np.int64]

    def __post_init__(self) -> None:
        """Convert to arrays and check that the offsets fit the ids."""
        ids = arrays.ids(self.ids, "ids", minimum=-1)
        offsets = arrays.offsets(self.offsets, "offsets", len(ids))
        distances = arrays.scores(self.distances, "distances", 1)
        if len(offsets) != len(distances) + 1:
            raise UserError(f"{len(distances)} distances, {len(offsets)} offsets; expected one offset more")
        for name, value in (("distances", distances), ("offsets", offsets), ("ids", ids)):
            object.__setattr__(self, name, value)

    @classmethod
    def of_pairs(cls, distances: NDArray, queries: ArrayLike, ids: ArrayLike) -> "Nearest":
        """The neighbours of pairs (query, id) in any order."""
        distances = arrays.scores(distances, "distances", 1)
        queries, ids = arrays.ids(queries, "queries", below=len(distances)), arrays.ids(ids, "ids", minimum=-1)
        arrays.same_length(queries=queries, ids=ids)
        order = np.lexsort((ids, queries))
        counts = np.bincount(queries, minlength=len(distances))
        return cls(distances, _offsets(counts), ids[order].astype(np.int64))

    @classmethod
    def join(cls, parts: Sequence["Nearest"]) -> "Nearest":
        """The answers to consecutive batches of queries, joined.

        Raises
        ------
        UserError: there are no parts.
        """
        if not len(parts):
            raise UserError("no parts to join; expected the answers to at least one batch of queries")
        counts = np.concatenate([part.counts for part in parts])
        distances = np.concatenate([part.distances for part in parts])
        return cls(distances, _offsets(counts), np.concatenate([part.ids for part in parts]))

    def __len__(self) -> int:
        """Number of queries."""
        return len(self.distances)

    def __getitem__(self, query: int) -> NDArray[np.int64]:
        """Ids of one query's neighbours.

        Raises
        ------
        UserError: another thing than a number, such as a slice.
        """
        if not isinstance(query, int | np.integer):
            raise UserError(f"query is {type(query).__name__}; expected its number: `part` answers for several queries")
        query = range(len(self))[query]
        return self.ids[self.offsets[query] : self.offsets[query + 1]]

    def part(self, start: int, stop: int) -> "Nearest":
        """The answers to the queries from ``start`` to ``stop``, such as those of one image."""
        stop = arrays.whole(stop, "stop", 0, len(self), "the number of queries at most")
        start = arrays.whole(start, "start", 0, stop)
        offsets = self.offsets[start : stop + 1]
        return Nearest(self.distances[start:stop], offsets - offsets[0], self.ids[offsets[0] : offsets[-1]])

    @property
    def counts(self) -> NDArray[np.int64]:
        """(nq,) number of neighbours of each query."""
        return np.diff(self.offsets)

    @property
    def queries(self) -> NDArray[np.int64]:
        """(M,) the query that each entry of ``ids`` belongs to."""
        return np.repeat(np.arange(len(self)), self.counts)


def _offsets(counts: NDArray[np.integer]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
