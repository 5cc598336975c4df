"""Figures of only this chapter: pooling by hand, AP by four protocols."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray

from vretlib.report.figures import PAGE, size


def pooling(values: NDArray, pooled: Mapping[str, NDArray], side: int = 2) -> Figure:
    """A small map (h, w) and what pooling leaves of it (Fig 2.3), by name; squares keep their colour."""
    panels = {"input": values, **pooled}
    fig, axes = plt.subplots(1, len(panels), figsize=(PAGE, 1.8), width_ratios=[values.shape[1], *[side + 0.6] * 3])
    for ax, (name, numbers) in zip(axes, panels.items(), strict=True):
        step = side if name == "input" else 1
        height, width = numbers.shape
        for (row, column), value in np.ndenumerate(numbers):
            style = {"facecolor": f"C{(row // step) * (width // step) + column // step}", "edgecolor": "white"}
            ax.add_patch(plt.Rectangle((column, row), 1, 1, alpha=0.3, linewidth=2, **style))
            ax.text(column + 0.5, row + 0.5, f"{value:g}", ha="center", va="center")
        ax.set(xlim=(0, width), ylim=(height, 0), aspect="equal")
        ax.set_axis_off()
        ax.set_title(name, loc="center")
    return fig


def protocols(aps: pd.DataFrame) -> Figure:
    """AP of every query: trapezoid against plain at the left, query image out against in at the right."""
    fig, (left, right) = plt.subplots(1, 2, figsize=size(1.0, 0.5))
    for ax, (x, y) in ((left, ("in|plain", "in|trapezoid")), (right, ("in|trapezoid", "out|trapezoid"))):
        ax.plot([0, 1], [0, 1], color="0.6", linewidth=0.8)
        ax.plot(aps[x], aps[y], ".", alpha=0.7)
        ax.set(xlim=(0, 1.02), ylim=(0, 1.02), aspect="equal")
    left.set(xlabel="plain AP", ylabel="trapezoid AP", title="two rules")
    right.set(xlabel="query image in the database", ylabel="query image left out", title="two databases")
    return fig
