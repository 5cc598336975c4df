"""Spectral hashing (SH): signs of the slowest waves along principal directions (Weiss et al., 2009; paper 001, row SH).

If the data were uniform on a box with sides along the principal directions, the eigenfunctions of its similarity graph
would be cos(m π (y − a) / (b − a)) along each side [a, b], with an eigenvalue that falls with the frequency m / (b − a)
(Weiss et al., section 3). Bits are the signs of the K slowest. As in the authors' code,

- the K leading directions are used, and a and b are the smallest and largest training value along each;
- along a direction whose range is R, modes 1 to ⌈(K + 1) R / max R⌉ − 1 are candidates;
- only waves along a single direction count, never products of two.

A direction with a long range gets several bits. The waves continue beyond the training range.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays
from vretlib.models.hashing.hasher import F32, F64, in_blocks, training_vectors
from vretlib.models.hashing.principal import principal

_EPS = np.finfo(np.float64).eps  # by which the authors' code widens each range on both sides


@dataclass(frozen=True, eq=False)
class SpectralHasher:
    """Bit k is 1 where cos(mode[k] π (y − lowest) / span) > 0, with y along direction ``direction[k]``.

    Attributes
    ----------
    mean: float64 (d,), subtracted first.
    directions: float64 (d, p), principal directions, p ≤ K.
    lowest, span: float64 (p,), the smallest training value along each direction and the width of the range.
    direction, mode: int64 (K,), the direction and the mode of each bit's wave, the slowest wave first. The mode is the
        number of half periods in the range.
    """

    mean: F64 = field(repr=False)
    directions: F64 = field(repr=False)
    lowest: F64 = field(repr=False)
    span: F64 = field(repr=False)
    direction: NDArray[np.int64]
    mode: NDArray[np.int64]

    @property
    def n_bits(self) -> int:
        """K, the bits of a code."""
        return len(self.mode)

    def project(self, x: ArrayLike) -> F32:
        """Vectors (n, d) as float32 (n, K): the value of each wave, −1 to 1."""
        rows = arrays.matrix(x, "x", d=len(self.mean), like="the training vectors")
        return in_blocks(rows, self.n_bits, self._waves)

    def bits(self, x: ArrayLike) -> NDArray[np.bool_]:
        """Codes (n, K) of vectors (n, d)."""
        return self.project(x) > 0

    def _waves(self, rows: F64) -> F64:
        place = ((rows - self.mean) @ self.directions - self.lowest) / self.span
        return np.cos(np.pi * self.mode * place[:, self.direction])


def fit(x: ArrayLike, n_bits: int) -> SpectralHasher:
    """The hash function of spectral hashing, as its authors coded it; nothing is random.

    Parameters
    ----------
    x: (n, d) training vectors, n ≥ 2.
    n_bits: K ≥ 1. With more bits than directions along which ``x`` varies, all of these are used, and those with a
        long range get more bits.

    Raises
    ------
    UserError: fewer than two vectors, equal vectors, NaN or infinity, or ``n_bits`` < 1.
    """
    vectors, n_bits = training_vectors(x, n_bits)
    mean, directions, values = principal(vectors, n_bits)
    lowest = values.min(axis=0) - _EPS
    span = values.max(axis=0) + _EPS - lowest
    n_modes = np.ceil((n_bits + 1) * span / span.max()).astype(np.int64) - 1
    direction = np.repeat(np.arange(len(span)), n_modes)
    mode = np.arange(len(direction)) - np.repeat(np.cumsum(n_modes) - n_modes, n_modes) + 1
    slowest = np.argsort((mode / span[direction]) ** 2, kind="stable")[:n_bits]
    return SpectralHasher(mean, directions, lowest, span, direction[slowest], mode[slowest])
