"""How well objects are located, and what single choices change; the paper has no numbers for either."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np

from vretlib import images
from vretlib.chapters.instance_search.methods import RegionSearches
from vretlib.chapters.instance_search.tables import TOLERANCE
from vretlib.datasets.landmarks.detection_sets import asked_with
from vretlib.described.region_search import F32, F64, RegionSearch
from vretlib.errors import NoExampleError
from vretlib.evaluation import localisation
from vretlib.evaluation.methods import PerQuery, Variant, compare
from vretlib.report import Table
from vretlib.report.means import means
from vretlib.search.regions import Depths

WHOLE, BEST = "whole image", "best proposal"
"""Boxes that no re-ranking finds: a lower and an upper bound."""


def located(rows: Mapping[str, tuple[str, RegionSearches]]) -> Table:
    """The mean IoU of the box found and the true box, by row and collection.

    A row is a pair: what finds the box (a name as in `RegionSearch.reranked`, or `WHOLE` or `BEST`), and what is
    searched. All rows are measured on the same images: those that show the query's object and whose true box is known,
    without images of its queries.

    Raises
    ------
    NoExampleError: a collection has no such image.
    """
    values: PerQuery = {}
    for row, (by, searched) in rows.items():
        for one in searched.values():
            values[row, one.collection.name] = _iou(one, by)
    return means(values, TOLERANCE)


def _iou(one: RegionSearch, by: str) -> F64:
    collection, every = one.collection, np.arange(len(one.collection.images))
    true = [
        {i: box for (name, i), box in collection.boxes.items() if name == query.landmark and i not in left_out}
        for query, left_out in zip(collection.queries, asked_with(collection), strict=True)
    ]
    if not (n_top := max(map(len, true))):
        raise NoExampleError(f"{collection.name}: no true box is known but those of the queries")
    found: list[Mapping[int, F32]] = [{i: one.boxes[i, : one.n_regions[i]] for i in known} for known in true]
    if by == WHOLE:
        whole = {i: np.array([images.full_box(collection.images[i])], np.float32) for known in true for i in known}
        found = [{i: whole[i] for i in known} for known in true]
    elif by != BEST:
        first = np.stack([[*known, *np.setdiff1d(every, list(known))] for known in true])
        again = one.reranked(first, by, n_top)
        boxes = again.boxes(one.boxes)[:, :, None]
        found = [dict(zip(ids.tolist(), of, strict=False)) for ids, of in zip(again.ranking, boxes, strict=True)]
    ious = [[_best(mine[i], box) for i, box in known.items()] for mine, known in zip(found, true, strict=True)]
    return np.array([np.mean(values) if values else np.nan for values in ious])


def _best(boxes: F32, true: images.Box) -> float:
    """The largest IoU of some boxes (n, 4) with the true one; 0 where there is no box."""
    known = boxes[~np.isnan(boxes).any(axis=1)]
    return float(localisation.iou(known, np.tile(true, (len(known), 1))).max(initial=0))


def unseen(rows: Mapping[str, tuple[str, RegionSearches]], depths: Depths) -> Table:
    """Mean AP with all images, and without those of the object's queries, on which the detector was fine-tuned.

    A row is a pair: a stage such as "CS-SR|Yes" (see `RegionSearch.rankings`), and what is searched. A collection whose
    query images are not in the database is left out.

    Raises
    ------
    NoExampleError: no collection has query images in its database.
    """
    values: PerQuery = {}
    for row, (stage, searched) in rows.items():
        for one in searched.values():
            if any(query.image is not None for query in one.collection.queries):
                ranking, name = one.rankings(depths)[stage], one.collection.name
                values[row, f"{name}|all images"] = one.ap(ranking)
                values[row, f"{name}|without query images"] = one.ap(ranking, asked_with(one.collection))
    if not values:
        raise NoExampleError("no query image is in a database")
    return means(values, TOLERANCE, next(iter(rows)))


def one_choice(variants: Mapping[str, RegionSearches], depths: Depths) -> Table:
    """Mean AP of CA-SR without and with QE, by variant (the first is the paper's) and collection.

    A further row is the first variant with a query expansion that skips the query's own image.
    """

    def scores(searched: RegionSearches) -> dict[str, F64]:
        return {
            f"{one.collection.name}|{heading}": one.ap(one.rankings(depths)[stage])
            for one in searched.values()
            for stage, heading in (("CA-SR|No", "CA-SR"), ("CA-SR|Yes", "CA-SR + QE"))
        }

    values = compare(Variant(row, partial(scores, searched)) for row, searched in variants.items())
    base = next(iter(variants))
    for one in variants[base].values():
        own = np.array([-1 if query.image is None else query.image for query in one.collection.queries])
        ranking = one.expanded(one.rankings(depths)["CA-SR|No"], depths.m, own)
        values["query counts once", f"{one.collection.name}|CA-SR + QE"] = one.ap(ranking)
    return means(values, TOLERANCE, base)
