"""Figures of what a network sees in an image: activation maps, places of maxima, and the regions of R-MAC."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from vretlib.features.backbones import Backbone
from vretlib.features.rmac_trace import RmacTrace
from vretlib.images import Pixels
from vretlib.plots.axes import box, framed, image_grid
from vretlib.report.figures import PAGE


def activation_maps(image: Pixels, maps: Mapping[str, NDArray[np.float32]], n: int = 5) -> Figure:
    """The image, and the ``n`` channels of each layer's maps (d, h, w) that vary the most, one row per layer.

    Every map has its own scale from black (its smallest response) to bright (its largest).
    """
    fig, axes = image_grid(len(maps), n + 1, image.shape[0] / image.shape[1])
    width = PAGE / (n + 1)
    for line, (name, volume) in zip(axes, maps.items(), strict=True):
        d, h, w = volume.shape
        framed(line[0], image, f"{w}×{h}×{d}", inches=width)
        line[0].set_ylabel(name, fontsize=8)
        chosen = np.argsort(-volume.reshape(d, -1).std(axis=1), kind="stable")[:n]
        for ax, channel in zip(line[1:], chosen, strict=False):
            ax.imshow(volume[channel], cmap="magma", aspect="auto")
            ax.set_title(f"channel {channel}", fontsize=7, loc="center", pad=3)
    return fig


def common_maxima(traces: Mapping[str, RmacTrace], n: int) -> Figure:
    """Images with the maxima of the n channels that add the most to the cosine of the first two, a colour per channel.

    The cosine of two MAC vectors is a sum over channels.
    """
    first, second = list(traces.values())[:2]
    shares = first.mac * second.mac
    chosen = np.argsort(-shares, kind="stable")[:n]
    fig, axes = image_grid(1, len(traces), 0.8)
    for ax, (caption, one) in zip(axes[0], traces.items(), strict=True):
        shrunk = framed(ax, one.image, caption, inches=PAGE / len(traces))
        height, width = one.maps.shape[1:]
        high, wide = shrunk * one.image.shape[0] / height, shrunk * one.image.shape[1] / width
        for k, channel in enumerate(chosen):
            row, column = divmod(int(one.maps[channel].argmax()), width)
            inset = 1 + k * min(high, wide) * 0.08  # maxima often share a cell: draw the boxes inside one another
            corner = (column * wide + inset, row * high + inset, (column + 1) * wide - inset, (row + 1) * high - inset)
            box(ax, *corner, colour=f"C{k}", width=1.8)
    adds = ", ".join(f"{shares[c]:.2f}" for c in chosen)
    fig.supxlabel(f"cosine of the first two: {shares.sum():.2f}, to which these add {adds}", fontsize=8)
    return fig


def regions(trace: RmacTrace) -> Figure:
    """The regions of R-MAC on the image, one panel per level; one region of each level is filled, dots are centres."""
    names = np.unique(trace.levels)
    height, width = trace.image.shape[:2]
    fig, axes = image_grid(1, len(names), height / width)
    for ax, level in zip(axes[0], names, strict=True):
        own = trace.grid[trace.levels == level]
        title = f"level {level}: {len(own)} of {own[0, 2] - own[0, 0]}×{own[0, 3] - own[0, 1]} cells"
        shrunk = framed(ax, trace.image, title, inches=PAGE / len(names))
        scale = shrunk * np.array([height, width]) / trace.maps.shape[1:]
        ax.set(xlim=(-3, shrunk * width + 2), ylim=(shrunk * height + 2, -3))
        for k, (y0, x0, y1, x1) in enumerate(own * np.tile(scale, 2)):
            inset = 1.5 * (k % 3)  # neighbours share edges: keep them apart
            box(ax, x0 + inset, y0 + inset, x1 - inset, y1 - inset, colour=f"C{k % 7}", width=1.3)
            if k == len(own) // 2:
                ax.add_patch(plt.Rectangle((x0, y0), x1 - x0, y1 - y0, color=f"C{k % 7}", alpha=0.3, linewidth=0))
            ax.plot((x0 + x1) / 2, (y0 + y1) / 2, ".", color=f"C{k % 7}", markersize=6, mec="w", mew=0.5)
    return fig


def taps_to_draw(network: Backbone) -> list[str]:
    """Three layers of maps of a network: one near the pixels, one half-way, the deepest."""
    spatial = network.taps[: network.taps.index(network.last_maps) + 1]
    return list(dict.fromkeys(spatial[k] for k in (min(1, len(spatial) - 1), len(spatial) // 2, len(spatial) - 1)))
