"""Binary trees that are built level by level: the common part of the kd-trees for codes and for vectors."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.kernels import njit
from vretlib.parallel import map_slices
from vretlib.search.neighbours import Nearest

LEAF = -1  # in place of the bit or dimension that an inner node compares

Split = Callable[[NDArray[np.int32], NDArray[np.int32]], tuple[NDArray, ...]]


def several(backtracks: Sequence[int], what: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The distinct numbers of leaves to visit, checked and ascending, and the place of each given number among them.

    Raises
    ------
    UserError: there is no number, or one is below 1 or not whole.
    """
    given = [arrays.whole(b, "backtracks", 1, what=what) for b in arrays.entries(backtracks, "backtracks")]
    if not given:
        raise UserError("backtracks is empty; expected at least one number of leaves")
    wanted, places = np.unique(np.array(given, np.int64), return_inverse=True)
    return wanted, places


def joined(parts: Sequence[tuple[NDArray, NDArray[np.int64]]]) -> list[Nearest]:
    """The answers after each number of leaves, from those to consecutive batches of queries.

    A batch has distances (steps, queries), and rows of step, query and id for every neighbour.
    """
    answers = [
        [Nearest.of_pairs(row, queries[steps == k], ids[steps == k]) for k, row in enumerate(distances)]
        for distances, (steps, queries, ids) in parts
    ]
    return [Nearest.join(of_step) for of_step in zip(*answers, strict=True)]


def build_tree(n: int, split: Split) -> tuple[NDArray, ...]:
    """The nodes of a tree over ``range(n)``, which is split until every node is a leaf.

    Parameters
    ----------
    n: number of items; node 0 holds all of them.
    split: takes starts and stops of nodes of one level. It returns, for each of them, the bit or dimension that the
        node compares (or `LEAF`), the position of the first item of its right child, and any further values to keep. It
        reorders the items so that those of each child are together. Calls run in several threads, on different nodes.

    Returns
    -------
    asked, left, starts, stops, *further
        One entry per node, level by level: the bit or dimension that it compares, its left child (int32; the right one
        is the next number; 0 in a leaf), its range of items (int32), and the further values.
    """
    starts, stops = np.array([0], np.int32), np.array([n], np.int32)
    levels = []
    while len(starts):

        def split_some(part: slice, starts: NDArray = starts, stops: NDArray = stops) -> tuple[NDArray, ...]:
            nodes = slice(*np.searchsorted(starts, [part.start, part.stop]))  # shares of items, not of nodes
            return split(starts[nodes], stops[nodes])

        parts = map_slices(split_some, n, at_least=10_000)
        asked, middles, *further = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
        levels.append((asked, starts, stops, *further))
        inner = asked != LEAF
        starts, stops = (
            np.stack(ends, axis=1)[inner].ravel().astype(np.int32) for ends in ((starts, middles), (middles, stops))
        )
    asked, starts, stops, *further = (np.concatenate(arrays) for arrays in zip(*levels, strict=True))
    inner = asked != LEAF
    left = np.where(inner, 2 * np.cumsum(inner) - 1, 0).astype(np.int32)
    return asked, left, starts, stops, *further


def leaf_depths(asked: NDArray[np.integer], left: NDArray[np.int32]) -> NDArray[np.int64]:
    """Number of comparisons above each leaf, in the order of the nodes."""
    depths = np.zeros(len(asked), np.int64)
    for node in np.flatnonzero(asked != LEAF):  # parents have smaller numbers than their children
        depths[left[node] : left[node] + 2] = depths[node] + 1
    return depths[asked == LEAF]


@njit(cache=True, nogil=True)
def move(items, ids, start, stop, goes_left):  # type: ignore[no-untyped-def]
    """The first position on the right, after the items from ``start`` to ``stop`` that go left have been put first.

    Both groups keep their order.
    """
    left, n_right = start, 0
    waiting = np.empty((stop - start, items.shape[1]), items.dtype)
    waiting_ids = np.empty(stop - start, ids.dtype)
    for i in range(start, stop):
        if goes_left[i - start]:
            for j in range(items.shape[1]):
                items[left, j] = items[i, j]
            ids[left] = ids[i]
            left += 1
        else:
            for j in range(items.shape[1]):
                waiting[n_right, j] = items[i, j]
            waiting_ids[n_right] = ids[i]
            n_right += 1
    for i in range(n_right):
        for j in range(items.shape[1]):
            items[left + i, j] = waiting[i, j]
        ids[left + i] = waiting_ids[i]
    return left


@njit(cache=True, nogil=True)
def to_blocks(items, starts, stops, blocks):  # type: ignore[no-untyped-def]
    """Write the items of each range to ``blocks`` column by column: all first numbers, then all second ones."""
    width = items.shape[1]
    for leaf in range(starts.size):
        start, n = starts[leaf], stops[leaf] - starts[leaf]
        for j in range(width):
            column = blocks[start * width + j * n : start * width + (j + 1) * n]
            for i in range(n):
                column[i] = items[start + i, j]
