"""The printed numbers of the five papers, read from ``data/published``.

``table("thesis", "5.1")`` is a frame with the printed headings. A heading with several levels is a MultiIndex; its
levels have the names that the paper gives them. Rows and columns keep the printed order. A cell is a number, a text, or
NaN for a dash or an empty place. ``read`` has the unchanged texts of the cells, ``notes`` remarks on misprints.

A paper is named by its short name (``"thesis"``) or its number (``"004"``).
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from vretlib import paths
from vretlib.errors import UserError
from vretlib.report import numbers, references

DASH = "-"


@dataclass(frozen=True)
class Paper:
    """One of the five papers: its number in file names, its short name, and its key in the bibliography."""

    number: str
    name: str
    key: str

    @property
    def citation(self) -> str:
        """Authors and year, as captions cite it."""
        return references.find(self.key).short


PAPERS = (
    Paper("000", "face_retrieval", "hachchane2020"),
    Paper("001", "hybrid_hashing", "wang2020"),
    Paper("002", "key_frames", "zhang2020"),
    Paper("003", "instance_search", "salvador2016"),
    Paper("004", "thesis", "garcia2018thesis"),
)


@dataclass(frozen=True)
class PublishedTable:
    """A printed table with flat keys; ``cells`` and ``notes`` are by (row, column), empty places have no cell."""

    paper: Paper
    number: str
    caption: str
    row_fields: tuple[str, ...]
    column_fields: tuple[str, ...]
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: dict[tuple[str, str], str]
    notes: dict[tuple[str, str], str]

    @property
    def title(self) -> str:
        """The title, such as ``"Table 5.1"``."""
        return f"Table {self.number}" if self.number[0].isdigit() else self.number.capitalize()

    @property
    def values(self) -> pd.DataFrame:
        """The cells as numbers and texts, NaN for a dash or an empty place. Columns without text have dtype float64."""
        data = [[self.value(row, column) for column in self.columns] for row in self.rows]
        frame = pd.DataFrame(data, index=list(self.rows), columns=list(self.columns), dtype=object)
        numeric = [c for c in frame if not any(isinstance(cell, str) for cell in frame[c])]
        return frame.astype(dict.fromkeys(numeric, float))

    def value(self, row: str, column: str) -> float | str:
        """The number or text of one cell, or NaN. A malformed number (``"0578"``) has the value in its note."""
        text = self.cells.get((row, column), DASH)
        if text == DASH:
            return float("nan")
        number = numbers.parse(text)
        if number is None:
            number = numbers.presumed(self.notes.get((row, column), ""))
        return text if number is None else number


def paper_named(name: str) -> Paper:
    """The paper with this short name or number.

    Raises
    ------
    UserError: there is no such paper; the message lists the names and numbers.
    """
    for candidate in PAPERS:
        if name in (candidate.name, candidate.number):
            return candidate
    valid = ", ".join(f"{p.name} ({p.number})" for p in PAPERS)
    raise UserError(f'paper "{name}": unknown; choose one of {valid}')


def table(paper: str, number: str) -> pd.DataFrame:
    """A published table with its printed headings: ``table("thesis", "5.1")``. Unknown names raise UserError."""
    source = read(paper, number)
    return _with_headings(source.values, source)


def notes(paper: str, number: str) -> dict[tuple[str, str], str]:
    """Remarks on cells of a table, such as misprints, by flat (row, column) keys."""
    return dict(read(paper, number).notes)


@cache
def read(paper: str, number: str) -> PublishedTable:
    """A published table with its caption, headings and notes."""
    source = paper_named(paper)
    entry = _entry(source, str(number))
    lines = _rows(entry["file"])
    return PublishedTable(
        paper=source,
        number=str(number),
        caption=entry["caption"],
        row_fields=_fields(entry["row_key_fields"]),
        column_fields=_fields(entry["column_key_fields"]),
        rows=tuple(dict.fromkeys(line["row"] for line in lines)),
        columns=tuple(dict.fromkeys(line["column"] for line in lines)),
        cells={(line["row"], line["column"]): line["value"] for line in lines},
        notes={(line["row"], line["column"]): line["note"] for line in lines if line["note"]},
    )


def tables() -> pd.DataFrame:
    """All published tables: paper, number, caption, names of the heading levels, numbers of rows, columns and cells."""
    entries = [entry for entry in _rows("index.csv") if entry["row_key_fields"]]
    frame = pd.DataFrame(entries)
    frame["paper"] = [paper_named(number).name for number in frame["paper"]]
    frame.insert(1, "number", [_number(file) for file in frame.pop("file")])
    return frame.astype({"rows": int, "columns": int, "values": int})


def hyperparameters(paper: str) -> pd.DataFrame:
    """Printed parameters of a paper's methods and protocols, by name; columns value (may be "not given") and where."""
    source = paper_named(paper)
    return pd.DataFrame(_rows(f"{source.number}_hyperparameters.csv")).set_index("name")


def claims() -> pd.DataFrame:
    """The papers' comparative claims: columns paper (short name), claim, evidence_table; by id such as ``"004-15"``."""
    return _by_id("claims.csv")


def inconsistencies() -> pd.DataFrame:
    """Misprints and disagreements: columns paper (short name or "all"), where, description; by id."""
    return _by_id("inconsistencies.csv")


def _with_headings(frame: pd.DataFrame, source: PublishedTable) -> pd.DataFrame:
    frame.index = _headings(frame.index, source.row_fields)
    frame.columns = _headings(frame.columns, source.column_fields)
    return frame


def _headings(keys: Iterable[str], fields: tuple[str, ...]) -> pd.Index:
    """The keys as an Index, or as a MultiIndex if headings have levels."""
    parts = [key.split("|") for key in keys]
    depth = max(map(len, parts))
    if depth == 1:
        return pd.Index([part[0] for part in parts], name=fields[0] if fields else None)
    names = list(fields) if len(fields) == depth else [None] * depth
    return pd.MultiIndex.from_tuples([tuple(p + [""] * (depth - len(p))) for p in parts], names=names)


def _entry(source: Paper, number: str) -> dict[str, str]:
    entries = {
        _number(entry["file"]): entry
        for entry in _rows("index.csv")
        if entry["paper"] == source.number and entry["row_key_fields"]
    }
    if number not in entries:
        raise UserError(f'table "{number}" of {source.name}: not published; choose one of {", ".join(entries)}')
    return entries[number]


def _number(file: str) -> str:
    return Path(file).stem.split("_", 1)[1].removeprefix("table")


def _fields(text: str) -> tuple[str, ...]:
    return tuple(text.split("|")) if text else ()


def _by_id(file: str) -> pd.DataFrame:
    frame = pd.DataFrame(_rows(file)).set_index("id")
    if "paper" in frame:
        names = {p.number: p.name for p in PAPERS}
        frame["paper"] = [names.get(number, number) for number in frame["paper"]]
    return frame


@cache
def _rows(file: str) -> list[dict[str, Any]]:
    path = paths.PUBLISHED / file
    try:
        with open(path, encoding="utf-8", newline="") as text:
            return list(csv.DictReader(text))
    except FileNotFoundError:
        raise UserError(f"{path}: missing; it belongs to the project, restore it with git") from None
