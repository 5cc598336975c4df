"""What is searched on this page, what is learned from, and what a collection holds, in numbers."""

import logging
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vretlib.datasets.landmarks.collection import LandmarkCollection, LandmarkQuery, LandmarkStudy
from vretlib.errors import NoExampleError, UserError
from vretlib.features import image_sizes
from vretlib.features.backbones import Backbone
from vretlib.models.labelled_images import learnable

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Lessons:
    """Images that vocabularies, whitening and similarities are learned from.

    ``labels`` is None where none are known, or where they are too few to learn a similarity from. ``places`` are the
    words for where a similarity was learned and where it is used.
    """

    name: str
    images: tuple[Path, ...] = field(repr=False)
    labels: NDArray[np.int64] | None = field(repr=False)
    places: tuple[str, str] = ("training buildings", "new buildings")


def searched_in(study: LandmarkStudy, name: str = "") -> LandmarkCollection:
    """One of the study's collections; the first for an empty name.

    Raises
    ------
    UserError: the study has no such collection, or nothing can be asked of it.
    """
    name = name or next(iter(study.evaluation))
    if name not in study.evaluation:
        known = ", ".join(study.evaluation)
        raise UserError(f'collection="{name}": this study has {known}; leave it empty for the first')
    searched = study.evaluation[name]
    if not any(len(positives) for positives in searched.positives()):
        raise UserError(f"{name}: none of {len(searched.queries)} queries has positives; expected at least one")
    return searched


FOLLOWED = 15
"""The query that the page follows unless it is told another."""


def followed_in(searched: LandmarkCollection, followed: int) -> int:
    """The number of the query that the page follows: the one asked for; of fewer than `FOLLOWED` the last, and said.

    Raises
    ------
    UserError: another number that no query has.
    """
    last = len(searched.queries) - 1
    if followed == FOLLOWED > last:
        log.info(f"{searched.name}: {last + 1} queries; the last, number {last}, is followed")
        return last
    if not 0 <= followed <= last:
        raise UserError(f"followed={followed}: {searched.name} has {last + 1} queries, 0 to {last}; choose one of them")
    return followed


def check_sizes(searched: LandmarkCollection, learned_from: Lessons, network: Backbone, *, longest: int) -> None:
    """A UserError for the first image that cannot be read or is too small for the network, before any is described."""
    image_sizes.check(searched.images, network, longest=longest)
    boxes = [query.box for query in searched.queries]
    image_sizes.check([query.path for query in searched.queries], network, longest=longest, boxes=boxes)
    image_sizes.check(learned_from.images, network, longest=longest)


def lessons(study: LandmarkStudy, searched: LandmarkCollection) -> Lessons:
    """What to learn from: the training classes; without them another collection; at worst the searched one itself."""
    training = study.training
    if training is not None and len(training):
        labels = training.labels if learnable(training.labels) else None
        known = {training.classes[label] for label in training.labels}
        if known & {query.landmark for query in searched.queries}:
            words = study.subjects
            return Lessons(
                training.name, training.images, labels, (f"training {words}", f"other images of these {words}")
            )
        return Lessons(training.name, training.images, labels)
    others = [other for other in study.evaluation.values() if other is not searched]
    if others:
        return Lessons(f"{others[0].name}, without labels", others[0].images, None)
    return Lessons(f"{searched.name} itself, without labels", searched.images, None)


def facts(searched: LandmarkCollection) -> pd.DataFrame:
    """Counts: images and queries, and per query good, ok, junk and all others."""
    counts = {
        "good per query": [len(q.good) for q in searched.queries],
        "ok per query": [len(q.ok) for q in searched.queries],
        "junk per query": [len(q.junk) for q in searched.queries],
        "others per query": [len(searched.images) - len(q.positives) - len(q.junk) for q in searched.queries],
    }
    rows = {name: {"fewest": min(n), "mean": float(np.mean(n)), "most": max(n)} for name, n in counts.items()}
    return pd.DataFrame.from_dict(rows, orient="index")


def one_per_landmark(searched: LandmarkCollection) -> list[LandmarkQuery]:
    """The first query of every landmark, in order."""
    first: dict[str, LandmarkQuery] = {}
    for query in searched.queries:
        first.setdefault(query.landmark, query)
    return list(first.values())


def kinds(query: LandmarkQuery, n: int) -> NDArray[np.str_]:
    """What each of the n images is for a query: "good", "ok", "junk" or "other"; "query" for the query image."""
    kind = np.full(n, "other", dtype="<U5")
    for name in ("good", "ok", "junk"):
        kind[getattr(query, name)] = name
    if query.image is not None:
        kind[query.image] = "query"
    return kind


def example_ids(searched: LandmarkCollection, query: LandmarkQuery) -> tuple[int, int]:
    """An image that shows what the query shows, and one that shows another landmark of the collection.

    The first is the first good image that is not the query's, else an ok one; the second is good for another landmark,
    else any image that is neither positive nor junk.
    """
    same = [int(i) for i in (*query.good, *query.ok) if i != query.image]
    kind = kinds(query, len(searched.images))
    elsewhere = [int(i) for q in searched.queries if q.landmark != query.landmark for i in q.good if kind[i] == "other"]
    other = [*elsewhere, *(int(i) for i in np.flatnonzero(kind == "other"))]
    if not same or not other:
        lacking = "nothing to find besides itself" if not same else "no wrong image in the collection"
        raise NoExampleError(f"query {query.name} has {lacking}")
    return same[0], other[0]
