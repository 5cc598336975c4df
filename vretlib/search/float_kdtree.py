"""A kd-tree for real-valued vectors, such as SIFT descriptors averaged over a track (thesis section 5.2.2).

The tree is Bentley's (1975): an inner node compares one dimension, that in which its vectors vary most, with their
median. The search is best-bin-first (Aly et al., 2011): a priority queue holds the branches that were not taken, and
the next descent starts at the branch with the smallest distance from the query to the splits that lead there.

Sums run in a fixed order and without fused operations, so the answer is the same on every machine.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.kernels import njit
from vretlib.parallel import map_slices
from vretlib.search._levels import LEAF, build_tree, joined, leaf_depths, move, several, to_blocks
from vretlib.search._rows import keep_at, keep_nearest
from vretlib.search.neighbours import Nearest

_LARGEST = float(np.finfo(np.float32).max)
_DIMENSIONS_AT_ONCE = 32


@dataclass(frozen=True, eq=False)
class FloatKdTree:
    """A tree over vectors, as arrays; nodes are numbered level by level, the root is 0.

    Attributes
    ----------
    dims: (nodes,) int32: the dimension a node compares, or -1 in a leaf.
    thresholds: (nodes,) float32: vectors below it go left, the others right.
    left: (nodes,) int32: the left child; the right one is ``left + 1``. 0 in a leaf.
    starts, stops: (nodes,) int32: the vectors below a node, as positions in ``ids``.
    ids: (nb,) int32: rows of the database, leaf by leaf, ascending within a leaf.
    blocks: (nb * d,) float32: the vectors in the same order, dimension by dimension within a leaf.
    """

    dims: NDArray[np.int32]
    thresholds: NDArray[np.float32]
    left: NDArray[np.int32]
    starts: NDArray[np.int32]
    stops: NDArray[np.int32]
    ids: NDArray[np.int32]
    blocks: NDArray[np.float32]

    @classmethod
    def build(cls, xb: ArrayLike, leaf_size: int = 100) -> "FloatKdTree":
        """The tree of a database, split at the median of the dimension with the largest variance, the first of equals.

        Parameters
        ----------
        xb: (nb, d) real numbers, kept as float32; at least one vector. Their squared distances must fit float32.
        leaf_size: a node with fewer vectors is not split, nor is one whose vectors are all equal.

        Raises
        ------
        UserError: an empty database, another shape, a value that is not finite or too large, or a ``leaf_size`` below
            1.
        """
        leaf_size = arrays.whole(leaf_size, "leaf_size", 1, what="the thesis has 100")
        vectors = _vectors(xb, "xb").copy()
        if len(vectors) == 0:
            raise UserError("xb: the database is empty; nothing can be nearest")
        ids = np.arange(len(vectors), dtype=np.int32)
        tree = build_tree(len(vectors), lambda *nodes: _split(vectors, ids, *nodes, leaf_size))
        dims, left, starts, stops, thresholds = tree
        blocks = np.empty(vectors.size, np.float32)
        to_blocks(vectors, starts[dims == LEAF], stops[dims == LEAF], blocks)
        return cls(dims, thresholds, left, starts, stops, ids, blocks)

    def nearest(self, xq: ArrayLike, backtracks: int = 50) -> Nearest:
        """All neighbours at the smallest Euclidean distance (float32) to each query in the visited leaves.

        Parameters
        ----------
        xq: (nq, d) real numbers, possibly no row.
        backtracks: number of visited leaves, at least 1. With all leaves of the tree the answer is exact.

        Raises
        ------
        UserError: ``backtracks`` below 1, vectors of another length than the tree's, or values that are not finite or
            too large.
        """
        return self.nearest_at(xq, [backtracks])[0]

    def nearest_at(self, xq: ArrayLike, backtracks: Sequence[int]) -> list[Nearest]:
        """What `nearest` finds for each of several ``backtracks``, in one search for the largest of them.

        The leaves that few descents visit are the first of those that many visit.
        """
        wanted, places = several(backtracks, "leaves; the thesis has 10 to 250")
        queries = _vectors(xq, "xq", self.blocks.size // self.ids.size)
        tree = (self.dims, self.thresholds, self.left, self.starts, self.stops, self.ids, self.blocks)
        largest_leaf = self.leaf_sizes().max()

        def search(part: slice) -> tuple[NDArray, NDArray[np.int64]]:
            squares, kept = _search(queries[part], *tree, largest_leaf, wanted)
            return np.sqrt(squares), kept

        found = joined(map_slices(search, len(queries), per_thread=4, at_least=16))
        return [found[place] for place in places]

    def depths(self) -> NDArray[np.int64]:
        """Number of comparisons above each leaf, in the order of `leaf_sizes`."""
        return leaf_depths(self.dims, self.left)

    def leaf_sizes(self) -> NDArray[np.int64]:
        """Number of vectors in each leaf, in the order of the nodes."""
        return (self.stops - self.starts)[self.dims == LEAF].astype(np.int64)

    @property
    def nbytes(self) -> int:
        """Memory of the tree with its vectors, in bytes."""
        arrays = (self.dims, self.thresholds, self.left, self.starts, self.stops, self.ids, self.blocks)
        return sum(array.nbytes for array in arrays)


def _vectors(x: ArrayLike, name: str, d: int | None = None) -> NDArray[np.float32]:
    """Finite float32 (n, d), small enough that no squared distance overflows."""
    vectors = arrays.matrix(x, name, d=d, like="the database")
    most = 0.4 * np.sqrt(_LARGEST / vectors.shape[1])  # |x − y|² ≤ d (2 · most)²
    if vectors.size and max(vectors.max(), -vectors.min()) > most:
        raise UserError(
            f"{name} holds numbers up to {np.abs(vectors).max():.3g}, whose squared distances float32 cannot hold; "
            f"expected at most {most:.3g} in {vectors.shape[1]} dimensions: scale all vectors"
        )
    return vectors


@njit(cache=True, nogil=True)
def _widest(vectors, start, stop):  # type: ignore[no-untyped-def]
    """The dimension in which the vectors ``start`` to ``stop`` vary most; the first of equals."""
    d = vectors.shape[1]
    means, squares = np.zeros(d), np.zeros(d)
    for i in range(start, stop):
        for j in range(d):
            means[j] += vectors[i, j]
    for j in range(d):
        means[j] /= stop - start
    for i in range(start, stop):
        for j in range(d):
            squares[j] += (vectors[i, j] - means[j]) ** 2
    widest = 0
    for j in range(d):
        if squares[j] > squares[widest]:
            widest = j
    return widest


@njit(cache=True, nogil=True)
def _split(vectors, ids, starts, stops, leaf_size):  # type: ignore[no-untyped-def]
    """The dimension, middle row and threshold of each node; the vectors below its threshold are put first."""
    dims, middles = np.full(starts.size, LEAF, np.int32), starts.copy()
    thresholds = np.zeros(starts.size, np.float32)
    for node in range(starts.size):
        start, stop = starts[node], stops[node]
        n = stop - start
        if n < leaf_size:
            continue
        dim = _widest(vectors, start, stop)
        values = np.sort(vectors[start:stop, dim])
        if values[0] == values[n - 1]:
            continue
        middle = n // 2
        while values[middle] == values[0]:  # half of the values are the smallest: the others go right
            middle += 1
        dims[node], thresholds[node] = dim, values[middle]
        below = vectors[start:stop, dim] < values[middle]
        middles[node] = move(vectors, ids, start, stop, below)
    return dims, middles, thresholds


@njit(cache=True, nogil=True)
def _square_distances(block, n, query, limit, squares):  # type: ignore[no-untyped-def]
    """Squared distances of a query to the ``n`` vectors of a leaf, into ``squares[:n]``; returns the smallest.

    Sums only grow: where all are above ``limit`` after some dimensions, the rest is left out, and what is returned is
    above ``limit`` too.
    """
    out = squares[:n]
    for i in range(n):
        out[i] = np.float32(0)
    smallest = np.float32(np.inf)
    for first in range(0, query.size, _DIMENSIONS_AT_ONCE):
        for j in range(first, min(first + _DIMENSIONS_AT_ONCE, query.size)):
            column, value = block[j * n : j * n + n], query[j]
            for i in range(n):
                difference = column[i] - value
                out[i] += difference * difference
        smallest = np.float32(np.inf)
        for i in range(n):
            smallest = min(smallest, out[i])
        if smallest > limit:
            break
    return smallest


@njit(cache=True, nogil=True)
def _search(queries, dims, thresholds, left, starts, stops, ids, blocks, largest_leaf, wanted):  # type: ignore[no-untyped-def]
    """Smallest squares (steps, queries), and (step, query, id) of all candidates at them.

    Each step is a number of visited leaves; ``wanted`` ascends.
    """
    n_queries, d = queries.shape
    smallest = np.empty((wanted.size, n_queries), np.float32)
    scratch = np.empty(largest_leaf, np.float32)
    found = np.empty((2, 1024), np.int64)
    n_kept, kept = 0, np.empty((3, 1024), np.int64)
    for query in range(n_queries):
        n_found, best, step = 0, np.float32(np.inf), 0
        branches = [
            (np.float64(0), np.int64(0))
        ]  # (squared distance to the splits crossed, node): equals in the order of the nodes
        for visited in range(1, wanted[-1] + 1):
            if len(branches) == 0:
                break
            crossed, node = heapq.heappop(branches)
            while dims[node] != LEAF:
                gap = queries[query, dims[node]] - thresholds[node]
                right = 0 if gap < 0 else 1
                heapq.heappush(branches, (crossed + np.float64(gap) ** 2, np.int64(left[node] + 1 - right)))
                node = np.int64(left[node] + right)
            start, size = starts[node], stops[node] - starts[node]
            here = _square_distances(blocks[start * d :], size, queries[query], best, scratch)
            if here <= best:
                n_found = n_found if here == best else 0
                best = here
                found, n_found = keep_nearest(scratch[:size], best, query, ids[start:], found, n_found)
            if visited == wanted[step]:
                smallest[step, query] = best
                kept, n_kept = keep_at(step, found, n_found, kept, n_kept)
                step += 1
        for rest in range(step, wanted.size):  # the tree has no more leaves
            smallest[rest, query] = best
            kept, n_kept = keep_at(rest, found, n_found, kept, n_kept)
    return smallest, kept[:, :n_kept]
