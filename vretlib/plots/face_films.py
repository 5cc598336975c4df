"""Frames of face films with boxes, and the distances of several metrics beside one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from vretlib.images import Pixels
from vretlib.plots.axes import RIGHT, WRONG, box, framed, image_grid
from vretlib.report.figures import PAGE, plain


class FrameWithBoxes(NamedTuple):
    """A frame, the true box of its face in grey, the boxes that were found in blue, and whether the frame is right.

    Boxes are x1 y1 x2 y2, one or several in rows, None or NaN where there is none; ``right`` is None where the
    frame is not an answer.
    """

    image: Pixels
    true: ArrayLike | None = None
    found: ArrayLike | None = None
    right: bool | None = None


def frames_with_boxes(rows: Sequence[tuple[str, Sequence[FrameWithBoxes]]], headings: Sequence[str] = ()) -> Figure:
    """A row of frames for each name; right frames have a green edge and wrong ones an orange edge."""
    columns = max(len(frames) for _, frames in rows)
    high = [max(one.image.shape[0] / one.image.shape[1] for one in frames) for _, frames in rows]
    fig, axes = image_grid(len(rows), columns, float(np.mean(high)), headings, title=0.06)
    axes[0, 0].get_gridspec().set_height_ratios(high)
    for line, (name, frames) in zip(axes, rows, strict=True):
        for ax, one in zip(line, frames, strict=False):
            edge = "" if one.right is None else RIGHT if one.right else WRONG
            shrunk = framed(ax, one.image, ax.get_title(), inches=PAGE / columns, frame=edge)
            for corners, colour, width in ((one.true, "0.55", 1.2), (one.found, "C0", 1.8)):
                given = np.zeros((0, 4)) if corners is None else np.asarray(corners, np.float64).reshape(-1, 4)
                for x1, y1, x2, y2 in shrunk * given[np.isfinite(given).all(axis=1)]:
                    box(ax, x1, y1, x2, y2, colour, width)
        line[0].set_ylabel(plain(name), fontsize=8)
    return fig


def metrics(reference: NDArray[np.float64], others: Mapping[str, NDArray[np.float64]], name: str) -> Figure:
    """Distances (n,) of the same pairs by several metrics, a panel for each, over those of a reference metric."""
    fig, axes = plt.subplots(1, len(others), figsize=(PAGE, 2.6), squeeze=False, layout="constrained")
    for ax, (other, values) in zip(axes[0], others.items(), strict=True):
        ax.scatter(reference, values, s=3, alpha=0.5, linewidths=0)
        ax.set(xlabel=f"{name} distance", ylabel=f"{other} distance")
    return fig
