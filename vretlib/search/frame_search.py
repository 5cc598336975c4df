"""The frame inside the voted shot: a linear search over the shot's frames (thesis section 5.1.3, last paragraph).

The thesis retrieves "the frame with the minimum distance to the query image" and leaves the distance between
two *images* open. Here it is the mean, over the query's features, of the Hamming distance to the nearest
feature of the frame. The authors' code counts the query's features whose nearest neighbour in the frame is closer than
20 bits.
"""

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial.distance import cdist

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.kernels import njit
from vretlib.parallel import map_slices
from vretlib.search._euclidean import nearest_of_groups
from vretlib.search._popcount import (
    MORE_THAN_ANY_DISTANCE,
    database_words,
    query_words,
    smallest_distances,
    to_block,
)
from vretlib.search._products import one_blas_thread

_ROUNDING = 1e-10  # relative, above that of sums of products in double precision

FrameRule = Literal["minimum_distance", "match_count"]


def best_frame(
    xq: ArrayLike,
    codes: ArrayLike,
    offsets: ArrayLike,
    rule: FrameRule = "minimum_distance",
    max_hamming: int = 20,
) -> int:
    """The number of the frame that is most similar to the query image, the first of equals.

    Parameters
    ----------
    xq: (nq, bytes) uint8 codes of the query image, at least one.
    codes, offsets: codes of the shot's frames one after another, (N, bytes) uint8, and (F + 1,) where each frame
        begins. A frame without features is never the best; at least one frame must have features.
    rule: ``"minimum_distance"`` (the thesis) or ``"match_count"`` (the authors).
    max_hamming: for ``"match_count"``: a match is closer than this.

    Raises
    ------
    UserError: no query features, no codes, other dtypes or shapes, codes of different length, offsets that do not fit
        the codes, an unknown rule, or a negative ``max_hamming``.
    """
    arrays.choice(rule, "rule", get_args(FrameRule))
    queries, words, edges = _checked(xq, codes, offsets)
    max_hamming = arrays.whole(max_hamming, "max_hamming", 0)
    smallest, filled = _nearest_per_frame(queries, words, edges), np.diff(edges) > 0
    if rule == "minimum_distance":
        return int(np.argmin(_mean_distances(smallest, filled)))
    return int(np.argmax(np.where(filled, _counts(smallest, max_hamming), -1)))


def best_frame_euclidean(xq: ArrayLike, descriptors: ArrayLike, offsets: ArrayLike) -> int:
    """The number of the frame with the smallest mean squared distance, the first of equals; for vectors such as SIFT.

    Parameters
    ----------
    xq, descriptors: (nq, d) and (N, d), real, at least one each. Distances of SIFT's whole numbers from 0 to 255 are
        exact, others are summed in double precision.
    offsets: (F + 1,) where each frame begins; a frame without features is never the best, and at least one must have
        some.

    Raises
    ------
    UserError: no query features, no descriptors, other shapes, different dimensions, NaN or infinity, or offsets that
        do not fit the descriptors.
    """
    base = arrays.matrix(descriptors, "descriptors", at_least=1, dtype=None)
    queries = _floats(arrays.matrix(xq, "xq", d=base.shape[1], dtype=None), "xq")
    if len(queries) == 0:
        raise UserError("xq: the query image has no features; no frame can be found for it")
    edges = arrays.offsets(offsets, "offsets", len(base), groups=1)
    filled = np.flatnonzero(np.diff(edges) > 0)
    distance = np.full(len(edges) - 1, np.inf)
    vectors = _floats(base, "descriptors") if base.dtype.kind == "f" else base
    origin = vectors[0].astype(np.float64)

    def of_frame(frame: int) -> NDArray:
        return vectors[edges[frame] : edges[frame + 1]]

    def search(part: slice) -> None:
        frames = filled[part]
        first, last = edges[frames[0]], edges[frames[-1] + 1]
        distance[frames] = nearest_of_groups(queries, vectors[first:last], edges[frames] - first, origin).sum(axis=0)

    with one_blas_thread():  # products of single frames are too small to be shared by threads
        map_slices(search, len(filled), per_thread=4)
    rounding = _ROUNDING * (distance.min() + ((queries - origin) ** 2).sum())
    first, *others = np.flatnonzero(distance <= distance.min() + rounding).tolist()
    near = [frame for frame in others if not np.array_equal(of_frame(frame), of_frame(first))]
    if not near:
        return first
    sums = [cdist(queries, of_frame(frame), "sqeuclidean").min(axis=1).sum() for frame in (first, *near)]
    return (first, *near)[int(np.argmin(sums))]  # sums of equal frames are equal


def _checked(
    xq: ArrayLike, codes: ArrayLike, offsets: ArrayLike
) -> tuple[NDArray[np.uint64], NDArray[np.uint64], NDArray[np.int64]]:
    """Queries and codes as words, and the offsets."""
    words, n_bytes = database_words(codes, "codes")
    queries = query_words(xq, n_bytes)
    if len(queries) == 0:
        raise UserError("xq: the query image has no features; no frame can be found for it")
    return queries, words, arrays.offsets(offsets, "offsets", len(words), groups=1)


def _floats(x: NDArray, name: str) -> NDArray:
    """Finite numbers, in float32 where it holds all values of their type, else in float64."""
    return arrays.as_floats(x, name, np.result_type(x.dtype, np.float32))


def _mean_distances(smallest: NDArray[np.int32], filled: NDArray[np.bool_]) -> NDArray[np.float64]:
    return np.where(filled, smallest.sum(axis=1, dtype=np.int64) / smallest.shape[1], np.inf)


def _counts(smallest: NDArray[np.int32], max_hamming: int) -> NDArray[np.int64]:
    return (smallest < min(max_hamming, MORE_THAN_ANY_DISTANCE)).sum(axis=1, dtype=np.int64)


def _nearest_per_frame(
    queries: NDArray[np.uint64], words: NDArray[np.uint64], edges: NDArray[np.int64]
) -> NDArray[np.int32]:
    """Distance of each query feature to the nearest feature of each frame, (F, nq); more than any in an empty frame."""
    smallest = np.empty((len(edges) - 1, len(queries)), np.int32)
    largest = int(np.diff(edges).max())

    def search(part: slice) -> None:
        _nearest_in_frames(queries, words, edges[part.start : part.stop + 1], largest, smallest[part])

    map_slices(search, len(smallest), per_thread=4)
    return smallest


@njit(cache=True, nogil=True)
def _nearest_in_frames(queries, words, offsets, largest, smallest):  # type: ignore[no-untyped-def]
    block, smallest_here = np.empty(largest * words.shape[1], np.uint64), np.empty(queries.shape[0], np.uint64)
    everyone = np.arange(queries.shape[0])
    for frame in range(offsets.size - 1):
        start, stop = offsets[frame], offsets[frame + 1]
        to_block(words[start:stop], block)
        smallest_distances(block, stop - start, queries, everyone, smallest_here)
        for query in everyone:
            smallest[frame, query] = smallest_here[query]
