"""Boxes of a real detector, with a detector of the test's own."""

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from tests import short_clips
from vretlib import images
from vretlib.__main__ import main
from vretlib.errors import UserError
from vretlib.features import backbones
from vretlib.real_runs import object_boxes


class Middle:
    """Finds a bird in the middle of every picture, and a dog of which it is not sure."""

    def __init__(self, score=0.9):
        self.score = score

    def rows(self, image):
        height, width = image.shape[:2]
        box = (width // 4, height // 4, 3 * width // 4, 3 * height // 4)
        return np.float32([[16, self.score, *box], [18, 0.3, 0, 0, width - 1, height - 1]])

    def boxes(self, image):
        return self.rows(image)[:, 2:]


@pytest.fixture
def film(tmp_path):
    return short_clips.write(tmp_path / "film.mp4", [(None, 16), (1, 4), (None, 24)])  # 4, 1 and 6 seconds


def test_two_tables_and_a_picture(film, tmp_path):
    photograph = tmp_path / "dusk.png"
    images.write(photograph, np.full((80, 120, 3), 90, np.uint8))
    network = backbones.load("squeezenet1_1", "random")
    text = object_boxes.make(film, [photograph], Middle(), network, tmp_path / "boxes.png")
    assert "| dusk | 1 bird |" in text  # the dog's score is too low
    assert "| 2 of 2 frames of film | 2 bird |" in text
    assert "| mAP, 2 objects in 11 frames | ranking | re-ranking (CA-SR) |" in text
    assert [line.split(" | ")[0] for line in text.splitlines()[-2:]] == ["| IPA sum", "| IPA max"]
    with Image.open(tmp_path / "boxes.png") as drawn:
        assert drawn.mode == "P"
        assert drawn.width > 700


def test_a_film_without_an_object_is_refused(film, tmp_path):
    network = backbones.load("squeezenet1_1", "random")
    with pytest.raises(UserError, match="no object is found"):
        object_boxes.make(film, [], Middle(0.2), network, tmp_path / "boxes.png")


@pytest.mark.parametrize(("out", "why"), [("none/boxes.png", "is not a folder that can be"), (".", "is a folder")])
def test_a_picture_that_cannot_be_written_is_said_before_the_work(film, tmp_path, monkeypatch, out, why):
    monkeypatch.chdir(tmp_path)
    found = CliRunner().invoke(main, ["real-boxes", str(film), "graph.pb", "--out", out])
    assert found.exit_code == 2
    assert why in found.output
    assert found.output.count("\n") == 1


def test_a_detector_without_its_description_is_one_line(film, tmp_path):
    (tmp_path / "ssd").mkdir()
    (tmp_path / "ssd" / "graph.pb").touch()
    found = CliRunner().invoke(main, ["real-boxes", str(film), str(tmp_path / "ssd" / "graph.pb")])
    assert found.exit_code == 2
    assert "0 .pbtxt files; expected the one of graph.pb" in found.output
    assert found.output.count("\n") == 1
