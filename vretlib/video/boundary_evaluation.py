"""Evaluation of shot boundaries against the true cuts, dissolves and fades of clips.

The thesis has no such evaluation; embedded clips come with their true transitions (`vretlib.datasets.clips.truth`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from vretlib.video.clip_shots import Boundaries
from vretlib.video.sampled_frames import SampledFrames
from vretlib.video.shot_boundaries import distances

_SLACK = 1e-6  # seconds: the same time, computed in two ways

THRESHOLDS = np.round(np.arange(0.02, 1.2, 0.02), 2)


class Transition(NamedTuple):
    """A true change of shot.

    Attributes
    ----------
    start: seconds at which the first frame is shown that is mixed or dimmed.
    end: seconds of the first frame that shows only the new shot; for a cut, ``start`` is the same.
    kind: "cut", "dissolve" or "fade".
    """

    start: float
    end: float
    kind: str = "cut"


Transitions = Sequence[Sequence[Transition]]
"""The true transitions of each of some clips."""


class BoundaryCounts(NamedTuple):
    """Counts of a comparison of boundaries with true transitions.

    Attributes
    ----------
    true, found: numbers of true transitions, and of those on which a boundary lies.
    boundaries, right: numbers of boundaries, and of those that lie on a transition.
    """

    true: int
    found: int
    boundaries: int
    right: int

    @property
    def recall(self) -> float:
        """Share of the true transitions that were found; NaN if there are none."""
        return self.found / self.true if self.true else np.nan

    @property
    def precision(self) -> float:
        """Share of the boundaries that lie on a true transition; NaN if there are none."""
        return self.right / self.boundaries if self.boundaries else np.nan

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 0 where both are 0 or one is NaN."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both > 0 else 0.0


def count_boundaries(
    boundaries: ArrayLike, times: ArrayLike, transitions: Sequence[Transition], kind: str | None = None
) -> BoundaryCounts:
    """Counts of the boundaries of one clip against its true transitions.

    A boundary lies on a transition if the frame before its gap is shown before the transition's end and the frame after
    it not before the transition's start. Several boundaries inside one dissolve are all right, and one boundary finds
    several cuts in its gap, since they cannot be separated at three frames a second.

    Parameters
    ----------
    boundaries: gaps, see `vretlib.video.shot_boundaries`.
    times: (n,) seconds of the sampled frames.
    transitions: all true transitions. Those outside the sampled frames are not counted.
    kind: the kind of transitions to count as true, None for all; boundaries on others are right in any case.
    """
    gaps, t = np.asarray(boundaries, np.int64), np.asarray(times, np.float64)
    starts, ends = (np.array([s[side] for s in transitions], np.float64)[:, None] for side in (0, 1))
    touched = (t[:-1] < ends - _SLACK) & (starts - _SLACK <= t[1:])
    counted = touched.any(axis=1) & np.array([kind in (None, s.kind) for s in transitions], np.bool_)
    found = touched[:, gaps]
    n_found = (found.any(axis=1) & counted).sum()
    return BoundaryCounts(int(counted.sum()), int(n_found), len(gaps), int(found.any(axis=0).sum()))


def count_boundaries_of_clips(
    boundaries: Boundaries, frames: SampledFrames, transitions: Transitions, kind: str | None = None
) -> BoundaryCounts:
    """Sums of the counts of `count_boundaries` over all clips; times of transitions count from a clip's first frame."""
    counts = [
        count_boundaries(gaps, frames.times[rows] - frames.times[rows.start], true, kind)
        for gaps, rows, true in zip(boundaries, map(frames.rows, range(frames.n_clips)), transitions, strict=True)
    ]
    return BoundaryCounts(*np.sum([*counts, (0, 0, 0, 0)], axis=0).tolist())


def measures(boundaries: Boundaries, frames: SampledFrames, transitions: Transitions) -> dict[str, float]:
    """Number of shots; precision, recall and F1; recall of only cuts, and of only dissolves and fades."""
    every, cuts = (count_boundaries_of_clips(boundaries, frames, transitions, kind) for kind in (None, "cut"))
    return {
        "shots": every.boundaries + frames.n_clips,
        "precision": every.precision,
        "recall": every.recall,
        "cuts found": cuts.recall,
        "dissolves and fades found": BoundaryCounts(every.true - cuts.true, every.found - cuts.found, 0, 0).recall,
        "F1": every.f1,
    }


def threshold_curve(
    x: NDArray[np.float32],
    frames: SampledFrames,
    transitions: Transitions,
    thresholds: NDArray[np.float64] = THRESHOLDS,
) -> pd.DataFrame:
    """The `measures` of Algorithm 3 at every threshold (rows), from the descriptors (n, d) of the frames."""
    changes = [distances(x[frames.rows(i)]) for i in range(frames.n_clips)]
    rows = {
        threshold: measures([np.flatnonzero(of_clip > threshold) for of_clip in changes], frames, transitions)
        for threshold in thresholds.tolist()
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("Th")


def best_threshold(curve: pd.DataFrame) -> float:
    """The threshold with the largest F1; the middle one on ties."""
    best = np.flatnonzero(curve["F1"].to_numpy() >= curve["F1"].max() - 1e-12)
    return float(curve.index[best[len(best) // 2]])
