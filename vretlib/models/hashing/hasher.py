"""What every hash function has: the value before the threshold, and the bits (paper 001, eq 1)."""

from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays
from vretlib.errors import UserError

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]


class Hasher(Protocol):
    """Turns vectors into binary codes; every method of this package makes one."""

    @property
    def n_bits(self) -> int:
        """K, the bits of a code."""

    def project(self, x: ArrayLike) -> F32:
        """Vectors (n, d) as float32 (n, K): the values before the threshold.

        Raises
        ------
        UserError
            On another number of dimensions than that of the training vectors, NaN or infinity.
        """

    def bits(self, x: ArrayLike) -> NDArray[np.bool_]:
        """Codes (n, K) of vectors (n, d): bit = ``project(x) > 0``, unless the method says ``>=``."""


def training_vectors(x: ArrayLike, n_bits: int) -> tuple[F32, int]:
    """The vectors to learn from, (n, d) float32, and the bits of a code, both checked.

    Raises
    ------
    UserError
        On fewer than two vectors, NaN or infinity, or fewer bits than one.
    """
    return arrays.matrix(x, "x", at_least=2), arrays.whole(n_bits, "n_bits", 1, what="bits of a code")


def identities(labels: ArrayLike | None, n: int, method: str) -> NDArray[np.int64]:
    """The identity of each of ``n`` training vectors, counted from 0 in ascending order of the labels, (n,) int64.

    Raises
    ------
    UserError
        Without labels, with labels that are not one for each vector, or with only one identity.
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
