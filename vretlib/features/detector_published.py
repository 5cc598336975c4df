"""Published detectors: the papers' VGG16 from Caffe, and torchvision's ResNet-50 with a pyramid of maps (FPN)."""

from __future__ import annotations

from collections.abc import Mapping
from http.client import HTTPException
from pathlib import Path

import torch
from torch import Tensor, nn
from torchvision.models.detection import FasterRCNN, fasterrcnn_resnet50_fpn
from torchvision.models.detection import FasterRCNN_ResNet50_FPN_Weights as FpnWeights

from vretlib import files
from vretlib.errors import UserError, short_list
from vretlib.features import weights as weights_of
from vretlib.features.detector_network import Detector, Extent, fill
from vretlib.features.detector_parts import DetectorShape
from vretlib.features.state_dicts import State
from vretlib.images import Pixels

FPN = "resnet50_fpn"
VOC = (
    "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow", "diningtable", "dog",
    "horse", "motorbike", "person", "pottedplant", "sheep", "sofa", "train", "tvmonitor",
)  # fmt: skip
COCO = tuple(name for name in FpnWeights.COCO_V1.meta["categories"] if name not in ("N/A", "__background__"))
CAFFE_MEAN = (122.7717, 115.9465, 102.9801)
"""RGB, of pixels from 0 to 255: the mean that the authors' code removes, in the order of this project."""

_HEADS = {
    "rpn_conv/3x3": "rpn.head.conv.0.0",
    "rpn_cls_score": "rpn.head.cls_logits",
    "rpn_bbox_pred": "rpn.head.bbox_pred",
    "fc6": "heads.box_head.fc6",
    "fc7": "heads.box_head.fc7",
    "cls_score": "heads.box_predictor.cls_score",
    "bbox_pred": "heads.box_predictor.bbox_pred",
}
_GROUPS = (2, 2, 3, 3, 3)
_OVER_STD = torch.tensor([10.0, 10.0, 5.0, 5.0])
"""What torchvision divides regressed boxes by; Caffe's saved layers have it multiplied in already."""


def caffe_names() -> dict[str, str]:
    """Caffe's layer -> the module of a detector, for the published VGG16."""
    names, place = {}, 0
    for group, depth in enumerate(_GROUPS, start=1):
        for number in range(1, depth + 1):
            names[f"conv{group}_{number}"] = f"features.{place}"
            place += 2
        place += 1  # the pooling
    return names | _HEADS


def is_caffe(state: Mapping[str, Tensor]) -> bool:
    """Whether tensors have the names of Caffe's layers."""
    return "conv1_1.weight" in state


def from_caffe(state: Mapping[str, Tensor], where: str) -> tuple[State, DetectorShape]:
    """The parameters and the shape of a detector from those of the published VGG16 (py-faster-rcnn; VOC or COCO).

    The file is a ``.safetensors`` or ``.pth`` file with the blobs of each layer of `caffe_names` under
    ``LAYER.weight`` and ``LAYER.bias``, as Caffe holds them. The conversion changes three things:

    * the colours of conv1_1 are reordered from BGR to RGB;
    * the two scores of an anchor, background and object, become their difference, whose sigmoid is their softmax;
    * the regressed boxes of bbox_pred are multiplied by 10, 10, 5, 5, by which torchvision divides them.

    The number and the scales of the anchors follow from the layers: 9 anchors are 8, 16, 32 cells wide (VOC), 12
    anchors 4, 8, 16, 32 (COCO). Classes are named by their numbers if there are neither 20 nor 80.

    Raises
    ------
    UserError: a layer is missing, or shapes do not fit together.
    """
    names = caffe_names()
    missing = [f"{layer}.{blob}" for layer in names for blob in ("weight", "bias") if f"{layer}.{blob}" not in state]
    if missing:
        raise UserError(f"{where}: lacks {short_list(missing)}; expected all layers of the published VGG16")
    found = {f"{new}.{blob}": state[f"{old}.{blob}"] for old, new in names.items() for blob in ("weight", "bias")}
    widths = tuple(len(state[f"conv{group}_1.bias"]) for group in range(1, 6))
    n_classes, n_anchors = len(state["cls_score.bias"]) - 1, len(state["rpn_cls_score.bias"]) // 2
    scales = {9: (8.0, 16.0, 32.0), 12: (4.0, 8.0, 16.0, 32.0)}.get(n_anchors)
    if scales is None or n_classes < 1 or len(state["bbox_pred.bias"]) != 4 * (n_classes + 1):
        raise UserError(f"{where}: {n_anchors} anchors and {n_classes} classes; expected 9 or 12 anchors, and classes")
    found["features.0.weight"] = found["features.0.weight"].flip(1)
    for blob in ("weight", "bias"):
        background, object_ = found[f"rpn.head.cls_logits.{blob}"].chunk(2)
        found[f"rpn.head.cls_logits.{blob}"] = object_ - background
        key = f"heads.box_predictor.bbox_pred.{blob}"
        times = _OVER_STD.repeat(n_classes + 1)
        found[key] = found[key] * (times[:, None] if blob == "weight" else times)
    classes = {20: VOC, 80: COCO}.get(n_classes, tuple(f"class {i}" for i in range(1, n_classes + 1)))
    fully = len(state["fc6.bias"])
    return found, DetectorShape("vgg16", widths, fully, classes, scales, CAFFE_MEAN, (1.0, 1.0, 1.0))


