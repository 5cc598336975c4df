"""Pieces of chapter 3 for its pictures: pairs, difficult pairs, sizes of sets, times."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vretlib import images
from vretlib.chapters.similarity_networks.descriptions import Described
from vretlib.chapters.similarity_networks.evaluate import Cosine, Similarity
from vretlib.chapters.similarity_networks.learn import Learnt
from vretlib.chapters.similarity_networks.training_set import TrainingSet, base
from vretlib.datasets.landmarks import LandmarkQuery, LandmarkStudy
from vretlib.errors import NoExampleError

Image = NDArray[np.uint8]


def sizes(study: LandmarkStudy) -> pd.DataFrame:
    """The study's sets in rows: images, landmarks, queries, and the mean number of positives and of junk of a query."""
    rows: dict[str, dict[str, float]] = {}
    subjects = study.subjects.capitalize()
    for name, collection in study.evaluation.items():
        rows[name] = {
            "Images": len(collection.images),
            subjects: len({query.landmark for query in collection.queries}),
            "Queries": len(collection.queries),
            "Positives|mean": float(np.mean([len(query.positives) for query in collection.queries])),
            "Junk|mean": float(np.mean([len(query.junk) for query in collection.queries])),
        }
    if study.training is not None:
        rows[base(study)] = {"Images": len(study.training), subjects: len(np.unique(study.training.labels))}
    if not study.own:
        rows["distractors"] = {"Images": len(study.distractors)}
    return pd.DataFrame.from_dict(rows, orient="index").astype({"Images": int})


GALLERY = ("query", "good", "good", "ok", "junk")


def gallery(study: LandmarkStudy, per_set: int = 1) -> tuple[Sequence[str], list[tuple[str, list[Image]]]]:
    """Headings and rows of a sheet: a query cropped to its box, two good images, one ok, one junk, if it has them.

    Of each evaluation set the queries with most junk: they have something to show in every place. In a study of the
    reader's own, where the only junk is the query itself, the first queries of three classes, with right images and one
    that is wrong.
    """
    rows: list[tuple[str, list[Image]]] = []
    most = min(3, max(len(query.ok) for collection in study.evaluation.values() for query in collection.queries))
    for name, collection in study.evaluation.items():
        first = {query.landmark: query for query in reversed(collection.queries)}
        asked = list(reversed(first.values()))[:3] if study.own else _most_junk(collection.queries)[:per_set]
        for query in asked:
            others = [image for image in query.ok.tolist() if image != query.image]
            if study.own:
                wrong = np.setdiff1d(np.arange(len(collection.images)), np.union1d(query.positives, query.junk))
                places = [*others[:most], *[None] * (most - len(others)), *wrong[:1].tolist()]
            else:
                places = [*query.good.tolist()[:2], *others[:1], *query.junk.tolist()[:1]]
            whole = images.read(query.path)
            seen = [whole if query.box is None else images.crop(whole, query.box)]
            blank = np.full((8, 8, 3), 255, np.uint8)
            shown = [blank if image is None else images.read(collection.images[image]) for image in places]
            rows.append((query.landmark if study.own else name, seen + shown))
    return ("query", *["right"] * most, "wrong") if study.own else GALLERY, rows


def _most_junk(queries: Sequence[LandmarkQuery]) -> list[LandmarkQuery]:
    return sorted(queries, key=lambda query: -len(query.junk))


@dataclass(frozen=True, eq=False)
class QueryPairs:
    """Pairs of a query and a database image that training has never seen together: (n,) each."""

    cosine: NDArray[np.float32]
    score: NDArray[np.float32]
    match: NDArray[np.bool_]


def query_pairs(
    study: LandmarkStudy, described: Described, scored: Similarity, name: str, *, n: int = 1500, seed: int = 0
) -> QueryPairs:
    """Up to ``n`` matching and ``n`` other pairs of queries and database images of one evaluation set.

    Junk is left out, and the query image itself.
    """
    collection = study.evaluation[name]
    match = np.zeros((len(collection.queries), len(collection.images)), np.bool_)
    used = np.ones_like(match)
    for row, (positives, junk) in enumerate(
        zip(collection.positives(query_in_database=False), collection.junk(query_in_database=False), strict=True)
    ):
        match[row, positives], used[row, junk] = True, False
    rng = np.random.default_rng(seed)
    chosen = [rng.permutation(np.flatnonzero(mask))[:n] for mask in (match & used, ~match & used)]
    places = np.concatenate(chosen)
    cosine = Cosine().scores(described.queries[name], described.database[name]).ravel()[places]
    score = scored.scores(described.queries[name], described.database[name]).ravel()[places]
    return QueryPairs(cosine, score, match.ravel()[places])


def difficult(learning: TrainingSet, before: Similarity, after: Learnt, n: int = 3) -> list[tuple[str, list[Image]]]:
    """Figure 3.3: the pairs that ``before`` was most wrong about, of those that ``after`` was refined with.

    The images are side by side. No image is shown twice, and the headings are rows of the figure.
    """
    found = after.difficult
    if found is None or not found.n:
        raise NoExampleError("there is no pair on which the network is worse than the cosine")
    x, i, j = learning.descriptors, found.i.numpy(), found.j.numpy()
    rows: dict[str, list[Image]] = {}
    for heading, match in (("dissimilar", False), ("similar", True)):
        mine = np.flatnonzero(found.match.numpy() == match)
        scores = np.array([before.scores(x[i[k]][None], x[j[k]][None])[0, 0] for k in mine[:2000]])
        gap = (scores - (x[i[mine[:2000]]] * x[j[mine[:2000]]]).sum(1)) * (-1 if match else 1)
        shown: set[int] = set()
        for k in mine[np.argsort(-gap, kind="stable")]:
            pair = {int(i[k]), int(j[k])}
            if len(rows.get(heading, ())) < n and not shown & pair:
                shown |= pair
                rows.setdefault(heading, []).append(_beside(learning, int(i[k]), int(j[k])))
    return list(rows.items())


def _beside(learning: TrainingSet, a: int, b: int, height: int = 150) -> Image:
    """Two images of one height, a white gap between them."""
    both = [images.read(learning.images[k]) for k in (a, b)]
    scaled = [images.resize(image, round(height * max(image.shape[:2]) / image.shape[0])) for image in both]
    low = min(image.shape[0] for image in scaled)
    gap = np.full((low, 6, 3), 255, np.uint8)
    return np.concatenate([scaled[0][:low], gap, scaled[1][:low]], axis=1)


def milliseconds_per_pair(described: Described, compared: Mapping[str, Similarity], name: str) -> pd.DataFrame:
    """Time to score every query against the whole database, divided by the number of pairs; the better of two runs."""
    xq, xb = described.queries[name], described.database[name]
    rows = {}
    for row, scored in compared.items():
        scored.scores(xq[:1], xb)  # what is only done once is not timed
        seconds = []
        for _ in range(2):
            started = time.perf_counter()
            scored.scores(xq, xb)
            seconds.append(time.perf_counter() - started)
        rows[row] = {"ms per pair": 1e3 * min(seconds) / (len(xq) * len(xb))}
    return pd.DataFrame.from_dict(rows, orient="index")
