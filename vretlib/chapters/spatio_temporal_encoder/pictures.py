"""What the stages of chapter 6 look like. Every function returns a figure and shows data it is given, nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.offsetbox import AnnotationBbox, OffsetImage
from numpy.typing import ArrayLike, NDArray

from vretlib import images
from vretlib.features.match_graph import MatchGraph
from vretlib.models.training import TrainingLog
from vretlib.plots.sheets import film_strip
from vretlib.report.figures import PAGE, plain
from vretlib.video.boundary_evaluation import Transition

Image = NDArray[np.uint8]

KEPT, REMOVED = "C2", "C1"
_THUMB = 76  # pixels of a frame's longer side in the graph


def distances(curve: tuple[ArrayLike, ArrayLike, Sequence[Transition] | None], threshold: float) -> Figure:
    """Fig 6.3, left: distance of each sampled frame to the next, the threshold, and what is true where it is known.

    ``curve`` has the seconds of the frames after each gap, their distances, and the true transitions or None.
    """
    times, distance, true = curve
    fig, ax = plt.subplots(figsize=(PAGE, 2.6), layout="constrained")
    t, d = np.asarray(times), np.asarray(distance)
    ax.vlines(t, 0, d, color="C0", linewidth=1.2)
    ax.plot(t[d > threshold], d[d > threshold], "o", color="C1", markersize=4, label="boundary found")
    ax.axhline(threshold, color="0.3", linestyle="--", linewidth=1, label=f"Th = {threshold:g}")
    for i, transition in enumerate(true or ()):
        label = "true transition" if i == 0 else None
        ax.axvspan(transition.start - 0.02, transition.end + 0.02, color="C2", alpha=0.35, linewidth=0, label=label)
    ax.set(xlabel="time (seconds)", ylabel="cosine distance to\nthe frame before", ylim=(0, max(1.05, 1.05 * d.max())))
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, 1.22), ncols=3, frameon=False)
    return fig


def shots_of_clip(strip: tuple[Sequence[Image], Sequence[str], Sequence[bool]]) -> Figure:
    """Fig 6.3, right: frames, their times, and whether a shot has begun since the one before."""
    return film_strip(*strip)


def thresholds(curves: Mapping[str, pd.DataFrame], threshold: float) -> Figure:
    """Precision, recall and F1 against Th, a panel for each whitening, and the threshold of this page."""
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


def graph(found: MatchGraph, frames: Sequence[Image], names: Sequence[str]) -> Figure:
    """Fig 6.4: frames on a circle, joined where they match; green and solid is the strongest component.

    The first frame is at the top, and they follow each other clockwise.
    """
    n = len(frames)
    angle = np.pi / 2 - 2 * np.pi * np.arange(n) / n
    x, y = 1.25 * np.cos(angle), np.sin(angle)
    fig, ax = plt.subplots(figsize=(PAGE, 0.8 * PAGE), layout="constrained")
    kept = found.component == 0
    for i in range(n):
        for j in range(i + 1, n):
            if found.scores[i, j] > 0:
                solid = bool(kept[i] and kept[j])
                ax.plot(
                    x[[i, j]], y[[i, j]], color=KEPT if solid else REMOVED, linestyle="-" if solid else "--",
                    linewidth=0.5 + 3 * found.scores[i, j], alpha=0.6, zorder=1,
                )  # fmt: skip
    for i, (frame, name) in enumerate(zip(frames, names, strict=True)):
        colour = KEPT if kept[i] else REMOVED
        box = AnnotationBbox(
            OffsetImage(images.resize(frame, _THUMB), zoom=0.62), (x[i], y[i]), pad=0.12,
            bboxprops={"edgecolor": colour, "linewidth": 2, "linestyle": "-" if kept[i] else "--"}, zorder=2,
        )  # fmt: skip
        ax.add_artist(box)
        ax.annotate(name, (x[i], y[i]), (0, -21), textcoords="offset points", ha="center", va="top", fontsize=6)
    ax.set(xlim=(-1.55, 1.55), ylim=(-1.3, 1.25))
    ax.set_axis_off()
    ax.set_title(f"{kept.sum()} of {n} frames are kept", loc="center")
    return fig


def training(logs: Mapping[str, TrainingLog]) -> Figure:
    """Loss of each step (means of 25), and how often a held-out frame's own shot is the nearest."""
    fig, (left, right) = plt.subplots(1, 2, figsize=(PAGE, 2.8), layout="constrained")
    for name, log in logs.items():
        left.plot(*log.curve(25), label=name)
        steps, score = zip(*log.validation, strict=True)
        right.plot(steps, score, marker="o", markersize=3, label=name)
    left.set(xlabel="steps", ylabel="margin loss (eq 6.4)", yscale="log")
    right.set(xlabel="steps", ylabel="held-out frames whose own\nshot is nearest (share)", ylim=(None, 1.0))
    left.legend()
    return fig


def memory(table: pd.DataFrame, accuracy: Mapping[str, float], ylabel: str) -> Figure:
    """Accuracy against memory, a point per method: colours go round, shapes change with each round."""
    fig, ax = plt.subplots(figsize=(PAGE, 3.6), layout="constrained")
    for i, (name, value) in enumerate(accuracy.items()):
        shape = "osD^"[i // 6 % 4]
        ax.plot(table.loc[name, "MB per hour"], value, shape, color=f"C{i % 6}", label=name, linestyle="none")
    ax.set(xlabel="memory (MB per hour of video, logarithmic)", ylabel=ylabel, xscale="log", ylim=(0, 1))
    fig.legend(loc="outside right center", fontsize="x-small")
    return fig


def lessons_needed(table: pd.DataFrame, sums: pd.Series, turned: pd.Series) -> Figure:
    """MAP against the number of training clips, a colour per kind of query; ``sums`` and ``turned`` for comparison."""
    fig, ax = plt.subplots(figsize=(PAGE, 3.2), layout="constrained")
    for i, column in enumerate(c for c in table.columns if c.endswith("mAP")):
        name = plain(column.split("|")[0])
        ax.plot(table.index, table[column], marker="o", color=f"C{i}", label=f"LSTM, {name}")
        ax.axhline(sums[column], color=f"C{i}", linestyle=":", label=f"sum of the same shots, {name}")
        ax.axhline(turned[column], color=f"C{i}", linestyle="--", label=f"LSTM, turned lessons, {name}")
    ax.set(xlabel="training clips (logarithmic)", ylabel="mAP", xscale="log", ylim=(0, 1))
    ax.set_xticks(list(table.index), [str(n) for n in table.index])
    ax.minorticks_off()
    ax.legend(fontsize="x-small", ncols=2, loc="upper left")
    return fig
