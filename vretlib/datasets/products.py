"""Photographs of products in a shop: a folder of GroceryStoreDataset (Klasson et al., 2019), for README's real runs.

``images.csv`` has a row for each photograph (split, path, fine_class, coarse_class), ``classes.csv`` one for each
product (its name, then its number), and ``iconic/00.jpg`` is a picture of product 0 before a white background.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vretlib import files, images
from vretlib.datasets import text_files
from vretlib.errors import UserError
from vretlib.images import Box

SPLITS = ("train", "val", "test")
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


def load(root: str | Path) -> Products:
    """The products of a folder.

    Raises
    ------
    UserError: a table or an iconic picture is missing, a table is no CSV or has other columns, or rows have another
        split, no number of a product or no such photograph; the message names them.
    """
    root = files.given(root)
    table, expected = root / "classes.csv", "a table of GroceryStoreDataset"
    names = tuple(row[0] for _, row in text_files.cells(table, text_files.text(table, expected))[1:])
    table = root / "images.csv"
    problems, rows = text_files.Problems(table, "row"), list[tuple[Path, int, bool]]()
    for row in text_files.rows(table, ("split", "path", "fine_class")):
        with problems.at(row.line):
            if row["split"] not in SPLITS:
                raise UserError(f"split {row['split']!r}; expected one of {', '.join(SPLITS)}")
            if not re.fullmatch(r"\d{1,9}", row["fine_class"], re.ASCII) or int(row["fine_class"]) >= len(names):
                raise UserError(
                    f"fine_class {row['fine_class']!r}; expected a product's number, and classes.csv has {len(names)}"
                )
            path = files.named(root, row["path"])
            if not files.is_file(path):
                raise UserError(f"{path}: no such photograph")
            rows.append((path, int(row["fine_class"]), row["split"] == "train"))
    problems.check()
    if not rows:
        raise UserError(f"{table}: lists no photograph; expected a row for each")
    iconic = tuple(root / "iconic" / f"{number:02d}.jpg" for number in range(len(names)))
    missing = [path for path in iconic if not files.is_file(path)]
    if missing:
        raise UserError(f"{missing[0]}: no such picture; expected an iconic picture of each product")
    paths, product, training = zip(*rows, strict=True)
    return Products(paths, np.array(product, np.int64), np.array(training), iconic, names)


def box_of_iconic(path: Path) -> Box:
    """The box of the pixels that are not nearly white in an iconic picture; the whole picture if there are none."""
    there = (images.read(path) < NEARLY_WHITE).any(axis=2)
    if not there.any():
        return 0.0, 0.0, there.shape[1] - 1.0, there.shape[0] - 1.0
    y, x = np.nonzero(there)
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())
