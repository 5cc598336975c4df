from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.nn.functional import conv2d, linear, max_pool2d, relu
from torchvision.models.detection import FasterRCNN
from torchvision.models.detection.backbone_utils import resnet_fpn_backbone

from vretlib.errors import UserError
from vretlib.features import detector as detectors
from vretlib.features import detector_files, detector_network
from vretlib.features import detector_published as published
from vretlib.features.detector import describe

WIDTHS = (2, 3, 4, 5, 6)


def caffe_state(n_classes: int = 20, n_anchors: int = 9) -> dict[str, Tensor]:
    """Random tensors with the names and, but for their widths, the shapes of the published VGG16."""
    generator = torch.Generator().manual_seed(0)
    shapes, before = {}, 3
    for group, (width, depth) in enumerate(zip(WIDTHS, (2, 2, 3, 3, 3), strict=True), start=1):
        for number in range(1, depth + 1):
            shapes[f"conv{group}_{number}"] = (width, before, 3, 3)
            before = width
    shapes |= {
        "rpn_conv/3x3": (6, 6, 3, 3),
        "rpn_cls_score": (2 * n_anchors, 6, 1, 1),
        "rpn_bbox_pred": (4 * n_anchors, 6, 1, 1),
        "fc6": (8, 6 * 49),
        "fc7": (8, 8),
        "cls_score": (n_classes + 1, 8),
        "bbox_pred": (4 * n_classes + 4, 8),
    }
    state = {f"{layer}.weight": torch.randn(shape, generator=generator) * 0.3 for layer, shape in shapes.items()}
    return state | {f"{layer}.bias": torch.randn(shape[0], generator=generator) for layer, shape in shapes.items()}


def test_the_published_caffe_network_computes_what_caffe_does(tmp_path: Path) -> None:
    state, file = caffe_state(), tmp_path / "VGG16_faster_rcnn_final.safetensors"
    save_file(state, file)
    detector = detector_files.load("vgg16", file)
    picture = np.random.default_rng(0).integers(0, 256, (50, 70, 3), dtype=np.uint8)

    x = torch.from_numpy(picture[..., ::-1].copy()).float() - torch.tensor([102.9801, 115.9465, 122.7717])  # BGR
    x = x.permute(2, 0, 1)[None]
    for group, depth in enumerate((2, 2, 3, 3, 3), start=1):
        for number in range(1, depth + 1):
            x = relu(conv2d(x, *_of(state, f"conv{group}_{number}"), padding=1))
        if group < 5:
            x = max_pool2d(x, 2, ceil_mode=True)
    found = detectors.activation_map(detector, picture, short_side=50, long_side=70)
    np.testing.assert_allclose(found, x[0].numpy(), rtol=1e-4, atol=1e-3)

    with torch.no_grad():
        hidden = relu(conv2d(x, *_of(state, "rpn_conv/3x3"), padding=1))
        pairs = conv2d(hidden, *_of(state, "rpn_cls_score")).view(1, 2, 9, *x.shape[-2:]).softmax(1)
        logits, _ = detector.rpn.head([x])
        torch.testing.assert_close(logits[0].sigmoid(), pairs[:, 1], atol=1e-4, rtol=1e-3)
        units = torch.rand(4, 8)
        scores, corrections = detector.heads.box_predictor(units)
        torch.testing.assert_close(scores, linear(units, *_of(state, "cls_score")))
        divided = corrections.view(4, 21, 4) / torch.tensor([10.0, 10.0, 5.0, 5.0])
        torch.testing.assert_close(divided.flatten(1), linear(units, *_of(state, "bbox_pred")))
    assert detector.classes == published.VOC


def _of(state: dict[str, Tensor], layer: str) -> tuple[Tensor, Tensor]:
    return state[f"{layer}.weight"], state[f"{layer}.bias"]


def test_anchors_are_those_of_the_authors_code() -> None:
    # generate_anchors.py prints corners with pixels included: -84 -40 99 55 and so on; the far ones are one more here.
    printed = [
        (-84, -40, 99, 55), (-176, -88, 191, 103), (-360, -184, 375, 199), (-56, -56, 71, 71), (-120, -120, 135, 135),
        (-248, -248, 263, 263), (-36, -80, 51, 95), (-80, -168, 95, 183), (-168, -344, 183, 359),
    ]  # fmt: skip
    _, shape = published.from_caffe(caffe_state(), "test")
    anchors = detector_network.Detector(shape).rpn.anchor_generator.cell_anchors[0]
    assert (anchors - torch.tensor([0, 0, 1, 1])).tolist() == [list(map(float, row)) for row in printed]


def test_classes_and_anchors_follow_from_the_layers() -> None:
    _, coco = published.from_caffe(caffe_state(80, 12), "test")
    assert (coco.classes[0], len(coco.classes), coco.scales) == ("person", 80, (4.0, 8.0, 16.0, 32.0))
    _, faces = published.from_caffe(caffe_state(3), "test")
    assert faces.classes == ("class 1", "class 2", "class 3")
    with pytest.raises(UserError, match="expected 9 or 12 anchors"):
        published.from_caffe(caffe_state(20, 5), "test")


def test_a_file_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    state = caffe_state()
    del state["rpn_conv/3x3.bias"]
    save_file(state, tmp_path / "lacks.safetensors")
    with pytest.raises(UserError, match=r"lacks rpn_conv/3x3\.bias"):
        detector_files.load("vgg16", tmp_path / "lacks.safetensors")
    save_file(caffe_state() | {"fc7.weight": torch.zeros(8, 9)}, tmp_path / "shape.safetensors")
    with pytest.raises(UserError, match=r"fc7.weight: expected shape \(8, 8\)"):
        detector_files.load("vgg16", tmp_path / "shape.safetensors")
    save_file({"other": torch.zeros(3)}, tmp_path / "other.safetensors")
    with pytest.raises(UserError, match="no detector of this project"):
        detector_files.load("vgg16", tmp_path / "other.safetensors")


def test_a_pyramid_gives_the_same_kinds_of_features() -> None:
    backbone = resnet_fpn_backbone(backbone_name="resnet18", weights=None)
    detector = published.FpnDetector(2, FasterRCNN(backbone, 3)).eval()
    picture = np.random.default_rng(0).integers(0, 256, (50, 70, 3), dtype=np.uint8)
    found = describe(detector, picture, short_side=50, long_side=70, box=(10, 10, 40, 40))
    assert found.image["max"].shape == (256,)
    assert found.regions["sum"].shape == (len(found.boxes), 256)
    assert found.scores.shape[1] == 3
    maps = detectors.activation_map(detector, picture, short_side=50, long_side=70)
    assert maps.shape == (256, 4, 5)  # 64 × 96 padded, of which 50 × 70 are the image
    np.testing.assert_allclose(found.image["max"], maps.max((1, 2)), rtol=1e-5)


def test_other_weights_of_the_pyramid_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UserError, match=r"load\('resnet50_fpn', 'coco'\)"):
        detector_files.load("vgg16", "coco")
    with pytest.raises(UserError, match="'P': there are none for resnet50_fpn"):
        detector_files.load("resnet50_fpn", "P")
    with pytest.raises(UserError, match=r"imagenet: no such file of weights.* or one of 'coco', 'random'\.$"):
        detector_files.load("resnet50_fpn", "imagenet")

    def fails(*_: object, **__: object) -> None:
        raise OSError("no network")

    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    monkeypatch.setattr(torch.hub, "download_url_to_file", fails)
    with pytest.raises(UserError, match="could not be downloaded"):
        detector_files.load("resnet50_fpn", "coco")
