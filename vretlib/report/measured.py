"""A number with the values that it would have with other queries, so that what is computed from it has an interval."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vretlib.evaluation.intervals import ends

F64 = NDArray[np.float64]


class Measured(float):
    """A float with ``resampled``: its values in the resamples of a paired bootstrap, float64 (resamples,).

    Sums, differences, products and quotients of measured numbers are measured again: the resamples are combined one by
    one, because the same queries were drawn in all of them. A plain number is the same in every resample. Whatever
    else is done to a measured number (``max``, ``round``, numpy) takes it for the float that it is.

    ``over`` says what was resampled, in words.

    Examples
    --------
    >>> a, b = Measured(0.7, [0.68, 0.72]), Measured(0.6, [0.59, 0.60])
    >>> (a - b).resampled.round(2).tolist()
    [0.09, 0.12]
    """

    resampled: F64
    over: str
    __array_priority__ = 1000.0  # a numpy scalar on the left leaves the operation to this class

    def __new__(cls, value: float, resampled: Any, over: str = "queries") -> Measured:
        number = super().__new__(cls, value)
        number.resampled = np.asarray(resampled, dtype=np.float64)
        number.over = over
        return number

    @property
    def interval(self) -> tuple[float, float]:
        """The ends of the 95 % interval."""
        low, high = ends(self.resampled)
        return float(low), float(high)

    def _with(self, other: Any, do: Callable[[Any, Any], Any], *, swapped: bool = False) -> Any:
        if not isinstance(other, (int, float, np.integer, np.floating)):
            return NotImplemented
        pair = (float(other), float(self)) if swapped else (float(self), float(other))
        theirs = other.resampled if isinstance(other, Measured) else float(other)
        resamples = (theirs, self.resampled) if swapped else (self.resampled, theirs)
        with np.errstate(divide="ignore", invalid="ignore"):
            return Measured(do(*pair), do(*resamples))

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
        return Measured(-float(self), -self.resampled)
