"""Features of regions without a Faster R-CNN, on any backbone: windows, Selective Search, or another detector's boxes.

Paper 003 takes its regions from a region proposal network, which needs weights that were trained with it. Here the
boxes come from elsewhere and are pooled on the last map of a network for classification, such as one with ImageNet's
weights, as `vretlib.features.detector` pools its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays, images
from vretlib.errors import UserError
from vretlib.features import region_bins, unit_vectors
from vretlib.features.backbones import Backbone
from vretlib.features.described_regions import DescribedRegions
from vretlib.features.detector import LONG_SIDE, SHORT_SIDE, RegionFeatures, on_map, rescale
from vretlib.images import Box, Pixels
from vretlib.parallel import parallel_map

F32 = NDArray[np.float32]
Proposer = Callable[[Pixels], F32]
"""Boxes (r, 4) of an RGB image, in its pixels."""

SEARCHED_SIDE = 160
"""Short side in pixels of what Selective Search sees: about 300 boxes, in an eighth of a second."""
POOLINGS = ("max", "sum")
_WINDOWS = ((1, 1), (3 / 4, 2), (1 / 2, 3), (1 / 3, 5))  # part of the image, and windows in each direction


def selective_search(image: Pixels, n: int = 300) -> F32:
    """The largest ``n`` boxes of Selective Search (Uijlings et al., 2013), OpenCV's fast mode: float32 (r, 4).

    OpenCV gives the boxes in an order that is partly random; here they go from the largest to the smallest, and boxes
    of equal area by their corners. The image is shrunk to `SEARCHED_SIDE` first.
    """
    small = rescale(image, SEARCHED_SIDE, 10 * SEARCHED_SIDE)
    search = cv2.ximgproc.segmentation.createSelectiveSearchSegmentation()
    search.setBaseImage(cv2.cvtColor(small, cv2.COLOR_RGB2BGR))
    search.switchToSelectiveSearchFast()
    x, y, w, h = np.unique(search.process(), axis=0).T
    boxes = np.stack([x, y, x + w, y + h], 1)[np.argsort(-w * h, kind="stable")][:n]
    scale = np.array([image.shape[1] / small.shape[1], image.shape[0] / small.shape[0]] * 2)
    return (boxes * scale - [0, 0, 1, 1]).astype(np.float32)


def grid(image: Pixels) -> F32:
    """The image, and windows of 3/4, 1/2 and 1/3 of its width and height, half a window or less apart: (39, 4)."""
    height, width = image.shape[:2]
    boxes = []
    for part, n in _WINDOWS:
        w, h = part * width, part * height
        lefts, tops = np.linspace(0, width - w, n), np.linspace(0, height - h, n)
        boxes += [(x, y, x + w - 1, y + h - 1) for y in tops for x in lefts]
    return np.array(boxes, np.float32)


def nothing(image: Pixels) -> F32:  # noqa: ARG001 (what every proposer takes)
    """No boxes, float32 (0, 4), for images of which only the whole map or the query's box is pooled."""
    return np.zeros((0, 4), np.float32)


def describe(
    backbone: Backbone,
    image: Pixels,
    boxes: ArrayLike,
    *,
    short_side: int = SHORT_SIDE,
    long_side: int = LONG_SIDE,
    box: Box | None = None,
) -> RegionFeatures:
    """Features of an image and of boxes in it, pooled on the last map: RoI pooling into 7 × 7 bins, then max and sum.

    Parameters
    ----------
    boxes: (r, 4), far corners included, in pixels of ``image``; an empty list if there are none.
    short_side, long_side, box: as in `vretlib.features.detector.describe`.

    Returns
    -------
    RegionFeatures without scores: its ``scores`` are (r, 0).

    Raises
    ------
    UserError: no RGB image, or one that is too small for the network; boxes of another shape, or one that is not inside
        the image or has its corners in the wrong order.
    """
    given = _checked(boxes, image)
    with torch.inference_mode():
        prepared = backbone.prepare_batch([rescale(image, short_side, long_side)])
        maps = backbone.maps(prepared, [backbone.last_maps])[backbone.last_maps]
        height, width = image.shape[:2]
        scale, far = np.array([maps.shape[3] / width, maps.shape[2] / height] * 2), np.array([0, 0, 1, 1])
        cells = ((given + far) * scale - far).astype(np.float32)
        _, maxima, sums = region_bins.pool(maps[0].permute(1, 2, 0).cpu().numpy(), cells, stride=1)
        query = None if box is None else on_map(maps[0], box, width, height)
        return RegionFeatures(
            _pooled(maps[0]),
            given,
            {"max": maxima, "sum": sums},
            np.zeros((len(given), 0), np.float32),
            None if query is None else _pooled(query),
        )


