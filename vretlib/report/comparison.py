"""Published numbers beside obtained ones, cell by cell.

A cell is published, obtained, both, or neither. A published cell without an obtained number must have a reason, so that
a page never shows a blank where a reader expects a number.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from vretlib.errors import UserError
from vretlib.report import gains, published, render
from vretlib.report.cells import Cell, CellTable
from vretlib.report.columns import Column
from vretlib.report.files import slug, write_text
from vretlib.report.gains import Baseline, Direction
from vretlib.report.headings import cells_of, covers, lookup
from vretlib.report.numbers import Format
from vretlib.report.order import Order, order

Reasons = str | Mapping[Any, str]
SeedNumbers = Mapping[tuple[str, str], Sequence[float]]


@dataclass(frozen=True, repr=False)
class ComparedTable(CellTable):
    """A table with published and obtained numbers; a notebook shows it, ``save`` writes it."""

    def frame(self) -> pd.DataFrame:
        """A frame with one row per cell.

        Its columns are row, column, published, obtained, the ends of the 95 % interval (low, high), the published and
        the obtained gain over the baseline, the ends of the latter's paired interval, the smallest and largest number
        of several seeds, the difference of obtained and published (of numbers on the same data), note, and reason.
        """
        lines = []
        for (row, column), cell in self.cells.items():
            low, high = cell.interval or (None, None)
            gain = cell.gain
            gains_of = (gain.published, gain.obtained, *(gain.interval or (None, None))) if gain else (None,) * 4
            seeds = (min(cell.seeds), max(cell.seeds)) if cell.seeds else (None, None)
            difference = cell.obtained - cell.published if cell.difference else None  # type: ignore[operator]
            numbers = (cell.obtained, low, high, *gains_of, *seeds, difference)
            lines.append((row, column, cell.printed, *numbers, cell.note, cell.reason))
        names = ["row", "column", "published", "obtained", "low", "high", "gain_published", "gain_obtained"]
        names += ["gain_low", "gain_high", "seeds_low", "seeds_high", "difference", "note", "reason"]
        return pd.DataFrame(lines, columns=names, dtype=object)

    def csv(self) -> str:
        """`frame` as CSV, with obtained numbers in full precision."""
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


def with_published(
    paper: str,
    number: str,
    obtained: pd.DataFrame,
    *,
    data: str,
    reasons: Reasons = "",
    better: Mapping[str, Direction] | None = None,
    formats: Mapping[str, Format] | None = None,
    baseline: Baseline = "",
    stands_for: Mapping[str, str] | None = None,
    spread: SeedNumbers | None = None,
    same_data: bool = False,
    remark: str = "",
) -> ComparedTable:
    """An obtained table beside a published one.

    Parameters
    ----------
    paper, number: as in `vretlib.report.published.table`.
    obtained: frame with the printed headings, in the paper's unit (``"1.6M"`` is 1,600,000). It may lack rows and
        columns. Additional ones are shown without published numbers. None or NaN is a cell without a number. A
        `Measured` number is shown with its interval.
    data: description of the data behind the obtained numbers, such as ``"embedded films, seed 0"``.
    reasons: why published cells are missing: one text for all, or texts by (row, column), by row or by column, looked
        up in this order. An outer heading applies to all headings below it.
    better: direction of improvement by column; the default is higher for `Measured` numbers.
    baseline: the row that gains are measured against: one for all columns, or by column, as (row, column) where the
        baseline's number stands in another column. Gains are shown for columns with `Measured` numbers or a direction
        in ``better``, as quotients where lower is better. ``▲`` and ``▼`` mark gains and losses whose paired interval
        does not hold "no gain".
    stands_for: the names of the data behind obtained numbers by the printed heading they stand for, such as
        ``{"OX5K": "Town A"}``, or by a name in the caption where the whole table is about one collection.
    spread: the numbers of several seeds, by (row, column).
    formats: format of obtained numbers by column (``"{:.1f}"``, or a function). Default: the style of the printed
        column.
    same_data: whether ``data`` is the paper's own: then the differences of obtained and published numbers measure the
        reproduction, and are shown; ``▲`` and ``▼`` mark better and worse ones.
    remark: a sentence after the caption about what differs from the paper.

    Raises
    ------
    UserError: a published cell has neither a number nor a reason, or a name in ``reasons``, ``better``, ``formats``,
        ``baseline`` or ``stands_for`` is no row or column (nor, for the last, in the caption).
    """
    source = published.read(paper, number)
    frame = cells_of(obtained, source.title)
    rows = tuple(dict.fromkeys([*source.rows, *frame.index]))
    columns = tuple(dict.fromkeys([*source.columns, *frame.columns]))
    _check_names(source.title, rows, columns, reasons, {**(better or {}), **(formats or {})})
    made = {
        name: Column(
            name, frame, source, form=lookup(formats or {}, name), direction=lookup(better or {}, name),
            same_data=same_data, spread=spread or {},
        )
        for name in columns
    }  # fmt: skip
    base = gains.cells_of(baseline, rows, columns, source.title)
    cells = _cells(made, rows, {name: {row: _reason(reasons, row, name) for row in rows} for name in columns}, base)
    blank = [key for key, c in cells.items() if c.published is not None and c.obtained is None and not c.reason]
    if blank:
        some = "; ".join(f"{row}, {column}" for row, column in blank[:4]) + ("; …" if len(blank) > 4 else "")
        raise UserError(
            f"{source.title}: {len(blank)} published cells have neither a number nor a reason ({some}). "
            "Check the spelling of the headings, or say why in reasons={row, column or (row, column): text}."
        )
    caption = _with_stand_ins(source.caption, stands_for or {}, rows, columns)
    return ComparedTable(
        name=f"{source.paper.name}_{slug(source.title)}",
        title=source.title,
        caption=f"{caption.rstrip('.')}. {remark}" if remark else caption,
        source=source.paper.citation,
        data=data,
        same_data=same_data,
        rows=rows,
        columns=columns,
        row_heading=" · ".join(source.row_fields),
        cells={(row, column): cells[row, column] for row in rows for column in columns},
        baseline={column: row for column, (row, _) in base.items()},
        order=_order(cells, rows, list(base), stands_for),
        stands_for=_stand_ins(stands_for or {}, source, rows, columns),
    )


def alone(
    name: str,
    title: str,
    obtained: pd.DataFrame,
    *,
    data: str,
    caption: str = "",
    reasons: Mapping[str, str] | None = None,
    better: Mapping[str, Direction] | None = None,
    formats: Mapping[str, Format] | None = None,
    baseline: Baseline = "",
    spread: SeedNumbers | None = None,
) -> ComparedTable:
    """A table that no paper prints, in the same form; every cell is an extra one.

    ``reasons`` has the names of missing rows, which are put at the end with their reasons. The other parameters are
    those of `with_published`.
    """
    frame = cells_of(obtained, title)
    missing = {row: why for row, why in (reasons or {}).items() if row not in frame.index}
    rows, columns = (*frame.index, *missing), tuple(frame.columns)
    _check_names(title, rows, columns, "", {**(better or {}), **(formats or {})})
    made = {
        heading: Column(
            heading, frame, form=lookup(formats or {}, heading), direction=lookup(better or {}, heading),
            spread=spread or {},
        )
        for heading in columns
    }  # fmt: skip
    base = gains.cells_of(baseline, rows, columns, title)
    cells = _cells(made, rows, dict.fromkeys(columns, missing), base)
    return ComparedTable(
        name=slug(name),
        title=title,
        caption=caption,
        source="",
        data=data,
        same_data=False,
        rows=rows,
        columns=columns,
        row_heading=" · ".join(str(n) for n in obtained.index.names if n is not None),
        cells={(row, column): cells[row, column] for row in rows for column in columns},
        baseline={column: row for column, (row, _) in base.items()},
    )


def _cells(
    made: Mapping[str, Column],
    rows: Sequence[str],
    reasons: Mapping[str, Mapping[str, str]],
    base: Mapping[str, tuple[str, str]],
) -> dict[tuple[str, str], Cell]:
    """The cells of all columns, with the gains over the baseline's cell of each column that has one."""
    cells = {(row, name): cell for name, c in made.items() for row, cell in c.cells(rows, reasons[name]).items()}
    for name, place in base.items():
        own = {row: cells[row, name] for row in rows}
        cells |= {(row, name): cell for row, cell in made[name].with_gains(own, cells[place], place[0]).items()}
    return cells


