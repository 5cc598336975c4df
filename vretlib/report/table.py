"""A table of a chapter with its queries' values, tolerances, formats, and the reasons for missing cells."""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.evaluation.intervals import Resampling, of_unanimous
from vretlib.report.comparison import Reasons
from vretlib.report.gains import Baseline, Direction
from vretlib.report.headings import flat
from vretlib.report.left_out import LeftOut
from vretlib.report.measured import AND_SEEDS, Measured
from vretlib.report.numbers import Format
from vretlib.report.recorded import Tolerance

CellKey = tuple[str, str]


@dataclass(frozen=True)
class Check:
    """Numbers that are compared with recorded ones.

    Parameters
    ----------
    frame: the table, or the part of it that is recorded.
    tolerance, unchecked: as in `vretlib.report.recorded.check`.
    part: name of this part in the checked line, such as ``"networks"``, if a table has several parts.
    """

    frame: pd.DataFrame
    tolerance: float | Tolerance | Mapping[str, Any]
    part: str = ""
    unchecked: Iterable[str] = ()


@dataclass(frozen=True)
class Table:
    """The result of a function of a chapter's ``tables``; `vretlib.report.Chapter` shows, saves and checks it.

    Parameters
    ----------
    frame: the numbers, with the printed headings if the table is compared with a published one.
    checks: the numbers that ``Chapter.check_all`` compares with recorded ones; empty if they differ from run to run.
    reasons, better, formats, baseline, stands_for: as in `vretlib.report.comparison.with_published`.
    per_query: by (row, column), the values of single queries whose mean is the cell, in the cell's unit; NaN for a
        query that does not count. The queries of a column have the same order in all rows. From these come the 95 %
        intervals, the paired gains, and the verdicts on claims. A cell that is the mean over several seeds has values
        of shape (seeds, queries), and its interval is over both.
    over: what the values of ``per_query`` belong to, as the legend names it, where that is not queries.
    medians: columns whose cells are the median of the queries' values, such as ``("MR",)``.
    spread: by (row, column), the number obtained with each of several seeds, where it comes from training.
    """

    frame: pd.DataFrame
    checks: Sequence[Check] = ()
    reasons: Reasons = ""
    better: Mapping[str, Direction] = field(default_factory=dict)
    formats: Mapping[str, Format] = field(default_factory=dict)
    baseline: Baseline = ""
    stands_for: Mapping[str, str] = field(default_factory=dict)
    per_query: Mapping[CellKey, ArrayLike] = field(default_factory=dict)
    over: str = "queries"
    medians: Sequence[str] = ()
    spread: Mapping[CellKey, Sequence[float]] = field(default_factory=dict)

    def measured(self) -> pd.DataFrame:
        """The frame with flat keys; numbers with values per query are `vretlib.report.measured.Measured`.

        Raises
        ------
        UserError: values of a cell that the frame does not have, other numbers of values in two rows of a column, or
            values whose mean (median) is not the cell.
        """
        frame = flat(self.frame).astype(object)
        for column in dict.fromkeys(column for _, column in self.per_query):
            rows = [row for row, c in self.per_query if c == column]
            unknown = [row for row in rows if row not in frame.index or column not in frame.columns]
            if unknown:
                raise UserError(f"per_query: {unknown[0]}, {column} is no cell of the table")
            cells = [float(cell) for cell in frame.loc[rows, column].tolist()]
            for row, number in zip(rows, self._resampled(rows, column, cells), strict=True):
                frame.loc[row, column] = number
        return frame

    def _resampled(self, rows: list[str], column: str, cells: list[float]) -> list[float]:
        """The cells of a column with their resamples; a cell for which no query has a value stays NaN."""
        given = [np.asarray(arrays.array(self.per_query[row, column], "per_query")) for row in rows]
        median = column in self.medians
        dims = (1,) if median else (1, 2)
        if len({v.shape[-1:] for v in given}) > 1 or not all(v.ndim in dims and v.size for v in given):
            shapes = ", ".join(f"{row} {v.shape}" for row, v in zip(rows, given, strict=True))
            raise UserError(f"per_query, {column}: {shapes}; expected one value for each query, as many in each row")
        values = np.vstack(given).astype(np.float64)
        shares = not median and not (values < 0).any() and not (values > 1).any()
        resampling = Resampling(values.shape[1])
        resamples = resampling.values(values, "median" if median else "mean")
        starts = np.cumsum([len(np.atleast_2d(v)) for v in given])[:-1]
        numbers: list[float] = []
        for row, cell, mine, drawn in zip(
            rows, cells, np.split(values, starts), np.split(resamples, starts, axis=1), strict=True
        ):
            if np.isnan(mine).all():
                numbers.append(cell)
                continue
            of = float(np.nanmedian(mine) if median else np.nanmean(mine, axis=1).mean())
            if not abs(cell - of) <= 1e-6 * max(1.0, abs(cell)):
                raise UserError(
                    f"per_query: the queries' values give {of:.6g}, and {row}, {column} is {cell:.6g}; give the values "
                    "that the cell was computed from"
                )
            draw = zlib.crc32(f"{row}\n{column}".encode())
            over = self.over + (AND_SEEDS if len(mine) > 1 else "")
            n_known = int((~np.isnan(mine)).any(axis=0).sum())
            bounds = of_unanimous(cell, n_known) if shares and cell in (0, 1) else None
            numbers.append(Measured(cell, _mean_of_seeds(drawn, draw), over, bounds))
        return numbers

    def bounds(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The lower and the upper ends of the 95 % intervals, in the frame's shape, for figures; NaN without values."""
        cells = self.measured()
        sides = [
            cells.map(lambda cell, i=i: cell.interval[i] if isinstance(cell, Measured) else np.nan).astype(float)
            for i in (0, 1)
        ]
        for side in sides:
            side.index, side.columns = self.frame.index, self.frame.columns
        return sides[0], sides[1]

    def bands(self, by: Literal["row", "column"] = "column") -> dict[str, tuple[pd.Series, pd.Series]]:
        """The ends of the intervals of each column (or row) that has any, by its name, as curves take them."""
        low, high = (side.T if by == "row" else side for side in self.bounds())
        return {str(name): (low[name], high[name]) for name in low if low[name].notna().any()}


def _mean_of_seeds(resampled: NDArray[np.float64], draw: int) -> NDArray[np.float64]:
    """Resamples of the mean over seeds (resamples,), from those of each seed (resamples, seeds).

    Seeds are drawn with replacement too, on their own for each cell, because the seeds of two methods have nothing to
    do with each other. Where two methods start from the same weights and see the same batches, the interval of their
    difference is therefore wider than it need be. ``draw`` is another number for each cell.

    Such a draw of S seeds varies by (S - 1) / S of what S new seeds would; this is made up for.
    """
    n_seeds = resampled.shape[1]
    if n_seeds == 1:
        return resampled[:, 0]
    counts = np.random.default_rng(draw).multinomial(n_seeds, np.full(n_seeds, 1 / n_seeds), size=len(resampled))
    beyond = ((counts - 1) / n_seeds * resampled).sum(axis=1)
    return resampled.mean(axis=1) + beyond * np.sqrt(n_seeds / (n_seeds - 1))


def as_table(obtained: Table | pd.DataFrame) -> Table:
    """The table; a plain frame becomes a table without checks and reasons."""
    return obtained if isinstance(obtained, Table) else Table(obtained)


Obtained = Table | pd.DataFrame | LeftOut
"""The argument of a page: a table, or the reason why there is none."""
