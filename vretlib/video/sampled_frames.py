"""The sampled frames of many clips, to which the rows of all arrays per frame belong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib.video import frames as films
from vretlib.video.packets import packet_index
from vretlib.video.sampling import sampled_numbers


@dataclass(frozen=True, eq=False)
class SampledFrames:
    """The sampled frames of clips: clip i has the rows ``offsets[i]:offsets[i + 1]`` of every array.

    Attributes
    ----------
    offsets: int64 (clips + 1,).
    numbers: int64 (n,), numbers of the frames in their videos.
    times: float64 (n,), seconds from each video's start.
    """

    offsets: NDArray[np.int64]
    numbers: NDArray[np.int64]
    times: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def n_clips(self) -> int:
        """Number of videos."""
        return len(self.offsets) - 1

    @property
    def clip(self) -> NDArray[np.int64]:
        """The clip of every frame, (n,)."""
        return np.repeat(np.arange(self.n_clips), np.diff(self.offsets))

    def rows(self, clip: int) -> slice:
        """The rows of one clip."""
        return slice(int(self.offsets[clip]), int(self.offsets[clip + 1]))

    def seconds(self, rows: ArrayLike) -> NDArray[np.float64]:
        """Seconds of some rows from the first sampled frame of their clip, (n,)."""
        chosen = np.asarray(rows, np.int64)
        return self.times[chosen] - self.times[self.offsets[self.clip[chosen]]]


def rows_at_rate(frames: SampledFrames, clips: Sequence[Path], fps: float) -> NDArray[np.int64]:
    """Ascending rows of the frames that are sampled at ``fps``, a divisor of the rate of ``frames``."""
    kept = []
    for i, path in enumerate(clips):
        rows = frames.rows(i)
        kept.append(
            rows.start + np.flatnonzero(np.isin(frames.numbers[rows], sampled_numbers(packet_index(path).times, fps)))
        )
    return np.concatenate(kept)


def pictures(frames: SampledFrames, clips: Sequence[Path], rows: ArrayLike, width: int) -> list[NDArray[np.uint8]]:
    """RGB images of some rows, uint8 (h, width, 3) each, in the order of ``rows``; ``clips`` are the videos."""
    chosen = np.asarray(rows, np.int64)
    owners, numbers = frames.clip[chosen], frames.numbers[chosen]
    found = {
        int(clip): films.read(clips[clip], numbers[owners == clip].tolist(), colour="rgb", width=width)
        for clip in np.unique(owners)
    }
    return [found[int(clip)][int(number)] for clip, number in zip(owners, numbers, strict=True)]
