"""What every hash function has: the value before the threshold, and the bits (paper 001, eq 1)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays
from vretlib.errors import UserError

MOST_BITS = 65_528
"""Of a code: distances up to 65,535 are counted."""

_BLOCK = 1 << 10  # rows converted to double precision together, few enough for the processor's cache

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]


class Hasher(Protocol):
    """A function from vectors to binary codes; every method of this package learns one."""

    @property
    def n_bits(self) -> int:
        """K, the bits of a code."""

    def project(self, x: ArrayLike) -> F32:
        """Vectors (n, d) as float32 (n, K): the values before the threshold.

        Raises
        ------
        UserError: another number of dimensions than that of the training vectors, NaN or infinity.
        """

    def bits(self, x: ArrayLike) -> NDArray[np.bool_]:
        """Codes (n, K) of vectors (n, d): bit = ``project(x) > 0``, unless the method says ``>=``."""


@dataclass(frozen=True, eq=False)
class LinearHasher:
    """Bit k is 1 where (x − mean) · directions[:, k] > 0, as for LSH, ITQ, SITQ and BRE.

    Attributes
    ----------
    mean: float64 (d,), subtracted first.
    directions: float64 (d, K).
    """

    mean: F64 = field(repr=False)
    directions: F64 = field(repr=False)

    @property
    def n_bits(self) -> int:
        """K, the bits of a code."""
        return self.directions.shape[1]

    def project(self, x: ArrayLike) -> F32:
        """Vectors (n, d) as float32 (n, K): the values before the threshold 0."""
        rows = arrays.matrix(x, "x", d=len(self.mean), like="the training vectors")
        return in_blocks(rows, self.n_bits, lambda block: (block - self.mean) @ self.directions)

    def bits(self, x: ArrayLike) -> NDArray[np.bool_]:
        """Codes (n, K) of vectors (n, d)."""
        return self.project(x) > 0


def in_blocks(rows: F32, n_bits: int, function: Callable[[F64], F64]) -> F32:
    """``function`` of all rows as float32 (n, ``n_bits``), computed in double precision for 1,024 rows at a time.

    Single precision could round a value near the threshold to the other side.
    """
    found = [function(block.astype(np.float64)).astype(np.float32) for block in blocks(rows)]
    return np.concatenate(found) if found else np.empty((0, n_bits), np.float32)


def blocks(rows: F32) -> Iterator[F32]:
    """Blocks of 1,024 rows, so that computing with them in double precision needs little memory."""
    for start in range(0, len(rows), _BLOCK):
        yield rows[start : start + _BLOCK]


def training_vectors(x: ArrayLike, n_bits: int) -> tuple[F32, int]:
    """The vectors to learn from, (n, d) float32, and the bits of a code, both checked.

    Raises
    ------
    UserError: fewer than two vectors, NaN or infinity, or bits outside 1 to `MOST_BITS`.
    """
    return arrays.matrix(x, "x", at_least=2), arrays.whole(n_bits, "n_bits", 1, MOST_BITS, "bits of a code")


def identities(labels: ArrayLike | None, n: int, method: str) -> NDArray[np.int64]:
    """The identity of each of ``n`` training vectors, counted from 0 in ascending order of the labels, (n,) int64.

    Raises
    ------
    UserError: without labels, with labels that are not one for each vector, or with only one identity.
    """
    if labels is None:
        raise UserError(f"{method} learns from labels and labels is None; give one identity for each vector")
    given = arrays.labels(labels, n=n)
    names, found = np.unique(given, return_inverse=True)
    if len(names) < 2:
        raise UserError(
            f"labels hold {len(names)} identity; {method} learns to tell identities apart, give two or more"
        )
    return found.astype(np.int64)
