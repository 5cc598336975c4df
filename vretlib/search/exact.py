"""Exact nearest neighbours of real vectors, by cosine, inner product or Euclidean distance.

Float32 products of blocks of the database with all queries say which vectors can be among the k nearest; these are
ordered by scores in double precision. So equal vectors have equal scores, and the answer depends neither on the number
of threads nor on that of the queries asked together. Another processor may add in another order: its sums differ by
some 10⁻¹³ of their terms' magnitude, which rarely changes the last bit of a score.
"""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.parallel import map_slices
from vretlib.search._products import METRICS, as_float32, one_blas_thread, pair_scores, products_and_squares

VectorMetric = Literal["cosine", "euclidean", "inner_product"]
F32 = NDArray[np.float32]

_FEW = 16  # queries for which one pass over the database is faster than a matrix product
_ROWS = 8192  # of the database at a time, for few queries
_PRODUCTS = 1 << 20  # at a time, for many queries: 4 MiB
_SMALLEST, _LARGEST = 1e-12, 1e12  # norms; outside, float32 products may under- or overflow and the bound fails


class _Pairs(NamedTuple):
    """Pairs of a query and a database vector: their numbers, int64 (n,) each, and their scores."""

    which: NDArray[np.int64]
    ids: NDArray[np.int64]
    scores: F32


def knn(xq: ArrayLike, xb: ArrayLike, k: int, metric: VectorMetric = "cosine") -> tuple[F32, NDArray[np.int64]]:
    """The ``k`` nearest vectors of each query.

    Parameters
    ----------
    xq, xb: (nq, d) queries, possibly none, and (nb, d) database, real, compared as float32. Another dtype, or a file
        mapped to memory, is read block by block.
    k: number of neighbours, 1 to nb.
    metric: thesis section 2.2.1. A zero vector has cosine 0 with everything.

    Returns
    -------
    scores, ids
        (nq, k) float32, larger is nearer (the *negative* Euclidean distance), and (nq, k) int64 rows of ``xb``. Nearest
        first; of equal scores the smaller id. Tensors where ``xq`` is one.

    Raises
    ------
    UserError: an empty database, other shapes, different dimensions, a ``k`` outside 1 to nb, an unknown metric, NaN or
        infinity, or a score beyond float32.

    Examples
    --------
    >>> scores, ids = knn([[1.0, 0.0]], [[0.0, 2.0], [3.0, 4.0], [5.0, 0.0]], k=2)
    >>> ids.tolist(), scores.tolist()
    ([[2, 1]], [[1.0, 0.6000000238418579]])
    """
    arrays.choice(metric, "metric", METRICS)
    database = arrays.matrix(xb, "xb", dtype=None)  # looked at block by block, as it is read
    queries = arrays.matrix(xq, "xq", d=database.shape[1], like="xb")
    k = arrays.whole(k, "k", 1, len(database), "the number of database vectors at most")
    with one_blas_thread():
        parts = map_slices(lambda part: _search(queries, database, part, k, metric), len(database), at_least=1024)
    best = _best(parts, k)
    return arrays.like(xq, best.scores.reshape(-1, k)), arrays.like(xq, best.ids.reshape(-1, k))


def _search(queries: F32, database: NDArray, part: slice, k: int, metric: VectorMetric) -> _Pairs:
    """The k best pairs of each query with the rows of a part of the database, all of them if it has fewer."""
    n = len(queries)
    norms = np.linalg.norm(queries.astype(np.float64), axis=1)
    slack = 2 * (queries.shape[1] + 16) * 2.0**-24  # the bound of the products and norms, and a few roundings
    errors = np.where((norms > _SMALLEST) & (norms < _LARGEST), slack * norms, np.inf).astype(np.float32)
    limits = np.full(n, -np.inf, np.float32)  # what a value must reach
    none = np.empty(0, np.int64)
    best, waiting, room = _Pairs(none, none, np.empty(0, np.float32)), [], 4 * n * k
    rows = _ROWS if n <= _FEW else max(64, _PRODUCTS // n)
    for start in range(part.start, part.stop, rows):
        block = as_float32(database[start : min(start + rows, part.stop)])
        with np.errstate(all="ignore"):
            values, margins = _values(queries, block, errors, slack, metric)
            if start == part.start and len(block) > k:
                limits = np.partition(np.fmax(values - margins, -np.inf).T, -k, axis=1)[:, -k]
            found = np.flatnonzero(~(values < limits - margins))  # what is NaN may be among the nearest
        row, which = np.divmod(found, n)
        waiting.append((which, start + row))
        if start + rows >= part.stop or sum(len(ids) for _, ids in waiting) > room:
            which, ids = (np.concatenate(column) for column in zip(*waiting, strict=True))
            best, waiting = _best([best, _scored(queries, which, database, ids, metric)], k), []
            counts, worst = np.bincount(best.which, minlength=n), np.full(n, -np.inf)
            worst[counts == k] = best.scores[np.cumsum(counts)[counts == k] - 1]
            with np.errstate(all="ignore"):
                reached = {
                    "cosine": worst * norms,
                    "euclidean": ((1 - slack) * norms**2 - worst**2) / 2,
                    "inner_product": worst,
                }
                limits = np.fmax(limits, reached[metric].astype(np.float32))
    return best


def _values(queries: F32, block: F32, errors: F32, slack: float, metric: VectorMetric) -> tuple[F32, F32]:
    """Float32 numbers in the order of a query's scores, (rows, nq), and by how much they may be wrong.

    They are q·x / |x| for the cosine, q·x − |x|²/2 for the Euclidean distance and q·x for the inner product. NaN where
    |x| is so small or large that nothing is known. ``errors``: (nq,), ``slack`` |q|. Vectors whose scores are equal as
    float32 are not told apart either: beside a long query, short vectors are all equally far.
    """
    squares, values = np.empty(len(block), np.float32), np.empty((len(block), len(queries)), np.float32)
    if 0 < len(queries) <= _FEW:
        products_and_squares(queries, block, values, squares)
    else:
        np.matmul(block, queries.T, out=values)
        np.vecdot(block, block, out=squares)
    squares = squares[:, None]
    norms = np.sqrt(squares)
    norms[~((norms > _SMALLEST) & (norms < _LARGEST))] = np.nan
    if metric == "cosine":
        return np.divide(values, norms, out=values), errors
    if metric == "inner_product":
        return values, errors * norms
    rounded = np.float32(2.0**-23) * (errors / np.float32(slack)) ** 2
    return np.subtract(values, squares / 2, out=values), errors * norms + np.float32(slack / 2) * squares + rounded


def _scored(queries: F32, which: NDArray, database: NDArray, ids: NDArray, metric: VectorMetric) -> _Pairs:
    scores = pair_scores(queries, which, database, ids, METRICS.index(metric))
    finite = np.isfinite(scores)
    if not finite.all():
        row = ids[~finite].min()
        raise UserError(f"xb, row {row}: NaN or infinity, or a score beyond float32; compute that row again")
    return _Pairs(which, ids, scores)


def _best(parts: list[_Pairs], k: int) -> _Pairs:
    """The k best pairs of each query: sorted by query, then by score, then by id."""
    which, ids, scores = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((ids, -scores, which))
    which = which[order]
    kept = np.arange(len(which)) - np.searchsorted(which, which) < k
    return _Pairs(which[kept], ids[order[kept]], scores[order[kept]])
