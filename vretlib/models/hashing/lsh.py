"""Locality-sensitive hashing (LSH): the sides of random hyperplanes (Gionis et al., 1999; row LSH of paper 001).

The code that the comparisons of paper 001 rest on draws W ~ N(0, 1), d × K, and sets bit k where x · W_k > 0: the rule
of Charikar (2002) for the cosine. It does not centre the vectors, but the toolbox around it centres all vectors before
any method. Centring matters: after a ReLU all vectors lie in one orthant, and planes through the origin separate few of
them. ``centre`` chooses between the two.
"""

import numpy as np
from numpy.typing import ArrayLike

from vretlib.models.hashing.hasher import LinearHasher, training_vectors


def fit(x: ArrayLike, n_bits: int, rng: np.random.Generator, *, centre: bool = True) -> LinearHasher:
    """A hash function of random hyperplanes; only the mean of the training vectors is used.

    Parameters
    ----------
    x: (n, d) training vectors, n ≥ 2.
    n_bits: K ≥ 1; more than d is allowed.
    rng: draws the directions.
    centre: planes pass through the mean of ``x`` (True, as the toolbox has it) or through the origin (False, the
        function alone).

    Raises
    ------
    UserError: fewer than two vectors, NaN or infinity, or ``n_bits`` < 1.
    """
    vectors, n_bits = training_vectors(x, n_bits)
    mean = vectors.mean(axis=0, dtype=np.float64)
    return LinearHasher(mean if centre else np.zeros_like(mean), rng.standard_normal((vectors.shape[1], n_bits)))
