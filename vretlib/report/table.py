"""A table of a chapter with what stands beside it: the numbers that are recorded, their tolerance, what is missing."""

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
    frame: the table itself, or the part of it that is recorded.
    tolerance, unchecked: as in :func:`vretlib.report.recorded.check`.
    part: what the checked line calls this part of the table, where a table has several: ``"networks"``.
    """

    frame: pd.DataFrame
    tolerance: float | Tolerance | Mapping[str, Any]
    part: str = ""
    unchecked: Iterable[str] = ()


@dataclass(frozen=True)
class Table:
    """What a function of a chapter's ``tables`` returns; :class:`vretlib.report.Chapter` shows, keeps and checks it.

    Parameters
    ----------
    frame: rows and columns under the printed headings where the table is compared with a published one.
    checks: what ``Chapter.check_all`` compares with recorded numbers; none for a table that differs from run to run.
    reasons, better, formats: as in :func:`vretlib.report.comparison.compare`.
    """

    frame: pd.DataFrame
    checks: Sequence[Check] = ()
    reasons: Reasons = ""
    better: Mapping[str, Direction] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)


def as_table(obtained: Table | pd.DataFrame) -> Table:
    """The table; a plain frame is one without checks and without reasons."""
    return obtained if isinstance(obtained, Table) else Table(obtained)


Obtained = Table | pd.DataFrame | LeftOut
"""What a page hands over: a table, or the reason why there is none."""
