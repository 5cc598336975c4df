"""The check of obtained numbers against recorded ones: whether a page still computes the numbers that it shows.

A record is ``data/recorded/<profile>/<name>.json``. It holds the numbers of one table, their parameters,
tolerances and provenance, and the columns that are not checked (seconds). The result of a check is one line, which is
the same on every machine as long as the numbers are within tolerance::

    Table 5.1: 27 of 27 cells within tolerance

With ``VRETLIB_RECORD=1`` in the environment a check writes its record first, then reads it back and compares.
"""

import json
import math
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from vretlib import paths
from vretlib.errors import UserError
from vretlib.report import provenance
from vretlib.report.files import write_json
from vretlib.report.headings import Value, cells_of, covers, lookup

RECORD = "VRETLIB_RECORD"
_SHOWN = 4  # cells outside that the line names; more would bury the count


@dataclass(frozen=True)
class Tolerance:
    """The maximum difference from a recorded number: ``absolute`` or ``relative``, whichever allows more."""

    absolute: float = 0.0
    relative: float = 0.0

    def allows(self, obtained: float, recorded: float) -> bool:
        """Whether the difference is within tolerance, up to the rounding error of the subtraction."""
        limit = max(self.absolute, self.relative * abs(recorded))
        return abs(obtained - recorded) <= limit + 1e-12 * max(abs(obtained), abs(recorded))

    def __str__(self) -> str:
        parts = [f"{self.absolute:g}"] if self.absolute or not self.relative else []
        return " or ".join([*parts, *([f"{100 * self.relative:g} %"] if self.relative else [])])


@dataclass(frozen=True, repr=False)
class CheckResult:
    """The result of a check; a notebook shows its line."""

    title: str
    name: str
    status: Literal["within", "outside", "unchecked"]
    within: int
    total: int
    line: str

    def __repr__(self) -> str:
        return self.line


Tolerances = float | Tolerance | Mapping[str, float | Tolerance]


def check(
    name: str,
    obtained: pd.DataFrame,
    tolerance: Tolerances,
    *,
    title: str = "",
    profile: str = "embedded",
    parameters: Mapping[str, Any] | None = None,
    unchecked: Iterable[str] = (),
) -> CheckResult:
    """The result of comparing a table with its record.

    Parameters
    ----------
    name: path of the record below the profile's folder, without ending.
    obtained: numbers and texts; texts must be equal.
    tolerance: one for all columns, or by column; a float is absolute. An outer heading applies to all columns below
        it. Every column with numbers needs a tolerance, equal to that of the record, or a place in ``unchecked``.
    title: the name of the table in the line.
    profile, parameters: profile and parameters of the run. If the record has other parameters, nothing is compared,
        and the line says so.
    unchecked: columns that are neither recorded nor checked, because they differ from run to run.

    Raises
    ------
    UserError: a column has no tolerance or another one than the record, or the record cannot be read.
    """
    title = title or name
    skipped = tuple(unchecked)
    cells = cells_of(obtained, title)
    unknown = [column for column in skipped if not covers(column, cells.columns)]
    if unknown:
        raise UserError(f"{title}: unchecked names no column: {', '.join(unknown)}")
    cells = cells[[c for c in cells.columns if not any(covers(column, [c]) for column in skipped)]]
    limits = _limits(cells, tolerance, title)
    path = paths.RECORDED / profile / f"{name}.json"
    wanted = json.loads(json.dumps(dict(parameters or {}), default=str))
    if os.environ.get(RECORD) == "1":
        _record(path, title, cells, limits, wanted, skipped)
    record = _read(path)
    if record is None:
        return not_checked(title, name, f"no recorded numbers for profile {profile}")
    if difference := _different_parameters(wanted, record["parameters"]):
        return not_checked(title, name, difference)
    _same_tolerance(title, limits, record["tolerance"])
    return _within_tolerance(title, name, cells, record["cells"], limits)


def _limits(cells: pd.DataFrame, tolerance: Tolerances, title: str) -> dict[str, Tolerance]:
    """The tolerance of each column that holds a number."""
    limits = {}
    for column in cells.columns:
        if not any(isinstance(value, float) for value in cells[column]):
            continue
        given = lookup(tolerance, column) if isinstance(tolerance, Mapping) else tolerance
        if given is None:
            raise UserError(f'{title}: column "{column}" has no tolerance; give one, or list it in unchecked')
        limits[column] = given if isinstance(given, Tolerance) else Tolerance(float(given))
    return limits


