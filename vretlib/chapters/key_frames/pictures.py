"""What the stages of paper 002 look like. Every function returns a figure and shows data it is given, nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import cv2
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from vretlib.plots.axes import RIGHT, WRONG
from vretlib.plots.sheets import contact_sheet
from vretlib.report.figures import PAGE

Pixels = NDArray[np.uint8]

KEY = "C1"


def color_changes(times: ArrayLike, changes: ArrayLike, theta: float, key_times: ArrayLike = ()) -> Figure:
    """Histogram distances between adjacent frames, the limit θ · D_ave, and where the key frames are.

    ``times`` has one entry per frame, ``changes`` one less: a change is drawn in the middle of its two frames.
    """
    t, d = np.asarray(times, np.float64), np.asarray(changes, np.float64)
    fig, ax = plt.subplots(figsize=(PAGE, 2.6))
    ax.plot((t[:-1] + t[1:]) / 2, d, marker="o", markersize=3, linewidth=1, label="D, of adjacent frames")
    limit = theta * d.mean() if len(d) else 0
    ax.axhline(limit, color="0.3", linestyle="--", linewidth=1, label=f"θ · D_ave, θ = {theta:g}")
    for place, key in enumerate(np.asarray(key_times, np.float64)):
        ax.axvline(key, color=KEY, linewidth=1.5, alpha=0.7, zorder=0, label="key frame" if place == 0 else None)
    ax.set(xlabel="time (seconds)", ylabel="distance of histograms\n(shares of pixels)")
    ax.set_ylim(bottom=0)
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, 1.2), ncols=3, frameon=False, fontsize=7)
    return fig


def strip(images: Sequence[Pixels], captions: Sequence[str], is_key: ArrayLike, columns: int = 5) -> Figure:
    """Frames in rows, in order of time; key frames are framed."""
    return _framed(images, captions, [KEY if key else None for key in np.asarray(is_key, np.bool_)], columns)


def two_poolings(image: Pixels, maps: NDArray[np.float32], descriptor: ArrayLike, index: ArrayLike) -> Figure:
    """Fig 3: a frame, the mean of its maps (d, h, w) at each place, its descriptor, and the index as steps over it."""
    d, short = np.asarray(descriptor), np.asarray(index)
    fig, (left, middle, right) = plt.subplots(1, 3, figsize=(PAGE, 2.3), width_ratios=[1.3, 1, 3], layout="constrained")
    _show(left, image, None)
    left.set_axis_off()
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


def results(rows: Sequence[tuple[Sequence[Pixels], ArrayLike]], columns: int = 7) -> Figure:
    """Tables 3 and 4: queries at the left, what was found at their right, framed by whether the clip is right."""
    images: list[Pixels | None] = []
    captions: list[str] = []
    colours: list[str | None] = []
    for shown, right in rows:
        few = list(shown)[:columns]
        images += [*few, *[None] * (columns - len(few))]
        captions += ["query", *[str(rank) for rank in range(1, len(few))], *[""] * (columns - len(few))]
        verdicts = [RIGHT if is_right else WRONG for is_right in np.asarray(right, np.bool_)[: len(few) - 1]]
        colours += [None, *verdicts, *[None] * (columns - len(few))]
    return _framed(images, captions, colours, columns)


def theta_curves(table: pd.DataFrame, chosen: float) -> Figure:
    """Fig 4: compression ratio and accuracy against θ, each with an axis of its own."""
    thetas = [float(theta) for theta in table.columns]
    fig, left = plt.subplots(figsize=(PAGE, 3.2))
    right = left.twinx()
    right.grid(False)
    left.plot(thetas, table.loc["Compression ratio"], color="C0", marker="o", markersize=4)
    right.plot(thetas, table.loc["Accuracy"], color="C1", marker="s", markersize=4)
    left.axvline(chosen, color="0.3", linestyle="--", linewidth=1)
    left.set(xlabel="threshold factor θ (no unit)", ylim=(-0.02, 1.02))
    left.set_ylabel("compression ratio (eq 3)", color="C0")
    right.set_ylabel("accuracy at n = 1 (eq 2)", color="C1")
    right.set_ylim(-0.02, 1.02)
    return fig


def accuracy_by_results(table: pd.DataFrame) -> Figure:
    """Accuracy against the number of results, below what any method could reach."""
    fig, ax = plt.subplots(figsize=(PAGE, 2.8))
    n = table.index.to_numpy(float)
    ax.fill_between(n, table["Most possible"], 1, color="0.9", label="cannot be reached")
    ax.plot(n, table["Most possible"], color="0.4", linewidth=1)
    ax.plot(n, table["Accuracy"], marker="o", markersize=4, label="obtained")
    ax.set(xlabel="number of results n (key frames)", ylabel="accuracy (eq 2)", ylim=(0, 1.02), xlim=(n[0], n[-1]))
    ax.legend(loc="lower left")
    return fig


def candidates(table: pd.DataFrame, chosen: int) -> Figure:
    """Accuracy, and agreement with exact search, against the number of candidates."""
    fig, ax = plt.subplots(figsize=(PAGE, 2.8))
    m = table.index.to_numpy(float)
    for column, marker in (("Accuracy", "o"), ("Agreement", "s")):
        label = "accuracy (eq 2)" if column == "Accuracy" else "first result as in exact search"
        ax.plot(m, table[column], marker=marker, markersize=4, label=label)
    ax.axvline(min(chosen, m[-1]), color="0.3", linestyle="--", linewidth=1, label=f"m = {chosen}")
    ax.set(xscale="log", xlabel="number of candidates m (key frames)", ylabel="share of queries", ylim=(0, 1.02))
    ax.legend(loc="lower right")
    return fig


def memory_and_accuracy(table: pd.DataFrame) -> Figure:
    """Methods of Table 5 or 6 by the memory that an hour of video takes and by their accuracy."""
    fig, ax = plt.subplots(figsize=(PAGE, 3.0))
    for place, (name, row) in enumerate(table.iterrows()):
        ax.plot(row["MB per hour"], row["Acc"], "o", color=f"C{place}")
        alike = table["MB per hour"].between(row["MB per hour"] / 2, row["MB per hour"] * 2)
        above = 5 if row["Acc"] >= table.loc[alike, "Acc"].max() else -11  # or two names would lie on each other
        ax.annotate(str(name), (row["MB per hour"], row["Acc"]), (5, above), textcoords="offset points", fontsize=8)
    ax.set(xscale="log", xlabel="memory of an hour of video (MB)", ylabel="accuracy at n = 1 (eq 2)")
    ax.margins(0.15)
    return fig


def kinds(rows: Mapping[str, Sequence[Pixels]]) -> Figure:
    """A few images of each kind of query, a row per kind."""
    return contact_sheet([(name, list(images)) for name, images in rows.items()])


def _framed(
    images: Sequence[Pixels | None], captions: Sequence[str], colours: Sequence[str | None], columns: int
) -> Figure:
    """Images row by row with a caption above; those with a colour have a frame of it."""
    lines = -(-len(images) // columns)
    height = max((image.shape[0] / image.shape[1] for image in images if image is not None), default=0.6)
    width = PAGE / columns
    size = (PAGE, lines * (width * height + 0.22))
    fig, axes = plt.subplots(lines, columns, figsize=size, squeeze=False, layout="constrained")
    for ax in axes.flat:
        ax.set_axis_off()
    for ax, image, caption, colour in zip(axes.flat, images, captions, colours, strict=False):
        if image is not None:
            _show(ax, image, colour)
            ax.set_title(caption, fontsize=7, loc="center", pad=2)
    return fig


def _show(ax: Axes, image: Pixels, colour: str | None) -> None:
    scale = min(1.0, 200 / image.shape[1])
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    ax.imshow(small)
    if colour is not None:
        ax.set_axis_on()
        ax.set(xticks=[], yticks=[])
        for spine in ax.spines.values():
            spine.set(visible=True, color=colour, linewidth=3)
