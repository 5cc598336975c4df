"""Tables whose cells are means over queries."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from vretlib.report.recorded import Tolerance
from vretlib.report.table import CellKey, Check, Table


def means(
    per_query: Mapping[CellKey, ArrayLike],
    tolerance: float | Tolerance | Mapping[str, float] | None = None,
    baseline: str | Mapping[str, str] = "",
) -> Table:
    """A table of the means of values per query, by (row, column), with the values, so that it has intervals.

    A query without a value (NaN) is left out of the mean; a cell without any value is NaN. Values of several seeds are
    (seeds, queries): the cell is their mean, and the mean of each seed is its spread.

    Parameters
    ----------
    tolerance: the tolerance of the recorded numbers; None records nothing.
    baseline: as in `vretlib.report.table.Table`.

    Examples
    --------
    >>> means({("a", "Acc"): [1, 0], ("b", "Acc"): [1, np.nan]}).frame["Acc"].tolist()
    [0.5, 1.0]
    """
    rows, columns = (list(dict.fromkeys(key[part] for key in per_query)) for part in (0, 1))
    frame = pd.DataFrame(np.nan, rows, columns)
    spread = {}
    for key, values in per_query.items():
        x = np.asarray(values, np.float64)
        frame.loc[key] = np.nan if np.isnan(x).all() else np.nanmean(x)
        if x.ndim == 2 and len(x) > 1:
            spread[key] = np.nanmean(x, axis=1).tolist()
    checks = [] if tolerance is None else [Check(frame, tolerance)]
    return Table(frame, checks=checks, per_query=per_query, baseline=baseline, spread=spread)
