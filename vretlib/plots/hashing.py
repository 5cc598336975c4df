"""Binary codes of faces in video: bits over frames, Hamming balls, waves, rotations, and curves of retrieval."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from vretlib.images import Pixels
from vretlib.plots.axes import image_grid, show
from vretlib.plots.curves import band
from vretlib.report import Table
from vretlib.report.figures import PAGE, plain

Bits = NDArray[np.bool_]
F64 = NDArray[np.float64]

BINARY = ListedColormap(["#f3f3f3", "#1f4e79"])
"""The colours of 0 and 1."""
_SIDE = 140  # points of a grid along each side of a plane


def bits_over_frames(frames: Sequence[Pixels], bits: Bits, codes: Mapping[str, Bits], shown: int = 4) -> Figure:
    """Some frames of a video; below them, the bits of every frame and the codes of the whole video.

    Parameters
    ----------
    frames: all frames, in the order of the rows of ``bits``.
    bits: (n_frames, K).
    codes: (K,) codes of the video by the name of the rule that gives them.
    shown: frames that are shown as pictures, at equal steps.
    """
    at = np.unique(np.linspace(0, len(frames) - 1, shown).astype(int))
    height = 0.16 * (len(bits) + len(codes)) + 0.9
    fig = plt.figure(figsize=(PAGE, PAGE / shown + height), layout="constrained")
    grid = fig.add_gridspec(3, len(at), height_ratios=[PAGE / shown, 0.16 * len(bits) + 0.3, 0.16 * len(codes) + 0.4])
    for column, i in enumerate(at):
        ax = fig.add_subplot(grid[0, column])
        show(ax, frames[i], PAGE / shown)
        ax.set_title(f"frame {i + 1}", fontsize=8, loc="center")
    every = fig.add_subplot(grid[1, :])
    every.pcolormesh(bits, cmap=BINARY, vmin=0, vmax=1, edgecolors="white", linewidth=0.4)
    every.set(ylabel="frame", yticks=at + 0.5, xticks=[])
    every.set_yticklabels([str(i + 1) for i in at])
    whole = fig.add_subplot(grid[2, :], sharex=every)
    whole.pcolormesh(np.stack(list(codes.values())), cmap=BINARY, vmin=0, vmax=1, edgecolors="white", linewidth=0.4)
    whole.set(xlabel="bit (dark: 1)", yticks=np.arange(len(codes)) + 0.5)
    whole.set_yticklabels([plain(name) for name in codes], fontsize=7)
    whole.xaxis.set_visible(True)
    for ax in (every, whole):
        ax.invert_yaxis()
        ax.grid(False)
    return fig


def hamming_ball(points: F64, bits_of: Callable[[F64], Bits], query: int, radius: int) -> Figure:
    """Points of a plane, the Hamming distance of every place from a query's code, and the edge of a ball around it.

    Parameters
    ----------
    points: (n, 2).
    bits_of: codes (n, K) of places (n, 2).
    query: row of the query.
    radius: of the ball, in bits.
    """
    x, y, places = _places(points)
    own = bits_of(points[query : query + 1])
    apart = (bits_of(places) != own).sum(1).reshape(x.shape)
    fig, ax = plt.subplots(figsize=(PAGE * 0.8, 3.6), layout="constrained")
    most = int(apart.max())
    drawn = ax.contourf(x, y, apart, levels=np.arange(-0.5, most + 1), cmap="Blues_r")
    ax.contour(x, y, apart, levels=[radius + 0.5], colors="C1", linewidths=2)
    ax.plot(*points.T, "o", color="0.15", markersize=2.5)
    ax.plot(*points[query], "*", color="C1", markersize=13, markeredgecolor="white")
    ax.annotate("query", points[query], (8, 6), textcoords="offset points", color="C1", fontweight="bold",
                bbox={"facecolor": "white", "alpha": 0.8, "edgecolor": "none", "pad": 1})  # fmt: skip
    bar = fig.colorbar(drawn, ax=ax, ticks=range(most + 1))
    bar.set_label("Hamming distance from the query (bits)")
    ax.set(xlabel="first principal direction", ylabel="second principal direction")
    ax.grid(False)
    return fig


def eigenfunctions(points: F64, waves: Callable[[F64], F64], columns: int = 3) -> Figure:
    """The value of each bit's wave in a plane of principal directions; a bit changes where the black line runs."""
    x, y, places = _places(points)
    values = waves(places)
    lines = -(-values.shape[1] // columns)
    fig, axes = plt.subplots(
        lines, columns, figsize=(PAGE, 1.75 * lines), squeeze=False, sharex=True, sharey=True, layout="constrained"
    )
    for k, ax in enumerate(axes.flat):
        ax.grid(False)
        if k >= values.shape[1]:
            ax.set_axis_off()
            continue
        value = values[:, k].reshape(x.shape)
        ax.pcolormesh(x, y, value, cmap="RdBu_r", vmin=-1, vmax=1, shading="auto", rasterized=True)
        ax.contour(x, y, value, levels=[0], colors="black", linewidths=1)
        ax.plot(*points.T, "o", color="black", markersize=1)
        ax.set_title(f"bit {k + 1}", fontsize=8, loc="center")
    fig.supxlabel("first principal direction", fontsize=8)
    fig.supylabel("second principal direction", fontsize=8)
    return fig


def rotation(before: F64, after: F64, errors: Sequence[float]) -> Figure:
    """Points (n, 2) before and after ITQ's rotation, each joined with its corner of the square, and the mean error."""
    fig, axes = plt.subplots(1, 3, figsize=(PAGE, 2.4), layout="constrained")
    limit = 1.05 * max(np.abs(before).max(), np.abs(after).max(), 1)
    for ax, points, when in zip(axes, (before, after), ("before", "after"), strict=False):
        corners = np.where(points >= 0, 1.0, -1.0)
        for point, corner in zip(points, corners, strict=True):
            ax.plot(*np.stack([point, corner]).T, color="0.8", linewidth=0.4, zorder=1)
        ax.scatter(*points.T, c=corners @ [1, 2], cmap="Set2", s=6, zorder=2)
        ax.plot([-1, -1, 1, 1], [-1, 1, -1, 1], "s", color="C1", markersize=5, zorder=3)
        ax.axhline(0, color="black", linewidth=0.8)
        ax.axvline(0, color="black", linewidth=0.8)
        error = np.square(points - corners).sum(1).mean()
        ax.set_title(f"{when}: error {error:.2f}", fontsize=8, loc="center")
        ax.set(xlim=(-limit, limit), ylim=(-limit, limit), aspect="equal", xlabel="value of bit 1")
        ax.grid(False)
    axes[0].set(ylabel="value of bit 2")
    axes[2].plot(np.arange(1, len(errors) + 1), errors, color="C0")
    axes[2].set(xlabel="iteration", ylabel="quantisation error per point")
    return fig


def centres(videos: Mapping[str, tuple[F64, F64]]) -> Figure:
    """Relaxed codes of a video's frames, their centre, and the video's code, for several trainings.

    Parameters
    ----------
    videos: by training, the codes of the frames (n_frames, K) and that of the video (K,), all in [0, 1]. Each panel has
        the two directions along which its own frames differ most. All panels have one scale.
    """
    fig, axes = plt.subplots(
        1, len(videos), figsize=(PAGE, 3.0), squeeze=False, layout="constrained", sharex=True, sharey=True
    )
    for ax, (name, (frames, video)) in zip(axes[0], videos.items(), strict=True):
        centre = frames.mean(0)
        directions = np.linalg.svd(frames - centre, full_matrices=False)[2][:2].T
        flat, code = (frames - centre) @ directions, (video - centre) @ directions
        ax.plot(*flat.T, "o", color="0.5", markersize=4)
        ax.plot(0, 0, "P", color="C0", markersize=9)
        ax.plot(*code, "*", color="C1", markersize=12)
        ax.set_title(f"{plain(name)}\ndistance {np.linalg.norm(video - centre):.2f}", fontsize=8, loc="center")
        ax.set(aspect="equal", xlabel="first direction of the frames")
        ax.margins(0.15)
    axes[0, 0].set(ylabel="second direction")
    kinds = (("o", "0.5", "code of a frame"), ("P", "C0", "centre of the frames"), ("*", "C1", "code of the video"))
    handles = [Line2D([], [], marker=m, color=c, linestyle="none", label=text) for m, c, text in kinds]
    fig.legend(handles=handles, loc="outside lower center", ncols=3, fontsize=8)
    return fig


def held_out(curves: Mapping[str, Mapping[str, Sequence[tuple[int, float]]]]) -> Figure:
    """The mAP of held-out videos after some steps: a panel for each collection, a line for each method."""
    fig, axes = plt.subplots(
        1, len(curves), figsize=(PAGE, 3.2), sharey=True, squeeze=False, layout="constrained"
    )  # fmt: skip
    for ax, (collection, of) in zip(axes[0], curves.items(), strict=True):
        for name, points in of.items():
            ax.plot(*np.transpose(points), marker="o", markersize=3, linewidth=1.4, label=plain(name))
        ax.set(title=plain(collection), xlabel="training step", ylim=(0, None))
    axes[0, 0].set_ylabel("mAP of held-out training videos")
    axes[0, -1].legend(loc="lower right", ncols=2, fontsize=8)
    return fig


def learned_bits(gains: F64, objective: F64) -> Figure:
    """Left, what each bit of KSH gains, by the relaxation alone and as kept; right, BRE's objective round by round.

    Parameters
    ----------
    gains: (K, 2), as `vretlib.models.hashing.ksh.KernelHasher.gains` has them.
    objective: (rounds + 1,), as `vretlib.models.hashing.bre.ReconstructiveHasher.objective` has it.
    """
    fig, (left, right) = plt.subplots(1, 2, figsize=(PAGE, 2.8), layout="constrained")
    for column, (name, style) in enumerate({"spectral relaxation": "o--", "kept after the descent": "o-"}.items()):
        left.plot(np.arange(1, len(gains) + 1), gains[:, column], style, markersize=3, linewidth=1.4, label=name)
    left.set(title="KSH", xlabel="bit", ylabel="gain yᵀSy / l")
    left.legend(fontsize=8)
    right.plot(objective, "o-", color="C2", markersize=3, linewidth=1.4)
    right.set(title="BRE", xlabel="round over all weights", ylabel="objective", ylim=(0, None))
    return fig


PrCurve = tuple[F64, F64]
"""Recall and precision."""


def precision_recall(rows: Mapping[str, Mapping[int, Mapping[str, PrCurve]]], learned: Sequence[str]) -> Figure:
    """Figure 5: precision against recall, a row of panels for each data set and a panel for each code length.

    Parameters
    ----------
    rows: curves by data set, code length and method; the line of the last method is thick.
    learned: methods whose lines are solid.
    """
    lengths = list(next(iter(rows.values())))
    fig, axes = _panels(rows, len(lengths), "precision", sharex=True, sharey=True)
    names = list(dict.fromkeys(name for row in rows.values() for curves in row.values() for name in curves))
    style = {name: (f"C{i % 6}", "-" if name in learned else "--") for i, name in enumerate(names)}
    for line, row in zip(axes, rows.values(), strict=True):
        for ax, (length, curves) in zip(line, row.items(), strict=True):
            for name, (recall, precision) in curves.items():
                colour, dashes = style[name]
                width = 2.2 if name == names[-1] else 1.0
                ax.plot(recall, precision, color=colour, linestyle=dashes, linewidth=width, label=plain(name))
            ax.set(xlim=(0, 1), ylim=(0, 1.02))
            ax.set_title(f"{length} bits", fontsize=8, loc="center")
    for ax in axes[-1]:
        ax.set(xlabel="recall")
    handles = axes[0, 0].get_legend_handles_labels()
    fig.legend(*handles, loc="outside lower center", ncols=6, fontsize=7)
    return fig


def sweep(table: Table, without: str, ylabel: str) -> Figure:
    """Figure 6: mAP against λ2, mean and range over seeds, and the same without VCA as dashed lines.

    A data set has a row of panels, with one for each code length.

    Parameters
    ----------
    table: rows are values of λ2, and ``without`` the row without VCA; columns are "data set|code length".
    """
    columns = {str(column): str(column).split("|") for column in table.frame.columns}
    sets, lengths = ([*dict.fromkeys(parts[i] for parts in columns.values())] for i in (0, 1))
    fig, axes = _panels(sets, len(lengths), ylabel, sharex=True, sharey="row")
    for column, (title, length) in columns.items():
        ax = axes[sets.index(title), lengths.index(length)]
        seeds = {str(row): table.spread.get((str(row), column), [cell]) for row, cell in table.frame[column].items()}
        _without(ax, seeds.pop(without))
        values = np.array(list(seeds.values()), np.float64)
        (line,) = ax.plot([float(weight) for weight in seeds], values.mean(1), marker="o", markersize=4, color="C0",
                          label="with VCA, weighted by λ2")  # fmt: skip
        band(line, values.min(1), values.max(1))
        ax.set(xscale="log")
        ax.set_title(length, fontsize=8, loc="center")
    for ax in axes[-1]:
        ax.set(xlabel="λ2 (logarithmic)")
    fig.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=2, fontsize=7)
    return fig


