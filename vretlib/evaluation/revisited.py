"""The protocol of revisited Oxford and Paris (Radenović et al., 2018): easy, medium and hard.

Each query has easy, hard and junk images. Each level has its own positives and junk:

    level     positives     junk
    easy      easy          junk, hard
    medium    easy, hard    junk
    hard      hard          junk, easy

The queries are not in the database. Average precision is the trapezoid with junk removed. A query without positives at
a level is left out of its means and reported.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.evaluation.average_precision import MeanAP, average_precisions, mean
from vretlib.evaluation.ranking import Ids, as_ids, find_positives

Difficulty = Literal["easy", "medium", "hard"]
Sets = Sequence[ArrayLike]


@dataclass(frozen=True, eq=False)
class LevelResult:
    """The measures of one level.

    Attributes
    ----------
    average_precision: mean and per query.
    precision_at: mP@k for each k asked for, mean and per query.
    """

    average_precision: MeanAP
    precision_at: dict[int, MeanAP]


def evaluate(
    rankings: Sequence[ArrayLike] | NDArray,
    easy: Sets,
    hard: Sets,
    junk: Sets,
    *,
    ks: Sequence[int] = (1, 5, 10),
    names: Sequence[Difficulty] = get_args(Difficulty),
) -> dict[Difficulty, LevelResult]:
    """The mAP and mP@k at each of the three levels, or at those in ``names``.

    Parameters
    ----------
    rankings: nq rows of ids, best first.
    easy, hard, junk: nq collections of ids each.
    ks: for mP@k; the benchmark reports 1, 5 and 10.
    names: the levels to evaluate.

    Raises
    ------
    UserError: a ``k`` below 1, an unknown level, a level at which no query has positives, or as in
        `vretlib.evaluation.ranking.find_positives`.
    """
    sets = levels(easy, hard, junk)
    ks = [arrays.whole(k, "ks", 1, what="places looked at") for k in arrays.entries(ks, "ks")]
    results: dict[Difficulty, LevelResult] = {}
    for level in arrays.entries(names, "names"):
        arrays.choice(level, "level", sets)
        positives, ignored = sets[level]
        values = average_precisions(rankings, positives, ignored)
        if np.isnan(values).all():
            raise UserError(f"level {level}: none of {len(values)} queries has positives; name the other levels")
        at = {k: mean(shrinking_precision_at(rankings, positives, k, ignored)) for k in ks}
        results[level] = LevelResult(mean(values), at)
    return results


def levels(easy: Sets, hard: Sets, junk: Sets) -> dict[Difficulty, tuple[list[Ids], list[Ids]]]:
    """Positives and junk of every query at each level, see the table of this module.

    Raises
    ------
    UserError: the numbers of easy, hard and junk sets differ.
    """
    easy, hard, junk = (arrays.entries(sets, name) for name, sets in (("easy", easy), ("hard", hard), ("junk", junk)))
    if not len(easy) == len(hard) == len(junk):
        raise UserError(f"{len(easy)} sets of easy, {len(hard)} of hard, {len(junk)} of junk; expected one per query")
    easy, hard, junk = (
        [as_ids(ids, f"query {query}: {name}") for query, ids in enumerate(sets)]
        for name, sets in (("easy", easy), ("hard", hard), ("junk", junk))
    )
    return {
        "easy": (easy, _joined(junk, hard)),
        "medium": (_joined(easy, hard), junk),
        "hard": (hard, _joined(junk, easy)),
    }


def shrinking_precision_at(
    rankings: Sequence[ArrayLike] | NDArray, positives: Sets, k: int, junk: Sets | None = None
) -> NDArray[np.float64]:
    """Precision among the first ``k``, (nq,), as the benchmark's program defines it.

    When the last positive has a rank below ``k``, its rank replaces ``k``: a query with three positives that are all
    found first has precision 1 at 10, not 0.3. The value is NaN without positives, and 0 when no positive is in the
    ranking (the program, written for whole rankings, fails there).
    """
    k = arrays.whole(k, "k", 1, what="places looked at")
    found = find_positives(rankings, positives, junk)
    values = np.full(len(found), np.nan)
    for query, (ranks, n_positives) in enumerate(found):
        if len(ranks):
            places = min(k, int(ranks[-1]) + 1)
            values[query] = np.searchsorted(ranks, places) / places
        elif n_positives:
            values[query] = 0.0
    return values


def _joined(some: Sequence[Ids], others: Sequence[Ids]) -> list[Ids]:
    return [np.concatenate(pair) for pair in zip(some, others, strict=True)]
