"""Diagrams of chapters 4 and 5 of the thesis: from films to what is kept of them, and from a photograph to a frame."""

from __future__ import annotations

from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray

from vretlib.errors import NoExampleError
from vretlib.images import Pixels
from vretlib.plots.diagrams import Arrow, Node, diagram
from vretlib.report.figures import PAGE


def system(frame: Pixels, photograph: Pixels, found: Pixels) -> Figure:
    """Thesis Fig 5.1: what is done once for the films (above), and what for every photograph (below)."""
    boxes = {
        "films": Node(0, 1.1, "films", 1.9, 1.3, "data", frame),
        "features": Node(2.45, 1.1, "binary features\nof every frame", 1.9, 0.9),
        "tracks": Node(4.9, 1.1, "tracks\nand shots", 1.7, 0.9),
        "key": Node(7.1, 1.1, "one key feature\nper track", 1.9, 0.9),
        "tree": Node(9.5, 1.1, "kd-tree over bits", 1.9, 0.9),
        "photo": Node(0, -1.1, "photograph", 1.9, 1.5, "data", photograph),
        "query": Node(2.45, -1.1, "binary features", 1.9, 0.9),
        "nearest": Node(4.9, -1.1, "nearest\nkey features", 1.7, 0.9),
        "votes": Node(7.1, -1.1, "votes:\nthe shot", 1.9, 0.9),
        "frame": Node(9.5, -1.1, "its nearest frame", 1.9, 1.3, "result", found),
    }
    rows = (("films", "features", "tracks", "key", "tree"), ("photo", "query", "nearest", "votes", "frame"))
    arrows = [Arrow(start, stop) for row in rows for start, stop in pairwise(row)]
    arrows.append(Arrow("tree", "nearest", "B descents"))
    return diagram(boxes, arrows, kinds={"data": "data", "step": "computed", "result": "answer"})


def aggregation(features: pd.DataFrame, longer_than: int, n: int = 14) -> Figure:
    """Thesis Fig 5.2: features of consecutive frames, the tracks that they form, and what is kept of each track.

    Parameters
    ----------
    features: ``frame``, ``x`` and ``track`` of every feature of some frames; x stands for the feature's place in the
        space of descriptors, which has too many dimensions to draw.
    longer_than: frames that a track must exceed to be kept.
    n: tracks drawn, spread over all lengths.
    """
    lengths = features["track"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    several = lengths[lengths > 1]
    if several.empty:
        raise NoExampleError("no feature was followed from one frame to the next")
    chosen = lengths.index[np.unique(np.linspace(0, min(len(several) + n // 4, len(lengths)) - 1, n).astype(int))]
    names = ("features of each frame", "features that match: tracks", f"key features of tracks over {longer_than}")
    fig, axes = plt.subplots(1, 3, figsize=(PAGE, 2.6), sharex=True, sharey=True)
    first = features["frame"].min()
    for track in chosen:
        path = features[features["track"] == track].sort_values("frame")
        at, x = path["frame"] - first, path["x"]
        kept = len(path) > longer_than
        axes[0].plot(at, x, "o", color="C0", markersize=2.5)
        axes[1].plot(at, x, "o-", markersize=2.5, linewidth=1)
        axes[2].plot(at, x, color="0.75", linewidth=0.8)
        if kept:
            axes[2].plot([at.mean()], [x.median()], "s", color="C1", markersize=6)
    for ax, name in zip(axes, names, strict=True):
        ax.set_title(name, fontsize=8, loc="center")
        ax.set(xlabel="frame")
        ax.grid(False)
    axes[0].set(ylabel="feature (place in x, pixels)")
    return fig


def aggregation_types(features: pd.DataFrame, vectors: NDArray[np.float64]) -> Figure:
    """Thesis Fig 4.1: what four types of aggregation keep of some frames.

    Parameters
    ----------
    features: ``frame`` (from 0), ``x`` (pixels) and ``track`` of every local feature.
    vectors: (frames, d), a global feature of each frame.
    """
    fig, ((none, spatial), (local, both)) = plt.subplots(2, 2, figsize=(PAGE, 4.6))
    none.plot(features["frame"], features["x"], ".", markersize=2)
    none.set_title(f"no aggregation: {len(features)} local features")
    spatial.imshow(vectors.T, aspect="auto", origin="lower")
    spatial.set_title(f"spatial: {len(vectors)} vectors, one a frame")
    lasting = [path for _, path in features.groupby("track") if len(path) > 1]
    for path in lasting:
        local.plot(path["frame"], path["x"], linewidth=0.8)
    local.set_title(f"temporal local: {len(lasting)} tracks")
    extent = (-0.5, len(vectors) - 0.5, -0.5, vectors.shape[1] - 0.5)
    both.imshow(vectors.mean(axis=0)[:, None], aspect="auto", origin="lower", extent=extent)
    both.set_title("spatio-temporal global: 1 vector")
    places = {"ylabel": "x of the feature (pixels)", "xlim": (-0.5, len(vectors) - 0.5)}
    none.set(**places)
    local.set(xlabel="frame of the shot", **places)
    spatial.set(ylabel="component")
    both.set(xlabel="frame of the shot", ylabel="component")
    return fig
