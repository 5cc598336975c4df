"""Published numbers beside obtained ones, cell by cell.

A cell is published, obtained, both, or neither. A published cell without an obtained number must have a reason, so that
a page never shows a blank where a reader expects a number.
"""

import csv
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from vretlib.errors import UserError
from vretlib.report import numbers, published, render
from vretlib.report.cells import Cell, CellTable
from vretlib.report.files import slug, write_text
from vretlib.report.headings import Value, cells_of, covers, lookup

Reasons = str | Mapping[Any, str]
Direction = Literal["higher", "lower"]


@dataclass(frozen=True, repr=False)
class ComparedTable(CellTable):
    """A table with published and obtained numbers; a notebook shows it, ``save`` writes it."""

    def frame(self) -> pd.DataFrame:
        """A frame with one row per cell: row, column, published, obtained, difference (of numbers), note, reason."""
        lines = []
        for (row, column), cell in self.cells.items():
            both_numbers = isinstance(cell.published, float) and isinstance(cell.obtained, float)
            difference = cell.obtained - cell.published if both_numbers else None  # type: ignore[operator]
            lines.append((row, column, cell.printed, cell.obtained, difference, cell.note, cell.reason))
        names = ["row", "column", "published", "obtained", "difference", "note", "reason"]
        return pd.DataFrame(lines, columns=names, dtype=object)

    def csv(self) -> str:
        """:meth:`frame` as CSV, with obtained numbers in full precision."""
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        frame = self.frame()
        writer.writerow(frame.columns)
        writer.writerows(frame.itertuples(index=False))
        return text.getvalue()

    def save(self, folder: str | Path) -> dict[str, str]:
        """The names of the written files by kind; writes NAME.csv, .md, .tex and .html into a folder."""
        texts = {"csv": self.csv(), "md": render.markdown(self), "tex": render.latex(self), "html": render.html(self)}
        return {kind: write_text(Path(folder) / f"{self.name}.{kind}", text).name for kind, text in texts.items()}

    def _repr_html_(self) -> str:
        return render.html(self)

    def __repr__(self) -> str:
        return render.markdown(self)


def compare(
    paper: str,
    number: str,
    obtained: pd.DataFrame,
    *,
    data: str,
    reasons: Reasons = "",
    better: Mapping[str, Direction] | None = None,
    formats: Mapping[str, str] | None = None,
    same_data: bool = False,
    remark: str = "",
) -> ComparedTable:
    """An obtained table beside a published one.

    Parameters
    ----------
    paper, number: as in :func:`vretlib.report.published.table`.
    obtained: frame with the printed headings, in the paper's unit (``"1.6M"`` is 1,600,000). It may lack rows and
        columns. Additional ones are shown without published numbers. None or NaN is a cell without a number.
    data: description of the data behind the obtained numbers, such as ``"embedded films, seed 0"``.
    reasons: why published cells are missing: one text for all, or texts by (row, column), by row or by column, looked
        up in this order. An outer heading applies to all headings below it.
    better: direction of improvement by column; differences are then marked ``▲`` (better) or ``▼`` (worse).
    formats: format of obtained numbers by column (``"{:.1f}"``). Default: the style of the printed column.
    same_data: whether ``data`` is the paper's own, so that differences measure the reproduction.
    remark: a sentence after the caption about what differs from the paper.

    Raises
    ------
    UserError: a published cell has neither a number nor a reason, or a name in ``reasons``, ``better`` or ``formats``
        is no row or column.
    """
    source = published.read(paper, number)
    frame = cells_of(obtained, source.title)
    rows = tuple(dict.fromkeys([*source.rows, *frame.index]))
    columns = tuple(dict.fromkeys([*source.columns, *frame.columns]))
    _check_names(source.title, rows, columns, reasons, {**(better or {}), **(formats or {})})
    cells = {}
    for column in columns:
        styles = _Styles(source, frame, column, lookup(formats or {}, column))
        direction = lookup(better or {}, column)
        for row in rows:
            value = frame.loc[row, column] if row in frame.index and column in frame.columns else None
            reason = "" if value is not None else _reason(reasons, row, column)
            cells[row, column] = _cell(source, row, column, value, styles, direction, reason)
    blank = [key for key, c in cells.items() if c.published is not None and c.obtained is None and not c.reason]
    if blank:
        some = "; ".join(f"{row}, {column}" for row, column in blank[:4]) + ("; …" if len(blank) > 4 else "")
        raise UserError(
            f"{source.title}: {len(blank)} published cells have neither a number nor a reason ({some}). "
            "Check the spelling of the headings, or say why in reasons={row, column or (row, column): text}."
        )
    return ComparedTable(
        name=f"{source.paper.name}_{slug(source.title)}",
        title=source.title,
        caption=f"{source.caption} {remark}".strip(),
        source=source.paper.citation,
        data=data,
        same_data=same_data,
        rows=rows,
        columns=columns,
        row_heading=" · ".join(source.row_fields),
        cells={(row, column): cells[row, column] for row in rows for column in columns},
    )


