"""Pictures and their regions as a network for classification sees them, kept piece by piece in the cache.

A run that was killed goes on with the first piece that is missing: at most `PIECE` pictures are described again.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vretlib import arrays, cache
from vretlib.checksums import checksum
from vretlib.errors import UserError
from vretlib.features.backbones import Backbone
from vretlib.features.described_regions import DescribedRegions
from vretlib.features.given_regions import POOLINGS, describe_all, grid, nothing, selective_search
from vretlib.images import Box

PIECE = 64
PROPOSERS = {"windows": grid, "selective-search": selective_search, "none": nothing}
"""Where the regions of a picture come from, by the name that stands in the key of a result."""
_PADDED = ("boxes", "regions_max", "regions_sum")
_PLAIN = ("n_regions", "image_max", "image_sum", "query_max", "query_sum")


def describe(
    backbone: Backbone,
    pictures: Sequence[Path],
    regions: str,
    *,
    short_side: int,
    boxes: Sequence[Box | None] | None = None,
    label: str = "",
) -> DescribedRegions:
    """`given_regions.describe_all` of files, with the regions that a name of `PROPOSERS` finds.

    Raises
    ------
    UserError: no pictures, an unknown name, numbers of boxes and pictures that differ, or as `describe_all`.
    """
    if regions not in PROPOSERS:
        raise UserError(f"regions={regions!r}; expected one of {', '.join(map(repr, PROPOSERS))}")
    asked = [None] * len(pictures) if boxes is None else list(boxes)
    arrays.same_length(pictures=pictures, boxes=asked)
    if not asked:
        raise UserError("no pictures to describe; give at least one")
    folders = [
        _piece(backbone, pictures[start : start + PIECE], regions, short_side, asked[start : start + PIECE],
               f"{label}, {regions}, from picture {start} of {len(pictures)}")
        for start in range(0, len(pictures), PIECE)
    ]  # fmt: skip
    found = {name: _joined([np.load(folder / f"{name}.npy", mmap_mode="r") for folder in folders]) for name in _PADDED}
    found |= {name: np.concatenate([np.load(folder / f"{name}.npy") for folder in folders]) for name in _PLAIN}
    return DescribedRegions(
        {how: found[f"image_{how}"] for how in POOLINGS},
        found["boxes"],
        found["n_regions"],
        {how: found[f"regions_{how}"] for how in POOLINGS},
        None,
        {how: found[f"query_{how}"] for how in POOLINGS},
    )


def _piece(
    backbone: Backbone, pictures: Sequence[Path], regions: str, short_side: int, boxes: Sequence[Box | None], label: str
) -> Path:
    """A folder with the arrays of some pictures."""
    key = {
        "images": [checksum(path) for path in pictures],
        "boxes": [None if box is None else [float(value) for value in box] for box in boxes],
        "network": [backbone.name, backbone.checksum],
        "regions": regions,
        "short_side": short_side,
    }

    def build(folder: Path) -> None:
        found = describe_all(backbone, pictures, PROPOSERS[regions], short_side=short_side, boxes=boxes)
        np.save(folder / "boxes.npy", found.boxes)
        np.save(folder / "n_regions.npy", found.n_regions)
        for name, by_pooling in (("image", found.image), ("regions", found.regions), ("query", found.query)):
            for how in POOLINGS:
                np.save(folder / f"{name}_{how}.npy", by_pooling[how])

    return cache.stage("given-regions", key, build, label=label)


def _joined(parts: Sequence[NDArray]) -> NDArray:
    """One array (N, R, d) of arrays (n, r, d) with different r; its rows beyond r are zero."""
    most = max(part.shape[1] for part in parts)
    whole = np.zeros((sum(map(len, parts)), most, parts[0].shape[2]), parts[0].dtype)
    start = 0
    for part in parts:
        whole[start : start + len(part), : part.shape[1]] = part
        start += len(part)
    return whole
