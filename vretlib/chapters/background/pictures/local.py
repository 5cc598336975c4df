"""Pictures of local features: patches, how unique they are, features on an image, words, encodings."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import cv2
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from vretlib.chapters.background.example import Example, Words
from vretlib.chapters.background.local import Corners, grey, partners, shown
from vretlib.chapters.background.pictures import show
from vretlib.errors import NoExampleError
from vretlib.features.local import LocalFeatures
from vretlib.report.figures import PAGE

Image = NDArray[np.uint8]


def three_patches(corners: Corners) -> Figure:
    """An image, three patches of it (Fig 2.1), and how each differs from itself when it is moved."""
    fig = plt.figure(figsize=(PAGE, 2.9), layout="constrained")
    grid = fig.add_gridspec(2, 5)
    whole = fig.add_subplot(grid[:, :3])
    show.plain(whole, corners.luma)
    surfaces = {name: corners.surface(name) for name in corners.places}
    top = max(s.max() for s in surfaces.values())
    for name, colour in zip(corners.places, ("C2", "C5", "C1"), strict=True):
        (x, y), r = corners.places[name], corners.side // 2
        show.box(whole, x - r, y - r, x + r, y + r, colour, 2)
    inner = grid[:, 3:].subgridspec(3, 2)
    for row, (name, colour) in enumerate(zip(corners.places, ("C2", "C5", "C1"), strict=True)):
        patch, surface = fig.add_subplot(inner[row, 0]), fig.add_subplot(inner[row, 1])
        show.plain(patch, corners.patch(name))
        patch.set_ylabel(name, fontsize=8, color=colour)
        reach = surfaces[name].shape[0] // 2
        surface.imshow(surfaces[name], vmin=0, vmax=top, extent=(-reach, reach, reach, -reach))
        surface.set(xticks=[], yticks=[])
        surface.spines[:].set_visible(False)
    fig.axes[1].set_title("patch", fontsize=8, loc="center")
    fig.axes[2].set_title("moved", fontsize=8, loc="center")
    return fig


def keypoints(luma: Image) -> Figure:
    """SIFT features with their size and direction, and the patches of the eight largest as SIFT sees them."""
    found = sorted(cv2.SIFT.create().detect(luma, None), key=lambda k: (-k.response, k.pt))
    if not found:
        raise NoExampleError("SIFT finds no feature in the image")
    fig = plt.figure(figsize=(PAGE, 3.0), layout="constrained")
    grid = fig.add_gridspec(4, 8)
    whole = fig.add_subplot(grid[:, :5])
    show.plain(whole, luma)
    for k in found:
        turn = np.deg2rad(k.angle)
        whole.add_patch(plt.Circle(k.pt, k.size / 2, fill=False, color="C5", linewidth=0.6))
        tip = (k.pt[0] + k.size / 2 * np.cos(turn), k.pt[1] + k.size / 2 * np.sin(turn))
        whole.plot(*zip(k.pt, tip, strict=True), color="C5", linewidth=0.6)
    inner = grid[:, 5:].subgridspec(4, 3)
    for k, place in zip(found, np.ndindex(4, 3), strict=False):
        show.plain(fig.add_subplot(inner[place]), upright(luma, k))
    return fig


def upright(luma: Image, spot: cv2.KeyPoint, side: int = 24) -> Image:
    """The patch that SIFT describes: six times as wide as the feature, turned until its direction is to the right."""
    scale = side / (6 * spot.size / 2)
    turn = cv2.getRotationMatrix2D(spot.pt, spot.angle, scale)
    turn[:, 2] += side / 2 - np.array(spot.pt)
    return np.asarray(cv2.warpAffine(luma, turn, (side, side), borderMode=cv2.BORDER_REPLICATE), np.uint8)


def matched(example: Example, found: Sequence[LocalFeatures]) -> Figure:
    """The query beside each of the other images, with a line for every match that passes the ratio test."""
    (query, *others), (features, *of) = example.images.values(), found
    pairs = [(image, theirs, partners(features, theirs)) for image, theirs in zip(others, of, strict=True)]
    height = max(max(len(image), len(query)) / (image.shape[1] + query.shape[1]) for image in others)
    fig, axes = show.grid(1, len(pairs), height)
    for ax, (image, theirs, partner) in zip(axes[0], pairs, strict=True):
        both = np.full((max(len(query), len(image)), query.shape[1] + 6 + image.shape[1], 3), 255, np.uint8)
        both[: len(query), : query.shape[1]] = query
        both[: len(image), -image.shape[1] :] = image
        hits = np.flatnonzero(partner >= 0)
        show.plain(ax, both, f"{len(hits)} of {len(partner)} features have a match")
        start = features.xy[hits]
        end = theirs.xy[partner[hits]] + np.array([query.shape[1] + 6, 0], np.float32)
        ax.plot(*np.stack([start, end], axis=1).transpose(2, 1, 0), color="C5", linewidth=0.7)
        ax.plot(*np.concatenate([start, end]).T, "o", markersize=2, color="C5")
    return fig


def words(paths: Sequence[Path], longest: int, told: Words, per_word: int = 12) -> Figure:
    """Patches of the same visual word, a row per chosen word, each from another image, spread over the collection.

    ``paths`` are the images of the features. Patches are turned upright and stretched to full contrast, since SIFT
    sees neither their direction nor their brightness.
    """
    features, word_of, chosen = told.features, told.of_feature, told.chosen
    fig, axes = show.grid(len(chosen), per_word, 1.0, title=0.03)
    image_of = features.image
    for line, word in zip(axes, chosen, strict=True):
        rows = np.flatnonzero(word_of == word)
        rows = rows[np.unique(image_of[rows], return_index=True)[1]]
        rows = rows[np.linspace(0, len(rows) - 1, min(per_word, len(rows))).round().astype(int)]
        for ax, row in zip(line, rows, strict=False):
            luma = grey(shown(paths[image_of[row]], longest))
            spot = cv2.SIFT.create().detect(luma, None)[row - features.offsets[image_of[row]]]
            show.plain(ax, cv2.normalize(upright(luma, spot), None, 0, 255, cv2.NORM_MINMAX))
        line[0].set_ylabel(f"word {word}", fontsize=7)
    return fig


def shared_words(example: Example, features: Sequence[LocalFeatures], told: Words) -> Figure:
    """Images with the features of a few chosen words, a colour and a sign per word; all others are faint dots."""
    captions, images = list(example.images), list(example.images.values())
    word_of, chosen = [told.vocabulary.assign(found.descriptors) for found in features], told.chosen
    fig, axes = show.grid(1, len(images), max(len(image) / image.shape[1] for image in images))
    for ax, caption, image, found, of in zip(axes[0], captions, images, features, word_of, strict=True):
        show.plain(ax, image, caption)
        ax.plot(*found.xy.T, ".", color="w", markersize=1.5, alpha=0.6)
        for k, word in enumerate(chosen):
            ax.plot(*found.xy[of == word].T, "osD^vP"[k % 6], color=f"C{k}", markersize=5, mec="w", mew=0.6)
    return fig


def histograms(counts: Mapping[str, ArrayLike]) -> Figure:
    """Visual words of a few images, as bars; the words most frequent in the first image come first in all of them.

    A title says how many features there are, and the cosine of the histogram with the first.
    """
    fig, axes = plt.subplots(len(counts), 1, figsize=(PAGE, 0.85 * len(counts) + 0.5), sharex=True, squeeze=False)
    bags = [np.asarray(values, np.float64) for values in counts.values()]
    order = np.argsort(-bags[0], kind="stable")
    for k, (ax, name, bag) in enumerate(zip(axes[:, 0], counts, bags, strict=True)):
        ax.bar(np.arange(len(bag)), bag[order], width=1.0, color=f"C{k}")
        ax.set_title(f"{name}: {int(bag.sum())} features{_alike(bags[0], bag)}", fontsize=8)
        ax.set_xlim(-1, len(bag))
        ax.grid(False)
    axes[-1, 0].set_xlabel("visual word, in the order of the first image")
    return fig


def _alike(first: NDArray[np.float64], other: NDArray[np.float64]) -> str:
    """The cosine of an encoding with the first one, to be put in a title; nothing for the first itself."""
    norms = np.linalg.norm(first) * np.linalg.norm(other)
    return "" if other is first else f", cosine {(first * other).sum() / (norms or 1):.2f}"


def encoded(vectors: Mapping[str, ArrayLike], rows: str) -> Figure:
    """Encodings (centres, d) of a few images, side by side and each of norm 1: what every centre has collected.

    A title says the cosine with the first.
    """
    unit = [np.asarray(v, np.float64) / (np.linalg.norm(v) or 1) for v in vectors.values()]
    top = max(float(np.abs(v).max()) for v in unit)
    fig, axes = plt.subplots(1, len(unit), figsize=(PAGE, 1.9), sharey=True, squeeze=False)
    for ax, name, values in zip(axes[0], vectors, unit, strict=True):
        ax.imshow(values, aspect="auto", cmap="RdBu_r", vmin=-top, vmax=top)
        ax.set(xlabel="component of reduced SIFT")
        ax.set_title(f"{name}{_alike(unit[0], values)}", fontsize=8)
    axes[0, 0].set_ylabel(rows)
    return fig
