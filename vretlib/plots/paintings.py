"""Paintings and their texts: how attributes are distributed, and what texts find."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from vretlib import images
from vretlib.datasets.paintings import statistics
from vretlib.datasets.paintings.collection import Painting
from vretlib.errors import NoExampleError
from vretlib.plots.axes import RIGHT, framed
from vretlib.plots.sheets import grid
from vretlib.report.figures import PAGE, plain

F32 = NDArray[np.float32]

_WIDTH = 240  # pixels of a painting


def sheet(some: Sequence[Painting], columns: int = 5) -> Figure:
    """Figure 7.3: paintings with their titles, types and schools."""
    pictures = [images.resize(images.read(painting.image), _WIDTH) for painting in some]
    facts = [", ".join(p.attributes[name] for name in ("Type", "School") if name in p.attributes) for p in some]
    captions = [
        f"{textwrap.shorten(p.title, 22, placeholder=' …')}\n{fact}" for p, fact in zip(some, facts, strict=True)
    ]
    return grid(pictures, captions, columns)


def attributes(paintings: Sequence[Painting], names: Sequence[str], most: int = 14) -> Figure:
    """Figure 7.4: how many paintings have each value of some attributes; the rarest values are added up.

    Raises
    ------
    NoExampleError: no painting has any of the attributes.
    """
    found = {name: statistics.distribution(paintings, name) for name in names}
    found = {name: counts for name, counts in found.items() if counts}
    if not found:
        raise NoExampleError(f"no painting has {', '.join(names)}")
    fig, axes = plt.subplots(1, len(found), figsize=(PAGE, 3.4), squeeze=False, layout="constrained")
    for ax, (name, counts) in zip(axes[0], found.items(), strict=True):
        bars = dict(list(counts.items())[:most])
        if rest := sum(list(counts.values())[most:]):
            bars[f"{len(counts) - most} others"] = rest
        shown = ax.barh([plain(value) for value in bars], list(bars.values()))
        ax.bar_label(shown, fmt="{:,.0f}", fontsize=6, padding=2)
        ax.invert_yaxis()
        ax.margins(x=0.2)
        ax.set(xlabel="paintings", title=name)
        ax.tick_params(labelsize=7)
    return fig


def answers(rows: Sequence[int], test: Sequence[Painting], texts: F32, pictures: F32, *, best: int = 5) -> Figure:
    """Figures 7.6 and 7.7: each text with the paintings that it finds first, and the right one in green.

    The painting of the text stands at the left, with its rank and its cosine. ``texts`` and ``pictures`` are (n, d),
    of length 1: all test paintings in the common space. All paintings are shown if there are fewer than ``best``.
    """
    best = min(best, len(test))
    scores = texts[list(rows)] @ pictures.T
    size, heights = (PAGE, 2.15 * len(rows)), [0.45, 1] * len(rows)
    fig, axes = plt.subplots(
        2 * len(rows), best + 1, figsize=size, height_ratios=heights, squeeze=False, layout="constrained"
    )
    for line, row, cosines in zip(range(len(rows)), rows, scores, strict=True):
        order = np.argsort(-cosines, kind="stable")
        rank = 1 + int(np.flatnonzero(order == row)[0])
        above, below = axes[2 * line], axes[2 * line + 1]
        for ax in above:
            ax.set_axis_off()
        text = f"{test[row].title}. {test[row].comment}"
        written = above[0].text(
            0, 0.0, _paragraph(text, 330, 118), fontsize=7, va="bottom", transform=above[0].transAxes
        )
        written.set_in_layout(False)  # it runs over the axes beside it
        shown = [(row, f"rank {rank}, {cosines[row]:.3f}", RIGHT)]
        shown += [(int(i), f"{cosines[i]:.3f}", RIGHT if i == row else "") for i in order[:best]]
        for ax, (i, caption, frame) in zip(below, shown, strict=True):
            pixels = images.resize(images.read(test[i].image), _WIDTH)
            framed(ax, pixels, caption, inches=PAGE / (best + 1), frame=frame)
    return fig


def examples(ranks: NDArray[np.int64], *, right: bool, n: int = 3) -> list[int]:
    """Texts to show: at equal steps among those whose painting is among the first five, or is not.

    Raises
    ------
    NoExampleError: there are none.
    """
    found = np.flatnonzero((ranks <= 5) == right)
    if not len(found):
        raise NoExampleError(f"no text whose painting is {'' if right else 'not '}among the first five")
    return found[np.unique(np.linspace(0, len(found) - 1, min(n, len(found))).astype(int))].tolist()


def _paragraph(text: str, longest: int, width: int) -> str:
    """The beginning of a text in lines, with dollars that matplotlib does not take for formulas."""
    return textwrap.fill(textwrap.shorten(text, longest, placeholder=" …"), width).replace("$", r"\$")
