"""An index for binary codes that goes beyond the thesis: inverted lists over cells with majority codes as centres.

The codes are grouped into cells by k-means in Hamming space, where the mean of a cell is the majority of each bit, as
for a key feature. A query is compared with all centres, then with the codes of the nearest cells. A descent in a
kd-tree depends on a few single bits, any of which may be wrong; here all bits of the query decide which codes are
compared.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays
from vretlib.kernels import njit
from vretlib.parallel import map_slices
from vretlib.search._levels import to_blocks
from vretlib.search._popcount import (
    MORE_THAN_ANY_DISTANCE,
    block_distances,
    count_ones,
    database_words,
    nearest_in_block,
    query_words,
    use_wide_vectors,
)
from vretlib.search._rows import insert, keep_nearest
from vretlib.search.neighbours import Nearest

_SAMPLE_PER_CELL, _ROUNDS = 64, 10
_MOST_CELLS = 65_535  # they are counted in 16 bits
_LONGEST = 8191  # bytes: distances to centres fit 16 bits


@dataclass(frozen=True, eq=False)
class BinaryIVF:
    """Codes by cell, as arrays.

    Attributes
    ----------
    centres: (cells * w,) uint64: the centres, word by word.
    starts: (cells + 1,) int32: where each cell begins, as positions in ``ids``; no cell is empty.
    ids: (nb,) int32: rows of the database, cell by cell, ascending within a cell.
    blocks: (nb * w,) uint64: the codes in the same order, word by word within a cell.
    n_bytes: bytes per code.
    """

    centres: NDArray[np.uint64]
    starts: NDArray[np.int32]
    ids: NDArray[np.int32]
    blocks: NDArray[np.uint64]
    n_bytes: int

    @classmethod
    def build(cls, xb: ArrayLike, n_cells: int | None = None, seed: int = 0) -> "BinaryIVF":
        """The index of a database. Centres are learned on a sample; a code goes to its nearest, the first of equals.

        Parameters
        ----------
        xb: (nb, bytes) uint8, at least one code of 8,191 bytes at most.
        n_cells: 1 to nb, at most 65,535; by default four times the square root of nb; cells that stay empty are left
            out.
        seed: seed of the draw of the sample, whose first codes are the first centres.

        Raises
        ------
        UserError: an empty database, another dtype or shape, longer codes, or a number of cells outside its range.
        """
        words, n_bytes = database_words(xb, longest=_LONGEST)
        most = min(len(words), _MOST_CELLS)
        n_cells = min(most, int(4 * np.sqrt(len(words)))) if n_cells is None else n_cells
        n_cells = arrays.whole(n_cells, "n_cells", 1, most, f"cells of {len(words)} database codes")
        seed = arrays.whole(seed, "seed", 0)
        centres = _majority_centres(words, n_cells, np.random.default_rng(seed))
        ids, starts = _cells(words, centres)
        taken = np.flatnonzero(np.diff(starts))  # so that every probe finds codes
        centres, starts = centres[taken], np.append(starts[taken], starts[-1])
        blocks = np.empty(words.size, np.uint64)
        to_blocks(words[ids], starts[:-1], starts[1:], blocks)
        return cls(np.ascontiguousarray(centres.T).ravel(), starts, ids, blocks, n_bytes)

    def nearest(self, xq: ArrayLike, probes: int = 16) -> Nearest:
        """All nearest neighbours of each query among the codes of the nearest cells.

        Parameters
        ----------
        xq: (nq, bytes) uint8, possibly none.
        probes: number of cells that are searched, at least 1, in the order of their centres' distances. With all cells
            the answer is exact.

        Raises
        ------
        UserError: ``probes`` below 1, or codes of another dtype, shape or length than the index's.
        """
        queries, probes = self._checked(xq, probes)

        def search(part: slice) -> Nearest:
            smallest = np.full(part.stop - part.start, MORE_THAN_ANY_DISTANCE, np.int32)
            query, distance, ids = _nearest(
                queries[part], probes, self.centres, self.starts, self.ids, self.blocks, smallest
            )
            final = distance == smallest[query]
            return Nearest.of_pairs(smallest, query[final], ids[final])

        return Nearest.join(map_slices(search, len(queries), at_least=16))

    def search(self, xq: ArrayLike, k: int, probes: int = 16) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """The ``k`` nearest codes in the nearest cells, in the form and with the ties of `hamming.knn`.

        Where the cells hold fewer than ``k`` codes, the rest of a row has id -1 and a distance above any other.

        Raises
        ------
        UserError: a ``k`` outside 1 to nb, or as in `nearest`.
        """
        queries, probes = self._checked(xq, probes)
        k = arrays.whole(k, "k", 1, len(self.ids), "the number of database codes at most")
        distances = np.full((len(queries), k), MORE_THAN_ANY_DISTANCE, np.int32)
        ids = np.full((len(queries), k), -1, np.int64)

        def search(part: slice) -> None:
            _knn(queries[part], probes, self.centres, self.starts, self.ids, self.blocks, distances[part], ids[part])

        map_slices(search, len(queries), at_least=16)
        return arrays.like(xq, distances), arrays.like(xq, ids)

    def _checked(self, xq: ArrayLike, probes: int) -> tuple[NDArray[np.uint64], int]:
        """Queries as words, and the number of cells to search for each."""
        probes = arrays.whole(probes, "probes", 1, what="cells to look into")
        return query_words(xq, self.n_bytes), min(probes, len(self.starts) - 1)

    @property
    def nbytes(self) -> int:
        """Memory of the index with its codes, in bytes."""
        return self.centres.nbytes + self.starts.nbytes + self.ids.nbytes + self.blocks.nbytes


def _majority_centres(words: NDArray[np.uint64], n_cells: int, rng: np.random.Generator) -> NDArray[np.uint64]:
    """(n_cells, w) centres: a few rounds of k-means on a sample; a cell that has become empty keeps its centre."""
    sample = words[rng.choice(len(words), min(len(words), _SAMPLE_PER_CELL * n_cells), replace=False)]
    centres = sample[:n_cells].copy()
    for _ in range(_ROUNDS):
        ids, starts = _cells(sample, centres)
        _take_majority(sample[ids], starts, centres)
    return centres


def _cells(words: NDArray[np.uint64], centres: NDArray[np.uint64]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Rows of ``words`` by the cell they belong to, ascending within it, and where each cell begins."""
    block = np.ascontiguousarray(centres.T).ravel()
    cells = np.concatenate(map_slices(lambda part: _nearest_centres(words[part], block), len(words), at_least=1000))
    ids = np.argsort(cells, kind="stable").astype(np.int32)
    return ids, np.searchsorted(cells[ids], np.arange(len(centres) + 1)).astype(np.int32)


