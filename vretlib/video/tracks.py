"""Tracks: one local feature over consecutive frames (thesis §5.1.1, §5.2.1).

Features of consecutive frames are matched in both directions, so that each has at most one predecessor and one
successor. A match counts only if descriptor and position differ little.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.kernels import njit
from vretlib.search._euclidean import squared_distances
from vretlib.search._popcount import MORE_THAN_ANY_DISTANCE, block_distances, codes_to_words, to_block

MAX_HAMMING = 20
"""Matches differ in fewer bits of 256 than this (thesis §5.2.1)."""

MAX_DISPLACEMENT = 100.0
"""Matches move by less than this, in pixels of a frame that is 720 pixels wide (thesis §5.2.1)."""

MAX_SIFT_DISTANCE = 100.0
"""Matches of SIFT descriptors are closer than this, in OpenCV's units (norm 512).

The thesis gives no number. On a real film, 60 % of the features have a mutual match below 100, and one in a thousand of
these moves farther than `MAX_DISPLACEMENT` and is thus wrong; below 200, 15 in a thousand do. With BRIEF below 20 bits,
53 % of the features are matched and no match moves that far, so that a higher limit would admit more errors than
BRIEF's.
"""

_FAR = 1e100  # farther than any two vectors of float32 numbers

Match = Callable[[np.ndarray, np.ndarray, np.ndarray, np.ndarray], np.ndarray]


def match(
    codes_a: ArrayLike,
    xy_a: ArrayLike,
    codes_b: ArrayLike,
    xy_b: ArrayLike,
    *,
    max_hamming: int = MAX_HAMMING,
    max_displacement: float = MAX_DISPLACEMENT,
) -> np.ndarray:
    """Predecessor in frame a of every feature of frame b: int32 (n_b,), -1 where it has none.

    A tensor where ``codes_b`` is one.

    Feature i of a and feature j of b match if each is the other's nearest in Hamming distance (the smallest index wins
    ties in both directions), if that distance is below `max_hamming`, and if they lie less than `max_displacement`
    pixels apart. The distance in pixels is tested last, as in the authors' code: a feature whose nearest one lies too
    far away is not matched with its second nearest.

    Parameters
    ----------
    codes_a, codes_b: uint8 (n, bytes).
    xy_a, xy_b: real (n, 2), pixels, one row for each code.
    max_hamming, max_displacement: from 0; the second may be infinite.

    Raises
    ------
    UserError: other shapes or types, codes of two lengths, another number of positions, or positions that are not
        finite.
    """
    a = arrays.codes(codes_a, "codes_a")
    b = arrays.codes(codes_b, "codes_b", n_bytes=a.shape[1])
    places = _places(xy_a, "xy_a", len(a)), _places(xy_b, "xy_b", len(b))
    max_hamming = min(arrays.whole(max_hamming, "max_hamming", 0), MORE_THAN_ANY_DISTANCE)
    max_displacement = arrays.number(max_displacement, "max_displacement", minimum=0, infinite=True)
    found = _match_words(codes_to_words(a), places[0], codes_to_words(b), places[1], max_hamming, max_displacement)
    return arrays.like(codes_b, found)


def match_sift(
    descriptors_a: ArrayLike,
    xy_a: ArrayLike,
    descriptors_b: ArrayLike,
    xy_b: ArrayLike,
    *,
    max_distance: float = MAX_SIFT_DISTANCE,
    max_displacement: float = MAX_DISPLACEMENT,
) -> np.ndarray:
    """Predecessors as `match` returns them, for descriptors (n, d) in Euclidean distance; the same errors.

    OpenCV's SIFT descriptors are 128 integers up to 255. Sums of their products stay below 2²⁴, so that float32
    arithmetic is exact and the matches are the same on every processor. Others are compared in double precision.
    """
    a = arrays.matrix(descriptors_a, "descriptors_a", dtype=np.float64)
    b = arrays.matrix(descriptors_b, "descriptors_b", dtype=np.float64, d=a.shape[1])
    places_a, places_b = _places(xy_a, "xy_a", len(a)), _places(xy_b, "xy_b", len(b))
    max_distance = arrays.number(max_distance, "max_distance", minimum=0, infinite=True)
    max_displacement = arrays.number(max_displacement, "max_displacement", minimum=0, infinite=True)
    if not len(a) or not len(b):
        return np.full(len(b), -1, np.int32)
    squared = squared_distances(a, b)
    nearest = squared.argmin(axis=0).astype(np.int32)
    columns = np.arange(len(b))
    mutual = squared.argmin(axis=1)[nearest] == columns
    moved = ((places_a[nearest] - places_b) ** 2).sum(axis=1)
    kept = (
        mutual & (squared[nearest, columns] < min(max_distance, _FAR) ** 2) & (moved < min(max_displacement, _FAR) ** 2)
    )
    return np.where(kept, nearest, -1).astype(np.int32)


class Tracker:
    """Assigns the features of successive frames to tracks.

    Tracks are numbered from 0 in the order in which they appear, inside a frame in the order of its features. Only
    consecutive frames are compared: a feature that is missed in one frame starts a new track in the next.

    Examples
    --------
    >>> import numpy as np
    >>> code, place = np.zeros((1, 32), np.uint8), np.zeros((1, 2), np.float32)
    >>> tracker = Tracker(match)
    >>> tracker.update(code, place), tracker.update(code, place + 5)
    ((array([0], dtype=int32), 0), (array([0], dtype=int32), 1))
    """

    def __init__(self, matcher: Match) -> None:
        self._match = matcher
        self._before: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None
        self.n_tracks = 0

    def update(self, descriptors: np.ndarray, xy: np.ndarray) -> tuple[np.ndarray, int]:
        """Tracks of the next frame's features, int32 (n,), and the number of them that the frame before shares.

        The first frame is not passed to the matcher, which checks the features of later ones. The tracker keeps copies,
        so that a caller may use the same arrays for the next frame.

        Raises
        ------
        UserError: other shapes than (n, d) and (n, 2), or what the matcher refuses.
        """
        if np.ndim(descriptors) != 2 or np.shape(xy) != (len(descriptors), 2):
            raise UserError(
                f"descriptors of shape {np.shape(descriptors)}, xy of shape {np.shape(xy)}: expected (n, d) and (n, 2)"
            )
        tracks = np.full(len(descriptors), -1, np.int32)
        if self._before is not None:
            descriptors_before, xy_before, tracks_before = self._before
            parents = self._match(descriptors_before, xy_before, descriptors, xy)
            old = parents >= 0
            tracks[old] = tracks_before[parents[old]]
        new = tracks < 0
        n_new = int(new.sum())
        tracks[new] = np.arange(self.n_tracks, self.n_tracks + n_new, dtype=np.int32)
        self.n_tracks += n_new
        self._before = np.asarray(descriptors).copy(), np.asarray(xy).copy(), tracks.copy()
        return tracks, len(tracks) - n_new


def _places(xy: ArrayLike, name: str, n: int) -> NDArray[np.float64]:
    return arrays.matrix(xy, name, dtype=np.float64, n=n, d=2)


@njit(cache=True, nogil=True)
def _match_words(words_a, xy_a, words_b, xy_b, max_hamming, max_displacement):  # type: ignore[no-untyped-def]
    """Mutual nearest neighbours among the pairs below `max_hamming`; no other pair could be a match."""
    n_a, n_b = len(words_a), len(words_b)
    block = np.empty(words_b.size, np.uint64)
    to_block(words_b, block)
    row = np.empty(n_b, np.uint64)
    # Distance and index in one number, so that the smaller number is the nearer feature, then the smaller index.
    nearest_a = np.full(n_b, np.uint64(max_hamming) << np.uint64(32), np.uint64)
    nearest_b = np.full(n_a, -1, np.int32)
    for i in range(n_a):
        smallest = block_distances(block, n_b, words_a[i], row)
        if smallest >= np.uint64(max_hamming):
            continue
        for j in range(n_b):
            nearest_a[j] = min(nearest_a[j], row[j] << np.uint64(32) | np.uint64(i))
        for j in range(n_b):
            if row[j] == smallest:
                nearest_b[i] = j
                break
    parents = np.full(n_b, -1, np.int32)
    for j in range(n_b):
        parent = np.int64(nearest_a[j] & np.uint64(0xFFFFFFFF))
        if parent < n_a and nearest_b[parent] == j:
            dx, dy = np.float64(xy_a[parent, 0]) - xy_b[j, 0], np.float64(xy_a[parent, 1]) - xy_b[j, 1]
            if dx * dx + dy * dy < max_displacement * max_displacement:
                parents[j] = parent
    return parents
