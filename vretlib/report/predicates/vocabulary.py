"""The functions from which the predicates of the papers' claims are built.

A predicate takes a `Book` (the tables of one paper, printed or obtained) and returns comparisons. The decorator
`claim` gives the id of its claim and how many comparisons must hold. Its docstring is shown to readers as the
reading of the claim.

Rules for all predicates:

* *better* is higher, except for the measures in ``LOWER_IS_BETTER``; a tie is not better.
* Words of degree ("significantly", "slightly", "close") set no threshold; the margin says how much. "Comparable" and
  "competitive" ask for a number that is at least level. If a claim is about likeness only ("similar", "little effect",
  "steady"), its docstring states the tolerance and where it comes from.
* A number that the claim states ("42.5 times", "about 20%", "less than 8.5%") is a `StatedSize` of its
  comparison. Its range is the rounding of the number, the same on printed and on obtained tables.
* Obtained numbers are compared with obtained ones. A method that was not rerun is no row of an obtained table;
  `Book.rerun` counts it as untested, and such a claim holds in part at best. A claim about a scale that the data do
  not reach raises `ScaleError`.
* Cells with a dash are skipped, and reported as skipped.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from vretlib.report.measured import Measured
from vretlib.report.predicates.comparisons import Comparison, StatedSize, rounded
from vretlib.report.published import PublishedTable

LOWER_IS_BETTER = frozenset({"MR", "MSE", "Mem", "Time (s)"})

_QUANTITY = re.compile(r"([\d,]*\d(?:\.\d+)?)\s?[^\d]*")


AT_THIS_SCALE = "not testable at this scale"


class UntestableError(Exception):
    """The tables do not test the claim; the text says why."""


class NeedsError(UntestableError):
    """Something that a predicate needs is missing; ``what`` completes "not testable here: needs ..."."""

    def __init__(self, what: str) -> None:
        super().__init__(f"not testable here: needs {what}")


class ScaleError(UntestableError):
    """The data are too small for the claim; ``why`` completes "not testable at this scale: ..."."""

    def __init__(self, why: str) -> None:
        super().__init__(f"{AT_THIS_SCALE}: {why}")


class ClaimTable:
    """A table with flat printed keys: ``t["Bi-KdTree", "R@1|B=10"]`` is a number; `NeedsError` if it has none."""

    def __init__(self, name: str, frame: pd.DataFrame, skipped: list[str]) -> None:
        self.name, self._frame, self._skipped = name, frame, skipped
        self.rows = [str(row) for row in frame.index]
        self.columns = [str(column) for column in frame.columns]

    def __getitem__(self, key: tuple[str, str]) -> float:
        number = self.get(*key)
        if math.isnan(number):
            raise NeedsError(f'a number at row "{key[0]}", column "{key[1]}" of {self.name}')
        return number

    def get(self, row: str, column: str) -> float:
        """The number of a cell, NaN for a dash; `NeedsError` if the table lacks the heading."""
        if row not in self.rows:
            raise NeedsError(f'row "{row}" of {self.name}')
        if column not in self.columns:
            raise NeedsError(f'column "{column}" of {self.name}')
        number = _number(self._frame.iloc[self.rows.index(row), self.columns.index(column)])
        if math.isnan(number):
            self._skipped.append(f"{row} {column}")
        return number

    def has_numbers(self, row: str) -> bool:
        """Whether a row has a number in any column; a dash is not reported as skipped."""
        return any(not math.isnan(_number(cell)) for cell in self._frame.iloc[self.rows.index(row)])

    def rows_with(self, *parts: str) -> list[str]:
        """Rows whose heading has all these parts (``"Cosine|max"`` has the parts ``Cosine`` and ``max``)."""
        return _with_parts(self.rows, parts, f"a row of {self.name} with")

    def columns_with(self, *parts: str) -> list[str]:
        """Columns whose heading has all these parts."""
        return _with_parts(self.columns, parts, f"a column of {self.name} with")

    def along(self, *besides: str) -> list[str]:
        """All columns except these, in the order of their numeric headings: the abscissa of a curve."""
        columns = [column for column in self.columns if column not in besides]
        try:
            return sorted(columns, key=float)
        except ValueError:
            raise NeedsError(f"numbers as the columns of {self.name}, not {', '.join(columns)}") from None

    def besides(self, *rows: str) -> list[str]:
        """All rows except these."""
        return [row for row in self.rows if row not in rows]


@dataclass(frozen=True)
class Book:
    """The tables of one paper from one source.

    ``printed`` is True for the paper's own tables. ``context`` holds facts about the data that no table shows (which
    films are dark). ``in_print`` returns a printed table, whatever the source. A predicate adds to ``skipped`` the
    empty cells that it has read, to ``untested`` the parts of its claim that the tables do not test, and to ``notes``
    remarks on what is compared.
    """

    find: Callable[[str], pd.DataFrame | None]
    printed: bool
    context: Mapping[str, Any]
    in_print: Callable[[str], PublishedTable]
    skipped: list[str] = field(default_factory=list)
    untested: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def __getitem__(self, number: str) -> ClaimTable:
        name = f"table {number}" if number[0].isdigit() else number
        frame = self.find(number)
        if frame is None:
            curve = number.startswith("Figure") and self.printed
            raise NeedsError(f"the numbers of {name}, which the paper does not print" if curve else name)
        return ClaimTable(name, frame, self.skipped)

    def rerun(self, number: str, *besides: str) -> list[str]:
        """The rows of a printed table that this source has, without some; `NeedsError` if it has none.

        On obtained tables these are the methods that were rerun on the same data; the others are counted as untested.
        Rows that the paper does not print are never among them.
        """
        t = self[number]
        wanted = [row for row in self.in_print(number).rows if row not in besides]
        found = [row for row in wanted if row in t.rows and t.has_numbers(row)]
        if not found:
            raise NeedsError(f"a method of {t.name} that was rerun on these data; none of the {len(wanted)} was")
        if len(found) < len(wanted):
            missing = ", ".join(row for row in wanted if row not in found)
            self.untested.append(f"{len(wanted) - len(found)} of {len(wanted)} methods were not rerun here ({missing})")
        return found

    def fact(self, name: str, meaning: str) -> Any:
        """A fact from ``context``."""
        if name not in self.context:
            raise NeedsError(f'context["{name}"]: {meaning}')
        return self.context[name]


Predicate = Callable[[Book], Iterable[Comparison]]


@dataclass(frozen=True)
class Test:
    """A predicate with the id of its claim, and how many comparisons must hold (a key of ``ASKS``)."""

    __test__ = False  # not one of pytest's

    id: str
    asks: str
    reading: str
    predicate: Predicate


ASKS: dict[str, Callable[[int], int]] = {
    "all": lambda n: n,
    "all but one": lambda n: max(n - 1, 1),
    "most": lambda n: n // 2 + 1,
    "some": lambda n: min(n, 1),
}
"""How many of n comparisons must hold, by the paper's words."""

