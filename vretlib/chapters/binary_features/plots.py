"""The stages of chapter 5 in pictures. Every function returns a figure."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from vretlib.chapters.binary_features import inputs
from vretlib.chapters.binary_features.inputs import FrameFeatures, followed_by
from vretlib.datasets.film_files import Movie
from vretlib.described.film_photographs import Photograph
from vretlib.errors import NoExampleError
from vretlib.plots import curves, kd_tree, pairs, sheets
from vretlib.plots import tracks as track_plots
from vretlib.report import Table
from vretlib.report.figures import PAGE, plain
from vretlib.video import film_search
from vretlib.video.archive import Archive
from vretlib.video.described_film import DescribedFilm
from vretlib.video.film_indexes import FilmMethod
from vretlib.video.track_examples import Track


def keypoints(frame: FrameFeatures) -> Figure:
    """A frame with the positions of its features."""
    fig, ax = plt.subplots(figsize=(PAGE, PAGE * frame.luma.shape[0] / frame.luma.shape[1] + 0.5))
    ax.imshow(frame.luma, cmap="gray", vmin=0, vmax=255)
    ax.scatter(*frame.xy.T, s=14, facecolors="none", edgecolors="C1", linewidths=0.8)
    ax.set(xlabel="x (pixels)", ylabel="y (pixels)", title=f"{len(frame.xy)} features")
    return fig


def consecutive(first: FrameFeatures, second: FrameFeatures) -> Figure:
    """Two consecutive frames, with lines between features of one track."""
    return pairs.matched_features(first.luma, first.xy, second.luma, second.xy, followed_by(first, second))


def track_bits(track: Track) -> Figure:
    """The bits of one track, a row per frame; below them the share of ones, and the key feature."""
    return track_plots.bits(track.codes, track.key_code)


def false_boundaries(movies: Sequence[Movie], described: Sequence[DescribedFilm]) -> Figure:
    """Some frames at which shots begin that do not, with the number of their features."""
    return sheets.grid(*inputs.false_boundaries(movies, described), columns=4)


def votes(number: int, method: FilmMethod, photographs: Sequence[Photograph], backtracks: int) -> Figure:
    """The votes of one of some photographs for the shots, film by film, with the shot that it shows marked."""
    archive, photograph = method.archive, photographs[number]
    xq = photograph.described_as(archive.features)
    counts = film_search.shot_votes(method, xq, backtracks=backtracks)
    shown = archive.shot_at(photograph.query.movie, photograph.query.frame)  # -1 where the rule for shots left it out
    fig, ax = plt.subplots(figsize=(PAGE, 2.8), layout="constrained")
    ax.bar(np.arange(len(counts)), counts, width=1.0)
    for start in archive.first_shot[1:-1]:
        ax.axvline(start - 0.5, color="0.6", linewidth=0.6, linestyle=":")
    ax.set(xlabel="shot (dotted: next film)", ylabel="votes", xlim=(-1, len(counts)))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    if shown >= 0:
        ax.bar([shown], [counts[shown]], width=1.0, color="C1", label="shot that was photographed")
        fig.legend(loc="outside lower center")  # the dotted lines cross the whole height of the axes
    return fig


def small_tree(archive: Archive, photographs: Sequence[Photograph], n: int = 48) -> Figure:
    """A tree over some key features of all films, with the way of the first feature of a photograph through it."""
    step = max(1, len(archive.key_codes) // n)
    codes = archive.key_codes[::step][:n]
    features = [photo.orb_brief.descriptors for photo in photographs if len(photo.orb_brief.descriptors)]
    if len(codes) < 8 or not features:
        raise NoExampleError("there are too few key features, or no photograph has a feature")
    return kd_tree.search_path(codes, features[0][0])


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
