"""The recipe of the detectors that are fine-tuned on faces: it begins as P and writes a file with its card."""

import json
from dataclasses import replace

import numpy as np
import pytest

from vretlib import images, paths
from vretlib.features import detector_files
from vretlib.features.detector_network import Detector
from vretlib.features.detector_parts import DetectorShape
from vretlib.models import face_detector_recipe
from vretlib.models.detection_set import DetectionSet
from vretlib.models.detector_measures import DetectorQuality
from vretlib.models.face_detector_recipe import FaceTuning

RECIPE = FaceTuning(steps=20, short_side=64, long_side=96)


@pytest.fixture
def people(tmp_path, monkeypatch):
    """Four grey pictures with a square each, and a small detector in the place of P."""
    start = Detector.untrained(DetectorShape("vgg16", (2, 2, 4, 4, 6), 8, ("face", "car"), (1.0, 2.0, 4.0)))
    monkeypatch.setattr(face_detector_recipe.detector_files, "load", lambda network, weights: start)
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")
    rng, files, boxes = np.random.default_rng(0), [], []
    for i in range(4):
        picture = np.full((64, 80, 3), 128, np.uint8)
        x, y = rng.integers(0, 56), rng.integers(0, 40)
        picture[y : y + 24, x : x + 24] = [(255, 0, 0), (0, 0, 255)][i % 2]
        files.append(tmp_path / f"{i}.png")
        images.write(files[-1], picture)
        boxes.append(np.array([[x, y, x + 23, y + 23]], np.float32))
    labels = tuple(np.array([i % 2], np.int64) for i in range(4))
    return DetectionSet("faces", tuple(files), tuple(boxes), labels, ("ada", "bo"), "", "")


def test_the_file_is_a_detector_of_the_people_and_the_card_describes_it(people, tmp_path):
    out = face_detector_recipe.train(
        "detector_vgg16_f-f", people, people, tmp_path / "f.safetensors", recipe=RECIPE, progress=False
    )
    assert detector_files.read(out, "vgg16").classes == ("ada", "bo")
    card = json.loads(out.with_suffix(".json").read_text())
    assert card["data"] | {"sha256": ""} == {
        "learned": "faces", "images": 4, "boxes": 4, "people": 2, "held_out": 4, "held_out_boxes": 4, "sha256": "",
    }  # fmt: skip
    assert card["steps"] == 20
    assert card["command"].startswith("python -m vretlib weights detector_vgg16_f-f ")
    assert set(card["accuracy"]) >= {"recall_at_300", "recall_at_300_before", "map", "map_of_shuffled_names"}
    again = face_detector_recipe.train(
        "detector_vgg16_f-f", people, people, tmp_path / "g.safetensors", recipe=RECIPE, progress=False
    )
    assert again.read_bytes() == out.read_bytes()


def test_the_network_is_trained_and_measured_on_the_device_that_is_asked_for(people, tmp_path, monkeypatch):
    moved = []

    def to(self: Detector, device: str = "", **_: object) -> Detector:  # there is no GPU here
        moved.append(device)
        return self

    monkeypatch.setattr(Detector, "to", to)
    few = replace(RECIPE, steps=1)
    out = face_detector_recipe.train(
        "detector_vgg16_f-f", people, people, tmp_path / "f.safetensors", recipe=few, device="cuda:1", progress=False
    )
    assert moved.count("cuda:1") == 2
    assert json.loads(out.with_suffix(".json").read_text())["device"] == "cuda:1"


def test_names_are_shuffled_among_all_boxes_of_the_held_out_pictures(people, monkeypatch):
    seen = []

    def measure(_: Detector, examples: DetectionSet) -> DetectorQuality:
        seen.append([int(one[0]) for one in examples.labels])
        return DetectorQuality(1, 1, len(seen), {})

    monkeypatch.setattr(face_detector_recipe.detector_measures, "measure", measure)
    assert face_detector_recipe.nameless_map(None, people, 0) == 2  # the mean of 1, 2 and 3
    assert all(sorted(labels) == [0, 0, 1, 1] for labels in seen)
    assert any(labels != [0, 1, 0, 1] for labels in seen)
