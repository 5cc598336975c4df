"""How well the outline of the screen is found in photographs whose true corners are known."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray

from vretlib import images
from vretlib.datasets import query_list
from vretlib.datasets.movies import MovieCollection
from vretlib.errors import NoExampleError
from vretlib.features import outlines
from vretlib.plots import sheets

TOLERANCE = 0.01
"""A corner further from its place than this share of the picture's diagonal makes the outline wrong."""

VERDICTS = ("right", "bars", "wrong", "none")


def find_all(collection: MovieCollection) -> NDArray[np.float32]:
    """Corners found in every query photograph, (queries, 4, 2); NaN where none were found. Kept in the cache."""
    return outlines.found_in([query.image for query in collection.queries])


def judge(collection: MovieCollection, found: NDArray[np.float32]) -> pd.DataFrame:
    """One row per photograph whose true corners are known: query (its number), level, verdict, error.

    The verdict is "right", "wrong", "none", or "bars": left and right are right, but above or below the outline takes
    in the screen's black bars, or cuts a strip off. The error is the mean distance of the four corners in pixels.

    Raises
    ------
    NoExampleError: no photograph has known corners.
    """
    rows = []
    for k, (query, corners) in enumerate(zip(collection.queries, found, strict=True)):
        if query.corners is None:
            continue
        true = np.asarray(query.corners)
        off = np.linalg.norm(corners - true, axis=1)
        allowed = TOLERANCE * np.linalg.norm(true[2] - true[0])
        if np.isnan(off).any():
            verdict = "none"
        elif off.max() <= allowed:
            verdict = "right"
        else:
            sides = [
                _distance(true[c], corners[t], corners[b]) for c, t, b in ((0, 0, 3), (3, 0, 3), (1, 1, 2), (2, 1, 2))
            ]
            verdict = "bars" if max(sides) <= allowed else "wrong"
        rows.append((k, query.level, verdict, off.mean()))
    if not rows:
        raise NoExampleError("the list of photographs gives no corners, so that found outlines cannot be judged")
    return pd.DataFrame(rows, columns=["query", "level", "verdict", "error"])


def _distance(point: NDArray[np.floating], a: NDArray[np.floating], b: NDArray[np.floating]) -> float:
    """Of a point from the line through a and b."""
    along, away = (b - a).astype(np.float64), (point - a).astype(np.float64)
    return float(abs(along[0] * away[1] - along[1] * away[0]) / np.hypot(*along))


def by_level(judged: pd.DataFrame) -> pd.DataFrame:
    """Shares of the verdicts per level, and the median error of the right outlines in pixels."""
    summary = {}
    levels = [level for level in query_list.levels(judged["level"]) if level not in ("", "all")]
    for level, group in [*((level, judged[judged["level"] == level]) for level in levels), ("all", judged)]:
        shares = {verdict: (group["verdict"] == verdict).mean() for verdict in VERDICTS}
        error = group.loc[group["verdict"] == "right", "error"].median()
        summary[level] = {"photographs": len(group), **shares, "error (pixels)": error}
    return pd.DataFrame.from_dict(summary, orient="index").rename_axis("level")


def figure(collection: MovieCollection, found: NDArray[np.float32], judged: pd.DataFrame, n_levels: int = 6) -> Figure:
    """One photograph for each of the first levels (row) and each verdict (column), with the true and found outline."""
    verdicts = [verdict for verdict in VERDICTS if (judged["verdict"] == verdict).any()]
    shown: list[sheets.Outlined | None] = []
    for level in query_list.levels(judged["level"])[:n_levels]:
        group = judged[judged["level"] == level]
        for verdict in verdicts:
            same = group.loc[group["verdict"] == verdict, "query"].to_list()
            if same:
                k = same[len(same) // 2]
                query, corners = collection.queries[k], None if verdict == "none" else found[k]
                shown.append(
                    (images.read(query.image), query.corners, corners, f"{level}: {verdict}" if level else verdict)
                )
            else:
                shown.append(None)
    return sheets.outlines(shown, columns=len(verdicts))
