"""The tables of this chapter; the thesis prints none here. Tolerances stand beside the numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.typing import ArrayLike, NDArray

from vretlib.chapters.background.methods import SIMILARITIES, STANDARD, Compared, average_precisions, bits
from vretlib.datasets.landmarks.collection import LandmarkCollection
from vretlib.described.nine_descriptions import Description, TrainingImages
from vretlib.errors import NoExampleError
from vretlib.evaluation import average_precision, recall
from vretlib.evaluation.average_precision import ApRule, Step
from vretlib.evaluation.methods import milliseconds
from vretlib.evaluation.ranking import rank
from vretlib.features.backbones import Backbone
from vretlib.features.patches import sensitivity
from vretlib.features.rmac_trace import trace_rmac
from vretlib.features.whitening import Whitening
from vretlib.images import Pixels
from vretlib.models import metric_axioms
from vretlib.models.oasis import Oasis
from vretlib.models.pair_order import pairs_in_order, sample_pairs
from vretlib.report import Check, Table
from vretlib.report.means import means
from vretlib.search import similarity

BASELINE = "SPoC"
"""The simplest pooling: the sum of the maps, which gains are measured against."""
RULES: tuple[ApRule, ...] = ("trapezoid", "plain")

Scores = NDArray[np.float32]
ScoredPairs = Sequence[Mapping[str, Scores]]


def collection(searched: LandmarkCollection) -> Table:
    """Images per query that are good, ok, junk, and all others: the fewest, the mean, the most."""
    counts = {name: [len(getattr(query, name)) for query in searched.queries] for name in ("good", "ok", "junk")}
    counts["others"] = [len(searched.images) - sum(n) for n in zip(*counts.values(), strict=True)]
    rows = {f"{k} per query": {"fewest": min(n), "mean": np.mean(n), "most": max(n)} for k, n in counts.items()}
    return _checked(rows, 0.005)


def patch_sensitivity(luma: Pixels, seed: int) -> Table:
    """`vretlib.features.patches.sensitivity` of an image; NoExampleError as there."""
    return _checked(sensitivity(luma, seed=seed), 0.02)


def first_response(place: str, terms: torch.Tensor, bias: float, by_network: float) -> Table:
    """One number of a convolution: its weights and the sum of weights times pixels, by eq 2.1 and by the network."""
    total = float(terms.double().sum())
    names = ["weights", "Σ w·x", "b", "s by eq 2.1", "s by the network"]
    values = [terms.numel(), total, bias, total + bias, by_network]
    return _checked({place: dict(zip(names, map(float, values), strict=True))}, 0.002)


def pairs_of(scores: Sequence[Scores], searched: LandmarkCollection, seed: int) -> ScoredPairs:
    """`sample_pairs` by some descriptions; a query's own image is left out where the ground truth calls it junk."""
    own = [[] if query.image is None else [query.image] for query in searched.queries]
    itself = [np.intersect1d(junk, ids).astype(np.int64) for junk, ids in zip(searched.junk(), own, strict=True)]
    positives = searched.positives(query_in_database=False)
    return [sample_pairs(one, positives, itself, seed=seed) for one in scores]


def whitening(vectors: NDArray[np.float32], learned: Whitening, pairs: ScoredPairs) -> Table:
    """What whitening does (rows: before, after) to its own training vectors, and to cosines of pairs.

    The gap is the distance of the two means in standard deviations (the root of the mean of the two variances): how
    well a threshold could tell the two kinds of pairs apart.
    """
    rows = {}
    for name, x, cosines in zip(("before", "after"), (vectors, learned.apply(vectors, l2=False)), pairs, strict=True):
        covariance = np.cov(np.asarray(x, np.float64), rowvar=False, bias=True)
        variances = np.diag(covariance)
        deviations = np.sqrt(np.where(variances > 0, variances, 1))
        correlations = np.abs(covariance / deviations[:, None] / deviations[None, :] - np.eye(len(deviations)))
        same, other = cosines.values()
        spread = np.sqrt((same.var() + other.var()) / 2)
        rows[name] = {
            "variance|least": variances.min(),
            "variance|most": variances.max(),
            "largest correlation": correlations[variances > 0][:, variances > 0].max(initial=0.0),
            "mean cosine|same": same.mean(),
            "mean cosine|another": other.mean(),
            "gap in σ": (same.mean() - other.mean()) / spread if spread > 0 else np.nan,
        }
    return _checked(pd.DataFrame.from_dict(rows, orient="index", dtype=float), 0.02)


