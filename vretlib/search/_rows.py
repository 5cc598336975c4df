"""Rows of the best found so far, and lists of everything found: kernels, for arrays that have been checked."""

import numpy as np

from vretlib.kernels import njit


@njit(cache=True, nogil=True)
def insert(distances, ids, distance, new):  # type: ignore[no-untyped-def]
    """Put a better (distance, id) into its place in a row sorted by both; the last one drops out."""
    place = distances.size - 1
    while place > 0 and (
        distances[place - 1] > distance or (distances[place - 1] == distance and ids[place - 1] > new)
    ):
        distances[place], ids[place] = distances[place - 1], ids[place - 1]
        place -= 1
    distances[place], ids[place] = distance, new


@njit(cache=True, nogil=True)
def with_room_for(found, n_found, more):  # type: ignore[no-untyped-def]
    """(columns, room) ``found``, or a copy at least twice as wide if ``more`` do not fit behind the first
    ``n_found``.
    """
    if n_found + more <= found.shape[1]:
        return found
    larger = np.empty((found.shape[0], 2 * (n_found + more)), found.dtype)
    for column in range(found.shape[0]):
        for i in range(n_found):
            larger[column, i] = found[column, i]
    return larger


@njit(cache=True, nogil=True)
def keep_nearest(distances, smallest, query, ids, found, n_found):  # type: ignore[no-untyped-def]
    """Append (query, id) of every entry at the ``smallest`` distance to ``found``; returns it, perhaps enlarged,
    and its new length.
    """
    found = with_room_for(found, n_found, distances.size)
    for i in range(distances.size):
        if distances[i] == smallest:
            found[0, n_found], found[1, n_found] = query, ids[i]
            n_found += 1
    return found, n_found
