"""The query that the page follows beside an image of the same kind and one of another, and what each description sees.

Whatever of this a collection does not have is a `NoExampleError`, which the page turns into a sentence.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vretlib.chapters.background import deep, local, protocols
from vretlib.chapters.background.collection import example_ids, kinds
from vretlib.chapters.background.descriptions import LocalDescriptions
from vretlib.chapters.background.local import Image, LocalSet
from vretlib.datasets.landmarks.collection import LandmarkCollection, LandmarkQuery
from vretlib.errors import NoExampleError
from vretlib.features import encoding
from vretlib.features.backbones import Backbone
from vretlib.features.encoding import Vocabulary
from vretlib.features.local import LocalFeatures


@dataclass(frozen=True, eq=False)
class Example:
    """Three images by name, the query first; ``ids`` are those of the other two in the database."""

    images: dict[str, Image] = field(repr=False)
    ids: tuple[int, int]


def example(searched: LandmarkCollection, query: LandmarkQuery, longest: int, subject: str = "landmark") -> Example:
    """A query, cut to its box, with the images of `example_ids`; NoExampleError as there."""
    ids = example_ids(searched, query)
    views = [local.shown(query.path, longest, query.box), *(local.shown(searched.images[i], longest) for i in ids)]
    return Example(dict(zip(("query", f"same {subject}", f"another {subject}"), views, strict=True)), ids)


def features_of(shown: Example, by_sift: LocalDescriptions, followed: int) -> list[LocalFeatures]:
    """SIFT of the three images; NoExampleError if the query has none."""
    found = [by_sift.queries[followed], *(by_sift.database[i] for i in shown.ids)]
    if not len(found[0].descriptors):
        raise NoExampleError("the query has no local feature")
    return found


def count_matches(by_sift: LocalDescriptions) -> NDArray[np.float32]:
    """Matches of every query with every image of the database, (nq, nb)."""
    return np.stack([local.match_counts(features, by_sift.database) for features in by_sift.queries])


def told_matches(aps: pd.Series, by_sift: LocalDescriptions, followed: int) -> str:
    """How good matching is and what it keeps, in two lines."""
    kept = by_sift.database.descriptors.nbytes / len(by_sift.database) / 1024
    mean = protocols.mean(aps)
    return (
        f"by number of matches: AP {aps.iloc[followed]:.3f} for this query, mAP {mean:.3f} over all\n"
        f"kept for each image: {kept:.0f} KiB of descriptors"
    )


@dataclass(frozen=True, eq=False)
class Words:
    """The word ``of_feature`` of every feature of the database, and a few ``chosen`` words."""

    vocabulary: Vocabulary
    features: LocalSet
    of_feature: NDArray[np.int64] = field(repr=False)
    chosen: list[int]


def telling_words(by_sift: LocalDescriptions, query: LandmarkQuery, n: int) -> Words:
    """The words of the database and those `n` that are most typical of a query's positives."""
    words = by_sift.words.assign(by_sift.database.descriptors)
    chosen = local.telling_words(words, by_sift.database, query.positives, n)
    return Words(by_sift.words, by_sift.database, words, chosen)


def bags(shown: Example, found: list[LocalFeatures], words: Words) -> dict[str, NDArray[np.int64]]:
    """How often each word occurs in each of the three images."""
    counted = [np.bincount(words.vocabulary.assign(f.descriptors), minlength=len(words.vocabulary)) for f in found]
    return dict(zip(shown.images, counted, strict=True))


def vlads(shown: Example, found: list[LocalFeatures], by_sift: LocalDescriptions) -> dict[str, NDArray[np.float32]]:
    """VLAD of the three images without any norm, a row per centre."""
    sums = [encoding.vlad(by_sift.reduced(f), by_sift.centres, normalisation="none") for f in found]
    return {name: one.reshape(len(by_sift.centres), -1) for name, one in zip(shown.images, sums, strict=True)}


def rmac_traces(network: Backbone, shown: Example) -> dict[str, deep.RmacTrace]:
    """The three images as the network sees them."""
    return {name: deep.trace_rmac(image, network) for name, image in shown.images.items()}


def near_miss(ranking: NDArray[np.int64], query: LandmarkQuery) -> int:
    """The place, from 0, of the first wrong image that has others before it; NoExampleError if there is none."""
    kind = kinds(query, len(ranking))
    place = next((k for k, i in enumerate(ranking) if k and kind[i] == "other"), None)
    if place is None:
        raise NoExampleError("no wrong image comes after another")
    return place


def in_context(scores: NDArray[np.float32], ranking: NDArray[np.int64], place: int) -> str:
    """The score at a place of a ranking, and what it is worth in two collections."""
    score = float(scores[ranking[place]])
    return f"score {score:.3f}: rank {place + 1} in the collection; rank 1 without the {place} images before it"
