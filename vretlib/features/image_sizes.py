"""Whether images are large enough for a network, read from their headers before hours of describing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from vretlib import images
from vretlib.errors import UserError
from vretlib.features.backbones import Backbone
from vretlib.images import Box


def check(
    paths: Sequence[Path],
    backbone: Backbone,
    *,
    longest: int,
    tap: str | None = None,
    boxes: Sequence[Box | None] | None = None,
) -> None:
    """Check that each image, or its box, reaches ``tap`` when the image's longer side is brought to ``longest`` pixels.

    ``tap`` is ``backbone.last_maps`` by default; nothing is enlarged.

    Raises
    ------
    UserError: for the first image that cannot be opened or is too small, with its size and what is needed.
    """
    tap = tap or backbone.last_maps
    smallest = backbone.minimum_side(tap)
    for path, box in zip(paths, boxes or [None] * len(paths), strict=True):
        width, height = images.size(path)
        scale = min(1.0, longest / max(width, height))
        if box is not None:
            width, height = (int(box[k + 2] + 0.5) - int(box[k] + 0.5) + 1 for k in (0, 1))
        wide, high = (max(1, round(scale * side)) for side in (width, height))
        if min(wide, high) < smallest:
            what = f"{wide} x {high} pixels" + (f" of {width} x {height}" if scale < 1 else "")
            raise UserError(
                f"{path}: {'its box' if box else 'the image'} has {what} when it is described; {backbone.name} needs "
                f"{smallest} on each side to reach {tap}: leave it out, or describe it larger if the file is"
            )
