"""Your own table of texts and a folder of images, divided by image into training, validation and test."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from vretlib import arrays, checksums, files
from vretlib.datasets.paintings import tables
from vretlib.datasets.paintings.collection import Painting, Paintings
from vretlib.errors import UserError
from vretlib.parallel import threaded_map

log = logging.getLogger(__name__)

SHARE = 0.1
"""Share of the images in validation and in test, each."""

FEWEST = 2
"""Images that each part must have: a ranking of one is always right."""


def table(
    path: str | Path,
    images: str | Path,
    *,
    image: str,
    text: str,
    title: str = "",
    attributes: Sequence[str] = (),
    separator: str = ",",
    encoding: str = "utf-8",
    seed: int = 0,
) -> Paintings:
    """A collection from a table and a folder.

    Parameters
    ----------
    path, images: the table, and the folder of the images that it names.
    image, text, title: headings of the image files' names, of the comments, and of the titles (empty: none).
    attributes: headings of attributes; their values are taken as classes, even if they are numbers.
    separator, encoding: see `tables.read`.
    seed: the seed of the division. Rows of one image, or of files that are equal in every byte, are in the same
        part; how many files are copies is logged.

    Raises
    ------
    UserError: the errors of `tables.read`, no such folder, or fewer than six different images that can be read.
    """
    path, folder = files.given(path), files.given(images)
    if not files.is_folder(folder):
        raise UserError(f"{folder}: no such folder; expected the images that {path.name} names")
    columns = tables.Columns(image, text, title, {name: name for name in attributes})
    rows = tables.read(path, folder, columns, separator=separator, encoding=encoding)
    paintings, missing = tables.with_images(path, rows)
    train, val, test = _divided(path, paintings, arrays.whole(seed, "seed", 0))
    size = f"{path.stem}, {len(train):,} / {len(val):,} / {len(test):,} paintings"
    return Paintings(path.stem.replace("|", "¦"), train, val, test, missing, size, "yours")


def _divided(path: Path, paintings: Sequence[Painting], seed: int) -> tuple[tuple[Painting, ...], ...]:
    """Training, validation and test, each in the order of the table."""
    pictures = list(dict.fromkeys(painting.image for painting in paintings))
    content = dict(zip(pictures, threaded_map(checksums.checksum, pictures), strict=True))
    different = list(dict.fromkeys(content.values()))
    n = len(different)
    if n < len(pictures):
        log.info("%s: images that equal another one in every byte, and are in its part: %s", path.name,
                 f"{len(pictures) - n:,}")  # fmt: skip
    few = max(FEWEST, round(SHARE * n))
    if n < 3 * FEWEST:
        apart = " different" if n < len(pictures) else ""
        raise UserError(
            f"{path}: names {n}{apart} image{'s' * (n != 1)} that can be read; expected at least {3 * FEWEST}, "
            f"{FEWEST} each to learn from, to choose a model by and to test it on"
        )
    order = np.random.default_rng(seed).permutation(n)
    part = dict.fromkeys(different, 0)
    part |= {different[i]: 1 for i in order[:few]} | {different[i]: 2 for i in order[few : 2 * few]}
    return tuple(tuple(one for one in paintings if part[content[one.image]] == k) for k in range(3))
