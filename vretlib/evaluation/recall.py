"""Measures of the first results: R@K in three definitions, and the median rank.

The thesis defines R@K by eq 2.11, "relevant elements in K, divided by K", which is the *precision* at K. Its tables and
the authors' code report the share of queries with something relevant among the first K, the *hit rate*. Eq 2.10 on the
first K items is the *recall* at K. This module has all three under their own names.

Every function takes one ranking, one set of positives and one of junk per query (see `vretlib.evaluation.ranking`; junk
is taken out before ranks are counted) and returns one value per query, float64 (nq,), NaN where a query has no
positives: `vretlib.evaluation.average_precision.mean` averages the others and reports those. Places beyond the end of a
ranking that stops early count as not relevant. Rankings are taken in the order that they have: equal scores are a
matter of `vretlib.evaluation.ranking.rank`.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.evaluation.ranking import find_positives

Values = NDArray[np.float64]
_Rankings = Sequence[ArrayLike] | NDArray
_Sets = Sequence[ArrayLike]


class MedianRank(NamedTuple):
    """A median over queries, the rank of each query, and the queries that are left out; see `median_rank`."""

    value: float
    per_query: Values
    without_positives: NDArray[np.int64]


def hit_rate_at(rankings: _Rankings, positives: _Sets, k: int, junk: _Sets | None = None) -> Values:
    """1 for each query with a positive among the first ``k``, else 0; the mean is the R@K of the thesis' tables.

    Raises
    ------
    UserError: ``k`` is no whole number above 0, or as in `vretlib.evaluation.ranking.find_positives`.

    Examples
    --------
    >>> hit_rate_at([[2, 0, 1], [1, 2, 0]], [[0], [0]], 2).tolist()
    [1.0, 0.0]
    """
    hits, n_positives = _count(rankings, positives, k, junk)
    return _where_positives(np.minimum(hits, 1), n_positives)


def precision_at(rankings: _Rankings, positives: _Sets, k: int, junk: _Sets | None = None) -> Values:
    """Positives among the first ``k``, divided by ``k``, for each query: eq 2.11, which the thesis calls R@K.

    The positives in a ranking of fewer than ``k`` items are divided by ``k`` too.

    Raises
    ------
    UserError: ``k`` is no whole number above 0, or as in `vretlib.evaluation.ranking.find_positives`.
    """
    hits, n_positives = _count(rankings, positives, k, junk)
    return _where_positives(hits / int(k), n_positives)


def recall_at(rankings: _Rankings, positives: _Sets, k: int, junk: _Sets | None = None) -> Values:
    """Positives among the first ``k``, divided by all positives, for each query: eq 2.10 on the first ``k``.

    Raises
    ------
    UserError: ``k`` is no whole number above 0, or as in `vretlib.evaluation.ranking.find_positives`.
    """
    hits, n_positives = _count(rankings, positives, k, junk)
    return _where_positives(hits / np.maximum(n_positives, 1), n_positives)


def median_rank(rankings: _Rankings, positives: _Sets, junk: _Sets | None = None) -> MedianRank:
    """The median rank of the first positive, counted from 1, over the queries with positives.

    A query whose positives are all missing from its ranking has the rank infinity. With an even number of queries the
    median is the mean of the middle two.

    Raises
    ------
    UserError: no query has positives, or as in `vretlib.evaluation.ranking.find_positives`.
    """
    found = find_positives(rankings, positives, junk)
    first = np.array([1.0 + ranks[0] if len(ranks) else np.inf for ranks, _ in found])
    per_query = _where_positives(first, np.array([n for _, n in found]))
    missing = np.isnan(per_query)
    if missing.all():
        raise UserError(f"none of {len(found)} queries has positives; a median needs at least one that has")
    return MedianRank(float(np.median(per_query[~missing])), per_query, np.flatnonzero(missing))


def _count(
    rankings: _Rankings, positives: _Sets, k: int, junk: _Sets | None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Numbers of positives among the first ``k``, and of all positives, of each query."""
    k = arrays.whole(k, "k", 1, what="places looked at")
    found = find_positives(rankings, positives, junk)
    return (
        np.array([np.searchsorted(ranks, k) for ranks, _ in found], np.int64),
        np.array([n for _, n in found], np.int64),
    )


def _where_positives(values: NDArray, n_positives: NDArray[np.int64]) -> Values:
    return np.where(n_positives > 0, values, np.nan).astype(np.float64)
