"""Tables in Markdown whose cells are means over queries with their intervals, as README has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.evaluation import intervals


def mean(values: ArrayLike) -> str:
    """The mean of one value for each query, and its 95 % bootstrap interval over queries: "0.24 [0.20, 0.28]".

    Values that are all 0 or all 1 have the exact binomial interval. Queries without a value (NaN) are left out; the
    text is empty if no query has a value.
    """
    x = arrays.array(values, "values").astype(np.float64).ravel()
    x = x[~np.isnan(x)]
    if not len(x):
        return ""
    unanimous = set(x.tolist()) in ({0.0}, {1.0})
    low, high = (
        intervals.of_unanimous(float(x[0]), len(x)) if unanimous else intervals.Resampling(len(x)).interval(x)[0]
    )
    return f"{x.mean():.2f} [{low:.2f}, {high:.2f}]"


def table(corner: str, headings: Sequence[str], rows: Mapping[str, Sequence[str]]) -> str:
    """A table in Markdown. ``rows`` has the texts of each row's cells, one for each heading.

    Raises
    ------
    UserError: a row has not one cell for each heading.
    """
    for name, cells in rows.items():
        if len(cells) != len(headings):
            raise UserError(f"row {name!r} has {len(cells)} cells; expected {len(headings)}, one for each heading")
    lines = [[corner, *headings], ["---"] * (1 + len(headings)), *([name, *cells] for name, cells in rows.items())]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
