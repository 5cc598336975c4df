"""Paper 001's hash functions on real pixels: README's table of digits, products and faces.

Every image is a video of one frame (drawn faces: of two), and its class is the person, so that the protocol is that of
chapter 10. The database is the training set; the queries are other images of its classes.

The trained layers have the rates and steps that were chosen on drawn faces. The products are too few for whitening,
567 photographs of 512 numbers, so the layers take them as they are: this was chosen on held-out training photographs,
after test results of both settings had been seen.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.datasets import load_digits

from vretlib.chapters.hybrid_hashing import methods, tables
from vretlib.datasets import products
from vretlib.described.faces import DescribedFaces, VideoFrames, by_means
from vretlib.features import image_features
from vretlib.features.backbones import Backbone
from vretlib.models.hashing.hash_network import FLOOR
from vretlib.models.hashing.hash_recipe import HashRecipe
from vretlib.models.hashing.objectives import HvihWeights
from vretlib.real_runs import hashed_faces, markdown
from vretlib.real_runs.hashed_faces import DescribeFace

ROWS = (*methods.SHALLOW, "DSH [26]", "SSDH [42]")
LONGEST = 256
"""Pixels of the longer side of a photograph."""
UNWHITENED = 100.0
"""A floor under the variances that leaves features as they are."""
_DATABASE = 1297  # digits; the other 500 are queries

log = logging.getLogger(__name__)


def make(
    bits: Sequence[int],
    seeds: Sequence[int],
    *,
    shop: tuple[Path, Backbone] | None = None,
    describe: DescribeFace | None = None,
) -> str:
    """The table in Markdown: a row for each method, a column for each collection and code length, mAP in the cells.

    Parameters
    ----------
    bits, seeds: code lengths; seeds, over which a query's average precision is averaged.
    shop: the folder of GroceryStoreDataset and the network that describes its photographs; None leaves them out.
    describe: an embedding of faces, see `hashed_faces`; None leaves out both columns of faces.

    Raises
    ------
    UserError: the folder is not that of GroceryStoreDataset, or a code length or a seed cannot be used.
    """
    searched = [(digits(), FLOOR)]
    if shop:
        searched.append((of_products(*shop), UNWHITENED))
    if describe:
        searched += [(hashed_faces.photographed(describe), FLOOR), (hashed_faces.drawn(describe), FLOOR)]
    columns: dict[str, dict[str, str]] = {}
    for collection, floor in searched:
        n_database, n_queries = len(collection.train.x), len(collection.test.x)
        log.info("%s: %d in the database, %d queries", collection.name, n_database, n_queries)
        runs = methods.train_all(collection, ROWS, bits, seeds, HashRecipe(HvihWeights(), floor=floor))
        floats = markdown.mean(by_means(collection.train, collection.test))
        for k in bits:
            cells = {row: markdown.mean(tables.over_seeds(runs, row, k).mean(axis=0)) for row in ROWS}
            columns[f"{collection.name}, {k} bits"] = cells | {"floats, cosine": floats}
    rows = {row: [column[row] for column in columns.values()] for row in (*ROWS, "floats, cosine")}
    return markdown.table("mAP", list(columns), rows)


def digits() -> DescribedFaces:
    """Scikit-learn's 1,797 digits as 64 grey values each; the last 500 are the queries."""
    found = load_digits()
    return DescribedFaces(
        "digits",
        _images(found.data[:_DATABASE], found.target[:_DATABASE]),
        _images(found.data[_DATABASE:], found.target[_DATABASE:]),
    )


def of_products(shop: Path, backbone: Backbone) -> DescribedFaces:
    """Photographs of products as the means of the network's last maps, of length 1; the test set is the queries."""
    found = products.load(shop)
    x = np.asarray(image_features.extract(found.photographs, backbone, longest=LONGEST).spoc)
    teaches = found.training
    return DescribedFaces(
        "products", _images(x[teaches], found.product[teaches]), _images(x[~teaches], found.product[~teaches])
    )


def _images(x: ArrayLike, classes: NDArray[np.int64]) -> VideoFrames:
    """Images as videos of one frame."""
    return VideoFrames(np.asarray(x, np.float32), np.arange(len(classes)), classes.astype(np.int64))
