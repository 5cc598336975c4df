"""Images on axes, as every figure of the project shows them.

Images are RGB (h, w, 3) or grey (h, w), uint8, and are shrunk to what a page can show.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from numpy.typing import NDArray

from vretlib.report.figures import PAGE

Image = NDArray[np.uint8]

RIGHT, WRONG = "C2", "C1"
"""Colours of answers."""

_DOTS = 130  # per inch: what the project's style saves


def show(ax: Axes, image: Image, inches: float) -> float:
    """Draw an image no finer than a page shows it, ``inches`` wide; returns the factor by which it was shrunk."""
    scale = min(1.0, inches * _DOTS / image.shape[1])
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    ax.imshow(cv2.resize(image, size, interpolation=cv2.INTER_AREA), cmap="gray", vmin=0, vmax=255)
    ax.set_axis_off()
    return scale


def tight(fig: Figure) -> None:
    """Put the images of a grid close together."""
    engine = fig.get_layout_engine()
    assert isinstance(engine, ConstrainedLayoutEngine)
    engine.set(w_pad=0.015, h_pad=0.015, wspace=0.0, hspace=0.0)


def beside(a: Image, b: Image, gap: int = 4) -> Image:
    """Two images side by side on white, in colour, top edges aligned."""
    both = np.full((max(len(a), len(b)), a.shape[1] + gap + b.shape[1], 3), 255, np.uint8)
    both[: len(a), : a.shape[1]] = a if a.ndim == 3 else a[..., None]
    both[: len(b), a.shape[1] + gap :] = b if b.ndim == 3 else b[..., None]
    return both


def row_height(images: Sequence[Image], columns: int) -> float:
    """Height in inches of a row of images that fill the page's width, ``columns`` of them in a row."""
    return PAGE / columns * max((image.shape[0] / image.shape[1] for image in images), default=0.5)
