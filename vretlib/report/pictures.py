"""Pictures of films: strips, contact sheets, pairs of frames, matches. Every function returns a figure.

Images are RGB (h, w, 3) or grey (h, w), uint8, and are shrunk to what a page can show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import cv2
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.patches import Polygon
from numpy.typing import ArrayLike, NDArray

from vretlib.errors import UserError
from vretlib.report.figures import PAGE, plain

Image = NDArray[np.uint8]

RIGHT, WRONG = "C2", "C1"
_DOTS = 130  # per inch: what the project's style saves


def film_strip(images: Sequence[Image], captions: Sequence[str], new_shot: ArrayLike) -> Figure:
    """Frames side by side in one row; a coloured bar stands before every frame that begins a new shot."""
    lines = max(caption.count("\n") for caption in captions) + 1
    height = _row_height(images, len(images)) + 0.12 + 0.13 * lines
    fig, axes = plt.subplots(1, len(images), figsize=(PAGE, height), squeeze=False, layout="constrained")
    _tight(fig)
    for ax, image, caption, new in zip(axes[0], images, captions, np.asarray(new_shot, np.bool_), strict=True):
        _show(ax, image, PAGE / len(images))
        ax.set_title(caption, fontsize=7, loc="center")
        if new:
            ax.axvline(-0.5, color=WRONG, linewidth=4)
    return fig


def contact_sheet(rows: Sequence[tuple[str, Sequence[Image]]], headings: Sequence[str] = ()) -> Figure:
    """A grid of images: each row has a name, written at its left; ``headings`` go above the columns."""
    columns = max(len(images) for _, images in rows)
    heights = [_row_height(images, columns) for _, images in rows]
    size = (PAGE, sum(heights) + 0.08 * len(rows) + 0.25)
    fig, axes = plt.subplots(
        len(rows), columns, figsize=size, height_ratios=heights, squeeze=False, layout="constrained"
    )
    _tight(fig)
    for line, (name, images) in zip(axes, rows, strict=True):
        for ax in line:
            ax.set_axis_off()
        for ax, image in zip(line, images, strict=False):
            _show(ax, image, PAGE / columns)
        line[0].text(
            -0.06, 0.5, plain(name), rotation=90, ha="center", va="center", transform=line[0].transAxes, fontsize=8
        )
    for ax, heading in zip(axes[0], headings, strict=False):
        ax.set_title(plain(heading), fontsize=8, loc="center")
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
        _show(ax, _beside(truth, retrieved), width)
        verdict = ("match" if matched else "no match") + ("" if same == matched else ", WRONG")
        ax.set_title(f"s = {score:.2f}: {verdict}", fontsize=8, loc="center", color=RIGHT if same == matched else WRONG)
    fig.supxlabel(f"left of each pair: true frame, right: retrieved frame; match where s > τ = {tau:.3f}", fontsize=8)
    return fig


def matches(a: Image, xy_a: ArrayLike, b: Image, xy_b: ArrayLike, partner: ArrayLike) -> Figure:
    """Two images of one width side by side, with a line from each feature of ``a`` to its partner in ``b``.

    ``partner`` has one entry per feature of ``a``: the number of a feature of ``b``, or -1 where there is no match.
    """
    start, end, other = np.asarray(xy_a, np.float64), np.asarray(xy_b, np.float64), np.asarray(partner, np.int64)
    if len(other) != len(start):
        raise UserError(f"{len(other)} partners for {len(start)} features; expected one per feature of the left image")
    gap = 8
    both = _beside(a, b, gap)
    fig, ax = plt.subplots(figsize=(PAGE, PAGE * both.shape[0] / both.shape[1] + 0.3))
    ax.imshow(both)
    shift = np.array([a.shape[1] + gap, 0])
    alone = start[other < 0]
    ax.scatter(alone[:, 0], alone[:, 1], s=6, facecolors="none", edgecolors=WRONG, linewidths=0.6)
    for k in np.flatnonzero(other >= 0):
        ax.plot(*np.stack([start[k], end[other[k]] + shift]).T, color=RIGHT, linewidth=0.5, alpha=0.8)
    ax.set_axis_off()
    ax.set_title(
        f"{np.count_nonzero(other >= 0)} of {len(other)} features of the left frame have a match", loc="center"
    )
    return fig


Outlined = tuple[Image, ArrayLike | None, ArrayLike | None, str]
"""A photograph, its true corners, the corners found, and a caption; either corners may be None."""


def outlines(photos: Sequence[Outlined | None], columns: int) -> Figure:
    """Photographs, row by row, with true outlines in full and found ones dashed; None leaves a place empty."""
    lines = -(-len(photos) // columns)
    shapes = [photo[0].shape for photo in photos if photo is not None]
    height = PAGE / columns * max((shape[0] / shape[1] for shape in shapes), default=0.75)
    size = (PAGE, lines * (height + 0.25))
    fig, axes = plt.subplots(lines, columns, figsize=size, squeeze=False, layout="constrained")
    for ax, photo in zip(axes.flat, [*photos, *[None] * (axes.size - len(photos))], strict=True):
        ax.set_axis_off()
        if photo is None:
            continue
        image, true, found, caption = photo
        shown = _show(ax, image, PAGE / columns)
        for corners, colour, style in ((true, RIGHT, "-"), (found, WRONG, "--")):
            if corners is not None:
                ax.add_patch(
                    Polygon(np.asarray(corners) * shown, fill=False, color=colour, linestyle=style, linewidth=1)
                )
        ax.set_title(plain(caption), fontsize=8, loc="center")
    return fig


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


def _show(ax: Axes, image: Image, inches: float) -> float:
    """Draw an image no finer than the page shows it; returns by how much it was shrunk."""
    scale = min(1.0, inches * _DOTS / image.shape[1])
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    ax.imshow(cv2.resize(image, size, interpolation=cv2.INTER_AREA), cmap="gray", vmin=0, vmax=255)
    ax.set_axis_off()
    return scale


def _tight(fig: Figure) -> None:
    engine = fig.get_layout_engine()
    assert isinstance(engine, ConstrainedLayoutEngine)
    engine.set(w_pad=0.015, h_pad=0.015, wspace=0.0, hspace=0.0)


def _beside(a: Image, b: Image, gap: int = 4) -> Image:
    """Two images side by side on white, in colour, top edges aligned."""
    both = np.full((max(len(a), len(b)), a.shape[1] + gap + b.shape[1], 3), 255, np.uint8)
    both[: len(a), : a.shape[1]] = a if a.ndim == 3 else a[..., None]
    both[: len(b), a.shape[1] + gap :] = b if b.ndim == 3 else b[..., None]
    return both


def _row_height(images: Sequence[Image], columns: int) -> float:
    return PAGE / columns * max((image.shape[0] / image.shape[1] for image in images), default=0.5)
