"""What descriptors keep of photographs that are altered, seen from another place, or panned over.

Tables for pages that test a description on real photographs, of which the truth is known because the alteration is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import cv2
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vretlib.evaluation import visual_match
from vretlib.features import altered, local
from vretlib.features.backbones import Backbone
from vretlib.features.local import LocalFeatures
from vretlib.features.pooling import rmac
from vretlib.features.whitening import Whitening
from vretlib.images import Pixels, resize

F32 = NDArray[np.float32]
Describer = Callable[[Sequence[Pixels]], F32]
"""Vectors (n, d) of length 1 of photographs in memory."""


def of_codes(photographs: Mapping[str, Pixels], limit: int, *, n_features: int = 500) -> pd.DataFrame:
    """Hamming distances of BRIEF codes of one point in photographs and in their altered copies, and of two points.

    The points are the photographs' ORB corners, and their known places in the copies: nothing is detected anew.

    Returns
    -------
    Rows: the alterations, and "another point" of the same photograph. Columns: points (count), the median distance in
    bits, and the share of points whose distance is below ``limit``.
    """
    found: dict[str, list[NDArray[np.int64]]] = {}
    for pixels in photographs.values():
        grey = _grey(pixels)
        corners = local.orb_brief(grey, n_features=n_features)
        for name in altered.NAMES:
            copy = altered.alter(pixels, name)
            kept, codes = _codes_at(_grey(copy.pixels), copy.at(corners.xy))
            found.setdefault(name, []).append(_bits(corners.descriptors[kept] ^ codes))
        found.setdefault("another point", []).append(_bits(corners.descriptors ^ np.roll(corners.descriptors, 1, 0)))
    distances = {name: np.concatenate(parts) for name, parts in found.items()}
    rows = {name: (len(d), np.median(d), np.mean(d < limit)) for name, d in distances.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["Points", "Median bits", f"Below {limit} bits"])


def of_matches(
    first: LocalFeatures, second: LocalFeatures, expected: NDArray[np.floating], limits: Sequence[float], near: float
) -> pd.DataFrame:
    """How many matches of two photographs are right, by the distance that is allowed.

    Parameters
    ----------
    expected: (n, 2), where the points of ``first`` are in ``second``, in its pixels; NaN where that is not known. Such
        points are left out.
    limits: largest distances of descriptors, both of eq 4.5's matches and of mutual matches.
    near: pixels within which a match is right.

    Returns
    -------
    Rows: the limits. Columns: matches, and the share of them that is right, of all nearest neighbours ("nearest") and
    of those of which each is the other's nearest ("mutual"). NaN where there is no match.
    """
    known = np.isfinite(expected).all(axis=1)
    distances, ids = visual_match.nearest(first.descriptors, second.descriptors)
    _, back = visual_match.nearest(second.descriptors, first.descriptors)
    right = np.linalg.norm(second.xy[ids] - expected, axis=1) <= near
    mutual = back[ids] == np.arange(len(ids))
    rows = {}
    for limit in limits:
        below = known & (distances < limit)
        chosen = {"nearest": below, "mutual": below & mutual}
        rows[f"{limit:g}"] = {
            f"{name}|{what}": value
            for name, those in chosen.items()
            for what, value in (("matches", those.sum()), ("right", right[those].mean() if those.any() else np.nan))
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def of_vectors(
    photographs: Mapping[str, Pixels], describers: Mapping[str, Describer]
) -> dict[tuple[str, str], NDArray[np.float64]]:
    """How well altered copies find their photographs by the cosine of vectors, for each alteration.

    Returns
    -------
    One value for each photograph, float64 (n,), by the alteration and by ``"R-MAC|Own"``: a description's name and the
    cosine of a copy with its photograph ("Own"), the cosine with the nearest other photograph ("Nearest other"), or 1
    where the nearest photograph is its own and else 0 ("Found").
    """
    copies = {name: [altered.alter(pixels, name).pixels for pixels in photographs.values()] for name in altered.NAMES}
    found = {}
    for way, describe in describers.items():
        base = describe(list(photographs.values()))
        diagonal = np.eye(len(base), dtype=bool)
        for name, those in copies.items():
            cosines = describe(those).astype(np.float64) @ base.T
            own, others = cosines[diagonal], np.where(diagonal, -np.inf, cosines).max(axis=1)
            for column, values in (("Own", own), ("Nearest other", others), ("Found", own > others)):
                found[name, f"{way}|{column}"] = values.astype(np.float64)
    return found


def of_pools(x: F32, pools: Mapping[str, F32]) -> pd.DataFrame:
    """Cosines of the frames (n, d) of a shot with single vectors (d,) that may stand for it: mean and minimum."""
    rows = {name: ((x @ vector).mean(), (x @ vector).min()) for name, vector in pools.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["Mean", "Minimum"])


def rmac_describer(network: Backbone, whitening: Whitening | None, longest: int) -> Describer:
    """R-MAC of photographs in memory, resized to ``longest`` pixels: float32 (n, d)."""

    def describe(photographs: Sequence[Pixels]) -> F32:
        tap = network.last_maps
        small = [network.prepare(resize(pixels, longest))[None] for pixels in photographs]
        vectors = [rmac(network.maps(one, [tap])[tap], whitening).numpy() for one in small]
        return np.concatenate(vectors)

    return describe


def _codes_at(grey: NDArray[np.uint8], xy: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Which of the points are far enough from the edge for BRIEF, and their codes."""
    points = [cv2.KeyPoint(float(x), float(y), 1, -1, 0, 0, i) for i, (x, y) in enumerate(xy)]
    brief = cv2.xfeatures2d.BriefDescriptorExtractor.create(bytes=32)
    kept, codes = brief.compute(grey, points)
    if codes is None:
        return np.empty(0, np.int64), np.empty((0, 32), np.uint8)
    return np.array([point.class_id for point in kept], np.int64), np.asarray(codes, np.uint8)


def _bits(difference: NDArray[np.uint8]) -> NDArray[np.int64]:
    return np.bitwise_count(difference).sum(axis=1, dtype=np.int64)


def _grey(pixels: Pixels) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
