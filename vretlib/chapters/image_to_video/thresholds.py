"""The protocol's two thresholds: distance below which features match, score above which frames match."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from vretlib.evaluation.roc import ChosenThreshold, choose_threshold, roc
from vretlib.video.frame_matcher import VisualMatcher

DISTANCES = (0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6)
"""Distance thresholds to try: RootSIFT descriptors are unit vectors without negative entries, at most √2 apart."""

TAUS = np.linspace(0.0, 1.0, 406)
"""As many values of τ as Fig 4.4 has, over all possible scores; the thesis does not say which it took."""


@dataclass(frozen=True)
class Thresholds:
    """The chosen thresholds, with what led to them."""

    max_distance: float
    choice: ChosenThreshold
    tpr: NDArray[np.float64]
    """Rates at `TAUS` for the chosen distance: the two curves of Fig 4.4."""
    fpr: NDArray[np.float64]
    tried: pd.DataFrame
    """One row per distance: τ, its interval, TPR and FPR."""
    scores: NDArray[np.float64] = field(repr=False)
    same: NDArray[np.bool_] = field(repr=False)

    @property
    def to_check(self) -> pd.DataFrame:
        """TPR and FPR of the distances that a single feature does not decide, those up to 0.45."""
        return self.tried.loc[:0.45, ["TPR", "FPR"]]

    @property
    def tau(self) -> float:
        """The chosen τ."""
        return self.choice.tau

    def rates(self, max_distance: float, tau: float) -> tuple[float, float]:
        """TPR and FPR that these pairs give for thresholds other than the chosen ones."""
        column = self.scores[:, list(self.tried.index).index(max_distance)]
        tpr, fpr = roc(column, self.same, [tau])
        return float(tpr[0]), float(fpr[0])

    def fits(self, max_distance: float, tau: float) -> str:
        """Whether thresholds in use elsewhere are nearly as good as the chosen ones, in one line.

        They fit when TPR is at most 0.02 below and FPR at most 0.01 above that of the choice.
        """
        tpr, fpr = self.rates(max_distance, tau)
        fit = tpr >= self.choice.tpr - 0.02 and fpr <= self.choice.fpr + 0.01
        verdict = "fit these pairs" if fit else f"do not fit these pairs (TPR {tpr:.3f}, FPR {fpr:.3f})"
        return f"distance {max_distance:g} and τ = {tau:g} {verdict}"


def choose(matcher: VisualMatcher, pairs: pd.DataFrame, max_fpr: float = 0.0) -> Thresholds:
    """`choose_thresholds` for pairs with the columns `PAIR` and ``same``, scored at every distance of `DISTANCES`."""
    return choose_thresholds(matcher.scores(pairs, DISTANCES), pairs["same"], max_fpr=max_fpr)


def judge(pairs: pd.DataFrame, chosen: Thresholds) -> pd.DataFrame:
    """The pairs with their ``score`` at the chosen distance."""
    return pairs.assign(score=chosen.scores[:, list(chosen.tried.index).index(chosen.max_distance)])


def choose_thresholds(
    scores: NDArray[np.float64], same: ArrayLike, max_distances: Sequence[float] = DISTANCES, max_fpr: float = 0.0
) -> Thresholds:
    """Distance and τ with the highest TPR at an FPR of at most ``max_fpr``.

    The thesis chooses τ that way and leaves out the distance threshold. Here every distance is tried with its own best
    τ. Among distances with the same TPR the one with the widest interval of equally good τ wins, then the smallest.

    Parameters
    ----------
    scores : (pairs, distances) float
        As `VisualMatcher.scores` gives them.
    same : (pairs,) bool
        Whether each pair is a visual match.
    """
    choices = [choose_threshold(column, same, TAUS, max_fpr) for column in scores.T]
    order = sorted(
        range(len(choices)),
        key=lambda k: (-choices[k].tpr, choices[k].low - choices[k].high, max_distances[k]),
    )
    best = order[0]
    tpr, fpr = roc(scores[:, best], same, TAUS)
    tried = pd.DataFrame(
        [(d, c.tau, c.low, c.high, c.tpr, c.fpr) for d, c in zip(max_distances, choices, strict=True)],
        columns=["distance", "τ", "lowest τ", "highest τ", "TPR", "FPR"],
    ).set_index("distance")
    return Thresholds(float(max_distances[best]), choices[best], tpr, fpr, tried, scores, np.asarray(same, np.bool_))
