"""Changes of colour between adjacent sampled frames of many clips, kept in the cache (paper 002, Algorithm 1)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vretlib import cache
from vretlib.checksums import checksum
from vretlib.parallel import threaded_map
from vretlib.video import colour_histogram, packets, sampling
from vretlib.video.colour_histogram import HistogramOptions

F64 = NDArray[np.float64]
Changes = tuple[F64, ...]
"""One array (n - 1,) per clip of n sampled frames: the distance of each frame's histogram to the next frame's."""

EVERY_FRAME = 1000.0
"""A rate in frames per second above that of any clip, so that every frame is sampled once."""


def colour_changes(
    clips: Sequence[Path],
    settings: Sequence[tuple[HistogramOptions, float]],
) -> list[Changes]:
    """Colour changes for each kind of histogram and rate, from one pass over the clips, kept in the cache.

    Parameters
    ----------
    clips: video files.
    settings: pairs of a kind of histogram and a rate in frames per second.

    Returns
    -------
    One entry per setting. A clip with one sampled frame has an empty array.
    """

    def build(folder: Path) -> None:
        # Decoding and counting release Python's lock.
        found = list(threaded_map(lambda path: _changes_of(path, settings), clips))
        for s in range(len(settings)):
            np.savez(folder / f"{s}.npz", *[of_clip[s] for of_clip in found])

    key = {
        "clips": [checksum(path) for path in clips],
        "settings": [[options, fps] for options, fps in settings],
    }
    folder = cache.stage("colour-changes", key, build)
    changes = []
    for s in range(len(settings)):
        with np.load(folder / f"{s}.npz") as kept:
            changes.append(tuple(kept[f"arr_{i}"] for i in range(len(clips))))
    return changes


def _changes_of(path: Path, settings: Sequence[tuple[HistogramOptions, float]]) -> list[F64]:
    """The changes of one clip for each setting; memory holds one histogram per setting."""
    times = packets.packet_index(path).times
    wanted = [set(sampling.sampled_numbers(times, fps).tolist()) for _, fps in settings]
    previous: list[NDArray[np.float32] | None] = [None] * len(settings)
    distances: list[list[float]] = [[] for _ in settings]
    for number, _, image in sampling.sampled(path, max(fps for _, fps in settings)):
        for s, (options, _) in enumerate(settings):
            if number in wanted[s]:
                histogram, before = colour_histogram.colour_histogram(image, options), previous[s]
                if before is not None:
                    distances[s].append(float(colour_histogram.neighbour_distances([before, histogram])[0]))
                previous[s] = histogram
    return [np.array(of_setting, np.float64) for of_setting in distances]
