"""Clips as paper 002 sees them: sampled frames with their deep maps, and how much colour changes between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from vretlib import cache
from vretlib.datasets.clips.collection import Clip
from vretlib.errors import UserError
from vretlib.features import channel_index
from vretlib.features.backbones import Backbone
from vretlib.parallel import n_threads
from vretlib.video import clip_features, color_histogram, packets, sampling
from vretlib.video.color_histogram import HistogramOptions
from vretlib.video.sampled_frames import SampledFrames

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
Ids = NDArray[np.int64]
Changes = tuple[F64, ...]
"""Of each clip, the distance of every sampled frame's histogram to the next one's."""

EVERY_FRAME = 1000.0
"""Frames a second that no clip has: every frame comes once."""

_ROWS = 256  # of maps at a time


@dataclass(frozen=True, eq=False)
class DescribedClips:
    """Sampled frames of clips; row i of what belongs to frames is the same frame everywhere.

    Attributes
    ----------
    clips: the videos.
    seconds: float64 (clips,), their lengths.
    frames: which frames of which clip.
    maps: float32 (n, d, h, w), the network's last maps, mapped from disk.
    changes: of colour, by default options and at the frames' own rate.
    """

    clips: tuple[Clip, ...]
    seconds: F64
    frames: SampledFrames
    maps: F32
    changes: Changes

    @cached_property
    def descriptors(self) -> F32:
        """Mean of each channel, float32 (n, d)."""
        parts = [pooled(self.maps[start : start + _ROWS]) for start in range(0, len(self.maps), _ROWS)]
        return np.concatenate(parts)

    @property
    def hours(self) -> float:
        """Length of all clips."""
        return float(self.seconds.sum() / 3600)


def describe(
    clips: Sequence[Clip],
    backbone: Backbone,
    *,
    fps: float,
    side: int = 224,
    say: Callable[[str], None] = print,
) -> DescribedClips:
    """Frames of each clip at a rate, squeezed to ``side`` × ``side`` pixels, through the network. Kept in the cache."""
    paths = [clip.path for clip in clips]
    tap = backbone.last_maps
    frames, maps = clip_features.codes(paths, backbone, (tap,), fps=fps, side=side, say=say)
    [changes] = color_changes(clips, [(HistogramOptions(), fps)], say=say)
    seconds = np.array([packets.packet_index(path).duration for path in paths])
    return DescribedClips(tuple(clips), seconds, frames, maps[tap], changes)


def pooled(maps: F32) -> F32:
    """The descriptors of some maps."""
    return channel_index.mean_descriptor(torch.from_numpy(np.array(maps))).numpy()


def color_changes(
    clips: Sequence[Clip],
    settings: Sequence[tuple[HistogramOptions, float]],
    *,
    say: Callable[[str], None] = print,
) -> list[Changes]:
    """Distances between adjacent sampled frames for each kind of histogram and rate, in one pass over the clips.

    Only the last histogram of each setting is held. Kept in the cache.
    """

    def build(folder: Path) -> None:
        with ThreadPoolExecutor(n_threads()) as pool:  # decoding and counting leave Python's lock
            found = list(pool.map(lambda clip: _changes_of(clip.path, settings), clips))
        for s in range(len(settings)):
            np.savez(folder / f"{s}.npz", *[of_clip[s] for of_clip in found])

    key = {
        "clips": [cache.checksum(clip.path) for clip in clips],
        "settings": [[options, fps] for options, fps in settings],
    }
    folder = cache.stage("color-changes", key, build, say=say)
    changes = []
    for s in range(len(settings)):
        with np.load(folder / f"{s}.npz") as kept:
            changes.append(tuple(kept[f"arr_{i}"] for i in range(len(clips))))
    return changes


def _changes_of(path: Path, settings: Sequence[tuple[HistogramOptions, float]]) -> list[F64]:
    index = packets.packet_index(path)
    times = np.array([index.time(number) for number in range(index.n_frames)])
    wanted = [set(sampling.sampled_numbers(times, fps).tolist()) for _, fps in settings]
    before: list[F32 | None] = [None] * len(settings)
    distances: list[list[float]] = [[] for _ in settings]
    for number, _, image in sampling.sampled(path, max(fps for _, fps in settings)):
        for s, (options, _) in enumerate(settings):
            if number in wanted[s]:
                histogram, last = color_histogram.color_histogram(image, options), before[s]
                if last is not None:
                    distances[s].append(float(color_histogram.neighbour_distances([last, histogram])[0]))
                before[s] = histogram
    return [np.array(of_setting, np.float64) for of_setting in distances]


def spread(n_clips: int, n: int) -> Ids:
    """``n`` clips at equal steps among all, or all where there are fewer; ids ascending."""
    if n < 1:
        raise UserError(f"{n} clips for the small set: expected at least 1")
    return np.unique(np.linspace(0, n_clips - 1, min(n, n_clips)).round().astype(np.int64))
