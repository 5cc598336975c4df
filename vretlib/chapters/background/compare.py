"""Every description with every similarity, on the same queries."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from numpy.typing import ArrayLike, NDArray

from vretlib.chapters.background.collection import Lessons
from vretlib.chapters.background.descriptions import Description, Vectors
from vretlib.datasets.landmarks.collection import LandmarkCollection
from vretlib.errors import NoExampleError
from vretlib.evaluation import average_precision
from vretlib.evaluation.ranking import rank
from vretlib.models.oasis import Oasis
from vretlib.search import similarity

STANDARD = {"cosine": "cosine", "Euclid": "euclidean", "L1": "l1"}
"""Similarities that need no training: their names in the table, and in `vretlib.search.similarity`."""
SIMILARITIES = (*STANDARD, "Hamming", "OASIS")

Scores = NDArray[np.float32]


def bits(x: Vectors, lessons: Vectors) -> NDArray[np.bool_]:
    """One bit per number, (n, d): whether it is above its mean over the lessons."""
    above: NDArray[np.bool_] = x > lessons.mean(axis=0)
    return above


def distances(x: ArrayLike, others: Mapping[str, ArrayLike]) -> pd.DataFrame:
    """The four distances of §2.2.1 (rows) from one vector to each of some others (columns)."""
    xq, xb = np.array([x], np.float64), np.array(list(others.values()), np.float64)
    rows = {way: similarity.distances(xq, xb, metric)[0] for way, metric in STANDARD.items()}
    rows["Hamming"] = (xq != xb).sum(axis=1).astype(np.float64)  # of numbers, as the thesis writes it
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(others))


@dataclass(frozen=True, eq=False)
class Compared:
    """Scores (nq, nb) by description and similarity, larger is more alike, and seconds each took for all queries.

    ``oasis`` holds what was learned for each description; it is empty where the lessons have no labels.
    """

    scores: dict[tuple[str, str], Scores] = field(repr=False)
    seconds: dict[tuple[str, str], float] = field(repr=False)
    oasis: dict[str, Oasis] = field(repr=False)


def all_scores(
    descriptions: Mapping[str, Description], labels: NDArray[np.int64] | None, *, n_triplets: int, seed: int
) -> Compared:
    """Every description by every similarity; OASIS (eqs 2.7, 2.8) only where the lessons have labels."""
    scores, seconds, learned = {}, {}, {}
    for name, x in descriptions.items():
        ways = {way: _scorer(x.xq, x.xb, metric) for way, metric in STANDARD.items()}
        ways["Hamming"] = _scorer(bits(x.xq, x.xt), bits(x.xb, x.xt), "hamming")
        if labels is not None:
            learned[name] = Oasis(x.d)
            generator = torch.Generator().manual_seed(seed)
            learned[name].fit(x.xt, labels, n_triplets=n_triplets, generator=generator, progress=False)
            ways["OASIS"] = _learned_scorer(learned[name], x)
        for way, run in ways.items():
            started = time.perf_counter()
            scores[name, way] = run()
            seconds[name, way] = time.perf_counter() - started
    return Compared(scores, seconds, learned)


def _scorer(xq: NDArray, xb: NDArray, metric: str) -> Callable[[], Scores]:
    return lambda: similarity.scores(xq, xb, metric)


def _learned_scorer(oasis: Oasis, x: Description) -> Callable[[], Scores]:
    return lambda: oasis.scores(x.xq, x.xb)


def pairs_in_order(scores: Scores, positives: Sequence[NDArray], left_out: Sequence[NDArray]) -> float:
    """Share of pairs (right, wrong) of which the right one scores higher, ties half; the mean over queries with both.

    ``left_out`` holds, per query, ids that are in neither group.
    """
    shares = []
    for row, right, skipped in zip(scores, positives, left_out, strict=True):
        wrong = np.setdiff1d(np.arange(len(row)), np.union1d(right, skipped))
        if len(right) and len(wrong):
            difference = row[right][:, None] - row[wrong][None, :]
            shares.append(np.mean(difference > 0) + 0.5 * np.mean(difference == 0))
    if not shares:
        raise NoExampleError("no query has both right and wrong images; nothing to put in order")
    return float(np.mean(shares))


def transfer(
    descriptions: Mapping[str, Description],
    compared: Compared,
    searched: LandmarkCollection,
    labels: NDArray[np.int64] | None,
    places: tuple[str, str] = ("training buildings", "new buildings"),
) -> pd.DataFrame:
    """`pairs_in_order` before learning (M = I) and after: on the lessons, and on the collection that is searched.

    ``places`` are the headings of the two. Without labels there is nothing to learn, and the table has no rows.
    """
    if labels is None:
        return pd.DataFrame(columns=[f"{where}|{when}" for where in places for when in ("I", "M")], dtype=float)
    of_class = [np.flatnonzero(labels == label) for label in labels]
    others = [np.setdiff1d(ids, [i]) for i, ids in enumerate(of_class)]
    itself = [np.array([i]) for i in range(len(labels))]
    positives, junk = (part(query_in_database=False) for part in (searched.positives, searched.junk))
    rows = {}
    for name, x in descriptions.items():
        oasis, start = compared.oasis[name], Oasis(x.d)
        rows[name] = {
            f"{where}|{when}": pairs_in_order(model.scores(xq, xb), right, skipped)
            for where, xq, xb, right, skipped in (
                (places[0], x.xt, x.xt, others, itself),
                (places[1], x.xq, x.xb, positives, junk),
            )
            for when, model in (("I", start), ("M", oasis))
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def learned_where(
    descriptions: Mapping[str, Description], compared: Compared, searched: LandmarkCollection, learned_from: Lessons
) -> pd.DataFrame:
    """`transfer` of what was learned from the lessons.

    Raises
    ------
    NoExampleError: the lessons have no labels, or too few of a class: there is no OASIS.
    """
    if learned_from.labels is None:
        raise NoExampleError(
            f"{learned_from.name}: nothing to learn a similarity from; OASIS needs images of two classes, two of one"
        )
    return transfer(descriptions, compared, searched, learned_from.labels, learned_from.places)


def mean_average_precision(scores: Scores, searched: LandmarkCollection) -> float:
    """MAP by the trapezoid rule, junk removed; of the query image as `LandmarkCollection.protocol` says."""
    aps = average_precision.average_precisions(rank(scores), searched.positives(), searched.junk())
    return average_precision.mean(aps).value


def table(
    descriptions: Mapping[str, Description], compared: Compared, searched: LandmarkCollection, timed: Sequence[Path]
) -> pd.DataFrame:
    """The table of the page: numbers and bytes per image, mAP by similarity, milliseconds to describe one image.

    Bytes are of float32, and of the bits that Hamming compares. The time is from the file to the vector, one
    image at a time: the least over the images ``timed``, which other work on the machine disturbs least.
    """
    rows = {}
    for name, x in descriptions.items():
        row: dict[str, float] = {"d": x.d, "bytes|float32": 4 * x.d, "bytes|bits": -(-x.d // 8)}
        for way in SIMILARITIES:
            known = compared.scores.get((name, way))
            row[f"mAP|{way}"] = np.nan if known is None else mean_average_precision(known, searched)
        rows[name] = row | {"describe|ms": _milliseconds(x, timed)}
    return pd.DataFrame.from_dict(rows, orient="index").astype({"d": int, "bytes|float32": int, "bytes|bits": int})


def search_times(compared: Compared, n_queries: int) -> pd.DataFrame:
    """Microseconds per query to score the whole database, by description and similarity."""
    rows: dict[str, dict[str, float]] = {}
    for (name, way), seconds in compared.seconds.items():
        rows.setdefault(name, {})[way] = 1e6 * seconds / n_queries
    return pd.DataFrame.from_dict(rows, orient="index")


def _milliseconds(description: Description, paths: Sequence[Path]) -> float:
    description.describe(paths[0])  # the first call may compile or allocate
    seconds = []
    for path in paths:
        started = time.perf_counter()
        description.describe(path)
        seconds.append(time.perf_counter() - started)
    return 1e3 * min(seconds)
