"""Rankings of a collection of landmarks: images in frames of their kind, whole rankings as strips, AP as an area.

Frames are green for right images, red for wrong ones, grey for junk, and blue for the query.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from vretlib import images
from vretlib.datasets.landmarks.collection import LandmarkCollection, LandmarkQuery
from vretlib.evaluation import average_precision
from vretlib.evaluation.average_precision import ApRule, Step
from vretlib.plots.axes import RIGHT, WRONG, box, framed, image_grid
from vretlib.report.figures import PAGE, plain, size

Ids = NDArray[np.int64]

KIND_COLOURS = {"good": RIGHT, "ok": RIGHT, "other": WRONG, "junk": "0.6", "query": "C0"}


def collection_sheet(searched: LandmarkCollection, queries: Sequence[LandmarkQuery]) -> Figure:
    """One row per query: the query with its box, two good, two ok and one junk image, and one of something else.

    Where no query has good images, as in a folder of classes, up to four right images and others, five in all.
    """
    wanted: tuple[tuple[str, int], ...] = (("good", 2), ("ok", 2), ("junk", 1), ("other", 1))
    if not any(len(query.good) for query in queries):
        n_right = min(4, max(len(query.ok) for query in queries))
        wanted = (("ok", n_right), ("other", 5 - n_right))
    headings = ["query", *("right" if wanted[0][0] == name == "ok" else name for name, n in wanted for _ in range(n))]
    fig, axes = image_grid(len(queries), len(headings), 0.78, headings)
    width = PAGE / len(headings)
    for row, (line, query) in enumerate(zip(axes, queries, strict=True)):
        _query(line[0], query, width, title=line[0].get_title())
        kind = query.kinds(len(searched.images))
        by_kind = {name: np.flatnonzero(kind == name) for name, _ in wanted}
        by_kind["other"] = by_kind["other"][(7 * row + 3) % max(1, len(by_kind["other"])) :]  # others in each row
        chosen = [i for name, n in wanted for i in _spread(by_kind[name], n)]
        for ax, i in zip(line[1:], chosen, strict=True):
            if i is not None:
                frame = KIND_COLOURS[str(kind[i])]
                framed(ax, images.read(searched.images[i]), ax.get_title(), inches=width, frame=frame)
        line[0].set_ylabel(plain(query.landmark.replace("_", " ")), fontsize=7)
    return fig


COLUMNS = 5
"""Images in a line of `rankings`: more would be too small to see what they show."""


def rankings(
    searched: LandmarkCollection, asked: LandmarkQuery, found: Mapping[str, Ids], n: int = 9, *, leave_out: bool = True
) -> Figure:
    """Each ranking in lines of `COLUMNS` images: the query and the first ``n`` images.

    ``found`` maps a name to a ranking of the database, best first. ``leave_out`` skips the query image.
    """
    lines = -(-(n + 1) // COLUMNS)
    fig, axes = image_grid(lines * len(found), COLUMNS, 0.82)
    kind, width = asked.kinds(len(searched.images)), PAGE / COLUMNS
    for places, (name, ranking) in zip(axes.reshape(len(found), -1), found.items(), strict=True):
        _query(places[0], asked, width, name)
        rest = [int(i) for i in ranking if not (leave_out and kind[i] == "query")][:n]
        for k, (ax, i) in enumerate(zip(places[1:], rest, strict=False), start=1):
            frame = KIND_COLOURS[str(kind[i])]
            framed(ax, images.read(searched.images[i]), f"{k}", inches=width, frame=frame)
    return fig


def all_ranks(found: Mapping[str, Ids], asked: LandmarkQuery) -> Figure:
    """Whole rankings as strips, the best image at the left, with a line for each right and each junk image."""
    kind = asked.kinds(len(next(iter(found.values()))))
    fig, ax = plt.subplots(figsize=(PAGE, 0.32 * len(found) + 0.7))
    for row, ranking in enumerate(found.values()):
        for names, colour in ((("good", "ok"), KIND_COLOURS["good"]), (("junk",), KIND_COLOURS["junk"])):
            at = np.flatnonzero(np.isin(kind[ranking], names)) + 1
            ax.vlines(at, row - 0.38, row + 0.38, color=colour, linewidth=1.2)
    aps = [average_precision.average_precision(ranking, asked.positives, asked.junk) for ranking in found.values()]
    ax.set_yticks(range(len(found)), [f"{name}  (AP {ap:.2f})" for name, ap in zip(found, aps, strict=True)])
    ax.set(xlabel="rank", xlim=(0, len(kind) + 1), ylim=(len(found) - 0.5, -0.5))
    ax.grid(False)
    return fig


def precision_recall(by_rule: Mapping[ApRule, Sequence[Step]]) -> Figure:
    """Precision over recall of a small ranking, with the area that each rule of AP adds up: one panel per rule."""
    fig, axes = plt.subplots(1, len(by_rule), figsize=size(1.0, 0.42), squeeze=False, sharey=True)
    for ax, (rule, steps) in zip(axes[0], by_rule.items(), strict=True):
        recall, precision = corners(steps, rule)
        ax.fill_between(recall, precision, color="C0", alpha=0.25, linewidth=0)
        ax.plot(recall, precision, color="C0", marker="o")
        ax.set(title=rule, xlabel="recall", xlim=(0, 1.02), ylim=(0, 1.05))
    axes[0, 0].set_ylabel("precision")
    return fig


def corners(steps: Sequence[Step], rule: ApRule) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Recall and precision along the upper edge of the area that a rule adds up: stairs, or joined dots from (0, 1)."""
    recalls = np.array([0.0, *(step.recall for step in steps)])
    precisions = np.array([1.0, *(step.precision for step in steps)])
    if rule == "trapezoid":
        return recalls, precisions
    return np.repeat(recalls, 2)[1:-1], np.repeat(precisions[1:], 2)


