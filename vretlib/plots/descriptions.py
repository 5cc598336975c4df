"""Descriptions of images: the mAP of each by each similarity, and the memory that it takes."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from vretlib.plots.labels import beside
from vretlib.report import Table
from vretlib.report.figures import size

COSINE = "mAP|cosine"


def overview(table: Table) -> Figure:
    """MAP by description, a marker per similarity, and mAP by cosine and as bits against the bytes of an image.

    Thick lines are 95 % intervals over queries; the left panel shows only those of the cosine. Names stand at the
    points. The columns of the table are ``"mAP|SIMILARITY"``, ``"bytes|float32"`` and ``"bytes|bits"``.
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
        right.vlines(frame[of], low[way], high[way], color=f"C{ways.index(way)}", alpha=0.35, linewidth=3)
        right.plot(frame[of], frame[way], "o" if way == COSINE else "^", color=f"C{ways.index(way)}")
    left.set_yticks(places, list(frame.index))
    left.set(xlabel="mAP (mean over queries)", ylim=(len(frame) - 0.5, -0.5))
    right.set(xlabel="bytes per image (logarithmic)", ylabel="mAP", xscale="log")
    right.margins(x=0.25, y=0.08)
    fig.legend(*left.get_legend_handles_labels(), loc="outside upper center", ncols=len(ways))
    x, y = ([frame[pair[part]].to_list() for pair in shown] for part in (1, 0))
    colours = [f"C{ways.index(way)}" for way, _ in shown for _ in frame.index]
    beside(right, np.concatenate(x), np.concatenate(y), list(frame.index) * len(shown), colours=colours, size=6)
    return fig
