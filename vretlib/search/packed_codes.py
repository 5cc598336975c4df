"""Packed binary codes: bits to bytes, all Hamming distances, and whole rankings.

For the nearest few codes of a large database see `vretlib.search.hamming`.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.kernels import njit
from vretlib.parallel import map_slices
from vretlib.search._popcount import codes_to_words, popcount, query_words, to_block, use_wide_vectors

_BLOCK = 512  # codes whose distances are computed together
_LONGEST = 8191  # bytes: distances fit 16 bits
_PARTS = 4  # parts of the database that are counted at once: no count waits for the one before it


def pack(bits: ArrayLike) -> NDArray[np.uint8]:
    """Bits (n, K), bool or 0 and 1, as (n, ⌈K/8⌉) uint8, the first bit in the highest place.

    Where K is not a multiple of 8, the last byte is filled with zeros. They are the same in all codes, so they add
    nothing to a distance.

    Raises
    ------
    UserError: another shape, no bits, or a value that is not 0 or 1.

    Examples
    --------
    >>> pack([[1, 0, 0, 0, 0, 0, 0, 1, 1]]).tolist()
    [[129, 128]]
    """
    return np.packbits(as_bits(bits), axis=1)


def as_bits(bits: ArrayLike) -> NDArray[np.bool_]:
    """Bits (n, K) as bool; a `UserError` on another shape, no bits, or a value that is not 0 or 1."""
    given = arrays.array(bits, "bits")
    are_bits = given.dtype.kind in "fiub" and bool(((given == 0) | (given == 1)).all())
    if given.ndim != 2 or given.shape[1] == 0 or not are_bits:
        raise UserError(f"bits are {given.dtype} of shape {given.shape}; expected 0 or 1 in rows (n, K), K at least 1")
    return given.astype(np.bool_)


def distances(xq: ArrayLike, xb: ArrayLike) -> NDArray[np.uint8 | np.uint16]:
    """The Hamming distance of every query (nq, bytes) and every database code (nb, bytes), (nq, nb).

    Returns
    -------
    uint8 for codes of up to 24 bytes, else uint16.

    Raises
    ------
    UserError: other dtypes or shapes, codes of different length, or of more than 8191 bytes.
    """
    queries, database = _words(xq, xb)
    found = np.empty((len(queries), len(database)), _dtype(queries))
    map_slices(lambda part: _distances(queries[part], database, found[part]), len(queries), at_least=2)
    return arrays.like(xq, found)


def rank(xq: ArrayLike, xb: ArrayLike) -> NDArray[np.int64]:
    """The whole database (nb, bytes) by ascending distance to each query (nq, bytes), (nq, nb) ids.

    The smaller id comes first among codes at the same distance, as a stable sort in the order of the database has it.
    Distances are small whole numbers, so counting how many codes have each gives every code its place: two passes
    instead of a sort. Errors as in `distances`.
    """
    queries, database = _words(xq, xb)
    ids = np.empty((len(queries), len(database)), np.int64)

    def work(part: slice) -> None:
        row = np.empty((1, len(database)), _dtype(queries))
        _rank(queries[part], database, row, ids[part])

    map_slices(work, len(queries), at_least=2)
    return arrays.like(xq, ids)


def _dtype(words: NDArray[np.uint64]) -> type[np.uint8] | type[np.uint16]:
    return np.uint8 if 64 * words.shape[1] < 256 else np.uint16


def _words(xq: ArrayLike, xb: ArrayLike) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    database = arrays.codes(xb, "xb")
    if database.shape[1] > _LONGEST:
        raise UserError(f"xb has codes of {database.shape[1]} bytes; expected {_LONGEST} at most")
    return query_words(xq, database.shape[1]), codes_to_words(database)


@njit(cache=True, nogil=True)
def _distances(queries, database, found):  # type: ignore[no-untyped-def]
    """Fill ``found`` (queries, database): block by block, so that all queries read a block from the first cache."""
    use_wide_vectors()
    n, width = database.shape
    block = np.empty(_BLOCK * width, np.uint64)
    for start in range(0, n, _BLOCK):
        size = min(_BLOCK, n - start)
        to_block(database[start : start + size], block)
        for query in range(queries.shape[0]):
            row, column, word = found[query, start : start + size], block[:size], queries[query, 0]
            for i in range(size):
                row[i] = popcount(column[i] ^ word)
            for j in range(1, width):
                column, word = block[j * size : j * size + size], queries[query, j]
                for i in range(size):
                    row[i] += popcount(column[i] ^ word)


@njit(cache=True, nogil=True)
def _rank(queries, database, row, ids):  # type: ignore[no-untyped-def]
    """Fill the rows of ``ids`` (queries, database); ``row`` (1, database) is for the distances of a query.

    The database is read as `_PARTS` parts at once, each with counts of its own.
    """
    n, width = database.shape
    length = n // _PARTS
    places = np.empty((_PARTS, 64 * width + 1), np.uint32)
    in_a, in_b, in_c, in_d = places[0], places[1], places[2], places[3]
    distance = row[0]
    a, b, c, d = (
        distance[:length],
        distance[length : 2 * length],
        distance[2 * length : 3 * length],
        distance[3 * length :],
    )
    for query in range(queries.shape[0]):
        _distances(queries[query : query + 1], database, row)
        places[:] = 0
        for i in range(length):
            in_a[a[i]] += 1
            in_b[b[i]] += 1
            in_c[c[i]] += 1
            in_d[d[i]] += 1
        for i in range(length, d.size):
            in_d[d[i]] += 1
        place = np.uint32(0)
        for value in range(places.shape[1]):
            for part in range(_PARTS):
                count = places[part, value]
                places[part, value] = place
                place += count
        out = ids[query]
        for i in range(length):
            out[in_a[a[i]]] = i
            in_a[a[i]] += 1
            out[in_b[b[i]]] = length + i
            in_b[b[i]] += 1
            out[in_c[c[i]]] = 2 * length + i
            in_c[c[i]] += 1
            out[in_d[d[i]]] = 3 * length + i
            in_d[d[i]] += 1
        for i in range(length, d.size):
            out[in_d[d[i]]] = 3 * length + i
            in_d[d[i]] += 1
