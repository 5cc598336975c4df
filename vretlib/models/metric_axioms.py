"""The four axioms of a metric (thesis §3.2.1), counted on a matrix of distances."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from vretlib.errors import NoExampleError, UserError

AXIOMS = ("non-negativity", "identity", "symmetry", "triangle inequality")

Distances = NDArray[np.float64]


def violations(distances: ArrayLike, same: ArrayLike | None = None, tolerance: float = 1e-6) -> pd.Series:
    """Share of ordered pairs, and for the last axiom of ordered triples of three things, that break each axiom.

    An axiom that nothing could break has NaN: the triangle inequality of fewer than three things.

    Parameters
    ----------
    distances: (n, n), ``d(a, b)`` in row a and column b.
    same: (n, n) bool, where a and b are the same thing; by default only a thing and itself.
    tolerance: what counts as zero, as a share of the largest magnitude.
    """
    d = _square(distances)
    equal = np.eye(len(d), dtype=np.bool_) if same is None else np.asarray(same, np.bool_)
    zero = tolerance * np.abs(d).max(initial=0.0)
    triples = len(d) * (len(d) - 1) * (len(d) - 2)
    broken = sum(int(np.count_nonzero(excess > zero)) for excess in _excesses(d))
    shares = [
        np.mean(d < -zero),
        np.mean((np.abs(d) <= zero) != equal),
        np.mean(np.abs(d - d.T) > zero),
        broken / triples if triples else np.nan,
    ]
    return pd.Series(shares, index=list(AXIOMS), dtype=float)


class Triangle(NamedTuple):
    """Three things, by position: ``a`` and ``b``, and ``c``, over which the detour goes."""

    a: int
    c: int
    b: int


IN_ORDER = Triangle(0, 1, 2)


def worst_triangle(distances: ArrayLike) -> Triangle:
    """The three things with the largest ``d(a, b) - d(a, c) - d(c, b)``, the first on a tie.

    Raises
    ------
    NoExampleError: fewer than three things.
    """
    d = _square(distances)
    if len(d) < 3:
        raise NoExampleError(f"distances of {len(d)} things; a triangle needs three")
    excess = np.stack(_excesses(d))
    c, a, b = np.unravel_index(np.argmax(excess), excess.shape)
    return Triangle(int(a), int(c), int(b))


def sides(distances: ArrayLike, triangle: Triangle = IN_ORDER) -> pd.Series:
    """The three sides of a triangle, and how much longer the detour over c is; below 0 the inequality is broken."""
    d, (a, c, b) = _square(distances), triangle
    values = [float(v) for v in (d[a, b], d[a, c], d[c, b], d[a, c] + d[c, b] - d[a, b])]
    return pd.Series(values, index=["d(a, b)", "d(a, c)", "d(c, b)", "detour − way"])


def format_triangle(distances: ArrayLike, triangle: Triangle = IN_ORDER) -> str:
    """One line with the direct way between two corners of a triangle and the detour over the third."""
    way, there, on, slack = sides(distances, triangle)
    sign = ">" if slack < 0 else "≤"
    return f"d(a, b) = {way:.2f} {sign} {there + on:.2f} = d(a, c) + d(c, b) = {there:.2f} + {on:.2f}"


def _excesses(d: Distances) -> list[Distances]:
    """The (n, n) excess of the way from a to b over the detour by each c; -inf where two of the three are one."""
    found = []
    for c in range(len(d)):
        excess = d - d[:, c, None] - d[None, c, :]
        excess[c, :] = excess[:, c] = -np.inf
        np.fill_diagonal(excess, -np.inf)
        found.append(excess)
    return found


def _square(distances: ArrayLike) -> Distances:
    d = np.asarray(distances, np.float64)
    if d.ndim != 2 or d.shape[0] != d.shape[1]:
        raise UserError(f"distances of shape {d.shape}; expected (n, n)")
    return d
