"""SemArt as distributed: three tables separated by tabs, in cp1252, and a folder of images (thesis section 7.2)."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from vretlib import files
from vretlib.datasets.landmarks import folders
from vretlib.datasets.paintings import tables
from vretlib.datasets.paintings.collection import Painting, Paintings
from vretlib.errors import short_list

log = logging.getLogger(__name__)

LICENCE = "images and comments of the Web Gallery of Art, for research and teaching"

COLUMNS = tables.Columns(
    image="IMAGE_FILE",
    text="DESCRIPTION",
    title="TITLE",
    attributes={
        "Author": "AUTHOR",
        "Technique": "TECHNIQUE",
        "Date": "DATE",
        "Type": "TYPE",
        "School": "SCHOOL",
        "TimeFrame": "TIMEFRAME",
    },
)
TABLES = {part: f"semart_{part}.csv" for part in ("train", "val", "test")}
IMAGES = "Images"


def semart(root: str | Path) -> Paintings:
    """SemArt from its folder, with ``semart_train.csv``, ``semart_val.csv``, ``semart_test.csv`` and ``Images/``.

    Rows whose image is missing or unreadable are left out, logged and named in ``missing``. Images that two tables
    share are used in both, and named in the log.

    Raises
    ------
    UserError: not such a folder, the errors of `tables.read`, or a table none of whose images can be read.
    """
    root = files.given(root)
    if not _looks_right(root):
        raise folders.expected(root, f"SemArt's folder, with {', '.join(TABLES.values())} and {IMAGES}/", _looks_right)
    parts: dict[str, tuple[Painting, ...]] = {}
    missing: tuple[str, ...] = ()
    for part, name in TABLES.items():
        parts[part], lost = tables.with_images(root / name, _rows(root / name))
        missing += lost
    _warn_of_shared(root, parts)
    size = " / ".join(f"{len(paintings):,}" for paintings in parts.values())
    return Paintings(
        "SemArt", parts["train"], parts["val"], parts["test"], missing, f"SemArt, {size} paintings", LICENCE
    )


def _warn_of_shared(root: Path, parts: Mapping[str, Sequence[Painting]]) -> None:
    """Name images that are in two parts, which are tested on what was learned; the tables are used as distributed."""
    owner: dict[str, str] = {}
    shared: dict[tuple[str, str], list[str]] = {}
    for part, paintings in parts.items():
        for path in dict.fromkeys(painting.image for painting in paintings):
            if (first := owner.setdefault(os.path.realpath(path), part)) != part:
                shared.setdefault((first, part), []).append(path.name)
    for (first, second), names in shared.items():
        log.warning(
            "%s: %s and %s share %s images, so that what is tested was learned: %s",
            root.name, TABLES[first], TABLES[second], f"{len(names):,}", short_list(names),
        )  # fmt: skip


def texts(path: str | Path) -> tuple[Painting, ...]:
    """The rows of one table as distributed, whether its images are there or not; errors as in `tables.read`."""
    return tuple(row.painting for row in _rows(files.given(path)))


def _rows(path: Path) -> list[tables.TableRow]:
    return tables.read(path, path.parent / IMAGES, COLUMNS, separator="\t", encoding="cp1252")


def _looks_right(root: Path) -> bool:
    return files.is_folder(root / IMAGES) and all(files.is_file(root / name) for name in TABLES.values())
