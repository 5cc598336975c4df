"""A table of a chapter with its tolerances, formats, and the reasons for missing cells."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from vretlib.report.comparison import Direction, Reasons
from vretlib.report.left_out import LeftOut
from vretlib.report.recorded import Tolerance


@dataclass(frozen=True)
class Check:
    """Numbers that are compared with recorded ones.

    Parameters
    ----------
    frame: the table, or the part of it that is recorded.
    tolerance, unchecked: as in :func:`vretlib.report.recorded.check`.
    part: name of this part in the checked line, such as ``"networks"``, if a table has several parts.
    """

    frame: pd.DataFrame
    tolerance: float | Tolerance | Mapping[str, Any]
    part: str = ""
    unchecked: Iterable[str] = ()


@dataclass(frozen=True)
class Table:
    """The result of a function of a chapter's ``tables``; :class:`vretlib.report.Chapter` shows, saves and checks it.

    Parameters
    ----------
    frame: the numbers, with the printed headings if the table is compared with a published one.
    checks: the numbers that ``Chapter.check_all`` compares with recorded ones; empty if they differ from run to run.
    reasons, better, formats: as in :func:`vretlib.report.comparison.compare`.
    """

    frame: pd.DataFrame
    checks: Sequence[Check] = ()
    reasons: Reasons = ""
    better: Mapping[str, Direction] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)


def as_table(obtained: Table | pd.DataFrame) -> Table:
    """The table; a plain frame becomes a table without checks and reasons."""
    return obtained if isinstance(obtained, Table) else Table(obtained)


Obtained = Table | pd.DataFrame | LeftOut
"""The argument of a page: a table, or the reason why there is none."""
