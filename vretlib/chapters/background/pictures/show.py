"""Images on axes: shrunk to what the page shows, with a coloured frame or a box."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from vretlib import images
from vretlib.plots.axes import RIGHT, WRONG
from vretlib.report import figures
from vretlib.report.figures import PAGE

Image = NDArray[np.uint8]

DOTS = 110
"""Pixels of an image per inch of page: enough to see it, few enough to load a page of them."""
COLOURS = {"good": RIGHT, "ok": RIGHT, "other": WRONG, "junk": "0.6", "query": "C0"}


def place(ax: Axes, image: Image, title: str = "", *, inches: float = 1.0, frame: str = "") -> float:
    """Draw an image that is ``inches`` wide; returns by how much it was shrunk. ``frame`` is a colour."""
    factor = min(1.0, inches * DOTS / image.shape[1])
    small = images.resize(image, max(1, round(factor * max(image.shape[:2]))))
    figures.picture(ax, small)
    ax.set_title(title, fontsize=7.5, loc="center", pad=3)
    for spine in ax.spines.values():
        spine.set(visible=bool(frame), color=frame or "none", linewidth=2.5)
    return small.shape[1] / image.shape[1]


def plain(ax: Axes, image: Image, title: str = "") -> None:
    """Draw an image, grey or RGB, pixel for pixel and without a frame."""
    figures.picture(ax, image)
    ax.set_title(title, fontsize=8, loc="center")
    for spine in ax.spines.values():
        spine.set_visible(False)


def box(ax: Axes, x1: float, y1: float, x2: float, y2: float, colour: str, width: float = 1.5) -> None:
    """A rectangle by two corners, in pixels of what is drawn."""
    ax.add_patch(Rectangle((x1, y1), x2 - x1, y2 - y1, fill=False, edgecolor=colour, linewidth=width))


def grid(
    rows: int, columns: int, height: float, headings: Sequence[str] = (), *, title: float = 0.2
) -> tuple[Figure, NDArray[np.object_]]:
    """Axes in a grid over the page's width, each ``height`` times as high as wide, nothing drawn yet.

    ``title`` is the room above each in inches; ``headings`` go above the columns.
    """
    size = (PAGE, rows * (PAGE / columns * height + title) + (0.2 if headings else 0))
    fig, axes = plt.subplots(rows, columns, figsize=size, squeeze=False, layout="constrained")
    fig.get_layout_engine().set(w_pad=0.02, h_pad=0.02, wspace=0.01, hspace=0.01)
    for ax in axes.flat:
        ax.set(xticks=[], yticks=[])
        ax.grid(False)
        ax.set_anchor("N")  # images of a row differ in height: their titles should not
        for spine in ax.spines.values():
            spine.set_visible(False)
    for ax, heading in zip(axes[0], headings, strict=False):
        ax.set_title(heading, fontsize=8, loc="center")
    return fig, axes
