"""What this chapter searches, what it learns from, and the example images that its page follows.

A `NoExampleError` says that a collection has no example; the page shows its sentence.
"""

from __future__ import annotations

import logging
from itertools import permutations

import cv2
import numpy as np
from numpy.typing import NDArray

from vretlib.datasets.landmarks.collection import LandmarkCollection, LandmarkQuery, LandmarkStudy
from vretlib.described.nine_descriptions import TrainingImages
from vretlib.errors import NoExampleError, UserError
from vretlib.features import image_sizes
from vretlib.features.backbones import Backbone
from vretlib.features.image_features import read_view
from vretlib.images import Pixels
from vretlib.models.labelled_images import learnable

log = logging.getLogger(__name__)


FOLLOWED = 15
"""The default number of the query that the page follows."""


def training_images(study: LandmarkStudy, searched: LandmarkCollection) -> TrainingImages:
    """The training classes; without them another collection; without another the searched one itself."""
    training = study.training
    if training is not None and len(training):
        labels = training.labels if learnable(training.labels) else None
        known = {training.classes[label] for label in training.labels}
        if known & {query.landmark for query in searched.queries}:
            places = f"training {study.subjects}", f"other images of these {study.subjects}"
            return TrainingImages(training.name, training.images, labels, places)
        return TrainingImages(training.name, training.images, labels)
    others = [other for other in study.evaluation.values() if other is not searched]
    if others:
        return TrainingImages(f"{others[0].name}, without labels", others[0].images, None)
    return TrainingImages(f"{searched.name} itself, without labels", searched.images, None)


def followed_in(searched: LandmarkCollection, followed: int) -> int:
    """The number of the query that the page follows; the default means the last query of a collection with fewer.

    Raises
    ------
    UserError: another number that no query has.
    """
    last = len(searched.queries) - 1
    if followed == FOLLOWED > last:
        log.info("%s: %s queries; the last, number %s, is followed", searched.name, last + 1, last)
        return last
    if not 0 <= followed <= last:
        raise UserError(f"followed={followed}: {searched.name} has {last + 1} queries, 0 to {last}; choose one of them")
    return followed


def check_sizes(searched: LandmarkCollection, training: TrainingImages, network: Backbone, *, longest: int) -> None:
    """Raise a `UserError` for the first image that cannot be read or is too small for the network."""
    image_sizes.check(searched.images, network, longest=longest)
    boxes = [query.box for query in searched.queries]
    image_sizes.check([query.path for query in searched.queries], network, longest=longest, boxes=boxes)
    image_sizes.check(training.images, network, longest=longest)


def example_ids(searched: LandmarkCollection, query: LandmarkQuery) -> tuple[int, int]:
    """An image that shows what the query shows, and one that shows another landmark of the collection.

    The first is the first good image that is not the query's, else an ok one. The second is good for another landmark,
    else any image that is neither positive nor junk.

    Raises
    ------
    NoExampleError: the collection has no such image.
    """
    same = [int(i) for i in (*query.good, *query.ok) if i != query.image]
    kind = query.kinds(len(searched.images))
    elsewhere = [int(i) for q in searched.queries if q.landmark != query.landmark for i in q.good if kind[i] == "other"]
    other = [*elsewhere, *(int(i) for i in np.flatnonzero(kind == "other"))]
    if not same or not other:
        lacking = "nothing to find besides itself" if not same else "no wrong image in the collection"
        raise NoExampleError(f"query {query.name} has {lacking}")
    return same[0], other[0]


def example(searched: LandmarkCollection, query: LandmarkQuery, longest: int, subject: str) -> dict[str, Pixels]:
    """The query, cut to its box, and the images of `example_ids`, by caption; NoExampleError as there."""
    same, other = (read_view(searched.images[i], longest=longest) for i in example_ids(searched, query))
    cut = read_view(query.path, query.box, longest=longest)
    return {"query": cut, f"same {subject}": same, f"another {subject}": other}


def near_miss(ranking: NDArray[np.int64], query: LandmarkQuery) -> int:
    """The place, from 0, of the first wrong image that has others before it; NoExampleError if there is none."""
    places = np.flatnonzero(query.kinds(len(ranking))[ranking] == "other")
    if not len(places := places[places > 0]):
        raise NoExampleError("no wrong image comes after another")
    return int(places[0])


def in_context(
    searched: LandmarkCollection, query: LandmarkQuery, ranking: NDArray[np.int64], longest: int, n: int = 3
) -> tuple[Pixels, Pixels, list[Pixels], list[Pixels]]:
    """The query, the image of `near_miss`, and up to n images that come before it and n wrong ones that come after.

    The query's own image and junk are left out. NoExampleError as `near_miss`.
    """
    place, kind = near_miss(ranking, query), query.kinds(len(ranking))[ranking]
    before = [p for p in range(place) if kind[p] not in ("query", "junk")][:n]
    after = [p for p in range(place + 1, len(ranking)) if kind[p] == "other"][:n]
    read = {p: read_view(searched.images[ranking[p]], longest=longest) for p in [place, *before, *after]}
    return read_view(query.path, longest=longest), read[place], [read[p] for p in before], [read[p] for p in after]


def unlike_pair(
    searched: LandmarkCollection, longest: int, scores: NDArray[np.float32], brightness: float = 90.0
) -> tuple[int, int]:
    """The numbers of two queries of different landmarks, of which the first scores the second's image lowest.

    Only queries whose image is in the database are considered. Images of one shape come before images of two, and two
    bright ones before photographs by night (mean below ``brightness`` of 255), in which little can be seen.

    Raises
    ------
    NoExampleError: no two queries are of different landmarks.
    """
    queries = searched.queries
    views = {k: read_view(q.path, longest=longest) for k, q in enumerate(queries) if q.image is not None}
    dark = {k: bool(view.mean() < brightness) for k, view in views.items()}
    pairs = [
        (views[a].shape != views[b].shape, dark[a] or dark[b], float(scores[a, queries[b].image]), a, b)
        for a, b in permutations(views, 2)
        if queries[a].landmark != queries[b].landmark
    ]
    if not pairs:
        raise NoExampleError("no two queries show different things; a centaur needs two")
    return min(pairs)[3:]


def centaur(searched: LandmarkCollection, pair: tuple[int, int], longest: int) -> dict[str, Pixels]:
    """The images of two queries and between them their centaur, by caption, in the order a, c, b.

    The centaur is the left half of one image beside the right half of the other, which is resized to the first.
    """
    left, right = (read_view(searched.queries[q].path, longest=longest) for q in pair)
    height, width = left.shape[:2]
    resized = cv2.resize(right, (width, height), interpolation=cv2.INTER_AREA)
    both = np.concatenate([left[:, : width // 2], resized[:, width // 2 :]], axis=1)
    return {"a": left, "c, the centaur": both, "b": right}
