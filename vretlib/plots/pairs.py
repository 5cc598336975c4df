"""Two images side by side with the features that match."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from vretlib.errors import UserError
from vretlib.plots.axes import RIGHT, WRONG, Image, beside
from vretlib.report.figures import PAGE


def matched_features(a: Image, xy_a: ArrayLike, b: Image, xy_b: ArrayLike, matched: ArrayLike) -> Figure:
    """Two images of one width side by side, with a line from each feature of ``a`` to its match in ``b``.

    ``matched`` has one entry per feature of ``a``: the number of a feature of ``b``, or -1 where there is no match.
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
    for k in np.flatnonzero(other >= 0):
        ax.plot(*np.stack([start[k], end[other[k]] + shift]).T, color=RIGHT, linewidth=0.5, alpha=0.8)
    ax.set_axis_off()
    ax.set_title(
        f"{np.count_nonzero(other >= 0)} of {len(other)} features of the left frame have a match", loc="center"
    )
    return fig