def _within_tolerance(
    title: str,
    name: str,
    cells: pd.DataFrame,
    recorded: Mapping[str, Mapping[str, Value]],
    limits: Mapping[str, Tolerance],
) -> CheckResult:
    """The result over all cells that have a value here or in the record."""
    here = {(str(r), c): v for c in cells.columns for r, v in cells[c].items() if v is not None}
    there = {(r, c): v for r, values in recorded.items() for c, v in values.items() if v is not None}
    both = dict.fromkeys([*there, *here])
    outside = [key for key in both if not _holds(here.get(key), there.get(key), limits.get(key[1]))]
    line = f"{title}: {len(both) - len(outside)} of {len(both)} cells within tolerance"
    if outside:
        named = [_described(key, here.get(key), there.get(key), limits.get(key[1])) for key in outside[:_SHOWN]]
        more = f" and {len(outside) - _SHOWN} more" if len(outside) > _SHOWN else ""
        line += f"; outside: {', '.join(named)}{more}"
    status: Literal["within", "outside"] = "outside" if outside else "within"
    return CheckResult(title, name, status, len(both) - len(outside), len(both), line)


def _holds(obtained: Value, recorded: Value, limit: Tolerance | None) -> bool:
    if isinstance(obtained, float) and isinstance(recorded, int | float) and limit is not None:
        return limit.allows(obtained, recorded)
    return obtained == recorded


def _described(key: tuple[str, str], obtained: Value, recorded: Value, limit: Tolerance | None) -> str:
    def text(value: Value) -> str:
        return "nothing" if value is None else value if isinstance(value, str) else f"{value:.6g}"

    within = f" ± {limit}" if limit and isinstance(recorded, float) else ""
    return f"{key[0]} {key[1].replace('|', ' ')} {text(obtained)} (recorded {text(recorded)}{within})"


def not_checked(title: str, name: str, reason: str) -> CheckResult:
    """The result for a table that is missing or has no comparable record."""
    return CheckResult(title, name, "unchecked", 0, 0, f"{title}: not checked, {reason}")


def _different_parameters(wanted: Mapping[str, Any], recorded: Mapping[str, Any]) -> str:
    """A sentence about the parameters that differ from the record's; empty if none differs."""
    names = [n for n in sorted(wanted.keys() | recorded.keys()) if wanted.get(n) != recorded.get(n)]
    if not names:
        return ""
    differences = ", ".join(f"{n}={recorded.get(n)!r} (here {wanted.get(n)!r})" for n in names[:3])
    return f"the recorded numbers were made with {differences}" + (" and others" if len(names) > 3 else "")


def _same_tolerance(title: str, limits: Mapping[str, Tolerance], recorded: Mapping[str, Mapping[str, float]]) -> None:
    """Raise a `UserError` if a tolerance differs from the record's: it may only change together with the record."""
    before = {column: Tolerance(**values) for column, values in recorded.items()}
    for column, limit in limits.items():
        if column in before and before[column] != limit:
            raise UserError(
                f"{title}: the tolerance of {column} is {limit}, the record has {before[column]}; "
                f"state the recorded one, or record again with {RECORD}=1"
            )


def _record(
    path: Path,
    title: str,
    cells: pd.DataFrame,
    limits: Mapping[str, Tolerance],
    parameters: Mapping[str, Any],
    unchecked: tuple[str, ...],
) -> None:
    content = {
        "title": title,
        "parameters": parameters,
        "tolerance": {c: {"absolute": t.absolute, "relative": t.relative} for c, t in limits.items()},
        "unchecked": list(unchecked),
        "provenance": provenance.environment(),
        "cells": {row: {c: cells.loc[row, c] for c in cells.columns} for row in cells.index},
    }
    write_json(path, content)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        numbers = [v for row in record["cells"].values() for v in row.values() if isinstance(v, float)]
        if not all(map(math.isfinite, numbers)) or not {"parameters", "tolerance"} <= record.keys():
            raise ValueError
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, AttributeError):
        raise UserError(f"{path}: not a record of obtained numbers; restore it with git or record it again") from None
    return record
