"""Files that OpenCV cannot read are refused; the networks themselves are no part of the project."""

import cv2
import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.features.opencv_detectors import FaceEmbedding, FaceFinder, ObjectFinder


@pytest.mark.parametrize("made", [FaceFinder, FaceEmbedding, lambda path: ObjectFinder(path, path)])
def test_a_file_that_is_missing_or_no_network_is_refused(made, tmp_path):
    with pytest.raises(UserError, match="no such file"):
        made(tmp_path / "none.onnx")
    (tmp_path / "text.onnx").write_text("no network")
    with pytest.raises(UserError, match="OpenCV cannot read it"):
        made(tmp_path / "text.onnx")


class StandIn:
    """In the place of OpenCV's YuNet: says the same of every image."""

    rows = np.array(
        [
            [10, 20, 30, 40, *[0] * 10, 0.75],
            [-5, -8, 20, 20, *[0] * 10, 0.99],
            [200, 10, 20, 20, *[0] * 10, 0.9],  # beside the image
            [0, 0, np.inf, np.inf, *[0] * 10, 0.8],
        ],
        np.float32,
    )

    def setInputSize(self, size):  # noqa: N802 (OpenCV's name)
        assert size == (100, 60)

    def detect(self, image):
        return 1, self.rows


@pytest.fixture
def finder(tmp_path, monkeypatch):
    monkeypatch.setattr(cv2.FaceDetectorYN, "create", lambda *_: StandIn())
    (tmp_path / "yunet.onnx").write_text("not read by the stand-in")
    return FaceFinder(tmp_path / "yunet.onnx")


def test_faces_are_cut_to_the_image_best_first_and_those_outside_are_left_out(finder):
    boxes = finder.boxes(np.zeros((60, 100, 3), np.uint8))
    np.testing.assert_array_equal(boxes, [[0, 0, 14, 11], [10, 20, 39, 59]])


@pytest.mark.parametrize("shape", [(60, 100), (60, 100, 4), (0, 100, 3)])
def test_what_is_no_rgb_image_is_refused(finder, shape):
    with pytest.raises(UserError, match="expected RGB"):
        finder.boxes(np.zeros(shape, np.uint8))


def test_the_file_of_another_network_is_named(finder, monkeypatch):
    def fail(*_):
        cv2.cvtColor(np.zeros((2, 2), np.uint8), cv2.COLOR_RGB2GRAY)  # one channel: OpenCV's own error

    monkeypatch.setattr(StandIn, "detect", fail)
    with pytest.raises(UserError, match=r"yunet.onnx: does not run as YuNet; give the file of YuNet"):
        finder.boxes(np.zeros((60, 100, 3), np.uint8))
