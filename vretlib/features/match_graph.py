"""The frames of a clip that show one thing: cleaning of the training set (thesis §6.2.1, Fig 6.4; Gordo et al., 2017).

Frames are nodes. Two are joined if the score of their SIFT features is above a minimum, and the strongest component is
kept. The text leaves three points open; the choices here are:

- "shared descriptors over the total number of descriptors": features that are each other's nearest and pass Lowe's
  ratio test, twice their number over the features of both frames together, so that equal frames have 1. ``"union"``
  counts shared features once in the total (Jaccard).
- the direction of the ratio test. The score should not depend on which frame comes first, so a match must pass the test
  from both frames (``"both"``). ``"either"`` requires one of them. ``"first"`` requires the first frame, as in Lowe's
  search for the features of one image in a database; the score then depends on the order of the two frames.
- "the strongest component": the one with most frames, "the longest shot"; of equal ones that with the largest sum of
  scores, and then the earliest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from vretlib import arrays
from vretlib.errors import UserError

Normaliser = Literal["mean", "union"]
Ratio = Literal["both", "either", "first"]

MIN_SCORE = 0.25
"""The thesis keeps "only scores greater than 0.25"."""
RATIO = 0.8
"""Lowe's: a match's nearest neighbour is closer than this share of the second nearest."""


_ABOUT = 0.02  # how far the squared norm of a feature may be from 1


@dataclass(frozen=True, eq=False)
class MatchGraph:
    """Scores (n, n) float64, symmetric, 0 where frames are not joined and on the diagonal; and each frame's component.

    Components are numbered by strength; number 0 is the strongest.
    """

    scores: NDArray[np.float64]
    component: NDArray[np.int64]

    @property
    def kept(self) -> NDArray[np.int64]:
        """Frames of the strongest component, ascending."""
        return np.flatnonzero(self.component == 0)


def match_graph(
    descriptors: Sequence[ArrayLike],
    *,
    minimum: float = MIN_SCORE,
    normaliser: Normaliser = "mean",
    ratio: Ratio = "both",
) -> MatchGraph:
    """The graph of a clip's frames from their SIFT descriptors, (features, 128) each, of norm 1 (RootSIFT).

    A frame without features is joined to none.
    """
    descriptors = arrays.entries(descriptors, "descriptors")
    n = len(descriptors)
    scores = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1, n):
            scores[i, j] = scores[j, i] = score(descriptors[i], descriptors[j], normaliser, ratio)
    return graph_of(scores, minimum)


def graph_of(scores: ArrayLike, minimum: float = MIN_SCORE) -> MatchGraph:
    """The graph of given scores (n, n), symmetric: frames join above ``minimum``; component 0 is the strongest.

    Raises
    ------
    UserError: there is no frame, the scores are not finite and symmetric (n, n), or ``minimum`` is below 0.
    """
    scores = arrays.array(scores, "scores")
    if not scores.size:
        raise UserError("a clip without frames has no match graph; expected at least one frame")
    given, minimum = arrays.matrix(scores, "scores", dtype=np.float64), arrays.number(minimum, "minimum", minimum=0)
    if len(given) != given.shape[1] or not np.allclose(given, given.T):
        raise UserError(f"scores of shape {given.shape}: expected (n, n), the same both ways")
    joined = np.where(given > minimum, given, 0.0)
    np.fill_diagonal(joined, 0)
    n, label = connected_components(csr_array(joined), directed=False)
    size = np.bincount(label, minlength=n)
    weight = np.bincount(label, joined.sum(axis=1), minlength=n)
    first = np.array([np.flatnonzero(label == c)[0] for c in range(n)])
    place = np.empty(n, np.int64)
    place[np.lexsort((first, -weight, -size))] = np.arange(n)
    return MatchGraph(joined, place[label])


def score(a: ArrayLike, b: ArrayLike, normaliser: Normaliser = "mean", ratio: Ratio = "both") -> float:
    """The share of features that two frames have in common, 0 to 1, from their features (n, d) of norm 1."""
    arrays.choice(normaliser, "normaliser", get_args(Normaliser))
    arrays.choice(ratio, "ratio", get_args(Ratio))
    first = _unit_vectors(a, "a")
    second = _unit_vectors(b, "b", first.shape[1])
    shared = _shared(first, second, ratio)
    total = len(first) + len(second)
    if not shared:
        return 0.0
    return 2 * shared / total if normaliser == "mean" else shared / (total - shared)


def _unit_vectors(x: ArrayLike, name: str, d: int | None = None) -> NDArray[np.float32]:
    vectors = arrays.matrix(x, name, d=d, like="the other frame")
    if len(vectors) and np.abs(np.einsum("nd,nd->n", vectors, vectors) - 1).max() > _ABOUT:
        raise UserError(
            f"{name}: features that are not of norm 1; expected RootSIFT, as local.sift(root=True) gives it"
        )
    return vectors


def _shared(a: NDArray[np.float32], b: NDArray[np.float32], ratio: Ratio) -> int:
    """Number of pairs of features that are each other's nearest and pass the ratio test.

    A frame of one feature has no second nearest. Then the ratio is tested only in the other direction, and two such
    frames share nothing.
    """
    if not len(a) or not len(b) or (len(b) < 2 and (len(a) < 2 or ratio == "first")):
        return 0
    cosines = a @ b.T
    nearest, back = cosines.argmax(axis=1), cosines.argmax(axis=0)
    rows = np.flatnonzero(back[nearest] == np.arange(len(a)))
    columns = nearest[rows]
    ways = []
    if len(b) > 1:
        ways.append(_clear(a, b, cosines, rows, columns))
    if len(a) > 1 and ratio != "first":
        ways.append(_clear(b, a, cosines.T, columns, rows))
    return int((np.logical_or if ratio == "either" else np.logical_and).reduce(ways).sum())


def _clear(
    a: NDArray[np.float32], b: NDArray[np.float32], cosines: NDArray[np.float32], rows: NDArray, nearest: NDArray
) -> NDArray[np.bool_]:
    """Whether these features of ``a`` pass Lowe's ratio test between the two nearest features of ``b``.

    Cosines find the two nearest; distances are computed from the vectors, because 2 - 2 cos of near vectors loses
    digits.
    """
    others = cosines[rows]
    others[np.arange(len(rows)), nearest] = -np.inf
    first, second = (
        ((a[rows].astype(np.float64) - b[which]) ** 2).sum(axis=1) for which in (nearest, others.argmax(axis=1))
    )
    return np.asarray(first < RATIO**2 * second)
