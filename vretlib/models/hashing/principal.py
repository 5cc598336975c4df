"""Principal directions of the training vectors, from which spectral hashing and ITQ start."""

from typing import NamedTuple

import numpy as np

from vretlib.errors import UserError
from vretlib.models.hashing.hasher import F32, F64, blocks

_SMALLEST = 1e-12  # share of the largest variance below which a direction holds rounding errors only


class Principal(NamedTuple):
    """The leading principal directions.

    Attributes
    ----------
    mean: float64 (d,).
    directions: float64 (d, k), orthonormal columns, largest variance first. The component of largest magnitude is
        positive (the first if several are equal), which fixes the sign that the decomposition leaves open.
    values: float64 (n, k), the centred vectors projected on the directions.
    """

    mean: F64
    directions: F64
    values: F64


def principal(x: F32, k: int) -> Principal:
    """The ``k`` leading directions of vectors (n, d), or all along which they vary if these are fewer.

    Raises
    ------
    UserError: when all vectors are equal.
    """
    mean = x.mean(axis=0, dtype=np.float64)
    scatter = np.zeros((x.shape[1], x.shape[1]))
    for block in blocks(x):
        centred = block.astype(np.float64)
        centred -= mean
        scatter += centred.T @ centred
    # NumPy's eigh, because SciPy has a BLAS of its own, whose idle threads would keep cores from NumPy's products.
    variances, directions = np.linalg.eigh(scatter / len(x))
    kept = variances > _SMALLEST * max(variances[-1], _smallest_variance(mean))
    kept[: max(0, len(kept) - k)] = False
    if not kept.any():
        raise UserError(f"x: all {len(x)} vectors are equal; expected vectors that differ")
    axes = with_fixed_signs(directions[:, kept][:, ::-1])
    values = np.concatenate([block.astype(np.float64) @ axes for block in blocks(x)])
    values -= mean @ axes
    return Principal(mean, axes, values)


def with_fixed_signs(columns: F64) -> F64:
    """The columns, each negated where its component of largest magnitude is negative.

    `sklearn.utils.extmath.svd_flip` does the same, but its import takes each process two seconds.
    """
    largest = np.abs(columns).argmax(axis=0)
    return columns * np.where(columns[largest, np.arange(columns.shape[1])] < 0, -1.0, 1.0)


def _smallest_variance(mean: F64) -> float:
    """The variance that rounding errors alone may give to equal vectors."""
    return float(np.max(np.abs(mean)) ** 2) * np.finfo(np.float64).eps
