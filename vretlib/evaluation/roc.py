"""ROC of the visual-match score and the choice of its threshold τ, thesis section 4.3.2, eqs 4.8-4.9 and Fig 4.4."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays
from vretlib.errors import UserError


class ChosenThreshold(NamedTuple):
    """A chosen threshold, its rates, and the interval of thresholds with the same rates."""

    tau: float
    tpr: float
    fpr: float
    low: float
    high: float


def roc(scores: ArrayLike, labels: ArrayLike, thresholds: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """True and false positive rates at every threshold, eqs 4.8 and 4.9.

    Parameters
    ----------
    scores: (n,) float; visual similarity of each annotated pair (eq 4.5).
    labels: (n,) bool, or 0 and 1; whether the pair *is* a visual match.
    thresholds: (t,) float; values of τ, in any order. A pair is positive when its score is strictly above τ; a pair
        with the score τ is negative.

    Returns
    -------
    tpr, fpr: (t,) float64

    Raises
    ------
    UserError: no positive or no negative pair (its rate would be 0 / 0), lengths that differ, NaN, or a label that is
        neither true nor false.
    """
    values = arrays.scores(scores, "scores", 1).astype(np.float64)
    truth = arrays.flags(labels, "labels")
    taus = arrays.scores(thresholds, "thresholds", 1).astype(np.float64)
    if len(values) != len(truth):
        raise UserError(f"{len(values)} scores but {len(truth)} labels; give one label per score")
    if truth.all() or not truth.any():
        missing = "negative" if truth.any() else "positive"
        raise UserError(f"no {missing} pair among {len(truth)}; a ROC needs both kinds")
    return _share_above(values[truth], taus), _share_above(values[~truth], taus)


def choose_threshold(
    scores: ArrayLike, labels: ArrayLike, thresholds: ArrayLike, max_fpr: float = 0.0
) -> ChosenThreshold:
    """The threshold with the highest TPR among those whose FPR is at most ``max_fpr``.

    The thesis states its choice ("τ = 0.15, with TPR = 0.98 and FPR = 0") but no rule; these numbers suggest the one
    here. Usually several neighbouring thresholds give the same two rates. The middle of their interval is returned,
    which is furthest from a change of either rate; ``low`` and ``high`` are its ends.

    Raises
    ------
    UserError: every threshold has an FPR above ``max_fpr``, an infinite threshold, or as in `roc`.
    """
    taus = np.sort(arrays.scores(thresholds, "thresholds", 1).astype(np.float64))
    if not np.isfinite(taus).all():
        raise UserError("thresholds hold infinity; expected numbers, one of which can be chosen")
    max_fpr = arrays.number(max_fpr, "max_fpr", minimum=0, maximum=1)
    tpr, fpr = roc(scores, labels, taus)
    allowed = fpr <= max_fpr
    if not allowed.any():
        raise UserError(
            f"no threshold has FPR ≤ {max_fpr:g} (lowest: {fpr.min(initial=1.0):.3f}); try higher thresholds"
        )
    first = int(np.argmax(allowed))  # both rates fall as τ grows, so the first allowed τ has the highest TPR
    as_good = np.flatnonzero((tpr == tpr[first]) & (fpr == fpr[first]))
    low, high = float(taus[as_good[0]]), float(taus[as_good[-1]])
    return ChosenThreshold((low + high) / 2, float(tpr[first]), float(fpr[first]), low, high)


def _share_above(values: NDArray[np.float64], taus: NDArray[np.float64]) -> NDArray[np.float64]:
    at_most = np.searchsorted(np.sort(values), taus, side="right")
    return np.asarray((len(values) - at_most) / len(values), dtype=np.float64)
