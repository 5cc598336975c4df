"""Figures of chapter 3 that no other chapter draws, and the pairs that they show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from vretlib import images
from vretlib.chapters.similarity_networks.methods import Cosine, Similarity
from vretlib.datasets.landmarks import LandmarkStudy
from vretlib.datasets.landmarks.described import DescribedStudy
from vretlib.errors import NoExampleError
from vretlib.models.trained_similarities import TrainedSimilarity
from vretlib.models.training import TrainingLog
from vretlib.models.training_set import TrainingSet
from vretlib.plots.axes import RIGHT, WRONG, Image, beside
from vretlib.report.figures import PAGE, plain


@dataclass(frozen=True, eq=False)
class QueryPairs:
    """Pairs of a query and a database image, which no training has seen; every array is (n,)."""

    cosine: NDArray[np.float32]
    score: NDArray[np.float32]
    match: NDArray[np.bool_]


def query_pairs(
    study: LandmarkStudy, described: DescribedStudy, scored: Similarity, name: str, *, n: int = 1500, seed: int = 0
) -> QueryPairs:
    """Up to ``n`` matching and ``n`` other pairs of one evaluation set, without junk and the query image itself."""
    collection = study.evaluation[name]
    match = np.zeros((len(collection.queries), len(collection.images)), np.bool_)
    judged = np.ones_like(match)
    for row, (positives, junk) in enumerate(
        zip(collection.positives(query_in_database=False), collection.junk(query_in_database=False), strict=True)
    ):
        match[row, positives], judged[row, junk] = True, False
    rng = np.random.default_rng(seed)
    chosen = [rng.permutation(np.flatnonzero(mask))[:n] for mask in (match & judged, ~match & judged)]
    places = np.concatenate(chosen)
    cosine = Cosine().scores(described.queries[name], described.database[name]).ravel()[places]
    score = scored.scores(described.queries[name], described.database[name]).ravel()[places]
    return QueryPairs(cosine, score, match.ravel()[places])


def difficult_pairs(
    examples: TrainingSet, before: Similarity, after: TrainedSimilarity, n: int = 3
) -> list[tuple[str, list[Image]]]:
    """Rows of Figure 3.3: of the pairs that ``after`` was refined with, the ``n`` worst ones of ``before``, by kind.

    The two images of a pair are side by side, and no image is shown twice.
    """
    found = after.difficult
    if found is None or not found.n:
        raise NoExampleError("there is no pair on which the network is worse than the cosine")
    x, i, j = examples.descriptors, found.i.numpy(), found.j.numpy()
    rows: dict[str, list[Image]] = {}
    for heading, match in (("dissimilar", False), ("similar", True)):
        mine = np.flatnonzero(found.match.numpy() == match)
        scores = np.array([before.scores(x[i[k]][None], x[j[k]][None])[0, 0] for k in mine[:2000]])
        gap = (scores - (x[i[mine[:2000]]] * x[j[mine[:2000]]]).sum(1)) * (-1 if match else 1)
        shown: set[int] = set()
        for k in mine[np.argsort(-gap, kind="stable")]:
            pair = (int(i[k]), int(j[k]))
            if len(rows.get(heading, ())) < n and shown.isdisjoint(pair):
                shown.update(pair)
                a, b = (_of_height(images.read(examples.images[row])) for row in pair)
                rows.setdefault(heading, []).append(beside(a, b))
    return list(rows.items())


def _of_height(image: Image, height: int = 150) -> Image:
    return images.resize(image, round(height * max(image.shape[:2]) / image.shape[0]))


def cosines(pairs: QueryPairs) -> Figure:
    """Densities of the cosine of pairs of one landmark and of pairs of two."""
    fig, ax = plt.subplots(figsize=(PAGE, 2.8))
    edges = np.linspace(min(pairs.cosine.min(), 0.0), 1.0, 61).tolist()
    ax.hist(pairs.cosine[pairs.match], edges, density=True, alpha=0.6, color=RIGHT, label="same")
    ax.hist(pairs.cosine[~pairs.match], edges, density=True, alpha=0.6, color=WRONG, label="different")
    ax.set(xlabel="cosine similarity of the pair", ylabel="density of pairs")
    ax.legend()
    return fig


def warm_up(logs: Mapping[str, TrainingLog], batch_size: int, cosine: ArrayLike, scores: ArrayLike) -> Figure:
    """Loss against pairs seen (means of 25 steps), a line per architecture; at the right scores against cosines."""
    fig, (left, right) = plt.subplots(1, 2, figsize=(PAGE, 3.2), width_ratios=[3, 2], layout="constrained")
    for name, log in logs.items():
        steps, loss = log.curve(25)
        left.plot(steps * batch_size / 1e3, loss, label=name, linewidth=1.2)
    left.set(xlabel="pairs seen (thousands)", ylabel="mean |score − cosine|", yscale="log")
    left.legend(title="architecture")
    _against_cosine(right, cosine)
    right.scatter(cosine, scores, s=3, alpha=0.4, linewidths=0)
    right.set(xlabel="cosine of the pair", ylabel="score of the network")
    return fig


def targets(cosine: ArrayLike, panels: Mapping[str, tuple[ArrayLike, ArrayLike]]) -> Figure:
    """Target scores of similar and of dissimilar pairs against their cosine, a panel for each rule."""
    fig, axes = plt.subplots(1, len(panels), figsize=(PAGE, 3.0), sharey=True, layout="constrained", squeeze=False)
    for ax, (title, (like, unlike)) in zip(axes[0], panels.items(), strict=True):
        _against_cosine(ax, cosine)
        ax.plot(cosine, like, color=RIGHT, label="similar pair")
        ax.plot(cosine, unlike, color=WRONG, label="dissimilar pair")
        ax.set(title=title, xlabel="cosine of the pair")
    axes[0, 0].set(ylabel="target score")
    axes[0, 0].legend()
    return fig


def scores(panels: Mapping[str, QueryPairs]) -> Figure:
    """Scores against cosines, a dot per pair, a panel per similarity."""
    fig, axes = plt.subplots(1, len(panels), figsize=(PAGE, 3.2), sharey=True, layout="constrained", squeeze=False)
    for ax, (title, pairs) in zip(axes[0], panels.items(), strict=True):
        for part, colour, label in ((~pairs.match, WRONG, "different"), (pairs.match, RIGHT, "same")):
            ax.scatter(pairs.cosine[part], pairs.score[part], s=4, alpha=0.4, color=colour, label=label)
        _against_cosine(ax, pairs.cosine)
        ax.set(title=title, xlabel="cosine of the pair")
    axes[0, 0].set(ylabel="score of the network")
    axes[0, 0].legend(markerscale=3)
    return fig


def map_by_feature(figure_3_4: pd.DataFrame) -> Figure:
    """Fig 3.4: a group of bars per feature, a bar per similarity."""
    fig, ax = plt.subplots(figsize=(PAGE, 3.0))
    long = figure_3_4.rename_axis("feature").reset_index().melt("feature", var_name="similarity", value_name="mAP")
    sns.barplot(long, x="feature", y="mAP", hue="similarity", ax=ax)
    ax.set(xlabel="feature", ylabel="mAP", ylim=(0, 1))
    ax.legend(title="", ncols=3, loc="upper left")
    return fig


def map_by_targets(figure_3_5: pd.DataFrame) -> Figure:
    """Fig 3.5: mAP against the number of target images in training, one panel per evaluation set; cosine dashed."""
    fig, axes = plt.subplots(1, len(figure_3_5), figsize=(PAGE, 2.9), sharey=True, layout="constrained", squeeze=False)
    for ax, (name, row) in zip(axes[0], figure_3_5.iterrows(), strict=False):
        learned = row.drop("Cosine").dropna()
        ax.axhline(row["Cosine"], color="0.4", linestyle="--", label="Cosine")
        ax.plot([float(n) for n in learned.index], learned.to_numpy(), marker="o", label="SimNet*")
        ax.set(title=plain(name), xlabel="target images in training")
    axes[0, 0].set(ylabel="mAP")
    axes[0, 0].legend()
    return fig


def _against_cosine(ax: plt.Axes, cosine: ArrayLike) -> None:
    """Draw the diagonal, where the score is the cosine."""
    ends = [np.asarray(cosine).min(), np.asarray(cosine).max()]
    ax.plot(ends, ends, color="0.4", linestyle="--", linewidth=1, zorder=3)
