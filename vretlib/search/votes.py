"""From nearest key features to a shot: every neighbour votes for the shot it belongs to (thesis section 5.1.3).

All candidates at the minimum distance vote, so a query feature whose three nearest key features are equally far
casts three votes, and two of them for one shot if two of them belong there: this is what the authors' code
counts. There is no threshold on the distance and no ratio test.
"""

import numpy as np
from numpy.typing import NDArray

from vretlib.errors import UserError
from vretlib.search.neighbours import Nearest


def count(
    nearest: Nearest,
    labels: NDArray[np.integer],
    n_labels: int,
    weights: NDArray[np.floating] | None = None,
) -> NDArray[np.float64]:
    """Votes for each label.

    Parameters
    ----------
    nearest
        The neighbours of one image's features; none at all give no votes.
    labels
        (nb,) the label of each database vector, such as the shot of a key feature, 0 to ``n_labels - 1``.
    n_labels
        Number of labels.
    weights
        (nb,) what a vote for each database vector counts; without it, 1.

    Returns
    -------
    votes
        (n_labels,) float64.

    Examples
    --------
    >>> nearest = Nearest.of_pairs(np.array([4, 6], np.int32), np.array([0, 0, 1]), np.array([0, 1, 2]))
    >>> count(nearest, np.array([5, 5, 3]), 6).tolist()
    [0.0, 0.0, 0.0, 1.0, 0.0, 2.0]
    """
    labels = np.asarray(labels)
    if len(labels) and not 0 <= labels.min() <= labels.max() < n_labels:
        raise UserError(f"labels run from {labels.min()} to {labels.max()}; expected 0 to {n_labels - 1}")
    if len(nearest.ids) and nearest.ids.max() >= len(labels):
        raise UserError(
            f"a neighbour has id {nearest.ids.max()}, but there are {len(labels)} labels, one per key feature"
        )
    votes_for = labels[nearest.ids]
    worth = np.ones(len(votes_for)) if weights is None else np.asarray(weights, np.float64)[nearest.ids]
    return np.bincount(votes_for, worth, minlength=n_labels).astype(np.float64, copy=False)


def relative(
    votes: NDArray[np.floating], sizes: NDArray[np.integer], smoothing: float | None = None
) -> NDArray[np.float64]:
    """Votes per key feature of the shot: beyond the thesis, against long textured shots that collect every lost
    vote.

    A shot with a handful of key features would win by chance, so each is counted as if it had ``smoothing``
    more that nobody votes for: ``votes / (sizes + smoothing)``.

    Parameters
    ----------
    votes, sizes
        (n_labels,) votes and number of key features of each shot.
    smoothing
        Above 0. By default the mean of ``sizes``: an average shot is held back by half, a tiny one by nearly all.
    """
    sizes = np.asarray(sizes, np.float64)
    smoothing = float(sizes.mean()) if smoothing is None else smoothing
    if smoothing <= 0:
        raise UserError(f"smoothing={smoothing}: expected a number of key features above 0")
    return votes / (sizes + smoothing)


def winner(votes: NDArray[np.floating]) -> int:
    """The label with the most votes, the lowest of equals; -1 if there is no vote.

    With shots numbered film after film this is the authors' rule: the lowest film, then its lowest shot.
    """
    return int(np.argmax(votes)) if np.any(np.asarray(votes) > 0) else -1
