"""SITQ: canonical correlations with the labels, then ITQ."""

import numpy as np
import pytest
from scipy import linalg

from vretlib.errors import UserError
from vretlib.models.hashing import cca_itq


def covariances(x, labels, regularisation):
    one_hot = np.eye(labels.max() + 1)[labels]
    d = x.shape[1]
    both = np.cov(np.hstack([x.astype(np.float64), one_hot]).T)
    xx, xy, yy = both[:d, :d], both[:d, d:], both[d:, d:]
    return xx + regularisation * np.eye(d), xy, yy + regularisation * np.eye(len(yy))


@pytest.mark.parametrize("regularisation", [1e-4, 0.3])
def test_axes_solve_the_generalised_eigenproblem(regularisation, faces, rng):
    hasher = cca_itq.fit(faces.x, faces.labels, 5, rng, regularisation=regularisation)
    xx, xy, yy = covariances(faces.x, faces.labels, regularisation)
    squares, vectors = linalg.eigh(xy @ np.linalg.solve(yy, xy.T), xx)
    np.testing.assert_allclose(hasher.correlations**2, squares[:-6:-1], rtol=1e-8)
    expected = vectors[:, :-6:-1] * hasher.correlations  # eigh scales each to w' xx w = 1, as the authors' code does
    signs = np.sign((expected * hasher.axes).sum(axis=0))
    np.testing.assert_allclose(hasher.axes, expected * signs, atol=1e-7)


def test_directions_are_rotated_axes(faces, rng):
    hasher = cca_itq.fit(faces.x, faces.labels, 5, rng)
    np.testing.assert_allclose(hasher.directions, hasher.axes @ hasher.rotation, atol=1e-12)
    assert (np.diff(hasher.errors) <= 1e-9).all()


@pytest.mark.parametrize(("n_bits", "rank"), [(3, 3), (5, 5), (12, 5)])
def test_more_bits_than_identities_less_one_share_the_directions_that_exist(n_bits, rank, faces, rng):
    hasher = cca_itq.fit(faces.x, faces.labels, n_bits, rng)
    assert hasher.n_bits == n_bits
    assert len(hasher.correlations) == rank
    assert np.linalg.matrix_rank(hasher.directions) == rank
    assert rank <= len(np.unique(hasher.bits(faces.x), axis=1).T) <= n_bits


def test_two_identities_give_one_direction(faces, rng):
    """All bits are the side of one plane, some of them turned around."""
    two = faces.labels < 2
    hasher = cca_itq.fit(faces.x[two], faces.labels[two], 4, rng)
    bits = hasher.bits(faces.x[two])
    assert len(hasher.correlations) == 1
    assert ((bits == bits[:, :1]).all(axis=0) | (bits != bits[:, :1]).all(axis=0)).all()


def test_vectors_that_do_not_correlate_are_refused(faces, rng):
    with pytest.raises(UserError, match="no direction of x correlates"):
        cca_itq.fit(np.full((240, 5), 0.1, np.float32), faces.labels, 4, rng)
    for tiny in (0, 1e-300):  # the second beside columns that are sums of others
        with pytest.raises(UserError, match="regularisation="):
            cca_itq.fit(np.hstack([faces.x, faces.x]), faces.labels, 4, rng, regularisation=tiny)
