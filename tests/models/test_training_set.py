"""Held-out images of a training set."""

import numpy as np
import pytest

from tests.landmark_study import ids
from vretlib.models.training_set import QUERIES, held_out_map, held_out_queries


def test_held_out_images_search_among_themselves():
    scores = np.array([[9, 1, 2, 0], [3, 9, 1, 2], [1, 2, 9, 3], [0, 1, 2, 9]], np.float32)
    labels = ids(0, 0, 1, 1)
    # image 0 finds its positive second, (0 + 1/2) / 2; the others first
    assert held_out_map(scores, labels) == pytest.approx((0.25 + 1 + 1 + 1) / 4)


def test_some_of_them_search_among_all():
    scores = np.array([[3, 9, 1, 2], [0, 1, 2, 9]], np.float32)  # of images 1 and 3: the same rows as above
    assert held_out_map(scores, ids(0, 0, 1, 1), ids(1, 3)) == pytest.approx((1 + 1) / 2)


def test_the_images_that_search_are_evenly_spread_and_not_too_many():
    assert held_out_queries(3).tolist() == [0, 1, 2]
    assert held_out_queries(0).tolist() == []
    chosen = held_out_queries(261)
    assert len(chosen) == QUERIES == 100
    assert (chosen[0], chosen[-1]) == (0, 260)
    assert set(np.diff(chosen).tolist()) == {2, 3}
