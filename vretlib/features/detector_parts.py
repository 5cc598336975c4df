"""The parts of a Faster R-CNN (Ren et al., 2015): convolutions, anchors, region proposals, and the head of regions.

torchvision's own parts are used where they can be: the region proposal network, the matching and sampling of boxes, the
losses, and the head with its two fully connected layers. Added are the parts that the papers' networks have and
torchvision's lack: a single map (conv5) at a stride of 16, the anchors of the authors' code, and RoI pooling. The
non-maximum suppression of proposals is torchvision's on a GPU; on a CPU it is `vretlib.features.suppression`, which
keeps the same boxes in less time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.faster_rcnn import FastRCNNPredictor, TwoMLPHead
from torchvision.models.detection.image_list import ImageList
from torchvision.models.detection.roi_heads import RoIHeads
from torchvision.models.detection.rpn import RegionProposalNetwork, RPNHead
from torchvision.models.vgg import make_layers
from torchvision.ops import boxes as box_ops
from torchvision.ops import roi_align, roi_pool

from vretlib.errors import UserError
from vretlib.features import suppression

STRIDE = 16
"""Pixels of the network's input for a cell of its last map."""
BINS = 7
"""Rows and columns of the bins of a region."""
MEAN, STD = (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)
"""Of ImageNet's pixels from 0 to 255, RGB, as all networks of this project take them."""

RegionPooling = Literal["pool", "align"]

_CONVOLUTIONS = {"vgg16": (2, 2, 3, 3, 3), "zf": (1, 1, 1, 1, 1)}
NETWORKS = tuple(_CONVOLUTIONS)
FIRST_LEARNED = {"vgg16": 10, "zf": 6}
"""The module of ``features`` where conv3 begins, behind "the first two convolutional layers" of paper 003, §3.2."""


@dataclass(frozen=True)
class DetectorShape:
    """Everything about a detector except its parameters.

    Attributes
    ----------
    network: "vgg16" or "zf".
    widths: channels of the five groups of convolutions (published: 64, 128, 256, 512, 512 and 96, 256, 384, 384, 256).
    fully_connected: units of fc6 and fc7 (published: 4096).
    classes: names of the classes, without the background.
    scales: sides of square anchors in cells of 16 pixels. The paper's 8, 16, 32 are 128, 256 and 512 pixels of an
        image whose short side is 600; for a short side of 224 that is about 3, 6, 12.
    mean, std: RGB, of pixels from 0 to 255.
    """

    network: str
    widths: tuple[int, ...]
    fully_connected: int
    classes: tuple[str, ...]
    scales: tuple[float, ...] = (8.0, 16.0, 32.0)
    mean: tuple[float, ...] = MEAN
    std: tuple[float, ...] = STD

    @classmethod
    def of(cls, described: Mapping[str, Any]) -> DetectorShape:
        """The shape in a dict of `dataclasses.asdict`; KeyError, TypeError or ValueError for anything else."""
        floats = {name: tuple(float(v) for v in described[name]) for name in ("scales", "mean", "std")}
        widths = tuple(int(width) for width in described["widths"])
        classes = tuple(str(name) for name in described["classes"])
        if described["network"] not in NETWORKS or len(widths) != 5 or len(set(classes)) != len(classes):
            raise ValueError(f"network {described['network']!r} of widths {widths}")
        return cls(str(described["network"]), widths, int(described["fully_connected"]), classes, **floats)


class Anchors(AnchorGenerator):
    """Anchors of the authors' code: rounded as there, and centred in their cell of 16 × 16 pixels.

    torchvision puts them at the cell's corner, and takes the stride from the size of the image, which is not 16 when
    the last cells reach over the edge.
    """

    def __init__(self, scales: tuple[float, ...], ratios: tuple[float, ...] = (0.5, 1.0, 2.0)) -> None:
        super().__init__((scales,), (ratios,))

    def generate_anchors(
        self,
        scales: Any,
        aspect_ratios: Any,
        dtype: torch.dtype = torch.float32,
        device: torch.device = torch.device("cpu"),  # noqa: B008 (torchvision's signature)
    ) -> Tensor:
        """Anchors (ratios × scales, 4) of the first cell; a ratio is height over width."""
        ratios, sides = torch.as_tensor(aspect_ratios, dtype=dtype), torch.as_tensor(scales, dtype=dtype)
        w = (STRIDE / ratios.sqrt()).round()
        h = (w * ratios).round()
        half = torch.stack([w, h], 1)[:, None] * sides[:, None] / 2
        return torch.cat([STRIDE / 2 - half, STRIDE / 2 + half], -1).reshape(-1, 4).to(device)

    def forward(self, image_list: ImageList, feature_maps: list[Tensor]) -> list[Tensor]:
        """The anchors of all cells, for each image; cells are ordered by rows from the top, then from left to right."""
        maps = feature_maps[0]
        self.set_cell_anchors(maps.dtype, maps.device)
        step = torch.tensor(STRIDE, device=maps.device)
        (anchors,) = self.grid_anchors([list(maps.shape[-2:])], [[step, step]])
        return [anchors] * len(image_list.image_sizes)


