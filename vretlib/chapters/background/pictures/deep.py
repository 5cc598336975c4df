"""Pictures of deep features: pooling, activation maps, where maxima lie, regions, what whitening does."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from vretlib.chapters.background import by_hand
from vretlib.chapters.background.deep import RmacTrace, squeezed
from vretlib.chapters.background.pictures import show
from vretlib.report.figures import PAGE, size

Image = NDArray[np.uint8]


def pooling(values: ArrayLike, side: int = 2) -> Figure:
    """A small map and what max-, sum- and mean-pooling leave of it (Fig 2.3); squares keep their colour."""
    x = np.asarray(values, np.float64)
    panels = {"input": x, **{f"{how}-pooling": by_hand.pool(x, side, how) for how in by_hand.POOLING}}
    fig, axes = plt.subplots(1, len(panels), figsize=(PAGE, 1.8), width_ratios=[x.shape[1], *[side + 0.6] * 3])
    for ax, (name, numbers) in zip(axes, panels.items(), strict=True):
        step = side if numbers.shape == x.shape else 1
        _numbers(ax, numbers, step)
        ax.set_title(name, loc="center")
    return fig


def _numbers(ax: Axes, values: NDArray[np.float64], step: int) -> None:
    """A table of numbers whose squares of ``step`` cells have one colour each."""
    height, width = values.shape
    for (row, column), value in np.ndenumerate(values):
        colour = f"C{(row // step) * (width // step) + column // step}"
        ax.add_patch(plt.Rectangle((column, row), 1, 1, facecolor=colour, alpha=0.3, edgecolor="white", linewidth=2))
        ax.text(column + 0.5, row + 0.5, f"{value:g}", ha="center", va="center")
    ax.set(xlim=(0, width), ylim=(height, 0), aspect="equal")
    ax.set_axis_off()


def activation_maps(image: Image, maps: Mapping[str, NDArray[np.float32]], n: int = 5) -> Figure:
    """The image, and the ``n`` most varied channels of each layer's maps (d, h, w), a row per layer.

    Every map has its own scale from black (its smallest response) to bright (its largest).
    """
    fig, axes = show.grid(len(maps), n + 1, image.shape[0] / image.shape[1])
    width = PAGE / (n + 1)
    for line, (name, volume) in zip(axes, maps.items(), strict=True):
        d, h, w = volume.shape
        show.place(line[0], image, f"{w}×{h}×{d}", inches=width)
        line[0].set_ylabel(name, fontsize=8)
        chosen = np.argsort(-volume.reshape(d, -1).std(axis=1), kind="stable")[:n]
        for ax, channel in zip(line[1:], chosen, strict=False):
            ax.imshow(volume[channel], cmap="magma", aspect="auto")
            ax.set_title(f"channel {channel}", fontsize=7, loc="center", pad=3)
    return fig


def squashed(image: Image, side: int) -> Figure:
    """An image, and the square that a network with a fixed input gets instead."""
    fig, (left, right) = plt.subplots(1, 2, figsize=(PAGE * 0.7, 2.0), width_ratios=[image.shape[1], image.shape[0]])
    show.place(left, image, f"as photographed: {image.shape[1]}×{image.shape[0]}", inches=PAGE * 0.4)
    show.place(right, squeezed(image, side), f"as the network sees it: {side}×{side}", inches=PAGE * 0.3)
    return fig


def common_maxima(seen: Mapping[str, RmacTrace], n: int) -> Figure:
    """Where the n channels that bind the first two images together have their maxima, in all images; a colour each.

    The cosine of two MAC vectors is a sum over channels; those are drawn that add the most to it.
    """
    first, second = list(seen.values())[:2]
    shares = first.mac * second.mac
    chosen = np.argsort(-shares, kind="stable")[:n]
    fig, axes = show.grid(1, len(seen), 0.8)
    for ax, (caption, one) in zip(axes[0], seen.items(), strict=True):
        shrunk = show.place(ax, one.image, caption, inches=PAGE / len(seen))
        height, width = one.maps.shape[1:]
        high, wide = shrunk * one.image.shape[0] / height, shrunk * one.image.shape[1] / width
        for k, channel in enumerate(chosen):
            row, column = divmod(int(one.maps[channel].argmax()), width)
            inset = 1 + k * min(high, wide) * 0.08  # maxima often share a cell: draw the boxes inside one another
            corner = (column * wide + inset, row * high + inset, (column + 1) * wide - inset, (row + 1) * high - inset)
            show.box(ax, *corner, colour=f"C{k}", width=1.8)
    adds = ", ".join(f"{shares[c]:.2f}" for c in chosen)
    fig.supxlabel(f"cosine of the first two: {shares.sum():.2f}, to which these add {adds}", fontsize=8)
    return fig


def regions(seen: RmacTrace) -> Figure:
    """The regions of R-MAC on the image, a panel per level; one region of each is filled, dots are centres."""
    names = np.unique(seen.levels)
    height, width = seen.image.shape[:2]
    fig, axes = show.grid(1, len(names), height / width)
    for ax, level in zip(axes[0], names, strict=True):
        own = seen.grid[seen.levels == level]
        title = f"level {level}: {len(own)} of {own[0, 2] - own[0, 0]}×{own[0, 3] - own[0, 1]} cells"
        shrunk = show.place(ax, seen.image, title, inches=PAGE / len(names))
        scale = shrunk * np.array([height, width]) / seen.maps.shape[1:]
        ax.set(xlim=(-3, shrunk * width + 2), ylim=(shrunk * height + 2, -3))
        for k, (y0, x0, y1, x1) in enumerate(own * np.tile(scale, 2)):
            inset = 1.5 * (k % 3)  # neighbours share edges: keep them apart
            show.box(ax, x0 + inset, y0 + inset, x1 - inset, y1 - inset, colour=f"C{k % 7}", width=1.3)
            if k == len(own) // 2:
                ax.add_patch(plt.Rectangle((x0, y0), x1 - x0, y1 - y0, color=f"C{k % 7}", alpha=0.3, linewidth=0))
            ax.plot((x0 + x1) / 2, (y0 + y1) / 2, ".", color=f"C{k % 7}", markersize=6, mec="w", mew=0.5)
    return fig


def whitening(eigenvalues: ArrayLike, pairs: Sequence[Mapping[str, ArrayLike]]) -> Figure:
    """The spectrum that whitening flattens, and cosines of pairs by kind, before and after."""
    before, after = pairs
    fig, axes = plt.subplots(1, 3, figsize=size(1.0, 0.36))
    values = np.asarray(eigenvalues, np.float64)
    axes[0].semilogy(np.arange(1, len(values) + 1), values / values.sum())
    axes[0].set(title="variance of the lessons", xlabel="direction", ylabel="share of the variance")
    least = min(float(np.min(c)) for cosines in pairs for c in cosines.values())
    bins = np.arange(np.floor(40 * min(-0.3, least)), 41) / 40
    for ax, title, cosines in ((axes[1], "cosines before", before), (axes[2], "cosines after", after)):
        for k, (name, c) in enumerate(cosines.items()):
            ax.hist(np.asarray(c), bins, density=True, histtype="stepfilled", alpha=0.5, color=f"C{k}", label=name)
        ax.set(title=title, xlabel="cosine", yticks=[])
        ax.grid(False)
    axes[1].legend(loc="upper left")
    return fig


def in_a_row(named: Mapping[str, Image], note: str = "") -> Figure:
    """A few images of one height, with captions, and a line below all of them."""
    shapes = [image.shape[1] / image.shape[0] for image in named.values()]
    fig, axes = plt.subplots(
        1, len(named), figsize=(PAGE, PAGE / sum(shapes) + 0.25), width_ratios=shapes, squeeze=False
    )
    for ax, (caption, image), shape in zip(axes[0], named.items(), shapes, strict=True):
        show.place(ax, image, caption, inches=PAGE * shape / sum(shapes))
    fig.supxlabel(note, fontsize=8)
    return fig
