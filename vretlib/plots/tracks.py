"""Tracks of local features in pictures: where they run, how long they last, what is kept of one of them."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike, NDArray

from vretlib.errors import NoExampleError
from vretlib.report.figures import PAGE, plain


def trajectories(panels: Mapping[str, pd.DataFrame], width: int, longest: int = 30) -> Figure:
    """Fig 5.3: horizontal position of tracks over time, one panel per kind of feature.

    ``panels`` has ``frame``, ``x`` (pixels) and ``track`` of every feature of some consecutive frames, by kind. Only
    the ``longest`` tracks are drawn: all of them would hide one another. ``width`` is that of a frame, in pixels.
    """
    fig, axes = plt.subplots(1, len(panels), figsize=(PAGE, 3.2), sharex=True, sharey=True, squeeze=False)
    for ax, (title, features) in zip(axes[0], panels.items(), strict=True):
        lengths = features["track"].value_counts()
        for track in lengths.sort_index().sort_values(ascending=False, kind="stable").index[:longest]:
            path = features[features["track"] == track]
            ax.plot(path["frame"], path["x"], linewidth=0.9)
        ax.set(title=plain(f"{title}: the longest {min(longest, len(lengths))} tracks"), xlabel="frame number")
    axes[0, 0].set(ylabel="x (pixels)", ylim=(0, width))
    return fig


def lengths(panels: Mapping[str, pd.DataFrame], least: int) -> Figure:
    """How many tracks last how long, one line per kind of feature, both axes logarithmic.

    ``panels`` as in `trajectories`; tracks of ``least`` frames or more are those that become key features.
    """
    fig, ax = plt.subplots(figsize=(PAGE, 3.2), layout="constrained")
    for name, features in panels.items():
        counts = features["track"].value_counts().to_numpy()
        sizes, tracks = np.unique(counts, return_counts=True)
        share = (counts >= least).mean()
        label = f"{name}: {counts.mean():.1f} frames on average, {share:.0%} of the tracks are kept"
        ax.step(sizes, tracks, where="mid", linewidth=1.2, label=plain(label))
    ax.axvline(least - 0.5, color="0.3", linestyle="--", linewidth=1, label=f"kept from {least} frames on")
    ax.set(xlabel="length of the track (frames)", ylabel="tracks", xscale="log", yscale="log")
    fig.legend(loc="outside lower center", ncols=2, fontsize="small")  # the line crosses the whole height of the axes
    return fig


def thresholds(kinds: Mapping[str, tuple[pd.DataFrame, float, str]]) -> Figure:
    """The shares of features that pass a threshold of the distance, one panel per kind of feature.

    Each kind has its shares by threshold (the columns are the lines), the threshold in use, and the distance's name.
    """
    fig, axes = plt.subplots(1, len(kinds), figsize=(PAGE, 2.8), sharey=True, squeeze=False)
    for ax, (name, (shares, used, distance)) in zip(axes[0], kinds.items(), strict=True):
        for line, marker in zip(shares.columns, "osD", strict=False):
            ax.plot(shares.index.to_numpy(float), shares[line], marker=marker, markersize=4, label=plain(line))
        ax.axvline(used, color="0.3", linestyle="--", linewidth=1, label=f"in use: {used:g}")
        ax.set(title=plain(name), xlabel=plain(distance), ylim=(-0.02, 1.02))
        ax.legend(fontsize="x-small")
    axes[0, 0].set(ylabel="share of features")
    return fig


def bits(codes: NDArray[np.uint8], key_code: NDArray[np.uint8]) -> Figure:
    """The bits of one track's codes (n, 32), a row per frame; below them the share of ones, and its key feature."""
    rows, key = np.unpackbits(codes, axis=1), np.unpackbits(key_code)[None]
    fig, (top, middle, bottom) = plt.subplots(
        3, 1, figsize=(PAGE, 4.4), sharex=True, height_ratios=[10, 5, 2], layout="constrained"
    )
    top.imshow(rows, aspect="auto", cmap="gray_r", interpolation="nearest", vmin=0, vmax=1)
    top.set(title=f"a track of {len(rows)} frames (black = 1)")
    top.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    middle.bar(np.arange(rows.shape[1]), rows.mean(axis=0), width=1.0)
    middle.axhline(0.5, color="C1", linewidth=1)
    middle.set(ylim=(0, 1), yticks=(0, 0.5, 1))
    bottom.imshow(key, aspect="auto", cmap="gray_r", interpolation="nearest", vmin=0, vmax=1)
    bottom.set(xlabel="bit of the descriptor", yticks=[])
    for ax, name in ((top, "frame of\nthe track"), (middle, "share\nof ones"), (bottom, "key\nfeature")):
        ax.set_ylabel(name, rotation=0, ha="right", va="center", labelpad=8)
    fig.align_ylabels()
    return fig


def shared(times: ArrayLike, common: ArrayLike, found: ArrayLike, true: ArrayLike | None = None) -> Figure:
    """How many tracks consecutive frames share, with the boundaries found and, where known, the true transitions.

    ``times`` and ``common`` have one entry per frame after the first. All times are in seconds.
    """
    if len(np.asarray(times)) < 2:
        raise NoExampleError("the film has fewer than three frames")
    fig, ax = plt.subplots(figsize=(PAGE, 3.0), layout="constrained")
    ax.plot(times, common, linewidth=0.8)
    height = 1.05 * max(1.0, float(np.max(np.asarray(common))))
    ax.set(xlabel="time (seconds)", ylabel="tracks shared with\nthe frame before", ylim=(0, height))
    ax.vlines(np.asarray(found), 0, height, color="C1", linewidth=1, label="boundary found")
    if true is not None:
        top = np.full(len(np.asarray(true)), height)
        ax.scatter(true, top, marker="v", color="C2", label="true transition", zorder=3, clip_on=False)
    fig.legend(loc="outside lower center", ncols=2, frameon=False)  # boundaries cross the whole height of the axes
    return fig
