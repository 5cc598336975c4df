"""The methods that chapter 6 compares. A row is a `ClipVectors`, no `Method`: tables and figures read its vectors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vretlib.chapters.spatio_temporal_encoder.inputs import EncodedStudy
from vretlib.features import image_features, unit_vectors
from vretlib.models.temporal_encoder import TemporalEncoder, sum_pool
from vretlib.report import LeftOut
from vretlib.search.clip_search import ClipVectors
from vretlib.video import clip_features
from vretlib.video.clip_shots import ClipShots
from vretlib.video.fisher_vectors import FisherVectors
from vretlib.video.sampled_frames import rows_at_rate

F32 = NDArray[np.float32]
VectorsByMethod = dict[str, ClipVectors]
BySeed = dict[str, list[ClipVectors]]
"""The vectors of every seed's encoder, by row; tables show the first, and the range of all."""
Fisher = FisherVectors | LeftOut | None
"""Fisher vectors, why there are none, or None where the parameter leaves them out."""


def single_frames(described: EncodedStudy, fisher: Fisher) -> VectorsByMethod:
    """The methods of Table 6.1, one frame a second: fc6 and fc7 of a network that has them, Fisher vectors, R-MAC."""
    found, backbone = {}, described.backbone
    if taps := [tap for tap in ("fc6", "fc7") if tap in backbone.taps]:
        frames, values = clip_features.layers(described.paths, backbone, taps, fps=1.0)
        images = [query.path for query in described.collection.queries]
        network = {"vgg16": "VGG16", "alexnet": "AlexNet"}.get(backbone.name, backbone.name)
        for tap, xq in image_features.codes_of_layers(images, backbone, taps).items():
            xb = unit_vectors.l2(np.array(values[tap]))
            found[f"{network} {tap.upper()} [2]"] = ClipVectors(xq, xb, frames.offsets)
    if isinstance(fisher, FisherVectors):
        found["FV [2]"] = ClipVectors(fisher.xq, fisher.xb, fisher.offsets)
    return found | {"RMAC": one_a_second(described, described.xq, described.x)}


def one_a_second(described: EncodedStudy, xq: F32, x: F32) -> ClipVectors:
    """Queries ``xq`` (nq, d), and of the vectors ``x`` (n, d) of all sampled frames those of one frame a second."""
    rows = rows_at_rate(described.frames, described.paths, 1.0)
    return ClipVectors(
        xq, x[rows], np.searchsorted(described.frames.clip[rows], np.arange(described.frames.n_clips + 1))
    )


def whole_clips(frames: VectorsByMethod, fisher: Fisher) -> VectorsByMethod:
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


def of_seeds(described: EncodedStudy, shots: ClipShots, encoders: Mapping[str, Sequence[TemporalEncoder]]) -> BySeed:
    """One vector per shot by the encoders of every seed, by row."""
    return {row: [of_shots(described, shots, one.encode) for one in some] for row, some in encoders.items()}


def by_rule(
    described: EncodedStudy, rules: Mapping[str, ClipShots], name: str, encoders: Sequence[TemporalEncoder]
) -> BySeed:
    """The vectors of every seed's encoder for the shots of each rule; a row is "NAME, RULE"."""
    rows = (of_seeds(described, shots, {f"{name}, {rule}": encoders}) for rule, shots in rules.items())
    return {row: some for part in rows for row, some in part.items()}


def first(seeds: BySeed) -> VectorsByMethod:
    """The vectors of the first seed."""
    return {row: some[0] for row, some in seeds.items()}
