"""A Faster R-CNN network: its parts together, and the passes that describing and training need."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Self

import numpy as np
import torch
from torch import Tensor, nn
from torchvision.models.detection.image_list import ImageList
from torchvision.models.detection.roi_heads import RoIHeads
from torchvision.models.detection.rpn import RegionProposalNetwork

from vretlib.errors import UserError, short_list
from vretlib.features import detector_parts as parts
from vretlib.features import state_dicts
from vretlib.features.detector_parts import DetectorShape, RegionPooling
from vretlib.images import Pixels

Extent = tuple[int, int]
"""The largest y and x that a corner of a box can have."""


class Detector(nn.Module):
    """A Faster R-CNN; made by `vretlib.features.detector_files.load`.

    Attributes
    ----------
    name: "vgg16", "zf" or "resnet50_fpn".
    weights: where the weights come from, in words.
    checksum: SHA-256 of their file, for provenance and cache keys.
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
        """A copy with a new, untrained last layer for these classes, from which fine-tuning starts (§4.4).

        Raises
        ------
        UserError: no classes, or names that are not all different.
        """
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
        """The maps (1, channels, h, w) that the other parts read."""
        return {"0": self.features(x)}

    def last_map(self, maps: dict[str, Tensor], extent: Extent) -> Tensor:  # noqa: ARG002 (other networks use it)
        """The map (d, h, w) that is pooled, without cells that lie outside the image."""
        return maps["0"][0]

    def propose(
        self, x: Tensor, maps: dict[str, Tensor], extent: Extent, n_proposals: int, least_side: float
    ) -> Tensor:
        """The best regions (r, 4) of one image in pixels of the network's input, best first."""
        rpn = copy.copy(self.rpn)  # shares the parameters; the options set below are only for this call
        rpn._post_nms_top_n = {"training": n_proposals, "testing": n_proposals}
        rpn.min_size = least_side - 1  # a box from 3 to 18 is 16 pixels wide
        return rpn(ImageList(x, [extent]), maps)[0][0]

    def pooled(self, maps: dict[str, Tensor], boxes: Tensor, extent: Extent) -> Tensor:
        """The bins (r, d, 7, 7) of regions."""
        return self.heads.box_roi_pool(maps, [boxes], [extent])

    @staticmethod
    def extent(pixels: Pixels) -> Extent:
        """The largest y and x of a corner in an image (h, w, 3): corners are included, as in Caffe's code."""
        return pixels.shape[0] - 1, pixels.shape[1] - 1


def fill(detector: Detector, state: Mapping[str, Tensor], where: str) -> None:
    """Put parameters into a detector.

    Raises
    ------
    UserError: a parameter that is missing, of another shape, or not finite.
    """
    expected = detector.state_dict()
    faults = [
        f"{key}: {wrong}"
        for key, value in expected.items()
        if (wrong := state_dicts.fault(state[key], value) if key in state else "found no such tensor")
    ]
    if faults:
        raise UserError(f"{where} does not fit the detector: {short_list(faults, '; ')}. Restore it, or train it anew.")
    detector.load_state_dict({key: state[key] for key in expected})
