"""Visual match: whether the retrieved frame shows what the query asked for (thesis section 4.3.2, eqs 4.5-4.7).

A film has many frames that look the same, so the number of the frame would be too strict a test. The thesis compares
the retrieved frame i with the annotated frame j by their local features. It calls i a *visual match* when the share of
its features that are found in j is above a threshold.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.search._euclidean import squared_distances

_ROWS_AT_ONCE = 2048  # bounds the distance block at 2048 × n_truth doubles


def nearest(retrieved: ArrayLike, truth: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Distance and number of the nearest feature of the true frame, for every feature of the retrieved frame.

    Every feature is compared with every feature ("all-vs-all") by Euclidean distance. There is no ratio test and no
    cross check, because the thesis names neither.

    Parameters
    ----------
    retrieved, truth: (n_i, d) and (n_j, d), any real dtype; descriptors of the two frames.

    Returns
    -------
    distances: (n_i,) float64
        Infinite where the true frame has no features.
    ids: (n_i,) int64
        Number of that feature, the smallest on ties; -1 where there is none.

    Raises
    ------
    UserError: dimensions that differ, another shape, NaN or infinity.
    """
    xi = arrays.matrix(retrieved, "retrieved descriptors", dtype=np.float64)
    xj = arrays.matrix(truth, "truth descriptors", dtype=np.float64)
    if len(xi) == 0 or len(xj) == 0:
        return np.full(len(xi), np.inf), np.full(len(xi), -1, dtype=np.int64)
    if xi.shape[1] != xj.shape[1]:
        raise UserError(
            f"descriptors of {xi.shape[1]} and {xj.shape[1]} dimensions cannot be compared; "
            "describe both frames with the same features"
        )
    squared, ids = np.empty(len(xi)), np.empty(len(xi), dtype=np.int64)
    for start in range(0, len(xi), _ROWS_AT_ONCE):
        part = slice(start, min(start + _ROWS_AT_ONCE, len(xi)))
        to_all = squared_distances(xi[part], xj)
        ids[part], squared[part] = to_all.argmin(axis=1), to_all.min(axis=1)
    return np.sqrt(squared), ids


def score(retrieved: ArrayLike, truth: ArrayLike, max_distance: float) -> float:
    """Visual similarity s_ij of a retrieved frame i to the true frame j, eq 4.5: |matches| / |features of i|.

    The printed formula leaves open whether |matches| counts pairs or features. Here it counts *features of i* with at
    least one match, which keeps s_ij within [0, 1] as a share of i's features. The score is not symmetric: a frame
    with few features that all reappear in a rich one has s_ij = 1 although s_ji is small.

    Two features match when their distance is strictly below ``max_distance``. The thesis does not print its value;
    notebook 04 chooses one on pairs of known truth.

    A frame without features has the score 0, so it is never a visual match.

    Examples
    --------
    >>> score(np.array([[0.0], [5.0]]), np.array([[0.1], [9.0]]), max_distance=1.0)
    0.5
    """
    return share_below(nearest(retrieved, truth)[0], max_distance)


def share_below(distances: ArrayLike, max_distance: float) -> float:
    """Share of a frame's nearest distances below ``max_distance``: the same as `score`, from known distances."""
    found = arrays.scores(distances, "distances", 1)
    limit = arrays.number(max_distance, "max_distance", minimum=0, infinite=True)
    return float((found < limit).mean()) if len(found) else 0.0


def visual_match(scores: ArrayLike, tau: float) -> NDArray[np.bool_]:
    """VM_i of eq 4.6: true where the score is strictly greater than ``tau``. Same shape as ``scores``."""
    return np.asarray(arrays.scores(scores, "scores", None) > arrays.number(tau, "tau"))


def recall_at_1(matches: ArrayLike) -> float:
    """R@1 of eq 4.7: the share of the Q queries whose retrieved frame is a visual match. Q = 0 is an error."""
    values = arrays.flags(arrays.array(matches, "matches").ravel(), "matches")
    if values.size == 0:
        raise UserError("R@1 of no queries is undefined; give at least one query")
    return float(values.mean())
