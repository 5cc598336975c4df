from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from vretlib.errors import UserError
from vretlib.features import detector_files
from vretlib.features.detector_network import Detector
from vretlib.features.detector_parts import DetectorShape

SHAPE = DetectorShape("vgg16", (2, 2, 4, 4, 6), 8, ("cup", "hat"), (1.0, 2.0))


def test_a_detector_is_read_as_it_was_written(tmp_path: Path) -> None:
    written, file = Detector.untrained(SHAPE), tmp_path / "d.safetensors"
    detector_files.save(written, file)
    found = detector_files.load("vgg16", file, regions="align")
    assert (found.shape, found.classes, found.dimension, found.regions) == (SHAPE, ("cup", "hat"), 6, "align")
    assert len(found.checksum) == 64
    for key, value in written.state_dict().items():
        torch.testing.assert_close(found.state_dict()[key], value, rtol=1e-3, atol=1e-4)
    detector_files.save(written, tmp_path / "again.safetensors")
    assert file.read_bytes() == (tmp_path / "again.safetensors").read_bytes()


def test_another_network_and_damaged_parameters_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "d.safetensors"
    detector_files.save(Detector.untrained(SHAPE), file)
    with pytest.raises(UserError, match="holds a vgg16, not a zf"):
        detector_files.load("zf", file)
    broken = Detector.untrained(SHAPE)
    broken.rpn.head.bbox_pred.bias.data[0] = float("nan")
    detector_files.save(broken, file)
    with pytest.raises(UserError, match=r"rpn.head.bbox_pred.bias: holds NaN"):
        detector_files.load("vgg16", file)
    save_file({"a": torch.zeros(2)}, file, {"detector": '{"network": "vgg16", "widths": [1]}'})
    with pytest.raises(UserError, match="no detector of this project"):
        detector_files.load("vgg16", file)


def test_a_new_last_layer_is_for_the_classes_and_leaves_the_rest() -> None:
    start = Detector.untrained(SHAPE)
    changed = start.with_classes(["a", "b", "c"], seed=1)
    assert changed.heads.box_predictor.cls_score.out_features == 4
    assert changed.classes == changed.shape.classes == ("a", "b", "c")
    assert start.classes == ("cup", "hat")
    kept = [key for key in start.state_dict() if "box_predictor" not in key]
    assert all(torch.equal(start.state_dict()[key], changed.state_dict()[key]) for key in kept)
    with pytest.raises(UserError, match="2 classes, 1 of them different"):
        start.with_classes(["a", "a"])
