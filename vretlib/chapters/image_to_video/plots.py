"""The figures of notebook 04, drawn from the collection in use. Every function returns a figure."""

from collections.abc import Mapping, Sequence
from itertools import chain, islice

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from vretlib import images
from vretlib.chapters.image_to_video.inputs import LabelledShot, cuts, lasting
from vretlib.chapters.image_to_video.methods import VERDICTS, Thresholds
from vretlib.datasets import query_list
from vretlib.datasets.film_files import Movie
from vretlib.datasets.movies import MovieCollection
from vretlib.errors import NoExampleError
from vretlib.evaluation import visual_match
from vretlib.plots import film_diagrams, pairs, sheets
from vretlib.plots.axes import RIGHT, WRONG, beside
from vretlib.report.figures import PAGE, plain
from vretlib.video import describe, frames
from vretlib.video.frame_matcher import PAIR, VisualMatcher


def one_frame_per_shot(movie: Movie, shots: Sequence[LabelledShot], n: int = 8) -> Figure:
    """The first ``n`` shots of a film that last at least half a second, by their middle frames, with their set-ups."""
    own = list(islice(lasting(movie, shots), n))
    if not own:
        raise NoExampleError(f"no shot of {movie.name} lasts half a second")
    middle = [(shot.start + shot.stop) // 2 for shot in own]
    pictures = frames.read(movie.path, middle, colour="rgb")
    captions = [f"frame {k}\nset-up {shot.setup}" for k, shot in zip(middle, own, strict=True)]
    return sheets.grid([pictures[k] for k in middle], captions, columns=4)


def around_a_cut(movie: Movie, shots: Sequence[LabelledShot], n: int = 8) -> Figure:
    """Consecutive frames around the first hard cut between two shots of at least half a second."""
    if not (found := cuts(movie, shots)):
        raise NoExampleError(f"{movie.name} has no hard cut between two shots of half a second")
    last = max(shot.stop for shot in shots if shot.movie == movie.name)
    numbers = list(range(max(0, found[0] - n // 2), min(found[0] - n // 2 + n, last)))
    pictures = frames.read(movie.path, numbers, colour="rgb")
    captions = [f"frame {k}" for k in numbers]
    return sheets.film_strip([pictures[k] for k in numbers], captions, [k == found[0] for k in numbers], columns=4)


def aggregations(movie: Movie, shot: LabelledShot, n: int = 24) -> Figure:
    """The four types of aggregation of Fig 4.1, from the features of the first ``n`` frames of a shot.

    The global feature of a frame is the mean brightness of each column of a thumbnail.
    """
    tracked = list(describe.track(movie.path, start=shot.start, stop=min(shot.stop, shot.start + n)))
    frame = np.repeat(np.arange(len(tracked)), [len(one.tracks) for one in tracked])
    if not len(frame):
        raise NoExampleError(f"the frames of {movie.name} from {shot.start} on have no feature")
    x = np.concatenate([one.features.xy[:, 0] for one in tracked])
    track = np.concatenate([one.tracks for one in tracked])
    vectors = np.stack([one.thumbnail.mean(axis=0) for one in tracked])
    return film_diagrams.aggregation_types(pd.DataFrame({"frame": frame, "x": x, "track": track}), vectors)


def photographs(collection: MovieCollection, n_levels: int = 6) -> Figure:
    """Two photographs of each of the first levels, each at the right of the frame that it shows (Fig 4.2).

    They are of different films where there are several.
    """
    rows = []
    for level in query_list.levels(query.level for query in collection.queries)[:n_levels]:
        of_level = [query for query in collection.queries if query.level == level]
        chosen = [of_level[k] for k in sorted({len(of_level) // 12, 7 * len(of_level) // 12})]
        row = [(collection.frame(query.movie, query.frame), images.read(query.image)) for query in chosen]
        rows.append((level or "query", [*chain(*row)]))
    return sheets.contact_sheet(rows, ["true frame", "photograph"] * 2)


def matches(collection: MovieCollection, matcher: VisualMatcher, pair: Sequence[str | int], width: int = 480) -> Figure:
    """A pair of frames (values of `PAIR`) with the features of the retrieved one that match, as eq 4.5 counts them."""
    retrieved, truth, distances, nearest = matcher.matched_pair(pair)
    matched = np.where(distances < matcher.max_distance, nearest, -1)
    left, right = (frames.resize(image, width) for image in _frames(collection, pair))
    return pairs.matched_features(left, retrieved.xy, right, truth.xy, matched)


def rates(curves: Mapping[str, ArrayLike], thresholds: Thresholds) -> Figure:
    """Fig 4.4: both rates of `tables.figure_4_4` against τ, with the chosen τ."""
    tau, low, high = thresholds.choice.tau, thresholds.choice.low, thresholds.choice.high
    fig, ax = plt.subplots(figsize=(PAGE, 3.4), layout="constrained")
    for name, eq in (("TPR", "4.8"), ("FPR", "4.9")):
        ax.plot(curves["tau"], curves[name], label=f"{name} (eq {eq})")
    ax.axvspan(low, high, color="0.85", label=f"equally good: τ from {low:.2f} to {high:.2f}", zorder=0)
    ax.axvline(tau, color="0.3", linestyle="--", linewidth=1, label=f"chosen: τ = {tau:.2f}, the middle")
    ax.set(xlabel=f"threshold τ of the score, at distance {thresholds.max_distance:g}", ylabel="share of the pairs")
    ax.set(xlim=(0, 1), ylim=(-0.02, 1.02))
    fig.legend(loc="outside lower center", ncols=2, fontsize="small")  # the curves cross every place inside
    return fig


def scores_by_kind(thresholds: Thresholds) -> Figure:
    """The scores of the pairs by kind, with the chosen τ."""
    by_kind = thresholds.scored.groupby("kind", sort=False)["score"]
    kinds = {str(kind): scores.to_numpy(float) for kind, scores in by_kind}
    fig, ax = plt.subplots(figsize=(PAGE, 0.45 * len(kinds) + 1.0))
    for row, scores in enumerate(kinds.values()):
        # Spread within the row by rank, so that equal scores do not hide one another and nothing is random.
        spread = 0.6 * ((np.argsort(np.argsort(scores, kind="stable"), kind="stable") * 0.618) % 1 - 0.5)
        ax.plot(scores, row + spread, ".", markersize=3, alpha=0.6)
    ax.axvline(thresholds.choice.tau, color="0.3", linestyle="--", linewidth=1)
    ax.set(xlabel="visual similarity score s (eq 4.5)", xlim=(-0.02, 1.02), ylim=(len(kinds) - 0.5, -0.5))
    ax.set_yticks(range(len(kinds)), [f"{plain(kind)}\n({len(scores)} pairs)" for kind, scores in kinds.items()])
    ax.grid(False, axis="y")
    return fig


def examples(collection: MovieCollection, thresholds: Thresholds) -> Figure:
    """Pairs with scores and verdicts as in Fig 4.5, the true frame at the left of the retrieved one.

    The hardest pair and a typical one of every kind are shown. The hardest has the lowest score if the frames are the
    same, the highest if they are not.
    """
    shown, captions, colours = [], [], []
    for kind, group in thresholds.scored.groupby("kind", sort=False):
        ordered = group.sort_values("score", ascending=bool(group["same"].iloc[0]), kind="stable")
        for row in ordered.iloc[[0, len(ordered) // 2]].to_dict("records"):  # of one pair twice the same
            matched = bool(visual_match.visual_match(row["score"], thresholds.choice.tau))
            retrieved, truth = _frames(collection, [row[name] for name in PAIR])
            shown.append(beside(truth, retrieved))
            correct = matched == row["same"]
            colours.append(RIGHT if correct else WRONG)
            verdict = ("match" if matched else "no match") + ("" if correct else ", WRONG")
            captions.append(f"{kind}, s = {row['score']:.2f}: {verdict}")
    return sheets.grid(shown, captions, columns=2, colours=colours)


def scores_over_time(scored: pd.DataFrame, thresholds: Thresholds) -> Figure:
    """The ``score`` of two frames of one shot against the ``seconds`` between them, with the chosen τ."""
    tau = thresholds.choice.tau
    fig, ax = plt.subplots(figsize=(PAGE, 3.0))
    ax.plot(scored["seconds"], scored["score"], ".", markersize=4, alpha=0.7)
    ax.axhline(tau, color="0.3", linestyle="--", linewidth=1, label=f"τ = {tau:.3f}")
    ax.set(xlabel="time between the two frames (seconds)", ylabel="score s (eq 4.5)", ylim=(-0.02, 1.02))
    ax.legend(loc="upper right")
    return fig


def outlines(
    collection: MovieCollection, found: NDArray[np.float32], judged: pd.DataFrame, n_levels: int = 6
) -> Figure:
    """One photograph of each of the first levels (row) and each verdict (column), with the true and found outline."""
    verdicts = [verdict for verdict in VERDICTS if (judged["verdict"] == verdict).any()]
    shown: list[sheets.Outlined | None] = []
    for level in query_list.levels(judged["level"])[:n_levels]:
        for verdict in verdicts:
            same = judged.loc[(judged["level"] == level) & (judged["verdict"] == verdict), "query"].to_list()
            if not same:
                shown.append(None)
                continue
            k = same[len(same) // 2]
            query, corners = collection.queries[k], None if verdict == "none" else found[k]
            caption = f"{level}: {verdict}" if level else verdict
            shown.append((images.read(query.image), query.corners, corners, caption))
    return sheets.outlines(shown, columns=len(verdicts))


def _frames(collection: MovieCollection, pair: Sequence[str | int]) -> tuple[images.Pixels, images.Pixels]:
    """The retrieved and the true frame of a pair of films and numbers in the order of `PAIR`."""
    return collection.frame(str(pair[0]), int(pair[1])), collection.frame(str(pair[2]), int(pair[3]))
