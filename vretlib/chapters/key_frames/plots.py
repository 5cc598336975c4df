"""What the stages of paper 002 look like. Every function returns a figure of the data it is given."""

from __future__ import annotations

from collections.abc import Iterable

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from vretlib.chapters.key_frames.methods import FoundItems
from vretlib.datasets.clips.query_images import QueryImages
from vretlib.images import Pixels
from vretlib.plots.axes import RIGHT, WRONG, show
from vretlib.plots.sheets import grid
from vretlib.report.figures import PAGE
from vretlib.video.clip_key_frames import Selection
from vretlib.video.described_clips import DescribedClips


def two_poolings(image: Pixels, maps: NDArray[np.float32], descriptor: ArrayLike, index: ArrayLike) -> Figure:
    """Fig 3: a frame, the mean of its maps (d, h, w) at each place, its descriptor, and the index as steps over it."""
    d, short = np.asarray(descriptor), np.asarray(index)
    fig, (left, middle, right) = plt.subplots(1, 3, figsize=(PAGE, 2.3), width_ratios=[1.3, 1, 3], layout="constrained")
    show(left, image, PAGE / 4)
    left.set_title("frame", loc="center", fontsize=8)
    middle.imshow(maps.mean(axis=0), cmap="viridis")
    middle.set(xlabel=f"{maps.shape[2]} places", ylabel=f"{maps.shape[1]} places", xticks=[], yticks=[])
    middle.set_title(f"mean of {maps.shape[0]} maps", loc="center", fontsize=8)
    right.bar(np.arange(len(d)), d, width=1.0, color="0.6", label=f"descriptor, {len(d)} numbers")
    edges = np.linspace(0, len(d), len(short) + 1) - 0.5
    right.stairs(short, edges, color="C1", linewidth=1.5, label=f"index, {len(short)} numbers")
    right.set(xlabel="channel", ylabel="mean response (no unit)", xlim=(edges[0], edges[-1]))
    right.set_ylim(0, 1.35 * max(float(d.max()), 1e-6))
    right.legend(loc="upper right", fontsize=7)
    return fig


def results(
    described: DescribedClips, chosen: Selection, queries: QueryImages, found: FoundItems, numbers: Iterable[int]
) -> Figure:
    """Tables 3 and 4: each query, then the key frames found for it, in a colour that says if the clip is right."""
    n, right = found.items.shape[1], found.matches(queries)
    images: list[Pixels | None] = []
    captions, colours = [], []
    for number in numbers:
        items = found.items[number][found.items[number] >= 0]
        nothing = [None] * (n - len(items))
        images += [queries.images[number], *described.images(chosen.rows[items]), *nothing]
        captions += ["query", *map(str, range(1, n + 1))]
        colours += ["", *np.where(right[number], RIGHT, WRONG)]
    return grid(images, captions, n + 1, colours)
