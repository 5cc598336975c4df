from pathlib import Path

import numpy as np
import pytest

from vretlib import images
from vretlib.errors import UserError
from vretlib.features.detector_network import Detector
from vretlib.features.detector_parts import DetectorShape
from vretlib.models.detection_set import DetectionSet
from vretlib.models.detector_measures import detection_average_precision, measure


def test_average_precision_by_hand() -> None:
    # Four true boxes a to d. By score: right (a), twice (a), right (b), too little overlap (c), right (c); d is missed.
    # Precision at the right ones: 1/1, 2/3, 3/5, already falling; the area is (1 + 2/3 + 3/5) / 4.
    rows = [(0.9, (0, 0), 0.8), (0.8, (0, 0), 0.9), (0.7, (0, 1), 0.5), (0.6, (1, 0), 0.49), (0.5, (1, 0), 0.6)]
    assert detection_average_precision(rows, 4) == pytest.approx((1 + 2 / 3 + 3 / 5) / 4)
    assert detection_average_precision(rows[::-1], 4) == detection_average_precision(rows, 4)
    assert detection_average_precision([], 4) == 0
    # Precision is made to fall: wrong, right, right has 1/2 and 2/3, so both count 2/3.
    assert detection_average_precision(
        [(0.9, (0, 0), 0.1), (0.8, (0, 0), 1.0), (0.7, (0, 1), 1.0)], 2
    ) == pytest.approx(2 / 3)


def test_a_detector_is_measured_on_images_with_and_without_boxes(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    for i in range(3):
        images.write(tmp_path / f"{i}.png", rng.integers(0, 256, (64, 80, 3), dtype=np.uint8))
    boxes = (np.array([[0, 0, 31, 31], [40, 10, 71, 41]], np.float32), np.zeros((0, 4), np.float32))
    labels = (np.array([0, 1]), np.zeros(0, np.int64))
    some = DetectionSet("s", (tmp_path / "0.png", tmp_path / "1.png"), boxes, labels, ("a", "b"), "", "")
    detector = Detector.untrained(DetectorShape("zf", (2, 2, 4, 4, 6), 8, ("a", "b"), (1.0, 2.0, 4.0)))
    found = measure(detector, some, short_side=64, long_side=128)
    assert set(found.by_class) == {"a", "b"}
    # An untrained network proposes its anchors: those of 32 pixels on a grid of 16 overlap both boxes by half or more.
    assert found.recall == 1
    assert 0.5 < found.mean_overlap < 1
    with pytest.raises(UserError, match="no boxes"):
        measure(detector, DetectionSet("s", some.images[1:], boxes[1:], labels[1:], ("a", "b"), "", ""))
    with pytest.raises(UserError, match="other classes"):
        measure(detector, DetectionSet("s", some.images, boxes, labels, ("a", "c"), "", ""))
