"""What only chapter 4 draws: types of aggregation, scored pairs, thresholds. Every function returns a figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from vretlib.plots.axes import RIGHT, WRONG, Image, beside, show
from vretlib.report.figures import PAGE, plain


def aggregations(xy: Sequence[ArrayLike], tracks: Sequence[ArrayLike], global_features: ArrayLike) -> Figure:
    """The four types of aggregation of Fig 4.1, drawn from one real shot.

    ``xy`` and ``tracks`` have one entry per frame: positions (n, 2) of its features, and the track of each. The rows of
    ``global_features`` (frames, d) are one vector per frame.
    """
    positions = [np.asarray(points) for points in xy]
    frame = np.repeat(np.arange(len(positions)), [len(points) for points in positions])
    x = np.concatenate([points[:, 0] for points in positions])
    track = np.concatenate([np.asarray(ids) for ids in tracks])
    vectors = np.asarray(global_features, np.float64)
    names, counts = np.unique(track, return_counts=True)
    lasting = names[counts > 1]
    fig, ((none, spatial), (local, both)) = plt.subplots(2, 2, figsize=(PAGE, 4.6))
    none.plot(frame, x, ".", markersize=2)
    none.set_title(f"no aggregation: {len(x)} local features")
    spatial.imshow(vectors.T, aspect="auto", origin="lower")
    spatial.set_title(f"spatial: {len(vectors)} vectors, one a frame")
    for name in lasting:
        local.plot(frame[track == name], x[track == name], linewidth=0.8)
    local.set_title(f"temporal local: {len(lasting)} tracks")
    both.imshow(
        vectors.mean(axis=0)[:, None],
        aspect="auto",
        origin="lower",
        extent=(-0.5, len(vectors) - 0.5, -0.5, vectors.shape[1] - 0.5),
    )
    both.set_title("spatio-temporal global: 1 vector")
    for panel in (none, local):
        panel.set(ylabel="x of the feature (pixels)", xlim=(-0.5, len(positions) - 0.5))
    for panel in (spatial, both):
        panel.set(ylabel="component")
        panel.grid(False)
    for panel in (local, both):
        panel.set_xlabel("frame of the shot")
    return fig


def scored_pairs(pairs: Sequence[tuple[Image, Image, float, bool, bool]], tau: float, columns: int = 3) -> Figure:
    """Pairs of frames with their score, framed by the verdict at ``tau`` (Fig 4.5).

    Each pair is ``(true frame, retrieved frame, score, same, matched)``; ``same`` is the truth and ``matched`` the
    verdict. Where the two disagree the caption says so.
    """
    lines = -(-len(pairs) // columns)
    height = max(image.shape[0] / image.shape[1] for pair in pairs for image in pair[:2])
    width = PAGE / columns
    fig, axes = plt.subplots(
        lines, columns, figsize=(PAGE, lines * (width / 2 * height + 0.3)), squeeze=False, layout="constrained"
    )
    for ax in axes.flat:
        ax.set_axis_off()
    for ax, (truth, retrieved, score, same, matched) in zip(axes.flat, pairs, strict=False):
        show(ax, beside(truth, retrieved), width)
        verdict = ("match" if matched else "no match") + ("" if same == matched else ", WRONG")
        ax.set_title(f"s = {score:.2f}: {verdict}", fontsize=8, loc="center", color=RIGHT if same == matched else WRONG)
    fig.supxlabel(f"left of each pair: true frame, right: retrieved frame; match where s > τ = {tau:.3f}", fontsize=8)
    return fig


def roc_by_threshold(taus: ArrayLike, tpr: ArrayLike, fpr: ArrayLike, tau: float) -> Figure:
    """Fig 4.4: both rates against τ, with the chosen τ."""
    fig, ax = plt.subplots(figsize=(PAGE, 3.2))
    ax.plot(np.asarray(taus), np.asarray(tpr), label="TPR (eq 4.8)")
    ax.plot(np.asarray(taus), np.asarray(fpr), label="FPR (eq 4.9)")
    ax.axvline(tau, color="0.3", linestyle="--", linewidth=1, label=f"chosen τ = {tau:.3f}")
    ax.set(xlabel="threshold τ of the score", ylabel="rate", xlim=(0, 1), ylim=(-0.02, 1.02))
    ax.legend(loc="center right")
    return fig


def scores_by_kind(scores: Mapping[str, ArrayLike], tau: float) -> Figure:
    """Distribution of scores for each kind of pair, with the chosen τ."""
    fig, ax = plt.subplots(figsize=(PAGE, 0.45 * len(scores) + 1.0))
    for row, values in enumerate(scores.values()):
        shown = np.asarray(values, np.float64)
        # Spread within the row by rank, so that equal scores do not hide one another and nothing is random.
        spread = 0.6 * ((np.argsort(np.argsort(shown, kind="stable"), kind="stable") * 0.618) % 1 - 0.5)
        ax.plot(shown, row + spread, ".", markersize=3, alpha=0.6)
    ax.axvline(tau, color="0.3", linestyle="--", linewidth=1)
    ax.set(xlabel="visual similarity score s (eq 4.5)", xlim=(-0.02, 1.02), ylim=(len(scores) - 0.5, -0.5))
    ax.set_yticks(range(len(scores)), [f"{plain(kind)}\n({len(np.asarray(v))} pairs)" for kind, v in scores.items()])
    ax.grid(False, axis="y")
    return fig


def scores_over_time(seconds: ArrayLike, scores: ArrayLike, tau: float) -> Figure:
    """Score of two frames of one shot against the time between them, with the chosen τ."""
    fig, ax = plt.subplots(figsize=(PAGE, 3.0))
    ax.plot(np.asarray(seconds), np.asarray(scores), ".", markersize=4, alpha=0.7)
    ax.axhline(tau, color="0.3", linestyle="--", linewidth=1, label=f"τ = {tau:.3f}")
    ax.set(xlabel="time between the two frames (seconds)", ylabel="score s (eq 4.5)", ylim=(-0.02, 1.02))
    ax.legend(loc="upper right")
    return fig
