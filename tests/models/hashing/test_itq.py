"""ITQ: a rotation that lowers the quantisation error."""

import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.models.hashing import itq


def test_rotation_is_orthogonal_and_the_error_never_rises(faces, rng):
    hasher = itq.fit(faces.x, 8, rng)
    np.testing.assert_allclose(hasher.rotation @ hasher.rotation.T, np.eye(8), atol=1e-12)
    assert len(hasher.errors) == 51
    assert (np.diff(hasher.errors) <= 1e-9).all()
    assert hasher.errors[-1] < 0.9 * hasher.errors[0]


def test_axes_are_principal_components(faces, rng):
    hasher = itq.fit(faces.x, 5, rng)
    vectors = np.linalg.eigh(np.cov(faces.x.T.astype(np.float64)))[1]
    along = vectors[:, :-6:-1].T @ hasher.axes
    np.testing.assert_allclose(np.abs(along), np.eye(5), atol=1e-8)


def test_steps_are_those_of_the_formulas_in_plain_numpy(rng):
    v = np.random.default_rng(1).standard_normal((60, 5))
    v[0] = 0  # its sign is 1 by the authors' rule
    rotation, errors = itq.rotate(v, 5, np.random.default_rng(4), iterations=7)
    expected = np.linalg.svd(np.random.default_rng(4).standard_normal((5, 5)))[0]
    for i in range(7):
        signs = np.where(v @ expected >= 0, 1.0, -1.0)
        assert errors[i] == pytest.approx(np.square(signs - v @ expected).sum(axis=1).mean())
        u, _, wt = np.linalg.svd(signs.T @ v)
        expected = wt.T @ u.T
    np.testing.assert_allclose(rotation, expected, atol=1e-10)


def test_update_is_the_best_rotation_for_its_codes(rng):
    """No random orthogonal matrix is nearer: the orthogonal Procrustes problem."""
    v = np.random.default_rng(1).standard_normal((40, 4))
    first = np.linalg.svd(np.random.default_rng(4).standard_normal((4, 4)))[0]
    signs = np.where(v @ first >= 0, 1.0, -1.0)
    rotation, _ = itq.rotate(v, 4, np.random.default_rng(4), iterations=1)
    best = np.square(signs - v @ rotation).sum()
    others = [np.linalg.qr(rng.standard_normal((4, 4)))[0] for _ in range(200)]
    others += [rotation @ np.linalg.qr(np.eye(4) + 0.05 * rng.standard_normal((4, 4)))[0] for _ in range(50)]
    assert best <= min(np.square(signs - v @ other).sum() for other in others)


def test_a_square_turned_by_30_degrees_is_turned_back(rng):
    """Four clusters at the corners of a square end at the corners of {−1, 1}², with error 0."""
    angle = np.pi / 6
    corners = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]]) @ [
        [np.cos(angle), -np.sin(angle)],
        [np.sin(angle), np.cos(angle)],
    ]
    rotation, errors = itq.rotate(np.repeat(corners, 5, axis=0), 2, rng)
    np.testing.assert_allclose(np.abs(corners @ rotation), 1, atol=1e-9)
    assert errors[-1] == pytest.approx(0, abs=1e-12)


def test_fewer_values_than_bits_are_as_good_as_values_padded_with_noise_of_rounding_size():
    """What the authors' code does with canonical directions whose correlation is rounding error."""
    v = np.random.default_rng(1).standard_normal((80, 3))
    noise = 1e-9 * np.random.default_rng(2).standard_normal((80, 3))
    rotation, _ = itq.rotate(v, 6, np.random.default_rng(4))
    padded, _ = itq.rotate(np.hstack([v, noise]), 6, np.random.default_rng(4))
    np.testing.assert_allclose(rotation, padded[:3], atol=1e-5)
    np.testing.assert_array_equal(v @ rotation > 0, np.hstack([v, noise]) @ padded > 0)


@pytest.mark.parametrize(("n", "d", "n_bits", "directions"), [(5, 20, 6, 4), (50, 3, 6, 3)])
def test_more_bits_than_directions_are_refused(n, d, n_bits, directions, rng):
    x = np.random.default_rng(0).standard_normal((n, d))
    with pytest.raises(UserError, match=f"n_bits={n_bits}: x, {n} vectors of {d} dimensions.*along {directions} dir"):
        itq.fit(x, n_bits, rng)
