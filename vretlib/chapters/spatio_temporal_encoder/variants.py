"""What single choices change, everything else as on the page: whitening, boundaries, training, reading of shots."""

from __future__ import annotations

from functools import partial
from typing import get_args

import numpy as np
import pandas as pd

from vretlib.chapters.spatio_temporal_encoder.inputs import EncodedStudy
from vretlib.chapters.spatio_temporal_encoder.methods import of_shots, one_a_second
from vretlib.chapters.spatio_temporal_encoder.tables import FRAMES, table
from vretlib.datasets.clips import truth
from vretlib.described.clip_scores import CUT, F64, by_method, per_query
from vretlib.errors import UserError
from vretlib.evaluation.average_precision import ApRule
from vretlib.evaluation.methods import Variant, compare
from vretlib.features import image_features
from vretlib.features.whitening import Whitening
from vretlib.models.temporal_encoder import MOST_FRAMES, TemporalEncoder, max_pool, split_long, sum_pool
from vretlib.report import LeftOut, Table, Tolerance
from vretlib.report.means import means
from vretlib.search.clip_search import ClipVectors
from vretlib.video import boundary_evaluation, clip_features, clip_shots
from vretlib.video.boundary_evaluation import Transitions
from vretlib.video.clip_shots import ClipShots


def whitenings(described: EncodedStudy, true: Transitions | None) -> tuple[Table, dict[str, pd.DataFrame]]:
    """Accuracy of single frames, one a second, without whitening, with that of other films as everywhere on this page,
    and with that of the searched clips; and how well boundaries are found after each.

    The curves are `boundary_evaluation.threshold_curve`, whose best threshold is in the table; there are none where no
    ``true`` transitions are known.
    """
    own = _own_whitening(described, range(described.frames.n_clips))
    learned = {"none": None, "of other films": described.whitening, "of the searched clips": own}
    found: dict[str, Whitening | None] = {name: of for name, of in learned.items() if not isinstance(of, str)}
    values = by_method({name: _single_frames(described, of) for name, of in found.items()}, described.collection)
    frame, curves = means(values).frame, {}
    known: Transitions = true or []
    for name, whitening in found.items() if any(known) else ():
        x = described.clips.rmac(whitening)
        curves[name] = boundary_evaluation.threshold_curve(x, described.frames, known)
        best, f1 = boundary_evaluation.best_threshold(curves[name]), float(curves[name]["F1"].max())
        frame.loc[name, ["best Th", "its F1"]] = best, f1
    reasons = {name: of for name, of in learned.items() if isinstance(of, str)}
    baseline = "of other films"
    return table(frame, FRAMES, {"best Th": 0.06}, reasons=reasons, per_query=values, baseline=baseline), curves


