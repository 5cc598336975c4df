"""Nine descriptions of the same images, and every description compared by every similarity."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from vretlib.chapters.background.inputs import TrainingImages, example_ids
from vretlib.datasets.landmarks.collection import LandmarkCollection, LandmarkQuery
from vretlib.errors import NoExampleError
from vretlib.evaluation import average_precision, ranking
from vretlib.features import encoded_sets, image_features, local_sets, pooling, whitening
from vretlib.features.backbones import Backbone
from vretlib.features.local import LocalFeatures
from vretlib.features.local_sets import LocalSet
from vretlib.models.oasis import Oasis
from vretlib.search import similarity

Vectors = NDArray[np.float32]
Scores = NDArray[np.float32]

STANDARD = {"cosine": "cosine", "Euclid": "euclidean", "L1": "l1"}
"""Similarities that need no training: their names in tables, and in `vretlib.search.similarity`."""
SIMILARITIES = (*STANDARD, "Hamming", "OASIS")


@dataclass(frozen=True, eq=False)
class Description:
    """One vector per image: queries ``xq`` (nq, d), database ``xb`` (nb, d), training images ``xt`` (nt, d).

    ``describe`` takes one image file to its vector (d,), everything included: what a new image costs.
    """

    name: str
    xq: Vectors = field(repr=False)
    xb: Vectors = field(repr=False)
    xt: Vectors = field(repr=False)
    describe: Callable[[Path], Vectors] = field(repr=False)

    @property
    def d(self) -> int:
        """Numbers per image."""
        return int(self.xb.shape[1])


@dataclass(frozen=True, eq=False)
class LocalDescriptions:
    """SIFT of queries and database, the encoders that were learned, and the descriptions by name."""

    queries: LocalSet
    database: LocalSet
    encoders: encoded_sets.LocalEncoders
    descriptions: dict[str, Description] = field(repr=False)


@dataclass(frozen=True, eq=False)
class DeepDescriptions:
    """The regions (N, d) of the training images, the whitening learned from them, and the descriptions by name."""

    regions: Vectors = field(repr=False)
    whitening: whitening.Whitening
    descriptions: dict[str, Description] = field(repr=False)


def describe_local(
    searched: LandmarkCollection, training: TrainingImages, *, longest: int, n_words: int, n_centres: int, seed: int
) -> LocalDescriptions:
    """BOW, VLAD and Fisher vectors on RootSIFT, all of length 1, learned from the training images.

    Raises
    ------
    NoExampleError: the training images have fewer features than words or centres.
    """
    paths, boxes = [query.path for query in searched.queries], [query.box for query in searched.queries]
    queries = local_sets.extract(paths, longest=longest, boxes=boxes)
    database, taught = (local_sets.extract(part.images, longest=longest) for part in (searched, training))
    encoders = encoded_sets.learn(taught, n_words=n_words, n_centres=n_centres, seed=seed, name=training.name)

    def described(name: str, encode: Callable[[LocalFeatures], Vectors]) -> Description:
        xq, xb, xt = (encoders.encode(name, part) for part in (queries, database, taught))
        return Description(name, xq, xb, xt, lambda path: encode(local_sets.describe(path, longest=longest)))

    made = {name: described(name, encode) for name, encode in encoders.encoders.items()}
    return LocalDescriptions(queries, database, encoders, made)


def describe_deep(
    searched: LandmarkCollection, training: TrainingImages, network: Backbone, *, longest: int
) -> DeepDescriptions:
    """Neural codes, MAC, SPoC and R-MAC, the last plain and whitened; the whitening is learned from training images.

    There are no neural codes where the network's weights lack the layers that make a vector of its maps.
    """
    paths, boxes = [query.path for query in searched.queries], [query.box for query in searched.queries]
    parts = ((paths, boxes), (searched.images, None), (training.images, None))
    sets = [image_features.extract(part, network, boxes=some, longest=longest) for part, some in parts]
    white = whitening.learn(sets[2].regions, training.name, floor=1e-6)

    def described(name: str, vectors: Sequence[Vectors], describe: Callable[[Path], Vectors]) -> Description:
        xq, xb, xt = (np.array(part) for part in vectors)  # in memory: the library's are read from a file
        return Description(name, xq, xb, xt, describe)

    def pooled(name: str, vectors: Sequence[Vectors], pool: Callable[[torch.Tensor], torch.Tensor]) -> Description:
        return described(name, vectors, lambda path: image_features.pool_image(path, network, pool, longest=longest))

    def coded(tap: str) -> Description:
        options: dict[str, Any] = {"backbone": network, "tap": tap, "side": network.image_side}
        vectors = [image_features.neural_codes(part, boxes=some, **options) for part, some in parts]
        return described(f"neural code ({tap})", vectors, partial(image_features.neural_code, **options))

    plain, whitened = ([image_features.rmac(part, w) for part in sets] for w in (None, white))
    made = (
        *([coded(tap)] if (tap := image_features.code_tap(network)) else []),
        pooled("MAC", [part.mac for part in sets], pooling.mac),
        pooled("SPoC", [part.spoc for part in sets], pooling.spoc),
        pooled("R-MAC", plain, pooling.rmac),
        pooled("R-MAC, whitened", whitened, partial(pooling.rmac, whitening=white)),
    )
    return DeepDescriptions(sets[2].regions, white, {x.name: x for x in made})


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
    """Scores (nq, nb) by description and similarity, larger is more alike, and seconds each took for all queries.

    ``oasis`` holds what was learned for each description; it is empty where the training images have no labels.
    """

    scores: dict[tuple[str, str], Scores] = field(repr=False)
    seconds: dict[tuple[str, str], float] = field(repr=False)
    oasis: dict[str, Oasis] = field(repr=False)


def compare_all(
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
            started = time.perf_counter()
            compared.scores[name, way] = score()
            compared.seconds[name, way] = time.perf_counter() - started
    return compared
