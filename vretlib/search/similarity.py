"""The standard distances of thesis section 2.2.1 between every query and every item of a database.

    L1          Σ |xᵢ − yᵢ|
    Euclidean   √ Σ (xᵢ − yᵢ)²
    cosine      1 − xᵀy / (‖x‖ ‖y‖)      a zero vector is at distance 1 from everything, itself included
    Hamming     Σ [xᵢ ≠ yᵢ]              of bits

Everything is computed in double precision, L1 and Euclidean term by term, so a vector has distance exactly 0 to its
copy. The database is read in blocks: beside the result, tens of megabytes are needed, whatever its size.
For only the k nearest, `vretlib.search.exact` and `vretlib.search.hamming` are many times faster.
"""

from collections.abc import Iterator
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial.distance import cdist

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.search._popcount import codes_to_words

PairMetric = Literal["cosine", "euclidean", "l1", "hamming"]
METRICS = get_args(PairMetric)

_NUMBERS_AT_ONCE = 1 << 22  # in a block of the database, or in its distances: 32 MiB


def scores(xq: ArrayLike, xb: ArrayLike, metric: str) -> NDArray[np.float32]:
    """Similarity of every query and every item: the cosine, or the negative of a distance.

    Parameters
    ----------
    xq, xb: (nq, d) queries and (nb, d) database, either possibly empty. For ``"hamming"`` bool with one bit per place,
        or uint8: packed bits (`numpy.packbits`), or 0 and 1; all other metrics take any real numbers.
    metric: one of `METRICS`.

    Returns
    -------
    (nq, nb) float32; a tensor where ``xq`` is one.

    Raises
    ------
    UserError: an unknown metric, other shapes or dtypes, different dimensions, or NaN or infinity.
    """
    x, y = _matrices(xq, xb, metric)
    result = np.empty((len(x), len(y)), np.float32)
    for rows, distance in _blocks(x, y, metric):
        with np.errstate(over="ignore"):
            result[:, rows] = (1 if metric == "cosine" else 0) - distance
    if not arrays.all_finite(result):
        raise UserError("a distance is beyond float32; expected smaller vectors: scale them, or take `distances`")
    return arrays.like(xq, result)


def distances(xq: ArrayLike, xb: ArrayLike, metric: str) -> NDArray[np.float64]:
    """The distance of every query to every item, (nq, nb) float64; parameters and errors as in `scores`.

    Examples
    --------
    >>> [distances([[1.0, 0.0]], [[4.0, 4.0]], metric).item() for metric in ("l1", "euclidean")]
    [7.0, 5.0]
    """
    x, y = _matrices(xq, xb, metric)
    result = np.empty((len(x), len(y)))
    for rows, distance in _blocks(x, y, metric):
        result[:, rows] = distance
    return arrays.like(xq, result)


def _blocks(x: NDArray, y: NDArray, metric: str) -> Iterator[tuple[slice, NDArray]]:
    """Rows of the database, and the distances of all queries to them."""
    queries = _prepared(x, "xq", 0, metric)
    size = max(1, _NUMBERS_AT_ONCE // max(x.shape[1], len(x)))
    for start in range(0, len(y), size):
        rows = slice(start, min(start + size, len(y)))
        distance = _between(queries, _prepared(y[rows], "xb", start, metric), metric)
        if not arrays.all_finite(distance):
            raise UserError("a distance is too large for a number; expected smaller vectors: scale them")
        yield rows, distance


def _prepared(x: NDArray, name: str, first: int, metric: str) -> NDArray:
    """Finite rows in the form that `_between` compares: words of bits, unit vectors or vectors."""
    if metric == "hamming":
        return codes_to_words(np.packbits(x, axis=1) if x.dtype == np.bool_ else x)
    values = x.astype(np.float64)
    if not np.isfinite(values).all():
        bad = first + int(np.flatnonzero(~np.isfinite(values).all(axis=1))[0])
        raise UserError(f"{name}, row {bad}: NaN or infinity; compute that row again")
    if metric == "cosine":
        return arrays.unit(values)
    return values


def _between(queries: NDArray, block: NDArray, metric: str) -> NDArray:
    if metric == "cosine":
        return 1 - np.clip(queries @ block.T, -1, 1)
    if metric == "hamming":
        bits = np.empty((len(queries), len(block)), np.int64)
        for query, row in zip(queries, bits, strict=True):
            np.bitwise_count(block ^ query).sum(axis=1, out=row)
        return bits
    return cdist(queries, block, "cityblock" if metric == "l1" else "euclidean")


def _matrices(xq: ArrayLike, xb: ArrayLike, metric: str) -> tuple[NDArray, NDArray]:
    arrays.choice(metric, "metric", METRICS)
    kinds, asked = ("bu", "bool or uint8") if metric == "hamming" else ("fiub", "real numbers")
    x, y = arrays.array(xq, "xq"), arrays.array(xb, "xb")
    for array, name in ((x, "xq"), (y, "xb")):
        if array.ndim != 2 or array.shape[1] == 0 or array.dtype.kind not in kinds:
            raise UserError(f"{name} is {array.dtype} of shape {array.shape}; {metric} expects {asked} (n, d)")
    if metric == "hamming" and x.dtype != np.bool_ and x.dtype == y.dtype:
        arrays.codes(x, "xq")
    if x.shape[1] != y.shape[1] or (metric == "hamming" and x.dtype != y.dtype):
        raise UserError(
            f"xq is {x.dtype} of {x.shape[1]} dimensions, xb {y.dtype} of {y.shape[1]}; describe both the same way"
        )
    return x, y
