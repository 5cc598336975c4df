"""Supervised ITQ (SITQ, CCA-ITQ): ITQ on the directions that correlate with the labels (paper 001, row SITQ).

Gong et al. (2012), section 4: with Y the identities as columns of 0 and 1, the directions solve

    Xᵀ Y (Yᵀ Y + ρ I)⁻¹ Yᵀ X w = λ² (Xᵀ X + ρ I) w.

Each direction is multiplied by its λ, its correlation with the labels, and ITQ rotates the projections on them. The
text writes sums, whereas the authors' code takes covariances of centred columns, where the same ρ weighs n − 1 times as
much. This module follows the code; ``regularisation=1e-4 / (n - 1)`` gives the version of the text.

**More bits than directions.** C identities have at most C − 1 directions with a correlation above 0. The authors' code
keeps further directions: they are multiplied by their λ, a rounding error of about 10⁻⁸, and add nothing to the rotated
values. Here they are left out, which gives the same values without the noise: with K > C − 1 bits, ITQ turns C − 1
values into K. No bit is random, but bits may repeat one another.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import linalg

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.features.whitening import Moments
from vretlib.models.hashing.hasher import F32, F64, identities, training_vectors
from vretlib.models.hashing.itq import ITERATIONS, RotatedHasher, rotate
from vretlib.models.hashing.principal import with_fixed_signs

REGULARISATION = 1e-4
"""ρ of the authors' code."""

_SMALLEST = 1e-6  # least correlation of a direction that is kept


@dataclass(frozen=True, eq=False)
class SupervisedRotatedHasher(RotatedHasher):
    """The hash function that SITQ learns; ``axes`` are multiplied by their correlations.

    Attributes
    ----------
    correlations: float64 (r,), the correlation of each axis with the labels, descending; r ≤ min(K, C − 1).
    """

    correlations: F64


def fit(
    x: ArrayLike,
    labels: ArrayLike,
    n_bits: int,
    rng: np.random.Generator,
    *,
    regularisation: float = REGULARISATION,
    iterations: int = ITERATIONS,
) -> SupervisedRotatedHasher:
    """The hash function that SITQ learns from labelled vectors.

    Parameters
    ----------
    x, labels: (n, d) training vectors, and the identity of each.
    n_bits: K ≥ 1; above the number of identities − 1 see the head of this module.
    rng: draws the first rotation.
    regularisation: ρ, in the square of the vectors' unit.
    iterations: updates of the rotation.

    Raises
    ------
    UserError: labels that are missing, not one for each vector, or all the same; vectors that do not correlate with
        them; fewer than two vectors, NaN or infinity, or ``n_bits`` < 1.
    """
    vectors, n_bits = training_vectors(x, n_bits)
    persons = identities(labels, len(vectors), "SITQ")
    regularisation = arrays.number(regularisation, "regularisation", above=0)
    mean, axes, correlations = _correlated(vectors, persons, n_bits, regularisation)
    rotation, errors = rotate((vectors - mean) @ axes, n_bits, rng, iterations)
    return SupervisedRotatedHasher(mean, axes @ rotation, axes, rotation, errors, correlations)


def _correlated(x: F32, persons: NDArray[np.int64], k: int, regularisation: float) -> tuple[F64, F64, F64]:
    """The mean (d,), the leading axes (d, r) times their correlations, and the correlations (r,)."""
    n, d = x.shape
    n_persons = int(persons.max()) + 1
    moments = Moments(d + n_persons)
    moments.add(np.concatenate([x, np.eye(n_persons, dtype=np.float32)[persons]], axis=1))
    covariance = moments.covariance * (n / (n - 1))
    covariance[np.diag_indices(len(covariance))] += regularisation
    try:
        lower, of_labels = (linalg.cholesky(side, lower=True) for side in (covariance[:d, :d], covariance[d:, d:]))
    except linalg.LinAlgError:
        raise UserError(f"regularisation={regularisation:g}: too small beside the variances of x; take more") from None
    half = linalg.solve_triangular(lower, covariance[:d, d:], lower=True)
    between = linalg.solve_triangular(of_labels, half.T, lower=True)  # λ are its singular values
    _, correlations, directions = linalg.svd(between, full_matrices=False)
    kept = np.flatnonzero(correlations > _SMALLEST)[:k]
    if len(kept) == 0:
        raise UserError("no direction of x correlates with labels; expected vectors that differ between identities")
    axes = linalg.solve_triangular(lower, directions[kept].T, trans="T", lower=True)
    return moments.mean[:d], with_fixed_signs(axes) * correlations[kept], correlations[kept]
