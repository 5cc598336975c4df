"""All squared Euclidean distances between two sets of vectors, without the usual formula's loss of digits.

The formula |x − y|² = |x|² − 2 x·y + |y|² needs one matrix product, but subtracts large numbers where vectors lie close
together and far from the origin: with a mean of 100 and a deviation of .001, float32 loses all digits. So whole
numbers, such as SIFT's 0 to 255, are multiplied in float32 where every sum is exact; all other vectors are multiplied
in double precision, relative to one of them.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

_EXACT = 2**24  # float32 holds every whole number below it
_ROWS_AT_ONCE = 1024


def squared_distances(a: NDArray, b: NDArray) -> NDArray[np.float32] | NDArray[np.float64]:
    """The squared distances, (n_a, n_b), of finite vectors (n_a, d) and (n_b, d), with n_b at least 1. No distance is
    negative.
    """
    a, b = comparable(a, b)
    squares = a @ b.T
    squares *= -2
    squares += np.einsum("nd,nd->n", b, b)
    squares += np.einsum("nd,nd->n", a, a)[:, None]
    return np.maximum(squares, 0, out=squares)


def nearest_of_groups(
    a: NDArray, b: NDArray, starts: NDArray[np.int64], origin: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The squared distances, (n_a, groups), to the nearest vector of each group of ``b``; groups begin at ``starts``.

    Where they are not exact, they are computed relative to ``origin``, a vector of ``b`` or near it.
    If x gets -|x|²/2 as one more dimension, and q gets 1, the nearest x has the largest product with q. A few groups
    are multiplied at a time, so that their products stay in the processor's cache.
    """
    exact = _exact_in_float32(a, b)
    dtype, origin = (np.float32, origin * 0) if exact else (np.float64, origin)
    a = np.asarray(a - origin, dtype)
    queries = np.column_stack([a, np.ones(len(a), dtype)])
    edges, n_d = np.append(starts, len(b)), b.shape[1]
    largest = np.empty((len(a), len(starts)), dtype)
    for first, last in _blocks(edges):
        rows = slice(edges[first], edges[last])
        longer: NDArray[Any] = np.empty((rows.stop - rows.start, n_d + 1), dtype)
        np.subtract(b[rows], origin, out=longer[:, :n_d], dtype=dtype, casting="unsafe")
        longer[:, n_d] = _squares(longer[:, :n_d]) / -2
        np.maximum.reduceat(queries @ longer.T, edges[first:last] - rows.start, axis=1, out=largest[:, first:last])
    return np.asarray(_squares(a)[:, None] - 2 * largest.astype(np.float64))


def _squares(x: NDArray) -> NDArray:
    return np.einsum("nd,nd->n", x, x)


def _blocks(edges: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """First and last group (not included) of consecutive blocks of whole groups with about `_ROWS_AT_ONCE` rows."""
    first = 0
    while first < len(edges) - 1:
        last = max(first + 1, int(np.searchsorted(edges, edges[first] + _ROWS_AT_ONCE, side="right")) - 1)
        yield first, last
        first = last


def comparable(a: NDArray, b: NDArray) -> tuple[NDArray, NDArray]:
    """Both sets in float32 where that is exact, otherwise in float64 relative to the first vector of ``b``."""
    if _exact_in_float32(a, b):
        return a.astype(np.float32, copy=False), b.astype(np.float32, copy=False)
    origin = b[0].astype(np.float64)
    return a - origin, b - origin


def _exact_in_float32(a: NDArray, b: NDArray) -> bool:
    """Whether both are whole numbers so small that every sum on the way is one that float32 has."""
    if not a.size or not b.size:
        return True
    low, high = min(float(a.min()), float(b.min())), max(float(a.max()), float(b.max()))
    sums = 2 if low >= 0 else 4  # times d max²; with numbers of one sign, -2 x·y and |y|² have opposite signs
    small = sums * a.shape[1] * max(high, -low) ** 2 < _EXACT
    return small and all(x.dtype.kind in "iub" or bool((x == np.rint(x)).all()) for x in (a, b))
