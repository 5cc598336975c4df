"""Intersection over union: how well a box that was found covers the true one (Everingham et al., 2010).

A box is x1, y1, x2, y2 in pixels, the far corner included, as everywhere in this project: its width is x2 − x1 + 1.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays
from vretlib.errors import UserError

F64 = NDArray[np.float64]


def iou(boxes_a: ArrayLike, boxes_b: ArrayLike) -> F64:
    """Intersection over union of each pair of boxes (n, 4) and (n, 4), float64 (n,); a tensor where ``boxes_a`` is.

    Raises
    ------
    UserError: other shapes, different numbers of boxes, NaN or infinity, or a far corner before the near one.

    Examples
    --------
    >>> iou([[0, 0, 9, 9]], [[5, 0, 14, 9]]).round(3).tolist()
    [0.333]
    """
    a, b = _boxes(boxes_a, "boxes_a"), _boxes(boxes_b, "boxes_b")
    arrays.same_length(boxes_a=a, boxes_b=b)
    width, height = (np.minimum(a[:, 2:], b[:, 2:]) - np.maximum(a[:, :2], b[:, :2]) + 1).clip(0).T
    shared = width * height
    return arrays.like(boxes_a, np.asarray(shared / (_areas(a) + _areas(b) - shared)))


def localise(found: ArrayLike, true: ArrayLike) -> F64:
    """The overlaps of boxes that were found (n, 4) with the true ones (n, 4), float64 (n,) from 0 to 1; a tensor where
    ``found`` is.

    Where nothing was found, the box is four NaN, as `vretlib.search.regions.Reranked.boxes` has it; its overlap is 0.
    Errors as in `iou`.
    """
    given, boxes = arrays.matrix(found, "found", dtype=np.float64, finite=False), _boxes(true, "true")
    arrays.same_length(found=given, true=boxes)
    there = ~np.isnan(given).all(axis=1, keepdims=True)
    overlaps = iou(_boxes(np.where(there, given, 0), "found"), boxes)
    return arrays.like(found, np.where(there[:, 0], overlaps, 0))


def _boxes(x: ArrayLike, name: str) -> F64:
    boxes = arrays.matrix(x, name, dtype=np.float64)
    if boxes.shape[1] != 4:
        raise UserError(f"{name} of shape {boxes.shape}; expected x1, y1, x2, y2 in rows (n, 4)")
    wrong_way_round = (boxes[:, 2:] < boxes[:, :2]).any(axis=1)
    if wrong_way_round.any():
        row = int(wrong_way_round.argmax())
        raise UserError(f"{name}, row {row}: {boxes[row].tolist()}; expected x1, y1, x2, y2 with x1 ≤ x2 and y1 ≤ y2")
    return boxes


def _areas(boxes: F64) -> F64:
    return np.asarray((boxes[:, 2] - boxes[:, 0] + 1) * (boxes[:, 3] - boxes[:, 1] + 1))
