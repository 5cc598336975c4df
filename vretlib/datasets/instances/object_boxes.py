"""The box of an object in an image, as lists give it: checked before anything is computed."""

from __future__ import annotations

from pathlib import Path

from vretlib.datasets.landmarks import folders
from vretlib.datasets.landmarks.collection import Box
from vretlib.errors import UserError


def checked(box: Box, image: Path, where: str) -> Box:
    """A box x1, y1, x2, y2 in pixels of an image, cut to the image; ``where`` begins the message of an error.

    Raises
    ------
    UserError: the far corner comes first, the box is not inside its image, or it has no area.
    """
    x1, y1, x2, y2 = box
    shown = f"{where}: {image.name}: box {x1:g} {y1:g} {x2:g} {y2:g}"
    if x1 > x2 or y1 > y2:
        raise UserError(f"{shown} has its corners in another order; expected x1 y1 x2 y2, the upper left corner first")
    found = folders.box_inside(box, image, where)
    if found[0] >= found[2] or found[1] >= found[3]:
        raise UserError(f"{shown} is a box without area; expected opposite corners of the object")
    return found