def describe_all(
    backbone: Backbone,
    pictures: Sequence[Path | Pixels],
    propose: Proposer,
    *,
    short_side: int = SHORT_SIDE,
    long_side: int = LONG_SIDE,
    boxes: Sequence[Box | None] | None = None,
) -> DescribedRegions:
    """`describe` of each image with the boxes that ``propose`` finds in it; nothing is kept on disk.

    Parameters
    ----------
    pictures: files, or RGB images (h, w, 3) uint8.
    boxes: boxes of queries, one for each picture; None is the whole picture.

    Raises
    ------
    UserError: no pictures, another number of boxes, a picture that cannot be read, or what `describe` refuses. The
        message names the picture.
    """
    asked = [None] * len(pictures) if boxes is None else list(boxes)
    arrays.same_length(pictures=pictures, boxes=asked)
    if not asked:
        raise UserError("no pictures to describe; give at least one")

    def one(number: int) -> RegionFeatures:
        given = pictures[number]
        name = f"picture {number}" if isinstance(given, np.ndarray) else str(given)
        try:
            image = given if isinstance(given, np.ndarray) else images.read(given)
            boxes, box = propose(image), asked[number]
            return describe(backbone, image, boxes, short_side=short_side, long_side=long_side, box=box)
        except UserError as error:
            raise error if name in str(error) else UserError(f"{name}: {error}") from error

    found = list(parallel_map(one, range(len(pictures)), backbone.device, threads_each=1))
    most = max((len(features.boxes) for features in found), default=0)
    padded = partial(_padded, most=most)
    return DescribedRegions(
        {how: np.stack([features.image[how] for features in found]) for how in POOLINGS},
        np.stack([padded(features.boxes) for features in found]),
        np.array([len(features.boxes) for features in found], np.int64),
        {
            how: np.stack([padded(unit_vectors.l2(f.regions[how]).astype(np.float16)) for f in found])
            for how in POOLINGS
        },
        None,
        {how: np.stack([(f.query or f.image)[how] for f in found]) for how in POOLINGS},
    )


def _checked(boxes: ArrayLike, image: Pixels) -> F32:
    """Boxes as float32 (r, 4), each inside the image and with its near corner first."""
    given = arrays.array(boxes, "boxes")
    found = arrays.matrix(given if given.size else np.zeros((0, 4)), "boxes")
    if found.shape[1] != 4:
        raise UserError(f"boxes of shape {found.shape}; expected x1, y1, x2, y2 in rows (r, 4)")
    for row, box in enumerate(found.tolist()):
        try:
            images.inside(tuple(box), image.shape[1], image.shape[0])
        except UserError as error:
            raise UserError(f"boxes, row {row}: {error}") from None
    return found


def _pooled(values: torch.Tensor) -> dict[str, F32]:
    return {"max": values.amax((-2, -1)).cpu().numpy(), "sum": values.sum((-2, -1)).cpu().numpy()}


def _padded(rows: NDArray, most: int) -> NDArray:
    return np.concatenate([rows, np.zeros((most - len(rows), *rows.shape[1:]), rows.dtype)])