class Proposals(RegionProposalNetwork):
    """torchvision's region proposal network; on a CPU, suppression ends when enough proposals are found.

    torchvision suppresses among all anchors and then takes the first ones. The proposals are the same, and finding 300
    of 2,400 anchors takes a sixth of the time. In training, proposals of equal objectness have torchvision's order too,
    so that the same ones are sampled.
    """

    def filter_proposals(
        self,
        proposals: Tensor,
        objectness: Tensor,
        image_shapes: list[tuple[int, int]],
        num_anchors_per_level: list[int],
    ) -> tuple[list[Tensor], list[Tensor]]:
        """The best boxes of each image, (r, 4) in the order of their objectness, and their objectness."""
        if proposals.device.type != "cpu":
            return super().filter_proposals(proposals, objectness, image_shapes, num_anchors_per_level)
        found = []
        for all_boxes, logits, shape in zip(
            proposals, objectness.detach().view(len(image_shapes), -1), image_shapes, strict=True
        ):
            scores, order = logits.topk(min(self.pre_nms_top_n(), len(logits)))
            boxes = box_ops.clip_boxes_to_image(all_boxes[order], shape)
            large = box_ops.remove_small_boxes(boxes, self.min_size)
            boxes, scores = boxes[large], scores[large].sigmoid()
            n = self.post_nms_top_n()
            kept = torch.from_numpy(
                suppression.best(boxes.numpy(), len(boxes) if self.training else n, self.nms_thresh)
            )
            if self.training:
                kept = kept[scores[kept].sort(descending=True)[1]][:n]
            found.append((boxes[kept], scores[kept]))
        return [boxes for boxes, _ in found], [scores for _, scores in found]


class RegionBins(nn.Module):
    """The bins of each region of one map, (regions, channels, 7, 7): RoI pooling of the papers, or RoIAlign."""

    def __init__(self, kind: RegionPooling = "pool") -> None:
        super().__init__()
        if kind not in ("pool", "align"):
            raise UserError(f"regions={kind!r}: expected 'pool' (RoI pooling, the papers') or 'align' (RoIAlign)")
        self.kind = kind

    def forward(
        self,
        features: dict[str, Tensor],
        proposals: list[Tensor],
        image_shapes: list[tuple[int, int]],  # noqa: ARG002 (torchvision's signature)
    ) -> Tensor:
        """Bins of all images' regions; boxes are in pixels of the network's input."""
        (maps,) = features.values()
        if self.kind == "pool":
            return roi_pool(maps, proposals, BINS, 1 / STRIDE)
        return roi_align(maps, proposals, BINS, 1 / STRIDE, sampling_ratio=2, aligned=True)


def convolutions(network: str, widths: tuple[int, ...], *, batch_norm: bool = False) -> nn.Sequential:
    """The convolutions up to the ReLU of conv5, at a stride of 16.

    Pooling rounds the size of maps up, as Caffe does, so every pixel belongs to a cell of the map, and the map of an
    image of any size has at least one cell.

    For "vgg16" the names of the parameters are torchvision's. "zf" is the network of Zeiler and Fergus as Faster R-CNN
    has it: 7 × 7 and 5 × 5 convolutions with a stride of 2, each followed by a 3 × 3 max-pooling, and three 3 × 3
    convolutions. The local response normalisation after the first two is left out, as it is in all later networks.
    """
    if network == "vgg16":
        groups = zip(widths, _CONVOLUTIONS["vgg16"], strict=True)
        described: list[Any] = [item for width, depth in groups for item in [*[width] * depth, "M"]]
        layers = list(make_layers(described[:-1], batch_norm=batch_norm))
        for layer in layers:
            if isinstance(layer, nn.MaxPool2d):
                layer.ceil_mode = True
    else:
        layers, before = [], 3
        for width, side, stride in zip(widths, (7, 5, 3, 3, 3), (2, 2, 1, 1, 1), strict=True):
            layers += [nn.Conv2d(before, width, side, stride, side // 2)]
            layers += [nn.BatchNorm2d(width)] if batch_norm else []
            layers += [nn.ReLU(inplace=True)]
            if stride == 2:
                layers += [nn.MaxPool2d(3, 2, 1, ceil_mode=True)]
            before = width
    for layer in layers:
        if isinstance(layer, nn.Conv2d) and layer.bias is not None:
            nn.init.kaiming_normal_(layer.weight, mode="fan_out", nonlinearity="relu")
            nn.init.zeros_(layer.bias)
    return nn.Sequential(*layers)


def proposal_network(shape: DetectorShape) -> Proposals:
    """The region proposal network with the settings of Ren et al. (2015), sections 3.1.3 and 3.3."""
    anchors = Anchors(shape.scales)
    return Proposals(
        anchors,
        RPNHead(shape.widths[-1], anchors.num_anchors_per_location()[0]),
        fg_iou_thresh=0.7,
        bg_iou_thresh=0.3,
        batch_size_per_image=256,
        positive_fraction=0.5,
        pre_nms_top_n={"training": 12000, "testing": 6000},
        post_nms_top_n={"training": 2000, "testing": 300},
        nms_thresh=0.7,
    )


def region_head(shape: DetectorShape, kind: RegionPooling = "pool") -> RoIHeads:
    """The head of regions: 7 × 7 bins, fc6 and fc7, classes and regressed boxes; settings of Girshick (2015)."""
    return RoIHeads(
        RegionBins(kind),
        TwoMLPHead(shape.widths[-1] * BINS**2, shape.fully_connected),
        FastRCNNPredictor(shape.fully_connected, len(shape.classes) + 1),
        fg_iou_thresh=0.5,
        bg_iou_thresh=0.5,
        batch_size_per_image=128,
        positive_fraction=0.25,
        bbox_reg_weights=None,
        score_thresh=0.05,
        nms_thresh=0.3,
        detections_per_img=100,
    )