TESTS: dict[str, Test] = {}
"""Every predicate by the id of its claim, in the order of definition."""


def claim(claim_id: str, asks: str = "all") -> Callable[[Predicate], Predicate]:
    """A decorator that registers a predicate: ``@claim("001-05", asks="most")``."""

    def register(predicate: Predicate) -> Predicate:
        if claim_id in TESTS or asks not in ASKS:
            raise ValueError(f"claim {claim_id}: tested twice, or {asks!r} is none of {', '.join(ASKS)}")
        TESTS[claim_id] = Test(claim_id, asks, " ".join((predicate.__doc__ or "").split()), predicate)
        return predicate

    return register


def compared_cells(t: ClaimTable, left: tuple[str, str], relation: str, right: tuple[str, str]) -> list[Comparison]:
    """The comparison of two cells, or an empty list if one is a dash. The label names the differing headings."""
    a, b = t.get(*left), t.get(*right)
    if math.isnan(a) or math.isnan(b):
        return []
    if left[0] == right[0]:
        label = f"{left[0]}: {left[1]} against {right[1]}"
    elif left[1] == right[1]:
        label = f"{left[0]} against {right[0]}, {left[1]}"
    else:
        label = f"{left[0]}, {left[1]} against {right[0]}, {right[1]}"
    return [Comparison(label, a, relation, b)]