def four_distances(x: ArrayLike, others: Mapping[str, ArrayLike]) -> Table:
    """The four distances of §2.2.1 (rows) from one vector to each of some others (columns)."""
    xq, xb = np.array([x], np.float64), np.array(list(others.values()), np.float64)
    rows = {way: similarity.distances(xq, xb, metric)[0] for way, metric in STANDARD.items()}
    rows["Hamming"] = (xq != xb).sum(axis=1).astype(np.float64)  # of numbers, as the thesis writes it
    return _checked(pd.DataFrame.from_dict(rows, orient="index", columns=list(others)), 1e-6)


def oasis_updates(updated: Mapping[float, tuple[float, float, float, NDArray]]) -> Table:
    """The step τ, the loss before and after it, and the matrix (2, 2) after one update of eq 2.8, for each C."""
    rows = {
        f"C = {c:g}": {"τ": step, "loss|before": before, "loss|after": round(after, 12)}
        | {f"M|{i + 1}{j + 1}": matrix[i, j] for i in range(2) for j in range(2)}
        for c, (step, before, after, matrix) in updated.items()
    }
    return _checked(rows, 1e-6)


def oasis_transfer(
    descriptions: Mapping[str, Description], compared: Compared, searched: LandmarkCollection, training: TrainingImages
) -> Table:
    """`pairs_in_order` before learning (M = I) and after: on the training images, and on what is searched.

    Raises
    ------
    NoExampleError: the training images have no labels, or too few of a class: there is no OASIS.
    """
    labels = training.labels
    if labels is None:
        raise NoExampleError(
            f"{training.name}: nothing to learn a similarity from; OASIS needs images of two classes, two of one"
        )
    itself = [np.array([i]) for i in range(len(labels))]
    others = [np.setdiff1d(np.flatnonzero(labels == label), own) for label, own in zip(labels, itself, strict=True)]
    positives, junk = (part(query_in_database=False) for part in (searched.positives, searched.junk))
    rows = {}
    for name, x in descriptions.items():
        sets = (x.xt, x.xt, others, itself), (x.xq, x.xb, positives, junk)
        rows[name] = {
            f"{place}|{when}": pairs_in_order(model.scores(xq, xb), right, left_out)
            for place, (xq, xb, right, left_out) in zip(training.places, sets, strict=True)
            for when, model in (("I", Oasis(x.d)), ("M", compared.oasis[name]))
        }
    return _checked(rows, 0.02)


def distances(x: ArrayLike, oasis: Oasis | None, training: NDArray[np.float32]) -> dict[str, NDArray[np.float64]]:
    """Distances (n, n) of vectors (n, d) by everything that this page compares with, in double precision.

    A learned similarity s becomes the distance 1 - s, as the cosine does (thesis §2.2.1). The angle, in units of a
    right angle, is not in the thesis; it sorts as the cosine does. Hamming compares bits of the ``training`` means.
    """
    v = np.asarray(x, np.float64)
    found = {way: similarity.distances(v, v, metric) for way, metric in STANDARD.items()}
    code = bits(v.astype(np.float32), training)
    found["Hamming"] = similarity.distances(code, code, "hamming")
    found["angle"] = np.arccos(np.clip(1 - found["cosine"], -1, 1)) / (np.pi / 2)
    np.fill_diagonal(found["angle"], 0)  # the arc cosine of 1 - 1e-16 is 1e-8
    return found if oasis is None else found | {"OASIS": 1 - v @ oasis.M @ v.T}


