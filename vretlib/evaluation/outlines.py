"""Is an outline that was found in a photograph the outline of the picture on the screen?"""

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays
from vretlib.errors import UserError

OutlineVerdict = Literal["right", "bars", "wrong", "none"]
VERDICTS: tuple[OutlineVerdict, ...] = get_args(OutlineVerdict)


def judge(found: ArrayLike, true: ArrayLike, tolerance: float = 0.01) -> tuple[OutlineVerdict, float]:
    """The verdict on an outline, and the mean distance of its corners from their true places in pixels.

    Parameters
    ----------
    found : (4, 2) float
        x, y of the picture's top left, top right, bottom right and bottom left corner; NaN where nothing was found.
    true : (4, 2) float
        Where they are.
    tolerance
        How far a corner may be from its place, as a share of the picture's diagonal.

    Returns
    -------
    verdict
        "right", "wrong", "none" (nothing was found), or "bars": left and right sides are right, but above or below the
        outline takes in the black bars of the screen, or cuts off a strip of the picture.
    error : float
        NaN where nothing was found.

    Raises
    ------
    UserError
        The true corners are not four finite points, or the outline does not have four.
    """
    places = arrays.matrix(true, "true corners", dtype=np.float64)
    corners = np.asarray(found, np.float64)
    if places.shape != (4, 2) or corners.shape != (4, 2):
        raise UserError(f"corners of shape {corners.shape} found, {places.shape} true; expected (4, 2) for both")
    off = np.linalg.norm(corners - places, axis=1)
    allowed = tolerance * float(np.linalg.norm(places[2] - places[0]))
    if np.isnan(off).any():
        return "none", float("nan")
    if off.max() <= allowed:
        return "right", float(off.mean())
    aside = max(_from_line(places[side], corners[side]) for side in ([0, 3], [1, 2]))  # left, right
    return "bars" if aside <= allowed else "wrong", float(off.mean())


def _from_line(points: NDArray[np.float64], ends: NDArray[np.float64]) -> float:
    """The largest distance of some points (n, 2) from the line through two others (2, 2)."""
    along, away = ends[1] - ends[0], points - ends[0]
    return float(np.abs(along[0] * away[:, 1] - along[1] * away[:, 0]).max() / np.hypot(*along))
