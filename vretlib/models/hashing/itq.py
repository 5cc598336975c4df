"""Iterative quantisation (ITQ): principal components, rotated so that they lie near the corners of the cube {−1, 1}^K.

Gong et al. (2012), section 3; paper 001, row ITQ. Let V be the centred vectors projected on their K principal
directions. The quantisation error ‖B − V R‖² is minimised over the codes B and the rotation R in turns: B = sign(V R);
then R = W Uᵀ with the singular value decomposition BᵀV = U S Wᵀ. Neither step raises the error. R starts as the left
singular vectors of a random Gaussian matrix. In the authors' code 0 has the sign 1 during training; bits are 1 where
V R > 0.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.models.hashing.hasher import F64, MOST_BITS, LinearHasher, training_vectors
from vretlib.models.hashing.principal import principal

ITERATIONS = 51
"""Of the authors' loop, which runs from 0 to 50; the paper says 50."""


@dataclass(frozen=True, eq=False)
class RotatedHasher(LinearHasher):
    """A `LinearHasher` whose directions are rotated ones.

    Attributes
    ----------
    axes: float64 (d, r), the directions before the rotation; ``directions`` is ``axes @ rotation``.
    rotation: float64 (r, K) with orthonormal rows; r = K unless there are fewer axes than bits.
    errors: float64 (iterations,), the mean over training vectors of ‖b − v R‖² before each update of R.
    """

    axes: F64 = field(repr=False)
    rotation: F64 = field(repr=False)
    errors: F64 = field(repr=False)


def fit(x: ArrayLike, n_bits: int, rng: np.random.Generator, *, iterations: int = ITERATIONS) -> RotatedHasher:
    """The hash function that ITQ learns, without labels.

    Parameters
    ----------
    x: (n, d) training vectors.
    n_bits: K, at most the number of directions along which ``x`` varies (d, or n − 1 if that is less).
    rng: draws the first rotation.
    iterations: updates of the rotation.

    Raises
    ------
    UserError: more bits than directions along which ``x`` varies, fewer than two vectors, NaN or infinity, or
        ``n_bits`` < 1.
    """
    vectors, n_bits = training_vectors(x, n_bits)
    mean, axes, values = principal(vectors, n_bits)
    if axes.shape[1] < n_bits:
        raise UserError(
            f"n_bits={n_bits}: x, {len(vectors)} vectors of {vectors.shape[1]} dimensions, varies along "
            f"{axes.shape[1]} directions, and ITQ rotates one for each bit; take fewer bits or more training vectors"
        )
    rotation, errors = rotate(values, n_bits, rng, iterations)
    return RotatedHasher(mean, axes @ rotation, axes, rotation, errors)


def rotate(values: ArrayLike, n_bits: int, rng: np.random.Generator, iterations: int = ITERATIONS) -> tuple[F64, F64]:
    """The rotation (r, K) of values (n, r), r ≤ K = ``n_bits``, and the mean quantisation error before each update.

    If r < K, the values count as 0 along K − r further axes. That changes only the number of corners: the first r rows
    of R are kept, which the decomposition determines, because the other rows would be multiplied by 0.

    Raises
    ------
    UserError: NaN or infinity, more axes than bits, or fewer than one iteration.
    """
    v = arrays.matrix(values, "values", dtype=np.float64, at_least=1)
    n_bits = arrays.whole(n_bits, "n_bits", v.shape[1], MOST_BITS, "at least the axes")
    iterations = arrays.whole(iterations, "iterations", 1)
    n, r = v.shape
    rotation = np.linalg.svd(rng.standard_normal((n_bits, n_bits)))[0][:r]
    constant, errors = n * n_bits + float(np.vdot(v, v)), np.empty(iterations)
    rotated = np.empty((n, n_bits))
    for i in range(iterations):
        np.matmul(v, rotation, out=rotated)
        rotated += 0.0  # −0 becomes 0, so that its sign is 1 as well
        signs = np.copysign(1.0, rotated, out=rotated)
        products = signs.T @ v
        errors[i] = (constant - 2 * np.vdot(products, rotation.T)) / n  # Σ |V R| = Σ (BᵀV) ∘ Rᵀ
        left, _, right = np.linalg.svd(products, full_matrices=False)
        rotation = right.T @ left.T
    return rotation, errors
