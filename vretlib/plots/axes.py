"""Images on axes, as every figure of the project shows them.

Images are RGB (h, w, 3) or grey (h, w), uint8, and are shrunk to what a page can show.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from vretlib.images import Pixels
from vretlib.report.figures import PAGE, picture

RIGHT, WRONG = "C2", "C1"
"""Colours of answers."""

_DOTS = 130  # per inch: what the project's style saves


def show(ax: Axes, image: Pixels, inches: float) -> float:
    """Draw an image no finer than a page shows it, ``inches`` wide; returns the factor by which it was shrunk."""
    scale = min(1.0, inches * _DOTS / image.shape[1])
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    ax.imshow(cv2.resize(image, size, interpolation=cv2.INTER_AREA), cmap="gray", vmin=0, vmax=255)
    ax.set_axis_off()
    return scale


def framed(ax: Axes, image: Pixels, title: str = "", *, inches: float, frame: str = "") -> float:
    """Draw an image as `show` does, with a title above and a frame of a colour; ``""`` is no frame."""
    scale = show(ax, image, inches)
    ax.set_axis_on()
    ax.set(xticks=[], yticks=[])
    ax.set_title(title, fontsize=7.5, loc="center", pad=3)
    for spine in ax.spines.values():
        spine.set(visible=bool(frame), color=frame or "none", linewidth=2.5)
    return scale


def pixels(ax: Axes, image: Pixels, title: str = "") -> None:
    """Draw an image pixel for pixel and without a frame, so that positions in it are positions on the axes."""
    picture(ax, image)
    ax.set_title(title, fontsize=8, loc="center")
    for spine in ax.spines.values():
        spine.set_visible(False)


def box(ax: Axes, x1: float, y1: float, x2: float, y2: float, colour: str, width: float = 1.5) -> None:
    """Draw a rectangle given by two corners, in pixels of the image that is drawn."""
    ax.add_patch(Rectangle((x1, y1), x2 - x1, y2 - y1, fill=False, edgecolor=colour, linewidth=width))


def image_grid(
    rows: int, columns: int, height: float, headings: Sequence[str] = (), *, title: float = 0.2
) -> tuple[Figure, NDArray[np.object_]]:
    """Axes in a grid over the page's width, each ``height`` times as high as wide, without content.

    ``title`` is the room above each in inches; ``headings`` go above the columns.
    """
    size = (PAGE, rows * (PAGE / columns * height + title) + (0.2 if headings else 0))
    fig, axes = plt.subplots(rows, columns, figsize=size, squeeze=False, layout="constrained")
    fig.get_layout_engine().set(w_pad=0.04, h_pad=0.02, wspace=0.01, hspace=0.01)
    for ax in axes.flat:
        ax.set(xticks=[], yticks=[])
        ax.grid(False)
        ax.set_anchor("N")  # images of a row differ in height; their titles stay on one line
        for spine in ax.spines.values():
            spine.set_visible(False)
    for ax, heading in zip(axes[0], headings, strict=False):
        ax.set_title(heading, fontsize=8, loc="center")
    return fig, axes


def tight(fig: Figure) -> None:
    """Put the images of a grid close together."""
    engine = fig.get_layout_engine()
    assert isinstance(engine, ConstrainedLayoutEngine)
    engine.set(w_pad=0.015, h_pad=0.015, wspace=0.0, hspace=0.0)


def beside(a: Pixels, b: Pixels, gap: int = 4) -> Pixels:
    """Two images side by side on white, in colour, top edges aligned."""
    both = np.full((max(len(a), len(b)), a.shape[1] + gap + b.shape[1], 3), 255, np.uint8)
    both[: len(a), : a.shape[1]] = a if a.ndim == 3 else a[..., None]
    both[: len(b), a.shape[1] + gap :] = b if b.ndim == 3 else b[..., None]
    return both


def row_height(images: Sequence[Pixels], columns: int) -> float:
    """Height in inches of a row of images that fill the page's width, ``columns`` of them in a row."""
    return PAGE / columns * max((image.shape[0] / image.shape[1] for image in images), default=0.5)
