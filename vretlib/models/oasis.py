"""OASIS: a bilinear similarity learned online from triplets (Chechik et al., 2010; thesis eqs 2.7-2.8)."""

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays
from vretlib.kernels import njit
from vretlib.models.pairs import random_triplets
from vretlib.models.simnet import as_descriptors, as_scores
from vretlib.progress import progress_bar

_AT_ONCE = 10_000  # triplets between two looks at the progress bar


class Oasis:
    """Similarity x·M y, where M starts as the identity.

    Each triplet (x, y, z), x and y of one class and z of another, asks for x·M y to exceed x·M z by 1. The new M is the
    one nearest to the old that satisfies this, as far as the trade-off allows (eq 2.8), which has a closed form: with
    loss l = max(0, 1 - x·M y + x·M z) and V = x (y - z)ᵀ,

        M <- M + min(C, l / ‖V‖²) V.

    Nothing keeps M symmetric.

    Parameters
    ----------
    d: dimensions of a descriptor.
    c: C: how far one triplet may pull. 0.1 is the default of Chechik et al.; the thesis does not give its own.

    Attributes
    ----------
    M: (d, d) float64.
    """

    def __init__(self, d: int, c: float = 0.1) -> None:
        self.c = arrays.number(c, "c", above=0, what="else nothing is learned")
        self.M = np.eye(arrays.whole(d, "d", 1))

    def fit(
        self,
        descriptors: ArrayLike,
        labels: ArrayLike,
        *,
        n_triplets: int,
        generator: torch.Generator,
        progress: bool = True,
    ) -> NDArray[np.float64]:
        """The losses while learning from random triplets; another call goes on from where this one ends.

        Returns
        -------
        NDArray[np.float64]
            (n_triplets,) loss of each triplet before its update; 0 where there was nothing to learn.

        Raises
        ------
        UserError: descriptors of other dimensions or with NaN, labels that are not one for each descriptor, or fewer
            than two classes.
        """
        x = as_descriptors(descriptors, len(self.M)).double().numpy()
        labels = arrays.labels(labels, n=len(x))
        n_triplets = arrays.whole(n_triplets, "n_triplets", 0)
        triplets = [ids.numpy() for ids in random_triplets(labels, n_triplets, generator)]
        losses = np.empty(n_triplets)
        with progress_bar(total=n_triplets, desc="OASIS", unit="triplet", progress=progress) as bar:
            for start in range(0, n_triplets, _AT_ONCE):
                part = slice(start, min(start + _AT_ONCE, n_triplets))
                _learn(self.M, self.c, x, *(ids[part] for ids in triplets), losses[part])
                bar.set_postfix(loss=f"{losses[part].mean():.4f}", refresh=False)
                bar.update(part.stop - part.start)
        return losses

    def scores(self, xq: ArrayLike, xb: ArrayLike) -> NDArray[np.float32]:
        """Scores (nq, nb) of every query (nq, d) with every database descriptor (nb, d); a tensor where ``xq`` is."""
        queries, database = (as_descriptors(x, len(self.M)).double().numpy() for x in (xq, xb))
        with np.errstate(over="ignore", invalid="ignore"):
            return as_scores(xq, (queries @ self.M @ database.T).astype(np.float32))


@njit(cache=True, nogil=True)
def _learn(M, c, x, i, j, k, losses):  # type: ignore[no-untyped-def]
    """One update of M per triplet of rows of ``x``.

    The long loops add multiples of rows to rows, never along a row, so the compiler may vectorise them without changing
    the order of any sum: the result is the same on every machine.
    """
    d = M.shape[0]
    of_query, difference = np.empty(d), np.empty(d)
    for t in range(i.size):
        query = x[i[t]]
        of_query[:] = 0.0
        for a in range(d):
            for b in range(d):
                of_query[b] += query[a] * M[a, b]
        above = size_query = size_difference = 0.0
        for b in range(d):
            difference[b] = x[j[t], b] - x[k[t], b]
            above += of_query[b] * difference[b]
            size_query += query[b] * query[b]
            size_difference += difference[b] * difference[b]
        losses[t] = max(0.0, 1.0 - above)
        size = size_query * size_difference
        if losses[t] > 0.0 and size > 0.0:  # a size of 0: no M can tell y from z, or x from nothing
            tau = min(c, losses[t] / size)
            for a in range(d):
                step = tau * query[a]
                for b in range(d):
                    M[a, b] += step * difference[b]
