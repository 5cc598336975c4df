"""The landmarks that a chapter's parameters name: embedded, the published collections, or a folder of your own.

============================================  ===========================================  =========================
``dataset``                                   ``root``                                     ``load`` gives
============================================  ===========================================  =========================
embedded                                      not used                                     two towns, a village
oxford_paris                                  holds any of `PARTS`                         what is there of them
folder                                        a folder per class, see `class_folders`      that one, by its own name
oxford5k, paris6k, roxford5k, rparis6k        the collection's folder, or the one above    that one, nothing to learn
============================================  ===========================================  =========================
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from vretlib import files, images
from vretlib.datasets.landmarks import class_folders, folders, oxford, revisited
from vretlib.datasets.landmarks.collection import LandmarkCollection, LandmarkStudy
from vretlib.errors import UserError
from vretlib.models.labelled_images import LabelledImages

log = logging.getLogger(__name__)

NAMES = {"oxford5k": "OX5K", "paris6k": "PA6K", "roxford5k": "ROX5K", "rparis6k": "RPA6K"}
"""Names of the published collections in tables, by folder; the first two as in the thesis."""

STUDIES = ("embedded", "oxford_paris", "folder", *NAMES)
COLLECTIONS = ("embedded", "folder", *NAMES)

PARTS = ("oxford5k", "paris6k", "landmarks", "distractors")
"""Folders of an ``oxford_paris`` study; absent ones are left out and logged."""

_CORRUPT = {
    "06": 443,
    "autumn": 335,
    "baby": 1317,
    "cat": 1894,
    "festival": 1907,
    "green": 2662,
    "park": 1319,
    "portrait": 801,
    "river": 1733,
    "school": 1535,
}
CORRUPT_DISTRACTORS = frozenset(f"{tag}_{number:06d}" for tag, number in _CORRUPT.items())
"""Files of the 100,000 distractors that are known to be corrupt."""

LANDMARKS_SHARE = 33_119 / (33_119 + 4_915)
"""Share of training images of LANDMARKS; the others are LAND5K (thesis section 3.3.1)."""


def load(dataset: str, *, root: str | Path = "", seed: int = 0, **sizes: Any) -> LandmarkStudy:
    """Collections for evaluation, training images, and distractors of a source.

    ``sizes`` are those of `embedded.embedded`, which other sources ignore.

    Raises
    ------
    UserError: ``dataset`` is not one of `STUDIES`, or ``root`` is empty or holds no such study.
    """
    if dataset == "embedded":
        from vretlib.datasets.landmarks.embedded import embedded

        return embedded(seed=seed, **sizes)
    if dataset == "oxford_paris":
        return _oxford_paris(_given(root, dataset), seed)
    if dataset == "folder":
        folder = _given(root, dataset)
        training, asked = class_folders.split(class_folders.read(folder), seed=seed)
        training = replace(training, name=f"training part of {asked.name}")
        what = f"{asked.description}, and {len(training):,} other images to learn from"
        return LandmarkStudy({asked.name: asked}, training, (), what, asked.licence, own=True)
    if dataset in NAMES:
        asked = collection(dataset, root=root)
        return LandmarkStudy({NAMES[dataset]: asked}, None, (), asked.description, asked.licence)
    raise _unknown(dataset, STUDIES)


def collection(dataset: str, *, root: str | Path = "", seed: int = 0, **sizes: Any) -> LandmarkCollection:
    """A single collection of a source; the first of the embedded study.

    Raises
    ------
    UserError: ``dataset`` is not one of `COLLECTIONS`, and the errors of `load`.
    """
    if dataset == "embedded":
        return load(dataset, seed=seed, **sizes).collection()
    if dataset not in COLLECTIONS:
        raise _unknown(dataset, COLLECTIONS)
    folder = _given(root, dataset)
    if dataset == "folder":
        labelled = class_folders.read(folder)
        class_folders.log_small_classes(labelled)
        return class_folders.collection(labelled, seed=seed)
    if files.is_folder(folder / dataset):
        folder /= dataset
    return _READERS[dataset](folder)


def distractors(root: str | Path) -> tuple[Path, ...]:
    """All images below a folder in the order of their paths, without `CORRUPT_DISTRACTORS`.

    Raises
    ------
    UserError: the folder does not exist or holds no image.
    """
    root = files.given(root)
    if not files.is_folder(root):
        raise UserError(f"{root}: no such folder; expected distractors, images in sub-folders or not")
    found = images.find(root)
    kept = tuple(path for path in found if path.stem not in CORRUPT_DISTRACTORS)
    if not kept:
        raise UserError(f"{root}: holds no image; expected files ending in {', '.join(images.EXTENSIONS)}")
    left_out = f", {len(found) - len(kept)} known to be corrupt left out" if len(kept) < len(found) else ""
    log.info("distractors: %s images%s", f"{len(kept):,}", left_out)
    return kept


def _oxford_paris(root: Path, seed: int) -> LandmarkStudy:
    if not _holds_parts(root):
        what = f"a folder that holds any of {'/, '.join(PARTS[:3])}/, and distractors/ if you have them"
        raise folders.expected(root, what, _holds_parts)
    have = {part: root / part for part in PARTS if files.is_folder(root / part)}
    if absent := [part for part in PARTS if part not in have]:
        log.info("%s: without %s: no such folder in it", root.name, ", ".join(absent))
    evaluation: dict[str, LandmarkCollection] = {}
    training: LabelledImages | None = None
    for part in PARTS[:2]:
        if part in have:
            evaluation[NAMES[part]] = _READERS[part](have[part])
    if "landmarks" in have:
        labelled = class_folders.read(have["landmarks"])
        training, evaluation["LA5K"] = class_folders.split(
            labelled, share=LANDMARKS_SHARE, name="LA5K", itself=True, seed=seed
        )
        training = replace(training, name="LANDMARKS")
    others = distractors(have["distractors"]) if "distractors" in have else ()
    parts = [made.description for made in evaluation.values()]
    parts += [f"{len(training):,} images to learn from"] if training else []
    parts += [f"{len(others):,} distractors"] if others else []
    return LandmarkStudy(evaluation, training, others, "; ".join(parts), oxford.LICENCE)


def _holds_parts(root: Path) -> bool:
    return any(files.is_folder(root / part) for part in PARTS[:3])


def _given(root: str | Path, dataset: str) -> Path:
    if not str(root):
        raise UserError(f"data_root is empty; with dataset={dataset!r} it must be the folder that holds the images")
    return files.given(root)


def _unknown(dataset: str, known: tuple[str, ...]) -> UserError:
    return UserError(f"dataset={dataset!r} is not known; expected one of {', '.join(map(repr, known))}")


_READERS: dict[str, Callable[..., LandmarkCollection]] = {
    "oxford5k": oxford.oxford5k,
    "paris6k": oxford.paris6k,
    "roxford5k": revisited.revisited,
    "rparis6k": revisited.revisited,
}
