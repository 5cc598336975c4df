"""PCA-whitening as R-MAC uses it (thesis §2.1.3): rotation to uncorrelated axes, each scaled to variance 1.

A whitening must be learned on images that no evaluation uses: Tolias' code learns on Oxford for Paris and the other way
round, the thesis on Paris6k for everything. The vectors that it was learned on would look more alike than new ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
import safetensors.numpy
import torch
from numpy.typing import ArrayLike, NDArray
from safetensors import SafetensorError, safe_open
from torch import Tensor

from vretlib import arrays, outputs, tensors
from vretlib.errors import UserError
from vretlib.features import unit_vectors
from vretlib.features.unit_vectors import TensorOrArray

F64 = NDArray[np.float64]

_BLOCK = 1 << 14  # rows taken to double precision together


@dataclass(frozen=True, eq=False)
class Whitening:
    """x → diag(eigenvalues)^-1/2 · eigenvectors · (x - mean), all float64.

    Eigenvectors are *rows*, so that the first k rows give the first k components of what is whitened. `numpy.linalg`
    and MATLAB have them as columns; `from_arrays` takes either.

    Attributes
    ----------
    mean: (d,) of the vectors it was learned on.
    eigenvalues: (k,) of their covariance, descending, all above zero; k = d unless only some are kept.
    eigenvectors: (k, d), one per row. The component of largest magnitude is positive (the first of several), which
        fixes the sign that the decomposition leaves open.
    n: number of those vectors.
    source: what they were, in words.
    """

    mean: F64
    eigenvalues: F64
    eigenvectors: F64
    n: int
    source: str

    def __post_init__(self) -> None:
        """Refuse matrices that do not fit one another, and keep copies: what is computed from them is kept too."""
        mean = arrays.vector(self.mean, "mean", at_least=1)
        values = arrays.vector(self.eigenvalues, "eigenvalues", at_least=1)
        vectors = arrays.matrix(
            self.eigenvectors, "eigenvectors", dtype=np.float64, n=len(values), d=len(mean), like="the mean"
        )
        if values.min() <= 0:
            raise UserError(f"eigenvalues hold {values.min():g}; expected numbers above 0, one for each eigenvector")
        for name, array in (("mean", mean), ("eigenvalues", values), ("eigenvectors", vectors)):
            object.__setattr__(self, name, array.copy())

    @property
    def condition(self) -> float:
        """The largest eigenvalue over the smallest: how much more weak directions are amplified than strong ones."""
        return float(self.eigenvalues.max() / self.eigenvalues.min())

    @cached_property
    def projection(self) -> F64:
        """diag(eigenvalues)^-1/2 · eigenvectors, (k, d)."""
        return self.eigenvectors / np.sqrt(self.eigenvalues)[:, None]

    def apply(self, x: TensorOrArray, l2: bool = True, *, dims: int | None = None) -> TensorOrArray:
        """Whitened vectors (..., dims) of the type, precision and device of ``x``; whole numbers become float32.

        A zero vector becomes minus the whitened mean.

        Parameters
        ----------
        x: (..., d), finite.
        l2: divide each vector by its norm, after those of its components that are kept.
        dims: number of components to keep, those of the largest eigenvalues; None keeps all k.

        Raises
        ------
        UserError: another d than that of the vectors it was learned on, NaN or infinity, or more components than it
            has.
        """
        x = self._floats(x)
        k = len(self.eigenvalues) if dims is None else arrays.whole(dims, "dims", 1, len(self.eigenvalues))
        if x.shape[-1] != len(self.mean):
            raise UserError(
                f"vectors of {x.shape[-1]} numbers; this whitening was learned on {len(self.mean)} ({self.source}). "
                "Learn one on vectors of the same network and layer."
            )
        if isinstance(x, Tensor):
            mean, projection = (torch.from_numpy(a).to(x) for a in (self.mean, self.projection[:k]))
        else:
            mean, projection = (a.astype(x.dtype) for a in (self.mean, self.projection[:k]))
        white = (x - mean) @ projection.T
        return unit_vectors.l2(white) if l2 else white

    def _floats(self, x: TensorOrArray) -> TensorOrArray:
        """Vectors of floats: an integer type would cut the mean and the projection to whole numbers."""
        if isinstance(x, Tensor):
            floats = x if x.is_floating_point() else x.float()
            return tensors.finite(tensors.floats(floats, "x", *[None] * max(x.ndim, 1)), "x")
        given = arrays.array(x, "x")
        if given.dtype.kind not in "fiub" or not given.ndim:
            raise UserError(f"x is {given.dtype} of shape {given.shape}; expected real vectors (..., {len(self.mean)})")
        return arrays.as_floats(given, "x", given.dtype if given.dtype.kind == "f" else np.float32)

    def save(self, path: str | Path) -> None:
        """Write a safetensors file, which `load` reads. A write that fails leaves no file.

        Raises
        ------
        UserError: the file cannot be written.
        """
        arrays = {name: np.ascontiguousarray(getattr(self, name)) for name in _ARRAYS}
        outputs.write(Path(path), safetensors.numpy.save(arrays, {"n": str(self.n), "source": self.source}))


_ARRAYS = ("mean", "eigenvalues", "eigenvectors")


def load(path: str | Path) -> Whitening:
    """The whitening that `Whitening.save` wrote; a `UserError` for any other file."""
    try:
        with safe_open(path, framework="numpy") as file:
            metadata = file.metadata() or {}
            mean, eigenvalues, eigenvectors = (file.get_tensor(name) for name in _ARRAYS)
        return Whitening(mean, eigenvalues, eigenvectors, int(metadata["n"]), metadata["source"])
    except (OSError, SafetensorError, KeyError, ValueError, UserError) as error:
        raise UserError(f"{path}: not a whitening ({error}); expected a file that Whitening.save wrote") from error


def from_arrays(
    mean: ArrayLike,
    *,
    components: Literal["rows", "columns"],
    eigenvectors: ArrayLike | None = None,
    eigenvalues: ArrayLike | None = None,
    projection: ArrayLike | None = None,
    source: str,
    n: int = 0,
) -> Whitening:
    """A whitening that others have learned, from their matrices: eigenvectors with eigenvalues, or the projection.

        cirtorch's m, P             ``from_arrays(m, projection=P, components="rows")``
        Tolias' and SimNet's        ``from_arrays(Xm, eigenvectors=eigvec, eigenvalues=eigval, components="columns")``
        keras_rmac's weights, bias  ``from_arrays(-np.linalg.solve(W, b), projection=W, components="rows")``

    Parameters
    ----------
    mean: (d,), (d, 1) or (1, d), of the vectors it was learned on.
    components: "rows" or "columns". A square matrix does not show which it has, and the wrong word gives wrong vectors.
    eigenvectors, eigenvalues: (k, d) as rows or (d, k) as columns, and (k,), (k, 1) or (1, k), all above 0, in the
        order in which components are wanted, as a rule descending. They are kept as they are: no sign is changed.
    projection: (k, d) as rows or (d, k) as columns: what is multiplied with x - mean. Its rows are kept as vectors of
        length 1 with 1 / length² as their eigenvalues. For a learned projection (cirtorch's "Lw") these are not the
        covariance's, nor are the rows orthogonal; the whitened vectors are the same.
    source, n: what it was learned on, in words, and how many vectors that were, 0 where it is not known.

    Raises
    ------
    UserError: shapes that do not fit one another, NaN or infinity, an eigenvalue that is not above 0, a row of zeros,
        or neither or both of eigenvectors and projection.
    """
    arrays.choice(components, "components", ("rows", "columns"))
    if (eigenvectors is None) == (projection is None) or (eigenvectors is None) != (eigenvalues is None):
        raise UserError("expected eigenvectors with eigenvalues, or a projection alone")
    centre = _flat(mean, "mean")
    given, name = (eigenvectors, "eigenvectors") if projection is None else (projection, "projection")
    rows = arrays.matrix(given, name, dtype=np.float64)  # type: ignore[arg-type]
    rows = np.ascontiguousarray(rows.T) if components == "columns" else rows
    if rows.shape[1] != len(centre) or not 1 <= len(rows) <= len(centre):
        raise UserError(
            f"{name} with {len(rows)} components of {rows.shape[1]} dimensions, a mean of {len(centre)}: "
            "expected as many dimensions, and no more components than that; do the components lie the other way?"
        )
    if projection is not None:
        lengths = np.linalg.norm(rows, axis=1)
        if not lengths.all():
            raise UserError(f"projection, component {int(lengths.argmin())}: all zeros; expected a direction")
        rows, values = rows / lengths[:, None], lengths**-2.0
    else:
        values = _flat(eigenvalues, "eigenvalues")  # type: ignore[arg-type]
    return Whitening(centre, values, rows, arrays.whole(n, "n", 0), source)


def _flat(x: ArrayLike, name: str) -> F64:
    """(n,) from a vector, or from a column or a row as MATLAB has them."""
    given = arrays.array(x, name)
    return np.asarray(arrays.vector(given.ravel() if given.ndim == 2 and 1 in given.shape else given, name, at_least=1))


class Moments:
    """Count, mean and covariance of vectors that come block by block, in double precision.

    Blocks are merged by the formula of Chan, Golub and LeVeque (1979), which, unlike sums of squares, loses no digits
    when the mean is large.
    """

    def __init__(self, d: int) -> None:
        self.n = 0
        d = arrays.whole(d, "d", 1, what="dimensions")
        self.mean: F64 = np.zeros(d)
        self._scatter: F64 = np.zeros((d, d))

    def add(self, x: NDArray[np.floating]) -> None:
        """Count the rows of ``x`` (n, d) in.

        Raises
        ------
        UserError: another shape or type, NaN or infinity.
        """
        given = arrays.array(x, "vectors")
        if given.ndim != 2 or given.shape[1] != len(self.mean) or given.dtype.kind not in "fiub":
            raise UserError(f"vectors: {given.dtype} of shape {given.shape}; expected (n, {len(self.mean)})")
        for start in range(0, len(given), _BLOCK):
            self._add(np.array(arrays.as_floats(given[start : start + _BLOCK], "vectors", np.float64)))

    def _add(self, block: F64) -> None:
        n, mean = len(block), block.mean(0)
        block -= mean
        difference = mean - self.mean
        self._scatter += block.T @ block + np.outer(difference, difference) * (self.n * n / (self.n + n))
        self.n += n
        self.mean = self.mean + difference * (n / self.n)

    @property
    def covariance(self) -> F64:
        """(d, d), divided by n and not by n - 1, as in Tolias' and Radenović's code."""
        return self._scatter / max(1, self.n)


def learn(
    x: NDArray[np.floating] | Tensor | Iterable[NDArray[np.floating]], source: str, *, floor: float = 0.0
) -> Whitening:
    """Whitening under which the vectors ``x`` have mean 0 and the identity as (biased) covariance.

    Parameters
    ----------
    x: (n, d), or blocks of such rows one after another. For R-MAC, the l2-normalised region vectors of
        other images; for MAC, their MAC vectors.
    source: what they are, in words, for tables and messages.
    floor: eigenvalues below this share of the largest are raised to it, so that directions in which ``x`` hardly
        varies do not become noise. A filter that never responds has eigenvalue 0 and stays 0 under any floor. With the
        default, as in the authors' code, nothing is raised, and an eigenvalue that is zero up to rounding is an error.

    Raises
    ------
    UserError: no vectors, one with NaN or infinity, or an eigenvalue of zero: ``n`` ≤ d vectors, or some of their
        coordinates are constant or depend on the others.
    """
    floor = arrays.number(floor, "floor", minimum=0, maximum=1)
    if not isinstance(x, Iterable):
        raise UserError(f"{source}: {x!r} is no array; expected vectors (n, d), or blocks of them")
    moments: Moments | None = None
    blocks: Iterable[Any] = [x] if hasattr(x, "ndim") else x  # iterating over a tensor would give its rows
    for block in blocks:
        moments = moments or Moments(arrays.matrix(block, source, dtype=None).shape[1])
        try:
            moments.add(block)
        except UserError as error:
            raise UserError(f"{source}: {error}") from None
    if moments is None or not moments.n:
        raise UserError(f"{source}: no vectors; a whitening needs more than it has dimensions")
    covariance = moments.covariance
    if not np.isfinite(covariance).all():
        raise UserError(f"{source}: vectors so large that their covariance is no number; scale them")
    values, vectors = np.linalg.eigh(covariance)
    values, vectors = values[::-1], vectors.T[::-1]
    d, largest = len(values), float(values[0])
    smallest = max(floor, d * np.finfo(np.float64).eps) * largest
    rank = int((values > smallest).sum())
    if largest <= 0 or (rank < d and floor <= 0):
        raise UserError(
            f"{source}: {moments.n} vectors vary in {rank if largest > 0 else 0} of their {d} dimensions; a whitening "
            "divides by the variance in each. Learn on more vectors, or pass floor=1e-6 to leave the others small."
        )
    signs = np.sign(vectors[np.arange(d), np.abs(vectors).argmax(1)])
    return Whitening(moments.mean, np.maximum(values, smallest), vectors * signs[:, None], moments.n, source)
