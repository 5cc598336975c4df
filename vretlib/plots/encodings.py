"""Encodings of a few images side by side: bags of words as bars, VLAD as one row of colours per centre."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from vretlib.features import encoding
from vretlib.features.encoded_sets import LocalEncoders
from vretlib.features.local import LocalFeatures
from vretlib.report.figures import PAGE


def bags_of_words(names: Iterable[str], features: Sequence[LocalFeatures], encoders: LocalEncoders) -> Figure:
    """Visual words of a few images, as bars; the words most frequent in the first image come first in all of them.

    A title gives the number of features and the cosine of the histogram with the first.
    """
    assigned = [encoders.words.assign(found.descriptors) for found in features]
    bags = [np.bincount(words, minlength=len(encoders.words)).astype(np.float64) for words in assigned]
    fig, axes = plt.subplots(len(bags), 1, figsize=(PAGE, 0.85 * len(bags) + 0.5), sharex=True, squeeze=False)
    order = np.argsort(-bags[0], kind="stable")
    for k, (ax, name, bag) in enumerate(zip(axes[:, 0], names, bags, strict=True)):
        ax.bar(np.arange(len(bag)), bag[order], width=1.0, color=f"C{k}")
        ax.set_title(f"{name}: {int(bag.sum())} features{_cosine(bags[0], bag)}", fontsize=8)
        ax.set_xlim(-1, len(bag))
        ax.grid(False)
    axes[-1, 0].set_xlabel("visual word, in the order of the first image")
    return fig


def vlads(names: Iterable[str], features: Sequence[LocalFeatures], encoders: LocalEncoders) -> Figure:
    """VLAD of a few images side by side, each of norm 1: what each centre (row) has collected.

    A title gives the cosine with the first.
    """
    sums = [encoding.vlad(encoders.reduced(found), encoders.centres, normalisation="none") for found in features]
    unit = [np.asarray(v, np.float64).reshape(len(encoders.centres), -1) / (np.linalg.norm(v) or 1) for v in sums]
    top = max(float(np.abs(v).max()) for v in unit)
    fig, axes = plt.subplots(1, len(unit), figsize=(PAGE, 1.9), sharey=True, squeeze=False)
    for ax, name, values in zip(axes[0], names, unit, strict=True):
        ax.imshow(values, aspect="auto", cmap="RdBu_r", vmin=-top, vmax=top)
        ax.set(xlabel="component of reduced SIFT")
        ax.set_title(f"{name}{_cosine(unit[0], values)}", fontsize=8)
    axes[0, 0].set_ylabel("centre")
    return fig


def _cosine(first: NDArray[np.float64], other: NDArray[np.float64]) -> str:
    """The cosine of an encoding with the first one, for a title; nothing for the first itself."""
    norms = np.linalg.norm(first) * np.linalg.norm(other)
    return "" if other is first else f", cosine {(first * other).sum() / (norms or 1):.2f}"
