"""Canonical correlation analysis (CCA): images and texts are mapped into a space where they correlate (thesis §7.3.2).

There are two versions, and a page shows both:

`normalised`
    What the thesis cites: Gong, Ke, Isard and Lazebnik (2014). Directions are the leading eigenvectors of a generalised
    eigenproblem, each projection is multiplied by a power of its eigenvalue, and vectors are compared by cosine.
`as_authors`
    What the authors' published code runs: scikit-learn's CCA, whose scores are compared by cosine as they are. The code
    gives it the tf-idf of `vretlib.features.text.counts_as_authors`, in which titles are added to comments.

The directions of both are the same up to regularisation. They differ in the weight of each direction, and the cosine
depends on that.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import linalg

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.features.whitening import Moments

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]

DIMS = 128
"""Dimensions of the common space in the thesis."""
REGULARISATION, POWER = 1e-4, 4.0
"""Of Gong et al.: added to every variance, and the power of an eigenvalue that multiplies its direction."""

_BLOCK = 1 << 13  # rows that are converted to double precision together
_SMALLEST = 1e-6  # least correlation of a direction that is kept: below it, rounding decides the direction


@dataclass(frozen=True, eq=False)
class Cca:
    """Two linear maps into one space; made by `normalised` or `as_authors`.

    Attributes
    ----------
    image_mean, text_mean: float64 (dv,) and (dt,), subtracted first.
    image_map, text_map: float64 (dv, k) and (dt, k), multiplied with the centred vectors.
    correlations: float64 (k,), those of the training pairs along each direction, descending. Those of `normalised` are
        a little smaller than the data's, because of its regularisation.
    """

    image_mean: F64 = field(repr=False)
    text_mean: F64 = field(repr=False)
    image_map: F64 = field(repr=False)
    text_map: F64 = field(repr=False)
    correlations: F64

    @property
    def dims(self) -> int:
        """Dimensions of the common space."""
        return len(self.correlations)

    def images(self, x: ArrayLike) -> F32:
        """Image vectors (n, dv) in the common space: float32 (n, k), of length 1."""
        return _mapped(x, "image vectors", self.image_mean, self.image_map)

    def texts(self, x: ArrayLike) -> F32:
        """Text vectors (n, dt) in the common space: float32 (n, k), of length 1."""
        return _mapped(x, "text vectors", self.text_mean, self.text_map)


def normalised(
    images: ArrayLike,
    texts: ArrayLike,
    *,
    dims: int = DIMS,
    regularisation: float = REGULARISATION,
    power: float = POWER,
) -> Cca:
    """Normalised CCA of Gong et al. (2014), their eqs 1 to 4 for two views.

    With C = [[A, B], [Bᵀ, D]] the covariance of the concatenated image and text vectors, they solve

        (C + rI) w = λ (blockdiag(A, D) + rI) w

    and multiply the projection on each w by λ^p. In every solution λ = 1 ± ρ, where ρ is the canonical correlation, so
    what is raised to the power p is 1 + ρ, and not ρ. Here only the smaller of the two sides is solved for, by one
    symmetric eigenproblem of its size: K Kᵀ u = ρ² u with K = L⁻¹ B M⁻ᵀ and L Lᵀ = A + rI, M Mᵀ = D + rI.

    Vectors are centred on the training pairs' mean before they are projected; the paper does not say whether they are.

    Parameters
    ----------
    images, texts: (n, dv) and (n, dt) vectors; row i of both is one training pair.
    dims: maximum number of dimensions of the common space; it has fewer if fewer directions correlate.
    regularisation: r, in the square of the vectors' unit.
    power: p; the authors use 4.

    Raises
    ------
    UserError: fewer than two pairs, numbers of images and texts that differ, NaN, or nothing correlates.
    """
    dims, power = arrays.whole(dims, "dims", 1), arrays.number(power, "power")
    regularisation = arrays.number(regularisation, "regularisation", above=0)
    x, y = _pairs(images, texts)
    n, d = len(x), x.shape[1]
    moments = Moments(d + y.shape[1])
    for start in range(0, n, _BLOCK):
        moments.add(np.concatenate([x[start : start + _BLOCK], y[start : start + _BLOCK]], axis=1, dtype=np.float64))
    covariance = moments.covariance * (n / (n - 1))
    covariance[np.diag_indices(len(covariance))] += regularisation
    lower_x, lower_y = (linalg.cholesky(side, lower=True) for side in (covariance[:d, :d], covariance[d:, d:]))
    half = linalg.solve_triangular(lower_x, covariance[:d, d:], lower=True)
    between = linalg.solve_triangular(lower_y, half.T, lower=True).T
    u, v, correlations = _leading(between, dims)
    weight = (1 + correlations) ** power
    image_map = linalg.solve_triangular(lower_x, u, trans="T", lower=True) * weight
    text_map = linalg.solve_triangular(lower_y, v, trans="T", lower=True) * weight
    return Cca(moments.mean[:d], moments.mean[d:], image_map, text_map, correlations)


def as_authors(images: ArrayLike, texts: ArrayLike, *, dims: int = DIMS) -> Cca:
    """The maps to the scores of scikit-learn's ``CCA(dims)`` after its iteration has converged, without the iteration.

    scikit-learn standardises every column, finds one pair of directions at a time by the power method, and takes it out
    of the data before it looks for the next. Its scores are the canonical variates, scaled so that the weights that
    make them from what is *left* of the data have length 1. Here the variates are singular vectors, and a QR
    decomposition gives the scale: with X = U S Vᵀ and the variates U a₁, U a₂, …, the diagonal of R in
    S⁻¹ [a₁ a₂ …] = Q R holds the inverse of each score's length.

    With its default tolerance, scikit-learn stops before convergence: see ``tests/models/test_cca.py``.

    Parameters
    ----------
    images, texts: (n, dv) and (n, dt) vectors; row i of both is one training pair.
    dims: maximum number of dimensions of the common space; it has fewer if fewer directions correlate.

    Raises
    ------
    UserError: fewer than two pairs, numbers of images and texts that differ, NaN, or nothing correlates.
    """
    dims = arrays.whole(dims, "dims", 1)
    sides = [_standardised(side) for side in _pairs(images, texts)]
    u, v, correlations = _leading(sides[0].left.T @ sides[1].left, dims)
    maps: list[F64] = []
    for side, directions in zip(sides, (u, v), strict=True):
        weights = directions / side.values[:, None]
        lengths = np.abs(np.diag(linalg.qr(weights, mode="r")[0]))
        maps.append((side.right.T @ weights) / lengths / side.scale[:, None])
    return Cca(sides[0].mean, sides[1].mean, maps[0], maps[1], correlations)


def _pairs(images: ArrayLike, texts: ArrayLike) -> tuple[F32, F32]:
    x = arrays.matrix(images, "image vectors", at_least=2)
    return x, arrays.matrix(texts, "text vectors", n=len(x))


def _leading(between: F64, dims: int) -> tuple[F64, F64, F64]:
    """Leading singular vectors (dx, k), (dy, k) and values (k,), from one eigenproblem of the smaller side's size."""
    small = between if between.shape[0] <= between.shape[1] else between.T
    size = len(small)
    squares, vectors = linalg.eigh(small @ small.T, subset_by_index=[size - min(dims, size), size - 1])
    values = np.sqrt(np.clip(squares[::-1], 0, 1))
    kept = values > _SMALLEST
    if not kept.any():
        raise UserError("no direction of the images correlates with one of the texts; expected more and other pairs")
    values, vectors = values[kept], vectors[:, ::-1][:, kept]
    others = small.T @ vectors / values
    return (vectors, others, values) if small is between else (others, vectors, values)


@dataclass(frozen=True, eq=False)
class _Side:
    """A standardised matrix by its singular values: left (n, r), values (r,), right (r, d)."""

    mean: F64
    scale: F64
    left: F64
    values: F64
    right: F64


def _standardised(x: F32) -> _Side:
    """Columns with mean 0 and variance 1, as scikit-learn has them: a constant column is left as zeros."""
    double = x.astype(np.float64)
    mean, scale = double.mean(axis=0), double.std(axis=0, ddof=1)
    scale[scale == 0] = 1
    left, values, right = linalg.svd((double - mean) / scale, full_matrices=False)
    kept = values > values[0] * max(x.shape) * np.finfo(np.float64).eps
    return _Side(mean, scale, left[:, kept], values[kept], right[kept])


def _mapped(x: ArrayLike, name: str, mean: F64, by: F64) -> F32:
    rows = arrays.matrix(x, name, d=len(mean), like="the training vectors")
    blocks = [rows[start : start + _BLOCK] for start in range(0, len(rows), _BLOCK)]
    found = [arrays.unit((block - mean) @ by).astype(np.float32) for block in blocks]
    return np.concatenate(found) if found else np.zeros((0, by.shape[1]), np.float32)
