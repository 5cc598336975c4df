"""Changes between consecutive frames and what is read from them: boundaries of shots, numbers of key frames."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from vretlib.errors import NoExampleError
from vretlib.report.figures import PAGE
from vretlib.video.boundary_evaluation import Transition


def distances(
    times: ArrayLike, distance: ArrayLike, threshold: float, transitions: Sequence[Transition] | None = None
) -> Figure:
    """The distance of each sampled frame to the one before, the threshold, and the true transitions if known.

    ``times`` (n,) are seconds of the frames after each gap, ``distance`` (n,) the distances across it.

    Raises
    ------
    NoExampleError: there is no gap.
    """
    if not np.size(distance):
        raise NoExampleError("the clip has fewer than two sampled frames, so there is no distance to show")
    fig, ax = plt.subplots(figsize=(PAGE, 2.6), layout="constrained")
    t, d = np.asarray(times, np.float64), np.asarray(distance, np.float64)
    ax.vlines(t, 0, d, color="C0", linewidth=1.2)
    ax.plot(t[d > threshold], d[d > threshold], "o", color="C1", markersize=4, label="boundary found")
    ax.axhline(threshold, color="0.3", linestyle="--", linewidth=1, label=f"Th = {threshold:g}")
    for i, transition in enumerate(transitions or ()):
        label = "true transition" if i == 0 else None
        ax.axvspan(transition.start - 0.02, transition.end + 0.02, color="C2", alpha=0.35, linewidth=0, label=label)
    ax.set(xlabel="time (seconds)", ylabel="cosine distance to\nthe frame before", ylim=(0, max(1.05, 1.05 * d.max())))
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, 1.22), ncols=3, frameon=False)
    return fig


def thresholds(curves: Mapping[str, pd.DataFrame], threshold: float) -> Figure:
    """One panel for each of the curves (`boundary_evaluation.threshold_curve`), with the chosen threshold dashed.

    Raises
    ------
    NoExampleError: there are no curves.
    """
    if not curves:
        raise NoExampleError("no true cut or dissolve of these clips is known")
    fig, axes = plt.subplots(1, len(curves), figsize=(PAGE, 2.8), sharey=True, layout="constrained", squeeze=False)
    for ax, (name, curve) in zip(axes[0], curves.items(), strict=True):
        ax.plot(curve.index, curve["precision"], label="precision")
        ax.plot(curve.index, curve["cuts found"], label="recall of cuts")
        ax.plot(curve.index, curve["dissolves and fades found"], label="recall of dissolves")
        ax.plot(curve.index, curve["F1"], color="0.2", linewidth=1.8, label="F1")
        ax.axvline(threshold, color="0.3", linestyle="--", linewidth=1)
        ax.set(title=name, xlabel="threshold Th")
    axes[0, 0].set(ylabel="share", ylim=(-0.02, 1.02))
    fig.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=4, frameon=False)
    return fig


def colour_changes(times: ArrayLike, changes: ArrayLike, theta: float, key_times: Iterable[float] = ()) -> Figure:
    """Histogram distances between adjacent frames, the limit θ · D_ave, and the times of the key frames.

    ``times`` (n,) are those of the frames; a change of ``changes`` (n - 1,) is drawn in the middle between its two.

    Raises
    ------
    NoExampleError: the clip has a single frame.
    """
    t, d = np.asarray(times, np.float64), np.asarray(changes, np.float64)
    if not len(d):
        raise NoExampleError("no clip has two sampled frames, so no colour changes")
    fig, ax = plt.subplots(figsize=(PAGE, 2.6))
    ax.plot((t[:-1] + t[1:]) / 2, d, marker="o", markersize=3, linewidth=1, label="D of adjacent frames")
    ax.axhline(theta * d.mean(), color="0.3", linestyle="--", linewidth=1, label=f"θ · D_ave, θ = {theta:g}")
    for place, key in enumerate(key_times):
        ax.axvline(key, color="C1", linewidth=1.5, alpha=0.7, zorder=0, label=None if place else "key frame")
    ax.set(xlabel="time (seconds)", ylabel="distance of histograms\n(shares of pixels)")
    ax.set_ylim(bottom=0)
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, 1.2), ncols=3, frameon=False, fontsize=7)
    return fig