def half_whitenings(described: EncodedStudy) -> Table | LeftOut:
    """What a whitening learns of *these* clips, apart from what it learns of clips *like* these.

    It is learned on one half of the clips, then on the other. The rows have the queries whose answers are all in one
    half: after the whitening of other films, of the half with the answers, and of the half without them.
    """
    n, relevant = described.frames.n_clips, [query.relevant for query in described.collection.queries]
    halves = range(n // 2), range(n // 2, n)
    half_of = [[i for i, ids in enumerate(relevant) if np.isin(ids, half).all()] for half in halves]
    if not any(half_of):
        return LeftOut("no query has its answers in one half of the clips alone")
    rankings = [_single_frames(described, described.whitening).ranking]
    for own in (_own_whitening(described, half) for half in halves):
        if isinstance(own, str):
            return LeftOut(own)
        rankings.append(_single_frames(described, own).ranking)
    chosen = {"of other films": (0, 0), "of half, with the answers in it": (1, 2)}
    chosen["of half, with the answers in the other"] = 2, 1
    numbers = [i for some in half_of for i in some]

    def scores(whitenings: tuple[int, int]) -> dict[str, F64]:
        rows = [rankings[k][i] for k, some in zip(whitenings, half_of, strict=True) for i in some]
        return per_query(rows, described.collection, numbers)

    values = compare(Variant(name, partial(scores, whitenings)) for name, whitenings in chosen.items())
    return table(values, FRAMES, baseline="of other films")


def _single_frames(described: EncodedStudy, whitening: Whitening | None) -> ClipVectors:
    return one_a_second(described, image_features.rmac(described.queries, whitening), described.clips.rmac(whitening))


def _own_whitening(described: EncodedStudy, clips: range) -> Whitening | str:
    """The whitening of some of the searched clips; or why there is none."""
    if not clips:
        return "a single clip cannot be halved"
    try:
        return clip_features.whitening_of_clips(described.clips, "the searched clips", clips)
    except UserError:
        return "the frames of these clips are all the same"


def boundaries(described: EncodedStudy, threshold: float, true: Transitions | None, seed: int) -> Table:
    """The rules of Table 6.3 in rows, and Algorithm 3 at the threshold that is best on the training clips, if their
    true cuts are known: shots, precision and recall; only shots where no ``true`` transitions are known.
    """
    found = clip_shots.detect(described.x, described.frames, threshold)
    drawn = clip_shots.draw(found, described.frames, seed)
    rules = {"none": [gaps[:0] for gaps in found], "random, as many": drawn, "Algorithm 3": found}
    thresholds = {"Algorithm 3": threshold}
    if (of_training := truth.transitions_of_all(described.training)) is not None:
        curve = boundary_evaluation.threshold_curve(described.x_training, described.training_clips.frames, of_training)
        name, best = "Algorithm 3, best Th of the training clips", boundary_evaluation.best_threshold(curve)
        rules[name], thresholds[name] = clip_shots.detect(described.x, described.frames, best), best
    known = true or [[] for _ in found]
    rows = {name: boundary_evaluation.measures(gaps, described.frames, known) for name, gaps in rules.items()}
    frame = pd.DataFrame.from_dict(rows, orient="index").drop(columns="F1")
    frame.insert(0, "Th", [thresholds.get(name, np.nan) for name in frame.index])
    return table(frame if true else frame[["Th", "shots"]], FRAMES, {"Th": 0.06, "shots": Tolerance(relative=0.05)})


def choices(described: EncodedStudy, shots: ClipShots, encoder: TemporalEncoder, most: int) -> Table:
    """Points that the text leaves open, one changed at a time, with at most ``most`` frames of a shot; and a
    ranking by four protocols: the first 100 clips or all, average precision plain or by trapezoids.
    """
    pieces, owner = split_long(shots.ranges, most)
    split, whole = ClipShots(pieces, np.searchsorted(owner, shots.offsets)), clip_shots.whole_clips(described.frames)
    few, encode = f"at most {most} frames of a shot", encoder.encode
    methods = {
        f"as on this page: at most {MOST_FRAMES} frames": of_shots(described, shots, encode),
        f"{few}, evenly spread": of_shots(described, shots, encode, most=most),
        f"{few}, the first": of_shots(described, shots, encode, most=most, beyond="first"),
        f"{few}, the last": of_shots(described, shots, encode, most=most, beyond="last"),
        f"{few}, longer ones split": of_shots(described, split, encode, most=most),
        "sum of the frames, shots as found": of_shots(described, shots, sum_pool),
        "maximum of the frames, shots as found": of_shots(described, shots, max_pool),
        "maximum of the frames, whole clips": of_shots(described, whole, max_pool),
    }
    ranking = next(iter(methods.values())).ranking

    def protocol(cut: int | None, rule: ApRule) -> dict[str, F64]:
        of = per_query(ranking, described.collection, cut=cut, rule=rule)
        return {column: values for column, values in of.items() if column.endswith("|mAP")}

    protocols = compare(
        Variant(f"{clips} clips, {rule}", partial(protocol, cut, rule))
        for clips, cut in ((f"first {CUT}", CUT), ("all", None))
        for rule in get_args(ApRule)[::-1]
    )
    return table(by_method(methods, described.collection) | protocols, FRAMES, baseline=next(iter(methods)))
