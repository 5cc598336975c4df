"""Average precision and precision-recall curves of Hamming rankings, where most items are tied (paper 001, section IV).

A code of K bits has K + 1 distances, so thousands of items share few ranks. There are three measures for such rankings,
none of which sorts:

`stable_average_precisions`
    Ties stay in the order of the database, as a stable sort leaves them: the numbers of paper 001 and of the published
    code of the laboratory it comes from. Another order of the same database gives other numbers.
`expected_average_precisions`
    The mean over all orders of tied items (McSherry and Najork, 2008), for all queries at once. For scores of any
    kind, junk and other rules see `vretlib.evaluation.average_precision.expected_average_precision`.
`extreme_average_precisions`
    The worst and the best value that an order of tied items can give.

Average precision is the plain one, Σ precision at each relevant item / R, over the whole ranking, R all relevant items.
A query without relevant items has the value NaN, which `vretlib.evaluation.average_precision.mean` leaves out and
reports.
"""

from typing import Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.evaluation._tied_counts import in_order, over_orders
from vretlib.parallel import map_slices

Values = NDArray[np.float64]
CurveSteps = Literal["radius", "rank"]

_LARGEST = 1 << 16  # distances are below


class PrecisionRecall(NamedTuple):
    """A curve: point i is what is retrieved within Hamming radius i, or among the first i + 1."""

    recall: Values
    precision: Values


def stable_average_precisions(distances: ArrayLike, relevant: ArrayLike) -> Values:
    """Average precision of each query over the whole database, ties in the order of the database.

    Parameters
    ----------
    distances: (nq, nb) whole numbers, 0 to 65,535, small is near; as `vretlib.search.packed_codes.distances` returns
        them.
    relevant: (nq, nb) bool.

    Returns
    -------
    (nq,) float64, 0 to 1; NaN without relevant items.

    Raises
    ------
    UserError: other dtypes, negative distances, or shapes that differ.

    Examples
    --------
    >>> stable_average_precisions([[1, 0, 1]], [[True, False, True]]).round(4).tolist()  # (1/2 + 2/3) / 2
    [0.5833]
    """
    near, wanted, n_values = _checked(distances, relevant)
    found = np.empty(len(near))
    map_slices(lambda part: in_order(near[part], wanted[part], n_values, found[part]), len(near), at_least=8)
    return found


def expected_average_precisions(distances: ArrayLike, relevant: ArrayLike) -> Values:
    """The mean of the average precision over all orders of tied items; arguments, result and errors as in
    `stable_average_precisions`.

    Of t tied items let m be relevant, with n items and j relevant ones nearer. The item at place i (from 0) of the tie
    is relevant with probability m/t, and is then preceded by j + i (m − 1)/(t − 1) relevant ones on average. The sum of
    (j + 1 + i b) / (n + 1 + i) with b = (m − 1)/(t − 1) over i = 0 … t − 1 is

        b t + (j + 1 − b (n + 1)) (H(n + t) − H(n)),   H(n) = 1 + 1/2 + … + 1/n.
    """
    return _over_all_orders(distances, relevant)[0]


def extreme_average_precisions(distances: ArrayLike, relevant: ArrayLike) -> tuple[Values, Values]:
    """The worst and the best average precision over all orders of tied items: relevant ones last, or first.

    Arguments, NaN and errors as in `stable_average_precisions`.
    """
    _, worst, best = _over_all_orders(distances, relevant)
    return worst, best


def precision_recall(distances: ArrayLike, relevant: ArrayLike, *, by: CurveSteps = "radius") -> PrecisionRecall:
    """A precision-recall curve over all queries that have relevant items (Figure 5 of paper 001).

    Parameters
    ----------
    distances, relevant: as in `stable_average_precisions`.
    by: ``"radius"``: one point for each distance up to the largest. Everything retrieved by any query is counted
        together; the order of ties does not matter. ``"rank"``: one point for each number of retrieved items, ties in
        the order of the database, precision and recall averaged over queries. The paper does not say which it draws.

    Returns
    -------
    float64 arrays; precision is NaN where nothing is retrieved.

    Raises
    ------
    UserError: as in `stable_average_precisions`, and if no query has relevant items.
    """
    arrays.choice(by, "by", get_args(CurveSteps))
    near, wanted, n_values = _checked(distances, relevant)
    some = wanted.any(axis=1)
    if not some.any():
        raise UserError(f"none of {len(near)} queries has relevant items; a curve needs at least one that has")
    near, wanted = near[some], wanted[some]
    if by == "radius":
        retrieved = np.cumsum(np.bincount(near.ravel(), minlength=n_values))
        hits = np.cumsum(np.bincount(near[wanted], minlength=n_values))
        precision = np.divide(hits, retrieved, out=np.full(n_values, np.nan), where=retrieved > 0)
        return PrecisionRecall(hits / hits[-1], precision)
    order = np.argsort(near, axis=1, kind="stable")
    hits = np.cumsum(np.take_along_axis(wanted, order, axis=1), axis=1)
    return PrecisionRecall((hits / hits[:, -1:]).mean(axis=0), hits.mean(axis=0) / np.arange(1, near.shape[1] + 1))


def _over_all_orders(distances: ArrayLike, relevant: ArrayLike) -> NDArray[np.float64]:
    """Expected, worst and best average precision: (3, nq)."""
    near, wanted, n_values = _checked(distances, relevant)
    harmonic = np.concatenate([[0.0], np.cumsum(1 / np.arange(1.0, near.shape[1] + 1))])
    found = np.empty((3, len(near)))
    map_slices(
        lambda part: over_orders(near[part], wanted[part], n_values, harmonic, *found[:, part]), len(near), at_least=8
    )
    return found


def _checked(distances: ArrayLike, relevant: ArrayLike) -> tuple[NDArray[np.unsignedinteger], NDArray[np.bool_], int]:
    """Distances as uint8 or uint16, relevance, and one more than the largest distance that may occur."""
    near, wanted = arrays.array(distances, "distances"), arrays.array(relevant, "relevant")
    if near.ndim != 2 or near.dtype.kind not in "iu":
        raise UserError(f"distances: {near.dtype} of shape {near.shape}; expected whole numbers (queries, database)")
    if wanted.dtype != np.bool_ or wanted.shape != near.shape:
        raise UserError(f"relevant: {wanted.dtype} of shape {wanted.shape}; expected bool of shape {near.shape}")
    low, high = int(near.min(initial=0)), int(near.max(initial=0))
    if low < 0 or high >= _LARGEST:
        raise UserError(f"distances hold {low if low < 0 else high}; expected 0 to {_LARGEST - 1}")
    if near.dtype != np.uint8:
        near = near.astype(np.uint16)
    return np.ascontiguousarray(near), np.ascontiguousarray(wanted), high + 1