def alone(
    name: str,
    title: str,
    obtained: pd.DataFrame,
    *,
    data: str,
    caption: str = "",
    reasons: Mapping[str, str] | None = None,
    formats: Mapping[str, str] | None = None,
) -> ComparedTable:
    """A table that no paper prints, in the same form; every cell is an extra one.

    ``reasons`` has the names of missing rows, which are put at the end with their reasons.
    """
    frame = cells_of(obtained, title)
    _check_names(title, tuple(frame.index), tuple(frame.columns), "", formats or {})
    missing = {row: why for row, why in (reasons or {}).items() if row not in frame.index}
    cells = {}
    for column in frame.columns:
        styles = _Styles(None, frame, column, lookup(formats or {}, column))
        for row in frame.index:
            value = frame.loc[row, column]
            cells[row, column] = Cell(obtained=value, shown=styles.write(value))
        cells |= {(row, column): Cell(reason=why) for row, why in missing.items()}
    return ComparedTable(
        name=slug(name),
        title=title,
        caption=caption,
        source="",
        data=data,
        same_data=False,
        rows=(*frame.index, *missing),
        columns=tuple(frame.columns),
        row_heading=" · ".join(str(n) for n in obtained.index.names if n is not None),
        cells={(row, column): cells[row, column] for row in (*frame.index, *missing) for column in frame.columns},
    )


class _Styles:
    """The styles of a column's obtained numbers: a given format, the paper's style, or one by the numbers' size."""

    def __init__(self, source: published.PublishedTable | None, frame: pd.DataFrame, column: str, form: str | None):
        self.form = form
        rows = source.rows if source else ()
        printed = {row: source.cells[row, column] for row in rows if (row, column) in source.cells} if source else {}
        parsed = [numbers.parse(text) for text in printed.values() if text != published.DASH]
        self.mixed = printed if None in parsed else {}
        if any(number is not None for number in parsed):
            self.column = numbers.style_of(printed.values())
        else:
            values = list(frame[column]) if column in frame.columns else []
            self.column = numbers.style_of_values(v for v in values if isinstance(v, float))

    def of(self, row: str) -> numbers.Style:
        """The style of a row's cell; in a column that mixes units or text, the style of its own printed cell."""
        return numbers.style_of([self.mixed[row]]) if row in self.mixed else self.column

    def write(self, value: Value, row: str = "") -> str:
        if value is None or isinstance(value, str):
            return value or ""
        return self.form.format(value) if self.form else self.of(row).write(value)


def _cell(
    source: published.PublishedTable,
    row: str,
    column: str,
    value: Value,
    styles: _Styles,
    direction: Direction | None,
    reason: str,
) -> Cell:
    printed = source.cells.get((row, column), "")
    number: Value = source.value(row, column) if printed else None
    if isinstance(number, float) and math.isnan(number):
        number = None
    shown, difference, better = styles.write(value, row), "", None
    if isinstance(number, float) and isinstance(value, float):
        difference = styles.of(row).write_difference(value - number, beside=shown)
        if direction and value != number:
            better = (value > number) == (direction == "higher")
    return Cell(printed, number, value, shown, difference, better, source.notes.get((row, column), ""), reason)


def _reason(reasons: Reasons, row: str, column: str) -> str:
    if isinstance(reasons, str):
        return reasons
    by_name = {key: text for key, text in reasons.items() if isinstance(key, str)}
    return reasons.get((row, column)) or lookup(by_name, row) or lookup(by_name, column) or ""


def _check_names(
    title: str, rows: tuple[str, ...], columns: tuple[str, ...], reasons: Reasons, by_column: Mapping[str, object]
) -> None:
    """Raise a `UserError` for a reason, direction or format whose row or column the table does not have."""
    unknown = [name for name in by_column if not covers(name, columns)]
    for key in reasons if isinstance(reasons, Mapping) else ():
        known = covers(key, rows + columns) if isinstance(key, str) else key[0] in rows and key[1] in columns
        if not known:
            unknown.append(str(key))
    if unknown:
        raise UserError(f"{title}: no row or column {', '.join(unknown)}; columns are {', '.join(columns)}")
