"""What the stages of chapter 3 look like. Every function returns a figure and shows data it is given, nothing else."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from vretlib.report.figures import PAGE, plain

MATCH, OTHER = "C2", "C1"


def cosines(cosine: ArrayLike, match: ArrayLike) -> Figure:
    """How alike pairs of the same landmark and pairs of different ones are, before anything is learnt."""
    fig, ax = plt.subplots(figsize=(PAGE, 2.8))
    value, same = np.asarray(cosine), np.asarray(match, np.bool_)
    edges = np.linspace(min(value.min(), 0.0), 1.0, 61).tolist()
    ax.hist(value[same], edges, density=True, alpha=0.6, color=MATCH, label="same")
    ax.hist(value[~same], edges, density=True, alpha=0.6, color=OTHER, label="different")
    ax.set(xlabel="cosine similarity of the pair", ylabel="density of pairs")
    ax.legend()
    return fig


def warm_up(curves: Mapping[str, tuple[ArrayLike, ArrayLike]], cosine: ArrayLike, scores: ArrayLike) -> Figure:
    """Loss against pairs seen, one line per architecture; beside it one network's scores against the true cosine."""
    fig, (left, right) = plt.subplots(1, 2, figsize=(PAGE, 3.2), width_ratios=[3, 2], layout="constrained")
    for name, (pairs, loss) in curves.items():
        left.plot(np.asarray(pairs) / 1e3, smoothed(loss), label=name, linewidth=1.2)
    left.set(xlabel="pairs seen (thousands)", ylabel="mean |score − cosine|", yscale="log")
    left.legend(title="architecture")
    _against_cosine(right, cosine)
    right.scatter(cosine, scores, s=3, alpha=0.4, linewidths=0)
    right.set(xlabel="cosine of the pair", ylabel="score of the network")
    return fig


def targets(cosine: ArrayLike, panels: Mapping[str, tuple[ArrayLike, ArrayLike]]) -> Figure:
    """What the network is asked to say for a pair of a given cosine: of two like images, and of two unlike ones."""
    fig, axes = plt.subplots(1, len(panels), figsize=(PAGE, 3.0), sharey=True, layout="constrained", squeeze=False)
    for ax, (title, (like, unlike)) in zip(axes[0], panels.items(), strict=True):
        _against_cosine(ax, cosine)
        ax.plot(cosine, like, color=MATCH, label="similar pair")
        ax.plot(cosine, unlike, color=OTHER, label="dissimilar pair")
        ax.set(title=title, xlabel="cosine of the pair")
    axes[0, 0].set(ylabel="target score")
    axes[0, 0].legend()
    return fig


def learnt(panels: Mapping[str, tuple[ArrayLike, ArrayLike, ArrayLike]]) -> Figure:
    """Scores against cosines, pair by pair; each panel is ``(cosine, score, match)`` of pairs it has not trained on."""
    fig, axes = plt.subplots(1, len(panels), figsize=(PAGE, 3.2), sharey=True, layout="constrained", squeeze=False)
    for ax, (title, (cosine, score, match)) in zip(axes[0], panels.items(), strict=True):
        same = np.asarray(match, np.bool_)
        for part, colour, label in ((~same, OTHER, "different"), (same, MATCH, "same")):
            ax.scatter(np.asarray(cosine)[part], np.asarray(score)[part], s=4, alpha=0.4, color=colour, label=label)
        _against_cosine(ax, cosine)
        ax.set(title=title, xlabel="cosine of the pair")
    axes[0, 0].set(ylabel="score of the network")
    axes[0, 0].legend(markerscale=3)
    return fig


def losses(
    curves: Mapping[str, tuple[ArrayLike, ArrayLike]], validation: Mapping[str, tuple[ArrayLike, ArrayLike]]
) -> Figure:
    """Training loss by step, and the validation score that training is stopped by."""
    fig, (left, right) = plt.subplots(1, 2, figsize=(PAGE, 2.9), layout="constrained")
    for name, (steps, loss) in curves.items():
        left.plot(steps, smoothed(loss), label=name, linewidth=1.2)
    validation = {name: looks for name, looks in validation.items() if looks}
    if not validation:
        right.set(title="no image held out of so few")
    for name, (steps, score) in validation.items():
        right.plot(steps, score, marker="o", markersize=3, label=name, linewidth=1.2)
    left.set(xlabel="step", ylabel="loss (eq. 3.2)")
    right.set(xlabel="step", ylabel="mAP among held-out images")
    (right if validation else left).legend()
    return fig


def by_feature(figure_3_4: pd.DataFrame) -> Figure:
    """Fig 3.4: features in groups, one bar per similarity."""
    fig, ax = plt.subplots(figsize=(PAGE, 3.0))
    long = figure_3_4.rename_axis("feature").reset_index().melt("feature", var_name="similarity", value_name="mAP")
    sns.barplot(long, x="feature", y="mAP", hue="similarity", ax=ax)
    ax.set(xlabel="feature", ylabel="mAP", ylim=(0, 1))
    ax.legend(title="", ncols=3, loc="upper left")
    return fig


def by_targets(figure_3_5: pd.DataFrame) -> Figure:
    """Fig 3.5: mAP against the number of target images in training, one panel per evaluation set; cosine dashed."""
    fig, axes = plt.subplots(1, len(figure_3_5), figsize=(PAGE, 2.9), sharey=True, layout="constrained", squeeze=False)
    for ax, (name, row) in zip(axes[0], figure_3_5.iterrows(), strict=False):
        learnt_ = row.drop("Cosine").dropna()
        ax.axhline(row["Cosine"], color="0.4", linestyle="--", label="Cosine")
        ax.plot([float(n) for n in learnt_.index], learnt_.to_numpy(), marker="o", label="SimNet*")
        ax.set(title=plain(name), xlabel="target images in training")
    axes[0, 0].set(ylabel="mAP")
    axes[0, 0].legend()
    return fig


def smoothed(values: ArrayLike, window: int = 25) -> NDArray[np.float64]:
    """Running mean over at most ``window`` values up to each one: losses of single batches are noisy."""
    return pd.Series(np.asarray(values, np.float64)).rolling(window, min_periods=1).mean().to_numpy()


def _against_cosine(ax: plt.Axes, cosine: ArrayLike) -> None:
    """The diagonal: a network that has learnt nothing but the cosine."""
    ends = [np.asarray(cosine).min(), np.asarray(cosine).max()]
    ax.plot(ends, ends, color="0.4", linestyle="--", linewidth=1, zorder=3)
