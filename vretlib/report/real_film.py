"""README's tables of a real film: the obtained numbers of chapters 5, 6 and 8 on one film, as Markdown."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from vretlib.datasets.clips import query_kinds
from vretlib.report import collected
from vretlib.report.collected import Collected


@dataclass(frozen=True)
class Shown:
    """A table of a page, of which the columns that match a pattern are shown."""

    chapter: str
    name: str
    title: str
    columns: str
    rows: str = ".*"


TABLES = (
    Shown("05_binary_features", "thesis_table_5.2", "The film", "Frames|Feat|Shots|KFeat", rows="Total"),
    Shown("05_binary_features", "thesis_table_5.1", "Chapter 5: share of photographs that find their frame", r"R@1.*"),
    Shown("05_binary_features", "one_choice_at_a_time", "Chapter 5: the last method, one choice changed, B = 50", ".*"),
    Shown("08_key_frames", "kinds_of_queries", "Paper 002: share of queries that find their clip", ".*"),
    Shown(
        "06_spatio_temporal_encoder", "thesis_table_6.2", "Chapter 6: share of queries that find their clip", ".*R@1"
    ),
    Shown("06_spatio_temporal_encoder", "memory", "Chapter 6: memory", "dim|MB per hour"),
)


def markdown(folder: Path) -> str:
    """The tables of the chapters that were run into a results folder, each with its data; empty without any."""
    return "\n\n".join(_parts(folder)) + "\n"


def _parts(folder: Path) -> Iterator[str]:
    for shown in TABLES:
        results = collected.read(folder / shown.chapter)
        for table in results.tables:
            if table["name"] == shown.name and not (frame := _obtained(results, table["files"]["csv"], shown)).empty:
                yield f"**{shown.title}.** {results.about['data'].rstrip('.')}; seed {results.about['seed']}."
                yield frame.to_markdown(disable_numparse=True)


def _obtained(results: Collected, file: str, shown: Shown) -> pd.DataFrame:
    """The obtained cells as texts, rows and columns in the order of the page."""
    cells = pd.read_csv(results.folder / "tables" / file, dtype={"row": str, "obtained": str}).dropna(subset="obtained")
    texts: dict[str, dict[str, str]] = {}
    for row, column, obtained, low, high in cells[["row", "column", "obtained", "low", "high"]].to_numpy().tolist():
        if re.fullmatch(shown.rows, row) and re.fullmatch(shown.columns, column):
            heading = " · ".join(query_kinds.IN_WORDS.get(part, part) for part in column.split("|"))
            texts.setdefault(row, {})[heading] = _text(obtained, low, high)
    return pd.DataFrame.from_dict(texts, orient="index").fillna("")


def _text(obtained: str, low: float, high: float) -> str:
    """A number, and in brackets its interval over queries: two digits of a share, three figures of others."""
    try:
        value = float(obtained)
    except ValueError:
        return obtained
    if not math.isnan(low):
        return f"{value:.2f} [{low:.2f}, {high:.2f}]"
    if value.is_integer() and abs(value) > 1:
        return f"{value:,.0f}"
    return f"{value:.2f}" if 0 <= value <= 1 else f"{value:,.3g}"
