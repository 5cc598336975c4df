"""Sets to train and test a detector on: the queries of a collection, and other views of the same objects."""

from __future__ import annotations

import numpy as np

from vretlib.datasets.landmarks.collection import Ids, LandmarkCollection
from vretlib.models import detector_examples
from vretlib.models.detection_set import DetectionSet


def classes(collection: LandmarkCollection) -> tuple[tuple[str, ...], Ids]:
    """The names of the queries' objects, in alphabetical order, and the number of each query's name, int64 (n_q,)."""
    names = sorted({query.landmark for query in collection.queries})
    return tuple(names), np.array([names.index(query.landmark) for query in collection.queries], np.int64)


def asked_with(collection: LandmarkCollection) -> list[Ids]:
    """The ids of all query images of each query's object, from which a fine-tuned detector has learned."""
    of = collection.queries
    same = [[q.image for q in of if q.landmark == one.landmark and q.image is not None] for one in of]
    return [np.unique(ids).astype(np.int64) for ids in same]


def asked(collection: LandmarkCollection) -> DetectionSet:
    """The query images with their boxes; the classes are the queries' objects, in alphabetical order.

    Raises
    ------
    UserError: a box that is not inside its image.
    """
    names, labels = classes(collection)
    paths, boxes = [query.path for query in collection.queries], [query.box for query in collection.queries]
    return detector_examples.of_queries(paths, boxes, labels.tolist(), names, collection.name)


def other_views(collection: LandmarkCollection, each: int = 4) -> DetectionSet:
    """Good images of the queries' objects, without the query images: the first ``each`` whose box is known.

    The classes are those of `asked`.
    """
    names, _ = classes(collection)
    images, boxes, labels = [], [], []
    good = {
        query.landmark: np.setdiff1d(query.good, learned).tolist()
        for query, learned in zip(collection.queries, asked_with(collection), strict=True)
    }
    for label, name in enumerate(names):
        known = [i for i in good[name] if (name, i) in collection.boxes]
        for i in known[:each]:
            images.append(collection.images[i])
            boxes.append(np.array([collection.boxes[name, i]], np.float32))
            labels.append(np.array([label], np.int64))
    return DetectionSet(
        f"{collection.name}, other views", tuple(images), tuple(boxes), tuple(labels), names, "", collection.licence
    )