def axioms(measured: Mapping[str, NDArray[np.float64]]) -> Table:
    """Per cent of pairs, or triples, that break each axiom (columns), by distance (rows)."""
    return _checked(100 * pd.DataFrame({name: metric_axioms.violations(d) for name, d in measured.items()}).T, 2.0)


def centaur(
    views: Mapping[str, Pixels], network: Backbone, oasis: Oasis | None, training: NDArray[np.float32]
) -> Table:
    """Sides of the triangle of three images, in the order a, c, b, described by R-MAC, by every distance (rows)."""
    vectors = np.stack([trace_rmac(view, network).rmac() for view in views.values()])
    measured = distances(vectors, oasis, training)
    return _checked(pd.DataFrame({name: metric_axioms.sides(d) for name, d in measured.items()}).T, 0.02)


def recall_readings(scores: Scores, searched: LandmarkCollection, ks: Sequence[int]) -> Table:
    """The three readings of R@K, means over queries; K in rows.

    The query image is left out of the database: where it is in, the first answer is right whatever the method.
    """
    truth = searched.positives(query_in_database=False), searched.junk(query_in_database=False)
    readings = {
        "eq 2.11 (precision)": recall.precision_at,
        "eq 2.10 (recall)": recall.recall_at,
        "hit rate": recall.hit_rate_at,
    }
    ranking = rank(scores)
    per_query = {(f"K = {k}", n): at(ranking, truth[0], k, truth[1]) for k in ks for n, at in readings.items()}
    return means(per_query, 0.02)


def ap_steps(by_rule: Mapping[str, Sequence[Step]]) -> Table:
    """A calculation by hand, one row per rank and the sum: precision and recall, and the area that each rule adds."""
    rows: dict[str, Any] = {}
    for steps in zip(*by_rule.values(), strict=True):
        rows[f"rank {steps[0].rank}"] = {
            "image": str(steps[0].id),
            "right": "yes" if steps[0].relevant else "no",
            "precision": steps[0].precision,
            "recall": steps[0].recall,
        } | {f"area|{rule}": step.area for rule, step in zip(by_rule, steps, strict=True)}
    rows["AP"] = {f"area|{rule}": sum(step.area for step in steps) for rule, steps in by_rule.items()}
    return _checked(rows, 1e-9)


def last_hits(steps: Sequence[Step], n: int) -> Table:
    """The last ``n`` right answers of a ranking: rank without junk, precision and recall there, and the area added."""
    hits = list(enumerate((step for step in steps if step.relevant), 1))[-n:]
    names = ("rank", "precision", "recall", "area")
    rows = {f"hit {k}": {name: getattr(step, name) for name in names} for k, step in hits}
    return _checked(rows, {"rank": 5.0, "precision": 0.05, "recall": 1e-6, "area": 0.005})


def per_query(scores: Scores, searched: LandmarkCollection) -> pd.DataFrame:
    """AP of every query (rows) by either rule, with the query image in the database and left out of it.

    The columns are ``"in|trapezoid"``, ``"in|plain"``, ``"out|trapezoid"``, ``"out|plain"``; NaN where a query has no
    positives. "In" counts the query image as right whether or not the collection's ground truth does.
    """
    positives, junk = searched.positives(), searched.junk()
    for k, query in enumerate(searched.queries):
        if query.image is not None and query.image in junk[k]:
            positives[k], junk[k] = np.union1d(positives[k], [query.image]), junk[k][junk[k] != query.image]
    without = searched.positives(query_in_database=False), searched.junk(query_in_database=False)
    columns = {
        f"{place}|{rule}": average_precision.average_precisions(rank(scores), *truth, rule=rule)
        for place, truth in (("in", (positives, junk)), ("out", without))
        for rule in RULES
    }
    return pd.DataFrame(columns, index=[query.name for query in searched.queries])


