"""Bootstrap intervals for a table of 12 methods and 3 measures, beside `scipy.stats.bootstrap`, which users would call.

scipy resamples the rows of a method one call at a time, or all rows of a column in one call (``axis=1``, whole array in
memory). Its resamples are drawn anew for each call: it has no paired differences between the rows of a table.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from benchmarks import Goal, Options, Row
from benchmarks.timing import in_turns
from vretlib.evaluation.intervals import Resampling

OURS, BY_ROW, AT_ONCE = "vretlib: Resampling", "scipy.stats.bootstrap, row by row", "scipy.stats.bootstrap, axis=1"
N_METHODS, N_MEASURES, N_RESAMPLES = 12, 3, 2000


def run(options: Options) -> list[Row]:
    """Milliseconds for all intervals of a table, and how far the widths of the intervals differ."""
    n_queries = 40 if options.quick else 400
    rng = np.random.default_rng(options.seed)
    tables = rng.beta(2, 1, size=(N_MEASURES, N_METHODS, n_queries))

    def ours() -> NDArray[np.float64]:
        return np.stack([Resampling(n_queries, n=N_RESAMPLES).interval(table) for table in tables])

    def theirs(rows: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
        found = stats.bootstrap(
            (rows,), np.mean, n_resamples=N_RESAMPLES, axis=axis, method="percentile", rng=options.seed
        ).confidence_interval
        return np.stack([found.low, found.high], axis=-1)

    def by_row() -> NDArray[np.float64]:
        return np.stack([[theirs(row, 0) for row in table] for table in tables])

    def at_once() -> NDArray[np.float64]:
        return np.stack([theirs(table, 1) for table in tables])

    widths = [np.diff(found(), axis=-1) for found in (ours, by_row)]
    apart = float(np.abs(widths[0] / widths[1] - 1).mean())
    seconds = dict(
        zip((OURS, BY_ROW, AT_ONCE), in_turns([ours, by_row, at_once], 1 if options.quick else 5), strict=True)
    )
    subject = f"95 % intervals of {N_METHODS} × {N_MEASURES} cells, {n_queries} queries"
    goal = Goal(1000, 1000 * seconds[OURS], "at most a second for a table", at_most=True)
    settings: dict[str, float | int | str] = {"resamples": N_RESAMPLES, "seed": options.seed}
    return [
        Row(subject, name, 1000 * spent, "ms", settings, goal if name == OURS else None)
        for name, spent in seconds.items()
    ] + [
        Row(
            "mean relative difference between widths of intervals", OURS, 100 * apart, "%", settings,
            Goal(5, 100 * apart, "within 5 % of scipy's percentile intervals", at_most=True),
        )
    ]  # fmt: skip
