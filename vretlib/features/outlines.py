"""Photographs of a screen, as they were taken or rectified to the outline of the picture on the screen.

The papers search with the photograph as it was taken. Here it can be prepared in three ways:

==========  ===========================================================================================================
``no``      the photograph as it was taken, as in the papers
``found``   rectified to the outline that `screen.find_screen` finds; as it was taken where it finds none
``given``   rectified to the corners that a list gives; as it was taken where the list gives none
==========  ===========================================================================================================

Corners are float32 (4, 2): x, y of the picture's top left, top right, bottom right and bottom left corner, in pixels of
the photograph, with pixel centres at whole numbers.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from vretlib import cache, images
from vretlib.checksums import checksum
from vretlib.errors import UserError
from vretlib.features import screen
from vretlib.features.screen import Corners
from vretlib.images import Pixels

log = logging.getLogger(__name__)

Outline = Literal["no", "found", "given"]

CHOICES: tuple[str, ...] = get_args(Outline)


REMARKS = {
    "no": "",
    "found": "Obtained with photographs rectified to the outline that was found in them, which the paper did not do.",
    "given": "Obtained with photographs rectified to the corners that their list gives, which the paper did not do.",
}
"""What a table says whose photographs were rectified, beside numbers of a paper that searches with whole ones."""


def check(outline: str) -> None:
    """Raise a `UserError` unless the word is one of `CHOICES`."""
    if outline not in CHOICES:
        raise UserError(f"outline={outline!r} is not known; expected one of {', '.join(map(repr, CHOICES))}")


def corners_of(photo: Pixels, outline: str, given: ArrayLike | None = None) -> Corners | None:
    """Corners of the picture in a photograph, (4, 2), or None where the photograph stays as it was taken.

    Parameters
    ----------
    photo: uint8 (h, w, 3) RGB, or (h, w) grey.
    outline: one of `CHOICES`.
    given: the corners of a list, (4, 2); None where it has none.
    """
    check(outline)
    if outline == "given" and given is not None:
        return np.asarray(given, np.float32)
    if outline == "found" and min(photo.shape[:2]) >= screen.MIN_PHOTOGRAPH:
        return screen.find_screen(photo)
    return None


def rectified(
    photo: Pixels,
    outline: str,
    given: ArrayLike | None = None,
    *,
    width: int | None = None,
    aspect: float | None = None,
) -> Pixels:
    """The picture on the screen, rectified; the photograph itself where `corners_of` has no corners.

    Parameters
    ----------
    photo, outline, given: see `corners_of`.
    width: of the picture, in pixels; None keeps the width that it has in the photograph.
    aspect: its width : height; None takes it from the lengths of its sides.
    """
    corners = corners_of(photo, outline, given)
    return photo if corners is None else screen.rectify(photo, corners, width or _own_width(corners), aspect)


def of_photographs(
    photographs: Sequence[Path],
    outline: str,
    given: Sequence[ArrayLike | None] | None = None,
) -> list[Corners | None]:
    """The corners of `corners_of` for many files; corners that were found are kept in the cache.

    Parameters
    ----------
    photographs: files.
    given: for each of them the corners of a list, or None; needed only for ``"given"``.

    Raises
    ------
    UserError: ``outline`` is not known, or is ``"given"`` and none of the photographs has corners.
    """
    check(outline)
    if outline == "no":
        return [None] * len(photographs)
    if outline == "found":
        corners = [None if np.isnan(found).any() else found for found in found_in(photographs)]
    else:
        corners = as_listed(photographs, given)
    n = sum(points is None for points in corners)
    log.info(
        "outlines: %s of %s photographs are rectified, %s stay as they were taken", len(corners) - n, len(corners), n
    )
    return corners


def as_listed(photographs: Sequence[Path], given: Sequence[ArrayLike | None] | None) -> list[Corners | None]:
    """The corners of a list, one entry per photograph; a `UserError` if it has none at all."""
    listed = [None] * len(photographs) if given is None else given
    if len(listed) != len(photographs):
        raise UserError(f"{len(listed)} outlines for {len(photographs)} photographs; expected one or None for each")
    corners = [None if points is None else np.asarray(points, np.float32) for points in listed]
    if photographs and all(points is None for points in corners):
        raise UserError(
            "outline='given', but the list gives no corners; fill its column corners (x y x y x y x y), or choose "
            "outline='found'"
        )
    return corners


def found_in(photographs: Sequence[Path]) -> NDArray[np.float32]:
    """Corners found in each of some files, (n, 4, 2); NaN where none were found. Kept in the cache."""

    def build(out: Path) -> None:
        found = np.full((len(photographs), 4, 2), np.nan, dtype=np.float32)
        for k, path in enumerate(photographs):
            corners = corners_of(images.read(path), "found")
            if corners is not None:
                found[k] = corners
        np.save(out / "corners.npy", found)

    key = {"photographs": [checksum(path) for path in photographs]}
    return np.asarray(np.load(cache.stage("outlines", key, build) / "corners.npy"))


def rectified_files(photographs: Sequence[Path], corners: Sequence[Corners | None]) -> list[Path]:
    """Files of the rectified pictures, PNGs in the cache; a photograph without corners stands for itself.

    They are for functions that read files and not pixels, such as `vretlib.features.image_features.extract`.
    ``corners`` has one entry per photograph, as `of_photographs` gives them.

    Raises
    ------
    UserError: the number of outlines is not that of the photographs.
    """
    if len(corners) != len(photographs):
        raise UserError(f"{len(corners)} outlines for {len(photographs)} photographs; expected one or None for each")
    chosen = [k for k, points in enumerate(corners) if points is not None]
    if not chosen:
        return list(photographs)

    def build(out: Path) -> None:
        for k in chosen:
            Image.fromarray(rectified(images.read(photographs[k]), "given", corners[k])).save(
                out / f"{k}.png", compress_level=1
            )

    key = {
        "photographs": [checksum(photographs[k]) for k in chosen],
        "corners": [np.asarray(corners[k]).tolist() for k in chosen],
        "places": chosen,
    }
    folder = cache.stage("rectified", key, build)
    return [folder / f"{k}.png" if points is not None else photographs[k] for k, points in enumerate(corners)]


def _own_width(corners: Corners) -> int:
    """Mean length of the upper and the lower side, in pixels."""
    top, bottom = np.linalg.norm(corners[1] - corners[0]), np.linalg.norm(corners[2] - corners[3])
    return max(2, round(float(top + bottom) / 2))
