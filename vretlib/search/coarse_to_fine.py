"""Search in two steps: many short vectors choose candidates, few long ones decide (paper 002, section 3.3).

The coarse step finds the m key frames whose *index* is nearest to the query's; the fine step orders these by the
distance of their *descriptors* and returns the n nearest. Both distances are Euclidean. What the coarse step misses is
lost: with m equal to the size of the database the result is that of exact search.

The paper gives neither m nor n. The coarse step reads all of the index, so m costs little until the fine step's m
descriptors weigh as much as that.

How it goes: a sample of 4,096 rows of the index tells at what distance the m-th nearest lies, roughly and rather too
far. Blocks of the index are multiplied with all queries, and what is nearer than that is written down. A list that gets
full is cut to its m best, which lowers its limit; a query whose limit was too low after all is asked once more without.
So every row is seen, and the sample decides how fast, not what is found. Memory holds a block of products and, for each
query, m + 8,192 places, whatever the size of the database. Coarse distances are float32, so that of two indices that
differ in the last bits either may come first; fine ones are summed in double precision.
"""

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray
from threadpoolctl import ThreadpoolController

from vretlib.errors import UserError
from vretlib.parallel import map_slices
from vretlib.search.popcount import use_wide_vectors

F32 = NDArray[np.float32]
Ids = NDArray[np.int64]
Answer = tuple[F32, Ids]

_PRODUCTS = 1 << 18  # at a time, per thread: 1 MiB
_ROWS = 8192  # of the index at a time, at most
_SAMPLE = 4096  # rows
_TOGETHER = 64  # products looked at before any of them is written down
_QUERIES = 256  # at a time: bounds the lists of candidates
_ANY_ORDER = {"reassoc", "contract", "nsz"}  # of a sum


