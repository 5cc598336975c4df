"""Sheets of images: strips, grids, contact sheets, photographs with outlines. Every function returns a figure."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from itertools import zip_longest

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Polygon
from numpy.typing import ArrayLike

from vretlib.images import Pixels
from vretlib.plots.axes import RIGHT, WRONG, framed, row_height, show, tight
from vretlib.report.figures import PAGE, plain

_LETTERS_AN_INCH = 16  # of the names of rows


def film_strip(
    images: Sequence[Pixels], captions: Sequence[str], new_shot: ArrayLike, *, columns: int | None = None
) -> Figure:
    """Frames side by side; a coloured bar stands before every frame that begins a new shot.

    ``columns`` is the number of frames in a row; None puts all into one.
    """
    columns = min(columns or len(images), len(images))
    n_rows = -(-len(images) // columns)
    lines = max(caption.count("\n") for caption in captions) + 1
    height = row_height(images, columns) + 0.12 + 0.13 * lines
    fig, axes = plt.subplots(n_rows, columns, figsize=(PAGE, n_rows * height), squeeze=False, layout="constrained")
    tight(fig)
    for ax in axes.flat:
        ax.set_axis_off()
    frames = zip(images, captions, np.asarray(new_shot, np.bool_), strict=True)
    for ax, (image, caption, new) in zip(axes.flat, frames, strict=False):
        show(ax, image, PAGE / columns)
        ax.set_title(caption, fontsize=7, loc="center")
        if new:
            ax.axvline(-0.5, color=WRONG, linewidth=4)
    return fig


def grid(
    images: Sequence[Pixels | None], captions: Sequence[str], columns: int = 6, colours: Sequence[str] = ()
) -> Figure:
    """Images row by row, at most ``columns`` in a row, each below its caption; None leaves a place empty.

    ``colours`` has the colour of each image's frame, ``""`` for no frame.
    """
    columns = min(columns, len(images))
    lines, width = -(-len(images) // columns), PAGE / columns
    height = row_height([image for image in images if image is not None], columns)
    height += 0.15 + 0.13 * max(caption.count("\n") + 1 for caption in captions)
    fig, axes = plt.subplots(lines, columns, figsize=(PAGE, lines * height), squeeze=False, layout="constrained")
    for ax in axes.flat:
        ax.set_axis_off()
    for ax, image, caption, colour in zip_longest(axes.flat, images, captions, colours[: len(images)]):
        if image is None:
            continue
        framed(ax, image, "\n".join(map(plain, caption.splitlines())), inches=width, frame=colour)
        ax.set_anchor("N")  # images of a row differ in height; their captions stay on one line
    return fig


def contact_sheet(rows: Sequence[tuple[str, Sequence[Pixels]]], headings: Sequence[str] = ()) -> Figure:
    """A grid of images: each row has a name, written at its left; ``headings`` go above the columns."""
    columns = max(len(images) for _, images in rows)
    heights = [row_height(images, columns) for _, images in rows]
    size = (PAGE, sum(heights) + 0.08 * len(rows) + 0.25)
    fig, axes = plt.subplots(
        len(rows), columns, figsize=size, height_ratios=heights, squeeze=False, layout="constrained"
    )
    tight(fig)
    for line, (name, images), height in zip(axes, rows, heights, strict=True):
        for ax in line:
            ax.set_axis_off()
        for ax, image in zip(line, images, strict=False):
            show(ax, image, PAGE / columns)
        fits = max(8, int(height * _LETTERS_AN_INCH))
        label = textwrap.fill(plain(name, 2 * fits), fits)
        line[0].text(
            -0.03,
            0.5,
            label,
            rotation=90,
            ha="right",
            va="center",
            ma="center",
            transform=line[0].transAxes,
            fontsize=8,
        )
    for ax, heading in zip(axes[0], headings, strict=False):
        ax.set_title(plain(heading), fontsize=8, loc="center")
    return fig


def in_a_row(named: Mapping[str, Pixels], note: str = "") -> Figure:
    """A few images of one height, with captions above and a line of text below all of them."""
    shapes = [image.shape[1] / image.shape[0] for image in named.values()]
    fig, axes = plt.subplots(
        1, len(named), figsize=(PAGE, PAGE / sum(shapes) + 0.25), width_ratios=shapes, squeeze=False
    )
    for ax, (caption, image), shape in zip(axes[0], named.items(), shapes, strict=True):
        framed(ax, image, caption, inches=PAGE * shape / sum(shapes))
    fig.supxlabel(note, fontsize=8)
    return fig


Outlined = tuple[Pixels, ArrayLike | None, ArrayLike | None, str]
"""A photograph, its true corners, the corners found, and a caption; either corners may be None."""


def outlines(photos: Sequence[Outlined | None], columns: int) -> Figure:
    """Photographs, row by row, with true outlines solid and found ones dashed; None leaves a place empty."""
    lines = -(-len(photos) // columns)
    shapes = [photo[0].shape for photo in photos if photo is not None]
    height = PAGE / columns * max((shape[0] / shape[1] for shape in shapes), default=0.75)
    size = (PAGE, lines * (height + 0.25))
    fig, axes = plt.subplots(lines, columns, figsize=size, squeeze=False, layout="constrained")
    for ax, photo in zip(axes.flat, [*photos, *[None] * (axes.size - len(photos))], strict=True):
        ax.set_axis_off()
        if photo is None:
            continue
        image, true, found, caption = photo
        shown = show(ax, image, PAGE / columns)
        for corners, colour, style in ((true, RIGHT, "-"), (found, WRONG, "--")):
            if corners is not None:
                ax.add_patch(
                    Polygon(np.asarray(corners) * shown, fill=False, color=colour, linestyle=style, linewidth=1)
                )
        ax.set_title(plain(caption), fontsize=8, loc="center")
    return fig
