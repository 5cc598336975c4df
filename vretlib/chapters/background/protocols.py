"""One ranking, several ways to score it: what a published mAP depends on besides the method (thesis §2.3)."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from vretlib.chapters.background.compare import bits
from vretlib.chapters.background.descriptions import Description
from vretlib.datasets.landmarks.collection import Ids, LandmarkCollection
from vretlib.evaluation import average_precision, recall
from vretlib.evaluation.average_precision import Rule, Step
from vretlib.evaluation.ranking import rank
from vretlib.search import similarity

RULES: tuple[Rule, ...] = ("trapezoid", "plain")
PLACES = {"in": True, "out": False}
"""Whether the query image counts as one of its own answers."""

Scores = NDArray[np.float32]


def classic(scores: Scores, searched: LandmarkCollection) -> pd.Series:
    """AP of every query by the trapezoid rule and the collection's own ground truth; NaN without positives.

    This is what the page means by mAP: see `LandmarkCollection.protocol` for whether the query image counts.
    """
    aps = average_precision.average_precisions(rank(scores), searched.positives(), searched.junk())
    return pd.Series(aps, index=[query.name for query in searched.queries])


def mean(aps: ArrayLike) -> float:
    """The mean over the queries that have positives."""
    return average_precision.mean(aps).value


def per_query(scores: Scores, searched: LandmarkCollection) -> pd.DataFrame:
    """AP of every query by either rule, with the query image in the database and out of it.

    Queries in rows; columns ``"in|trapezoid"``, ``"in|plain"``, ``"out|trapezoid"``, ``"out|plain"``. NaN where a query
    has no positives. "In" counts the query image as right whether or not the collection's ground truth does.
    """
    rankings = rank(scores)
    columns = {}
    for place, inside in PLACES.items():
        positives, junk = _with_itself(searched) if inside else _without_itself(searched)
        for rule in RULES:
            columns[f"{place}|{rule}"] = average_precision.average_precisions(rankings, positives, junk, rule=rule)
    return pd.DataFrame(columns, index=[query.name for query in searched.queries])


def _with_itself(searched: LandmarkCollection) -> tuple[list[Ids], list[Ids]]:
    """Positives and junk with every query image that is its own junk moved among its positives."""
    positives, junk = searched.positives(), searched.junk()
    for k, query in enumerate(searched.queries):
        if query.image is not None and query.image in junk[k]:
            positives[k], junk[k] = np.union1d(positives[k], [query.image]), junk[k][junk[k] != query.image]
    return positives, junk


def _without_itself(searched: LandmarkCollection) -> tuple[list[Ids], list[Ids]]:
    return searched.positives(query_in_database=False), searched.junk(query_in_database=False)


def four_numbers(aps: pd.DataFrame) -> pd.DataFrame:
    """MAP by rule (rows) and place of the query image (columns), of what `per_query` gives."""
    means = {key: average_precision.mean(aps[key]).value for key in aps}
    return pd.DataFrame({place: {rule: means[f"{place}|{rule}"] for rule in RULES} for place in PLACES})


def at_k(scores: Scores, searched: LandmarkCollection, ks: Sequence[int]) -> pd.DataFrame:
    """The three readings of R@K, means over queries; K in rows.

    The query image is left out of the database: where it is in, the first answer is right whatever the method.
    """
    rankings = rank(scores)
    positives = searched.positives(query_in_database=False)
    junk = searched.junk(query_in_database=False)
    readings = {
        "eq 2.11 (precision)": recall.precision_at,
        "eq 2.10 (recall)": recall.recall_at,
        "hit rate": recall.hit_rate_at,
    }
    rows = {
        f"K = {k}": {
            name: average_precision.mean(measure(rankings, positives, k, junk)).value
            for name, measure in readings.items()
        }
        for k in ks
    }
    return pd.DataFrame.from_dict(rows, orient="index")


def ties(x: Description, searched: LandmarkCollection, n_bits: Sequence[int]) -> pd.DataFrame:
    """MAP by how ties are broken: cosine of the vectors, and Hamming of their first bits.

    Columns: smaller id first, larger id first, the expected value over all orders, and how many of the neighbours in a
    ranking tie. Lengths beyond the vectors' own are left out.
    """
    codes = bits(x.xq, x.xt), bits(x.xb, x.xt)
    ways = {"cosine": similarity.scores(x.xq, x.xb, "cosine")}
    for n in n_bits:
        if n <= x.d:
            ways[f"{n} bits"] = similarity.scores(codes[0][:, :n], codes[1][:, :n], "hamming")
    rows = {}
    for name, scores in ways.items():
        last = scores.shape[1] - 1
        orders = {"smaller id": rank(scores), "larger id": last - rank(scores[:, ::-1])}
        row = {
            f"mAP|{order}": average_precision.mean(
                average_precision.average_precisions(ranking, searched.positives(), searched.junk())
            ).value
            for order, ranking in orders.items()
        }
        each = zip(scores, searched.positives(), searched.junk(), strict=True)
        expected = [average_precision.expected_average_precision(*asked) for asked in each]
        row["mAP|expected"] = average_precision.mean(expected).value
        rows[name] = row | {"tied": float(np.mean(np.diff(np.sort(scores, axis=1), axis=1) == 0))}
    return pd.DataFrame.from_dict(rows, orient="index")


def step_table(by_rule: Mapping[str, Sequence[Step]]) -> pd.DataFrame:
    """A calculation by hand: a row per rank, and the sum; precision and recall, and the area that each rule adds."""
    first = next(iter(by_rule.values()))
    rows = {
        f"rank {step.rank}": {
            "image": str(step.id),
            "right": "yes" if step.relevant else "no",
            "precision": step.precision,
            "recall": step.recall,
            **{f"area|{rule}": steps[step.rank - 1].area for rule, steps in by_rule.items()},
        }
        for step in first
    }
    sums = {f"area|{rule}": sum(step.area for step in steps) for rule, steps in by_rule.items()}
    return pd.DataFrame.from_dict(rows | {"AP": sums}, orient="index")


def hit_table(steps: Sequence[Step], n: int) -> pd.DataFrame:
    """The last ``n`` right answers of a ranking: rank without junk, precision and recall there, and the area added."""
    found = list(enumerate((step for step in steps if step.relevant), 1))[-n:]
    rows = {
        f"hit {k}": {"rank": s.rank, "precision": s.precision, "recall": s.recall, "area": s.area} for k, s in found
    }
    return pd.DataFrame.from_dict(rows, orient="index")


def corners(steps: Sequence[Step], rule: Rule) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Recall and precision along the upper edge of the area that a rule adds up: stairs, or joined dots from (0, 1)."""
    recalls = np.array([0.0, *(step.recall for step in steps)])
    precisions = np.array([1.0, *(step.precision for step in steps)])
    if rule == "trapezoid":
        return recalls, precisions
    return np.repeat(recalls, 2)[1:-1], np.repeat(precisions[1:], 2)
