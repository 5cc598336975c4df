"""Diagrams of boxes and arrows, drawn from a short list of each.

Positions and sizes are in units of the drawing, x to the right and y *upwards*. The drawing fills the page's width,
whatever its extent in units; text has one size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, get_args

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Patch

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.images import Pixels
from vretlib.report.figures import PAGE, plain

NodeKind = Literal["data", "step", "learned", "result", "note", "group"]
FILL: dict[NodeKind, str] = {
    "data": "#ffffff", "step": "#e8e8e8", "learned": "#cfe5f5", "result": "#fbe3cf", "note": "none",
    "group": "none",
}  # fmt: skip
"""Colour of a box by its kind: data, a fixed computation, what is learned, a result.

A note has no border, and a group, which surrounds other boxes, has a dashed one.
"""

_MARGIN = 0.15


class Node(NamedTuple):
    """A box of a diagram: its centre, its text of any number of lines, its size, and its kind.

    A box with an ``image`` shows it, as large as fits, with the text below.
    """

    x: float
    y: float
    text: str
    width: float = 1.6
    height: float = 0.8
    kind: NodeKind = "step"
    image: Pixels | None = None


class Arrow(NamedTuple):
    """An arrow from one box to another, by their names, with a text beside its middle.

    ``bend`` curves the arrow: 0 is straight, 0.3 a clear arc to the right of its direction, negative to the left.
    ``two_way`` draws a head at both ends; ``dashed`` a dashed line.
    """

    start: str
    stop: str
    text: str = ""
    bend: float = 0.0
    dashed: bool = False
    two_way: bool = False


def diagram(
    boxes: Mapping[str, Node],
    arrows: Sequence[Arrow] = (),
    *,
    kinds: Mapping[NodeKind, str] | None = None,
    size: float = 8,
) -> Figure:
    """Boxes by name, joined by arrows, and a legend of what the ``kinds`` of boxes mean.

    Parameters
    ----------
    boxes: drawn in their order, so that later ones lie above earlier ones. A box of kind "group" has its text at the
        top and others inside it: give it first.
    arrows: from border to border of the boxes that they join.
    kinds: the meaning of some kinds, in words, for a legend below.
    size: of the text in points.

    Raises
    ------
    UserError: no boxes, an unknown kind, or an arrow of a box that does not exist.
    """
    if not boxes:
        raise UserError("no boxes; a diagram has at least one")
    x, y, width, height = np.array([(box.x, box.y, box.width, box.height) for box in boxes.values()], np.float64).T
    left, right = (x - width / 2).min() - _MARGIN, (x + width / 2).max() + _MARGIN
    bottom, top = (y - height / 2).min() - _MARGIN, (y + height / 2).max() + _MARGIN
    unit, below = PAGE / (right - left), 0.3 if kinds else 0.0
    inches = (top - bottom) * unit + below
    fig = plt.figure(figsize=(PAGE, inches), layout="constrained")
    fig.set_layout_engine("none")  # from the start, the style's layout would come back when the figure is saved
    ax = fig.add_axes((0, below / inches, 1, 1 - below / inches))
    ax.set(xlim=(left, right), ylim=(bottom, top))
    ax.set_axis_off()
    patches = {name: _box(ax, box, size) for name, box in boxes.items()}
    for arrow in arrows:
        for end in (arrow.start, arrow.stop):
            if end not in boxes:
                raise UserError(f"an arrow of box {end!r}: expected one of {', '.join(map(repr, boxes))}")
        _arrow(ax, arrow, boxes, patches, size)
    if kinds:
        swatches = [Patch(facecolor=FILL[kind], edgecolor="0.35", label=plain(text)) for kind, text in kinds.items()]
        fig.legend(handles=swatches, loc="lower center", ncols=len(swatches), fontsize=size)
    return fig


def _box(ax: Axes, box: Node, size: float) -> FancyBboxPatch:
    arrays.choice(box.kind, "kind", get_args(NodeKind))
    corner = (box.x - box.width / 2, box.y - box.height / 2)
    edge, group = "none" if box.kind == "note" else "0.35", box.kind == "group"
    patch = FancyBboxPatch(
        corner, box.width, box.height, boxstyle="round,pad=0,rounding_size=0.08", facecolor=FILL[box.kind],
        edgecolor=edge, linewidth=0.9, zorder=1 if group else 2, linestyle="--" if group else "-",
    )  # fmt: skip
    ax.add_patch(patch)
    lines = "\n".join(map(plain, box.text.splitlines()))
    if group:
        top = corner[1] + box.height - 0.08
        ax.text(box.x, top, lines, ha="center", va="top", fontsize=size, zorder=3, linespacing=1.25)
        return patch
    if box.image is None:
        ax.text(box.x, box.y, lines, ha="center", va="center", fontsize=size, zorder=3, linespacing=1.25)
        return patch
    text_height = 0.0
    if lines:
        shown = ax.text(box.x, corner[1] + 0.06, lines, ha="center", va="bottom", fontsize=size, zorder=3)
        points = size * 1.3 * (lines.count("\n") + 1)
        text_height = points / 72 * np.ptp(ax.get_xlim()) / PAGE + 0.06
        shown.set_linespacing(1.2)
    room_x, room_y = box.width - 0.12, box.height - 0.12 - text_height
    scale = min(room_x / box.image.shape[1], room_y / box.image.shape[0])
    half_x, half_y = scale * box.image.shape[1] / 2, scale * box.image.shape[0] / 2
    middle = corner[1] + text_height + 0.06 + room_y / 2
    extent = (box.x - half_x, box.x + half_x, middle - half_y, middle + half_y)
    limits = ax.get_xlim(), ax.get_ylim()
    ax.imshow(
        box.image, cmap="gray", vmin=0, vmax=255, extent=extent, zorder=3, aspect="auto", interpolation="antialiased"
    )
    ax.set(xlim=limits[0], ylim=limits[1])
    return patch


def _arrow(
    ax: Axes, arrow: Arrow, boxes: Mapping[str, Node], patches: Mapping[str, FancyBboxPatch], size: float
) -> None:
    start, stop = boxes[arrow.start], boxes[arrow.stop]
    ends = _ends(start, stop)
    ax.add_patch(
        FancyArrowPatch(
            *ends, arrowstyle="<|-|>" if arrow.two_way else "-|>", mutation_scale=9, color="0.2", linewidth=1.1,
            connectionstyle=f"arc3,rad={arrow.bend}", linestyle="--" if arrow.dashed else "-", zorder=1.5,
            patchA=patches[arrow.start], patchB=patches[arrow.stop], shrinkA=0, shrinkB=1,
        )
    )  # fmt: skip
    if arrow.text:
        (x1, y1), (x2, y2) = _visible(start, stop, ends)
        middle = np.array([(x1 + x2) / 2, (y1 + y2) / 2]) + arrow.bend / 2 * np.array([y2 - y1, x1 - x2])
        words = "\n".join(map(plain, arrow.text.splitlines()))
        background = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}
        ax.text(
            float(middle[0]),
            float(middle[1]),
            words,
            ha="center",
            va="center",
            fontsize=size - 1,
            bbox=background,
            zorder=2.5,
        )


def _ends(start: Node, stop: Node) -> tuple[tuple[float, float], tuple[float, float]]:
    """Two points inside the boxes, on one horizontal or vertical line where the boxes overlap in that direction."""
    (x1, y1), (x2, y2) = (start.x, start.y), (stop.x, stop.y)
    low = max(y1 - start.height / 2, y2 - stop.height / 2)
    high = min(y1 + start.height / 2, y2 + stop.height / 2)
    west = max(x1 - start.width / 2, x2 - stop.width / 2)
    east = min(x1 + start.width / 2, x2 + stop.width / 2)
    if low < high:
        y1 = y2 = (low + high) / 2
    elif west < east:
        x1 = x2 = (west + east) / 2
    return (x1, y1), (x2, y2)


def _visible(
    start: Node, stop: Node, ends: tuple[tuple[float, float], tuple[float, float]]
) -> tuple[tuple[float, float], tuple[float, float]]:
    """The part of the straight line between two points that lies outside the boxes."""
    a, b = map(np.array, ends)

    def leaves(box: Node, origin: np.ndarray, step: np.ndarray) -> float:
        """Share of ``step`` after which a line from ``origin``, which is inside, crosses the border of the box."""
        half = np.array([box.width, box.height]) / 2
        centre = np.array([box.x, box.y])
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.where(step != 0, (half - np.sign(step) * (origin - centre)) / np.abs(step), np.inf)
        return float(min(share.min(), 1.0))

    step = b - a
    first, last = a + leaves(start, a, step) * step, b - leaves(stop, b, -step) * step
    return (float(first[0]), float(first[1])), (float(last[0]), float(last[1]))
