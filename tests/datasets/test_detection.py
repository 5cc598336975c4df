"""The drawn sets for detectors as they are read from the cache."""

import numpy as np
import pytest

from embedded.scenes import rolls
from vretlib import images
from vretlib.datasets import detection
from vretlib.errors import UserError


class InThisProcess:
    """In the place of the pool of processes, which takes seconds to start."""

    @staticmethod
    def map(function, items):
        return map(function, items)


@pytest.fixture
def small(monkeypatch, tmp_path):
    """Pictures of faces, which are drawn quickly."""
    monkeypatch.setattr("vretlib.paths.CACHE", tmp_path)
    monkeypatch.setattr(detection, "processes", InThisProcess)
    roll = rolls.roll
    monkeypatch.setattr(rolls, "roll", lambda which, part, seed, number: roll(which, part, seed, number + 2))
    return detection.embedded("P", "held-out", pictures=3)


def test_every_picture_has_boxes_with_a_label_each(small):
    assert len(small) == len(small.images) == len(small.boxes) == len(small.labels) == 3
    for boxes, labels in zip(small.boxes, small.labels, strict=True):
        assert boxes.shape == (len(labels), 4)
        assert boxes.dtype == np.float32
        assert labels.dtype == np.int64
    assert max(labels.max(initial=0) for labels in small.labels) < len(small.classes) == 8


def test_boxes_are_inside_the_pictures_as_read(small):
    for path, boxes in zip(small.images, small.boxes, strict=True):
        height, width = images.read(path).shape[:2]
        assert (boxes[:, :2] >= 0).all()
        assert (boxes[:, 2:] <= (width - 1, height - 1)).all()


@pytest.mark.parametrize(
    ("which", "part", "sizes", "names"),
    [
        ("Q", "training", {}, "'Q'"),
        ("P", "test", {}, "'test'"),
        ("P", "training", {"pictures": -1}, "pictures=-1"),
        ("P", "training", {"seed": True}, "seed=True"),
    ],
)
def test_a_wrong_request_is_named(which, part, sizes, names):
    with pytest.raises(UserError, match=names):
        detection.embedded(which, part, **sizes)
