"""A statement about two numbers, with its direction, and the sizes that a claim states about it."""

import math
from dataclasses import dataclass

from vretlib.report.measured import interval_of

HOLDS, UNDECIDED, REVERSED = "holds", "undecided", "reversed"
INSIDE, OUTSIDE, UNSTATED = "inside", "outside", "none stated"

_DECIMALS = 9  # differences of decimal numbers are exact to far more places than any table prints
_OF_100 = ("%", "points")  # units of shares of 1
_LIMITS = {"<": "less than", "<=": "at most", ">": "more than", ">=": "at least"}

Ends = tuple[float, float]


@dataclass(frozen=True)
class StatedSize:
    """A size that a claim states, and the number found.

    Parameters
    ----------
    label: what was measured.
    value: the number found.
    low, high: the stated range; its ends belong to it unless ``strict``.
    words: the stated range as readers see it, ``"20 %"`` or ``"2 to 3 times"``.
    unit: ``"%"`` or ``"points"`` (of a share of 1), ``"times"``, ``"GB"``, ..., or ``""``.
    """

    label: str
    value: float
    low: float
    high: float
    words: str
    unit: str = ""
    strict: bool = False

    @property
    def inside(self) -> bool:
        """Whether the number found lies in the stated range; its interval plays no part."""
        above, below = round(self.value - self.low, _DECIMALS), round(self.high - self.value, _DECIMALS)
        return above > 0 < below if self.strict else above >= 0 <= below

    @property
    def interval(self) -> Ends | None:
        """The 95 % interval of the number found; None for a number without resamples."""
        return interval_of(self.value)

    @property
    def found(self) -> str:
        """The number beside the stated range: ``"12 % (stated 20 %)"``."""
        between = self.interval
        about = f"95 % interval {_between(between, self.unit)}; " if between else ""
        return f"{in_unit(self.value, self.unit)} ({about}stated {self.words})"

    def __str__(self) -> str:
        return f"{self.label}: {self.found}"


@dataclass(frozen=True)
class Comparison:
    """One statement about two numbers, ``left relation right``; ``"≈"`` says that they differ by ``slack`` at most.

    If a number has resamples (`vretlib.report.measured.Measured`), the 95 % interval of ``left - right`` decides
    the `direction`; otherwise only the two numbers do.
    """

    label: str
    left: float
    relation: str
    right: float
    slack: float = 0.0
    sizes: tuple[StatedSize, ...] = ()

    @property
    def margin(self) -> float:
        """The amount by which it holds (positive) or fails (negative), in the numbers' unit; the slack for ``≈``."""
        difference = float(self.left) - float(self.right)
        signed = {
            ">": difference,
            ">=": difference,
            "<": -difference,
            "<=": -difference,
            "≈": self.slack - abs(difference),
        }
        return round(signed[self.relation], _DECIMALS) + 0.0  # no −0

    @property
    def relative(self) -> float:
        """The margin as a part of the right-hand number (of the left-hand one where the right is zero)."""
        scale = abs(self.right) or abs(self.left)
        return self.margin / scale if scale else 0.0

    @property
    def interval(self) -> Ends | None:
        """The 95 % interval of ``left - right`` over resamples of the queries; None for numbers without resamples."""
        return interval_of(self.left - self.right)

    @property
    def direction(self) -> str:
        """``"holds"``, ``"reversed"`` or ``"undecided"``.

        With an interval: ``>`` and ``<`` hold if the whole interval lies on their side of 0, ``>=`` and ``<=`` also if
        it touches 0; they are reversed if the whole interval lies on the other side, and undecided if it contains 0.
        ``≈`` holds if the whole interval lies within ± ``slack``, is reversed if no part of it does, and is undecided
        if some part does: two numbers are alike only if the queries suffice to exclude a larger difference.

        Without an interval: by the numbers alone. A tie is not better: it leaves ``>`` and ``<`` undecided.
        """
        low, high = self.interval or (float(self.left) - float(self.right),) * 2
        low, high = round(low, _DECIMALS), round(high, _DECIMALS)
        if self.relation == "≈":
            if -self.slack <= low and high <= self.slack:
                return HOLDS
            return REVERSED if low > self.slack or high < -self.slack else UNDECIDED
        if self.relation.startswith("<"):
            low, high = -high, -low
        if low > 0 or (low == 0 and self.relation.endswith("=")):
            return HOLDS
        return REVERSED if high < 0 else UNDECIDED

    @property
    def holds(self) -> bool:
        """Whether the direction holds."""
        return self.direction == HOLDS

    def __str__(self) -> str:
        about = f" ± {self.slack:.3g}" if self.slack else ""
        text = f"{self.label}: {short(self.left)} {self.relation} {short(self.right)}{about}"
        between = self.interval
        return f"{text}, difference {_between(between, '', '+')}" if between else text


def rounded(label: str, value: float, stated: float, *, to: float, unit: str = "") -> StatedSize:
    """The size of a stated number that is rounded to multiples of ``to``: half of that to either side."""
    exact = "" if to else "exactly "
    return StatedSize(label, value, stated - to / 2, stated + to / 2, f"{exact}{in_unit(stated, unit)}", unit)


def cut_off(label: str, value: float, stated: float, *, to: float, unit: str = "") -> StatedSize:
    """The size of a stated number whose decimals were cut off after multiples of ``to``, not rounded."""
    return StatedSize(label, value, stated, stated + to, in_unit(stated, unit), unit)


def limit(
    label: str, value: float, relation: str, stated: float, unit: str = "", sizes: tuple[StatedSize, ...] = ()
) -> Comparison:
    """A stated bound ("less than 8.5 %"): at once a comparison with the bound and a stated size, before others."""
    low, high = (-math.inf, stated) if relation.startswith("<") else (stated, math.inf)
    words = f"{_LIMITS[relation]} {in_unit(stated, unit)}"
    size = StatedSize(label, value, low, high, words, unit, strict=not relation.endswith("="))
    return Comparison(label, value, relation, stated, sizes=(size, *sizes))


def in_unit(number: float, unit: str) -> str:
    """A number in a unit: ``"12 %"``, ``"7.65 times"``, ``"0.0133"``."""
    if unit in _OF_100:
        return f"{_signed(100 * number, '')} {unit}"
    return f"{short(number)} {unit}".rstrip()


def short(number: float) -> str:
    """A number with four significant digits, or with thousands separators."""
    return (f"{number:,.0f}" if abs(number) >= 10_000 else f"{number:.4g}").replace("-", "−")


def _between(interval: Ends, unit: str, sign: str = "") -> str:
    low, high = (100 * end if unit in _OF_100 else end for end in interval)
    return f"{_signed(low, sign)} to {_signed(high, sign)} {unit}".rstrip()


def _signed(number: float, sign: str) -> str:
    return f"{number:{sign}.3g}".replace("-", "−")
