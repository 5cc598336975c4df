"""A number with the values that it would have with other queries, so that what is computed from it has an interval."""

from __future__ import annotations

import itertools
import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vretlib.evaluation.intervals import ends

F64 = NDArray[np.float64]

AND_SEEDS = " and seeds"
"""End of what is resampled, where seeds are drawn as well as queries."""


class Measured(float):
    """A float with ``resampled``: its values in the resamples of a paired bootstrap, float64 (resamples,).

    Sums, differences, products and quotients of measured numbers are measured again: the resamples are combined one by
    one, because the same queries were drawn in all of them. A plain number is the same in every resample. All other
    operations (``max``, ``round``, numpy) treat a measured number as a plain float.

    ``over`` says what was resampled, in words.

    ``bounds`` are the ends of an interval that takes the place of the resamples' where these are all equal: see
    `vretlib.evaluation.intervals.of_unanimous`. What is computed from two such numbers, or from one and a plain
    number, has the widest interval that their bounds allow; beside resamples that differ, bounds play no part.

    Examples
    --------
    >>> a, b = Measured(0.7, [0.68, 0.72]), Measured(0.6, [0.59, 0.60])
    >>> (a - b).resampled.round(2).tolist()
    [0.09, 0.12]
    """

    resampled: F64
    over: str
    bounds: tuple[float, float] | None
    __array_priority__ = 1000.0  # a numpy scalar on the left leaves the operation to this class

    def __new__(
        cls, value: float, resampled: Any, over: str = "queries", bounds: tuple[float, float] | None = None
    ) -> Measured:
        number = super().__new__(cls, value)
        number.resampled = np.asarray(resampled, dtype=np.float64)
        number.over, number.bounds = over, bounds
        return number

    @property
    def interval(self) -> tuple[float, float]:
        """The ends of the 95 % interval."""
        low, high = self.bounds or ends(self.resampled)
        return float(low), float(high)

    def _with(self, other: Any, do: Callable[[Any, Any], Any], *, swapped: bool = False) -> Any:
        if not isinstance(other, (int, float, np.integer, np.floating)):
            return NotImplemented
        pair = (float(other), float(self)) if swapped else (float(self), float(other))
        theirs = other.resampled if isinstance(other, Measured) else float(other)
        resamples = (theirs, self.resampled) if swapped else (self.resampled, theirs)
        limits = self.bounds, other.bounds if isinstance(other, Measured) else (float(other),) * 2
        with np.errstate(divide="ignore", invalid="ignore"):
            bounds = _widest(do, limits[::-1] if swapped else limits)
            return Measured(do(*pair), do(*resamples), bounds=bounds)

    def __add__(self, other: Any) -> Any:
        return self._with(other, operator.add)

    def __radd__(self, other: Any) -> Any:
        return self._with(other, operator.add, swapped=True)

    def __sub__(self, other: Any) -> Any:
        return self._with(other, operator.sub)

    def __rsub__(self, other: Any) -> Any:
        return self._with(other, operator.sub, swapped=True)

    def __mul__(self, other: Any) -> Any:
        return self._with(other, operator.mul)

    def __rmul__(self, other: Any) -> Any:
        return self._with(other, operator.mul, swapped=True)

    def __truediv__(self, other: Any) -> Any:
        return self._with(other, operator.truediv)

    def __rtruediv__(self, other: Any) -> Any:
        return self._with(other, operator.truediv, swapped=True)

    def __neg__(self) -> Measured:
        bounds = self.bounds and (-self.bounds[1], -self.bounds[0])
        return Measured(-float(self), -self.resampled, bounds=bounds)


def interval_of(number: object) -> tuple[float, float] | None:
    """The 95 % interval of a measured number; None for a plain one, and where no resample has a value."""
    if not isinstance(number, Measured):
        return None
    low, high = number.interval
    return None if math.isnan(low) else (low, high)


def _widest(
    do: Callable[[Any, Any], Any], limits: tuple[tuple[float, float] | None, ...]
) -> tuple[float, float] | None:
    """The widest interval of an operation on numbers within the bounds of two others; None if one has no bounds, or if
    an end is infinite.
    """
    left, right = limits
    if left is None or right is None:
        return None
    corners = [float(do(np.float64(a), np.float64(b))) for a, b in itertools.product(left, right)]
    return (min(corners), max(corners)) if all(map(math.isfinite, corners)) else None
