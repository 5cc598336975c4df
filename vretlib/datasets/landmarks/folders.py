"""Functions that the readers of real collections share: finding images, names, and the folder that was meant."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from vretlib import files, images, walk
from vretlib.datasets.landmarks.collection import Ids
from vretlib.errors import UserError, short_list
from vretlib.images import Box

IMAGE_FOLDERS = ("images", "jpg", "oxbuild_images", "oxbuild_images-v1", "paris")
"""Possible folders of images in the folder of a collection; the first that exists is used, or the folder itself."""


def one_of(names: Sequence[str]) -> str:
    """The first name, and the others in brackets."""
    return f"{names[0]}/ (or {', '.join(names[1:])})"


def image_folder(root: Path) -> Path | None:
    """The folder of a collection's images: one of `IMAGE_FOLDERS`, or ``root`` if it holds images directly."""
    for name in IMAGE_FOLDERS:
        if files.is_folder(root / name):
            return root / name
    return root if holds_images(root) else None


def holds_images(folder: Path) -> bool:
    """True if an image lies directly in a folder."""
    return any(
        entry.name.lower().endswith(images.EXTENSIONS) and files.leads_to_file(entry) for entry in _entries(folder)
    )


def sub_folders(folder: Path) -> list[Path]:
    """The folders directly in a folder, by name, without hidden ones."""
    return [folder / entry.name for entry in _entries(folder) if files.leads_to_folder(entry)]


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """The entries of a folder as in `walk.entries`; none if there is no folder."""
    return walk.entries(folder) if files.is_folder(folder) else []


def expected(root: Path, what: str, is_right: Callable[[Path], bool]) -> UserError:
    """The error for a folder that is not ``what``; it names a fitting folder up to two levels away, if there is one."""
    if not files.is_folder(root):
        return UserError(f"{root}: no such folder; expected {what}")
    meant = next((folder for folder in _around(root) if _is(is_right, folder)), None)
    hint = f"; {meant} seems to be the right folder" if meant else ""
    return UserError(f"{root}: expected {what}{hint}")


def _around(root: Path) -> Iterator[Path]:
    """Folders inside a folder, then those around it, which may fit by chance."""
    inside = sub_folders(root)
    yield from inside
    for folder in inside:
        with suppress(UserError):  # a folder that cannot be read is not the one that was meant
            yield from sub_folders(folder)
    yield from root.absolute().parents[:2]


def _is(is_right: Callable[[Path], bool], folder: Path) -> bool:
    try:
        return is_right(folder)
    except UserError:
        return False


def by_name(folder: Path) -> dict[str, Path]:
    """All images below a folder, by their file names without the extension, as in ground truths.

    Names are in one Unicode form (`files.same`). Files that are left out are logged.

    Raises
    ------
    UserError: two images have the same name, or the folder holds no image.
    """
    named: dict[str, Path] = {}
    for path in images.find(folder, beside=(".txt", ".pkl")):
        name = files.same(path.stem)
        if name in named:
            raise UserError(
                f"{path}: has the name of {named[name]}, and the ground truth goes by name; remove one of the two"
            )
        named[name] = path
    if not named:
        raise UserError(f"{folder}: holds no image; expected the collection's images, in sub-folders or not")
    return named


def missing(where: Path, names: Iterable[str], folder: Path) -> UserError:
    """The error for images that a ground truth names and a folder lacks."""
    absent = sorted(set(names))
    return UserError(
        f"{where}: names {len(absent)} image{'s' * (len(absent) > 1)} that {folder} does not hold: "
        f"{short_list(absent)}; add what is missing, or give the folder that has all of them"
    )


def box_inside(box: Box, path: Path, where: str) -> Box:
    """The box x1, y1, x2, y2 of an object in an image, in pixels, cut to it; ``where`` begins an error's message.

    Both corners belong to a box, but they must differ in x and in y: a line or a point marks no object.

    Raises
    ------
    UserError: the far corner comes first, the box is not inside its image (`images.inside`), or it has no area.
    """
    try:
        return images.inside(box, *images.size(path), with_area=True)
    except UserError as error:
        raise UserError(f"{where}: {path.name}: {error}") from None


def ids(names: Iterable[str], positions: Mapping[str, int]) -> Ids:
    """Positions of images in the database, ascending, each once."""
    return np.unique(np.array([positions[name] for name in names], np.int64))
