"""A Faster R-CNN network: its parts together, and the passes that describing and training need."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import replace
from typing import Self

import numpy as np
import torch
from torch import Tensor, nn
from torchvision.models.detection.image_list import ImageList
from torchvision.models.detection.roi_heads import RoIHeads
from torchvision.models.detection.rpn import RegionProposalNetwork

from vretlib.errors import UserError
from vretlib.features import detector_parts as parts
from vretlib.features.detector_parts import DetectorShape, RegionPooling
from vretlib.images import Pixels


class Detector(nn.Module):
    """A Faster R-CNN; made by `vretlib.features.detector.load`.

    Attributes
    ----------
    name: "vgg16", "zf" or "resnet50_fpn".
    weights: where the weights come from, in words. ``checksum``: SHA-256 of their file, for provenance and cache keys.
    dimension: d of the features of images and of regions.
    classes: names of the classes, without the background.
    features, rpn, heads: the convolutions, the region proposal network, and the head that classifies regions.
    """

    def __init__(self, shape: DetectorShape, regions: RegionPooling = "pool") -> None:
        super().__init__()
        self.shape = shape
        self.name, self.classes, self.dimension = shape.network, shape.classes, shape.widths[-1]
        self.weights = self.checksum = "untrained"
        self.features: nn.Module = parts.convolutions(shape.network, shape.widths)
        self.rpn: RegionProposalNetwork = parts.proposal_network(shape)
        self.heads: RoIHeads = parts.region_head(shape, regions)
        self.regions = regions

    @classmethod
    def untrained(cls, shape: DetectorShape, seed: int = 0, regions: RegionPooling = "pool") -> Self:
        """A detector with random weights, always the same for a seed."""
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            made = cls(shape, regions)
        made.weights, made.checksum = f"random (untrained, seed {seed})", f"random, seed {seed}"
        return made.eval()

    @property
    def device(self) -> torch.device:
        """The device of the parameters."""
        return next(self.parameters()).device

    def with_classes(self, classes: Sequence[str], seed: int = 0) -> Detector:
        """A copy with a new, untrained last layer for these classes, as fine-tuning begins with (§4.4)."""
        if not classes or len(set(classes)) != len(classes):
            raise UserError(
                f"{len(classes)} classes, {len(set(classes))} of them different; expected names that differ"
            )
        changed = copy.deepcopy(self)
        changed.shape = replace(self.shape, classes=tuple(classes))
        changed.classes = changed.shape.classes
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            changed.heads.box_predictor = parts.region_head(changed.shape).box_predictor
        return changed.to(self.device)

    def prepare(self, pixels: Pixels) -> Tensor:
        """The network's input (1, 3, h, w) of an RGB image (h, w, 3) uint8 that has its final size; channels last."""
        x = torch.from_numpy(np.ascontiguousarray(pixels)).to(self.device)[None].permute(0, 3, 1, 2).float()
        mean, std = (torch.tensor(v, device=self.device).view(3, 1, 1) for v in (self.shape.mean, self.shape.std))
        return x.sub_(mean).div_(std)

    def maps(self, x: Tensor) -> dict[str, Tensor]:
        """The maps that the other parts read; the first is the one that is pooled."""
        return {"0": self.features(x)}

    def propose(self, x: Tensor, maps: dict[str, Tensor], n_proposals: int, least_side: float) -> Tensor:
        """The best regions (r, 4) of one image in pixels of the network's input, best first."""
        rpn = copy.copy(self.rpn)  # shares the parameters; its own numbers are for this call alone
        rpn._post_nms_top_n = {"training": n_proposals, "testing": n_proposals}
        rpn.min_size = least_side - 1  # a box from 3 to 18 is 16 pixels wide
        return rpn(ImageList(x, [self.extent(x)]), maps)[0][0]

    def pooled(self, x: Tensor, maps: dict[str, Tensor], boxes: Tensor) -> Tensor:
        """The bins (r, d, 7, 7) of regions."""
        return self.heads.box_roi_pool(maps, [boxes], [self.extent(x)])

    @staticmethod
    def extent(x: Tensor) -> tuple[int, int]:
        """Largest y and x of a corner in an input (1, 3, h, w): corners are included, as in Caffe's code."""
        return x.shape[-2] - 1, x.shape[-1] - 1
