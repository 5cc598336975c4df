"""What one choice changes, everything else as on the page: whitening, number of lessons, what the text leaves open."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vretlib.chapters.spatio_temporal_encoder import shots as of_shots
from vretlib.chapters.spatio_temporal_encoder.describe import Described, at_rate, learn_whitening
from vretlib.chapters.spatio_temporal_encoder.learn import Learned, Recipe, TrainingShots, train
from vretlib.chapters.spatio_temporal_encoder.methods import Method, encoded, pooled, scores, scores_of_parts
from vretlib.chapters.spatio_temporal_encoder.shots import ShotSet
from vretlib.chapters.spatio_temporal_encoder.tables import frames_at
from vretlib.features import image_features
from vretlib.models.temporal_encoder import MOST_FRAMES, max_pool, split_long


def whitenings(described: Described, fps: float = 1.0) -> pd.DataFrame:
    """Single frames after three whitenings, and what Th means after each (facts of section 6.2.2 made visible).

    None; learned on other films, as everything on this page; learned on the very clips that are searched. Where true
    cuts are known: the threshold with the largest F1 over the searched clips.

    Two more rows part what a whitening learns of *these* clips from what it learns of clips *like* these: it is learned
    on half of the clips, and queries whose answers are in that half are counted apart from those whose answers are in
    the other half; then the halves change places.
    """
    n = described.frames.n_clips
    first, second = np.arange(n // 2), np.arange(n // 2, n)
    true = of_shots.known_transitions(described.collection.clips)
    rows_at = at_rate(described.frames, fps, described.collection.clips)
    rows, half = {}, {}
    for name, whitening in {
        "none": None,
        "of other films": described.whitening,
        "of the searched clips": learn_whitening(described.clips, "the searched clips"),
    }.items():
        x, xq = described.clips.rmac(whitening), image_features.rmac(described.queries, whitening)
        rows[name] = scores(frames_at(described, xq, x, rows_at), described.collection)
        if true is not None:
            curve = of_shots.curve(x, described.frames, true)
            rows[name] |= {"best Th": of_shots.best_threshold(curve), "its F1": float(curve["F1"].max())}
    for i, some in enumerate((first, second)):
        whitening = learn_whitening(described.clips, "half of the searched clips", some)
        x, xq = described.clips.rmac(whitening), image_features.rmac(described.queries, whitening)
        half[i] = frames_at(described, xq, x, rows_at)
    for name, same in (("of half, with the answers in it", True), ("of half, with the answers in the other", False)):
        asked = {
            i: [
                k
                for k, query in enumerate(described.collection.queries)
                if np.isin(query.relevant, (first, second)[i if same else 1 - i]).all()
            ]
            for i in half
        }
        rows[name] = scores_of_parts([(half[i], asked[i]) for i in half], described.collection)
    return pd.DataFrame.from_dict(rows, orient="index")


def learning_curve(
    described: Described, shots: ShotSet, lessons: TrainingShots, recipe: Recipe, numbers: Sequence[int]
) -> pd.DataFrame:
    """An LSTM learned from fewer clips: their number in rows, mAP and R@1."""
    rows = {}
    for n in sorted({min(number, len(lessons)) for number in numbers}):
        learned = train("lstm", lessons.some(n, recipe.seed), recipe, say=_quiet)
        rows[n] = scores(encoded("", described, shots, learned), described.collection)
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("clips")


def choices(described: Described, shots: ShotSet, learned: Learned, most: int) -> dict[str, Method]:
    """Points that the text leaves open, one changed at a time; ``most`` frames of a shot, few enough to matter."""
    pieces, owner = split_long(shots.ranges, most)
    split = ShotSet("split", pieces, np.searchsorted(owner, shots.offsets))
    named = f"at most {most} frames of a shot"
    n = len(described.collection.clips)
    ranges = np.stack([described.frames.offsets[:-1], described.frames.offsets[1:]], axis=1)
    return {
        f"as on this page: at most {MOST_FRAMES} frames": encoded("", described, shots, learned),
        f"{named}, evenly spread": encoded("", described, shots, learned, most=most, beyond="spread"),
        f"{named}, the first": encoded("", described, shots, learned, most=most, beyond="first"),
        f"{named}, the last": encoded("", described, shots, learned, most=most, beyond="last"),
        f"{named}, longer ones split": encoded("", described, split, learned, most=most),
        "frames added up, shots as found": pooled("Sum-Pooling", described, shots),
        "greatest values, shots as found": pooled("Max-Pooling", described, shots),
        "greatest values of a whole clip": Method("", described.xq, max_pool(described.x, ranges), np.arange(n + 1)),
    }


def _quiet(line: str) -> None:
    """Stages that are small beside those that speak."""
