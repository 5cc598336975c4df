"""Paper 003's methods with ImageNet weights on drawn towns, a film and photographs of products: README's table."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np

from vretlib.datasets import landmarks, products
from vretlib.datasets.drawn_collections import TOWNS_ALONE
from vretlib.datasets.landmarks.collection import LandmarkCollection
from vretlib.features.backbones import Backbone
from vretlib.real_runs import collections, markdown, searches
from vretlib.real_runs.searches import SearchOutcome

log = logging.getLogger(__name__)


def make(backbone: Backbone, *, film: Path | None = None, shop: Path | None = None, proposals: str = "windows") -> str:
    """The table in Markdown: a row for each method, a column for each collection and kind of query, mAP in the cells.

    Parameters
    ----------
    film: a video file, searched as `collections.of_film` says; None leaves its columns out.
    shop: the folder of GroceryStoreDataset, searched as `collections.of_products` says.
    proposals: what finds the regions of an image, a name of `kept_regions.PROPOSERS`.
    """
    real = [collections.of_film(film)] if film else []
    real += [collections.of_products(products.load(shop))] if shop else []
    towns = landmarks.load("embedded", **TOWNS_ALONE).evaluation
    searched = [towns["Town A"], towns["Town B"], *real]
    columns: dict[str, dict[str, str]] = {}
    for collection in searched:
        log.info("%s: %s, %d queries", collection.name, collection.description, len(collection.queries))
        columns |= _columns(collection, searches.search(collection, backbone, proposals))
    ways = list(next(iter(columns.values())))
    rows = {way: [column[way] for column in columns.values()] for way in ways}
    return markdown.table("mAP", list(columns), rows)


def _columns(collection: LandmarkCollection, found: SearchOutcome) -> dict[str, dict[str, str]]:
    """The cells by method for each kind of query; a collection of drawn buildings has one kind."""
    kinds = np.array([q.name.split("/")[0] if "/" in q.name else "" for q in collection.queries])
    return {
        f"{collection.name}, {kind}" if kind else collection.name: {
            way: markdown.mean(values[kinds == kind]) for way, values in found.precisions.items()
        }
        for kind in dict.fromkeys(kinds.tolist())
    }