@dataclass(frozen=True, eq=False)
class CoarseToFine:
    """A database of n vectors that is searched in two steps.

    Attributes
    ----------
    index: float32 (nb, di), the short vectors, in memory.
    descriptors: float32 (nb, d), the long ones; may be mapped from disk, since only candidates are read.
    """

    index: F32
    descriptors: F32

    def __post_init__(self) -> None:
        """Refuse what cannot be searched."""
        object.__setattr__(self, "index", _checked(self.index, "index"))
        if self.descriptors.ndim != 2 or self.descriptors.dtype != np.float32:
            raise UserError(
                f"descriptors are {self.descriptors.dtype} of shape {self.descriptors.shape}; expected float32 (n, d)"
            )
        if len(self.index) != len(self.descriptors) or not len(self.index):
            raise UserError(
                f"{len(self.index)} rows of the index for {len(self.descriptors)} descriptors; expected as many, "
                "at least one"
            )

    @property
    def nbytes(self) -> int:
        """Bytes of both vectors of all rows."""
        return int(self.index.nbytes + self.descriptors.nbytes)

    @cached_property
    def _half_squares(self) -> F32:
        """|x|² / 2 of the index, (nb,): the coarse order is that of |x|² / 2 − q·x."""
        return np.concatenate([(block.astype(np.float64) ** 2).sum(1) / 2 for block in _blocks(self.index)]).astype(
            "f4"
        )

    @cached_property
    def _sample(self) -> tuple[F32, F32]:
        """Rows of the index at equal steps, and their half squares."""
        rows = np.linspace(0, len(self.index) - 1, min(_SAMPLE, len(self.index))).astype(np.int64)
        return self.index[rows], self._half_squares[rows]

    def candidates(self, xq_index: ArrayLike, m: int) -> Ids:
        """Rows of the ``m`` nearest indices of each query, int64 (nq, m), *ascending by row*, not by distance.

        Of indices at the same distance as the m-th nearest, those with smaller rows are taken. ``m`` is limited to the
        size of the database.
        """
        queries = _checked(xq_index, "xq_index")
        if queries.shape[1] != self.index.shape[1]:
            raise UserError(f"xq_index has {queries.shape[1]} dimensions, the index {self.index.shape[1]}")
        if m < 1:
            raise UserError(f"m={m} candidates: expected at least 1")
        m = min(m, len(self.index))
        if m == len(self.index):
            return np.tile(np.arange(m), (len(queries), 1))
        found = np.empty((len(queries), m), np.int64)
        for start in range(0, len(queries), _QUERIES):
            found[start : start + _QUERIES] = self._coarse(queries[start : start + _QUERIES], m)
        return found

    def search(self, xq_index: ArrayLike, xq: ArrayLike, n: int, m: int) -> Answer:
        """The ``n`` nearest of ``m`` candidates.

        Parameters
        ----------
        xq_index, xq: (nq, di) and (nq, d), indices and descriptors of the same queries, possibly none.
        n: results, 1 to m.
        m: candidates of the coarse step; more than the database has means all of it.

        Returns
        -------
        scores, ids: (nq, n) float32, the *negative* distances of descriptors, and int64 rows, nearest first; of equal
            ones the smaller row. As `vretlib.search.exact.knn` gives them.

        Raises
        ------
        UserError: other shapes, different dimensions, NaN or infinity, or n and m out of range.
        """
        queries = _checked(xq, "xq")
        if queries.shape[1] != self.descriptors.shape[1] or len(queries) != len(np.asarray(xq_index)):
            raise UserError(
                f"xq of shape {queries.shape}, xq_index of shape {np.shape(xq_index)}: expected the same queries, with "
                f"{self.descriptors.shape[1]} and {self.index.shape[1]} dimensions"
            )
        if not 1 <= n <= min(m, len(self.index)):
            raise UserError(f"n={n} results of m={m} candidates in {len(self.index)} rows: expected 1 to the least")
        ids = self.candidates(xq_index, m)
        costs = np.empty(ids.shape, np.float32)
        map_slices(lambda part: _distances(queries[part], self.descriptors, ids[part], costs[part]), len(ids))
        if not np.isfinite(costs).all():
            bad = int(ids.flat[np.flatnonzero(~np.isfinite(costs))[0]])
            raise UserError(f"descriptors, row {bad}: NaN or infinity; describe that frame again")
        best = np.argsort(costs, axis=1, kind="stable")[:, :n]  # ids ascend: of equal costs the smaller comes first
        return 0 - np.take_along_axis(costs, best, axis=1), np.take_along_axis(ids, best, axis=1)

    def _coarse(self, queries: F32, m: int) -> Ids:
        with _blas().limit(limits=1):  # the threads share the database, so a product gets only one
            lists = self._below(queries, self._limits(queries, m), m)
            short = [q for q, ids in enumerate(lists) if len(ids) < m]
            again = self._below(queries[short], np.full(len(short), np.inf, np.float32), m) if short else []
        for q, ids in zip(short, again, strict=True):
            lists[q] = ids
        return np.stack(lists) if lists else np.empty((0, m), np.int64)

    def _limits(self, queries: F32, m: int) -> F32:
        """A cost that a little more than m rows are expected to be below."""
        sample, half = self._sample
        rank = 2 * m * len(sample) // len(self.index) + 8
        if rank >= len(sample):
            return np.full(len(queries), np.inf, np.float32)
        costs = np.subtract(half, queries @ sample.T)
        return np.asarray(np.partition(costs, rank, axis=1)[:, rank])

    def _below(self, queries: F32, limits: F32, m: int) -> list[Ids]:
        """Of each query the m best rows below its limit, ascending; fewer where there are fewer."""
        half = self._half_squares
        parts = map_slices(
            lambda part: _best(queries, self.index[part], half[part], part.start, limits, m),
            len(self.index),
            at_least=_ROWS,
        )
        lists = (zip(*of_query, strict=True) for of_query in zip(*parts, strict=True))
        return [_kept(np.concatenate(values), np.concatenate(rows), m)[1] for values, rows in lists]


