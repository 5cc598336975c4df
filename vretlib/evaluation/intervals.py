"""Bootstrap intervals over queries, paired across methods: how far a number would move with other queries.

The same resamples of the queries serve every method, so that the difference of two methods is judged on the same
queries (paired bootstrap). Intervals are percentiles of the resampled values (Efron and Tibshirani, *An Introduction to
the Bootstrap*, 1993, chapter 13). They measure the chance in the choice of queries, and say nothing about the choice of
training data or of a seed (seeds enter the intervals of tables, see `vretlib.report.table`).

A share of exactly 0 or 1 is the same in every resample, so that its bootstrap interval has no width. `of_unanimous` has
the exact binomial interval for it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays
from vretlib.errors import UserError

F64 = NDArray[np.float64]
Statistic = Literal["mean", "median"]

LEVEL = 0.95
_AT_ONCE = 1 << 22  # counts held together, 32 MiB


@dataclass(frozen=True)
class Resampling:
    """Resamples of queries, drawn with replacement: the same ones whenever ``n_queries``, ``n`` and ``seed`` are equal.

    Parameters
    ----------
    n_queries: number of queries; each resample has as many.
    n: number of resamples.
    seed: of the draw.
    level: share of the resampled values that an interval holds.

    Raises
    ------
    UserError: no queries, no resamples, or a level outside 0 to 1.
    """

    n_queries: int
    n: int = 2000
    seed: int = 0
    level: float = LEVEL

    def __post_init__(self) -> None:
        arrays.whole(self.n_queries, "n_queries", minimum=1)
        arrays.whole(self.n, "n", minimum=1)
        arrays.whole(self.seed, "seed", minimum=0)
        if not 0 < arrays.number(self.level, "level") < 1:
            raise UserError(f"level={self.level}: expected a share between 0 and 1, such as 0.95")

    def values(self, per_query: ArrayLike, statistic: Statistic = "mean") -> F64:
        """The mean or median of every resample, float64 (resamples, rows), of values per query (rows, queries).

        A query without a value (NaN) is left out of its row. A resample in which a row has no value is NaN there. The
        median of an even number of values is the mean of the middle two.

        Raises
        ------
        UserError: ``per_query`` has not one number for each query in a row, or has infinity, or the statistic is
            unknown.
        """
        return self._values(per_query, "per_query", statistic)

    def interval(self, per_query: ArrayLike, statistic: Statistic = "mean") -> F64:
        """Lower and upper end for each row, float64 (rows, 2); parameters as in `values`."""
        return ends(self.values(per_query, statistic), self.level).T

    def difference(self, per_query: ArrayLike, baseline: ArrayLike, statistic: Statistic = "mean") -> F64:
        """Ends of each row's statistic minus the baseline's, float64 (rows, 2).

        ``baseline`` is (queries,), or (rows, queries) where each row has its own. Errors as in `values`.
        """
        values, base = (self._values(*of, statistic) for of in ((per_query, "per_query"), (baseline, "baseline")))
        if base.shape[1] not in (1, values.shape[1]):
            raise UserError(
                f"baseline has {base.shape[1]} rows, per_query {values.shape[1]}; expected one, or as many rows"
            )
        return ends(values - base, self.level).T

    def _values(self, given: ArrayLike, name: str, statistic: Statistic) -> F64:
        x = np.atleast_2d(arrays.array(given, name))
        if x.ndim != 2 or x.dtype.kind not in "fiub" or x.shape[1] != self.n_queries:
            raise UserError(
                f"{name} is {x.dtype} of shape {x.shape}; expected numbers (rows, {self.n_queries}), "
                "one for each query that is resampled"
            )
        x = x.astype(np.float64)
        if np.isinf(x).any():
            raise UserError(f"{name} has infinite values; expected finite ones, and NaN for a query without value")
        if statistic not in ("mean", "median"):
            raise UserError(f'statistic={statistic!r}: expected "mean" or "median"')
        of = _means if statistic == "mean" else _medians
        return np.concatenate([of(x, counts) for counts in self._counts()])

    def _counts(self) -> Iterator[F64]:
        """How often each query is drawn, float64 (resamples, queries), in blocks of resamples."""
        rng, q = np.random.default_rng(self.seed), self.n_queries
        step = max(1, _AT_ONCE // q)
        for start in range(0, self.n, step):
            rows = min(step, self.n - start)
            drawn = rng.integers(q, size=(rows, q)) + q * np.arange(rows)[:, None]
            yield np.bincount(drawn.ravel(), minlength=rows * q).reshape(rows, q).astype(np.float64)


def ends(values: ArrayLike, level: float = LEVEL) -> F64:
    """The lower and the upper end, float64 (2, ...), of resampled values (resamples, ...).

    Values that are not finite (a resample without queries that count, a quotient by zero) are left out; the ends are
    NaN if nothing is left.

    Raises
    ------
    UserError: a single number, no values, or values that are not real numbers.
    """
    x = arrays.array(values, "values")
    if x.ndim == 0 or not x.size or x.dtype.kind not in "fiub":
        raise UserError(f"values is {x.dtype} of shape {x.shape}; expected numbers (resamples, ...)")
    x = x.astype(np.float64)
    at = [(1 - level) / 2, (1 + level) / 2]
    if np.isfinite(x).all():
        return np.quantile(x, at, axis=0)
    kept = [column[np.isfinite(column)] for column in x.reshape(len(x), -1).T]
    found = [np.quantile(column, at) if len(column) else (np.nan, np.nan) for column in kept]
    return np.array(found).T.reshape(2, *x.shape[1:])


def of_unanimous(share: float, n_queries: int, level: float = LEVEL) -> tuple[float, float]:
    """The exact interval of a share of exactly 0 or 1 among ``n_queries`` queries (Clopper and Pearson, 1934).

    At these two shares, and nowhere else, Clopper and Pearson's limits have a closed form. The interval is two-sided
    as all others: its open end lies somewhat farther away than the one-sided "rule of three", 3 / n. It also holds for
    the mean of values between 0 and 1 that are all 0 or all 1, such as average precisions.

    Raises
    ------
    UserError: another share, no queries, or a level outside 0 to 1.

    Examples
    --------
    >>> of_unanimous(1.0, 150)[0].__round__(3), of_unanimous(0.0, 150)[1].__round__(3)
    (0.976, 0.024)
    """
    if arrays.number(share, "share") not in (0, 1):
        raise UserError(f"share={share}: expected exactly 0 or 1; other shares are resampled (`Resampling`)")
    n = arrays.whole(n_queries, "n_queries", minimum=1)
    if not 0 < arrays.number(level, "level") < 1:
        raise UserError(f"level={level}: expected a share between 0 and 1, such as 0.95")
    open_end = ((1 - level) / 2) ** (1 / n)
    return (open_end, 1.0) if share else (0.0, 1 - open_end)


def _means(x: F64, counts: F64) -> F64:
    known = ~np.isnan(x)
    total = counts.sum(axis=1, keepdims=True) if known.all() else counts @ known.T.astype(np.float64)
    with np.errstate(invalid="ignore"):
        return (counts @ np.where(known, x, 0.0).T) / total


def _medians(x: F64, counts: F64) -> F64:
    return np.stack([_median(row, counts) for row in x], axis=1)


def _median(row: F64, counts: F64) -> F64:
    known = np.flatnonzero(~np.isnan(row))
    if not len(known):
        return np.full(len(counts), np.nan)
    order = known[np.argsort(row[known], kind="stable")]
    below = np.cumsum(counts[:, order], axis=1)
    total = below[:, -1]
    middle = [
        row[order[np.minimum((below < k[:, None]).sum(axis=1), len(order) - 1)]]
        for k in (np.floor((total + 1) / 2), np.ceil((total + 1) / 2))
    ]
    return np.where(total > 0, (middle[0] + middle[1]) / 2, np.nan)
