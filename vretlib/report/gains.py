"""Gains over the baseline of a table: what a method adds to the baseline, on the paper's data and on ours.

The difference of an obtained and a published number says nothing if their data differ. The gains of both over the same
baseline can be set side by side: the difference of a row and the baseline's row, or their quotient where lower is
better (bytes, milliseconds, errors).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from vretlib.errors import UserError
from vretlib.report.headings import Value, covers, lookup
from vretlib.report.measured import Measured, interval_of
from vretlib.report.numbers import Style

Direction = Literal["higher", "lower"]
Baseline = str | Mapping[str, str | tuple[str, str]]
"""A row, or one for each column; (row, column) where the baseline has its number in another column."""


@dataclass(frozen=True)
class Gain:
    """The gain of one cell over the baseline's cell in the same column.

    ``published`` is None where a number is missing. ``text`` is what a table shows. ``better`` says
    whether the obtained gain is one (True) or a loss (False) beyond chance: its paired interval lies on one side of no
    gain. It is None where the interval holds no gain, or where nothing is resampled.
    """

    published: float | None
    obtained: float
    text: str
    better: bool | None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The paired 95 % interval of the obtained gain; None without resamples."""
        return interval_of(self.obtained)


def cells_of(
    baseline: Baseline, rows: tuple[str, ...], columns: tuple[str, ...], title: str
) -> dict[str, tuple[str, str]]:
    """The baseline's (row, column) for each column that has one; an outer heading applies to all columns below it.

    Raises
    ------
    UserError: no such row or column.
    """
    given = dict.fromkeys(columns if baseline else (), baseline) if isinstance(baseline, str) else dict(baseline)
    places = [place if isinstance(place, tuple) else (place, "") for place in given.values() if place]
    unknown = [name for name in given if not covers(name, columns)]
    unknown += [row for row, _ in places if row not in rows] + [c for _, c in places if c and c not in columns]
    if unknown:
        raise UserError(f"{title}: baseline {', '.join(dict.fromkeys(unknown))} is no row or column of the table")
    found = {column: place for column in columns if (place := lookup(given, column))}
    return {column: place if isinstance(place, tuple) else (place, column) for column, place in found.items()}


def gain(
    published: tuple[Value, Value] | None,
    obtained: tuple[Value, Value],
    direction: Direction,
    style: Style,
    shown: str,
) -> Gain | None:
    """The gain of (number, baseline's number); None if an obtained number is missing.

    Parameters
    ----------
    published: None in a table that no paper prints.
    direction: "lower" makes quotients of the gains, "higher" differences.
    style, shown: the style and the text of the obtained number, which set the decimals of a difference.
    """
    lower = direction == "lower"
    ours, theirs = _of(obtained, lower), _of(published, lower) if published else None
    if ours is None:
        return None
    sides = (theirs, ours) if published else (ours,)
    texts = ["–" if g is None else _factor(g) if lower else style.write_difference(g, shown) for g in sides]
    better, none = None, 1.0 if lower else 0.0
    if isinstance(ours, Measured):
        low, high = ours.interval
        if not low <= none <= high:
            better = (high < none) == lower
    return Gain(theirs, ours, " → ".join(texts), better)


def _of(numbers: tuple[Value, Value], lower: bool) -> float | None:
    number, base = numbers
    if not isinstance(number, float) or not isinstance(base, float) or (lower and base == 0):
        return None
    return number / base if lower else number - base


def _factor(quotient: float) -> str:
    return f"×{float(quotient):.3g}"
