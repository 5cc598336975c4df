"""Pictures of Faster R-CNN: its parts, its proposals, its pooling, boxes in rankings, what its maps respond to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import TwoSlopeNorm
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from vretlib import images
from vretlib.datasets.landmarks.collection import LandmarkCollection, LandmarkQuery
from vretlib.errors import NoExampleError
from vretlib.features.detector_parts import STRIDE
from vretlib.images import Pixels
from vretlib.models.training import TrainingLog
from vretlib.plots.axes import box, framed, image_grid
from vretlib.plots.curves import losses
from vretlib.plots.diagrams import Arrow, Node, diagram
from vretlib.plots.rankings import KIND_COLOURS
from vretlib.report.figures import PAGE, plain

F32 = NDArray[np.float32]


def architecture(image: Pixels) -> Figure:
    """Figure 2: one image passes the convolutions once; IPA pools the whole map, RPA the bins of each region."""
    boxes = {
        "image": Node(0, 2.0, "image", 1.9, 1.6, "data", image),
        "backbone": Node(2.5, 2.0, "convolutions", 1.7, 0.9, "learned"),
        "map": Node(4.9, 2.0, "last map\nd × h × w", 1.7, 0.9),
        "ipa": Node(7.9, 3.3, "IPA: maximum or sum\nover all places", 2.5, 0.8, "result"),
        "rpn": Node(4.9, 0.5, "region proposal\nnetwork", 1.9, 0.9, "learned"),
        "pool": Node(7.9, 2.0, "RoI pooling: 7 × 7\nbins of each region", 2.5, 0.9),
        "rpa": Node(11.1, 2.0, "RPA: maximum or\nsum over the 49 bins", 2.4, 0.8, "result"),
        "head": Node(7.9, 0.5, "fully connected\nlayers", 1.9, 0.9, "learned"),
        "classes": Node(11.1, 0.5, "probability of each\nclass, better box", 2.4, 0.8, "result"),
    }
    arrows = [
        Arrow("image", "backbone"), Arrow("backbone", "map"), Arrow("map", "ipa"), Arrow("map", "rpn"),
        Arrow("map", "pool"), Arrow("rpn", "pool", "regions"), Arrow("pool", "rpa"), Arrow("pool", "head"),
        Arrow("head", "classes"),
    ]  # fmt: skip
    return diagram(boxes, arrows, kinds={"learned": "learned", "step": "computed", "result": "what is used"}, size=7)


def proposals(shown: Mapping[str, tuple[Pixels, ArrayLike, ArrayLike]]) -> Figure:
    """Images by caption, each with the boxes (n, 4) of some proposals in thin lines, and one box (4,) in thick ones."""
    fig, axes = image_grid(1, len(shown), max(image.shape[0] / image.shape[1] for image, _, _ in shown.values()))
    for ax, (caption, (image, boxes, wanted)) in zip(axes[0], shown.items(), strict=True):
        shrunk = framed(ax, image, plain(caption), inches=PAGE / len(shown))
        _outline(ax, shrunk, boxes, "C0", 0.5)
        _outline(ax, shrunk, np.asarray(wanted)[None], "C1", 2)
    return fig


def roi_pooling(image: Pixels, regions: F32, maps: F32, corners: F32, bins: F32) -> Figure:
    """A region of an image, the same on the channel of the map that responds most in it, and its bins.

    Parameters
    ----------
    regions: (r, 4) in pixels of the image. The one that is nearest to three cells wide is shown.
    maps: (d, h, w).
    corners: (r, 4), the regions in pixels of the network's input.
    bins: (r, d, 7, 7).

    Raises
    ------
    NoExampleError: there is no region.
    """
    if not len(regions):
        raise NoExampleError("the detector proposes no region in this image")
    chosen = int(np.argmin(np.abs(corners[:, 2] - corners[:, 0] - 2 * STRIDE)))
    channel = int(bins[chosen].sum(axis=(1, 2)).argmax())
    shown = {"one channel of the map": maps[channel], "7 × 7 bins": bins[chosen, channel]}
    fig, axes = image_grid(1, 3, max(1.0, image.shape[0] / image.shape[1]))
    shrunk = framed(axes[0, 0], image, "a proposal", inches=PAGE / 3)
    _outline(axes[0, 0], shrunk, [regions[chosen]], "C0", 2)
    for ax, (title, values) in zip(axes[0, 1:], shown.items(), strict=True):
        ax.imshow(values, cmap="magma", vmin=0, vmax=float(maps[channel].max()))
        ax.set_title(title, fontsize=7.5, loc="center", pad=3)
        for k in range(1, values.shape[1]):
            ax.axvline(k - 0.5, color="0.5", linewidth=0.4)
        for k in range(1, values.shape[0]):
            ax.axhline(k - 0.5, color="0.5", linewidth=0.4)
    x1, y1, x2, y2 = np.round(corners[chosen] / STRIDE)  # its first and last cells, both included
    box(axes[0, 1], x1 - 0.5, y1 - 0.5, x2 + 0.5, y2 + 0.5, colour="C0", width=2)
    return fig


def _outline(ax: Axes, shrunk: float, boxes: ArrayLike, colour: str, width: float = 1.5) -> None:
    """Draw boxes (n, 4) of an image that was shrunk."""
    for x1, y1, x2, y2 in np.asarray(boxes, np.float64) * shrunk:
        box(ax, x1, y1, x2, y2, colour=colour, width=width)


FoundBoxes = tuple[NDArray[np.int64], F32]
"""The ids of images (n,), best first, and the box found in each (n, 4)."""


def boxes_in_rankings(
    searched: LandmarkCollection, asked: Sequence[LandmarkQuery], found: Mapping[str, Sequence[FoundBoxes]], n: int = 4
) -> Figure:
    """Figures 3 and 5: one line for each query and method, with the query and the first ``n`` images and their boxes.

    ``found`` has what each method found for each query, by the method's name. Query images are left out.
    """
    first = [searched.images[int(i)] for of in found.values() for ids, _ in of for i in ids[:n]]
    sides = map(images.size, [*first, *(query.path for query in asked)])
    fig, axes = image_grid(len(asked) * len(found), n + 1, min(1.2, max(high / wide for wide, high in sides)))
    width = PAGE / (n + 1)
    for k, query in enumerate(asked):
        kind = query.kinds(len(searched.images))
        for line, (way, of) in zip(axes[k * len(found) :], found.items(), strict=False):
            shrunk = framed(line[0], images.read(query.path), plain(way), inches=width, frame=KIND_COLOURS["query"])
            if query.box is not None:
                _outline(line[0], shrunk, [query.box], "C7")
            ids, corners = of[k]
            rest = [place for place, i in enumerate(ids) if kind[i] != "query"][:n]
            for ax, place in zip(line[1:], rest, strict=False):
                i = int(ids[place])
                frame = KIND_COLOURS[str(kind[i])]
                shrunk = framed(ax, images.read(searched.images[i]), inches=width, frame=frame)
                if np.isfinite(corners[place]).all():
                    _outline(ax, shrunk, [corners[place]], "C0")
    return fig


def activation_differences(shown: Mapping[str, tuple[Pixels, F32, F32]]) -> Figure:
    """Figure 4: images by caption, with the response of a map before and after (h, w) and the difference of the two.

    Both responses of an image have one scale; a difference is red where the response has grown.
    """
    headings = ("image", "before", "after", "after − before")
    high = [min(1.2, image.shape[0] / image.shape[1]) for image, _, _ in shown.values()]
    fig, axes = image_grid(len(shown), 4, float(np.mean(high)), headings, title=0.06)
    axes[0, 0].get_gridspec().set_height_ratios(high)  # a row of wide images is low
    for line, (caption, (image, before, after)) in zip(axes, shown.items(), strict=True):
        framed(line[0], image, inches=PAGE / 4)
        line[0].set_ylabel(plain(caption), fontsize=8)
        extent = (0, 1, 0, image.shape[0] / image.shape[1])
        strongest = float(max(before.max(), after.max()))
        for ax, values in zip(line[1:3], (before, after), strict=True):
            ax.imshow(values, cmap="magma", vmin=0, vmax=strongest, extent=extent)
        most = max(float(np.abs(after - before).max()), 1e-9)
        line[3].imshow(after - before, cmap="RdBu_r", norm=TwoSlopeNorm(0, -most, most), extent=extent)
    for ax, heading in zip(axes[0], headings, strict=True):
        ax.set_title(heading, fontsize=7.5, loc="center", pad=3)
    return fig


def grouped_losses(groups: Mapping[str, Mapping[str, TrainingLog]], window: int = 20) -> Figure:
    """The losses of trainings (means of ``window`` steps): a panel for each group, a line for each training in it."""
    fig, axes = plt.subplots(1, len(groups), figsize=(PAGE, 2.7), sharey=True, squeeze=False, layout="constrained")
    for ax, (group, of) in zip(axes[0], groups.items(), strict=True):
        losses(ax, of, window=window)
        ax.set(title=plain(group), xlabel="step", ylim=(0, None))
    axes[0, 0].set_ylabel("loss")
    axes[0, -1].legend()
    return fig
