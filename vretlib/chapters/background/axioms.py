"""The four axioms of a metric (thesis §3.2.1), counted on real distances, and the centaur that breaks the fourth."""

from collections.abc import Mapping
from typing import NamedTuple

import cv2
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from vretlib.chapters.background.compare import STANDARD, bits
from vretlib.chapters.background.deep import trace_rmac
from vretlib.chapters.background.local import shown
from vretlib.datasets.landmarks.collection import LandmarkCollection
from vretlib.errors import NoExampleError, UserError
from vretlib.features.backbones import Backbone
from vretlib.models.oasis import Oasis
from vretlib.search import similarity

AXIOMS = ("non-negativity", "identity", "symmetry", "triangle inequality")

Image = NDArray[np.uint8]
Distances = NDArray[np.float64]


def measures(x: ArrayLike, oasis: Oasis | None, lessons: NDArray[np.float32]) -> dict[str, Distances]:
    """Distances (n, n) of vectors (n, d) by everything that this page compares with, in double precision.

    A learned similarity s becomes the distance 1 - s, as the cosine does (thesis §2.2.1). The angle, in units of a
    right angle, is not in the thesis; it sorts as the cosine does. ``lessons`` decide the bits that Hamming compares.
    """
    v = np.asarray(x, np.float64)
    found = {way: similarity.distances(v, v, metric) for way, metric in STANDARD.items()}
    code = bits(v.astype(np.float32), lessons)
    found["Hamming"] = similarity.distances(code, code, "hamming")
    found["angle"] = np.arccos(np.clip(1 - found["cosine"], -1, 1)) / (np.pi / 2)
    np.fill_diagonal(found["angle"], 0)  # the arc cosine of 1 - 1e-16 is 1e-8
    return found if oasis is None else found | {"OASIS": 1 - v @ oasis.M @ v.T}


def table(measured: Mapping[str, Distances]) -> pd.DataFrame:
    """Per cent of pairs, or triples, that break each axiom (columns), by measure (rows)."""
    return 100 * pd.DataFrame({name: violations(d) for name, d in measured.items()}).T


def violations(distances: ArrayLike, same: ArrayLike | None = None, tolerance: float = 1e-6) -> pd.Series:
    """Share of ordered pairs, and for the last axiom of ordered triples of three things, that break each axiom.

    Parameters
    ----------
    distances: (n, n), ``d(a, b)`` in row a and column b.
    same: (n, n) bool, where a and b are the same thing; by default only a thing and itself.
    tolerance: what counts as zero, as a share of the largest magnitude.

    NaN for an axiom that nothing could break: the triangle inequality of fewer than three things.
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
    """The three things with the largest ``d(a, b) - d(a, c) - d(c, b)``, the first of equals."""
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


def all_sides(measured: Mapping[str, Distances]) -> pd.DataFrame:
    """`sides` of three things, in the order a, c, b, by every measure (rows)."""
    return pd.DataFrame({name: sides(d) for name, d in measured.items()}).T


def sides_of(
    beasts: Mapping[str, Image], network: Backbone, oasis: Oasis | None, lessons: NDArray[np.float32]
) -> pd.DataFrame:
    """`all_sides` of the R-MAC of three images, in the order a, c, b."""
    vectors = np.stack([trace_rmac(beast, network).rmac() for beast in beasts.values()])
    return all_sides(measures(vectors, oasis, lessons))


def centaur(left: Image, right: Image) -> Image:
    """Half of one image beside half of another: like both, though they are not like one another.

    The images are RGB (h, w, 3); the second is resized to the first.
    """
    height, width = left.shape[:2]
    other = cv2.resize(right, (width, height), interpolation=cv2.INTER_AREA)
    return np.concatenate([left[:, : width // 2], other[:, width // 2 :]], axis=1)


def menagerie(searched: LandmarkCollection, pair: tuple[int, int], longest: int) -> dict[str, Image]:
    """The images of two queries with their centaur in the middle, by caption, in the order a, c, b."""
    left, right = (shown(searched.queries[q].path, longest) for q in pair)
    return {"a": left, "c, the centaur": centaur(left, right), "b": right}


def unlike_pair(
    searched: LandmarkCollection, longest: int, scores: NDArray[np.float32], brightness: float = 90.0
) -> tuple[int, int]:
    """Two queries of different landmarks, of which the first scores the second's image lowest.

    Queries are given by number. Only those whose image is in the database are considered; images of different shapes
    only if there are no two of one shape, and photographs by night (mean below ``brightness`` of 255) only if nothing
    else is left: one is to see something.

    Raises
    ------
    NoExampleError: no two queries are of different landmarks.
    """
    known = [k for k, query in enumerate(searched.queries) if query.image is not None]
    images = {k: shown(searched.queries[k].path, longest) for k in known}
    bright = {k: float(image.mean()) for k, image in images.items()}
    pairs = [
        (
            images[a].shape != images[b].shape,
            bool(min(bright[a], bright[b]) < brightness),
            float(scores[a, searched.queries[b].image]),
            a,
            b,
        )
        for a in known
        for b in known
        if searched.queries[a].landmark != searched.queries[b].landmark
    ]
    if not pairs:
        raise NoExampleError("no two queries show different things; a centaur needs two")
    return min(pairs)[3:]


def format_triangle(distances: ArrayLike, triangle: Triangle = IN_ORDER) -> str:
    """One line with the direct way between two corners of a triangle and the detour by the third."""
    way, there, on, slack = sides(distances, triangle)
    sign = ">" if slack < 0 else "≤"
    return f"d(a, b) = {way:.2f} {sign} {there + on:.2f} = d(a, c) + d(c, b) = {there:.2f} + {on:.2f}"


def _excesses(d: Distances) -> list[Distances]:
    """For each c the (n, n) excess of the way from a to b over the detour by c; -inf where two of the three are one."""
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
