"""Retrieval from one kind of thing to another, such as text to image: ranks, median rank and R@K (thesis §7.4.1).

Row i of both sides belongs together, so that each query has one right answer. Ranks count from 1. The smaller row comes
first among equal cosines, as in `vretlib.evaluation.ranking.rank`; the authors' code puts the larger row first. The two
differ only where two vectors are equal, as those of two texts without a word of the vocabulary are.

Scores are computed in blocks of queries, so that memory does not grow with the square of the collection.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.kernels import njit

Ranks = NDArray[np.int64]

KS = (1, 5, 10)
"""The K of R@K in the thesis."""

_SCORES = 1 << 23  # that are held at a time: 32 MiB


class BothWays(NamedTuple):
    """The rank of the right answer of every query, int64 (n,), from 1, in both directions; see `both`."""

    text_to_image: Ranks
    image_to_text: Ranks


def both(texts: ArrayLike, images: ArrayLike) -> BothWays:
    """Ranks in both directions, by cosine, of text vectors and image vectors (n, d), of which row i is one sample.

    The matrix of cosines is computed once: its rows rank images for a text, its columns texts for an image.
    """
    return BothWays(*_counted(texts, images, ("texts", "images")))


def ranks(xq: ArrayLike, xb: ArrayLike) -> Ranks:
    """The rank of row i of the database for query i, int64 (n,), counted from 1.

    Parameters
    ----------
    xq, xb: (n, d) queries and database, compared by cosine; a zero vector has cosine 0 with everything.

    Raises
    ------
    UserError: other shapes, or NaN.

    Examples
    --------
    >>> ranks([[1.0, 0.0], [1.0, 0.1]], [[1.0, 0.0], [0.0, 1.0]]).tolist()
    [1, 2]
    """
    return _counted(xq, xb, ("xq", "xb"))[0]


def _counted(xq: ArrayLike, xb: ArrayLike, names: tuple[str, str]) -> tuple[Ranks, Ranks]:
    """Ranks by rows and by columns of the matrix of cosines, which is computed in blocks of about equal height."""
    queries = arrays.unit(arrays.matrix(xq, names[0]))
    n, d = queries.shape
    database = np.ascontiguousarray(arrays.unit(arrays.matrix(xb, names[1], n=n, d=d, like=names[0])).T)
    n_blocks = min(n, -(-n * n // _SCORES))
    blocks = [slice(k * n // n_blocks, (k + 1) * n // n_blocks) for k in range(n_blocks)]
    own = np.empty(n, np.float32)
    for block in blocks:
        own[block] = np.diagonal(queries[block] @ database[:, block])
    alike = _Alike(queries, database.T, own)
    room = np.empty((max((block.stop - block.start for block in blocks), default=0), n), np.float32)
    by_row, by_column = np.ones(n, np.int64), np.ones(n, np.int32)
    for block in blocks:
        scores = np.matmul(queries[block], database, out=room[: block.stop - block.start])
        alike.settle(scores, block.start)
        _count(scores, block.start, own, by_row, by_column)
    return by_row, by_column.astype(np.int64)


class _Alike:
    """Equal vectors, whose cosines are made equal: products of matrices may round them in different ways.

    ``own`` (n,), the cosine of each query with its item, is made equal where queries and items are.
    """

    def __init__(self, queries: NDArray[np.float32], items: NDArray[np.float32], own: NDArray[np.float32]) -> None:
        (of_queries, several_queries), (of_items, several_items) = _equal_rows(queries), _equal_rows(items)
        both = of_queries * len(own) + of_items
        _, first, which = np.unique(both, return_index=True, return_inverse=True)
        own[:] = own[first][which]
        self.own, self.rows, self.columns = own, several_queries, several_items

    def settle(self, scores: NDArray[np.float32], start: int) -> None:
        """Replace cosines (rows, n) of the queries from ``start`` on, where they belong to an equal query or item."""
        stop = start + len(scores)
        for rows in self.rows:
            here = rows[(rows >= start) & (rows < stop)]
            scores[np.ix_(here - start, rows)] = self.own[rows]
        for columns in self.columns:
            here = columns[(columns >= start) & (columns < stop)]
            scores[np.ix_(here - start, columns)] = self.own[here, None]


def _equal_rows(x: NDArray[np.float32]) -> tuple[NDArray[np.int64], list[NDArray[np.int64]]]:
    """A number for each row, the same for equal rows (−0 is 0), and the rows of every number that several have."""
    first: dict[bytes, int] = {}
    number = np.array([first.setdefault(row.tobytes(), len(first)) for row in x + 0.0], np.int64)
    counts = np.bincount(number, minlength=1)
    return number, [np.flatnonzero(number == one) for one in np.flatnonzero(counts > 1)]


@njit(cache=True, nogil=True)
def _count(scores, first, own, by_row, by_column):  # type: ignore[no-untyped-def]
    """Add, for query ``first`` + i and for each column, the items that are better, or equal and before the own one."""
    for i in range(scores.shape[0]):
        at = first + i
        mine, n = own[at], np.int32(0)
        row, theirs, counts = scores[i, :at], own[:at], by_column[:at]  # loops over slices are twice as fast
        for j in range(row.size):
            n += np.int32(row[j] >= mine)
            counts[j] += np.int32(row[j] > theirs[j])
        row, theirs, counts = scores[i, at + 1 :], own[at + 1 :], by_column[at + 1 :]
        for j in range(row.size):
            n += np.int32(row[j] > mine)
            counts[j] += np.int32(row[j] >= theirs[j])
        by_row[at] += n


def at(found: ArrayLike, k: int) -> NDArray[np.float64]:
    """1 for each query whose right answer is among the first ``k``, else 0: float64 (n,), whose mean is R@K."""
    return (_ranks(found) <= arrays.whole(k, "k", 1)).astype(np.float64)


def random_ranks(n: int) -> NDArray[np.float64]:
    """What a random order gives each of ``n`` queries in the mean: the rank (n + 1) / 2, float64 (n,).

    The median of the queries' ranks has the same expectation, since every rank r is as likely as n + 1 - r.
    """
    n = arrays.whole(n, "n", 1)
    return np.full(n, (n + 1) / 2)


def random_at(n: int, k: int) -> NDArray[np.float64]:
    """The chance of each of ``n`` queries to have its answer among the first ``k`` of a random order: k / n."""
    n = arrays.whole(n, "n", 1)
    return np.full(n, min(arrays.whole(k, "k", 1), n) / n)


def among(texts: ArrayLike, images: ArrayLike, pools: Sequence[ArrayLike]) -> NDArray[np.float64]:
    """1 for each text whose own image is the nearest of its pool, else 0: float64, one for each pool.

    Parameters
    ----------
    texts, images: (n, d) vectors, compared by cosine.
    pools: for each question, image rows of which the *first* is also the row of the text. The right
        answer loses to an equal cosine.

    Raises
    ------
    UserError: a pool of fewer than two images, ids outside ``images``, or vectors of different shapes or with NaN or
        infinity.
    """
    y = arrays.unit(arrays.matrix(images, "images"))
    x = arrays.unit(arrays.matrix(texts, "texts", n=len(y), d=y.shape[1], like="images"))
    right = []
    for pool in arrays.entries(pools, "pools"):
        rows = arrays.ids(pool, "pool", below=len(y))
        if len(rows) < 2:
            raise UserError(f"a pool of {len(rows)} images; expected at least 2 to choose from")
        scores = y[rows] @ x[rows[0]]
        right.append(float(scores[0] > scores[1:].max()))
    return np.array(right)


def _ranks(found: ArrayLike) -> NDArray:
    given = arrays.vector(found, "ranks", at_least=1)
    if given.min() < 1:
        raise UserError(f"ranks hold {given.min():g}; expected numbers from 1")
    return given
