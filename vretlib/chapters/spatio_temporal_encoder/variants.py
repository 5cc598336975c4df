"""What one choice changes, everything else as on the page: whitening, number of lessons, what the text leaves open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vretlib.chapters.spatio_temporal_encoder.learn import Learned, Recipe, TrainingData, train, train_both
from vretlib.chapters.spatio_temporal_encoder.methods import (
    CUT,
    Method,
    encoded,
    heading,
    pooled,
    scores,
    scores_of_parts,
    single_frames,
)
from vretlib.chapters.spatio_temporal_encoder.study import Described, learn_whitening
from vretlib.chapters.spatio_temporal_encoder.tables import frames_at
from vretlib.datasets.clips import truth
from vretlib.datasets.clips.collection import ClipCollection
from vretlib.errors import NoExampleError, UserError
from vretlib.evaluation.average_precision import average_precisions
from vretlib.features import image_features
from vretlib.features.whitening import Whitening
from vretlib.models.temporal_encoder import MOST_FRAMES, Cell, max_pool, split_long
from vretlib.models.training import several
from vretlib.video import boundary_evaluation, clip_shots
from vretlib.video.boundary_evaluation import Transition
from vretlib.video.clip_shots import ClipShots
from vretlib.video.sampled_frames import rows_at_rate

Truth = Sequence[Sequence[Transition]] | None


def whitenings(described: Described, fps: float = 1.0) -> tuple[pd.DataFrame, dict[str, str]]:
    """Single frames after three whitenings, and what Th means after each (facts of section 6.2.2 made visible).

    None; learned on other films, as everything on this page; learned on the very clips that are searched. Where true
    cuts are known: the threshold with the largest F1 over the searched clips.

    Two more rows part what a whitening learns of *these* clips from what it learns of clips *like* these: it is learned
    on half of the clips, and queries whose answers are in that half are counted apart from those whose answers are in
    the other half; then the halves change places.

    Returns
    -------
    The table, and for each row that it lacks the reason.
    """
    n = described.frames.n_clips
    first, second = np.arange(n // 2), np.arange(n // 2, n)
    true = truth.transitions_of_all(described.collection.clips)
    rows_at = rows_at_rate(described.frames, [clip.path for clip in described.collection.clips], fps)
    rows: dict[str, dict[str, float]] = {}
    half = {}
    learned = {"none": None, "of other films": described.whitening}
    missing: dict[str, str] = {}
    own = _of_the_searched(described)
    if isinstance(own, str):
        missing["of the searched clips"] = own
    else:
        learned["of the searched clips"] = own
    for name, whitening in learned.items():
        x, xq = described.clips.rmac(whitening), image_features.rmac(described.queries, whitening)
        rows[name] = scores(frames_at(described, xq, x, rows_at), described.collection)
        if true is not None:
            curve = boundary_evaluation.threshold_curve(x, described.frames, true)
            rows[name] |= {"best Th": boundary_evaluation.best_threshold(curve), "its F1": float(curve["F1"].max())}
    halves = "of half, with the answers in it", "of half, with the answers in the other"
    for i, some in enumerate((first, second)):
        of_half = _of_the_searched(described, some)
        if isinstance(of_half, str):
            return pd.DataFrame.from_dict(rows, orient="index"), missing | dict.fromkeys(halves, of_half)
        x, xq = described.clips.rmac(of_half), image_features.rmac(described.queries, of_half)
        half[i] = frames_at(described, xq, x, rows_at)
    for name, same in zip(halves, (True, False), strict=True):
        asked = {
            i: [
                k
                for k, query in enumerate(described.collection.queries)
                if np.isin(query.relevant, (first, second)[i if same else 1 - i]).all()
            ]
            for i in half
        }
        if any(asked.values()):
            rows[name] = scores_of_parts([(half[i], asked[i]) for i in half], described.collection)
        else:
            missing[name] = "no query has its answers in one half of the clips alone"
    return pd.DataFrame.from_dict(rows, orient="index"), missing


def _of_the_searched(described: Described, some: NDArray[np.int64] | None = None) -> Whitening | str:
    """The whitening of the searched clips, or of some of them; or why there is none."""
    if some is not None and not len(some):
        return "a single clip cannot be halved"
    try:
        return learn_whitening(described.clips, "the searched clips", some)
    except UserError:
        return "the frames of these clips are all the same"


def threshold_curves(described: Described, true: Truth) -> dict[str, pd.DataFrame]:
    """`shots.curve` over the searched clips without whitening and with two.

    Raises
    ------
    NoExampleError: true cuts are not known, or there are none.
    """
    if true is None:
        raise NoExampleError("the true cuts and dissolves of these clips are not known")
    if not any(true):
        raise NoExampleError("these clips have no cut and no dissolve")
    whitenings = {"no whitening": None, "whitened, other films": described.whitening}
    own = {"whitened, searched clips": learn_whitening(described.clips, "the searched clips")}
    return {
        name: boundary_evaluation.threshold_curve(described.clips.rmac(whitening), described.frames, true)
        for name, whitening in {**whitenings, **own}.items()
    }


def detection(described: Described, threshold: float, true: Truth, seed: int) -> pd.DataFrame:
    """Rules of Table 6.3 in rows, and Algorithm 3 at the threshold that is best on the lessons, if theirs is known.

    Shots, precision, recall; the counts of shots alone where true cuts are not known.
    """
    gaps = clip_shots.detect(described.x, described.frames, threshold)
    ways = {
        "none": [np.empty(0, np.int64)] * described.frames.n_clips,
        "random, as many": clip_shots.draw(gaps, described.frames, seed),
        "Algorithm 3": gaps,
    }
    taught, at = truth.transitions_of_all(described.lessons), {"Algorithm 3": threshold}
    if taught is not None:
        name = "Algorithm 3, best Th of the lessons"
        at[name] = boundary_evaluation.best_threshold(
            boundary_evaluation.threshold_curve(described.xt, described.lesson_clips.frames, taught)
        )
        ways[name] = clip_shots.detect(described.x, described.frames, at[name])
    if true is not None:
        rows = {name: boundary_evaluation.measures(some, described.frames, true) for name, some in ways.items()}
        table = pd.DataFrame.from_dict(rows, orient="index").drop(columns="F1")
    else:
        counts = {name: sum(map(len, some)) + described.frames.n_clips for name, some in ways.items()}
        table = pd.DataFrame({"shots": counts})
    table.insert(0, "Th", [at.get(name, np.nan) for name in table.index])
    return table


def further_aggregations(described: Described, shots: ClipShots, rotated: Mapping[str, Learned]) -> dict[str, Method]:
    """Beside Table 6.2: every frame, pools of shots, and encoders of turned lessons."""
    found = {f"{name} of shots": pooled(name, described, shots) for name in ("Max-Pooling", "Sum-Pooling")}
    for cell, learned in rotated.items():
        name = f"{cell.upper()}, turned lessons"
        found[name] = encoded(name, described, shots, learned)
    return found | {"RMAC, every frame": single_frames("", described.xq, described.x, described.frames.offsets)}


def protocols(method: Method, collection: ClipCollection) -> pd.DataFrame:
    """MAP of one ranking: cut or not, plain average precision or the trapezoids of the Oxford program."""
    ranking, relevant = method.ranking(), [query.relevant for query in collection.queries]
    kind = np.array([query.kind for query in collection.queries])
    rows: dict[str, dict[str, float]] = {}
    for cut in (CUT, None):
        for rule in ("plain", "trapezoid"):
            aps = average_precisions(ranking[:, :cut], relevant, rule=rule)
            name = f"first {cut} clips, {rule}" if cut else f"all clips, {rule}"
            rows[name] = {f"{heading(k, collection.own)}|mAP": float(aps[kind == k].mean()) for k in collection.kinds}
    return pd.DataFrame.from_dict(rows, orient="index")


def learning_curve(
    described: Described, shots: ClipShots, lessons: TrainingData, recipe: Recipe, numbers: Sequence[int]
) -> pd.DataFrame:
    """An LSTM learned from fewer clips: their number in rows, mAP and R@1."""
    sizes = sorted({min(number, len(lessons)) for number in numbers})

    def learned_from(n: int) -> Learned:
        return train("lstm", lessons.some(n, recipe.seed), recipe, say=_quiet)

    learned = several(learned_from, sizes)
    found = [scores(encoded("", described, shots, one), described.collection) for one in learned]
    return pd.DataFrame(found, index=pd.Index(sizes, name="clips"))


def by_seed(
    described: Described, shots: ClipShots, lessons: TrainingData, recipe: Recipe, seeds: Sequence[int]
) -> pd.DataFrame:
    """MAP of both cells (rows) over trainings that differ in their seed alone: the least and the greatest."""
    trained = [train_both(lessons, replace(recipe, seed=seed), say=_quiet) for seed in seeds]
    rows = {}
    for cell in get_args(Cell):
        found = pd.DataFrame([scores(encoded("", described, shots, by[cell]), described.collection) for by in trained])
        maps = found.filter(like="|mAP")
        rows[cell.upper()] = {
            f"{column.removesuffix('mAP')}{name}": float(value)
            for column in map(str, maps)
            for name, value in (("least", maps[column].min()), ("greatest", maps[column].max()))
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def choices(described: Described, shots: ClipShots, learned: Learned, most: int) -> dict[str, Method]:
    """Points that the text leaves open, one changed at a time; ``most`` frames of a shot, few enough to matter."""
    pieces, owner = split_long(shots.ranges, most)
    split = ClipShots(pieces, np.searchsorted(owner, shots.offsets))
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
