"""The frame inside the voted shot: a linear search over the shot's frames (thesis section 5.1.3, last
paragraph).

The thesis retrieves "the frame with the minimum distance to the query image" and leaves the distance between
two *images* open. Here it is the mean, over the query's features, of the Hamming distance to the nearest
feature of the frame. The authors' code counts instead: how many of the query's features have a nearest
neighbour in the frame closer than 20 bits.
"""

from typing import Literal

import numpy as np
from numba import njit
from numpy.typing import NDArray

from vretlib.errors import UserError
from vretlib.parallel import map_slices
from vretlib.search.popcount import database_words, least_distances, query_words, to_block

Rule = Literal["minimum_distance", "match_count"]

_FEATURES_AT_ONCE = 8192  # bounds the block of products at 8192 × nq floats


def best_frame(
    xq: NDArray[np.uint8],
    codes: NDArray[np.uint8],
    offsets: NDArray[np.integer],
    rule: Rule = "minimum_distance",
    max_hamming: int = 20,
) -> int:
    """The frame most like the query image, as an index into the frames given; the first of equals.

    Parameters
    ----------
    xq
        (nq, bytes) uint8 codes of the query image, at least one.
    codes, offsets
        Codes of the shot's frames one after another, (N, bytes) uint8, and (F + 1,) where each frame begins. A frame
        without features is never the best; one frame must have some.
    rule
        ``"minimum_distance"`` (the thesis) or ``"match_count"`` (the authors).
    max_hamming
        For ``"match_count"``: a match is closer than this.
    """
    if rule == "minimum_distance":
        return int(np.argmin(frame_distances(xq, codes, offsets)))
    if rule == "match_count":
        has_features = np.diff(offsets) > 0
        return int(np.argmax(np.where(has_features, match_counts(xq, codes, offsets, max_hamming), -1)))
    raise UserError(f"rule={rule!r}: expected 'minimum_distance' or 'match_count'")


def best_frame_euclidean(xq: NDArray, descriptors: NDArray, offsets: NDArray[np.integer]) -> int:
    """The same for float descriptors such as SIFT: the frame with the least mean squared distance, first of equals.

    Parameters
    ----------
    xq, descriptors
        (nq, d) and (N, d), real. SIFT's whole numbers from 0 to 255 have exact float32 products, on any machine.
    offsets
        (F + 1,) where each frame begins; a frame without features is never the best, and one must have some.
    """
    queries, offsets = np.asarray(xq, np.float32), np.asarray(offsets, np.int64)
    if len(queries) == 0:
        raise UserError("xq: the query image has no features; no frame can be found for it")
    # |q − x|² = |q|² − 2 (q·x − |x|²/2): with −|x|²/2 as one more dimension of x, the nearest x has the largest
    # product.
    queries = np.column_stack([queries, np.ones(len(queries), np.float32)])
    filled = np.flatnonzero(np.diff(offsets) > 0)
    nearness = np.full(len(offsets) - 1, -np.inf)
    # Products of many frames at once: one frame is too little work for a matrix product in several threads.
    for block in np.array_split(filled, max(1, len(descriptors) // _FEATURES_AT_ONCE)):
        if len(block) == 0:
            continue
        first = offsets[block[0]]
        here = np.asarray(descriptors[first : offsets[block[-1] + 1]], np.float32)
        longer = np.column_stack([here, np.einsum("nd,nd->n", here, here) / -2])
        largest = np.maximum.reduceat(queries @ longer.T, offsets[block] - first, axis=1)
        nearness[block] = largest.sum(axis=0, dtype=np.float64)
    return int(np.argmax(nearness))


def frame_distances(
    xq: NDArray[np.uint8], codes: NDArray[np.uint8], offsets: NDArray[np.integer]
) -> NDArray[np.float64]:
    """(F,) mean distance of the query's features to their nearest in each frame; infinite for a frame without
    features.
    """
    least = _nearest_per_frame(xq, codes, offsets)
    return np.where(np.diff(offsets) > 0, least.sum(axis=1, dtype=np.int64) / least.shape[1], np.inf)


def match_counts(
    xq: NDArray[np.uint8], codes: NDArray[np.uint8], offsets: NDArray[np.integer], max_hamming: int = 20
) -> NDArray[np.int64]:
    """(F,) number of query features whose nearest feature in the frame is closer than ``max_hamming``."""
    return (_nearest_per_frame(xq, codes, offsets) < max_hamming).sum(axis=1, dtype=np.int64)


def _nearest_per_frame(xq: NDArray, codes: NDArray, offsets: NDArray) -> NDArray[np.int32]:
    """(F, nq) distance of each query feature to the nearest feature of each frame; more than any in an empty
    frame.
    """
    words, offsets = database_words(codes), np.asarray(offsets, np.int64)
    queries = query_words(xq, np.shape(codes)[1])
    if len(queries) == 0:
        raise UserError("xq: the query image has no features; no frame can be found for it")
    if (
        offsets.ndim != 1
        or len(offsets) < 2
        or offsets[0] != 0
        or offsets[-1] != len(words)
        or (np.diff(offsets) < 0).any()
    ):
        raise UserError(f"offsets: expected (F + 1,) ascending from 0 to {len(words)}, the number of codes")
    least = np.empty((len(offsets) - 1, len(queries)), np.int32)
    largest = int(np.diff(offsets).max())

    def search(part: slice) -> None:
        _nearest_in_frames(queries, words, offsets[part.start : part.stop + 1], largest, least[part])

    map_slices(search, len(least), per_thread=4)
    return least


@njit(cache=True, nogil=True)
def _nearest_in_frames(queries, words, offsets, largest, least):  # type: ignore[no-untyped-def]
    block, least_here = np.empty(largest * words.shape[1], np.uint64), np.empty(queries.shape[0], np.uint64)
    everyone = np.arange(queries.shape[0])
    for frame in range(offsets.size - 1):
        start, stop = offsets[frame], offsets[frame + 1]
        to_block(words[start:stop], block)
        least_distances(block, stop - start, queries, everyone, least_here)
        for query in everyone:
            least[frame, query] = least_here[query]
