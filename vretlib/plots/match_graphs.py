"""The match graph of a clip: its frames on a circle, joined where they match."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from matplotlib.offsetbox import AnnotationBbox, OffsetImage

from vretlib import images
from vretlib.features.match_graph import MatchGraph
from vretlib.images import Pixels
from vretlib.report.figures import PAGE

KEPT, REMOVED = "C2", "C1"
_THUMBNAIL = 76  # pixels of a frame's longer side


def match_graph(graph: MatchGraph, frames: Sequence[Pixels], captions: Sequence[str]) -> Figure:
    """Frames on a circle, the first at the top, clockwise; the strongest component is green and solid.

    The better two frames match, the thicker the line between them.
    """
    n = len(frames)
    angle = np.pi / 2 - 2 * np.pi * np.arange(n) / n
    x, y = 1.25 * np.cos(angle), np.sin(angle)
    fig, ax = plt.subplots(figsize=(PAGE, 0.8 * PAGE), layout="constrained")
    kept = graph.component == 0
    for i, j in zip(*np.nonzero(np.triu(graph.scores)), strict=True):
        colour, style = (KEPT, "-") if kept[i] and kept[j] else (REMOVED, "--")
        width = 0.5 + 3 * graph.scores[i, j]
        ax.plot(x[[i, j]], y[[i, j]], color=colour, linestyle=style, linewidth=width, alpha=0.6, zorder=1)
    for i, (frame, caption) in enumerate(zip(frames, captions, strict=True)):
        border = {"edgecolor": KEPT if kept[i] else REMOVED, "linewidth": 2, "linestyle": "-" if kept[i] else "--"}
        thumbnail = OffsetImage(images.resize(frame, _THUMBNAIL), zoom=0.62)
        ax.add_artist(AnnotationBbox(thumbnail, (x[i], y[i]), pad=0.12, bboxprops=border, zorder=2))
        ax.annotate(caption, (x[i], y[i]), (0, -21), textcoords="offset points", ha="center", va="top", fontsize=6)
    ax.set(xlim=(-1.55, 1.55), ylim=(-1.3, 1.25))
    ax.set_axis_off()
    ax.set_title(f"{kept.sum()} of {n} frames are kept", loc="center")
    return fig
