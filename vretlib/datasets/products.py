"""Photographs of products in a shop: a folder of GroceryStoreDataset (Klasson et al., 2019), for README's real runs.

``images.csv`` has a row for each photograph (split, path, fine_class, coarse_class), ``classes.csv`` one for each
product (its name, then its number), and ``iconic/00.jpg`` is a picture of product 0 before a white background.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vretlib import files, images
from vretlib.errors import UserError
from vretlib.images import Box

NEARLY_WHITE = 240
"""Least value of all three channels of the background of an iconic picture."""


@dataclass(frozen=True, eq=False)
class Products:
    """Photographs of products, each of which shows one, and an iconic picture of each product.

    Attributes
    ----------
    photographs: the files; ``product`` is int64 (n,), the number of the product that each shows.
    training: bool (n,), the photographs of the data set's training part; the others are its test part.
    iconic: the picture of each product, by number.
    names: the names of the products, by number.
    """

    photographs: tuple[Path, ...]
    product: NDArray[np.int64] = field(repr=False)
    training: NDArray[np.bool_] = field(repr=False)
    iconic: tuple[Path, ...] = field(repr=False)
    names: tuple[str, ...] = field(repr=False)


def load(root: Path) -> Products:
    """The products of a folder.

    Raises
    ------
    UserError: a table or an iconic picture is missing, or a table has other columns or numbers of products.
    """
    names = tuple(row[0] for row in _rows(root / "classes.csv")[1:])
    rows = _rows(root / "images.csv")
    if rows[0][:3] != ["split", "path", "fine_class"] or len(rows) < 2:
        raise UserError(f"{root / 'images.csv'}: expected the columns split, path and fine_class, and rows below them")
    try:
        product = np.array([int(row[2]) for row in rows[1:]], np.int64)
    except (ValueError, IndexError) as error:
        raise UserError(f"{root / 'images.csv'}: {error}; expected a product's number in fine_class") from None
    if product.min() < 0 or product.max() >= len(names):
        raise UserError(f"{root / 'images.csv'}: product {product.max()}, but classes.csv has {len(names)} of them")
    iconic = tuple(root / "iconic" / f"{number:02d}.jpg" for number in range(len(names)))
    missing = [path for path in iconic if not files.is_file(path)]
    if missing:
        raise UserError(f"{missing[0]}: no such picture; expected an iconic picture of each product")
    training = np.array([row[0] == "train" for row in rows[1:]])
    return Products(tuple(root / row[1] for row in rows[1:]), product, training, iconic, names)


def box_of_iconic(path: Path) -> Box:
    """The box of the pixels that are not nearly white in an iconic picture; the whole picture if there are none."""
    there = (images.read(path) < NEARLY_WHITE).any(axis=2)
    if not there.any():
        return 0.0, 0.0, there.shape[1] - 1.0, there.shape[0] - 1.0
    y, x = np.nonzero(there)
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())


def _rows(path: Path) -> list[list[str]]:
    try:
        with open(path, encoding="utf-8", newline="") as file:
            rows = [row for row in csv.reader(file) if row]
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: cannot be read ({error}); expected the folder of GroceryStoreDataset") from error
    if not rows:
        raise UserError(f"{path}: is empty; expected a table with headings")
    return rows
