"""Shots by the distance of consecutive descriptors (thesis §6.1.1, Algorithm 3), what they are compared with, and how.

A *gap* lies between two consecutive sampled frames; gap i is the one after frame i. A boundary is a gap, and shots are
half-open ranges of sampled frames, int64 (S, 2), which cover all frames in order.

Algorithm 3 pushes the number of the last frame before each boundary: the same as the number of the gap.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib.errors import UserError

Shots = NDArray[np.int64]

THRESHOLD = 0.5
"""Th of the thesis, "experimentally chosen": it belongs to *its* whitening. Another whitening moves every distance."""


def distances(x: ArrayLike) -> NDArray[np.float64]:
    """Cosine distance 1 - cos of each descriptor to the next, (n - 1,), from descriptors (n, d).

    A zero vector has cosine 0 with anything, and so distance 1; two zero vectors, as of two black frames, have distance
    0, for there is nothing that tells them apart.
    """
    x = np.asarray(x, np.float64)
    if x.ndim != 2 or not np.isfinite(x).all():
        raise UserError(f"descriptors of shape {x.shape}: expected (frames, d), finite numbers")
    norms = np.linalg.norm(x, axis=1)
    unit = x / np.where(norms > 0, norms, 1)[:, None]
    found = 1 - (unit[:-1] * unit[1:]).sum(axis=1)
    return np.where((norms[:-1] == 0) & (norms[1:] == 0), 0.0, found)


def algorithm_3(x: ArrayLike, threshold: float = THRESHOLD) -> NDArray[np.int64]:
    """Gaps whose distance is above the threshold, ascending.

    As in the printed algorithm, each frame is compared with the one just before it, whether or not a boundary lies
    between them.

    >>> algorithm_3([[1, 0], [1, 0], [0, 1]]).tolist()
    [1]
    """
    return np.flatnonzero(distances(x) > threshold).astype(np.int64)


def random_boundaries(n_frames: int, n_boundaries: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Distinct gaps drawn at random, ascending; all of them if there are fewer than asked for.

    The thesis does not say how many random boundaries it draws. Table 6.3 compares at equal numbers of shots if as many
    are drawn as Algorithm 3 finds.
    """
    n_gaps = max(0, n_frames - 1)
    return np.sort(rng.choice(n_gaps, min(n_boundaries, n_gaps), replace=False)).astype(np.int64)


def shots(boundaries: ArrayLike, n_frames: int) -> Shots:
    """Half-open ranges of frames between gaps, int64 (S, 2): one more than boundaries; none without frames.

    >>> shots([1], 4).tolist()
    [[0, 2], [2, 4]]
    """
    gaps = np.unique(np.asarray(boundaries, np.int64))
    if not n_frames:
        return np.empty((0, 2), np.int64)
    if len(gaps) and not (gaps[0] >= 0 and gaps[-1] < n_frames - 1):
        raise UserError(f"boundaries {gaps[0]} to {gaps[-1]} of {n_frames} frames: expected gaps 0 to {n_frames - 2}")
    edges = np.concatenate([[0], gaps + 1, [n_frames]])
    return np.stack([edges[:-1], edges[1:]], axis=1)


_SLACK = 1e-6  # seconds: the same time, computed in two ways


class Transition(NamedTuple):
    """A true change of shot. ``kind`` is "cut", "dissolve" or "fade".

    From the time of the first frame that is mixed or dimmed to that of the first frame of the new shot alone, in
    seconds. For a cut both are the time of the new shot's first frame.
    """

    start: float
    end: float
    kind: str = "cut"


class Found(NamedTuple):
    """Counts of a comparison of boundaries with true transitions; add them up over clips.

    Attributes
    ----------
    true, found: transitions there are, and those that a boundary lies on.
    boundaries, right: boundaries there are, and those that lie on some transition.
    """

    true: int
    found: int
    boundaries: int
    right: int

    @property
    def recall(self) -> float:
        """Share of the true transitions that were found; NaN without any."""
        return self.found / self.true if self.true else np.nan

    @property
    def precision(self) -> float:
        """Share of the boundaries that lie on a true transition; NaN without any."""
        return self.right / self.boundaries if self.boundaries else np.nan


def compare(
    boundaries: ArrayLike, times: ArrayLike, transitions: Sequence[Transition], kind: str | None = None
) -> Found:
    """Count boundaries against the truth.

    A boundary lies on a transition if one of the frames beside its gap is before the transition's end and the other not
    before its beginning.
    Several boundaries inside one dissolve are all right, and several cuts in one gap are all found by one boundary: at
    three frames a second neither can be told apart.

    Parameters
    ----------
    boundaries: gaps.
    times: (n,) seconds of the sampled frames.
    transitions: all that are true, of any kind. Those outside the sampled frames are not counted.
    kind: count only transitions of this kind as true; boundaries on others are still right.
    """
    gaps, t = np.asarray(boundaries, np.int64), np.asarray(times, np.float64)
    starts, ends = (np.array([s[side] for s in transitions], np.float64)[:, None] for side in (0, 1))
    touched = (t[:-1] < ends - _SLACK) & (starts - _SLACK <= t[1:])
    asked = touched.any(axis=1) & np.array([kind in (None, s.kind) for s in transitions], np.bool_)
    found = touched[:, gaps]
    n_found = (found.any(axis=1) & asked).sum()
    return Found(int(asked.sum()), int(n_found), len(gaps), int(found.any(axis=0).sum()))


def total(counts: Sequence[Found]) -> Found:
    """The counts of many clips added up."""
    return Found(*np.sum([*counts, Found(0, 0, 0, 0)], axis=0).tolist())
