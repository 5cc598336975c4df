from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from vretlib import images, paths
from vretlib.errors import UserError
from vretlib.features import detector_files
from vretlib.features import weights as weights_of
from vretlib.models import cards, detector_recipe
from vretlib.models.detection_set import DetectionSet
from vretlib.models.detector_recipe import DetectorRecipe

TINY = DetectorRecipe("zf", "P", "all", 4, short_side=64, long_side=96)


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")


@pytest.fixture
def squares(tmp_path: Path) -> DetectionSet:
    """Four grey pictures of 64 × 80 pixels, each with a white square of 40 pixels."""
    files = []
    for i in range(4):
        picture = np.full((64, 80, 3), 90 + 10 * i, np.uint8)
        picture[10:50, 20:60] = 255
        files.append(tmp_path / f"{i}.png")
        images.write(files[-1], picture)
    box, label = np.array([[20, 10, 59, 49]], np.float32), np.zeros(1, np.int64)
    return DetectionSet("squares", tuple(files), (box,) * 4, (label,) * 4, ("square",), "", "")


def test_a_trained_detector_is_written_with_its_card(squares: DetectionSet, tmp_path: Path) -> None:
    out = detector_recipe.train(
        "detector_zf_p", squares, squares, tmp_path / "d.safetensors", recipe=TINY, data={"seed": 0}, progress=False
    )
    card = cards.read(out)
    found = detector_files.load("zf", out)
    assert found.classes == tuple(card["shape"]["classes"]) == ("square",)
    assert (card["data"]["images"], card["data"]["boxes"], card["recipe"]["steps"]) == (4, 4, 4)
    assert set(card["accuracy"]) >= {"recall_at_300", "recall_at_300_untrained", "map"}
    assert card["command"].startswith("python -m vretlib weights detector_zf_p")
    again = detector_recipe.train(
        "detector_zf_p", squares, squares, tmp_path / "again.safetensors", recipe=TINY, progress=False
    )
    assert again.read_bytes() == out.read_bytes()


def test_vgg16_begins_with_the_convolutions_of_the_embedded_network() -> None:
    begin = detector_recipe.start("vgg16", ("a",))
    embedded = weights_of.read(weights_of.embedded_file("vgg16"), "embedded").state
    assert torch.equal(begin.state_dict()["features.28.weight"], embedded["features.28.weight"])
    assert begin.checksum == weights_of.read(weights_of.embedded_file("vgg16"), "embedded").checksum
    assert detector_recipe.start("zf", ("a",)).checksum == "random, seed 0"


def test_other_scenes_have_another_checksum_and_an_unknown_recipe_is_refused(squares: DetectionSet) -> None:
    moved = replace(squares, boxes=(squares.boxes[0] + 1, *squares.boxes[1:]))
    assert detector_recipe.checksum(squares) != detector_recipe.checksum(moved)
    with pytest.raises(UserError, match="there are recipes for"):
        detector_recipe.train("detector_x", squares, squares, "d.safetensors")
