"""Mean average precision and R@1 by group of queries: kinds of queries, levels of difficulty."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.evaluation.average_precision import Rule, average_precisions
from vretlib.evaluation.ranking import as_ids
from vretlib.evaluation.recall import hit_rate_at


def by_query(
    rankings: Sequence[ArrayLike] | NDArray,
    relevant: Sequence[ArrayLike],
    groups: Sequence[str],
    names: Sequence[str],
    *,
    cut: int | None = None,
    rule: Rule = "plain",
) -> dict[str, NDArray[np.float64]]:
    """Average precision and success at rank 1 of single queries for each group, ``{"easy|mAP": values, ...}``.

    The values are (nq,), those of queries of other groups NaN. Their means are those of `map_and_recall`.

    Parameters
    ----------
    rankings: (nq, n) ids, best first.
    relevant: the ids that each query should find.
    groups: (nq,) the group of each query.
    names: of the groups to report, in this order; queries of other groups do not count.
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


def map_and_recall(
    rankings: Sequence[ArrayLike] | NDArray,
    relevant: Sequence[ArrayLike],
    groups: Sequence[str],
    names: Sequence[str],
    *,
    cut: int | None = None,
    rule: Rule = "plain",
) -> dict[str, float]:
    """Two means for each group, ``{"easy|mAP": 0.5, "easy|R@1": 1.0, ...}``; NaN for a group without queries.

    A query without relevant ids, which has no average precision, is in no mean of average precisions. The parameters
    and the errors are those of `by_query`.
    """
    values = by_query(rankings, relevant, groups, names, cut=cut, rule=rule)
    return {name: float(np.nanmean(of)) if not np.isnan(of).all() else np.nan for name, of in values.items()}
