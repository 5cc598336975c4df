"""Exact nearest neighbours of real vectors, by cosine, inner product or Euclidean distance.

Every score that is returned is summed in double precision, by the same instructions for every vector, and rounded to
float32. So equal vectors have equal scores, and the answer depends neither on the number of threads nor on that of the
queries asked together. Another processor may add in another order: its sums differ by some 10⁻¹³ of their terms'
magnitude, which only now and then moves the last bit of a score.

How it goes: few vectors get that sum. Float32 products of a block of the database with all queries come first: one pass
as fast as memory delivers it for a few queries, a matrix product for many. Such a product of q and x, summed in
whatever order, is wrong by at most γ|q||x| with γ = d u / (1 − d u) and u = 2⁻²⁴ (Higham, *Accuracy and Stability of
Numerical Algorithms*, 2002, eq 3.5). What by this bound cannot be among the k best found so far, and after a few blocks
that is nearly everything, is done with.
"""

from functools import cache
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from threadpoolctl import ThreadpoolController

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.kernels import njit
from vretlib.parallel import map_slices
from vretlib.search._popcount import use_wide_vectors
from vretlib.search._rows import insert

Metric = Literal["cosine", "euclidean", "inner_product"]
Answer = tuple[NDArray[np.float32], NDArray[np.int64]]

_COSINE, _EUCLIDEAN = 0, 1  # places in Metric
_FEW = 16  # queries for which one pass over the database is faster than a matrix product
_ROWS = 8192  # of the database at a time, for few queries
_PRODUCTS = 1 << 20  # at a time, for many queries: 4 MiB
_ANY_ORDER = {"reassoc", "contract", "nsz"}  # of a sum
_SMALLEST, _LARGEST = 1e-12, 1e12  # norms; outside, float32 products may under- or overflow and the bound fails


def knn(xq: ArrayLike, xb: ArrayLike, k: int, metric: Metric = "cosine") -> Answer:
    """The ``k`` nearest vectors of each query.

    Parameters
    ----------
    xq, xb
        (nq, d) queries, possibly none, and (nb, d) database, real, compared as float32. Another dtype, or a file mapped
        to memory, is read block by block.
    k
        Number of neighbours, 1 to nb.
    metric
        Thesis section 2.2.1. A zero vector has cosine 0 with everything.

    Returns
    -------
    scores, ids
        (nq, k) float32, larger is nearer (the *negative* Euclidean distance), and (nq, k) int64 rows of ``xb``. Nearest
        first; of equal scores the smaller id.

    Raises
    ------
    UserError
        On an empty database, other shapes, different dimensions, a ``k`` outside 1 to nb, an unknown metric, NaN or
        infinity, or a score beyond float32.

    Examples
    --------
    >>> scores, ids = knn([[1.0, 0.0]], [[0.0, 2.0], [3.0, 4.0], [5.0, 0.0]], k=2)
    >>> ids.tolist(), scores.tolist()
    ([[2, 1]], [[1.0, 0.6000000238418579]])
    """
    arrays.choice(metric, "metric", get_args(Metric))
    database = arrays.matrix(xb, "xb", dtype=None)  # looked at block by block, as it is read
    queries = arrays.matrix(xq, "xq", d=database.shape[1], like="xb")
    k = arrays.whole(k, "k", 1, len(database), "the number of database vectors at most")
    which = get_args(Metric).index(metric)
    with _blas().limit(limits=1):  # the threads share the database, so a product gets only one
        parts = map_slices(
            lambda part: _search(queries, database[part], part.start, k, which), len(database), at_least=1024
        )
    costs, ids = (np.concatenate(column, axis=1) for column in zip(*parts, strict=True))
    best = np.lexsort((ids, costs), axis=1)[:, :k]
    return 0 - np.take_along_axis(costs, best, axis=1), np.take_along_axis(ids, best, axis=1)


