"""Your own collection for instance search: a folder of images and two lists.

=================  ====================================================================================================
``images``, …      the database, in sub-folders or not; see `vretlib.datasets.landmarks.folders.IMAGE_FOLDERS`
``queries.csv``    ``image,x1,y1,x2,y2,instance``: a picture, the box of the object in it in pixels from 0, the far
                   corner included (four empty cells: the whole picture), and the object's name
``relevant.csv``   ``instance,image``: an image of the database that shows the object; with ``x1,y1,x2,y2``, the box of
                   the object in it, so that boxes that a search returns can be compared with it
=================  ====================================================================================================

Paths are relative to the folder of the lists, or absolute. A query's picture may lie in the database; it then counts
neither for nor against. `text_files` describes the form of a CSV.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path

import numpy as np

from vretlib import files, images, walk
from vretlib.datasets import query_cells, text_files
from vretlib.datasets.landmarks import folders
from vretlib.datasets.landmarks.collection import LandmarkCollection, LandmarkQuery
from vretlib.datasets.text_files import Problems, TextRow
from vretlib.errors import UserError, short_list
from vretlib.images import Box

log = logging.getLogger(__name__)

QUERIES, RELEVANT = "queries.csv", "relevant.csv"
_SIDES = ("x1", "y1", "x2", "y2")


def read(root: str | Path) -> LandmarkCollection:
    """The collection of a folder, see the module; each query picture is decoded once as a check.

    Images that are neither in the database's folder nor a query's are left out and logged.

    Raises
    ------
    UserError: another folder (the message names the one that seems to be meant); fewer than two images; rows that
        cannot be read and queries that are listed twice, by line; an object without an image that shows it, or that no
        query asks for.
    """
    root = files.given(root)
    if not looks_right(root):
        what = f"a folder of images in {folders.one_of(folders.IMAGE_FOLDERS)} with {QUERIES} and {RELEVANT}"
        raise folders.expected(root, what, looks_right)
    folder = folders.image_folder(root)
    database = images.find(folder or root, beside=(".csv", ".txt"))
    if len(database) < 2:
        held = "one image" if database else "no image"
        raise UserError(f"{folder or root}: holds {held}; a collection that is searched needs two at least")
    positions = {os.path.realpath(path): i for i, path in enumerate(database)}
    shown, boxes = _relevant(root / RELEVANT, positions)
    queries = _queries(root / QUERIES, positions, shown)
    if folder and folder != root:
        _log_beside(root, folder, {os.path.realpath(query.path) for query in queries})
    if unasked := sorted(shown.keys() - {query.landmark for query in queries}):
        raise UserError(f"{root / RELEVANT}: lists objects that no query asks for: {short_list(unasked)}; add a row "
                        f"to {QUERIES}, or remove theirs")  # fmt: skip
    own = os.path.basename(os.path.abspath(root)).replace("|", "¦") or "folder"  # tables join their headings by |
    size = f"{len(database):,} images, {len(queries)} queries of {len(shown)} objects"
    log.info("%s: %s", own, size)
    return LandmarkCollection(own, database, queries, f"{own}, {size}", "as the images", boxes)


def _log_beside(root: Path, folder: Path, asked: set[str]) -> None:
    """Log the images outside the folder of the database that no query asks with."""
    found = walk.find(root, images.EXTENSIONS).paths
    others = [path.relative_to(root).as_posix() for path in found
              if not path.is_relative_to(folder) and os.path.realpath(path) not in asked]  # fmt: skip
    if others:
        log.info("%s: images left out, neither in %s/ nor a query's: %s; %s", root.name, folder.name,
                 f"{len(others):,}", short_list(others))  # fmt: skip


def looks_right(root: Path) -> bool:
    """True if a folder holds both lists."""
    return all(files.is_file(root / name) for name in (QUERIES, RELEVANT))


def _relevant(path: Path, positions: dict[str, int]) -> tuple[dict[str, set[int]], dict[tuple[str, int], Box]]:
    """The ids of the images that show each object, and the object's box in those where one is given."""
    shown: dict[str, set[int]] = {}
    boxes: dict[tuple[str, int], Box] = {}
    problems = Problems(path, "row")
    for row in text_files.rows(path, ("instance", "image"), _SIDES):
        with problems.at(row.line):
            name, image = _instance(row), _file(row, path.parent)
            place = positions.get(os.path.realpath(image))
            if place is None:
                raise UserError(f"{row['image']} is not among the images of the database")
            shown.setdefault(name, set()).add(place)
            found = _box(row, image)
            if found and boxes.setdefault((name, place), found) != found:
                raise UserError(f"{row['image']}: an earlier row gives {name!r} another box in it; expected one box")
    problems.check()
    return shown, boxes


def _queries(path: Path, positions: dict[str, int], shown: dict[str, set[int]]) -> tuple[LandmarkQuery, ...]:
    queries: list[LandmarkQuery] = []
    problems, checked = Problems(path, "row"), set[Path]()
    asked: dict[str, int] = {}
    lines: dict[tuple[str, str, Box | None], int] = {}
    for row in text_files.rows(path, ("image", "instance", *_SIDES)):
        with problems.at(row.line):
            name = _instance(row)
            image = query_cells.image(row["image"], path.parent, checked)
            box = _box(row, image)
            place = positions.get(os.path.realpath(image))
            first = lines.setdefault((name, os.path.realpath(image), box), row.line)
            if first != row.line:  # it would count twice in every mean
                raise UserError(f"repeats row {first}; expected each query once")
            good = np.array(sorted(shown.get(name, set()) - {place}), np.int64)
            if not len(good):
                raise UserError(f"{RELEVANT} lists no image that shows {name!r}, other than the query's own")
            asked[name] = asked.get(name, 0) + 1
            junk = np.array([] if place is None else [place], np.int64)
            queries.append(
                LandmarkQuery(f"{name}_{asked[name]}", name, image, box, place, good, np.empty(0, np.int64), junk)
            )
    problems.check()
    if not queries:
        raise UserError(f"{path}: lists no query; expected a row image,x1,y1,x2,y2,instance for each picture")
    return tuple(queries)


def _instance(row: TextRow) -> str:
    if not row["instance"]:
        raise UserError("instance is empty; expected the name of the object")
    return files.same(row["instance"])


def _file(row: TextRow, folder: Path) -> Path:
    if not row["image"]:
        raise UserError("image is empty; expected the path of an image of the database")
    path = files.named(folder, row["image"])
    if files.status(path) is None:
        raise UserError(f"{path}: no such image; paths are relative to the CSV's folder, or absolute")
    return path


def _box(row: TextRow, image: Path) -> Box | None:
    """The box of a row, see `folders.box_inside`; None where all four cells are empty."""
    given = [row[side] for side in _SIDES]
    if not any(given):
        return None
    try:
        x1, y1, x2, y2 = map(float, given)
    except ValueError:
        raise UserError(f"{','.join(given)} are not the four numbers x1,y1,x2,y2 of a box") from None
    return folders.box_inside((x1, y1, x2, y2), image, "x1,y1,x2,y2")