def _best(queries: F32, index: F32, half: F32, first: int, limits: F32, m: int) -> list[tuple[F32, Ids]]:
    """Of each query what is below its limit in a part of the index that starts at row ``first``, ascending by row.

    All of the m best, and possibly others.
    """
    rows = min(_ROWS, max(_TOGETHER, _PRODUCTS // max(len(queries), 1)))
    values = np.empty((len(queries), m + _ROWS), np.float32)
    ids = np.empty(values.shape, np.int64)
    counts, worst = np.zeros(len(queries), np.int64), limits.copy()
    for start in range(0, len(index), rows):
        products = queries @ index[start : start + rows].T
        _append(products, half[start : start + rows], first + start, worst, values, ids, counts)
        for q in np.flatnonzero(counts > values.shape[1] - rows):
            kept, kept_ids = _kept(values[q, : counts[q]], ids[q, : counts[q]], m)
            values[q, :m], ids[q, :m], counts[q], worst[q] = kept, kept_ids, m, kept.max()
    return [(values[q, :count], ids[q, :count]) for q, count in enumerate(counts)]


def _kept(values: F32, ids: Ids, m: int) -> tuple[F32, Ids]:
    """The m least values, of equal ones those that come first, in the order in which they come."""
    if len(values) <= m:
        return values, ids
    limit = np.partition(values, m - 1)[m - 1]
    keep = values < limit
    keep[np.flatnonzero(values == limit)[: m - np.count_nonzero(keep)]] = True
    return values[keep], ids[keep]


@njit(cache=True, nogil=True)
def _append(products, half, first, worst, values, ids, counts):  # type: ignore[no-untyped-def]
    """Write down what is below each query's m-th best so far; there is room for a whole block."""
    use_wide_vectors()
    for query in range(products.shape[0]):
        row, limit, count = products[query], worst[query], counts[query]
        for start in range(0, row.size, _TOGETHER):
            part, of_part = row[start : start + _TOGETHER], half[start : start + _TOGETHER]
            candidates = 0
            for i in range(part.size):  # no branches: several at once
                candidates += of_part[i] - part[i] < limit
            if candidates == 0:
                continue
            for i in range(part.size):
                value = of_part[i] - part[i]
                if value < limit:
                    values[query, count], ids[query, count] = value, first + start + i
                    count += 1
        counts[query] = count


@njit(cache=True, nogil=True, fastmath=_ANY_ORDER)
def _distances(queries, descriptors, ids, costs):  # type: ignore[no-untyped-def]
    """Euclidean distances of each query to its candidates, summed in double precision."""
    use_wide_vectors()
    for query in range(ids.shape[0]):
        q = queries[query]
        for place in range(ids.shape[1]):
            x = descriptors[ids[query, place]]
            total = 0.0
            for i in range(q.size):
                difference = np.float64(q[i]) - np.float64(x[i])
                total += difference * difference
            costs[query, place] = np.sqrt(total)


def _blocks(x: F32) -> list[F32]:
    return [x[start : start + _ROWS] for start in range(0, len(x), _ROWS)] or [x]


def _checked(x: ArrayLike, name: str) -> F32:
    """Finite float32 rows, whole in memory."""
    array = np.asarray(x)
    if array.ndim != 2 or array.shape[1] == 0 or array.dtype.kind not in "fiub":
        raise UserError(f"{name} is {array.dtype} of shape {array.shape}; expected real vectors (n, d)")
    rows = np.ascontiguousarray(array, np.float32)
    finite = np.concatenate([np.isfinite(block).all(axis=1) for block in _blocks(rows)])
    if not finite.all():
        raise UserError(f"{name}, row {int(finite.argmin())}: NaN or infinity; describe that image again")
    return rows


@cache
def _blas() -> ThreadpoolController:
    """Looking for the libraries takes longer than a small search."""
    return ThreadpoolController().select(user_api="blas")
