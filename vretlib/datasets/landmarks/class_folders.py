"""Images in one folder per class, ``<root>/<class>/<image>``: LANDMARKS, or photographs of your own.

`split` divides them as the thesis divides LANDMARKS (section 3.3.1): into training images and a collection such as
LAND5K, in which an image is relevant to a query if both have the same class.
"""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from pathlib import Path

import numpy as np

from vretlib import files, images
from vretlib.datasets.landmarks import folders
from vretlib.datasets.landmarks.collection import Ids, LandmarkCollection, LandmarkQuery
from vretlib.errors import UserError, short_list
from vretlib.models.labelled_images import LabelledImages, learnable

log = logging.getLogger(__name__)

QUERIES = 45
"""Number of queries, as in LAND5K."""

SHARE = 2 / 3
"""Share of the images of each class that are training images."""


def read(root: str | Path) -> LabelledImages:
    """All images of the class folders of ``root``, with classes and images ordered by name and numbers by value.

    Folders without images, images beside the class folders, and what `walk.find` leaves out (such as a second link to a
    class folder) are logged and left out.

    Raises
    ------
    UserError: fewer than two class folders, or folders inside them that hold images; the message names the folder that
        seems to be meant.
    """
    root = files.given(root)
    if not looks_right(root):
        with suppress(UserError):
            images.find(root)  # says what is left out, such as photographs that need another package
        raise folders.expected(root, "a folder of class folders, at least two, that hold their images", looks_right)
    found: dict[str, list[Path]] = {folder.name: [] for folder in folders.sub_folders(root)}
    beside = 0
    for path in images.find(root):
        name, *deeper = path.relative_to(root).parts
        if len(deeper) > 1:
            raise UserError(f"{path}: lies too deep; expected the images of class {name} directly in {root / name}")
        if deeper:
            found[name].append(path)
        else:
            beside += 1
    if empty := [name for name, paths in found.items() if not paths]:
        log.info("%s: folders without an image left out: %s", root.name, short_list(empty))
    if beside:
        log.info(
            "%s: images beside the class folders belong to no class and are left out: %s", root.name, f"{beside:,}"
        )
    classes = tuple(name for name, paths in found.items() if paths)
    if len(classes) < 2:
        raise UserError(f"{root}: holds the images of {len(classes)} class; expected at least two class folders")
    labels = np.repeat(np.arange(len(classes)), [len(found[name]) for name in classes]).astype(np.int64)
    own = os.path.basename(os.path.abspath(root)).replace("|", "¦") or "folder"  # tables join their headings by |
    return LabelledImages(own, tuple(p for name in classes for p in found[name]), labels, classes)


def looks_right(root: Path) -> bool:
    """True if at least two folders in a folder hold images."""
    return sum(map(folders.holds_images, folders.sub_folders(root))) >= 2


def split(
    labelled: LabelledImages,
    *,
    share: float = SHARE,
    n_queries: int | None = None,
    name: str = "",
    itself: bool = False,
    seed: int = 0,
) -> tuple[LabelledImages, LandmarkCollection]:
    """Training images, and the other images as a collection.

    Parameters
    ----------
    share: share of the training images in each class, rounded down; two images of a class, if it has them, stay in the
        database, since a query needs a positive.
    n_queries, name, itself: see `collection`.

    Raises
    ------
    UserError: no class has two images, the share is not from 0 to below 1, or as `collection`.
    """
    _something_to_find(labelled)
    if not 0 <= share < 1:
        raise UserError(f"share={share}; expected the part of each class to learn from, from 0 to below 1")
    rng = np.random.default_rng(seed)
    log_small_classes(labelled, share)
    learn: list[Ids] = []
    for label in range(len(labelled.classes)):
        members = np.flatnonzero(labelled.labels == label)
        n = _n_training(len(members), share)
        learn.append(np.sort(rng.permutation(members)[:n]))
    chosen = np.concatenate(learn)
    rest = np.setdiff1d(np.arange(len(labelled)), chosen)
    training, database = _part(labelled, chosen), _part(labelled, rest)
    log.info(
        "%s: %s images to learn from, %s in the database", labelled.name, f"{len(training):,}", f"{len(database):,}"
    )
    return training, collection(database, n_queries=n_queries, name=name, itself=itself, seed=seed)


