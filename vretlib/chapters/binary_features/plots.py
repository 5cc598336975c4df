"""The stages of chapter 5 in pictures. Every function returns a figure."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike, NDArray

from vretlib.chapters.binary_features.inputs import FrameFeatures, Track, followed_by
from vretlib.datasets.photographs import Photograph
from vretlib.errors import NoExampleError
from vretlib.plots import curves, pairs, sheets
from vretlib.report import Table
from vretlib.report.figures import PAGE, plain
from vretlib.search.binary_kdtree import BinaryKdTree
from vretlib.video import film_search
from vretlib.video.film_indexes import FilmMethod


def keypoints(frame: FrameFeatures) -> Figure:
    """A frame with the positions of its features."""
    fig, ax = plt.subplots(figsize=(7, 7 * frame.luma.shape[0] / frame.luma.shape[1] + 0.5))
    ax.imshow(frame.luma, cmap="gray", vmin=0, vmax=255)
    ax.scatter(*frame.xy.T, s=14, facecolors="none", edgecolors="C1", linewidths=0.8)
    ax.set(xlabel="x (pixels)", ylabel="y (pixels)", title=f"{len(frame.xy)} features")
    return fig


def consecutive(first: FrameFeatures, second: FrameFeatures) -> Figure:
    """Two consecutive frames, with lines between features of one track."""
    return pairs.matched_features(first.luma, first.xy, second.luma, second.xy, followed_by(first, second))


def trajectories(panels: Mapping[str, pd.DataFrame], width: int, longest: int = 60) -> Figure:
    """Fig 5.3: horizontal position of tracks over time, one panel per kind of feature.

    ``panels`` are those of `inputs.trajectories`. Only the ``longest`` tracks are drawn: all of them would hide one
    another. ``width`` is that of a frame, in pixels.
    """
    fig, axes = plt.subplots(1, len(panels), figsize=(7, 3.4), sharex=True, sharey=True, squeeze=False)
    for ax, (title, features) in zip(axes[0], panels.items(), strict=True):
        lengths = features["track"].value_counts()
        for track in lengths.sort_index().sort_values(ascending=False, kind="stable").index[:longest]:
            path = features[features["track"] == track]
            ax.plot(path["frame"], path["x"], linewidth=0.9)
        ax.set(
            title=f"{title}: {len(lengths):,} tracks,\n{lengths.mean():.1f} frames long on average",
            xlabel="frame number",
        )
    axes[0, 0].set(ylabel="x (pixels)", ylim=(0, width))
    return fig


def track_bits(track: Track) -> Figure:
    """The bits of one track, a row per frame; below them the share of ones, and the key feature."""
    bits, key = np.unpackbits(track.codes, axis=1), np.unpackbits(track.key_code)[None]
    fig, (top, middle, bottom) = plt.subplots(
        3, 1, figsize=(7, 3.8), sharex=True, height_ratios=[max(len(bits), 8), 8, 3], layout="constrained"
    )
    top.imshow(bits, aspect="auto", cmap="gray_r", interpolation="nearest", vmin=0, vmax=1)
    top.set(ylabel="frame of\nthe track", title=f"a track of {len(bits)} frames (black = 1)")
    top.yaxis.set_major_locator(MaxNLocator(integer=True))
    middle.bar(np.arange(bits.shape[1]), bits.mean(axis=0), width=1.0)
    middle.axhline(0.5, color="C1", linewidth=1)
    middle.set(ylabel="share\nof ones", ylim=(0, 1))
    bottom.imshow(key, aspect="auto", cmap="gray_r", interpolation="nearest", vmin=0, vmax=1)
    bottom.set(xlabel="bit of the descriptor", yticks=[])
    bottom.set_ylabel("key\nfeature", rotation=0, ha="right", va="center")
    return fig


def common_tracks(times: ArrayLike, common: ArrayLike, found: ArrayLike, true_cuts: ArrayLike | None = None) -> Figure:
    """How many tracks consecutive frames share, with the boundaries found and, where they are known, the true cuts.

    ``times`` and ``common`` have one entry per frame after the first. All times are in seconds.
    """
    if len(np.asarray(times)) < 2:
        raise NoExampleError("the film has fewer than three frames")
    fig, ax = plt.subplots(figsize=(7, 2.8))
    ax.plot(times, common, linewidth=0.8)
    ax.set(xlabel="time (seconds)", ylabel="tracks shared with\nthe frame before", ylim=(0, None))
    height = ax.get_ylim()[1]
    ax.vlines(np.asarray(found), 0, height, color="C1", linewidth=1, label="boundary found")
    if true_cuts is not None:
        top = np.full(len(np.asarray(true_cuts)), height)
        ax.scatter(true_cuts, top, marker="v", color="C2", label="true cut", zorder=3, clip_on=False)
    ax.legend(loc="upper right", ncols=2, framealpha=0.9)
    return fig


def tree(index: BinaryKdTree) -> Figure:
    """How the codes are spread over the depths of a tree, and how many lie in a leaf."""
    fig, (left, right) = plt.subplots(1, 2, figsize=(7, 2.8))
    depths, sizes = index.depths(), index.leaf_sizes()
    left.hist(depths, bins=np.arange(depths.min(), depths.max() + 2) - 0.5, weights=sizes / sizes.sum())
    left.axvline(np.log2(len(sizes)), color="C1", linewidth=1, label="all leaves equally deep")
    left.set(xlabel="depth of the leaf (splits)", ylabel="share of the codes", title=f"{len(sizes)} leaves")
    if depths.min() == depths.max():
        left.set_xlim(depths.min() - 2, depths.max() + 2)  # room for whole numbers on the axis
    left.xaxis.set_major_locator(MaxNLocator(integer=True))
    left.legend()
    right.hist(sizes, bins=30)
    right.set(xlabel="codes in the leaf", ylabel="leaves", title=f"largest leaf: {sizes.max()} codes")
    return fig


def votes(number: int, method: FilmMethod, photographs: Sequence[Photograph], backtracks: int) -> Figure:
    """The votes of one of some photographs for the shots, film by film, with the shot that it shows marked."""
    archive, photograph = method.archive, photographs[number]
    xq = photograph.described_as(archive.features)
    counts = film_search.shot_votes(method, xq, backtracks=backtracks)
    shown = archive.shot_at(photograph.query.movie, photograph.query.frame)  # -1 where the rule for shots left it out
    fig, ax = plt.subplots(figsize=(7, 2.6))
    ax.bar(np.arange(len(counts)), counts, width=1.0)
    for start in archive.first_shot[1:-1]:
        ax.axvline(start - 0.5, color="0.6", linewidth=0.6, linestyle=":")
    ax.set(xlabel="shot (dotted: next film)", ylabel="votes", xlim=(-1, len(counts)))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    if shown >= 0:
        ax.bar([shown], [counts[shown]], width=1.0, color="C1", label="shot that was photographed")
        ax.legend()
    return fig


def answers(rows: Sequence[tuple[str, Sequence[NDArray[np.uint8]]]]) -> Figure:
    """Photographs, the frames they show and the frames found: the rows of `inputs.answers`, each with its level."""
    return sheets.contact_sheet(rows, ("photograph", "true frame", "found"))


def recall_by_size(recall: Table) -> Figure:
    """Fig 5.4: R@1 of each film's photographs (rows) as the database grows (columns: frames in it), with intervals."""
    fig, axes = plt.subplots(
        2, -(-len(recall.frame) // 2), figsize=(PAGE, 3.8), sharex=True, sharey=True, squeeze=False
    )
    frames, (low, high) = recall.frame.columns.to_numpy(float) / 1000, recall.bounds()
    for ax in axes.flat[len(recall.frame) :]:
        ax.set_axis_off()
    for ax, (name, values) in zip(axes.flat, recall.frame.iterrows(), strict=False):
        (line,) = ax.plot(frames, values, marker="o", markersize=4)
        curves.band(line, low.loc[str(name)], high.loc[str(name)])
        ax.set(title=plain(str(name)), ylim=(0, 1.02))
    fig.supxlabel("frames in the database (thousands)", fontsize="medium")
    fig.supylabel("R@1", fontsize="medium")
    return fig
