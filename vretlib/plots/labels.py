"""Names written beside the points of a figure, so that no legend has to be looked up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Bbox
from numpy.typing import ArrayLike

from vretlib.report.figures import plain

_NEAR = ((7, 0), (-7, 0), (6, 7), (6, -7), (-6, 7), (-6, -7), (0, 8), (0, -8))  # points, the side first
_FAR = 10  # points from which a line joins a name and its point
_STEPS = (1.0, 2.0, 3.5, 5.0, 7.0, 9.0, 12.0)


def beside(
    ax: Axes, x: ArrayLike, y: ArrayLike, names: Sequence[str], *, colours: Sequence[str] | None = None,
    bars: tuple[ArrayLike, ArrayLike] | None = None, size: float = 7,
) -> None:  # fmt: skip
    """Write a name beside each point, where it covers neither a point nor a bar nor another name.

    Near places are tried first. A name that finds no place near its point stands farther away, and a thin line joins
    the two; one that finds none at all overlaps. The axes must have their limits and scales already.

    Parameters
    ----------
    x, y: (n,) positions in the units of the axes.
    colours: of the names, such as those of their points; black if None.
    bars: (n,) lower and (n,) upper ends of a vertical bar through each point.
    size: of the text in points.
    """
    figure = ax.get_figure()
    assert isinstance(figure, Figure)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()  # so that the layout has its final positions
    renderer, inside = canvas.get_renderer(), ax.get_window_extent()
    points = ax.transData.transform(np.column_stack([np.asarray(x, np.float64), np.asarray(y, np.float64)]))
    marker = 4 * figure.dpi / 72
    taken = [Bbox.from_bounds(px - marker, py - marker, 2 * marker, 2 * marker) for px, py in points]
    if bars is not None:
        low, high = (ax.transData.transform(np.column_stack([x, np.asarray(end, np.float64)])) for end in bars)
        taken += [Bbox([(bx - 1, below), (bx + 1, above)]) for (bx, below), (_, above) in zip(low, high, strict=True)]
    at_x, at_y = np.asarray(x, np.float64), np.asarray(y, np.float64)

    def write(number: int, dx: float, dy: float) -> tuple[Annotation, Bbox]:
        far = max(abs(dx), abs(dy)) > _FAR
        text = ax.annotate(
            plain(names[number]), (at_x[number], at_y[number]), (dx, dy), textcoords="offset points", fontsize=size,
            color=colours[number] if colours else "black",
            ha="left" if dx > 0 else "right" if dx < 0 else "center",
            va="bottom" if dy > 0 else "top" if dy < 0 else "center",
            arrowprops={"arrowstyle": "-", "color": "0.6", "linewidth": 0.5, "shrinkB": 3} if far else None,
        )  # fmt: skip
        text.update_positions(renderer)
        return text, Text.get_window_extent(text, renderer)  # of the words alone, without the line

    for number in np.argsort(-points[:, 1], kind="stable").tolist():
        others = [box for i, box in enumerate(taken) if i != number]
        for dx, dy in [(step * dx, step * dy) for step in _STEPS for dx, dy in _NEAR]:
            text, box = write(number, dx, dy)
            within = inside.x0 <= box.x0 and box.x1 <= inside.x1 and inside.y0 <= box.y0 and box.y1 <= inside.y1
            if within and not any(box.overlaps(other) for other in others):
                break
            text.remove()
        else:
            _, box = write(number, *_NEAR[0])
        taken.append(box)
