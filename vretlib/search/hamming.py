"""Exact nearest neighbours of binary codes under the Hamming distance.

Ties: of two codes at the same distance the smaller id comes first. Everything is an integer, so the answer is
the same on every machine and with any number of threads (which share the queries).

The database is read once, in blocks that fit the first cache. For each pair of queries, a loop without branches finds
only the *smallest* distance in the block. A block whose smallest distance is not better than the neighbours that a
query already has is skipped; after a few blocks these are nearly all. Where codes are clustered, half of their bits
often suffices to skip a block.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays
from vretlib.kernels import njit
from vretlib.parallel import map_slices
from vretlib.search._popcount import (
    MORE_THAN_ANY_DISTANCE,
    block_distances,
    database_words,
    query_words,
    smallest_distances,
    smallest_half_distances,
    to_block,
)
from vretlib.search._rows import insert, with_room_for
from vretlib.search.neighbours import Nearest

_BLOCK = 512  # codes of 256 bits: 16 KiB
_STRIP = 64  # distances looked at together once they are known
_TRIAL = 32  # blocks between two tests of whether comparing half of the bits first pays


def knn(xq: ArrayLike, xb: ArrayLike, k: int) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """The ``k`` nearest codes of each query.

    Parameters
    ----------
    xq, xb: (nq, bytes) and (nb, bytes) uint8: queries, possibly none, and database.
    k: number of neighbours, 1 to nb.

    Returns
    -------
    distances, ids
        (nq, k) int32 differing bits and (nq, k) int64 rows of ``xb``, nearest first, smaller id first on ties.
        Tensors where ``xq`` is one.

    Raises
    ------
    UserError: an empty database, other dtypes or shapes, codes of different length, or a ``k`` outside 1 to nb.
    """
    database, n_bytes = database_words(xb)
    queries = query_words(xq, n_bytes)
    k = arrays.whole(k, "k", 1, len(database), "the number of database codes at most")
    distances = np.full((len(queries), k), MORE_THAN_ANY_DISTANCE, np.int32)
    ids = np.full((len(queries), k), -1, np.int64)
    map_slices(lambda part: _knn(queries[part], database, distances[part], ids[part]), len(queries), at_least=2)
    return arrays.like(xq, distances), arrays.like(xq, ids)


def nearest(xq: ArrayLike, xb: ArrayLike) -> Nearest:
    """All codes at the minimum distance of each query; arguments and errors as in `knn`.

    Examples
    --------
    >>> xb = np.array([[0b0000], [0b1111], [0b0001]], np.uint8)
    >>> nearest(np.array([[0b0011]], np.uint8), xb)[0].tolist()
    [2]
    """
    database, n_bytes = database_words(xb)
    queries = query_words(xq, n_bytes)

    def search(part: slice) -> Nearest:
        smallest = np.full(part.stop - part.start, MORE_THAN_ANY_DISTANCE, np.int32)
        query, distance, ids = _nearest(queries[part], database, smallest)
        final = distance == smallest[query]
        return Nearest.of_pairs(smallest, query[final], ids[final])

    return Nearest.join(map_slices(search, len(queries), at_least=2))


@njit(nogil=True)  # numba cannot compile against a cached generator
def _promising(queries, database, block, bounds):  # type: ignore[no-untyped-def]
    """Yield (query, start, size) of every block with a code closer than ``bounds[query]``, in the order of the
    database.

    ``block`` holds that block meanwhile. The caller lowers the bounds.
    """
    n, width = database.shape
    everyone = np.arange(queries.shape[0])
    smallest = np.empty(queries.shape[0], np.uint64)
    halves_first = False
    for number, start in enumerate(range(0, n, _BLOCK)):
        size = min(_BLOCK, n - start)
        to_block(database[start : start + size], block)
        left = everyone
        trial = number % _TRIAL == 0
        if width == 4 and (halves_first or trial):
            smallest_half_distances(block, size, queries, left, smallest)
            left = np.flatnonzero(smallest < bounds)
            if trial:  # comparing halves costs half and saves half: it pays when it excludes most queries
                halves_first = 2 * left.size < everyone.size
        smallest_distances(block, size, queries, left, smallest)
        for query in left:
            if smallest[query] < bounds[query]:
                yield query, start, size


@njit(nogil=True)  # numba cannot compile against a generator that it has in its cache
def _below(distances, bounds, query):  # type: ignore[no-untyped-def]
    """Yield each position whose distance is below ``bounds[query]``, which may fall meanwhile."""
    for start in range(0, distances.size, _STRIP):
        strip = distances[start : start + _STRIP]
        smallest = np.uint64(MORE_THAN_ANY_DISTANCE)
        for i in range(strip.size):
            smallest = min(smallest, strip[i])
        if smallest < bounds[query]:
            for i in range(strip.size):
                if strip[i] < bounds[query]:
                    yield start + i


@njit(cache=True, nogil=True)
def _knn(queries, database, distances, ids):  # type: ignore[no-untyped-def]
    """Fill the rows of ``distances`` and ``ids``, sorted by (distance, id)."""
    k = distances.shape[1]
    block, scratch = np.empty(_BLOCK * database.shape[1], np.uint64), np.empty(_BLOCK, np.uint64)
    bounds = distances[:, k - 1].astype(np.uint64)
    for query, start, size in _promising(queries, database, block, bounds):
        block_distances(block, size, queries[query], scratch)
        row, row_ids = distances[query], ids[query]
        for i in _below(scratch[:size], bounds, query):
            insert(row, row_ids, np.int32(scratch[i]), start + i)
            bounds[query] = np.uint64(row[k - 1])


@njit(cache=True, nogil=True)
def _nearest(queries, database, smallest):  # type: ignore[no-untyped-def]
    """(query, distance, id) of every code that was no farther than any before it; fills ``smallest``."""
    block, scratch = np.empty(_BLOCK * database.shape[1], np.uint64), np.empty(_BLOCK, np.uint64)
    bounds = smallest.astype(np.uint64)
    n_found, found = 0, np.empty((3, 1024), np.int64)
    for query, start, size in _promising(queries, database, block, bounds):
        block_distances(block, size, queries[query], scratch)
        found = with_room_for(found, n_found, size)
        for i in _below(scratch[:size], bounds, query):
            found[0, n_found], found[1, n_found], found[2, n_found] = query, scratch[i], start + i
            n_found += 1
            smallest[query] = scratch[i]
            bounds[query] = scratch[i] + np.uint64(1)  # a code at the same distance counts too
    return found[0, :n_found], found[1, :n_found], found[2, :n_found]