def beats(
    t: ClaimTable,
    row: str,
    others: str | Iterable[str],
    columns: str | Iterable[str] | None = None,
    ties: bool = False,
) -> list[Comparison]:
    """A row is better than each other row in each column (default: all columns); ``ties`` allows equal numbers."""
    return [
        comparison
        for other in _several(others)
        for column in (t.columns if columns is None else _several(columns))
        for comparison in compared_cells(t, (row, column), better(column, ties), (other, column))
    ]


def leads(
    t: ClaimTable, rows: str | Iterable[str], others: Iterable[str], columns: Iterable[str], ties: bool = False
) -> list[Comparison]:
    """The best of some rows is better than the best of the others, in each column."""
    found = []
    for column in columns:
        ours, theirs = best(t, _several(rows), column), best(t, others, column)
        label = f"{ours} against {theirs}, {column}"
        found.append(Comparison(label, t[ours, column], better(column, ties), t[theirs, column]))
    return found


def best(t: ClaimTable, rows: Iterable[str], column: str) -> str:
    """The row with the best number in a column, the first one at a tie; dashes are ignored."""
    numbers = {row: t.get(row, column) for row in rows}
    numbers = {row: number for row, number in numbers.items() if not math.isnan(number)}
    if not numbers:
        raise NeedsError(f'a number in column "{column}" of {t.name}')
    pick = min if better(column) == "<" else max
    return pick(numbers, key=lambda row: numbers[row])


def better(heading: str, ties: bool = False) -> str:
    """The relation that means "better" for the measure at the end of a heading."""
    return ("<" if heading.split("|")[-1] in LOWER_IS_BETTER else ">") + ("=" if ties else "")


def ratio(a: float, b: float) -> float:
    """``a`` divided by ``b``; `NeedsError` if ``b`` is zero."""
    if b == 0:
        raise NeedsError("numbers other than 0 to divide by")
    return a / b


def gain(new: float, old: float) -> float:
    """The relative gain: 0.2 for 20 % more."""
    return ratio(new, old) - 1


def near(label: str, value: float, other: float, to: float) -> Comparison:
    """Two numbers differ by half of ``to`` at most: they are equal if rounded to multiples of ``to``."""
    return Comparison(label, value, "≈", other, to / 2)


def equal_to(label: str, value: float, stated: float, *, to: float, sizes: tuple[StatedSize, ...] = ()) -> Comparison:
    """A number equals a stated one if rounded to multiples of ``to``, which is also its stated size."""
    return Comparison(label, value, "≈", stated, to / 2, (rounded(label, value, stated, to=to), *sizes))


def magnitude(label: str, value: float, stated: float, *, to: float, over: float, unit: str = "") -> Comparison:
    """A stated factor (``over=1``), gain or amount (``over=0``): above ``over``, and of the stated size."""
    return Comparison(label, value, ">", over, sizes=(rounded(label, value, stated, to=to, unit=unit),))


def _number(cell: object) -> float:
    """The number of a cell; a text may be one number with a unit ("3.7 seconds"). NaN for anything else."""
    if isinstance(cell, str):
        quantity = _QUANTITY.fullmatch(cell.strip())
        return float(quantity.group(1).replace(",", "")) if quantity else math.nan
    if isinstance(cell, Measured):
        return cell
    return float(cell) if isinstance(cell, (int, float)) or hasattr(cell, "__float__") else math.nan


def _several(names: str | Iterable[str]) -> list[str]:
    return [names] if isinstance(names, str) else list(names)


def _with_parts(headings: list[str], parts: tuple[str, ...], needed: str) -> list[str]:
    found = [heading for heading in headings if set(parts) <= set(heading.split("|"))]
    if not found:
        raise NeedsError(f'{needed} "{"|".join(parts)}"')
    return found
