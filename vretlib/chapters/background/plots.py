"""Figures of this chapter alone: pooling by hand, AP by four protocols, all descriptions against their memory."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray

from vretlib.plots.labels import beside
from vretlib.report import Table
from vretlib.report.figures import PAGE, size

COSINE = "mAP|cosine"


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


def overview(table: Table) -> Figure:
    """MAP by description, a marker per similarity, and mAP by cosine and as bits against the bytes of an image.

    Lines at the left are the 95 % intervals of the cosine. Names stand at the points.
    """
    fig, (left, right) = plt.subplots(1, 2, figsize=size(1.0, 0.62), width_ratios=[1, 1])
    frame, places = table.frame, np.arange(len(table.frame))
    low, high = table.bounds()
    ways = [str(c) for c in frame.columns if str(c).startswith("mAP|") and frame[c].notna().any()]
    left.hlines(places, low[COSINE], high[COSINE], color="C0", alpha=0.35, linewidth=5)
    for k, way in enumerate(ways):
        style = {"marker": "osD^v"[k], "linestyle": "", "color": f"C{k}", "alpha": 0.8}
        left.plot(frame[way], places + 0.09 * (k - 2), label=way.split("|")[1], **style)
    shown = [(way, of) for way, of in ((COSINE, "bytes|float32"), ("mAP|Hamming", "bytes|bits")) if way in ways]
    for way, of in shown:
        right.plot(frame[of], frame[way], "o" if way == COSINE else "^", color=f"C{ways.index(way)}")
    left.set_yticks(places, list(frame.index))
    left.set(xlabel="mAP (mean over queries)", ylim=(len(frame) - 0.5, -0.5))
    right.set(xlabel="bytes per image (logarithmic)", ylabel="mAP", xscale="log")
    right.margins(x=0.25, y=0.08)
    fig.legend(*left.get_legend_handles_labels(), loc="outside upper center", ncols=len(ways))
    x, y = ([frame[pair[part]].to_list() for pair in shown] for part in (1, 0))
    beside(right, np.concatenate(x), np.concatenate(y), list(frame.index) * len(shown), size=6)
    return fig
