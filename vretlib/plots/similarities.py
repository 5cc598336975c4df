"""Figures of similarities: their scores, their target scores in training, and the mAP that they reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from vretlib.models.training import TrainingLog
from vretlib.plots.axes import RIGHT, WRONG
from vretlib.plots.curves import losses
from vretlib.report.figures import PAGE, plain

Bounds = tuple[pd.DataFrame, pd.DataFrame]
"""Lower and upper ends of the intervals of a frame's numbers, in its shape."""


@dataclass(frozen=True, eq=False)
class QueryPairs:
    """Pairs of a query and a database image; every array is (n,)."""

    cosine: NDArray[np.float32]
    score: NDArray[np.float32]
    match: NDArray[np.bool_]


def cosines(pairs: QueryPairs) -> Figure:
    """Densities of the cosine of pairs of one landmark and of pairs of two."""
    fig, ax = plt.subplots(figsize=(PAGE, 2.8))
    edges = np.linspace(min(pairs.cosine.min(), 0.0), 1.0, 61).tolist()
    ax.hist(pairs.cosine[pairs.match], edges, density=True, alpha=0.6, color=RIGHT, label="same")
    ax.hist(pairs.cosine[~pairs.match], edges, density=True, alpha=0.6, color=WRONG, label="different")
    ax.set(xlabel="cosine similarity of the pair", ylabel="density of pairs")
    ax.legend()
    return fig


def warm_up(logs: Mapping[str, TrainingLog], batch_size: int, cosine: ArrayLike, scores: ArrayLike) -> Figure:
    """Loss against pairs seen (means of 25 steps), a line per architecture; at the right scores against cosines."""
    fig, (left, right) = plt.subplots(1, 2, figsize=(PAGE, 3.2), width_ratios=[3, 2], layout="constrained")
    losses(left, logs, per_step=batch_size / 1e3)
    left.set(xlabel="pairs seen (thousands)", ylabel="mean |score − cosine|", yscale="log")
    left.legend(title="architecture")
    _against_cosine(right, cosine)
    right.scatter(cosine, scores, s=3, alpha=0.4, linewidths=0)
    right.set(xlabel="cosine of the pair", ylabel="score of the network")
    return fig


def targets(cosine: ArrayLike, panels: Mapping[str, tuple[ArrayLike, ArrayLike]]) -> Figure:
    """Target scores of similar and of dissimilar pairs against their cosine, a panel for each rule."""
    fig, axes = plt.subplots(1, len(panels), figsize=(PAGE, 3.0), sharey=True, layout="constrained", squeeze=False)
    for ax, (title, (like, unlike)) in zip(axes[0], panels.items(), strict=True):
        _against_cosine(ax, cosine)
        ax.plot(cosine, like, color=RIGHT, label="similar pair")
        ax.plot(cosine, unlike, color=WRONG, label="dissimilar pair")
        ax.set(title=title, xlabel="cosine of the pair")
    axes[0, 0].set(ylabel="target score")
    axes[0, 0].legend()
    return fig


def scores(panels: Mapping[str, QueryPairs]) -> Figure:
    """Scores against cosines, a dot per pair, a panel per similarity."""
    fig, axes = plt.subplots(1, len(panels), figsize=(PAGE, 3.2), sharey=True, layout="constrained", squeeze=False)
    for ax, (title, pairs) in zip(axes[0], panels.items(), strict=True):
        for part, colour, label in ((~pairs.match, WRONG, "different"), (pairs.match, RIGHT, "same")):
            ax.scatter(pairs.cosine[part], pairs.score[part], s=4, alpha=0.4, color=colour, label=label)
        _against_cosine(ax, pairs.cosine)
        ax.set(title=title, xlabel="cosine of the pair")
    axes[0, 0].set(ylabel="score of the network")
    axes[0, 0].legend(markerscale=3)
    return fig


def map_by_feature(values: pd.DataFrame, bounds: Bounds) -> Figure:
    """A group of bars per feature (rows), a bar per similarity (columns), with the 95 % interval as a line."""
    fig, ax = plt.subplots(figsize=(PAGE, 3.2), layout="constrained")
    places, width = np.arange(len(values)), 0.8 / len(values.columns)
    for k, column in enumerate(values):
        x, y = places + (k - (len(values.columns) - 1) / 2) * width, values[column].to_numpy()
        ends = [np.nan_to_num(y - bounds[0][column]), np.nan_to_num(bounds[1][column] - y)]
        ax.bar(x, y, width * 0.95, yerr=ends, error_kw={"linewidth": 1, "ecolor": "0.2"}, label=plain(str(column)))
        for at, height, top in zip(x, y, y + ends[1], strict=True):
            ax.text(at, top + 0.01, f"{height:.2f}".lstrip("0"), ha="center", va="bottom", fontsize=7)
    ax.set_xticks(places, [plain(str(name)) for name in values.index])
    ax.set(xlabel="feature", ylabel="mAP", ylim=(0, 1))
    ax.legend(ncols=len(values.columns), loc="upper right")
    return fig


def map_by_targets(values: pd.DataFrame, bounds: Bounds, titles: Mapping[str, str]) -> Figure:
    """MAP against the number of target images in training, a panel per row; bands are 95 % intervals.

    The column ``"Cosine"`` is the dashed line, the other columns are numbers. ``titles`` names the panels by row.
    """
    fig, axes = plt.subplots(1, len(values), figsize=(PAGE, 3.0), sharey=True, layout="constrained", squeeze=False)
    for ax, name in zip(axes[0], values.index, strict=True):
        row = values.loc[name]
        learned = row.drop("Cosine").dropna()
        x = [float(n) for n in learned.index]
        low, high = (dict(zip(side, side.loc[name].tolist(), strict=True)) for side in bounds)
        ax.axhline(row["Cosine"], color="0.4", linestyle="--")
        ax.fill_between([min(x), max(x)], low["Cosine"], high["Cosine"], color="0.5", alpha=0.15, linewidth=0)
        ax.plot(x, learned.to_numpy(), marker="o", color="C0")
        band = [[side[n] for n in learned.index] for side in (low, high)]
        ax.fill_between(x, *band, color="C0", alpha=0.2, linewidth=0)
        ax.annotate("cosine", (max(x), row["Cosine"]), (0, -9), textcoords="offset points", ha="right", color="0.3")
        ax.annotate("SimNet*", (x[-1], learned.iloc[-1]), (0, 6), textcoords="offset points", ha="right", color="C0")
        ax.set(title=plain(titles[str(name)]), xlabel="target images in training")
    axes[0, 0].set(ylabel="mAP")
    return fig


def _against_cosine(ax: plt.Axes, cosine: ArrayLike) -> None:
    """Draw the diagonal, where the score is the cosine."""
    ends = [np.asarray(cosine).min(), np.asarray(cosine).max()]
    ax.plot(ends, ends, color="0.4", linestyle="--", linewidth=1, zorder=3)
