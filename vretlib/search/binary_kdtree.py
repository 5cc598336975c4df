"""The thesis' kd-tree for binary codes (section 5.1.2, Algorithm 1; section 5.1.3, Algorithm 2).

Every inner node compares one bit: codes that have it go left, the others right. The bit is the one that splits the
codes of the node most evenly, so the tree is shallow and its leaves have similar sizes. A query descends to one leaf
and then returns to the branches that it did not take, in the order of a first-in first-out queue. A branch that is
queued during the first descent contradicts one bit of the query, one that is queued during a second descent contradicts
two, and so on: leaves are visited in the order of the number of bits that would have to be wrong.

The text leaves some points open; the choices here are:

* A node with fewer than ``leaf_size`` codes is a leaf (Algorithm 1, line 3). A node whose codes are all equal is a leaf
  too, where Algorithm 1 as printed would not end.
* The first of bits that split equally well is taken, in the order of ``np.unpackbits``.
* Algorithm 2 puts the visited node itself back into the queue (line 10). Then every descent would end in the same leaf,
  so what is queued is its *sibling*, the branch not taken.

The authors' published code differs in all three, and ``rule="authors"`` of `BinaryKdTree.build` and of
`BinaryKdTree.nearest` is what it does:

* A node with ``leaf_size`` codes is a leaf too.
* It measures how even a split is by |.5 - ones / n| in double precision. Where a third of the codes has one bit and two
  thirds have another, both split equally well, but rounding may make the two numbers differ in their last digit; then
  the smaller number decides, even for a later bit.
* A branch that is a leaf is never queued.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays
from vretlib.kernels import njit
from vretlib.parallel import map_slices
from vretlib.search._levels import LEAF, build_tree, joined, leaf_depths, move, several, to_blocks
from vretlib.search._popcount import (
    MORE_THAN_ANY_DISTANCE,
    block_distances,
    count_ones,
    database_words,
    query_words,
)
from vretlib.search._rows import keep_at, keep_nearest
from vretlib.search.neighbours import Nearest

_LONGEST = 4096  # bytes: numbers of bits fit 16 bits with a sign


@dataclass(frozen=True, eq=False)
class BinaryKdTree:
    """A tree over binary codes, as arrays; nodes are numbered level by level, the root is 0.

    Attributes
    ----------
    bits: (nodes,) int16: the bit that a node compares, in the order of ``np.unpackbits``, or -1 in a leaf.
    left: (nodes,) int32: the child for codes that have the bit; the other child is ``left + 1``. 0 in a leaf.
    starts, stops: (nodes,) int32: the codes below a node, as positions in ``ids``.
    ids: (nb,) int32: rows of the database, leaf by leaf, ascending within a leaf.
    blocks: (nb * w,) uint64: the codes in the same order, word by word within a leaf.
    n_bytes: bytes per code.
    """

    bits: NDArray[np.int16]
    left: NDArray[np.int32]
    starts: NDArray[np.int32]
    stops: NDArray[np.int32]
    ids: NDArray[np.int32]
    blocks: NDArray[np.uint64]
    n_bytes: int

    @classmethod
    def build(
        cls, xb: ArrayLike, leaf_size: int = 100, rule: Literal["thesis", "authors"] = "thesis"
    ) -> "BinaryKdTree":
        """The tree of a database by Algorithm 1, built level by level; threads share the nodes of a level.

        Parameters
        ----------
        xb: (nb, bytes) uint8, at least one code of 4,096 bytes at most.
        leaf_size: the thesis' SL: a node with fewer codes is not split.
        rule: ``"thesis"``, or ``"authors"``: the tree of their published code, see the head of this module. Where all
            codes fit one leaf, their code returns no tree that could be searched; here it is that leaf.

        Raises
        ------
        UserError: an empty database, another dtype or shape, longer codes, a ``leaf_size`` below 1, or an unknown rule.
        """
        leaf_size = arrays.whole(leaf_size, "leaf_size", 1, what="the thesis has 100")
        arrays.choice(rule, "rule", ("thesis", "authors"))
        words, n_bytes = database_words(xb, longest=_LONGEST)
        words = words.copy()
        ids = np.arange(len(words), dtype=np.int32)
        bits, left, starts, stops = build_tree(
            len(words), lambda *nodes: _split(words, ids, *nodes, leaf_size, rule == "authors")
        )
        blocks = np.empty(words.size, np.uint64)
        to_blocks(words, starts[bits == LEAF], stops[bits == LEAF], blocks)
        return cls(bits, left, starts, stops, ids, blocks, n_bytes)

    def nearest(
        self,
        xq: ArrayLike,
        backtracks: int = 50,
        rule: Literal["sibling", "authors"] = "sibling",
    ) -> Nearest:
        """All nearest neighbours of each query among the codes of the visited leaves, by Algorithm 2.

        Parameters
        ----------
        xq: (nq, bytes) uint8, possibly none.
        backtracks: the thesis' B: the number of visited leaves, at least 1. With all leaves of the tree the answer is
            exact.
        rule: ``"sibling"`` queues each branch that is not taken. ``"authors"`` searches as their published code does: a
            branch that is a leaf is not queued, so some leaves are never visited, for any B. Together with a tree built
            by their rule it is their whole method.

        Raises
        ------
        UserError: ``backtracks`` below 1, an unknown rule, or codes of another length than the tree's.
        """
        return self.nearest_at(xq, [backtracks], rule)[0]

    def nearest_at(
        self, xq: ArrayLike, backtracks: Sequence[int], rule: Literal["sibling", "authors"] = "sibling"
    ) -> list[Nearest]:
        """What `nearest` finds for each of several ``backtracks``, in one search for the largest of them.

        The leaves that few descents visit are the first of those that many visit.
        """
        wanted, places = several(backtracks, "descents; the thesis has 10 to 250")
        arrays.choice(rule, "rule", ("sibling", "authors"))
        queries = query_words(xq, self.n_bytes)
        tree = (self.bits, self.left, self.starts, self.stops, self.ids, self.blocks, self.leaf_sizes().max())

        def search(part: slice) -> tuple[NDArray, NDArray[np.int64]]:
            distances, kept = _search(queries[part], *tree, wanted, rule == "sibling")
            return distances, kept

        found = joined(map_slices(search, len(queries), per_thread=4, at_least=16))
        return [found[place] for place in places]

    def depths(self) -> NDArray[np.int64]:
        """Number of comparisons above each leaf, in the order of `leaf_sizes`."""
        return leaf_depths(self.bits, self.left)

    def leaf_sizes(self) -> NDArray[np.int64]:
        """Number of codes in each leaf, in the order of the nodes."""
        return (self.stops - self.starts)[self.bits == LEAF].astype(np.int64)

    @property
    def nbytes(self) -> int:
        """Memory of the tree with its codes, in bytes."""
        arrays = (self.bits, self.left, self.starts, self.stops, self.ids, self.blocks)
        return sum(array.nbytes for array in arrays)


@njit(cache=True, nogil=True)
def _split(words, ids, starts, stops, leaf_size, authors):  # type: ignore[no-untyped-def]
    """The bit of each node, and where the codes without it begin, after those that have it."""
    bits, middles = np.full(starts.size, LEAF, np.int16), starts.copy()
    ones = np.empty(64 * words.shape[1], np.int64)
    for node in range(starts.size):
        start, stop = starts[node], stops[node]
        n = stop - start
        if n < leaf_size or (authors and n == leaf_size):
            continue
        count_ones(words, start, stop, ones)
        bit = 0
        if authors:  # in their order of operations: its rounding decides ties
            for other in range(ones.size):
                if abs(0.5 - ones[other] / n) < abs(0.5 - ones[bit] / n):
                    bit = other
        else:
            for other in range(ones.size):
                if abs(n - 2 * ones[other]) < abs(n - 2 * ones[bit]):
                    bit = other
        if ones[bit] == 0 or ones[bit] == n:  # all codes are equal
            continue
        has_bit = np.empty(n, np.bool_)
        for i in range(n):
            has_bit[i] = _has_bit(words[start + i], bit)
        bits[node], middles[node] = bit, move(words, ids, start, stop, has_bit)
    return bits, middles


@njit(cache=True, nogil=True)
def _has_bit(words, bit):  # type: ignore[no-untyped-def]
    """Whether a code has a bit, counted as ``np.unpackbits`` does: the highest of the first byte is 0."""
    shift = 8 * (bit % 64 // 8) + 7 - bit % 8
    return ((words[bit // 64] >> np.uint64(shift)) & np.uint64(1)) != 0


@njit(cache=True, nogil=True)
def _search(queries, bits, left, starts, stops, ids, blocks, largest_leaf, wanted, queue_leaves):  # type: ignore[no-untyped-def]
    """Smallest distances (steps, queries), and (step, query, id) of all candidates at them.

    Each step is a number of visited leaves; ``wanted`` ascends. No more nodes than the last are taken out of the queue,
    so it has room for as many.
    """
    n_queries, width = queries.shape
    n_descents = min(wanted[-1], bits.size)
    smallest = np.empty((wanted.size, n_queries), np.int32)
    scratch = np.empty(largest_leaf, np.uint64)
    queue = np.empty(n_descents, np.int32)
    found = np.empty((2, 1024), np.int64)
    n_kept, kept = 0, np.empty((3, 1024), np.int64)
    for query in range(n_queries):
        n_found, best, step = 0, np.uint64(MORE_THAN_ANY_DISTANCE), 0
        queue[0] = 0
        taken, queued = 0, 1
        while taken < queued:
            node = queue[taken]
            taken += 1
            while bits[node] != LEAF:
                has_bit = _has_bit(queries[query], bits[node])
                sibling = left[node] + (1 if has_bit else 0)
                node = left[node] + (0 if has_bit else 1)
                if queued < n_descents and (queue_leaves or bits[sibling] != LEAF):
                    queue[queued] = sibling
                    queued += 1
            start, size = starts[node], stops[node] - starts[node]
            here = block_distances(blocks[start * width : (start + size) * width], size, queries[query], scratch)
            if here <= best:
                n_found = n_found if here == best else 0
                best = here
                found, n_found = keep_nearest(scratch[:size], best, query, ids[start:], found, n_found)
            if taken == wanted[step]:
                smallest[step, query] = best
                kept, n_kept = keep_at(step, found, n_found, kept, n_kept)
                step += 1
        for rest in range(step, wanted.size):  # the tree has no more leaves
            smallest[rest, query] = best
            kept, n_kept = keep_at(rest, found, n_found, kept, n_kept)
    return smallest, kept[:, :n_kept]
