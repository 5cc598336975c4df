"""Held-out images of a training set."""

import numpy as np
import pytest

from tests.landmark_study import ids
from vretlib.models.training_set import held_out_map


def test_held_out_images_search_among_themselves():
    scores = np.array([[9, 1, 2, 0], [3, 9, 1, 2], [1, 2, 9, 3], [0, 1, 2, 9]], np.float32)
    labels = ids(0, 0, 1, 1)
    # image 0 finds its positive second, (0 + 1/2) / 2; the others first
    assert held_out_map(scores, labels) == pytest.approx((0.25 + 1 + 1 + 1) / 4)
