"""What is searched on this page, what is learned from, and what a collection holds, in numbers."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vretlib.datasets.landmarks.collection import LandmarkCollection, LandmarkQuery, LandmarkStudy
from vretlib.errors import UserError


@dataclass(frozen=True, eq=False)
class Lessons:
    """Images that vocabularies, whitening and similarities are learned from; ``labels`` None where none are known."""

    name: str
    images: tuple[Path, ...] = field(repr=False)
    labels: NDArray[np.int64] | None = field(repr=False)


def searched_in(study: LandmarkStudy, name: str) -> LandmarkCollection:
    """One of the study's collections."""
    if name not in study.evaluation:
        raise UserError(f'collection="{name}": this study has {", ".join(study.evaluation)}')
    return study.evaluation[name]


def lessons(study: LandmarkStudy, searched: LandmarkCollection) -> Lessons:
    """What to learn from: the training classes; without them another collection; at worst the searched one itself."""
    if study.training is not None:
        return Lessons(study.training.name, study.training.images, study.training.labels)
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
        raise UserError(
            f"query {query.name}: needs a positive besides itself, and an image that is neither; take another"
        )
    return same[0], other[0]
