"""Faster R-CNN as a describer of images and of their regions, in one forward pass (paper 003, section 3.1; paper 000).

The last map of the convolutions is pooled over all its places (image-wise pooling, IPA) and over each region that the
region proposal network proposes (region-wise pooling, RPA). A box in a query image is pooled on the map directly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vretlib.errors import UserError
from vretlib.features import region_bins
from vretlib.features.detector_network import Detector
from vretlib.images import Box, Pixels, inside

F32 = NDArray[np.float32]
Pooling = Literal["max", "sum"]

SHORT_SIDE, LONG_SIDE, PROPOSALS = 600, 1000, 300
"""The papers': the short side of an image in pixels unless the long one would pass 1000; regions of an image."""
MIN_SIDE = 16 / SHORT_SIDE
"""The least side of a region as a part of the short side: the authors' 16 pixels for 600, in proportion for others."""


@dataclass(frozen=True, eq=False)
class RegionFeatures:
    """The features that one forward pass gives for one image; nothing is normalised.

    Attributes
    ----------
    image: pooling -> (d,), the whole map pooled (IPA).
    boxes: (r, 4) float32, regions in pixels of the image as read, corners included, best objectness first. These are
        the proposals, not the regressed boxes. r is 0 if all regions are smaller than the least side, as in an image
        that is a few pixels high.
    regions: pooling -> (r, d), the 7 × 7 bins pooled (RPA). "sum" is a sum of 49 maxima.
    scores: (r, 1 + classes), softmax; column 0 is the background. (r, 0) if they were not asked for.
    query: pooling -> (d,), the part of the map under the query's box pooled; None without a box.
    """

    image: dict[str, F32]
    boxes: F32
    regions: dict[str, F32]
    scores: F32
    query: dict[str, F32] | None


def describe(
    detector: Detector,
    image: Pixels,
    *,
    short_side: int = SHORT_SIDE,
    long_side: int = LONG_SIDE,
    n_proposals: int = PROPOSALS,
    box: Box | None = None,
    poolings: Sequence[str] = ("max", "sum"),
    scores: bool = True,
) -> RegionFeatures:
    """Features of one image and of its regions.

    Parameters
    ----------
    image: RGB, (h, w, 3) uint8.
    short_side, long_side: the image is scaled, up or down, until its short side is ``short_side``, or less if its long
        side would pass ``long_side``. Images of any size are accepted, because maps have at least one cell.
    n_proposals: maximum number of regions. They remain from the best 6,000 after non-maximum suppression at an IoU of
        0.7. Regions narrower than `MIN_SIDE` are left out before it.
    box: the box of a query, in pixels of the image as read; see `on_map`.
    poolings: "max", "sum" or both.
    scores: whether the fully connected layers compute the scores of the classes of each region. In the published VGG16
        these layers take about a quarter of the convolutions' time.

    Raises
    ------
    UserError: no RGB image, sizes that are not positive, a short side longer than the long one, an unknown pooling, a
        box that `on_map` refuses, or a detector in training mode.
    """
    check_options(short_side, long_side, n_proposals, poolings)
    if detector.training:
        raise UserError("the detector is in training mode; call detector.eval() to describe images with it")
    scaled = rescale(image, short_side, long_side)
    scale = np.array([scaled.shape[k] / image.shape[k] for k in (1, 0, 1, 0)], np.float32)
    with torch.inference_mode():
        x = detector.prepare(scaled)
        maps, extent = detector.maps(x), detector.extent(scaled)
        whole = detector.last_map(maps, extent)
        found = detector.propose(x, maps, extent, n_proposals, MIN_SIDE * short_side)
        bins, regions = _regions(detector, maps, found, extent, poolings)
        logits = (
            detector.heads.box_predictor(detector.heads.box_head(bins))[0] if scores else bins.new_zeros(len(bins), 0)
        )
        query = None if box is None else on_map(whole, box, image.shape[1], image.shape[0])
        last = np.array([image.shape[k] - 1 for k in (1, 0, 1, 0)], np.float32)
        return RegionFeatures(
            {how: _pool(whole, how) for how in poolings},
            np.clip(found.cpu().numpy() / scale, 0, last).astype(np.float32),
            regions,
            logits.softmax(1).cpu().numpy(),
            None if query is None else {how: _pool(query, how) for how in poolings},
        )


