"""Kernels of the searches among real vectors: float32 products for all pairs, double precision for the few that count.

A float32 product of q and x, summed in whatever order, is wrong by at most γ|q||x| with γ = d u / (1 − d u) and
u = 2⁻²⁴ (Higham, *Accuracy and Stability of Numerical Algorithms*, 2002, eq 3.5). So products say which pairs can be
among the nearest, and `pair_scores` orders those.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from vretlib.kernels import njit
from vretlib.search._popcount import use_wide_vectors

METRICS = ("cosine", "euclidean", "inner_product")
COSINE, EUCLIDEAN = 0, 1  # places in METRICS
_ANY_ORDER = {"reassoc", "contract", "nsz"}  # in which a sum may be computed
_PAIRS = 4096  # whose vectors are read and converted together


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Matrix products with one thread each, for threads that share a database."""
    with _blas().limit(limits=1):
        yield


@cache
def _blas() -> ThreadpoolController:
    """The controller of BLAS threads, which is kept because finding the libraries takes longer than a small search."""
    return ThreadpoolController().select(user_api="blas")


def as_float32(x: NDArray) -> NDArray[np.float32]:
    """``x`` as contiguous float32; what overflows becomes infinity, and `pair_scores` is then not finite."""
    with np.errstate(over="ignore"):
        return np.ascontiguousarray(x, np.float32)


def pair_scores(
    queries: NDArray[np.float32], which: NDArray[np.int64], database: NDArray, ids: NDArray[np.int64], metric: int
) -> NDArray[np.float32]:
    """(n,) scores of the pairs ``queries[which[i]]``, ``database[ids[i]]``, larger is nearer; see `exact.knn`.

    They are summed in double precision, by the same instructions for every pair, and rounded to float32.
    """
    scores = np.empty(len(ids), np.float32)
    if database.dtype == np.float32 and database.flags.c_contiguous:
        _pair_scores(queries, which, database, ids, metric, scores)
        return scores
    for start in range(0, len(ids), _PAIRS):
        rows = as_float32(database[ids[start : start + _PAIRS]])
        some = slice(start, start + len(rows))
        _pair_scores(queries, which[some], rows, np.arange(len(rows)), metric, scores[some])
    return scores


@njit(cache=True, nogil=True, fastmath=_ANY_ORDER)
def _pair_scores(queries, which, rows, ids, metric, scores):  # type: ignore[no-untyped-def]
    use_wide_vectors()
    for pair in range(which.size):
        q, x = queries[which[pair]], rows[ids[pair]]
        product = q_square = x_square = distance = 0.0
        for i in range(q.size):
            a, b = np.float64(q[i]), np.float64(x[i])
            product += a * b
            q_square += a * a
            x_square += b * b
            distance += (a - b) * (a - b)
        if metric == EUCLIDEAN:
            product = 0 - np.sqrt(distance)
        elif metric == COSINE:
            norms = np.sqrt(q_square) * np.sqrt(x_square)
            product = product / norms if norms != 0 else 0.0
        scores[pair] = product


@njit(cache=True, nogil=True, fastmath=_ANY_ORDER)
def products_and_squares(queries, block, products, squares):  # type: ignore[no-untyped-def]
    """The products of every row with every query (at least one), and the squared norm of each row, in one pass, as
    float32.

    For a few queries this is as fast as memory delivers the rows; a matrix product and a second look at the rows for
    their norms take twice that. One row of each half of the block is read at a time, because memory delivers two
    streams faster than one.
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
