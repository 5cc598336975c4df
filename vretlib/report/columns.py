"""The cells of one column of a table, from the printed and the obtained numbers: their texts, intervals and gains."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain

import pandas as pd

from vretlib.report import numbers, published
from vretlib.report.cells import Cell
from vretlib.report.gains import Direction, gain
from vretlib.report.headings import Value
from vretlib.report.measured import Measured


class Column:
    """One column while its cells are made; parameters as in `vretlib.report.comparison.with_published`.

    Obtained numbers are written in a given format, in the paper's style, or in one by their size.
    """

    def __init__(
        self,
        name: str,
        frame: pd.DataFrame,
        source: published.PublishedTable | None = None,
        *,
        form: numbers.Format | None = None,
        direction: Direction | None = None,
        same_data: bool = False,
        spread: Mapping[tuple[str, str], Sequence[float]] | None = None,
    ) -> None:
        self.name, self.source, self.form = name, source, form
        self.direction, self.same_data = direction, same_data
        self.obtained: dict[str, Value] = (
            {str(row): value for row, value in frame[name].items()} if name in frame.columns else {}
        )
        self.seeds = {row: tuple(values) for (row, column), values in (spread or {}).items() if column == name}
        rows = source.rows if source else ()
        printed = {row: source.cells[row, name] for row in rows if (row, name) in source.cells} if source else {}
        parsed = [numbers.parse(text) for text in printed.values() if text != published.DASH]
        self._mixed = printed if None in parsed else {}  # a column of several units, or with text
        if any(number is not None for number in parsed):
            self._style = numbers.style_of(printed.values())
        else:
            floats = [value for value in self.obtained.values() if isinstance(value, float)]
            bounds = [value.bounds or () for value in floats if isinstance(value, Measured)]
            self._style = numbers.style_of_values([*floats, *chain.from_iterable(bounds)])

    def cells(self, rows: Sequence[str], reasons: Mapping[str, str]) -> dict[str, Cell]:
        """The cell of each row, without gains; ``reasons`` has the reasons for rows without a number."""
        return {row: self._cell(row, reasons.get(row, "")) for row in rows}

    def with_gains(self, cells: Mapping[str, Cell], base: Cell, besides: str) -> dict[str, Cell]:
        """The cells with their gains over ``base``, except that of the baseline's own row.

        A column of numbers that are neither measured nor better in one direction has no gains.
        """
        if not (self.direction or any(isinstance(value, Measured) for value in self.obtained.values())):
            return dict(cells)
        return {row: cell if row == besides else self._with_gain(row, cell, base) for row, cell in cells.items()}

    def _cell(self, row: str, reason: str) -> Cell:
        value = self.obtained.get(row)
        printed = self.source.cells.get((row, self.name), "") if self.source else ""
        number: Value = self.source.value(row, self.name) if self.source and printed else None
        if isinstance(number, float) and math.isnan(number):
            number = None
        shown, difference, better = self._write(value, row), "", None
        if self.same_data and isinstance(number, float) and isinstance(value, float):
            difference = self._style_of(row).write_difference(float(value) - number, beside=shown)
            if self.direction and value != number:
                better = (value > number) == (self.direction == "higher")
        seeds = self.seeds.get(row, ())
        return Cell(
            printed, number, value, shown, difference, better,
            note=self.source.notes.get((row, self.name), "") if self.source else "",
            reason=reason if value is None else "",
            range_shown=self._range(value.interval, row) if isinstance(value, Measured) else "",
            seeds=seeds,
            seeds_shown=self._range((min(seeds), max(seeds)), row) if seeds else "",
        )  # fmt: skip

    def _with_gain(self, row: str, cell: Cell, base: Cell) -> Cell:
        theirs = (cell.published, base.published) if self.source else None
        ours = (cell.obtained, base.obtained)
        return replace(cell, gain=gain(theirs, ours, self.direction or "higher", self._style_of(row), cell.shown))

    def _range(self, ends: tuple[float, float], row: str) -> str:
        return f"{self._write(ends[0], row)}–{self._write(ends[1], row)}"

    def _style_of(self, row: str) -> numbers.Style:
        """The style of a row's cell; in a column of several units, that of its own printed cell."""
        return numbers.style_of([self._mixed[row]]) if row in self._mixed else self._style

    def _write(self, value: Value, row: str = "") -> str:
        if value is None or isinstance(value, str):
            return value or ""
        if self.form is None:
            return self._style_of(row).write(value)
        return self.form.format(value) if isinstance(self.form, str) else self.form(value)
