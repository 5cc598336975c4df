"""Curves that pages draw: a training, accuracy against memory, shares. Every function returns a figure."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike

from vretlib.models.training import TrainingLog
from vretlib.report.figures import PAGE, plain

Band = tuple[ArrayLike, ArrayLike]
"""The lower and the upper ends of intervals, one pair for each point of a curve; NaN where there is none."""


def band(line: Line2D, low: ArrayLike, high: ArrayLike) -> None:
    """Draw the intervals around the points of a line as a band of its colour."""
    x = np.asarray(line.get_xdata(), np.float64)
    line.axes.fill_between(  # type: ignore[union-attr]
        x, np.asarray(low, np.float64), np.asarray(high, np.float64), color=line.get_color(), alpha=0.15, linewidth=0
    )


def training(logs: Mapping[str, TrainingLog], *, loss: str, score: str, log_scale: bool = False) -> Figure:
    """The loss of each step (means of 25) at the left, the validation score at the right; one line per training.

    ``loss`` and ``score`` are what the vertical axes say.
    """
    fig, (left, right) = plt.subplots(1, 2, figsize=(PAGE, 2.9), layout="constrained")
    for name, log in logs.items():
        left.plot(*log.curve(25), label=plain(name), linewidth=1.2)
        if log.validation:
            right.plot(*np.transpose(log.validation), marker="o", markersize=3, label=plain(name), linewidth=1.2)
    left.set(xlabel="step", ylabel=loss, yscale="log" if log_scale else "linear")
    right.set(xlabel="step", ylabel=score)
    if not any(log.validation for log in logs.values()):
        right.set(title="nothing is held out of so few")
    left.legend()
    return fig


def memory_and_accuracy(memory: Mapping[str, float], accuracy: Mapping[str, float], ylabel: str) -> Figure:
    """A point per method: megabytes per hour of video, logarithmic, and accuracy from 0 to 1."""
    fig, ax = plt.subplots(figsize=(PAGE, 3.6), layout="constrained")
    for i, (name, value) in enumerate(accuracy.items()):
        marker = "osD^"[i // 6 % 4]  # a new shape for each round of six colours
        ax.plot(memory[name], value, marker, color=f"C{i % 6}", label=plain(name), linestyle="none")
    ax.set(xlabel="memory (MB per hour of video, logarithmic)", ylabel=plain(ylabel), xscale="log", ylim=(0, 1))
    fig.legend(loc="outside right center", fontsize="x-small")
    return fig


def accuracy_by_number(
    table: pd.DataFrame, name: str, references: Mapping[str, pd.Series], *, xlabel: str, measure: str = "mAP"
) -> Figure:
    """Accuracy against a number, logarithmic, a colour per kind of query, beside methods that do not depend on it.

    Parameters
    ----------
    table: numbers in rows; the columns ``KIND|measure`` are drawn.
    name: of the method whose numbers the table has.
    references: of other methods, by name, the value of each column; dotted, then dashed.
    """
    fig, ax = plt.subplots(figsize=(PAGE, 3.2), layout="constrained")
    numbers = table.index.astype(int)
    for i, column in enumerate(table.columns[table.columns.str.endswith(f"|{measure}")]):
        kind = plain(column.split("|")[0])
        ax.plot(numbers, table[column], marker="o", color=f"C{i}", label=f"{plain(name)}, {kind}")
        for (other, values), style in zip(references.items(), (":", "--"), strict=False):
            ax.axhline(values[column], color=f"C{i}", linestyle=style, label=f"{plain(other)}, {kind}")
    ax.set(xlabel=f"{xlabel} (logarithmic)", ylabel=measure, xscale="log", ylim=(0, 1))
    ax.set_xticks(numbers, [str(number) for number in numbers])
    ax.minorticks_off()
    ax.legend(fontsize="x-small", ncols=2, loc="upper left")
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
