"""Kernels that keep the best pairs found so far in sorted rows, or all pairs in growing lists."""

import numpy as np

from vretlib.kernels import njit


@njit(cache=True, nogil=True)
def insert(distances, ids, distance, new):  # type: ignore[no-untyped-def]
    """Insert a better (distance, id) into a row that is sorted by both; the last pair is dropped."""
    place = distances.size - 1
    while place > 0 and (
        distances[place - 1] > distance or (distances[place - 1] == distance and ids[place - 1] > new)
    ):
        distances[place], ids[place] = distances[place - 1], ids[place - 1]
        place -= 1
    distances[place], ids[place] = distance, new


@njit(cache=True, nogil=True)
def with_room_for(found, n_found, more):  # type: ignore[no-untyped-def]
    """``found`` (columns, room), or a copy at least twice as wide if ``more`` do not fit after ``n_found``."""
    if n_found + more <= found.shape[1]:
        return found
    larger = np.empty((found.shape[0], 2 * (n_found + more)), found.dtype)
    for column in range(found.shape[0]):
        for i in range(n_found):
            larger[column, i] = found[column, i]
    return larger


@njit(cache=True, nogil=True)
def keep_nearest(distances, smallest, query, ids, found, n_found):  # type: ignore[no-untyped-def]
    """``found``, perhaps enlarged, with (query, id) of every entry at the ``smallest`` distance, and its new length."""
    found = with_room_for(found, n_found, distances.size)
    for i in range(distances.size):
        if distances[i] == smallest:
            found[0, n_found], found[1, n_found] = query, ids[i]
            n_found += 1
    return found, n_found


@njit(cache=True, nogil=True)
def keep_at(step, found, n_found, kept, n_kept):  # type: ignore[no-untyped-def]
    """``kept`` (3, room), perhaps enlarged, with (step, query, id) of the first ``n_found`` pairs, and its length."""
    kept = with_room_for(kept, n_kept, n_found)
    for i in range(n_found):
        kept[0, n_kept + i], kept[1, n_kept + i], kept[2, n_kept + i] = step, found[0, i], found[1, i]
    return kept, n_kept + n_found