SHOWN = 20
"""Number of landmarks that `by_landmark` has room for."""


def by_landmark(aps: Mapping[str, pd.Series], searched: LandmarkCollection) -> Figure:
    """Mean AP of each landmark's queries (columns) by description (rows), as a table of colours and numbers.

    If there are more than `SHOWN` landmarks, those about which descriptions disagree most are shown, in the
    collection's order.
    """
    landmark = [query.landmark.replace("_", " ") for query in searched.queries]
    means = pd.DataFrame({name: ap.groupby(landmark, sort=False).mean() for name, ap in aps.items()}).T
    if means.shape[1] > SHOWN:
        means = means.iloc[:, np.sort(np.argsort(-means.std().to_numpy(), kind="stable")[:SHOWN])]
    fig, ax = plt.subplots(figsize=(PAGE, 0.27 * len(means) + 1.2))
    ax.imshow(means, vmin=0, vmax=1, aspect="auto")
    for (row, column), value in np.ndenumerate(means.to_numpy()):
        ax.text(column, row, f"{value:.2f}", ha="center", va="center", fontsize=6.5, color="w" if value < 0.6 else "k")
    ax.set_xticks(range(means.shape[1]), [plain(name) for name in means.columns], rotation=35, ha="right", fontsize=7)
    ax.set_yticks(range(len(means)), list(means.index))
    ax.grid(False)
    return fig


def _spread(ids: Ids, n: int) -> list[int | None]:
    """Up to n ids, evenly spread over the given ones, then None for each that is missing."""
    chosen = ids[np.linspace(0, len(ids) - 1, min(n, len(ids))).round().astype(int)] if len(ids) else ids
    return [*(int(i) for i in chosen), *[None] * (n - len(chosen))]


def _query(ax: Axes, query: LandmarkQuery, inches: float, title: str = "query") -> None:
    shrunk = framed(ax, images.read(query.path), title, inches=inches, frame=KIND_COLOURS["query"])
    if query.box is not None:
        x1, y1, x2, y2 = query.box
        box(ax, shrunk * x1, shrunk * y1, shrunk * x2, shrunk * y2, colour="C7")
