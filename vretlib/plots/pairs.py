"""Two images side by side with the features that match.

Of many matches only some are drawn: hundreds of lines hide the images and one another.
"""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from vretlib.errors import UserError
from vretlib.images import Pixels
from vretlib.plots.axes import RIGHT, WRONG, beside
from vretlib.report.figures import PAGE

DRAWN = 30
"""Matches that are drawn as lines, spread evenly from the top of the left image to its foot."""


def matched_features(a: Pixels, xy_a: ArrayLike, b: Pixels, xy_b: ArrayLike, matched: ArrayLike) -> Figure:
    """Two images of one width side by side, with lines from features of ``a`` to their matches in ``b``.

    At most `DRAWN` lines are drawn; the other features with a match are dots. ``matched`` has one entry per feature of
    ``a``: the number of a feature of ``b``, or -1 where there is no match.

    Raises
    ------
    UserError: ``matched`` has not one entry for each feature of ``a``.
    """
    start, end, other = np.asarray(xy_a, np.float64), np.asarray(xy_b, np.float64), np.asarray(matched, np.int64)
    if len(other) != len(start):
        raise UserError(f"{len(other)} matches for {len(start)} features; expected one per feature of the left image")
    gap = 8
    both = beside(a, b, gap)
    fig, ax = plt.subplots(figsize=(PAGE, PAGE * both.shape[0] / both.shape[1] + 0.3))
    ax.imshow(both)
    shift = np.array([a.shape[1] + gap, 0])
    alone = start[other < 0]
    ax.scatter(alone[:, 0], alone[:, 1], s=6, facecolors="none", edgecolors=WRONG, linewidths=0.6)
    found = np.flatnonzero(other >= 0)
    found = found[np.argsort(start[found, 1], kind="stable")]
    ax.plot(*start[found].T, ".", color=RIGHT, markersize=2)
    drawn = found[np.unique(np.linspace(0, len(found) - 1, DRAWN).astype(int))] if len(found) else found
    for k in drawn:
        ax.plot(*np.stack([start[k], end[other[k]] + shift]).T, color=RIGHT, linewidth=0.8, alpha=0.9)
    ax.set_axis_off()
    note = f" ({len(drawn)} of them drawn)" if len(drawn) < len(found) else ""
    ax.set_title(f"{len(found)} of {len(other)} features of the left frame have a match{note}", loc="center")
    return fig
