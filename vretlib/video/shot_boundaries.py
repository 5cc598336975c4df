"""Shots by the distance of consecutive descriptors (thesis §6.1.1, Algorithm 3), and random ones as a baseline.

A *gap* lies between two consecutive sampled frames; gap i is the one after frame i. A boundary is a gap, and shots are
half-open ranges of sampled frames, int64 (S, 2), which cover all frames in order.

Algorithm 3 pushes the number of the last frame before each boundary, which is the number of the gap.
`vretlib.video.clip_shots` detects the boundaries of many clips, `vretlib.video.boundary_evaluation` measures them.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays
from vretlib.errors import UserError

Shots = NDArray[np.int64]

THRESHOLD = 0.5
"""Th of the thesis, "experimentally chosen" for its own whitening; another whitening changes all distances."""


def distances(x: ArrayLike) -> NDArray[np.float64]:
    """Cosine distance 1 - cos of each descriptor to the next, (n - 1,), from descriptors (n, d).

    A zero vector has cosine 0 with every other vector and thus distance 1; two zero vectors, as of two black frames,
    have distance 0, since they are equal.

    Raises
    ------
    UserError: another shape, NaN or infinity.
    """
    given = arrays.array(x, "descriptors")
    if given.ndim != 2 or given.dtype.kind not in "fiub" or not np.isfinite(given).all():
        raise UserError(f"descriptors of shape {given.shape}: expected (frames, d), finite numbers")
    unit, black = arrays.unit(given.astype(np.float64)), (given == 0).all(axis=1)
    found = 1 - (unit[:-1] * unit[1:]).sum(axis=1)
    return np.where(black[:-1] & black[1:], 0.0, found)


def detect_boundaries(x: ArrayLike, threshold: float = THRESHOLD) -> NDArray[np.int64]:
    """Gaps whose distance is above the threshold, int64 (boundaries,), ascending, a tensor where ``x`` is: Algorithm 3.

    As in the printed algorithm, each frame is compared with the one before it, even across a boundary.

    Raises
    ------
    UserError: a threshold that is no finite number, and as `distances`.

    Examples
    --------
    >>> detect_boundaries([[1, 0], [1, 0], [0, 1]]).tolist()
    [1]
    """
    limit = arrays.number(threshold, "threshold")
    return arrays.like(x, np.flatnonzero(distances(x) > limit).astype(np.int64))


def random_boundaries(n_frames: int, n_boundaries: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Distinct random gaps, ascending; all gaps if there are fewer than `n_boundaries`.

    The thesis does not say how many random boundaries it draws. Table 6.3 compares at equal numbers of shots if their
    number is that of Algorithm 3's boundaries.
    """
    n_gaps = max(0, n_frames - 1)
    return np.sort(rng.choice(n_gaps, min(n_boundaries, n_gaps), replace=False)).astype(np.int64)


def shots(boundaries: ArrayLike, n_frames: int) -> Shots:
    """Half-open ranges of frames between boundaries, int64 (boundaries + 1, 2); (0, 2) without frames.

    A tensor where ``boundaries`` is one.

    Raises
    ------
    UserError: a boundary that is not a gap of these frames, or a number of frames that is not whole or below 0.

    Examples
    --------
    >>> shots([1], 4).tolist()
    [[0, 2], [2, 4]]
    """
    gaps = np.unique(arrays.ids(boundaries, "boundaries", minimum=-(2**63)))
    n_frames = arrays.whole(n_frames, "n_frames", 0)
    if not n_frames and not len(gaps):
        return arrays.like(boundaries, np.empty((0, 2), np.int64))
    if len(gaps) and not (gaps[0] >= 0 and gaps[-1] < n_frames - 1):
        raise UserError(f"boundaries {gaps[0]} to {gaps[-1]} of {n_frames} frames: expected gaps 0 to {n_frames - 2}")
    edges = np.concatenate([[0], gaps + 1, [n_frames]])
    return arrays.like(boundaries, np.stack([edges[:-1], edges[1:]], axis=1))
