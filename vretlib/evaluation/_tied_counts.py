"""Kernels behind `vretlib.evaluation.hamming`: average precision from counts of items at each distance, no sorting.

A row of distances is read as `PARTS` parts of one length at once, each with counts of its own: in a single array of
counts, an addition would have to wait for the one before it if both are at the same distance.
"""

import numpy as np

from vretlib.kernels import njit

PARTS = 4


@njit(cache=True, nogil=True)
def _count(row, is_wanted, counts, distance, earlier, stops):  # type: ignore[no-untyped-def]
    """Count the items at each distance, and note the distance and the number of items before it of each relevant item.

    The row is read as `PARTS` parts of one length at once, each with counts of its own, ``counts`` (parts, values):
    an addition need not wait for the one before it at the same distance. Relevant items of part s are noted from
    s * (items per part) to ``stops[s]``.
    """
    length = row.size // PARTS
    counts[:] = 0
    a, b, c, d = row[:length], row[length : 2 * length], row[2 * length : 3 * length], row[3 * length :]
    in_a, in_b, in_c, in_d = counts[0], counts[1], counts[2], counts[3]
    wanted_a, wanted_b = is_wanted[:length], is_wanted[length : 2 * length]
    wanted_c, wanted_d = is_wanted[2 * length : 3 * length], is_wanted[3 * length :]
    at_a, at_b, at_c, at_d = 0, length, 2 * length, 3 * length
    for i in range(length):
        if wanted_a[i]:
            distance[at_a], earlier[at_a] = a[i], in_a[a[i]]
            at_a += 1
        if wanted_b[i]:
            distance[at_b], earlier[at_b] = b[i], in_b[b[i]]
            at_b += 1
        if wanted_c[i]:
            distance[at_c], earlier[at_c] = c[i], in_c[c[i]]
            at_c += 1
        if wanted_d[i]:
            distance[at_d], earlier[at_d] = d[i], in_d[d[i]]
            at_d += 1
        in_a[a[i]] += 1
        in_b[b[i]] += 1
        in_c[c[i]] += 1
        in_d[d[i]] += 1
    for i in range(length, d.size):
        if wanted_d[i]:
            distance[at_d], earlier[at_d] = d[i], in_d[d[i]]
            at_d += 1
        in_d[d[i]] += 1
    stops[0], stops[1], stops[2], stops[3] = at_a, at_b, at_c, at_d


@njit(cache=True, nogil=True)
def _relevant(distance, stops, length, relevant):  # type: ignore[no-untyped-def]
    """Numbers of noted items at each distance."""
    relevant[:] = 0
    for part in range(PARTS):
        for k in range(part * length, stops[part]):
            relevant[distance[k]] += 1


@njit(cache=True, nogil=True)
def _to_starts(counts):  # type: ignore[no-untyped-def]
    """The sum of counts (parts, values), each of which is replaced by the number of items before it.

    Before an item are those of smaller values, and those of its own value in earlier parts.
    """
    before = np.uint32(0)
    for value in range(counts.shape[1]):
        for part in range(counts.shape[0]):
            count = counts[part, value]
            counts[part, value] = before
            before += count
    return before


@njit(cache=True, nogil=True)
def in_order(near, wanted, n_values, found):  # type: ignore[no-untyped-def]
    """Fill ``found`` with the average precision of each row, ties in the order of the items."""
    n = near.shape[1]
    length = n // PARTS
    counts, relevant = np.empty((PARTS, n_values), np.uint32), np.empty((1, n_values), np.uint32)
    distance, earlier, stops = np.empty(n, near.dtype), np.empty(n, np.uint32), np.empty(PARTS, np.int64)
    for query in range(near.shape[0]):
        _count(near[query], wanted[query], counts, distance, earlier, stops)
        _relevant(distance, stops, length, relevant[0])
        _to_starts(counts)
        n_relevant = _to_starts(relevant)
        total = 0.0
        for part in range(PARTS):
            for k in range(part * length, stops[part]):
                relevant[0, distance[k]] += 1
                total += relevant[0, distance[k]] / (counts[part, distance[k]] + earlier[k] + 1.0)
        found[query] = total / n_relevant if n_relevant else np.nan


@njit(cache=True, nogil=True)
def over_orders(near, wanted, n_values, harmonic, expected, worst, best):  # type: ignore[no-untyped-def]
    """Fill ``expected``, ``worst`` and ``best`` with average precisions of each row over all orders of its ties."""
    length = near.shape[1] // PARTS
    counts, relevant = np.empty((PARTS, n_values), np.uint32), np.empty(n_values, np.uint32)
    distance, earlier = np.empty(near.shape[1], near.dtype), np.empty(near.shape[1], np.uint32)
    stops = np.empty(PARTS, np.int64)
    for query in range(near.shape[0]):
        _count(near[query], wanted[query], counts, distance, earlier, stops)
        _relevant(distance, stops, length, relevant)
        n = j = 0
        mean = low = high = 0.0
        for value in range(n_values):
            t, m = int(counts[:, value].sum()), int(relevant[value])
            if m:
                b = (m - 1.0) / max(t - 1.0, 1.0)
                mean += m / t * (b * t + (j + 1 - b * (n + 1)) * (harmonic[n + t] - harmonic[n]))
                for i in range(1, m + 1):
                    low += (j + i) / (n + t - m + i)
                    high += (j + i) / (n + i)
            n, j = n + t, j + m
        if j:
            expected[query], worst[query], best[query] = mean / j, low / j, high / j
        else:
            expected[query] = worst[query] = best[query] = np.nan
