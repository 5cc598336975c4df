"""The clips' shots by three rules, and how well boundaries are found where the true cuts are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vretlib.datasets.clips import truth
from vretlib.datasets.clips.collection import Clip
from vretlib.video import shot_boundaries as sb
from vretlib.video.clip_features import SampledFrames
from vretlib.video.shot_boundaries import Found, Transition

Ids = NDArray[np.int64]
Boundaries = Sequence[NDArray[np.int64]]
"""Gaps of each clip, counted from its own first frame."""


@dataclass(frozen=True, eq=False)
class ShotSet:
    """Shots of many clips.

    Attributes
    ----------
    name: how they were found.
    ranges: int64 (S, 2), half-open ranges of rows of the clips' frames, clip after clip.
    offsets: int64 (clips + 1,): clip i has the shots ``offsets[i]:offsets[i + 1]``.
    """

    name: str
    ranges: Ids = field(repr=False)
    offsets: Ids = field(repr=False)

    def __len__(self) -> int:
        return len(self.ranges)

    def of(self, clip: int) -> Ids:
        """Shots of one clip, as rows of all frames."""
        return self.ranges[self.offsets[clip] : self.offsets[clip + 1]]


def found(x: NDArray[np.float32], frames: SampledFrames, threshold: float) -> list[NDArray[np.int64]]:
    """Boundaries of each clip by Algorithm 3."""
    return [sb.algorithm_3(x[frames.rows(i)], threshold) for i in range(frames.n_clips)]


def drawn(boundaries: Boundaries, frames: SampledFrames, seed: int) -> list[NDArray[np.int64]]:
    """As many random boundaries in each clip as were found there: the thesis does not say how many it draws."""
    rng = np.random.default_rng(seed)
    lengths = np.diff(frames.offsets)
    return [sb.random_boundaries(int(n), len(gaps), rng) for n, gaps in zip(lengths, boundaries, strict=True)]


def shot_set(name: str, boundaries: Boundaries, frames: SampledFrames) -> ShotSet:
    """The shots between boundaries."""
    lengths = np.diff(frames.offsets)
    shots = [sb.shots(gaps, int(n)) for gaps, n in zip(boundaries, lengths, strict=True)]
    counts = [len(some) for some in shots]
    starts = frames.offsets[:-1]
    ranges = [some + start for some, start in zip(shots, starts, strict=True)]
    return ShotSet(name, np.concatenate(ranges), np.concatenate([[0], np.cumsum(counts)]))


def three_ways(x: NDArray[np.float32], frames: SampledFrames, threshold: float, seed: int) -> dict[str, ShotSet]:
    """The rows of Table 6.3: "No SBD", "Rand. SBD" and "Our SBD"."""
    boundaries = found(x, frames, threshold)
    none = [np.empty(0, np.int64)] * frames.n_clips
    ways = {"No SBD": none, "Rand. SBD": drawn(boundaries, frames, seed), "Our SBD": boundaries}
    return {name: shot_set(name, gaps, frames) for name, gaps in ways.items()}


def transitions(clip: Clip) -> list[Transition] | None:
    """True transitions of a clip, in seconds from its first frame; None where they are not known."""
    known = truth.true(clip)
    if known is None:
        return None
    cuts = [Transition(frame / known.fps, frame / known.fps) for frame in known.cuts]
    blends = [Transition(b.start / known.fps, b.stop / known.fps, b.kind) for b in known.blends]
    return sorted(cuts + blends)


def known_transitions(clips: Sequence[Clip]) -> list[list[Transition]] | None:
    """Those of every clip, or None if one clip's are not known."""
    every = [transitions(clip) for clip in clips]
    return None if any(some is None for some in every) else [some for some in every if some is not None]


def compare(
    boundaries: Boundaries, frames: SampledFrames, true: Sequence[Sequence[Transition]], kind: str | None = None
) -> Found:
    """Counts over all clips; see `vretlib.video.shot_boundaries.compare`."""
    counts = []
    for i, (gaps, some) in enumerate(zip(boundaries, true, strict=True)):
        times = frames.times[frames.rows(i)]
        counts.append(sb.compare(gaps, times - times[0], some, kind))
    return sb.total(counts)


THRESHOLDS = np.round(np.arange(0.02, 1.2, 0.02), 2)


def curve(
    x: NDArray[np.float32],
    frames: SampledFrames,
    true: Sequence[Sequence[Transition]],
    thresholds: NDArray[np.float64] = THRESHOLDS,
) -> pd.DataFrame:
    """Precision, recall and F1 at every threshold (rows), and the recall of cuts alone and of blends alone."""
    rows = {}
    changes = [sb.distances(x[frames.rows(i)]) for i in range(frames.n_clips)]
    for threshold in thresholds.tolist():
        boundaries = [np.flatnonzero(of_clip > threshold) for of_clip in changes]
        every, cuts = (compare(boundaries, frames, true, kind) for kind in (None, "cut"))
        blends = Found(every.true - cuts.true, every.found - cuts.found, 0, 0)
        rows[threshold] = {
            "precision": every.precision,
            "recall": every.recall,
            "recall of cuts": cuts.recall,
            "recall of dissolves and fades": blends.recall,
            "F1": f1(every),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("Th")


def f1(counts: Found) -> float:
    """Harmonic mean of precision and recall, 0 where nothing was right."""
    both = counts.precision + counts.recall
    return 2 * counts.precision * counts.recall / both if both > 0 else 0.0


def best_threshold(curve: pd.DataFrame) -> float:
    """The threshold of the largest F1; the middle one of equals."""
    best = np.flatnonzero(curve["F1"].to_numpy() >= curve["F1"].max() - 1e-12)
    return float(curve.index[best[len(best) // 2]])


def detection(
    ways: Mapping[str, Boundaries], frames: SampledFrames, true: Sequence[Sequence[Transition]]
) -> pd.DataFrame:
    """Rules in rows: shots, precision, recall of all transitions, of cuts, and of dissolves and fades."""
    rows = {}
    for name, boundaries in ways.items():
        every, cuts = (compare(boundaries, frames, true, kind) for kind in (None, "cut"))
        blends = Found(every.true - cuts.true, every.found - cuts.found, 0, 0)
        rows[name] = {
            "shots": every.boundaries + frames.n_clips,
            "precision": every.precision,
            "recall": every.recall,
            "cuts found": cuts.recall,
            "dissolves and fades found": blends.recall,
        }
    return pd.DataFrame.from_dict(rows, orient="index")
