"""The agreement of papers and obtained numbers on the order of the methods: one line for each table.

The lines of a run are in its tables' JSON files (`vretlib.report.order`). Those of the recorded run are in
``data/recorded/<profile>/<chapter>/agreement.json``, from which the first page shows them before anything was run.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from vretlib import paths
from vretlib.report.files import write_json
from vretlib.report.recorded import RECORD

FILE = "agreement.json"

Agreements = Mapping[tuple[str, str], Mapping[str, Any]]
"""By chapter and title of a table: what `vretlib.report.order.Order.record` gives."""

HEADINGS = ("chapter", "table", "Kendall's τ", "methods", "pairs", "reversed beyond chance")

_NAMED = 3  # reversed pairs; more would bury the rest


def keep(chapter: str, profile: str, of_tables: Mapping[str, Mapping[str, Any]]) -> None:
    """Record the agreement of a chapter's tables, by title, if numbers are being recorded."""
    path = paths.RECORDED / profile / chapter / FILE
    if os.environ.get(RECORD) == "1" and (of_tables or path.exists()):
        write_json(path, dict(of_tables))


def recorded(profile: str = "embedded") -> Agreements:
    """The recorded agreement of every table, in the order of the pages; empty before anything was recorded."""
    return {
        (path.parent.name, title): fields
        for path in sorted((paths.RECORDED / profile).glob(f"*/{FILE}"))
        for title, fields in json.loads(path.read_text(encoding="utf-8")).items()
    }


def table(agreements: Agreements) -> pd.DataFrame:
    """One row of texts for each table, with the columns `HEADINGS`, of which the first two are the index."""
    lines = [(*place, *_texts(fields)) for place, fields in agreements.items()]
    return pd.DataFrame(lines, columns=list(HEADINGS)).set_index(list(HEADINGS[:2]))


def _texts(fields: Mapping[str, Any]) -> tuple[str, str, str, str]:
    tau, bounds = fields["tau"], fields["interval"]
    text = "all tied" if tau is None else f"{tau:.2f}" + (" [{:.2f}, {:.2f}]".format(*bounds) if bounds else "")
    reversed_pairs = _named(fields["reversed"]) if bounds else "not known: nothing is averaged over queries"
    return text.replace("-", "−"), str(fields["rows"]), str(fields["pairs"]), reversed_pairs


def _named(pairs: Sequence[str]) -> str:
    more = len(pairs) - _NAMED
    return "; ".join(pairs[:_NAMED]) + (f"; and {more} more" if more > 0 else "") or "none"
