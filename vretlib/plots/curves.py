"""Curves that pages draw: a training, accuracy against memory, shares. Every function returns a figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike, NDArray

from vretlib.models.training import TrainingLog
from vretlib.plots import labels
from vretlib.report.figures import PAGE, plain

Band = tuple[ArrayLike, ArrayLike]
"""The lower and the upper ends of intervals, one pair for each point of a curve; NaN where there is none."""


def band(line: Line2D, low: ArrayLike, high: ArrayLike) -> None:
    """Draw the intervals around the points of a line as a band of its colour."""
    x = np.asarray(line.get_xdata(), np.float64)
    line.axes.fill_between(  # type: ignore[union-attr]
        x, np.asarray(low, np.float64), np.asarray(high, np.float64), color=line.get_color(), alpha=0.15, linewidth=0
    )


def losses(ax: Axes, logs: Mapping[str, TrainingLog], *, window: int = 25, per_step: float = 1) -> None:
    """Draw the losses of trainings as means of ``window`` steps, a line for each; a step is ``per_step`` units of x."""
    for name, log in logs.items():
        steps, loss = log.curve(window)
        ax.plot(steps * per_step, loss, label=plain(name), linewidth=1.2)


def training(
    logs: Mapping[str, TrainingLog], *, loss: str, score: str, log_scale: bool = False, window: int = 25
) -> Figure:
    """The loss (means of ``window`` steps) at the left, the validation score at the right; one line per training.

    ``loss`` and ``score`` are the labels of the vertical axes.
    """
    fig, (left, right) = plt.subplots(1, 2, figsize=(PAGE, 2.9), layout="constrained")
    losses(left, logs, window=window)
    for name, log in logs.items():
        if log.validation:
            right.plot(*np.transpose(log.validation), marker="o", markersize=3, label=plain(name), linewidth=1.2)
    left.set(xlabel="step", ylabel=loss, yscale="log" if log_scale else "linear")
    right.set(xlabel="step", ylabel=score)
    if not any(log.validation for log in logs.values()):
        right.set(title="nothing is held out of so few")
    left.legend()
    return fig


def memory_and_accuracy(
    memory: Mapping[str, float], accuracy: Mapping[str, float], ylabel: str, bars: Band | None = None
) -> Figure:
    """A point per method with its name beside it: megabytes per hour of video, logarithmic, and accuracy.

    Methods of equal memory stand side by side around their place, the most accurate at the left, so that none covers
    another. A name has the colour of its point. The vertical axis shows the range of the accuracies, so that names have
    room. ``bars`` are the ends of intervals, in the order of ``accuracy``.
    """
    fig, ax = plt.subplots(figsize=(PAGE, 4.6), layout="constrained")
    names = list(accuracy.keys())
    y = np.array([accuracy[name] for name in names])
    x = _spread_equal([memory[name] for name in names], y)
    colours = [f"C{i % 6}" for i in range(len(names))]
    for i, colour in enumerate(colours):
        ax.plot(x[i], y[i], "osD^"[i // 6 % 4], color=colour, linestyle="none")
    lower, upper = (np.asarray(end, np.float64) for end in bars or (y, y))
    if bars is not None:
        ax.vlines(x, lower, upper, colors=colours, linewidth=1, alpha=0.6, zorder=1)
    low, high = float(np.nanmin(lower)), float(np.nanmax(upper))
    room = 0.08 * max(high - low, 0.1)
    ax.set(xlabel="memory (MB per hour of video, logarithmic)", ylabel=plain(ylabel), xscale="log")
    ax.set(ylim=(max(0, low - room), min(1, high + room)), xlim=(x.min() / 3, x.max() * 3))
    labels.beside(ax, x, y, names, colours=colours, bars=(lower, upper))
    return fig


def _spread_equal(values: Sequence[float], y: NDArray[np.float64], step: float = 1.08) -> NDArray[np.float64]:
    """The values, equal ones multiplied by powers of ``step`` whose geometric mean is 1; the largest y comes first."""
    given, falling = np.asarray(values, np.float64), np.argsort(-y, kind="stable")
    x = given.copy()
    for value in np.unique(given):
        equal = falling[given[falling] == value]
        x[equal] *= step ** (np.arange(len(equal)) - (len(equal) - 1) / 2)
    return x


def over_seeds(curves: Mapping[str, Mapping[int, Sequence[float]]], *, xlabel: str, ylabel: str) -> Figure:
    """Values against numbers, a line for each entry of ``curves``: the mean over seeds, and a band from worst to best.

    ``curves`` has the values of every seed for each number.
    """
    fig, ax = plt.subplots(figsize=(PAGE, 2.9), layout="constrained")
    for name, of in curves.items():
        values = np.array(list(of.values()), np.float64)
        (line,) = ax.plot(list(of), values.mean(axis=1), marker="o", markersize=3, label=plain(name))
        band(line, values.min(axis=1), values.max(axis=1))
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.legend(loc="lower right")
    return fig


def shares(
    x: ArrayLike,
    curves: Mapping[str, ArrayLike],
    *,
    xlabel: str,
    ylabel: str,
    log: bool = False,
    chosen: tuple[str, float] | None = None,
    bands: Mapping[str, Band] | None = None,
) -> Figure:
    """Shares between 0 and 1 against ``x``, one line for each entry of ``curves``.

    Parameters
    ----------
    bands: lower and upper ends of intervals around curves, by name, drawn as bands of the line's colour.
    log: whether the axis of ``x`` is logarithmic.
    chosen: the name and the value of ``x`` that is used elsewhere; a dashed line marks it.
    """
    fig, ax = plt.subplots(figsize=(PAGE, 2.8))
    places = np.asarray(x, np.float64)
    for (name, y), marker in zip(curves.items(), "os^Dv<>" * len(curves), strict=False):
        (line,) = ax.plot(places, np.asarray(y, np.float64), marker=marker, markersize=4, label=plain(name))
        if name in (bands or {}):
            band(line, *(bands or {})[name])
    if chosen is not None:
        name, value = chosen
        ax.axvline(value, color="0.3", linestyle="--", linewidth=1, label=plain(f"{name} = {value:g}"))
    ax.set(xlabel=xlabel, ylabel=ylabel, ylim=(-0.02, 1.02), xscale="log" if log else "linear")
    ax.legend(fontsize=8)
    return fig