def _panels(sets: Iterable[str], n_lengths: int, ylabel: str, **shared: Any) -> tuple[Figure, Any]:
    """A row of panels for each data set, which names it, and a column of them for each code length."""
    titles = list(sets)
    fig, axes = plt.subplots(
        len(titles), n_lengths, figsize=(PAGE, 2.1 * len(titles) + 1), squeeze=False, layout="constrained", **shared
    )
    for ax, title in zip(axes[:, 0], titles, strict=True):
        ax.set(ylabel=f"{plain(title)}\n{ylabel}")
    return fig, axes


def _without(ax: Axes, seeds: Sequence[float]) -> None:
    ax.axhspan(min(seeds), max(seeds), color="C1", alpha=0.12, linewidth=0)
    ax.axhline(float(np.mean(seeds)), color="C1", linestyle="--", label="without VCA")


def tracks(rows: Sequence[tuple[str, Sequence[Pixels]]]) -> Figure:
    """Tracks of faces: a row for each, its name above the first frame, frames at equal steps."""
    columns = max(len(frames) for _, frames in rows)
    fig, axes = image_grid(len(rows), columns, 1.0)
    for line, (name, frames) in zip(axes, rows, strict=True):
        for ax, frame in zip(line, frames, strict=False):
            show(ax, frame, PAGE / columns)
        line[0].set_title(plain(name), fontsize=8, loc="left")
    return fig


def _places(points: F64) -> tuple[F64, F64, F64]:
    """A grid over the points with a margin, as two (side, side) arrays and as (side², 2)."""
    low, high = points.min(0), points.max(0)
    low, high = low - 0.08 * (high - low), high + 0.08 * (high - low)
    x, y = np.meshgrid(*(np.linspace(a, b, _SIDE) for a, b in zip(low, high, strict=True)))
    return x, y, np.column_stack([x.ravel(), y.ravel()])
