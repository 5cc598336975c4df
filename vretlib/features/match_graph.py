"""Which frames of a clip show one thing: the cleaning of the training set (thesis §6.2.1, Fig 6.4; Gordo et al., 2017).

Frames are nodes. Two are joined if their SIFT features match well enough, and the strongest component is kept. The text
leaves open, and here is chosen:

- "shared descriptors over the total number of descriptors": features that are each other's nearest and pass Lowe's
  ratio test, twice their number over the features of both frames together, so that equal frames have 1. ``"union"``
  counts shared features once in the total (Jaccard).
- "the strongest component": the one with most frames, "the longest shot"; of equal ones that with the largest sum of
  scores, and then the earliest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from vretlib.errors import UserError

Normaliser = Literal["mean", "union"]

LEAST = 0.25
"""The thesis keeps "only scores greater than 0.25"."""
RATIO = 0.8
"""Lowe's: a match's nearest neighbour is closer than this share of the second nearest."""


@dataclass(frozen=True, eq=False)
class MatchGraph:
    """Scores (n, n) float64, symmetric, 0 where frames are not joined and on the diagonal; and the component of each.

    Components are numbered by strength: 0 is the strongest.
    """

    scores: NDArray[np.float64]
    component: NDArray[np.int64]

    @property
    def kept(self) -> NDArray[np.int64]:
        """Frames of the strongest component, ascending."""
        return np.flatnonzero(self.component == 0)


def match_graph(
    descriptors: Sequence[NDArray[np.float32]], *, least: float = LEAST, normaliser: Normaliser = "mean"
) -> MatchGraph:
    """The graph of a clip's frames from their SIFT descriptors, (features, 128) each, of norm 1 (RootSIFT).

    A frame without features is joined to none.
    """
    n = len(descriptors)
    scores = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1, n):
            scores[i, j] = scores[j, i] = score(descriptors[i], descriptors[j], normaliser)
    return graph_of(scores, least)


def graph_of(scores: NDArray[np.float64], least: float = LEAST) -> MatchGraph:
    """The graph of given scores (n, n): those above ``least`` join, and components are put in order of strength."""
    joined = np.where(scores > least, scores, 0.0)
    np.fill_diagonal(joined, 0)
    if not len(joined):
        raise UserError("a clip without frames has no match graph; expected at least one frame")
    n, label = connected_components(csr_array(joined), directed=False)
    size = np.bincount(label, minlength=n)
    weight = np.bincount(label, joined.sum(axis=1), minlength=n)
    first = np.array([np.flatnonzero(label == c)[0] for c in range(n)])
    place = np.empty(n, np.int64)
    place[np.lexsort((first, -weight, -size))] = np.arange(n)
    return MatchGraph(joined, place[label])


def score(a: NDArray[np.float32], b: NDArray[np.float32], normaliser: Normaliser = "mean") -> float:
    """How much two frames share, 0 to 1."""
    if normaliser not in get_args(Normaliser):
        raise UserError(f"normaliser={normaliser!r}: expected one of {', '.join(get_args(Normaliser))}")
    shared = _shared(a, b)
    total = len(a) + len(b)
    if not shared:
        return 0.0
    return 2 * shared / total if normaliser == "mean" else shared / (total - shared)


def _shared(a: NDArray[np.float32], b: NDArray[np.float32]) -> int:
    """Pairs that are each other's nearest, and much nearer than the second, from ``a`` to ``b``."""
    if len(a) < 1 or len(b) < 2:
        return 0
    cosines = a @ b.T
    nearest, back = cosines.argmax(axis=1), cosines.argmax(axis=0)
    rows = np.arange(len(a))
    first = 2 - 2 * cosines[rows, nearest]
    cosines[rows, nearest] = -np.inf
    second = 2 - 2 * cosines.max(axis=1)
    return int(((back[nearest] == rows) & (first < RATIO**2 * second)).sum())
