"""The methods that chapter 6 compares: vectors of queries and of parts of clips, and how well clips are found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vretlib.chapters.spatio_temporal_encoder.inputs import EncodedStudy
from vretlib.datasets.clips.collection import ClipCollection, ClipQuery
from vretlib.errors import NoExampleError
from vretlib.evaluation.average_precision import Rule
from vretlib.evaluation.groups import map_and_recall
from vretlib.features import image_features, unit_vectors
from vretlib.models.temporal_encoder import sum_pool
from vretlib.report import LeftOut
from vretlib.search.clip_search import ClipVectors
from vretlib.video import clip_features
from vretlib.video.clip_shots import ClipShots
from vretlib.video.fisher_vectors import FisherVectors
from vretlib.video.sampled_frames import rows_at_rate

F32 = NDArray[np.float32]
Methods = dict[str, ClipVectors]
Fisher = FisherVectors | LeftOut | None
"""Fisher vectors, why there are none, or None where the parameter leaves them out."""

SETS = {"SI2V": "SI2V-600k", "VB": "VB-600k"}  # the thesis' column for each kind of queries
PRINTED = (*SETS.values(), "MoviesDB", "dim", "mAP", "R@1")  # headings of its tables
CUT = 100  # places of a ranking that count, as in the evaluation program of Stanford I2V (reference: videosearch)


def single_frames(described: EncodedStudy, fisher: Fisher) -> Methods:
    """The methods of Table 6.1, one frame a second: fc6 and fc7 of a network that has them, Fisher vectors, R-MAC."""
    rows = rows_at_rate(described.frames, described.paths, 1.0)
    offsets = np.searchsorted(described.frames.clip[rows], np.arange(described.frames.n_clips + 1))
    found, backbone = {}, described.backbone
    if taps := [tap for tap in ("fc6", "fc7") if tap in backbone.taps]:
        frames, values = clip_features.codes(described.paths, backbone, taps, fps=1.0)
        images = [query.path for query in described.collection.queries]
        network = {"vgg16": "VGG16", "alexnet": "AlexNet"}.get(backbone.name, backbone.name)
        for tap in taps:
            xq, xb = image_features.neural_codes(images, backbone, tap), unit_vectors.l2(np.array(values[tap]))
            found[f"{network} {tap.upper()} [2]"] = ClipVectors(xq, xb, frames.offsets)
    if isinstance(fisher, FisherVectors):
        found["FV [2]"] = ClipVectors(fisher.xq, fisher.xb, fisher.offsets)
    return found | {"RMAC": ClipVectors(described.xq, described.x[rows], offsets)}


def whole_clips(frames: Methods, fisher: Fisher) -> Methods:
    """The baselines of Table 6.4, one vector per clip: Fisher vectors of scenes, and sums of neural codes."""
    found = {}
    if isinstance(fisher, FisherVectors):
        found["Scene FV* [2]"] = ClipVectors(fisher.scene_xq, fisher.scenes, np.arange(len(fisher.scenes) + 1))
    for name, method in frames.items():
        if "FC" in name:
            clips = np.stack([method.offsets[:-1], method.offsets[1:]], axis=1)
            found[f"Sum-Pool {name}"] = ClipVectors(method.xq, sum_pool(method.xb, clips), np.arange(len(clips) + 1))
    return found


def of_shots(described: EncodedStudy, shots: ClipShots, summarise: Callable[..., F32], **how: Any) -> ClipVectors:
    """One vector per shot: ``summarise`` is `max_pool`, `sum_pool` or a `TemporalEncoder.encode`, with its options."""
    return ClipVectors(described.xq, summarise(described.x, shots.ranges, **how), shots.offsets)


def heading(name: str, own: bool) -> str:
    """The heading of a kind of query or a film: the thesis' own, or for a user's own videos none of those."""
    if not own:
        return SETS.get(name, name)
    return f"own {name}" if name in PRINTED else name


def scores(
    rankings: Sequence[NDArray[np.int64]] | NDArray[np.int64],
    collection: ClipCollection,
    queries: Sequence[ClipQuery] | None = None,
    *,
    cut: int | None = CUT,
    rule: Rule = "plain",
) -> dict[str, float]:
    """MAP and R@1 for each kind of query, under the thesis' headings: ``{"SI2V-600k|mAP": …}``.

    ``rankings`` has the clips, best first, for each of the ``queries``, by default all of the collection. The average
    precision of the first ``cut`` clips is over *all* relevant ones, as Stanford I2V's program computes it.
    """
    queries = collection.queries if queries is None else queries
    kinds = [heading(query.kind, collection.own) for query in queries]
    names = [heading(kind, collection.own) for kind in collection.kinds]
    return map_and_recall(rankings, [query.relevant for query in queries], kinds, names, cut=cut, rule=rule)


def compare(methods: Mapping[str, ClipVectors], collection: ClipCollection) -> pd.DataFrame:
    """Methods in rows; mAP and R@1 of each kind of query."""
    rows = {name: scores(method.ranking, collection) for name, method in methods.items()}
    return pd.DataFrame.from_dict(rows, orient="index")


def by_level(methods: Mapping[str, ClipVectors], collection: ClipCollection) -> pd.DataFrame:
    """Methods in rows; mAP and R@1 of the queries of each level: easy, medium, hard, other words.

    Raises
    ------
    NoExampleError: no query has a level.
    """
    if not collection.levels:
        raise NoExampleError("no query has a level; a list of photographs may give one in its column level")
    relevant, levels = zip(*((query.relevant, query.level) for query in collection.queries), strict=True)
    rows = {
        name: map_and_recall(method.ranking, relevant, levels, collection.levels, cut=CUT)
        for name, method in methods.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index")
