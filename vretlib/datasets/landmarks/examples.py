"""What a landmark study holds: the sizes of its sets, and examples of its queries."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vretlib import images
from vretlib.datasets.landmarks.collection import LandmarkQuery, LandmarkStudy
from vretlib.images import Pixels


def sizes(study: LandmarkStudy) -> pd.DataFrame:
    """Numbers of images, landmarks and queries of each set (rows), and the mean positives and junk of a query."""
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
        rows[study.training.name] = {"Images": len(study.training), subjects: len(np.unique(study.training.labels))}
    if not study.own:
        rows["distractors"] = {"Images": len(study.distractors)}
    return pd.DataFrame.from_dict(rows, orient="index").astype({"Images": int})


HEADINGS = ("query", "good", "good", "ok", "junk")


def query_examples(study: LandmarkStudy, per_set: int = 1) -> tuple[Sequence[str], list[tuple[str, list[Pixels]]]]:
    """Headings and rows of a contact sheet: a query cropped to its box, two good images, one ok and one junk image.

    There are ``per_set`` queries of each evaluation set, those with most junk, which have images of every kind. In a
    study of the user's own images the only junk is the query itself; there, the rows show the first queries of three
    classes, with images of their class and one of another class.
    """
    rows: list[tuple[str, list[Pixels]]] = []
    n_right = min(3, max(len(query.ok) for collection in study.evaluation.values() for query in collection.queries))
    for name, collection in study.evaluation.items():
        first = {query.landmark: query for query in reversed(collection.queries)}
        shown_queries = list(reversed(first.values()))[:3] if study.own else _most_junk(collection.queries)[:per_set]
        for query in shown_queries:
            others = [image for image in query.ok.tolist() if image != query.image]
            if study.own:
                wrong = np.setdiff1d(np.arange(len(collection.images)), np.union1d(query.positives, query.junk))
                places = [*others[:n_right], *[None] * (n_right - len(others)), *wrong[:1].tolist()]
            else:
                places = [*query.good.tolist()[:2], *others[:1], *query.junk.tolist()[:1]]
            image_of_query = images.read(query.path)
            cropped = [image_of_query if query.box is None else images.crop(image_of_query, query.box)]
            blank = np.full((8, 8, 3), 255, np.uint8)
            shown = [blank if image is None else images.read(collection.images[image]) for image in places]
            rows.append((query.landmark if study.own else name, cropped + shown))
    return ("query", *["right"] * n_right, "wrong") if study.own else HEADINGS, rows


def _most_junk(queries: Sequence[LandmarkQuery]) -> list[LandmarkQuery]:
    return sorted(queries, key=lambda query: -len(query.junk))
