"""The effect of whitening: the spectrum of the training vectors, and cosines of right and wrong pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from vretlib.report.figures import size


def whitening(eigenvalues: ArrayLike, pairs: Sequence[Mapping[str, ArrayLike]]) -> Figure:
    """The variances along the directions that whitening equalises, and cosines of pairs by kind, before and after.

    ``pairs`` are cosines by kind of pair, before and after whitening.
    """
    before, after = pairs
    fig, axes = plt.subplots(1, 3, figsize=size(1.0, 0.36))
    values = np.asarray(eigenvalues, np.float64)
    axes[0].semilogy(np.arange(1, len(values) + 1), values / values.sum())
    axes[0].set(title="training variance", xlabel="direction", ylabel="share of the variance")
    smallest = min(float(np.min(c)) for cosines in pairs for c in cosines.values())
    bins = np.arange(np.floor(40 * min(-0.3, smallest)), 41) / 40
    for ax, title, cosines in ((axes[1], "cosines before", before), (axes[2], "cosines after", after)):
        for k, (name, c) in enumerate(cosines.items()):
            ax.hist(np.asarray(c), bins, density=True, histtype="stepfilled", alpha=0.5, color=f"C{k}", label=name)
        ax.set(title=title, xlabel="cosine", yticks=[])
        ax.grid(False)
    axes[1].legend(loc="upper left")
    return fig
