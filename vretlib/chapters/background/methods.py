"""What the page asks of its nine descriptions, and every description compared by every similarity."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from vretlib.chapters.background.inputs import example_ids
from vretlib.datasets.landmarks.collection import LandmarkCollection, LandmarkQuery
from vretlib.described.nine_descriptions import Description, LocalDescriptions, Vectors
from vretlib.errors import NoExampleError
from vretlib.evaluation import average_precision, ranking
from vretlib.features import encoded_sets, local_sets
from vretlib.features.local import LocalFeatures
from vretlib.models.oasis import Oasis
from vretlib.search import similarity

Scores = NDArray[np.float32]

STANDARD = {"cosine": "cosine", "Euclid": "euclidean", "L1": "l1"}
"""Similarities that need no training: their names in tables, and in `vretlib.search.similarity`."""
SIMILARITIES = (*STANDARD, "Hamming", "OASIS")
_RUNS = 7  # of which the shortest is the time of a search


def features_of(by_sift: LocalDescriptions, searched: LandmarkCollection, followed: int) -> list[LocalFeatures]:
    """SIFT of the three images of `inputs.example`; NoExampleError as there, or if the query has no feature."""
    ids = example_ids(searched, searched.queries[followed])
    if not len(by_sift.queries[followed].descriptors):
        raise NoExampleError("the query has no local feature")
    return [by_sift.queries[followed], *(by_sift.database[i] for i in ids)]


def typical_words(by_sift: LocalDescriptions, query: LandmarkQuery, n: int) -> encoded_sets.TypicalWords:
    """The n words that are most typical of a query's positives; NoExampleError if there are none."""
    return encoded_sets.typical_words(by_sift.encoders.words, by_sift.database, query.positives, n)


def count_matches(by_sift: LocalDescriptions) -> Scores:
    """Matches of every query with every image of the database, (nq, nb)."""
    return np.stack([local_sets.count_matches(features, by_sift.database) for features in by_sift.queries])


def average_precisions(scores: Scores, searched: LandmarkCollection) -> pd.Series:
    """AP of every query by the trapezoid rule and the collection's own ground truth; NaN without positives.

    This is what the page means by mAP: see `LandmarkCollection.protocol` for whether the query image counts.
    """
    aps = average_precision.average_precisions(ranking.rank(scores), searched.positives(), searched.junk())
    return pd.Series(aps, index=[query.name for query in searched.queries])


def bits(x: Vectors, training: Vectors) -> NDArray[np.bool_]:
    """One bit per number, (n, d): whether it is above its mean over the training vectors."""
    above: NDArray[np.bool_] = x > training.mean(axis=0)
    return above


@dataclass(frozen=True, eq=False)
class Compared:
    """Scores (nq, nb) by description and similarity, larger is more alike, and seconds each takes for all queries.

    ``oasis`` holds what was learned for each description; it is empty where the training images have no labels.
    """

    scores: dict[tuple[str, str], Scores] = field(repr=False)
    seconds: dict[tuple[str, str], float] = field(repr=False)
    oasis: dict[str, Oasis] = field(repr=False)


def score_all(
    descriptions: Mapping[str, Description], labels: NDArray[np.int64] | None, n_triplets: int, seed: int
) -> Compared:
    """Every description by every similarity; OASIS (eqs 2.7, 2.8) only where the training images have labels."""
    compared = Compared({}, {}, {})
    for name, x in descriptions.items():
        ways = {way: partial(similarity.scores, x.xq, x.xb, metric) for way, metric in STANDARD.items()}
        ways["Hamming"] = partial(similarity.scores, bits(x.xq, x.xt), bits(x.xb, x.xt), "hamming")
        if labels is not None:
            compared.oasis[name] = Oasis(x.d)
            generator = torch.Generator().manual_seed(seed)
            compared.oasis[name].fit(x.xt, labels, n_triplets=n_triplets, generator=generator, progress=False)
            ways["OASIS"] = partial(compared.oasis[name].scores, x.xq, x.xb)
        for way, score in ways.items():
            compared.scores[name, way], compared.seconds[name, way] = _timed(score)
    return compared


def _timed(score: Callable[[], Scores]) -> tuple[Scores, float]:
    """Scores, and the seconds that they take on one thread: the shortest of several runs, least disturbed by others."""
    taken = []
    with threadpool_limits(1):
        for _ in range(_RUNS):
            started = time.perf_counter()
            found = score()
            taken.append(time.perf_counter() - started)
    return found, min(taken)
