"""PCA-whitening as R-MAC uses it (thesis §2.1.3): rotate to uncorrelated axes, scale each to variance 1.

Learn it on images that no evaluation uses: Tolias' code learns on Oxford for Paris and the other way round, the thesis
on Paris6k for everything. Vectors it was learnt on look more alike afterwards than new ones would.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import safetensors.numpy
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from torch import Tensor

from vretlib.errors import UserError
from vretlib.features import pooling
from vretlib.features.pooling import Vectors

Float64 = NDArray[np.float64]

_BLOCK = 1 << 14  # rows taken to double precision together


@dataclass(frozen=True, eq=False)
class Whitening:
    """x → diag(eigenvalues)^-1/2 · eigenvectors · (x - mean), all float64.

    Attributes
    ----------
    mean: (d,) of the vectors it was learnt on.
    eigenvalues: (d,) of their covariance, descending, all above zero.
    eigenvectors: (d, d), one per row. The component of largest magnitude is positive (the first of several), which
        fixes the sign that the decomposition leaves open.
    n: number of those vectors.
    source: what they were, in words.
    """

    mean: Float64
    eigenvalues: Float64
    eigenvectors: Float64
    n: int
    source: str

    @property
    def condition(self) -> float:
        """The largest eigenvalue over the smallest: how much more weak directions are amplified than strong ones."""
        return float(self.eigenvalues[0] / self.eigenvalues[-1])

    @property
    def statistics(self) -> dict[str, str | int | float]:
        """What a reader should know of it, as one row of a table."""
        return {
            "source": self.source,
            "vectors": self.n,
            "d": len(self.mean),
            "largest eigenvalue": float(self.eigenvalues[0]),
            "smallest eigenvalue": float(self.eigenvalues[-1]),
            "condition": self.condition,
        }

    @cached_property
    def projection(self) -> Float64:
        """diag(eigenvalues)^-1/2 · eigenvectors, (d, d)."""
        return self.eigenvectors / np.sqrt(self.eigenvalues)[:, None]

    def apply(self, x: Vectors, l2: bool = True) -> Vectors:
        """Whitened vectors (..., d) of the type, precision and device of ``x``, l2-normalised unless ``l2`` is False.

        A zero vector is a vector like any other: it becomes minus the whitened mean.
        """
        if x.shape[-1] != len(self.mean):
            raise UserError(
                f"vectors of {x.shape[-1]} numbers; this whitening was learnt on {len(self.mean)} ({self.source}). "
                "Learn one on vectors of the same network and layer."
            )
        if isinstance(x, Tensor):
            mean, projection = (torch.from_numpy(a).to(x) for a in (self.mean, self.projection))
        else:
            mean, projection = (a.astype(x.dtype) for a in (self.mean, self.projection))
        white = (x - mean) @ projection.T
        return pooling.l2(white) if l2 else white

    def save(self, path: str | Path) -> None:
        """Write a safetensors file, which :func:`load` reads; whole, or not there."""
        path = Path(path)
        arrays = {name: np.ascontiguousarray(getattr(self, name)) for name in _ARRAYS}
        partial = path.with_name(path.name + ".partial")
        safetensors.numpy.save_file(arrays, partial, {"n": str(self.n), "source": self.source})
        os.replace(partial, path)


_ARRAYS = ("mean", "eigenvalues", "eigenvectors")


def load(path: str | Path) -> Whitening:
    """The whitening that :meth:`Whitening.save` wrote; a `UserError` for any other file."""
    try:
        with safe_open(path, framework="numpy") as file:
            metadata = file.metadata() or {}
            mean, eigenvalues, eigenvectors = (file.get_tensor(name) for name in _ARRAYS)
        d = len(mean)
        if (mean.shape, eigenvalues.shape, eigenvectors.shape) != ((d,), (d,), (d, d)) or not (eigenvalues > 0).all():
            raise ValueError(f"shapes {mean.shape}, {eigenvalues.shape}, {eigenvectors.shape}, or an eigenvalue ≤ 0")
        return Whitening(mean, eigenvalues, eigenvectors, int(metadata["n"]), metadata["source"])
    except (OSError, SafetensorError, KeyError, ValueError) as error:
        raise UserError(f"{path}: not a whitening ({error}); expected a file that Whitening.save wrote") from error


class Moments:
    """Count, mean and covariance of vectors that come block by block, in double precision.

    Blocks are merged by the formula of Chan, Golub and LeVeque (1979), which, unlike sums of squares, loses no digits
    when the mean is large.
    """

    def __init__(self, d: int) -> None:
        self.n = 0
        self.mean: Float64 = np.zeros(d)
        self._scatter: Float64 = np.zeros((d, d))

    def add(self, x: NDArray[np.floating]) -> None:
        """Count the rows of ``x`` (n, d) in."""
        if x.ndim != 2 or x.shape[1] != len(self.mean):
            raise UserError(f"vectors of shape {x.shape}; expected (n, {len(self.mean)})")
        for start in range(0, len(x), _BLOCK):
            self._add(np.array(x[start : start + _BLOCK], np.float64))

    def _add(self, block: Float64) -> None:
        n, mean = len(block), block.mean(0)
        block -= mean
        difference = mean - self.mean
        self._scatter += block.T @ block + np.outer(difference, difference) * (self.n * n / (self.n + n))
        self.n += n
        self.mean = self.mean + difference * (n / self.n)

    @property
    def covariance(self) -> Float64:
        """(d, d), divided by n and not by n - 1, as in Tolias' and Radenović's code."""
        return self._scatter / max(1, self.n)


def learn(x: NDArray[np.floating] | Iterable[NDArray[np.floating]], source: str, *, floor: float = 0.0) -> Whitening:
    """Whitening under which the vectors ``x`` have mean 0 and the identity as (biased) covariance.

    Parameters
    ----------
    x: (n, d), or blocks of such rows one after another. For R-MAC, the l2-normalised region vectors of
        other images; for MAC, their MAC vectors.
    source: what they are, in words, for tables and messages.
    floor: eigenvalues below this share of the largest are raised to it, so that directions in which ``x`` hardly
        varies are not blown up to noise. A filter that never responds has eigenvalue 0 and stays 0 under any floor.
        With the default, as in the authors' code, nothing is raised, and an eigenvalue that is zero up to rounding
        is an error.

    Raises
    ------
    UserError: no vectors, one with NaN or infinity, or an eigenvalue of zero: ``n`` ≤ d vectors, or some of their
        coordinates are constant or depend on the others.
    """
    moments: Moments | None = None
    for block in [x] if isinstance(x, np.ndarray) else x:
        moments = moments or Moments(block.shape[-1])
        moments.add(block)
    if moments is None or not moments.n:
        raise UserError(f"{source}: no vectors; a whitening needs more than it has dimensions")
    covariance = moments.covariance
    if not np.isfinite(covariance).all():
        raise UserError(f"{source}: a vector has NaN or infinity; a whitening needs finite numbers")
    values, vectors = np.linalg.eigh(covariance)
    values, vectors = values[::-1], vectors.T[::-1]
    d, largest = len(values), float(values[0])
    least = max(floor, d * np.finfo(np.float64).eps) * largest
    rank = int((values > least).sum())
    if largest <= 0 or (rank < d and floor <= 0):
        raise UserError(
            f"{source}: {moments.n} vectors vary in {rank if largest > 0 else 0} of their {d} dimensions; a whitening "
            "divides by the variance in each. Learn on more vectors, or pass floor=1e-6 to leave the others small."
        )
    signs = np.sign(vectors[np.arange(d), np.abs(vectors).argmax(1)])
    return Whitening(moments.mean, np.maximum(values, least), vectors * signs[:, None], moments.n, source)
