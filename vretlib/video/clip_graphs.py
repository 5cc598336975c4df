"""Match graphs of clips, which join the frames of a clip that show one object (§6.2.1; `features.match_graph`)."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from vretlib import arrays, cache
from vretlib.features import local, match_graph
from vretlib.features.match_graph import MatchGraph, Ratio
from vretlib.parallel import n_threads
from vretlib.video import sampling

FEATURES = 300
"""Number of strongest SIFT features of a frame that are matched; the thesis matches all features of larger frames."""
_RATIOS: tuple[Ratio, ...] = ("both", "first")


def match_graphs(clips: Sequence[Path], fps: float, *, ratio: Ratio = "both") -> list[MatchGraph]:
    """The match graph of each clip's sampled frames, kept in the cache.

    Parameters
    ----------
    clips: video files.
    fps: sampled frames a second.
    ratio: "both" or "first", see `vretlib.features.match_graph`.
    """
    arrays.choice(ratio, "ratio", _RATIOS)

    def build(folder: Path) -> None:
        # OpenCV releases Python's lock; images and the small products of features are faster on one thread each.
        with ThreadPoolExecutor(n_threads()) as pool, local.one_opencv_thread(), threadpool_limits(1):
            found = list(pool.map(lambda path: _scores(path, fps), clips))
        scores: dict[str, Any] = {f"{rule}_{i}": of[rule] for i, of in enumerate(found) for rule in _RATIOS}
        np.savez(folder / "scores.npz", **scores)

    key = {"clips": [cache.checksum(path) for path in clips], "fps": float(fps), "features": FEATURES}
    folder = cache.stage("match-graphs", key, build)
    with np.load(folder / "scores.npz") as kept:
        return [match_graph.graph_of(kept[f"{ratio}_{i}"], 0.0) for i in range(len(clips))]


def _scores(path: Path, fps: float) -> dict[Ratio, NDArray[np.float64]]:
    luma = (cv2.cvtColor(frame.image, cv2.COLOR_RGB2GRAY) for frame in sampling.sampled(path, fps))
    found = [local.sift(np.asarray(image, np.uint8), n_features=FEATURES).descriptors for image in luma]
    return {ratio: match_graph.match_graph(found, ratio=ratio).scores for ratio in _RATIOS}
