"""LSH: random hyperplanes."""

import numpy as np
import pytest

from vretlib.models.hashing import lsh


def test_planes_through_the_origin_or_through_the_mean(rng):
    x = np.array([[1.0, 1.0], [3.0, 5.0]], np.float32)
    hasher = lsh.fit(x, 3, np.random.default_rng(2), centre=False)
    directions = np.random.default_rng(2).standard_normal((2, 3))
    np.testing.assert_allclose(hasher.project(x), x @ directions, rtol=1e-6)
    centred = lsh.fit(x, 3, np.random.default_rng(2))
    np.testing.assert_allclose(centred.project(x), (x - [2, 3]) @ directions, rtol=1e-6)
    assert (centred.bits(x)[0] != centred.bits(x)[1]).all()  # the mean lies between two vectors


def test_share_of_differing_bits_is_the_angle_over_pi(rng):
    """Charikar (2002): a random plane separates two vectors with probability angle / π."""
    angle = 0.7
    x = np.array([[1.0, 0, 0], [np.cos(angle), np.sin(angle), 0]])
    bits = lsh.fit(x, 40_000, rng, centre=False).bits(x)
    assert (bits[0] != bits[1]).mean() == pytest.approx(angle / np.pi, abs=0.006)  # 2.9 standard deviations