def log_small_classes(labelled: LabelledImages, share: float = SHARE) -> None:
    """Log a line if the classes are too small to learn a similarity from the training images of `split`."""
    sizes = np.bincount(labelled.labels, minlength=len(labelled.classes)).tolist()
    if not learnable(np.repeat(np.arange(len(sizes)), [_n_training(size, share) for size in sizes])):
        log.info(
            "%s: classes too small to learn a similarity from, as chapter 3 does and OASIS in chapter 2; that takes a "
            "class of four images and another of three",
            labelled.name,
        )


def _n_training(size: int, share: float) -> int:
    """Number of training images in a class of ``size`` images."""
    return max(0, min(int(share * size + 1e-9), size - 2))


def collection(
    labelled: LabelledImages,
    *,
    n_queries: int | None = None,
    name: str = "",
    itself: bool = False,
    seed: int = 0,
) -> LandmarkCollection:
    """The collection of all images as a database and some of them, drawn by ``seed``, as queries.

    Queries are whole images; their positives are the images of the same class. Classes with a single image have no
    queries, which is logged.

    Parameters
    ----------
    n_queries: number of queries; None takes `QUERIES`, or as many as possible.
    name: name of the collection; that of the images if empty.
    itself: true if a query's own image is one of its positives, as in Oxford5k. It is the same image, since there is no
        box, and every method finds it first, which dominates the mean average precision of small classes. By default it
        is junk, which is ignored.

    Raises
    ------
    UserError: no class has two images, or ``n_queries`` is below 1 or above the number of images in such classes.
    """
    _something_to_find(labelled)
    sizes = np.bincount(labelled.labels, minlength=len(labelled.classes))
    possible = np.flatnonzero(sizes[labelled.labels] > 1)
    if single := [labelled.classes[label] for label in np.flatnonzero(sizes == 1)]:
        log.info("%s: classes with one image in the database, not asked for: %s", labelled.name, short_list(single))
    n = min(QUERIES, len(possible)) if n_queries is None else n_queries
    if not 1 <= n <= len(possible):
        raise UserError(f"n_queries={n}; expected 1 to {len(possible)}, the images in classes of two or more")
    asked = np.sort(np.random.default_rng(seed).choice(possible, n, replace=False))
    queries = []
    for image in asked:
        label = labelled.labels[image]
        landmark, before = labelled.classes[label], asked[asked <= image]
        same = np.flatnonzero(labelled.labels == label)
        queries.append(
            LandmarkQuery(
                name=f"{landmark}_{np.count_nonzero(labelled.labels[before] == label)}",
                landmark=landmark,
                path=labelled.images[image],
                box=None,
                image=int(image),
                good=np.empty(0, np.int64),
                ok=same if itself else same[same != image],
                junk=np.empty(0, np.int64) if itself else np.array([image], np.int64),
            )
        )
    name = name or labelled.name
    size = f"{len(labelled):,} images of {np.count_nonzero(sizes)} classes, {n} queries"
    rule = "counts as one of its positives" if itself else "counts neither for nor against"
    log.info("%s: %s; a query's own image %s", name, size, rule)
    return LandmarkCollection(name, labelled.images, tuple(queries), f"{name}, {size}, by class", "as the images")


def _something_to_find(labelled: LabelledImages) -> None:
    sizes = np.bincount(labelled.labels, minlength=len(labelled.classes))
    if sizes.max(initial=0) < 2:
        raise UserError(
            f"{labelled.name}: none of {len(labelled.classes)} classes has two images, so no query has positives; "
            "expected at least two images in a class, one to ask with and one to find"
        )


def _part(labelled: LabelledImages, chosen: Ids) -> LabelledImages:
    paths = tuple(labelled.images[i] for i in chosen)
    return LabelledImages(labelled.name, paths, labelled.labels[chosen], labelled.classes)
