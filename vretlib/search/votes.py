"""Votes of the nearest key features for the shots that they belong to (thesis section 5.1.3).

All candidates at the minimum distance vote, so a query feature whose three nearest key features are equally far
casts three votes, two of them for the same shot if two of the key features belong to it, as in the authors' code. There
is no threshold on the distance and no ratio test.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.search.neighbours import Nearest

_NO_NEIGHBOUR = -1


def count(
    nearest: Nearest,
    labels: ArrayLike,
    n_labels: int,
    weights: ArrayLike | None = None,
) -> NDArray[np.float64]:
    """Votes for each label.

    Parameters
    ----------
    nearest: the neighbours of one image's features; none at all give no votes. Id -1, with which the searches fill
        places that have no neighbour, casts none either.
    labels: (nb,) whole numbers, 0 to ``n_labels - 1``: the label of each database vector, such as the shot of a key
        feature.
    n_labels: number of labels.
    weights: (nb,) the weight of a vote for each database vector; 1 if not given.

    Returns
    -------
    votes
        (n_labels,) float64.

    Raises
    ------
    UserError: labels outside 0 to ``n_labels - 1``, ids without a label, weights that are not one finite number for
        each label, or wrong types.

    Examples
    --------
    >>> nearest = Nearest.of_pairs(np.array([4, 6], np.int32), np.array([0, 0, 1]), np.array([0, 1, 2]))
    >>> count(nearest, np.array([5, 5, 3]), 6).tolist()
    [0.0, 0.0, 0.0, 1.0, 0.0, 2.0]
    """
    if not isinstance(nearest, Nearest):
        raise UserError(f"nearest is {type(nearest).__name__}; expected the answer of a search, a Nearest")
    n_labels = arrays.whole(n_labels, "n_labels", 0)
    labels = arrays.ids(labels, "labels")
    if len(labels) and not 0 <= labels.min() <= labels.max() < n_labels:
        raise UserError(f"labels run from {labels.min()} to {labels.max()}; expected 0 to {n_labels - 1}")
    worth = None if weights is None else arrays.vector(weights, "weights", n=len(labels))
    ids = nearest.ids[nearest.ids != _NO_NEIGHBOUR]
    if len(ids) and not 0 <= ids.min() <= ids.max() < len(labels):
        wrong = ids.min() if ids.min() < 0 else ids.max()
        raise UserError(f"a neighbour has id {wrong}, but there are {len(labels)} labels, one per key feature")
    counts = np.bincount(labels[ids], None if worth is None else worth[ids], minlength=n_labels)
    return counts.astype(np.float64, copy=False)


def relative(votes: ArrayLike, sizes: ArrayLike, smoothing: float | None = None) -> NDArray[np.float64]:
    """Votes per key feature of the shot. This goes beyond the thesis: long textured shots collect most of the wrong
    votes.

    A shot with few key features would win by chance, so each is counted as if it had ``smoothing`` more key features
    without votes: ``votes / (sizes + smoothing)``.

    Parameters
    ----------
    votes, sizes: (n_labels,) votes and number of key features of each shot.
    smoothing: above 0. By default the mean of ``sizes``: the votes of an average shot are halved, those of a tiny one
        nearly lost.

    Raises
    ------
    UserError: no labels, different lengths, values that are not finite, negative sizes, or a ``smoothing`` that is not
        above 0.
    """
    counts, sizes = arrays.vector(votes, "votes", at_least=1), arrays.vector(sizes, "sizes")
    arrays.same_length(votes=counts, sizes=sizes)
    if sizes.min() < 0:
        raise UserError(f"sizes holds {sizes.min():g}; expected numbers of key features from 0")
    mean = float(sizes.mean())
    smoothing = arrays.number(mean if smoothing is None else smoothing, "smoothing", above=0, what="key features")
    return counts / (sizes + smoothing)


def winner(votes: ArrayLike) -> int:
    """The label with the most votes, the lowest of equals; -1 if there is no vote.

    With shots numbered film after film this is the authors' rule: the first film, then its first shot. Votes that are
    not finite numbers raise a `UserError`.
    """
    counts = arrays.vector(votes, "votes")
    return int(np.argmax(counts)) if (counts > 0).any() else -1


def ranked(votes: ArrayLike, n: int) -> NDArray[np.int64]:
    """The ``n`` labels with most votes, best first, of equals the first; -1 in the places of those without any vote."""
    counts, n = arrays.vector(votes, "votes"), arrays.whole(n, "n", 1, 2**31)
    best = np.argsort(-counts, kind="stable")[:n]
    found = np.full(n, _NO_NEIGHBOUR, np.int64)
    found[: len(best)] = np.where(counts[best] > 0, best, _NO_NEIGHBOUR)
    return found
