"""Average precision and success at rank 1 by group of queries: kinds of queries, levels of difficulty."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.evaluation.average_precision import ApRule, average_precisions
from vretlib.evaluation.ranking import as_ids
from vretlib.evaluation.recall import hit_rate_at


def by_query(
    rankings: Sequence[ArrayLike] | NDArray,
    relevant: Sequence[ArrayLike],
    groups: Sequence[str],
    names: Sequence[str],
    *,
    cut: int | None = None,
    rule: ApRule = "plain",
) -> dict[str, NDArray[np.float64]]:
    """Average precision and success at rank 1 of single queries for each group, ``{"easy|mAP": values, ...}``.

    The values are (nq,), NaN for queries of other groups. A query without relevant ids has no average
    precision: it is NaN too.

    Parameters
    ----------
    rankings: (nq, n) ids, best first.
    relevant: the ids that each query should find.
    groups: (nq,) the group of each query.
    names: the groups to report, in this order; queries of other groups do not count.
    cut: places of a ranking that count, None for all. Average precision divides by *all* relevant ids even so.
    rule: of average precision, see `vretlib.evaluation.average_precision`.

    Raises
    ------
    UserError: another number of groups than of rankings, and as `average_precisions`.
    """
    rankings, groups = arrays.entries(rankings, "rankings"), arrays.entries(groups, "groups")
    if len(groups) != len(rankings):
        raise UserError(f"{len(groups)} groups for {len(rankings)} rankings; expected one of each per query")
    cut = None if cut is None else arrays.whole(cut, "cut", 1)
    first = [as_ids(ranking, "ranking")[:cut] for ranking in rankings]
    precisions = average_precisions(first, relevant, rule=rule)
    hits = hit_rate_at(first, relevant, 1).astype(np.float64)
    found = {}
    for name in arrays.entries(names, "names"):
        mine = np.array([group == name for group in groups], np.bool_)
        found[f"{name}|mAP"] = np.where(mine, precisions, np.nan)
        found[f"{name}|R@1"] = np.where(mine, hits, np.nan)
    return found
