"""Oxford5k and Paris6k with their classic ground truth (Philbin et al. 2007, 2008), in the form of their distribution.

============================================  =========================================================================
``images``, ``jpg``, ``oxbuild_images``, …    the images, in sub-folders (Paris) or not; see `folders.IMAGE_FOLDERS`
``gt``, ``gt_files``, ``gt_files_170407``, …  ``<landmark>_<1..5>_{query,good,ok,junk}.txt``; see `TRUTH_FOLDERS`
============================================  =========================================================================

A query file is one line, ``oxc1_<image> x1 y1 x2 y2`` (Paris: without ``oxc1_``); the others name an image a line,
without extension. Ids are positions in the order of the names. The query image is in the database and in its own good
or ok list.
"""

from __future__ import annotations

import logging
import re
from pathlib import Path

from vretlib import files, walk
from vretlib.datasets import text_files
from vretlib.datasets.landmarks import folders
from vretlib.datasets.landmarks.collection import LandmarkCollection, LandmarkQuery
from vretlib.errors import UserError, short_list

log = logging.getLogger(__name__)

TRUTH_FOLDERS = ("gt", "gt_files", "gt_files_170407", "paris_120310", "groundtruth", "ground_truth")
"""Possible folders of the text files; the first that exists is used, or the folder of the collection itself."""

KINDS = ("query", "good", "ok", "junk")

_CORRUPT = {
    "louvre": (136, 146),
    "moulinrouge": (422,),
    "museedorsay": (1059,),
    "notredame": (188,),
    "pantheon": (284, 960, 974),
    "pompidou": (195, 196, 201, 467, 640),
    "sacrecoeur": (299, 330, 353),
    "triomphe": (662, 833, 863, 867),
}
CORRUPT = frozenset(f"paris_{place}_{number:06d}" for place, numbers in _CORRUPT.items() for number in numbers)
"""The twenty files of Paris6k that are no images, as its authors list them (``parisbuildings/corrupt.txt``)."""

LICENCE = "the photographers', under Flickr's terms of use; the collection for research, see www.robots.ox.ac.uk/~vgg"


def oxford5k(root: str | Path) -> LandmarkCollection:
    """Oxford5k from the folder that holds its images and ground truth, see the module.

    Raises
    ------
    UserError: another folder (the message names the one that seems to be meant), a query without its four files, a
        line that is not as above, images that are named but absent, a box that `folders.box_inside` refuses.
    """
    return _read("Oxford5k", files.given(root))


def paris6k(root: str | Path) -> LandmarkCollection:
    """Paris6k, as `oxford5k`; the images of `CORRUPT` are left out of database and ground truth, and counted."""
    return _read("Paris6k", files.given(root))


def looks_right(root: Path) -> bool:
    """True if a folder has images and a classic ground truth where `oxford5k` expects them."""
    return truth_folder(root) is not None and folders.image_folder(root) is not None


def truth_folder(root: Path) -> Path | None:
    """The folder of a collection's text files."""
    for folder in (*(root / name for name in TRUTH_FOLDERS), root):
        if any(path.name.endswith("_query.txt") for path in _texts(folder)):
            return folder
    return None


def _read(name: str, root: Path) -> LandmarkCollection:
    truth, folder = truth_folder(root), folders.image_folder(root)
    if truth is None or folder is None:
        what = (
            f"the folder of {name}, with its images in {folders.one_of(folders.IMAGE_FOLDERS)} "
            f"and its text files in {folders.one_of(TRUTH_FOLDERS)}"
        )
        raise folders.expected(root, what, looks_right)
    lists = _lists(truth)
    database = folders.by_name(folder)
    corrupt = database.keys() & CORRUPT
    images = {image: path for image, path in sorted(database.items()) if image not in corrupt}
    named = {image: file for files in lists.values() for file in files.values() for image in _images(file)}
    if absent := named.keys() - images.keys() - CORRUPT:
        only = {named[image] for image in absent}
        raise folders.missing(only.pop() if len(only) == 1 else truth, absent, folder)
    positions = {image: i for i, image in enumerate(images)}
    queries = tuple(_query(query, files, images, positions) for query, files in lists.items())
    landmarks = len({query.landmark for query in queries})
    in_truth = len(named.keys() & CORRUPT)
    if corrupt or in_truth:
        counts = f"{len(corrupt)} files, {in_truth} names in the ground truth"
        log.info("%s: images known to be corrupt left out: %s", name, counts)
    size = f"{len(images):,} images, {len(queries)} queries of {landmarks} landmarks"
    log.info("%s: %s", name, size)
    return LandmarkCollection(name, tuple(images.values()), queries, f"{name}, {size}, classic ground truth", LICENCE)


def _lists(truth: Path) -> dict[str, dict[str, Path]]:
    """The four files of each query, queries by landmark and number."""
    lists: dict[str, dict[str, Path]] = {}
    for file in _texts(truth):
        if match := re.fullmatch(rf"(.+_\d+)_({'|'.join(KINDS)})", file.stem):
            lists.setdefault(match[1], {})[match[2]] = file
    if not lists:
        raise UserError(f"{truth}: holds no query; expected files named <landmark>_<number>_query.txt")
    absent = [f"{query}_{kind}.txt" for query, files in sorted(lists.items()) for kind in KINDS if kind not in files]
    if absent:
        raise UserError(
            f"{truth}: lacks {short_list(absent)}; every query needs its four files, empty where it lists none"
        )
    return {query: lists[query] for query in sorted(lists, key=_order)}


def _texts(folder: Path) -> list[Path]:
    """The text files directly in a folder; none if it does not exist."""
    found = walk.entries(folder) if files.is_folder(folder) else []
    return [folder / entry.name for entry in found if entry.name.endswith(".txt")]


def _order(query: str) -> tuple[str, int]:
    landmark, _, number = query.rpartition("_")
    return landmark, int(number)


def _images(file: Path) -> list[str]:
    """The images that a file names: its query's, or one a line."""
    if file.stem.endswith("_query"):
        return [_line(file)[0]]
    return [files.same(name) for _, line in _lines(file) for name in line.split()]


def _line(file: Path) -> tuple[str, tuple[float, float, float, float]]:
    lines = _lines(file)
    try:
        [(_, line)] = lines
        image, *numbers = line.split()
        x1, y1, x2, y2 = map(float, numbers)
    except ValueError:
        text = " ".join(line for _, line in lines)[:80]
        raise UserError(f"{file}: holds {text!r}; expected one line 'image x1 y1 x2 y2'") from None
    return files.same(image.removeprefix("oxc1_")), (x1, y1, x2, y2)


def _lines(file: Path) -> list[tuple[int, str]]:
    return text_files.lines(file, "a text file of the ground truth; copy it again")


def _query(query: str, files: dict[str, Path], images: dict[str, Path], positions: dict[str, int]) -> LandmarkQuery:
    image, box = _line(files["query"])
    if image in CORRUPT:
        raise UserError(
            f"{files['query']}: asks for {image}, which is known to be corrupt; copy the ground truth again"
        )
    good, ok, junk = (
        folders.ids((name for name in _images(files[kind]) if name not in CORRUPT), positions)
        for kind in ("good", "ok", "junk")
    )
    return LandmarkQuery(
        name=query,
        landmark=_order(query)[0],
        path=images[image],
        box=folders.box_inside(box, images[image], str(files["query"])),
        image=positions[image],
        good=good,
        ok=ok,
        junk=junk,
    )