class FpnDetector(Detector):
    """torchvision's Faster R-CNN with ResNet-50 and a pyramid of maps, as a describer of images.

    The map with a stride of 16 is pooled for the image; regions are pooled from the level of their size by RoIAlign.
    """

    def __init__(self, n_classes: int = len(COCO), inner: FasterRCNN | None = None) -> None:
        nn.Module.__init__(self)
        model = inner or fasterrcnn_resnet50_fpn(weights=None, weights_backbone=None)
        channels = int(model.backbone.out_channels)
        self.shape = DetectorShape(FPN, (channels,) * 5, 1024, COCO[:n_classes])
        self.name, self.classes, self.dimension = FPN, COCO[:n_classes], channels
        self.weights = self.checksum = "untrained"
        self.regions = "align"
        self.features, self.rpn, self.heads = model.backbone, model.rpn, model.roi_heads

    def prepare(self, pixels: Pixels) -> Tensor:
        """The network's input, padded to sides of a multiple of 32 as torchvision does."""
        x = super().prepare(pixels)
        height, width = x.shape[-2:]
        return nn.functional.pad(x, (0, -width % 32, 0, -height % 32))

    def maps(self, x: Tensor) -> dict[str, Tensor]:
        """The maps of all levels of the pyramid."""
        return dict(self.features(x))

    def last_map(self, maps: dict[str, Tensor], extent: Extent) -> Tensor:
        """The map (d, h, w) with a stride of 16, without cells outside the image."""
        rows, columns = (last // 16 + 1 for last in extent)
        return maps["2"][0, :, :rows, :columns]


def load_fpn(weights: str | Path) -> FpnDetector:
    """Torchvision's detector: "coco" (downloaded once), "random", or a file of its state dict.

    Raises
    ------
    UserError: other weights, or a file that cannot be downloaded or does not fit.
    """
    if weights == "random":
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            detector = FpnDetector()
        detector.weights, detector.checksum = "random (untrained, seed 0)", "random, seed 0"
        return detector.eval()
    if weights in ("P", "C"):
        raise UserError(f"weights={str(weights)!r}: there are none for {FPN}; expected 'coco' or the path of a file")
    path = _coco_file() if weights == "coco" else files.given(weights)
    found = weights_of.read(path, str(weights), ("coco", "random"))
    detector = FpnDetector()
    state = {
        key.replace("backbone.", "features.", 1).replace("roi_heads.", "heads.", 1).replace(
            "rpn.head.conv.weight", "rpn.head.conv.0.0.weight").replace(
            "rpn.head.conv.bias", "rpn.head.conv.0.0.bias"): value
        for key, value in found.state.items()
    }  # fmt: skip
    fill(detector, state, found.description)
    detector.weights, detector.checksum = found.description, found.checksum
    return detector.eval()


def _coco_file() -> Path:
    """The path of torchvision's file, downloaded to torch's own cache unless it is there already."""
    url = FpnWeights.COCO_V1.url
    path = Path(torch.hub.get_dir()) / "checkpoints" / url.rsplit("/", 1)[1]
    if not path.exists():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            torch.hub.download_url_to_file(url, str(path), hash_prefix=path.stem.rsplit("-", 1)[1])
        except (OSError, HTTPException, RuntimeError) as error:  # RuntimeError: the download has another hash
            raise UserError(
                f"weights='coco': {url} could not be downloaded ({error}). Download it elsewhere and put it at {path}, "
                "or give the file's path as weights, or use the project's own, 'P' or 'C'."
            ) from error
    return path
