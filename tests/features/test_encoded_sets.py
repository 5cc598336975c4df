"""Encoders learned from local features, and the words typical of some images."""

import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.features import encoded_sets
from vretlib.features.encoding import Vocabulary
from vretlib.features.local_sets import LocalSet


def features(values: np.ndarray, counts: list[int]) -> LocalSet:
    return LocalSet(np.zeros((len(values), 2), "f4"), values.astype(np.float32), np.cumsum([0, *counts]))


def test_every_encoder_gives_vectors_of_length_one() -> None:
    found = features(np.abs(np.random.default_rng(0).normal(size=(200, 128))), [120, 80])
    encoders = encoded_sets.learn(found, n_words=16, n_centres=4, seed=0)
    vectors = {name: encoders.encode(name, found) for name in encoders.encoders}
    assert {name: x.shape for name, x in vectors.items()} == {
        "BOW": (2, 16), "BOW, tf-idf": (2, 16), "VLAD": (2, 4 * 64), "Fisher vector": (2, 2 * 4 * 64)
    }  # fmt: skip
    for name in ("BOW", "VLAD", "Fisher vector"):
        assert np.linalg.norm(vectors[name], axis=1) == pytest.approx(1, abs=1e-5)


def test_fewer_features_than_words_are_refused() -> None:
    with pytest.raises(UserError, match="3 local features in 1 images, and 16 are needed"):
        encoded_sets.learn(features(np.ones((3, 128)), [3]), n_words=16, n_centres=4, seed=0)


def test_the_most_typical_word_is_in_the_chosen_images_and_in_no_other() -> None:
    words = Vocabulary(np.array([[0.0], [1.0], [2.0]], np.float32))
    found = features(np.array([[0], [1], [0], [1], [0], [2], [0]]), [2, 2, 2, 1])
    typical = encoded_sets.typical_words(words, found, np.array([0, 1]), 3)
    assert typical.of_feature.tolist() == [0, 1, 0, 1, 0, 2, 0]
    assert typical.chosen == [1, 0, 2]
