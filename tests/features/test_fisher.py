"""Features that are reduced by PCA and encoded by a mixture of Gaussians."""

import numpy as np
import pytest

from vretlib.errors import NoExampleError, UserError
from vretlib.features.encoding import fisher_vector
from vretlib.features.fisher import FisherEncoder, MapEncoder

X = np.random.default_rng(0).normal(size=(60, 8)).astype(np.float32)


def test_the_vector_is_the_fisher_vector_of_the_reduced_features() -> None:
    encoder = FisherEncoder.learn(X, 2, dimensions=3, seed=0)
    reduced = encoder.reduce(X[:5])
    np.testing.assert_allclose(reduced, encoder.axes.transform(X[:5]), atol=1e-6)
    np.testing.assert_array_equal(encoder.encode(X[:5]), fisher_vector(reduced, encoder.mixture))
    assert encoder.encode(X[:5]).shape == (2 * 2 * 3,)


def test_no_features_have_the_zero_vector() -> None:
    assert not FisherEncoder.learn(X, 2, dimensions=3, seed=0).encode(np.zeros((0, 8))).any()


def test_no_more_dimensions_are_left_than_there_are() -> None:
    assert FisherEncoder.learn(X, 2, dimensions=32, seed=0).reduce(X).shape == (60, 8)
    assert FisherEncoder.learn(X[:5], 2, dimensions=32, seed=0).reduce(X).shape == (60, 5)


def test_features_of_another_dimension_are_refused() -> None:
    with pytest.raises(UserError, match="features has 5 dimensions"):
        FisherEncoder.learn(X, 2, dimensions=3, seed=0).encode(X[:, :5])


def test_features_that_are_all_equal_are_refused() -> None:
    with pytest.raises(UserError, match="features: all 6 vectors are equal; expected vectors that differ"):
        FisherEncoder.learn(np.ones((6, 4)), 2, dimensions=3, seed=0)


MAPS = np.random.default_rng(1).normal(size=(40, 8, 2, 2)).astype(np.float32)


def test_maps_are_encoded_by_the_fisher_vectors_of_their_places() -> None:
    encoder = MapEncoder.learn(MAPS, 4, seed=0, gaussians=2, place_dimensions=3)
    assert encoder.places.mixture.means.shape == (2, 3)
    vector = encoder.places.encode(MAPS[5].reshape(8, 4).T)
    np.testing.assert_allclose(encoder.encode(MAPS[5:6]), encoder.vectors.transform(vector[None]), atol=1e-6)
    again = MapEncoder.learn(MAPS, 4, seed=0, gaussians=2, place_dimensions=3)
    assert np.array_equal(again.encode(MAPS), encoder.encode(MAPS))


def test_too_few_maps_are_no_example_and_too_few_channels_a_mistake() -> None:
    with pytest.raises(NoExampleError, match="at least 64 frames"):
        MapEncoder.learn(MAPS, 64, seed=0, gaussians=2, place_dimensions=3)
    with pytest.raises(NoExampleError, match="all 160 are equal"):
        MapEncoder.learn(np.ones_like(MAPS), 4, seed=0, gaussians=2, place_dimensions=3)
    with pytest.raises(UserError, match="at least 32 channels"):
        MapEncoder.learn(MAPS, 4, seed=0)
