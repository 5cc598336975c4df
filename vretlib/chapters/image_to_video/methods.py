"""The protocol's two thresholds, and verdicts on the outlines that were found in photographs."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vretlib.chapters.image_to_video.inputs import NEAR_SECONDS, LabelledShot, draw_pairs
from vretlib.datasets.movies import MovieCollection
from vretlib.errors import NoExampleError
from vretlib.evaluation import outlines
from vretlib.evaluation.roc import ChosenThreshold, choose_threshold, roc
from vretlib.video.frame_matcher import VisualMatcher

DISTANCES = (0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6)
"""Distance thresholds to try: RootSIFT descriptors are unit vectors without negative entries, at most √2 apart."""

TAUS = np.linspace(0.0, 1.0, 406)
"""As many values of τ as Fig 4.4 has, over all possible scores; the thesis does not say which it took."""


VERDICTS = ("right", "bars", "wrong", "none")


@dataclass(frozen=True, eq=False)
class Thresholds:
    """The chosen thresholds, and the pairs that they were chosen on.

    Attributes
    ----------
    max_distance: distance below which two features match.
    choice: the threshold τ of the score, with its rates and its interval.
    tried: for every distance (index) the best τ, its interval, TPR and FPR.
    pairs: with the columns `PAIR`, ``same`` and ``kind``.
    scores: (pairs, distances), in the order of ``tried``.
    """

    max_distance: float
    choice: ChosenThreshold
    tried: pd.DataFrame
    pairs: pd.DataFrame = field(repr=False)
    scores: NDArray[np.float64] = field(repr=False)

    @property
    def scored(self) -> pd.DataFrame:
        """The pairs with their ``score`` at the chosen distance."""
        return self.pairs.assign(score=self.scores[:, self.tried.index.get_loc(self.max_distance)])

    def fits(self, max_distance: float, tau: float) -> str:
        """Whether other thresholds are nearly as good as the chosen ones, in one line.

        They fit when TPR is at most 0.02 below and FPR at most 0.01 above that of the choice.
        """
        scores = self.scores[:, self.tried.index.get_loc(max_distance)]
        tpr, fpr = (float(rate[0]) for rate in roc(scores, self.pairs["same"], [tau]))
        fit = tpr >= self.choice.tpr - 0.02 and fpr <= self.choice.fpr + 0.01
        verdict = "fit these pairs" if fit else f"do not fit these pairs (TPR {tpr:.3f}, FPR {fpr:.3f})"
        return f"distance {max_distance:g} and τ = {tau:g} {verdict}"


def choose_thresholds(
    matcher: VisualMatcher, pairs: pd.DataFrame, max_fpr: float = 0.0, distances: Sequence[float] = DISTANCES
) -> Thresholds:
    """The distance and τ with the highest TPR at an FPR of at most ``max_fpr``.

    The thesis chooses τ that way and does not print the distance. Here every distance is tried with its own best τ.
    Among distances with the same TPR the one with the widest interval of equally good τ wins, then the smallest.
    ``pairs`` have the columns `PAIR` and ``same`` (bool), whether each of them is a visual match.
    """
    scores = matcher.scores(pairs, distances)
    choices = [choose_threshold(column, pairs["same"], TAUS, max_fpr) for column in scores.T]
    best = min(range(len(choices)), key=lambda k: (-choices[k].tpr, choices[k].low - choices[k].high, distances[k]))
    tried = pd.DataFrame(
        [(d, c.tau, c.low, c.high, c.tpr, c.fpr) for d, c in zip(distances, choices, strict=True)],
        columns=["distance", "τ", "lowest τ", "highest τ", "TPR", "FPR"],
    ).set_index("distance")
    return Thresholds(float(distances[best]), choices[best], tried, pairs, scores)


def score_within_shots(
    matcher: VisualMatcher, shots: Sequence[LabelledShot], thresholds: Thresholds, n_pairs: int, seed: int
) -> pd.DataFrame:
    """At most ``n_pairs`` pairs of one shot that are further apart than near frames, with ``score`` and ``seconds``."""
    pairs = draw_pairs(shots, ["later in the shot"], n_pairs, seed)
    if pairs.empty:
        raise NoExampleError(f"no shot has two frames more than {NEAR_SECONDS:g} s apart")
    apart = (pairs["retrieved_frame"] - pairs["true_frame"]).abs()
    seconds = apart / pairs["true_movie"].map({shot.movie: shot.fps for shot in shots})
    return pairs.assign(seconds=seconds, score=matcher.scores(pairs, [thresholds.max_distance])[:, 0])


def judge_outlines(collection: MovieCollection, found: NDArray[np.float32]) -> pd.DataFrame:
    """The verdict of `outlines.judge` on each photograph whose true corners are known: query (its number), level,
    verdict ("none" where no outline was found), error. ``found`` (queries, 4, 2) are the corners, NaN for none.

    Raises
    ------
    NoExampleError: no photograph has known corners.
    """
    rows = [
        (k, query.level, *(("none", np.nan) if np.isnan(corners).any() else outlines.judge(corners, query.corners)))
        for k, (query, corners) in enumerate(zip(collection.queries, found, strict=True))
        if query.corners is not None
    ]
    if not rows:
        raise NoExampleError("the list of photographs gives no corners, so that found outlines cannot be judged")
    return pd.DataFrame(rows, columns=["query", "level", "verdict", "error"])
