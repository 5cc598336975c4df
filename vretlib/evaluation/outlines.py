"""The verdict on an outline found in a photograph: whether it is that of the picture on the screen."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays
from vretlib.errors import UserError

OutlineVerdict = Literal["right", "bars", "wrong"]

_MOST_PIXELS = 1e6


def judge(found: ArrayLike, true: ArrayLike, tolerance: float = 0.01) -> tuple[OutlineVerdict, float]:
    """The verdict on an outline, and the mean distance of its corners from their true places in pixels.

    Parameters
    ----------
    found, true: (4, 2) float; x, y of the picture's top left, top right, bottom right and bottom left corner: where
        they were found, and where they are.
    tolerance: how far a corner may be from its place, as a share of the picture's diagonal.

    Returns
    -------
    verdict
        "right", "wrong", or "bars": left and right sides are right, but above or below the outline takes in the black
        bars of the screen, or cuts off a strip of the picture.
    error: float

    Raises
    ------
    UserError: the corners are not four points of two finite coordinates of at most a million pixels.
    """
    corners, places = (_corners(points, name) for points, name in ((found, "found corners"), (true, "true corners")))
    allowed = arrays.number(tolerance, "tolerance", minimum=0, maximum=1) * np.linalg.norm(places[2] - places[0])
    off = np.linalg.norm(corners - places, axis=1)
    if off.max() <= allowed:
        return "right", float(off.mean())
    aside = max(_from_line(places[side], corners[side]) for side in ([0, 3], [1, 2]))  # left, right
    return "bars" if aside <= allowed else "wrong", float(off.mean())


def _corners(points: ArrayLike, name: str) -> NDArray[np.float64]:
    corners = arrays.matrix(points, name, dtype=np.float64)
    if corners.shape != (4, 2) or np.abs(corners).max() > _MOST_PIXELS:
        raise UserError(f"{name} of shape {corners.shape}; expected (4, 2), each at most {_MOST_PIXELS:,.0f} pixels")
    return corners


def _from_line(points: NDArray[np.float64], ends: NDArray[np.float64]) -> float:
    """The largest distance of some points (n, 2) from the line through two others; infinite if these coincide."""
    along, away = ends[1] - ends[0], points - ends[0]
    length = float(np.hypot(*along))
    return float(np.abs(along[0] * away[:, 1] - along[1] * away[:, 0]).max() / length) if length > 1e-9 else np.inf