def _order(
    cells: Mapping[tuple[str, str], Cell],
    rows: Sequence[str],
    columns: Sequence[str],
    stands_for: Mapping[str, str] | None,
) -> Order | None:
    """How far the published and the obtained order of the rows agree; None in a table without a baseline."""
    theirs, ours = ({key: getattr(c, side) for key, c in cells.items()} for side in ("published", "obtained"))
    return order(theirs, ours, rows, columns, stands_for)


def _stand_ins(
    stands_for: Mapping[str, str], source: published.PublishedTable, rows: tuple[str, ...], columns: tuple[str, ...]
) -> dict[str, str]:
    """The stand-ins; a `UserError` if a printed name is no part of any heading, and the caption does not have it."""
    parts, caption = {part for key in (*rows, *columns) for part in key.split("|")}, source.caption.casefold()
    if unknown := [name for name in stands_for if name not in parts and name.casefold() not in caption]:
        raise UserError(
            f"{source.title}: stands_for names {', '.join(unknown)}, which heads no row or column and is not in the "
            "caption"
        )
    return dict(stands_for)


def _with_stand_ins(
    caption: str, stands_for: Mapping[str, str], rows: tuple[str, ...], columns: tuple[str, ...]
) -> str:
    """The printed caption; where only the caption names a collection, the name of its stand-in follows."""
    parts = {part for key in (*rows, *columns) for part in key.split("|")}
    for printed, ours in stands_for.items():
        # A key that begins a heading ("The NTU") has another first letter inside a caption.
        if printed not in parts and (found := re.search(re.escape(printed), caption, re.IGNORECASE)):
            caption = caption.replace(found[0], f"{found[0]} (here {ours})")
    return caption


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