def _search(queries: NDArray[np.float32], database: NDArray, first: int, k: int, metric: int) -> Answer:
    """Costs (scores with the other sign) and ids of the k best in a part of the database that starts at ``first``."""
    costs, ids = np.full((len(queries), k), np.inf, np.float32), np.full((len(queries), k), -1, np.int64)
    limits = _limits(queries)
    few = 0 < len(queries) <= _FEW
    rows = _ROWS if few else max(64, _PRODUCTS // max(len(queries), 1))
    for start in range(0, len(database), rows):
        block = _float32(database[start : start + rows])
        squares = np.empty(len(block), np.float32)
        if few:
            products = np.empty((len(block), len(queries)), np.float32)
            _products_and_squares(queries, block, products, squares)
        else:
            products = block @ queries.T
            _squares(block, squares)
        bad = _keep(queries, block, products, squares, first + start, metric, *limits, costs, ids)
        if bad >= 0:
            raise UserError(f"xb, row {bad}: NaN or infinity, or a score beyond float32; describe that image again")
    return costs, ids


@njit(cache=True, nogil=True, fastmath=_ANY_ORDER)
def _squares(block, squares):  # type: ignore[no-untyped-def]
    """Squared norm of every row, in float32."""
    use_wide_vectors()
    for row in range(block.shape[0]):
        x = block[row]
        square = np.float32(0)
        for i in range(x.size):
            square += x[i] * x[i]
        squares[row] = square


@njit(cache=True, nogil=True, fastmath=_ANY_ORDER)
def _products_and_squares(queries, block, products, squares):  # type: ignore[no-untyped-def]
    """Float32 products of every row with every query, at least one, and `_squares`, in one pass.

    One row of each half of the block at a time: memory delivers two streams faster than one.
    """
    use_wide_vectors()
    half, last = (block.shape[0] + 1) // 2, block.shape[0] - 1
    first = queries[0]
    for row in range(half):
        other = min(row + half, last)
        x, y = block[row], block[other]
        x_product = y_product = x_square = y_square = np.float32(0)
        for i in range(first.size):
            x_product += first[i] * x[i]
            y_product += first[i] * y[i]
            x_square += x[i] * x[i]
            y_square += y[i] * y[i]
        products[row, 0], products[other, 0] = x_product, y_product
        squares[row], squares[other] = x_square, y_square
        for query in range(1, queries.shape[0]):
            q = queries[query]
            x_product = y_product = np.float32(0)
            for i in range(q.size):
                x_product += q[i] * x[i]
                y_product += q[i] * y[i]
            products[row, query], products[other, query] = x_product, y_product


@njit(cache=True, nogil=True)
def _keep(queries, block, products, squares, start, metric, norms, slack, costs, ids):  # type: ignore[no-untyped-def]
    """Put the rows that are among the k best so far into ``costs`` and ``ids``.

    Returns the first row whose score is not finite, or -1. A row cannot be among the k best of a query if

        product + a · |x| + b · |x|² < t

    with numbers of `_line` that allow for the errors of ``products`` and ``squares`` (float32).
    """
    nq, last = queries.shape[0], costs.shape[1] - 1
    a, b, t = np.empty(nq), np.empty(nq), np.empty(nq)
    for query in range(nq):
        a[query], b[query], t[query] = _line(costs[query, last], metric, norms[query], slack[query])
    for row in range(block.shape[0]):
        square = np.float64(squares[row])
        norm = np.sqrt(square)
        candidates = 0
        if _SMALLEST < norm < _LARGEST:
            for query in range(nq):  # no branches: several at once
                candidates += not products[row, query] + a[query] * norm + b[query] * square < t[query]
            if candidates == 0:
                continue
        x = block[row]
        exact_norm = np.sqrt(_product(x, x)) if metric == _COSINE else 0.0
        for query in range(nq):
            if candidates == 0 or not products[row, query] + a[query] * norm + b[query] * square < t[query]:
                cost = np.float32(_cost(queries[query], x, norms[query] * exact_norm, metric))
                if not np.isfinite(cost):
                    return start + row
                if cost < costs[query, last]:
                    insert(costs[query], ids[query], cost, start + row)
                    a[query], b[query], t[query] = _line(costs[query, last], metric, norms[query], slack[query])
    return -1


@njit(cache=True, nogil=True)
def _line(worst, metric, norm, slack):  # type: ignore[no-untyped-def]
    """The numbers a, b, t of `_keep` for a query whose k-th best has this cost; ``slack`` is 3γ.

    γ|q||x| for the product, and the rest for the relative error γ of |x|², which is a sum of float32 products too.
    """
    worst = np.float64(worst)
    if metric == _COSINE:  # q·x > −worst |q||x|
        return (slack + worst) * norm, 0.0, 0.0
    if metric == _EUCLIDEAN:  # 2 q·x > |q|² + |x|² − worst²
        return slack * norm, (slack - 1) / 2, ((1 - slack) * norm * norm - worst * worst) / 2
    return slack * norm, 0.0, -worst


@njit(cache=True, nogil=True)
def _cost(q, x, norms, metric):  # type: ignore[no-untyped-def]
    """The score with the other sign, in double precision; not finite when ``x`` is not. ``norms``: |q| |x|."""
    if metric == _EUCLIDEAN:
        return np.sqrt(_squared_distance(q, x))
    if metric == _COSINE:
        return -_product(q, x) / norms if norms != 0 else 0.0
    return -_product(q, x)


@njit(cache=True, nogil=True, fastmath=_ANY_ORDER)
def _product(x, y):  # type: ignore[no-untyped-def]
    total = 0.0
    for i in range(x.size):
        total += np.float64(x[i]) * np.float64(y[i])
    return total


@njit(cache=True, nogil=True, fastmath=_ANY_ORDER)
def _squared_distance(x, y):  # type: ignore[no-untyped-def]
    total = 0.0
    for i in range(x.size):
        difference = np.float64(x[i]) - np.float64(y[i])
        total += difference * difference
    return total


def _limits(queries: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Norms of the queries and 3γ; infinity, which lets everything pass, where the bound does not hold."""
    norms = np.sqrt(np.array([_product(q, q) for q in queries], np.float64))
    errors = queries.shape[1] * 2.0**-24
    slack = 3 * errors / (1 - errors) if errors < 0.1 else np.inf
    return norms, np.where((norms > _SMALLEST) & (norms < _LARGEST), slack, np.inf)


@cache
def _blas() -> ThreadpoolController:
    """Looking for the libraries takes longer than a small search."""
    return ThreadpoolController().select(user_api="blas")


def _float32(x: NDArray) -> NDArray[np.float32]:
    with np.errstate(over="ignore"):  # what overflows becomes infinity, and is reported as that
        return np.ascontiguousarray(x, np.float32)
