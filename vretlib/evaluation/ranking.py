"""Rankings from scores, and ranks of positives from rankings: what every measure is computed from.

A *ranking* lists ids of the database, best first. It may hold the whole database or stop early (the 100 best); an id
occurs at most once. *Positives* are the ids that the query should find. *Junk* is removed from the list before
ranks are counted, as in the Oxford and Paris protocol (Philbin et al., 2007).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.kernels import njit

Ids = NDArray[np.int64]

_OTHER, _POSITIVE, _JUNK, _SEEN = 0, 1, 2, 3
_LARGEST_ID = 2**31 - 1


class FoundPositives(NamedTuple):
    """The ranks of one query's positives.

    Attributes
    ----------
    ranks: (m,) int64 of the positives that are in the list, ascending, from 0, junk not counted.
    n_positives: number of positives, in the list or not.
    """

    ranks: Ids
    n_positives: int


def rank(scores: ArrayLike, exclude: ArrayLike | None = None) -> Ids:
    """Ids by descending score; of equal scores the smaller id first.

    Parameters
    ----------
    scores: (nq, nb) real; larger is more similar.
    exclude: (nq,) ids, optional; one id for each query that is left out of its ranking, such as the query itself.

    Returns
    -------
    (nq, nb) int64, or (nq, nb − 1) with ``exclude``; a tensor where ``scores`` is one.

    Raises
    ------
    UserError: another shape, NaN, or an excluded id outside the database.

    Examples
    --------
    >>> rank([[0.1, 0.9, 0.1]]).tolist(), rank([[0.1, 0.9, 0.1]], exclude=[1]).tolist()
    ([[1, 0, 2]], [[0, 2]])
    """
    values = arrays.array(scores, "scores")
    if values.ndim != 2 or values.dtype.kind not in "fiub":
        raise UserError(f"scores: {values.dtype} of shape {values.shape}; expected real numbers (queries, database)")
    if np.isnan(values).any():
        query, item = np.argwhere(np.isnan(values))[0]
        raise UserError(f"the score of query {query} and item {item} is NaN; describe both again")
    falling = -values if values.dtype.kind == "f" else ~values  # the complement of the largest number is the smallest
    rankings = np.argsort(falling, axis=1, kind="stable").astype(np.int64, copy=False)
    if exclude is None:
        return arrays.like(scores, rankings)
    left_out = arrays.ids(exclude, "exclude", n=len(values), below=values.shape[1])
    kept = rankings[rankings != left_out[:, None]].reshape(len(values), max(values.shape[1] - 1, 0))
    return arrays.like(scores, kept)


def find_positives(
    rankings: Sequence[ArrayLike] | NDArray, positives: Sequence[ArrayLike], junk: Sequence[ArrayLike] | None = None
) -> list[FoundPositives]:
    """The junk-free ranks of each query's positives.

    Parameters
    ----------
    rankings: nq rows of ids, best first; rows may differ in length.
    positives, junk: nq collections of ids, in any order; ``junk=None`` means none.

    Raises
    ------
    UserError: an id that is repeated in a ranking, negative or not an integer; an id that is both positive and junk; or
        another number of rankings than of sets of positives or junk.
    """
    rankings, positives = arrays.entries(rankings, "rankings"), arrays.entries(positives, "positives")
    junk = [()] * len(rankings) if junk is None else arrays.entries(junk, "junk")
    if not len(rankings) == len(positives) == len(junk):
        raise UserError(
            f"{len(rankings)} rankings, {len(positives)} sets of positives, {len(junk)} of junk: "
            "expected one of each per query"
        )
    labels = np.zeros(0, np.uint8)
    found = []
    for query, given in enumerate(zip(rankings, positives, junk, strict=True)):
        row, wanted, ignored = (
            as_ids(ids, f"query {query}: {name}")
            for ids, name in zip(given, ("ranking", "positives", "junk"), strict=True)
        )
        size = 1 + max(int(ids.max(initial=-1)) for ids in (row, wanted, ignored))
        if size > len(labels):
            labels = np.empty(size, np.uint8)
        labels.fill(_OTHER)
        labels[wanted] = _POSITIVE
        n_positives = int(np.count_nonzero(labels))
        if (labels[ignored] == _POSITIVE).any():
            both = int(ignored[labels[ignored] == _POSITIVE][0])
            raise UserError(f"query {query}: id {both} is positive and junk; it can be only one of them")
        labels[ignored] = _JUNK
        ranks = np.empty(n_positives, np.int64)
        n_found = _find(row, labels, ranks)
        if n_found < 0:
            raise UserError(f"query {query}: id {row[-1 - n_found]} is twice in the ranking; list every id once")
        found.append(FoundPositives(ranks[:n_found], n_positives))
    return found


@njit(cache=True, nogil=True)
def _find(ranking, labels, ranks):  # type: ignore[no-untyped-def]
    """Number of positives found, or −1 − place of the first repeated id; writes the ranks of the positives.

    The compiled loop needs one pass and no array as long as the ranking.
    """
    n_found = n_junk = 0
    for place in range(ranking.size):
        label = labels[ranking[place]]
        labels[ranking[place]] = _SEEN
        if label == _POSITIVE:
            ranks[n_found] = place - n_junk
            n_found += 1
        elif label == _JUNK:
            n_junk += 1
        elif label == _SEEN:
            return -1 - place
    return n_found


def as_ids(ids: ArrayLike, name: str) -> Ids:
    """Ids as (n,) int64; a `UserError` that starts with ``name`` when they are not whole numbers from 0."""
    return arrays.ids(ids, name, below=_LARGEST_ID + 1)
