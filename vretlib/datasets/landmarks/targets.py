"""Training images of the target domain: LANDMARKS-EXTRA500, LANDMARKS-EXTRA and Figure 3.5 (thesis section 3.3.1)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vretlib.datasets.landmarks.collection import Ids, LandmarkCollection, LandmarkStudy
from vretlib.errors import UserError
from vretlib.models.labelled_images import LabelledImages

TARGET_DOMAINS = ("OX5K", "PA6K")
"""The sets whose images can be added to the training images, as the thesis names them; LA5K has the classes of
LANDMARKS already."""


def target_domains(study: LandmarkStudy) -> list[str]:
    """The target domains that a study has; none in a study of the reader's own, whatever the name of its folder."""
    domains = map(study.named, TARGET_DOMAINS)
    return [domain for domain in domains if domain in study.evaluation and not study.own]


@dataclass(frozen=True, eq=False)
class TargetImages(LabelledImages):
    """Labelled images of a collection: ``ids`` int64 (n,), ascending, are their positions in its database."""

    ids: Ids


def target_images(collection: LandmarkCollection, n: int, rng: np.random.Generator) -> TargetImages:
    """``n`` training images of the collection, drawn uniformly; with one seed, a larger ``n`` adds images.

    The thesis says only "randomly"; a landmark is drawn as often as its share of the images.

    Raises
    ------
    UserError: ``n`` is negative or more than there are.
    """
    every = all_targets(collection)
    if not 0 <= n <= len(every):
        raise UserError(
            f"n={n} images of {collection.name} to learn from; there are {len(every)} positives that are no query"
        )
    chosen = np.sort(rng.permutation(len(every))[:n])
    paths = tuple(every.images[i] for i in chosen)
    return TargetImages(every.name, paths, every.labels[chosen], every.classes, every.ids[chosen])


def all_targets(collection: LandmarkCollection) -> TargetImages:
    """All positives of all queries, without the query images.

    The class of an image is its landmark; an image of two landmarks has the class of the first query.
    """
    classes = tuple(dict.fromkeys(query.landmark for query in collection.queries))
    asked = {query.path for query in collection.queries}
    label_of: dict[int, int] = {}
    for query in collection.queries:
        for image in query.positives.tolist():
            if collection.images[image] not in asked:
                label_of.setdefault(image, classes.index(query.landmark))
    ids = np.array(sorted(label_of), np.int64)
    labels = np.array([label_of[image] for image in ids.tolist()], np.int64)
    return TargetImages(collection.name, tuple(collection.images[i] for i in ids), labels, classes, ids)
