"""Greedy non-maximum suppression that ends when enough boxes are found."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.kernels import njit

F32 = NDArray[np.float32]


def best(boxes: F32, n: int, threshold: float) -> NDArray[np.int64]:
    """Positions of the first n boxes with an IoU of at most ``threshold`` with all kept before, as in torchvision.

    Parameters
    ----------
    boxes: (r, 4) float32, x1, y1, x2, y2, best first.

    Returns
    -------
    Positions, int64, ascending; fewer than n where all others are suppressed.

    Raises
    ------
    UserError: another shape, values that are not numbers, or NaN.
    """
    given = arrays.scores(boxes, "boxes", 2)
    if given.shape[1] != 4:
        raise UserError(f"boxes of shape {given.shape}: expected (r, 4)")
    n, threshold = arrays.whole(n, "n", 0), arrays.number(threshold, "threshold", minimum=0)
    return _best(np.ascontiguousarray(arrays.as_floats(given, "boxes").T), n, threshold)


@njit(cache=True, nogil=True, error_model="numpy")
def _best(boxes: F32, n: int, threshold: float) -> NDArray[np.int64]:
    x1, y1, x2, y2 = boxes[0], boxes[1], boxes[2], boxes[3]
    areas = (x2 - x1) * (y2 - y1)
    free = np.ones(len(areas), np.bool_)
    kept = np.empty(min(n, len(areas)), np.int64)
    found = 0
    for i in range(len(areas)):
        if found == len(kept):
            break
        if not free[i]:
            continue
        kept[found] = i
        found += 1
        for j in range(i + 1, len(areas)):
            wide = max(np.float32(0), min(x2[i], x2[j]) - max(x1[i], x1[j]))
            high = max(np.float32(0), min(y2[i], y2[j]) - max(y1[i], y1[j]))
            both = wide * high
            # Two boxes without area have an IoU of NaN, and none suppresses the other.
            free[j] &= not both / (areas[i] + areas[j] - both) > threshold
    return kept[:found]