def activation_map(
    detector: Detector, image: Pixels, *, short_side: int = SHORT_SIDE, long_side: int = LONG_SIDE
) -> F32:
    """The map (d, h, w) of an image that the features are pooled from; parameters as in `describe`."""
    check_options(short_side, long_side, 1, ())
    scaled = rescale(image, short_side, long_side)
    with torch.inference_mode():
        maps = detector.maps(detector.prepare(scaled))
    return detector.last_map(maps, detector.extent(scaled)).cpu().contiguous().numpy()


def on_map(maps: Tensor, box: Box, width: int, height: int) -> Tensor:
    """The part (d, h', w') of a map (d, h, w) that a box of the image covers, with the authors' truncations.

    Corners are truncated to whole pixels, multiplied by the ratio of the map to the image and truncated again; the far
    corner is excluded. If no cell is left (a box narrower than a cell, but with an area), the cell of the near corner
    is taken; the authors' code does not cover this case.

    Raises
    ------
    UserError: the box is not inside the image, its corners are in another order, or it has no area, see
        `vretlib.images.inside`.
    """
    x1, y1, x2, y2 = (int(value) for value in inside(box, width, height, with_area=True))
    rows, columns = maps.shape[-2:]
    left, right = min(x1 * columns // width, columns - 1), x2 * columns // width
    top, bottom = min(y1 * rows // height, rows - 1), y2 * rows // height
    return maps[..., top : max(bottom, top + 1), left : max(right, left + 1)]


def rescale(image: Pixels, short_side: int, long_side: int) -> Pixels:
    """An RGB image (h, w, 3) uint8 with its short side at ``short_side``, unless the long one would pass ``long_side``.

    The interpolation is bilinear, as in the authors' code.

    Raises
    ------
    UserError: the image is not RGB of that shape and type, or is empty.
    """
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or 0 in image.shape:
        raise UserError(f"image of shape {image.shape}, {image.dtype}: expected RGB, (h, w, 3) uint8")
    height, width = image.shape[:2]
    scale = min(short_side / min(height, width), long_side / max(height, width))
    size = (max(1, round(scale * width)), max(1, round(scale * height)))
    return image if size == (width, height) else cv2.resize(image, size, interpolation=cv2.INTER_LINEAR)


def check_options(short_side: int, long_side: int, n_proposals: int, poolings: Sequence[str]) -> None:
    """Raise a `UserError` for options of `describe` that are not valid."""
    if not (1 <= short_side <= long_side and n_proposals >= 1):
        raise UserError(
            f"short_side={short_side}, long_side={long_side}, n_proposals={n_proposals}: expected positive numbers, "
            "and a short side that is not longer than the long one"
        )
    unknown = [how for how in poolings if how not in get_args(Pooling)]
    if unknown:
        raise UserError(f"pooling {unknown[0]!r}: expected 'max' or 'sum'")


def _regions(
    detector: Detector, maps: dict[str, Tensor], boxes: Tensor, extent: tuple[int, int], poolings: Sequence[str]
) -> tuple[Tensor, dict[str, F32]]:
    """The bins (r, d, 7, 7) of regions, and pooling -> (r, d) of them."""
    if detector.regions == "align" or boxes.device.type != "cpu":
        bins = detector.pooled(maps, boxes, extent)
        return bins, {how: _pool(bins, how) for how in poolings}
    whole = detector.last_map(maps, extent)
    found, maxima, sums = region_bins.pool(whole.permute(1, 2, 0).numpy(), boxes.numpy())
    both = {"max": maxima, "sum": sums}
    return torch.from_numpy(found).permute(0, 3, 1, 2), {how: both[how] for how in poolings}


def _pool(values: Tensor, how: str) -> F32:
    """The maximum or the sum over the last two axes."""
    pooled = values.amax((-2, -1)) if how == "max" else values.sum((-2, -1))
    return pooled.cpu().numpy()