def protocols(aps: pd.DataFrame) -> Table:
    """MAP by rule (rows) and place of the query image (columns), from `per_query`."""
    return means({(rule, place): aps[f"{place}|{rule}"] for rule in RULES for place in ("in", "out")}, 0.02, RULES[0])


def ties(x: Description, searched: LandmarkCollection, n_bits: Sequence[int]) -> Table:
    """MAP by how ties are broken: cosine of the vectors, and Hamming of their first bits.

    Columns: smaller id first, larger id first, the expected value over all orders, and the share of the neighbours in
    a ranking that tie. Lengths beyond the vectors' own are left out.
    """
    xq, xb = bits(x.xq, x.xt), bits(x.xb, x.xt)
    ways = {"cosine": similarity.scores(x.xq, x.xb, "cosine")}
    ways |= {f"{n} bits": similarity.scores(xq[:, :n], xb[:, :n], "hamming") for n in n_bits if n <= x.d}
    truth = searched.positives(), searched.junk()

    per_query, tied = {}, {}
    for name, scores in ways.items():
        orders = {"smaller id": rank(scores), "larger id": scores.shape[1] - 1 - rank(scores[:, ::-1])}
        for order, ranking in orders.items():
            per_query[name, f"mAP|{order}"] = average_precision.average_precisions(ranking, *truth)
        each = zip(scores, *truth, strict=True)
        expected = [average_precision.expected_average_precision(*query) for query in each]
        per_query[name, "mAP|expected"] = np.array(expected)
        tied[name] = float(np.mean(np.diff(np.sort(scores, axis=1), axis=1) == 0))
    frame = means(per_query).frame.assign(tied=pd.Series(tied))
    baseline = dict.fromkeys(frame.filter(like="mAP").columns, "cosine")
    return Table(frame, [Check(frame, 0.03)], per_query=per_query, baseline=baseline)


def comparison(
    descriptions: Mapping[str, Description], compared: Compared, searched: LandmarkCollection, timed: Sequence[Path]
) -> Table:
    """Numbers and bytes per image, mAP by similarity, milliseconds to describe one image.

    Bytes are of float32, and of the bits that Hamming compares. The time is from the file to the vector, one image at
    a time: the smallest over the images ``timed``, which other work on the machine disturbs least. SIFT and k-means
    round differently from processor to processor, which gives other visual words: that moves mAP by up to 0.03, and
    what OASIS learns on such words by more.
    """
    per_query = {
        (name, f"mAP|{way}"): average_precisions(scores, searched) for (name, way), scores in compared.scores.items()
    }
    frame = pd.DataFrame({"d": {name: x.d for name, x in descriptions.items()}})
    frame["bytes|float32"], frame["bytes|bits"] = 4 * frame["d"], -(-frame["d"] // 8)
    frame = frame.join(means(per_query).frame.reindex(columns=[f"mAP|{way}" for way in SIMILARITIES]))
    frame["describe|ms"] = [min(milliseconds(x.describe, [path]) for path in timed) for x in descriptions.values()]
    limits = {"d": 0, "bytes": 0, "mAP|OASIS": 0.08, "mAP": 0.03}
    return Table(
        frame,
        [Check(frame, limits, unchecked=["describe"])],
        per_query=per_query,
        baseline=BASELINE if BASELINE in frame.index else "",
    )


def search_times(compared: Compared, n_queries: int) -> Table:
    """Microseconds per query to score the whole database on one thread; they are not checked."""
    frame = pd.DataFrame()
    for (name, way), seconds in compared.seconds.items():
        frame.loc[name, way] = 1e6 * seconds / n_queries
    return Table(frame, formats=dict.fromkeys(frame.columns, "{:.0f}"))


def _checked(table: pd.DataFrame | dict[str, Any], tolerance: Any) -> Table:
    """A table, of a frame or of rows by name, of which all numbers are recorded."""
    frame = table if isinstance(table, pd.DataFrame) else pd.DataFrame.from_dict(table, orient="index")
    return Table(frame, [Check(frame, tolerance)])
