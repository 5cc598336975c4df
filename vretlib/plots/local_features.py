"""Local features on images: unique patches, size and direction, matches, patches of visual words, where words occur."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import cv2
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from vretlib.errors import NoExampleError
from vretlib.features.encoded_sets import TypicalWords
from vretlib.features.image_features import read_view
from vretlib.features.local import LocalFeatures
from vretlib.features.local_sets import grey, match
from vretlib.features.patches import ExamplePlaces
from vretlib.images import Pixels
from vretlib.plots.axes import beside, box, image_grid, pixels
from vretlib.report.figures import PAGE

_GAP = 6  # pixels between two images side by side


def three_patches(luma: Pixels) -> Figure:
    """An image, three patches of it (thesis Fig 2.1), and how much each differs from itself when it is moved.

    Raises
    ------
    NoExampleError: the image has no corner far from its edges.
    """
    corners = ExamplePlaces(luma)
    fig = plt.figure(figsize=(PAGE, 2.9), layout="constrained")
    grid = fig.add_gridspec(2, 5)
    whole = fig.add_subplot(grid[:, :3])
    pixels(whole, corners.luma)
    surfaces = {name: corners.surface(name) for name in corners.places}
    top = max(s.max() for s in surfaces.values())
    for name, colour in zip(corners.places, ("C2", "C5", "C1"), strict=True):
        (x, y), r = corners.places[name], corners.side // 2
        box(whole, x - r, y - r, x + r, y + r, colour, 2)
    inner = grid[:, 3:].subgridspec(3, 2)
    for row, (name, colour) in enumerate(zip(corners.places, ("C2", "C5", "C1"), strict=True)):
        patch, surface = fig.add_subplot(inner[row, 0]), fig.add_subplot(inner[row, 1])
        pixels(patch, corners.patch(name))
        patch.set_ylabel(name, fontsize=8, color=colour)
        reach = surfaces[name].shape[0] // 2
        surface.imshow(surfaces[name], vmin=0, vmax=top, extent=(-reach, reach, reach, -reach))
        surface.set(xticks=[], yticks=[])
        surface.spines[:].set_visible(False)
    fig.axes[1].set_title("patch", fontsize=8, loc="center")
    fig.axes[2].set_title("moved", fontsize=8, loc="center")
    return fig


def sift_features(luma: Pixels) -> Figure:
    """SIFT features with their size and direction, and the patches of the twelve strongest as SIFT describes them.

    Raises
    ------
    NoExampleError: SIFT finds no feature.
    """
    found = sorted(cv2.SIFT.create().detect(luma, None), key=lambda k: (-k.response, k.pt))
    if not found:
        raise NoExampleError("SIFT finds no feature in the image")
    fig = plt.figure(figsize=(PAGE, 3.0), layout="constrained")
    grid = fig.add_gridspec(4, 8)
    whole = fig.add_subplot(grid[:, :5])
    pixels(whole, luma)
    for k in found:
        angle = np.deg2rad(k.angle)
        whole.add_patch(plt.Circle(k.pt, k.size / 2, fill=False, color="C5", linewidth=0.6))
        tip = (k.pt[0] + k.size / 2 * np.cos(angle), k.pt[1] + k.size / 2 * np.sin(angle))
        whole.plot(*zip(k.pt, tip, strict=True), color="C5", linewidth=0.6)
    inner = grid[:, 5:].subgridspec(4, 3)
    for k, place in zip(found, np.ndindex(4, 3), strict=False):
        pixels(fig.add_subplot(inner[place]), upright(luma, k))
    return fig


def upright(luma: Pixels, spot: cv2.KeyPoint, side: int = 24) -> Pixels:
    """The patch that SIFT describes: six times as wide as the feature, rotated until its direction is to the right."""
    scale = side / (6 * spot.size / 2)
    rotation = cv2.getRotationMatrix2D(spot.pt, spot.angle, scale)
    rotation[:, 2] += side / 2 - np.array(spot.pt)
    return np.asarray(cv2.warpAffine(luma, rotation, (side, side), borderMode=cv2.BORDER_REPLICATE), np.uint8)


def matches(images: Mapping[str, Pixels], features: Sequence[LocalFeatures]) -> Figure:
    """The first image beside each of the others, with a line for every match that passes the ratio test."""
    (query, *others), (ours, *of_others) = images.values(), features
    pairs = [(image, theirs, match(ours, theirs)) for image, theirs in zip(others, of_others, strict=True)]
    height = max(max(len(image), len(query)) / (image.shape[1] + query.shape[1]) for image in others)
    fig, axes = image_grid(1, len(pairs), height)
    for ax, (image, theirs, matched) in zip(axes[0], pairs, strict=True):
        hits = np.flatnonzero(matched >= 0)
        pixels(ax, beside(query, image, _GAP), f"{len(hits)} of {len(matched)} features have a match")
        start = ours.xy[hits]
        end = theirs.xy[matched[hits]] + np.array([query.shape[1] + _GAP, 0], np.float32)
        ax.plot(*np.stack([start, end], axis=1).transpose(2, 1, 0), color="C5", linewidth=0.7)
        ax.plot(*np.concatenate([start, end]).T, "o", markersize=2, color="C5")
    return fig


def words(paths: Sequence[Path], longest: int, typical: TypicalWords, per_word: int = 12) -> Figure:
    """Patches of the same visual word, one row per typical word, each from another image, spread over the collection.

    ``paths`` are the images of the features, described with a longer side of ``longest`` pixels. Patches are rotated
    upright and stretched to full contrast, since SIFT describes neither their direction nor their brightness.
    """
    features = typical.features
    fig, axes = image_grid(len(typical.chosen), per_word, 1.0, title=0.03)
    image_of = features.image
    for line, word in zip(axes, typical.chosen, strict=True):
        rows = np.flatnonzero(typical.of_feature == word)
        rows = rows[np.unique(image_of[rows], return_index=True)[1]]
        rows = rows[np.linspace(0, len(rows) - 1, min(per_word, len(rows))).round().astype(int)]
        for ax, row in zip(line, rows, strict=False):
            luma = grey(read_view(paths[image_of[row]], longest=longest))
            spot = cv2.SIFT.create().detect(luma, None)[row - features.offsets[image_of[row]]]
            pixels(ax, cv2.normalize(upright(luma, spot), None, 0, 255, cv2.NORM_MINMAX))
        line[0].set_ylabel(f"word {word}", fontsize=7)
    return fig


def where_words_occur(images: Mapping[str, Pixels], features: Sequence[LocalFeatures], typical: TypicalWords) -> Figure:
    """Images with the features of the typical words, a colour and a marker per word; others are faint dots.

    A corner with two orientations has two features in one place; markers are hollow and of several sizes, so that both
    show.
    """
    word_of = [typical.vocabulary.assign(found.descriptors) for found in features]
    fig, axes = image_grid(1, len(images), max(len(image) / image.shape[1] for image in images.values()))
    for ax, (caption, image), found, of in zip(axes[0], images.items(), features, word_of, strict=True):
        pixels(ax, image, caption)
        ax.plot(*found.xy.T, ".", color="w", markersize=1.5, alpha=0.6)
        for k, word in enumerate(typical.chosen):
            style = {"marker": "osD^vP"[k % 6], "color": f"C{k}", "ms": max(4, 13 - 2 * k), "mfc": "none", "mew": 2}
            ax.plot(*found.xy[of == word].T, linestyle="", label=f"word {word}", **style)
    fig.legend(handles=axes[0, 0].lines[1:], loc="outside lower center", ncols=len(typical.chosen), fontsize=8)
    return fig