@njit(cache=True, nogil=True)
def _nearest_centres(words, centres):  # type: ignore[no-untyped-def]
    n, width = words.shape
    cells = np.empty(n, np.int32)
    for i in range(n):
        cells[i] = nearest_in_block(centres, centres.size // width, words[i])
    return cells


@njit(cache=True, nogil=True)
def _take_majority(words, starts, centres):  # type: ignore[no-untyped-def]
    """Write the bits that at least half of a cell's codes have to its centre; an empty cell keeps its centre."""
    n_cells, width = centres.shape
    ones = np.empty(64 * width, np.int64)
    for cell in range(n_cells):
        n = starts[cell + 1] - starts[cell]
        if n == 0:
            continue
        count_ones(words, starts[cell], starts[cell + 1], ones)
        for j in range(width):
            centres[cell, j] = 0
        for bit in range(64 * width):
            if 2 * ones[bit] >= n:
                centres[cell, bit // 64] |= np.uint64(1) << np.uint64(8 * (bit % 64 // 8) + 7 - bit % 8)


@njit(cache=True, nogil=True)
def _n_within(distances, distance):  # type: ignore[no-untyped-def]
    """Number of distances up to a limit; both have 16 bits, which is four times as fast as 64."""
    use_wide_vectors()
    n = np.uint16(0)
    for i in range(distances.size):
        n = np.uint16(n + np.uint16(distances[i] <= distance))
    return n


@njit(cache=True, nogil=True)
def _nearest_cells(queries, centres, probes):  # type: ignore[no-untyped-def]
    """The cells of the nearest centres, (nq, probes), not sorted; of equal distances the lower cell.

    Distances are small whole numbers, so the largest one that is needed is found by bisection.
    """
    n_queries, width = queries.shape
    cells = np.empty((n_queries, probes), np.int32)
    distances = np.empty(centres.size // width, np.uint16)
    for query in range(n_queries):
        low = np.int64(block_distances(centres, distances.size, queries[query], distances))
        high = 64 * width
        while low < high:
            middle = (low + high) // 2
            if _n_within(distances, np.uint16(middle)) >= probes:
                high = middle
            else:
                low = middle + 1
        n_at_farthest = probes - (np.int64(_n_within(distances, np.uint16(low - 1))) if low else 0)
        place = 0
        for cell in range(distances.size):
            if distances[cell] <= low and (distances[cell] < low or n_at_farthest > 0):
                n_at_farthest -= distances[cell] == low
                cells[query, place] = cell
                place += 1
    return cells


@njit(cache=True, nogil=True)
def _by_cell(cells, n_cells):  # type: ignore[no-untyped-def]
    """A list of queries, cell by cell, and where each cell begins in it: the queries that search the cell."""
    n_queries, probes = cells.shape
    ends = np.zeros(n_cells + 1, np.int64)
    for query in range(n_queries):
        for probe in range(probes):
            ends[cells[query, probe] + 1] += 1
    for cell in range(n_cells):
        ends[cell + 1] += ends[cell]
    visitors, free = np.empty(n_queries * probes, np.int64), ends.copy()
    for query in range(n_queries):
        for probe in range(probes):
            cell = cells[query, probe]
            visitors[free[cell]] = query
            free[cell] += 1
    return ends, visitors


@njit(cache=True, nogil=True)
def _nearest(queries, probes, centres, starts, ids, blocks, smallest):  # type: ignore[no-untyped-def]
    """(query, distance, id) of every candidate that was no farther than any before it; fills ``smallest``."""
    width, n_cells = queries.shape[1], starts.size - 1
    begins, visitors = _by_cell(_nearest_cells(queries, centres, probes), n_cells)
    scratch = np.empty(ids.size, np.uint64)
    n_found, found = 0, np.empty((3, 1024), np.int64)
    for cell in range(n_cells):
        start, size = starts[cell], starts[cell + 1] - starts[cell]
        for query in visitors[begins[cell] : begins[cell + 1]]:
            here = block_distances(blocks[start * width :], size, queries[query], scratch)
            if here <= np.uint64(smallest[query]):
                smallest[query] = here
                first_found = n_found
                found, n_found = keep_nearest(scratch[:size], here, query, ids[start:], found, n_found)
                for i in range(first_found, n_found):
                    found[2, i] = here
    return found[0, :n_found], found[2, :n_found], found[1, :n_found]


@njit(cache=True, nogil=True)
def _knn(queries, probes, centres, starts, ids, blocks, distances, found):  # type: ignore[no-untyped-def]
    """Fill the rows of ``distances`` and ``found``, sorted by (distance, id)."""
    width, n_cells, k = queries.shape[1], starts.size - 1, distances.shape[1]
    begins, visitors = _by_cell(_nearest_cells(queries, centres, probes), n_cells)
    scratch = np.empty(ids.size, np.uint64)
    for cell in range(n_cells):
        start, size = starts[cell], starts[cell + 1] - starts[cell]
        for query in visitors[begins[cell] : begins[cell + 1]]:
            row, row_ids = distances[query], found[query]
            if block_distances(blocks[start * width :], size, queries[query], scratch) <= np.uint64(row[k - 1]):
                for i in range(size):
                    distance, code = np.int32(scratch[i]), ids[start + i]
                    if distance < row[k - 1] or (distance == row[k - 1] and code < row_ids[k - 1]):
                        insert(row, row_ids, distance, code)
