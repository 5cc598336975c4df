"""Shots of many clips, from the descriptors of their sampled frames (thesis §6.1.1, Algorithm 3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vretlib.video import shot_boundaries
from vretlib.video.sampled_frames import SampledFrames

Ids = NDArray[np.int64]
Boundaries = Sequence[Ids]
"""The boundaries of each clip: gaps (see `vretlib.video.shot_boundaries`), counted from the clip's first frame."""


@dataclass(frozen=True, eq=False)
class ClipShots:
    """Shots of many clips.

    Attributes
    ----------
    ranges: int64 (S, 2), half-open ranges of rows of the clips' frames, clip after clip.
    offsets: int64 (clips + 1,): clip i has the shots ``offsets[i]:offsets[i + 1]``.
    """

    ranges: Ids = field(repr=False)
    offsets: Ids = field(repr=False)

    def __len__(self) -> int:
        return len(self.ranges)

    def of(self, clip: int) -> Ids:
        """The shots of one clip, as rows of all frames."""
        return self.ranges[self.offsets[clip] : self.offsets[clip + 1]]


def detect(x: NDArray[np.float32], frames: SampledFrames, threshold: float) -> list[Ids]:
    """The boundaries of each clip by Algorithm 3, from the descriptors (n, d) of the frames."""
    return [shot_boundaries.detect_boundaries(x[frames.rows(i)], threshold) for i in range(frames.n_clips)]


def draw(boundaries: Boundaries, frames: SampledFrames, seed: int) -> list[Ids]:
    """Random boundaries of each clip, in the number that ``boundaries`` has for it."""
    rng = np.random.default_rng(seed)
    lengths = np.diff(frames.offsets)
    return [
        shot_boundaries.random_boundaries(int(n), len(gaps), rng) for n, gaps in zip(lengths, boundaries, strict=True)
    ]


def divide(boundaries: Boundaries, frames: SampledFrames) -> ClipShots:
    """The shots between boundaries."""
    shots = [
        shot_boundaries.shots(gaps, int(n)) + start
        for gaps, n, start in zip(boundaries, np.diff(frames.offsets), frames.offsets[:-1], strict=True)
    ]
    return ClipShots(np.concatenate(shots), np.concatenate([[0], np.cumsum([len(some) for some in shots])]))


def whole_clips(frames: SampledFrames) -> ClipShots:
    """One shot for each clip."""
    return divide([np.empty(0, np.int64)] * frames.n_clips, frames)
