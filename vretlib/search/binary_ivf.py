"""An index for binary codes that goes beyond the thesis: inverted lists over cells, with codes of the database
as centres.

Some codes of the database, drawn at random, are the centres, and every code is kept with its nearest centre. A
query is compared with all centres, then with the codes of the nearest few cells. A descent in a kd-tree trusts
a few single bits, any of which may have flipped; here all bits of the query have their say in which codes are
looked at.

Centres drawn from the data need no training, and dense regions get more of them, as they should.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from vretlib.errors import UserError
from vretlib.search import hamming
from vretlib.search.levels import to_blocks
from vretlib.search.neighbours import Nearest, keep_nearest
from vretlib.search.popcount import MORE_THAN_ANY_DISTANCE, block_distances, codes_to_words, database_words, query_words
from vretlib.search.threads import map_slices


@dataclass(frozen=True)
class BinaryIVF:
    """Codes by cell, as arrays.

    Attributes
    ----------
    centres
        (cells * w,) uint64: the centres, word by word.
    starts
        (cells + 1,) int32: where each cell begins, as positions in ``ids``; a cell may be empty.
    ids
        (nb,) int32: rows of the database, cell by cell, ascending within a cell.
    blocks
        (nb * w,) uint64: the codes in the same order, word by word within a cell.
    n_bytes
        Bytes per code.
    """

    centres: NDArray[np.uint64]
    starts: NDArray[np.int32]
    ids: NDArray[np.int32]
    blocks: NDArray[np.uint64]
    n_bytes: int

    @classmethod
    def build(cls, xb: NDArray[np.uint8], n_cells: int | None = None, seed: int = 0) -> "BinaryIVF":
        """Draw the centres and put every code into the cell of its nearest, the first drawn row of equals.

        Parameters
        ----------
        xb
            (nb, bytes) uint8, at least one code.
        n_cells
            1 to nb; by default four times the square root of nb.
        seed
            For the draw of the centres.

        Raises
        ------
        UserError
            On an empty database, another dtype or shape, or a number of cells that cannot be.
        """
        words = database_words(xb)
        n_cells = min(len(words), int(4 * np.sqrt(len(words)))) if n_cells is None else n_cells
        if not 1 <= n_cells <= len(words):
            raise UserError(f"n_cells={n_cells}: expected 1 to {len(words)}, the number of database codes")
        rows = np.sort(np.random.default_rng(seed).choice(len(words), n_cells, replace=False))
        centre_codes = np.asarray(xb)[rows]
        cells = hamming.knn(xb, centre_codes, 1)[1][:, 0]
        ids = np.argsort(cells, kind="stable").astype(np.int32)
        starts = np.searchsorted(cells[ids], np.arange(n_cells + 1)).astype(np.int32)
        blocks = np.empty(words.size, np.uint64)
        to_blocks(words[ids], starts[:-1], starts[1:], blocks)
        centres = np.ascontiguousarray(codes_to_words(centre_codes, "xb").T).ravel()
        return cls(centres, starts, ids, blocks, np.shape(xb)[1])

    def nearest(self, xq: NDArray[np.uint8], probes: int = 16) -> Nearest:
        """Of the codes in the nearest cells, all that are nearest to the query.

        Parameters
        ----------
        xq
            (nq, bytes) uint8, possibly none.
        probes
            Number of cells looked into, at least 1, in the order of their centres' distances; empty cells are passed
            over and not counted. With as many as there are cells the answer is exact.
        """
        queries, probes, largest = self._checked(xq, probes)
        index = (self.centres, self.starts, self.ids, self.blocks)

        def search(part: slice) -> Nearest:
            return Nearest.of_pairs(*_nearest(queries[part], *index, probes, largest))

        return Nearest.join(map_slices(search, len(queries), per_thread=4, at_least=16))

    def search(self, xq: NDArray[np.uint8], k: int, probes: int = 16) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """The ``k`` nearest of the codes in the nearest cells, in the form and with the ties of `hamming.knn`.

        Where the cells hold fewer than ``k`` codes, the rest of a row has id -1 and a distance above any other.
        """
        queries, probes, largest = self._checked(xq, probes)
        if not 1 <= k <= len(self.ids):
            raise UserError(f"k={k}: expected 1 to {len(self.ids)}, the number of database codes")
        distances = np.full((len(queries), k), MORE_THAN_ANY_DISTANCE, np.int32)
        ids = np.full((len(queries), k), -1, np.int64)
        index = (self.centres, self.starts, self.ids, self.blocks)

        def search(part: slice) -> None:
            _knn(queries[part], *index, probes, largest, distances[part], ids[part])

        map_slices(search, len(queries), per_thread=4, at_least=16)
        return distances, ids

    def _checked(self, xq: NDArray[np.uint8], probes: int) -> tuple[NDArray[np.uint64], int, int]:
        """Queries as words, the probes there can be, and the size of the largest cell."""
        if probes < 1:
            raise UserError(f"probes={probes}: expected at least 1 cell to look into")
        sizes = np.diff(self.starts)
        return query_words(xq, self.n_bytes), min(probes, int((sizes > 0).sum())), int(sizes.max())

    def cell_sizes(self) -> NDArray[np.int64]:
        """Number of codes in each cell."""
        return np.diff(self.starts).astype(np.int64)

    @property
    def nbytes(self) -> int:
        """Memory of the index with its codes, in bytes."""
        return self.centres.nbytes + self.starts.nbytes + self.ids.nbytes + self.blocks.nbytes


@njit(cache=True, nogil=True)
def _nearest_cells(query, centres, starts, probes, scratch, tally, cells):  # type: ignore[no-untyped-def]
    """Fill ``cells`` with the ``probes`` cells that are not empty and have the nearest centres, the lower cell
    of equals first.

    Distances are small whole numbers: they are sorted by counting, and only those that will be needed.
    """
    n_cells = starts.size - 1
    least = np.int64(block_distances(centres, n_cells, query, scratch))
    tally[:] = 0
    for cell in range(n_cells):
        tally[scratch[cell]] += starts[cell + 1] > starts[cell]
    total, farthest = 0, least
    while total + tally[farthest] < probes:
        tally[farthest], total = total, total + tally[farthest]  # from here on: where this distance begins
        farthest += 1
    tally[farthest] = total
    for cell in range(n_cells):
        distance = np.int64(scratch[cell])
        if distance <= farthest and starts[cell + 1] > starts[cell] and tally[distance] < probes:
            cells[tally[distance]] = cell
            tally[distance] += 1


@njit(cache=True, nogil=True)
def _nearest(queries, centres, starts, ids, blocks, probes, largest):  # type: ignore[no-untyped-def]
    """Least distances and (query, id) of all candidates at them."""
    n_queries, width = queries.shape
    least = np.empty(n_queries, np.int32)
    n_found, found = 0, np.empty((2, 1024), np.int64)
    to_centres, scratch = np.empty(starts.size - 1, np.uint64), np.empty(largest, np.uint64)
    tally, cells = np.empty(64 * width + 1, np.int64), np.empty(probes, np.int64)
    for query in range(n_queries):
        first_found, best = n_found, np.uint64(MORE_THAN_ANY_DISTANCE)
        _nearest_cells(queries[query], centres, starts, probes, to_centres, tally, cells)
        for cell in cells:
            start, size = starts[cell], starts[cell + 1] - starts[cell]
            here = block_distances(blocks[start * width :], size, queries[query], scratch)
            if here <= best:
                n_found = n_found if here == best else first_found
                best = here
                found, n_found = keep_nearest(scratch[:size], best, query, ids[start:], found, n_found)
        least[query] = best
    return least, found[0, :n_found], found[1, :n_found]


@njit(cache=True, nogil=True)
def _knn(queries, centres, starts, ids, blocks, probes, largest, distances, found_ids):  # type: ignore[no-untyped-def]
    """Fill the rows of ``distances`` and ``found_ids``, sorted by (distance, id)."""
    width, k = queries.shape[1], distances.shape[1]
    to_centres, scratch = np.empty(starts.size - 1, np.uint64), np.empty(largest, np.uint64)
    tally, cells = np.empty(64 * width + 1, np.int64), np.empty(probes, np.int64)
    for query in range(queries.shape[0]):
        row, row_ids = distances[query], found_ids[query]
        _nearest_cells(queries[query], centres, starts, probes, to_centres, tally, cells)
        for cell in cells:
            start, size = starts[cell], starts[cell + 1] - starts[cell]
            if block_distances(blocks[start * width :], size, queries[query], scratch) > np.uint64(row[k - 1]):
                continue
            for i in range(size):
                distance, code = np.int32(scratch[i]), ids[start + i]
                place = k - 1
                if distance > row[place] or (distance == row[place] and code > row_ids[place]):
                    continue
                while place > 0 and (distance, code) < (row[place - 1], row_ids[place - 1]):
                    row[place], row_ids[place] = row[place - 1], row_ids[place - 1]
                    place -= 1
                row[place], row_ids[place] = distance, code
