"""Search in two steps: many short vectors choose candidates, few long ones decide (paper 002, section 3.3).

The coarse step finds the m key frames whose *index* is nearest to the query's; the fine step orders these by the
distance of their *descriptors* and returns the n nearest. Both distances are Euclidean. A key frame that the coarse
step misses is not found; with m equal to the size of the database the result is that of exact search.

The paper gives neither m nor n. The coarse step reads all of the index, so m costs little as long as the m descriptors
of the fine step are small beside the index.

From a sample of 4,096 rows, the coarse step estimates a limit a little above the distance of the m-th nearest row. It
multiplies blocks of the index with all queries and lists the rows that may be nearer than this limit. A list that is
full is cut to its m nearest rows, which lowers the limit; a query whose limit was too low is searched again. Every row
is compared, so the sample changes only the speed and not the result. Memory holds the index a second time, a block of
products and, for each query, m + 8,192 rows, whatever the size of the database.

Products alone are not exact. |x|²/2 − q·x, by which rows can be compared, is the difference of large numbers where
vectors lie close together and far from the origin, and float32 loses all of its digits. So the mean row is made the
origin and the largest norm the unit, and the products say only which rows *may* be among the m nearest: they are wrong
by at most e (|q|² + |x|²)/2, with e a little more than d 2⁻²⁴ (Higham, *Accuracy and Stability of Numerical
Algorithms*, 2002, eq 3.5). The listed rows are ordered by distances that are summed term by term in double precision
and rounded to float32, as in the fine step: the candidates are those of `vretlib.search.exact.knn`.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.kernels import njit
from vretlib.parallel import map_slices
from vretlib.search._popcount import use_wide_vectors
from vretlib.search._products import EUCLIDEAN, one_blas_thread, pair_scores

F32 = NDArray[np.float32]
Ids = NDArray[np.int64]
Found = tuple[F32, Ids]

_PRODUCTS = 1 << 18  # at a time, per thread: 1 MiB
_ROWS = 8192  # of the index at a time, at most
_SAMPLE = 4096  # rows
_TOGETHER = 64  # products looked at before any of them is written down
_QUERIES = 256  # at a time: bounds the lists of candidates
_TINY, _ROUNDED = 1e-35, 2.0**-22  # above what underflows, and above two roundings to float32


@dataclass(frozen=True, eq=False)
class CoarseToFine:
    """A database of n vectors that is searched in two steps. It keeps both arrays without a copy.

    Attributes
    ----------
    index: float32 (nb, di), the short vectors, in memory.
    descriptors: float32 (nb, d), the long ones; may be mapped from disk, since only candidates are read.
    """

    index: F32
    descriptors: F32

    def __post_init__(self) -> None:
        """Check both arrays."""
        object.__setattr__(self, "index", arrays.matrix(self.index, "index"))
        descriptors = arrays.matrix(self.descriptors, "descriptors", dtype=None)
        if descriptors.dtype != np.float32:
            raise UserError(
                f"descriptors are {descriptors.dtype} of shape {descriptors.shape}; expected float32 (n, d)"
            )
        if len(self.index) != len(descriptors) or not len(self.index):
            raise UserError(
                f"{len(self.index)} rows of the index for {len(descriptors)} descriptors; expected as many, and some"
            )
        object.__setattr__(self, "descriptors", descriptors)

    @property
    def nbytes(self) -> int:
        """Bytes of both vectors of all rows."""
        return int(self.index.nbytes + self.descriptors.nbytes)

    @cached_property
    def _centred(self) -> "_Centred":
        return _Centred.of(self.index)

    def candidates(self, xq_index: ArrayLike, m: int) -> Ids:
        """Rows of the ``m`` nearest indices of each query, int64 (nq, m), *ascending by row*, not by distance.

        Smaller rows are taken among indices as far as the m-th nearest. ``m`` is limited to the size of the database. A
        tensor where ``xq_index`` is one.
        """
        queries = arrays.matrix(xq_index, "xq_index", d=self.index.shape[1], like="the index")
        m = min(arrays.whole(m, "m", 1, what="candidates"), len(self.index))
        if m == len(self.index):
            return arrays.like(xq_index, np.tile(np.arange(m), (len(queries), 1)))
        found = np.empty((len(queries), m), np.int64)
        for start in range(0, len(queries), _QUERIES):
            found[start : start + _QUERIES] = self._coarse(queries[start : start + _QUERIES], m)
        return arrays.like(xq_index, found)

    def search(self, xq_index: ArrayLike, xq: ArrayLike, n: int, m: int) -> Found:
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
        queries = arrays.matrix(xq, "xq", d=self.descriptors.shape[1], like="the descriptors")
        xq_index = arrays.matrix(xq_index, "xq_index", d=self.index.shape[1], like="the index", n=len(queries))
        m = min(arrays.whole(m, "m", 1, what="candidates"), len(self.index))
        n = arrays.whole(n, "n", 1, m, f"results of {m} candidates in {len(self.index)} rows")
        ids = self.candidates(xq_index, m)
        parts = map_slices(lambda part: _distances(queries[part], self.descriptors, ids[part]), len(ids))
        costs = np.concatenate(parts)
        _check_distances(costs, ids, "descriptors")
        best = np.argsort(costs, axis=1, kind="stable")[:, :n]  # ids ascend: of equal costs the smaller comes first
        nearest = 0 - np.take_along_axis(costs, best, axis=1), np.take_along_axis(ids, best, axis=1)
        return arrays.like(xq, nearest[0]), arrays.like(xq, nearest[1])

    def _coarse(self, queries: F32, m: int) -> Ids:
        asked = self._centred.asked(queries)
        with one_blas_thread():
            limits = asked.near(self._centred, m)
            lists = self._below(queries, asked, limits, m)
            short = [q for q, (ids, farthest) in enumerate(lists) if len(ids) < m or not farthest < limits[q]]
            if short:  # the limit was too low; the cost of the m-th nearest of those found is not
                found = np.array([lists[q][1] if len(lists[q][0]) == m else np.inf for q in short], np.float32)
                again = self._below(queries[short], asked.part(short), found, m)
                for q, answer in zip(short, again, strict=True):
                    lists[q] = answer
        return np.stack([ids for ids, _ in lists]) if lists else np.empty((0, m), np.int64)

    def _below(self, queries: F32, asked: "_Asked", limits: F32, m: int) -> list[tuple[Ids, float]]:
        """The m nearest rows below each query's limit, ascending, or all if there are fewer; the largest cost."""
        parts = map_slices(lambda rows: self._best(rows, queries, asked, limits, m), len(self.index), at_least=_ROWS)
        lists = [np.concatenate(of_query) for of_query in zip(*parts, strict=True)]
        return [self._nearest(queries, asked, q, ids, m) for q, ids in enumerate(lists)]

    def _best(self, part: slice, queries: F32, asked: "_Asked", limits: F32, m: int) -> list[Ids]:
        """The rows of a part of the index that may be below each query's limit, ascending.

        They contain all of the m nearest, and possibly others.
        """
        x, half = self._centred.x[part], self._centred.half[part]
        step = min(_ROWS, max(_TOGETHER, _PRODUCTS // max(len(queries), 1)))
        ids = np.empty((len(queries), m + _ROWS), np.int64)
        counts, worst = np.zeros(len(queries), np.int64), limits + asked.slack
        for start in range(0, len(x), step):
            products = asked.x @ x[start : start + step].T
            _append(products, half[start : start + step], part.start + start, worst, ids, counts)
            for q in np.flatnonzero(counts > ids.shape[1] - step):
                kept, farthest = self._nearest(queries, asked, int(q), ids[q, : counts[q]], m)
                ids[q, : len(kept)], counts[q] = kept, len(kept)
                worst[q] = min(worst[q], farthest + asked.slack[q])
        return [row[:count] for row, count in zip(ids, counts, strict=True)]

    def _nearest(self, queries: F32, asked: "_Asked", q: int, ids: Ids, m: int) -> tuple[Ids, float]:
        """The m nearest of some rows, in their order, the first of equals; and the largest cost."""
        costs = _distances(queries[q : q + 1], self.index, ids[None])
        _check_distances(costs, ids, "index")
        kept, farthest = _kept(costs[0], ids, m)
        return kept, asked.cost(q, farthest)


@dataclass(frozen=True, eq=False)
class _Centred:
    """An index with its mean row as the origin and its largest norm as the unit.

    ``half`` is (1 − e) |x|²/2, with which the cost of a row is never overestimated; ``sample`` are rows at equal steps.
    """

    origin: NDArray[np.float64]
    unit: float
    x: F32
    half: F32
    e: float
    sample: Ids

    @classmethod
    def of(cls, index: F32) -> "_Centred":
        """The centred form of an index (nb, di)."""
        origin = index.mean(axis=0, dtype=np.float64)
        x = np.empty_like(index)
        squares = np.empty(len(index))
        for rows in _blocks(len(index)):
            squares[rows] = ((index[rows] - origin) ** 2).sum(axis=1)
        unit = float(np.sqrt(squares.max())) or 1.0
        for rows in _blocks(len(index)):
            x[rows] = (index[rows] - origin) / unit
        e = 1.5 * (index.shape[1] + 16) * 2.0**-24
        sample = np.linspace(0, len(index) - 1, min(_SAMPLE, len(index))).astype(np.int64)
        return cls(origin, unit, x, ((1 - e) * squares / unit**2 / 2).astype(np.float32), e, sample)

    def asked(self, queries: F32) -> "_Asked":
        """Queries (nq, di) in the centred form; NaN where a query is too far away for float32."""
        with np.errstate(over="ignore"):  # where float32 overflows, every row may be among the nearest
            x = (queries - self.origin) / self.unit
            squares = (x**2).sum(axis=1)
            slack = (self.e * squares / 2 + _TINY).astype(np.float32)
            centred = np.where(squares[:, None] < 1e60, x, np.nan).astype(np.float32)
            return _Asked(centred, squares, slack, self.unit)


@dataclass(frozen=True, eq=False)
class _Asked:
    """Queries relative to the centred index; the cost of a row is (|q − x|² − |q|²)/2, and ``slack`` is e |q|²/2."""

    x: F32
    squares: NDArray[np.float64]
    slack: F32
    unit: float

    def part(self, some: list[int]) -> "_Asked":
        """Some of the queries, by number."""
        return _Asked(self.x[some], self.squares[some], self.slack[some], self.unit)

    def near(self, index: _Centred, m: int) -> F32:
        """A limit; slightly more than m rows are expected to have a cost below it."""
        rank = 2 * m * len(index.sample) // len(index.x) + 8
        if rank >= len(index.sample):
            return np.full(len(self.x), np.inf, np.float32)
        with np.errstate(over="ignore", invalid="ignore"):
            costs = np.subtract(index.half[index.sample], self.x @ index.x[index.sample].T)
            limits = np.partition(costs, rank, axis=1)[:, rank]
        return np.where(np.isfinite(limits), limits, np.inf).astype(np.float32)

    def cost(self, q: int, distance: float) -> float:
        """The cost of a row at a distance that was rounded to float32, rounded up."""
        square = (1 + _ROUNDED) * (distance / self.unit) ** 2
        return float((square - (1 - 2 * _ROUNDED) * self.squares[q]) / 2)


def _kept(costs: F32, ids: Ids, m: int) -> tuple[Ids, float]:
    """The ids with the m smallest costs, of equal ones the first, in their order; and the largest of these costs."""
    if len(ids) <= m:
        return ids, float(costs.max(initial=0))
    limit = np.partition(costs, m - 1)[m - 1]
    keep = costs < limit
    keep[np.flatnonzero(costs == limit)[: m - np.count_nonzero(keep)]] = True
    return ids[keep], float(limit)


def _check_distances(distances: F32, ids: Ids, name: str) -> None:
    if not arrays.all_finite(distances):
        row = int(np.broadcast_to(ids, distances.shape)[~np.isfinite(distances)][0])
        raise UserError(f"{name}, row {row}: NaN or infinity, or a distance beyond float32; describe that frame again")


@njit(cache=True, nogil=True)
def _append(products, half, first, worst, ids, counts):  # type: ignore[no-untyped-def]
    """List the rows that may be below each query's limit; a list has room for a whole block.

    A row whose product is NaN is listed.
    """
    use_wide_vectors()
    for query in range(products.shape[0]):
        row, limit, count = products[query], worst[query], counts[query]
        for start in range(0, row.size, _TOGETHER):
            part, of_part = row[start : start + _TOGETHER], half[start : start + _TOGETHER]
            candidates = 0
            for i in range(part.size):  # no branches: several at once
                candidates += not of_part[i] - part[i] >= limit
            if candidates == 0:
                continue
            for i in range(part.size):
                if not of_part[i] - part[i] >= limit:
                    ids[query, count] = first + start + i
                    count += 1
        counts[query] = count


def _distances(queries: F32, descriptors: F32, ids: Ids) -> F32:
    """Euclidean distances of each query to its rows, (nq, m), summed in double precision."""
    which = np.repeat(np.arange(len(ids)), ids.shape[1])
    return 0 - pair_scores(queries, which, descriptors, ids.ravel(), EUCLIDEAN).reshape(ids.shape)


def _blocks(n: int) -> list[slice]:
    return [slice(start, start + _ROWS) for start in range(0, n, _ROWS)]
