"""Match graphs of clips, which join the frames of a clip that show one object (§6.2.1; `features.match_graph`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from vretlib import arrays, cache
from vretlib.features import match_graph
from vretlib.features.match_graph import MatchGraph, Ratio
from vretlib.parallel import threaded_map
from vretlib.video.clip_sift import ClipSift

_RATIOS: tuple[Ratio, ...] = ("both", "first")


def match_graphs(sift: ClipSift, *, ratio: Ratio = "both") -> list[MatchGraph]:
    """The match graph of each clip's sampled frames, kept in the cache.

    The strongest features of a frame are matched; the thesis matches all features of larger frames.

    Parameters
    ----------
    sift: features of the clips' frames.
    ratio: "both" or "first", see `vretlib.features.match_graph`.
    """
    arrays.choice(ratio, "ratio", _RATIOS)

    def scores(clip: int) -> dict[Ratio, NDArray[np.float64]]:
        features = sift.of_clip(clip)
        return {rule: match_graph.match_graph(features, ratio=rule).scores for rule in _RATIOS}

    def build(folder: Path) -> None:
        # The small products of features are faster on one thread each.
        with threadpool_limits(1):
            found = list(threaded_map(scores, range(len(sift))))
        kept: dict[str, Any] = {f"{rule}_{i}": of[rule] for i, of in enumerate(found) for rule in _RATIOS}
        np.savez(folder / "scores.npz", **kept)

    folder = cache.stage("match-graphs", {"sift": sift.key}, build)
    with np.load(folder / "scores.npz") as kept:
        return [match_graph.graph_of(kept[f"{ratio}_{i}"], 0.0) for i in range(len(sift))]
