"""Pictures of a collection and of what comes back: contact sheet, rankings with green and red frames, AP as an area."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from vretlib import images
from vretlib.chapters.background.collection import kinds
from vretlib.chapters.background.pictures import show
from vretlib.datasets.landmarks.collection import LandmarkCollection, LandmarkQuery
from vretlib.report.figures import PAGE, plain, size

Ids = NDArray[np.int64]


def collection_sheet(searched: LandmarkCollection, queries: Sequence[LandmarkQuery]) -> Figure:
    """A row per query: the query with its box, two good, two ok, one junk image, and one of something else.

    Where no query has good images, as in a folder of classes, up to four that are right, and others, five in all.
    """
    wanted: tuple[tuple[str, int], ...] = (("good", 2), ("ok", 2), ("junk", 1), ("other", 1))
    if not any(len(query.good) for query in queries):
        n_right = min(4, max(len(query.ok) for query in queries))
        wanted = (("ok", n_right), ("other", 5 - n_right))
    headings = ["query", *("right" if wanted[0][0] == name == "ok" else name for name, n in wanted for _ in range(n))]
    fig, axes = show.grid(len(queries), len(headings), 0.78, headings)
    width = PAGE / len(headings)
    for row, (line, query) in enumerate(zip(axes, queries, strict=True)):
        _query(line[0], query, width, title=line[0].get_title())
        kind = kinds(query, len(searched.images))
        by_kind = {name: np.flatnonzero(kind == name) for name, _ in wanted}
        by_kind["other"] = by_kind["other"][(7 * row + 3) % max(1, len(by_kind["other"])) :]  # not the same every time
        chosen = [i for name, n in wanted for i in _spread(by_kind[name], n)]
        for ax, i in zip(line[1:], chosen, strict=True):
            if i is not None:
                frame = show.COLOURS[str(kind[i])]
                show.place(ax, images.read(searched.images[i]), ax.get_title(), inches=width, frame=frame)
        line[0].set_ylabel(plain(query.landmark.replace("_", " ")), fontsize=7)
    return fig


def _spread(ids: Ids, n: int) -> list[int | None]:
    """Up to n ids, spread over those there are; None for the missing."""
    chosen = ids[np.linspace(0, len(ids) - 1, min(n, len(ids))).round().astype(int)] if len(ids) else ids
    return [*(int(i) for i in chosen), *[None] * (n - len(chosen))]


def _query(ax: Axes, query: LandmarkQuery, inches: float, title: str = "query") -> None:
    shrunk = show.place(ax, images.read(query.path), title, inches=inches, frame=show.COLOURS["query"])
    if query.box is not None:
        x1, y1, x2, y2 = query.box
        show.box(ax, shrunk * x1, shrunk * y1, shrunk * x2, shrunk * y2, colour="C7")


def rankings(
    searched: LandmarkCollection, asked: LandmarkQuery, found: Mapping[str, Ids], n: int = 7, *, leave_out: bool = True
) -> Figure:
    """The query, and the first ``n`` images of each ranking: green right, red wrong, grey junk, blue the query itself.

    ``found`` maps a name to a ranking of the database, best first. ``leave_out`` skips the query image.
    """
    fig, axes = show.grid(len(found), n + 1, 0.82)
    kind, width = kinds(asked, len(searched.images)), PAGE / (n + 1)
    for line, (name, ranking) in zip(axes, found.items(), strict=True):
        _query(line[0], asked, width, name)
        rest = [int(i) for i in ranking if not (leave_out and kind[i] == "query")][:n]
        for k, (ax, i) in enumerate(zip(line[1:], rest, strict=False), start=1):
            frame = show.COLOURS[str(kind[i])]
            show.place(ax, images.read(searched.images[i]), f"{k}", inches=width, frame=frame)
    return fig


def all_ranks(found: Mapping[str, Ids], asked: LandmarkQuery, aps: Mapping[str, float]) -> Figure:
    """Whole rankings as strips, best at the left: a green line for every right image, grey for junk."""
    kind = kinds(asked, len(next(iter(found.values()))))
    fig, ax = plt.subplots(figsize=(PAGE, 0.32 * len(found) + 0.7))
    for row, ranking in enumerate(found.values()):
        for names, colour in ((("good", "ok"), show.COLOURS["good"]), (("junk",), show.COLOURS["junk"])):
            at = np.flatnonzero(np.isin(kind[ranking], names)) + 1
            ax.vlines(at, row - 0.38, row + 0.38, color=colour, linewidth=1.2)
    ax.set_yticks(range(len(found)), [f"{name}  (AP {aps[name]:.2f})" for name in found])
    ax.set(xlabel="rank", xlim=(0, len(kind) + 1), ylim=(len(found) - 0.5, -0.5))
    ax.grid(False)
    return fig


def precision_recall(steps: Mapping[str, tuple[NDArray[np.float64], NDArray[np.float64]]]) -> Figure:
    """Precision over recall of small rankings, as both rules add up the area: one panel per rule.

    ``steps`` maps a title to corners (recall, precision) of the area, from left to right.
    """
    fig, axes = plt.subplots(1, len(steps), figsize=size(1.0, 0.42), squeeze=False, sharey=True)
    for ax, (title, (recall, precision)) in zip(axes[0], steps.items(), strict=True):
        ax.fill_between(recall, precision, color="C0", alpha=0.25, linewidth=0)
        ax.plot(recall, precision, color="C0", marker="o")
        ax.set(title=title, xlabel="recall", xlim=(0, 1.02), ylim=(0, 1.05))
    axes[0, 0].set_ylabel("precision")
    return fig


def protocol_scatter(aps: pd.DataFrame) -> Figure:
    """AP of every query: trapezoid against plain at the left, query image out against in at the right."""
    fig, (left, right) = plt.subplots(1, 2, figsize=size(1.0, 0.5))
    for ax, (x, y) in ((left, ("in|plain", "in|trapezoid")), (right, ("in|trapezoid", "out|trapezoid"))):
        ax.plot([0, 1], [0, 1], color="0.6", linewidth=0.8)
        ax.plot(aps[x], aps[y], ".", alpha=0.7)
        ax.set(xlim=(0, 1.02), ylim=(0, 1.02), aspect="equal")
    left.set(xlabel="plain AP", ylabel="trapezoid AP", title="two rules")
    right.set(xlabel="query image in the database", ylabel="query image left out", title="two databases")
    return fig


def overview(table: pd.DataFrame) -> Figure:
    """MAP by description, a sign per similarity; and against the bytes of an image, as numbers and as bits."""
    fig, (left, right) = plt.subplots(1, 2, figsize=size(1.0, 0.5), width_ratios=[3, 2])
    ways = [str(c) for c in table.columns if str(c).startswith("mAP|") and table[c].notna().any()]
    for k, way in enumerate(ways):
        name, style = way.split("|")[1], {"marker": "osD^v"[k], "linestyle": "", "color": f"C{k}", "alpha": 0.8}
        left.plot(table[way], np.arange(len(table)) + 0.09 * (k - 2), label=name, **style)
        size_of = "bytes|bits" if name == "Hamming" else "bytes|float32"
        right.plot(table[size_of], table[way], **style)
    left.set_yticks(range(len(table)), list(table.index))
    left.set(xlabel="mAP", ylim=(len(table) - 0.5, -0.5))
    right.set(xlabel="bytes per image", ylabel="mAP", xscale="log")
    left.legend(loc="upper center", bbox_to_anchor=(0.5, 1.13), ncols=len(ways), columnspacing=1.0, handletextpad=0.2)
    return fig


SHOWN = 20
"""Landmarks that `by_landmark` has room for."""


def by_landmark(aps: Mapping[str, pd.Series], searched: LandmarkCollection) -> Figure:
    """Mean AP of each landmark's queries (columns) by description (rows), as a table of colours and numbers.

    Of more than `SHOWN` landmarks those are shown that descriptions disagree about most, in the collection's order.
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
