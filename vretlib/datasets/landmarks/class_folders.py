"""Images in one folder per class, ``<root>/<class>/<image>``: LANDMARKS, or photographs of your own.

`split` makes of them what the thesis makes of LANDMARKS (section 3.3.1): images to learn from, and a collection such as
LAND5K, in which an image is relevant to a query when both are of the same class.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from vretlib.datasets import files, images
from vretlib.datasets.landmarks import folders
from vretlib.datasets.landmarks.collection import Ids, LabelledImages, LandmarkCollection, LandmarkQuery
from vretlib.errors import UserError

QUERIES = 45
"""As many as LAND5K has."""

Say = Callable[[str], None]


def read(root: str | Path, *, say: Say = print) -> LabelledImages:
    """Every image of the class folders of ``root``, classes and images by name, numbers by value.

    A folder without images is no class; images beside the class folders belong to none: these are said and left out, as
    is whatever `walk.find` leaves out, a second link to a class's folder for one.

    Raises
    ------
    UserError: fewer than two class folders, or folders inside them that hold images; the message names the folder that
        seems to be meant.
    """
    root = files.given(root)
    if not looks_right(root):
        raise folders.expected(root, "a folder of class folders, at least two, that hold their images", looks_right)
    found: dict[str, list[Path]] = {folder.name: [] for folder in folders.sub_folders(root)}
    beside = 0
    for path in images.find(root, say=say):
        name, *deeper = path.relative_to(root).parts
        if len(deeper) > 1:
            raise UserError(f"{path}: lies too deep; expected the images of class {name} directly in {root / name}")
        if deeper:
            found[name].append(path)
        else:
            beside += 1
    if empty := [name for name, paths in found.items() if not paths]:
        say(f"{root.name}: folders without an image left out: {folders.some(empty)}")
    if beside:
        say(f"{root.name}: images beside the class folders belong to no class and are left out: {beside:,}")
    classes = tuple(name for name, paths in found.items() if paths)
    if len(classes) < 2:
        raise UserError(f"{root}: holds the images of {len(classes)} class; expected at least two class folders")
    labels = np.repeat(np.arange(len(classes)), [len(found[name]) for name in classes]).astype(np.int64)
    return LabelledImages(root.resolve().name, tuple(p for name in classes for p in found[name]), labels, classes)


def looks_right(root: Path) -> bool:
    """Whether at least two folders in a folder hold images."""
    return sum(map(folders.holds_images, folders.sub_folders(root))) >= 2


def split(
    labelled: LabelledImages,
    *,
    share: float = 2 / 3,
    n_queries: int | None = None,
    name: str = "",
    seed: int = 0,
    say: Say = print,
) -> tuple[LabelledImages, LandmarkCollection]:
    """Images to learn from, and the rest as a collection.

    Parameters
    ----------
    share: of each class goes to training, rounded down; two images of a class, if it has them, stay in the database,
        since a query needs something to find.
    n_queries, name: see `collection`.
    """
    if not 0 <= share < 1:
        raise UserError(f"share={share}; expected the part of each class to learn from, from 0 to below 1")
    rng = np.random.default_rng(seed)
    learn: list[Ids] = []
    for label in range(len(labelled.classes)):
        members = np.flatnonzero(labelled.labels == label)
        n = max(0, min(int(share * len(members) + 1e-9), len(members) - 2))
        learn.append(np.sort(rng.permutation(members)[:n]))
    chosen = np.concatenate(learn)
    rest = np.setdiff1d(np.arange(len(labelled)), chosen)
    training, database = _part(labelled, chosen), _part(labelled, rest)
    say(f"{labelled.name}: {len(training):,} images to learn from, {len(database):,} in the database")
    return training, collection(database, n_queries=n_queries, name=name, seed=seed, say=say)


def collection(
    labelled: LabelledImages,
    *,
    n_queries: int | None = None,
    name: str = "",
    seed: int = 0,
    say: Say = print,
) -> LandmarkCollection:
    """All images as a database, some of them, drawn from ``seed``, as queries; positives are those of the same class.

    Queries are whole images, in the database and in their own ``ok``, as in Oxford5k. A class with one image is not
    asked for, having nothing to find, and is said.

    Parameters
    ----------
    n_queries: None takes `QUERIES`, or as many as there are.
    name: of the collection; that of the images if empty.

    Raises
    ------
    UserError: ``n_queries`` is below 1 or above the number of images in classes of two or more.
    """
    sizes = np.bincount(labelled.labels, minlength=len(labelled.classes))
    possible = np.flatnonzero(sizes[labelled.labels] > 1)
    if single := [labelled.classes[label] for label in np.flatnonzero(sizes == 1)]:
        say(f"{labelled.name}: classes with one image in the database, not asked for: {folders.some(single)}")
    n = min(QUERIES, len(possible)) if n_queries is None else n_queries
    if not 1 <= n <= len(possible):
        raise UserError(f"n_queries={n}; expected 1 to {len(possible)}, the images in classes of two or more")
    asked = np.sort(np.random.default_rng(seed).choice(possible, n, replace=False))
    queries = []
    for image in asked:
        label = labelled.labels[image]
        landmark, before = labelled.classes[label], asked[asked <= image]
        queries.append(
            LandmarkQuery(
                name=f"{landmark}_{np.count_nonzero(labelled.labels[before] == label)}",
                landmark=landmark,
                path=labelled.images[image],
                box=None,
                image=int(image),
                good=np.empty(0, np.int64),
                ok=np.flatnonzero(labelled.labels == label),
                junk=np.empty(0, np.int64),
            )
        )
    name = name or labelled.name
    size = f"{len(labelled):,} images of {np.count_nonzero(sizes)} classes, {n} queries"
    say(f"{name}: {size}")
    return LandmarkCollection(name, labelled.images, tuple(queries), f"{name}, {size}, by class", "as the images")


def _part(labelled: LabelledImages, chosen: Ids) -> LabelledImages:
    paths = tuple(labelled.images[i] for i in chosen)
    return LabelledImages(labelled.name, paths, labelled.labels[chosen], labelled.classes)
