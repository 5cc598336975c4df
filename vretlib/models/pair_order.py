"""Scores of right pairs and of wrong pairs: how many are in order, and a sample of both kinds."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vretlib.errors import NoExampleError

Scores = NDArray[np.float32]
Ids = NDArray[np.int64]


def pairs_in_order(scores: Scores, positives: Sequence[Ids], left_out: Sequence[Ids]) -> float:
    """Share of pairs (right, wrong) in which the right one scores higher; ties count half.

    The mean is over queries that have both kinds. This is the mean of the queries' areas under the ROC curve.
    ``scores`` are (nq, nb), larger is more alike; ``left_out`` holds, per query, ids that are in neither group.

    Raises
    ------
    NoExampleError: no query has both right and wrong items.
    """
    shares = []
    for row, right, skipped in zip(scores, positives, left_out, strict=True):
        wrong = np.setdiff1d(np.arange(len(row)), np.union1d(right, skipped))
        if len(right) and len(wrong):
            difference = row[right][:, None] - row[wrong][None, :]
            shares.append(np.mean(difference > 0) + 0.5 * np.mean(difference == 0))
    if not shares:
        raise NoExampleError("no query has both right and wrong images; nothing to put in order")
    return float(np.mean(shares))


def sample_pairs(
    scores: Scores, positives: Sequence[Ids], left_out: Sequence[Ids], *, seed: int = 0
) -> dict[str, Scores]:
    """Scores of queries with all their positives ("same"), and with equally many of the rest, drawn ("another").

    ``left_out`` holds, per query, ids that are in neither group.

    Raises
    ------
    NoExampleError: there is no pair of one of the two kinds.
    """
    rng = np.random.default_rng(seed)
    same, other = [], []
    for row, ids, skipped in zip(scores, positives, left_out, strict=True):
        rest = np.setdiff1d(np.arange(len(row)), np.union1d(ids, skipped))
        same.append(row[ids])
        other.append(row[rng.choice(rest, min(len(ids), len(rest)), replace=False)])
    if not any(map(len, same)) or not any(map(len, other)):
        raise NoExampleError("no query has both a right image besides itself and a wrong one")
    return {"same": np.concatenate(same), "another": np.concatenate(other)}
