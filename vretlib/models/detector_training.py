"""Approximate joint training of a detector (Ren et al.).

Each step takes one or a few images, and the gradient of the sum of four losses: objectness and boxes of the region
proposal network, classes and boxes of the head. The gradient does not pass through the proposals' coordinates. All
images are used twice: as they are, and mirrored.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal, get_args

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.optim import SGD, Optimizer
from torch.optim.lr_scheduler import LambdaLR, LRScheduler
from torchvision.models.detection.image_list import ImageList

from vretlib.errors import UserError
from vretlib.features.detector import MIN_SIDE
from vretlib.features.detector_network import Detector
from vretlib.features.detector_parts import FIRST_LEARNED
from vretlib.models import detector_normalisation
from vretlib.models.checkpoint import Checkpoint
from vretlib.models.detection_set import DetectionSet
from vretlib.models.detector_examples import Example, load
from vretlib.models.optimisation import Settings
from vretlib.models.training import shuffled
from vretlib.models.training import train as minimise

Layers = Literal["all", "fully connected", "after conv2"]


@dataclass(frozen=True)
class SgdWithDrop:
    """Stochastic gradient descent as in Faster R-CNN: the rate falls to a tenth after three quarters of the steps.

    The rate rises over the first ``warm_up`` steps, which the paper's network, pre-trained on ImageNet, does not need.
    """

    learning_rate: float = 0.001
    momentum: float = 0.9
    weight_decay: float = 0.0005
    batch_size: int = 1
    warm_up: int = 50

    def start(self, network: nn.Module, steps: int) -> tuple[Optimizer, LRScheduler | None]:
        """The optimiser of the parameters that are not frozen, and its schedule."""
        learned = [p for p in network.parameters() if p.requires_grad]
        groups = [
            {"params": [p for p in learned if p.ndim > 1], "weight_decay": self.weight_decay},
            {"params": [p for p in learned if p.ndim <= 1], "weight_decay": 0.0},
        ]
        optimiser = SGD(groups, lr=self.learning_rate, momentum=self.momentum, fused=True)
        return optimiser, LambdaLR(optimiser, partial(self._rate, steps))

    def _rate(self, steps: int, step: int) -> float:
        return min(1.0, (step + 1) / (self.warm_up + 1)) * (0.1 if step >= 0.75 * steps else 1.0)


def train(
    detector: Detector,
    examples: DetectionSet,
    *,
    layers: Layers = "all",
    steps: int,
    seed: int = 0,
    settings: Settings = SgdWithDrop(),
    normalise: bool = False,
    short_side: int = 224,
    long_side: int = 400,
    checkpoint: Checkpoint | None = None,
    progress: bool = False,
) -> tuple[Detector, NDArray[np.float64]]:
    """A trained copy of a detector, and the loss of each step, (steps,).

    Parameters
    ----------
    detector: what the training starts from; it is not changed.
    examples: the training images with their boxes; their classes are the detector's.
    layers: "all"; "after conv2" leaves the first two groups of convolutions as they are, as Ren et al. do with VGG16;
        "fully connected" leaves all convolutions and the region proposal network as they are.
    normalise: whether the trained convolutions are followed by batch normalisation during training
        (`vretlib.models.detector_normalisation`); then a batch should have several images.
    short_side, long_side: size of the images, see `vretlib.features.detector.describe`.
    checkpoint: where an unfinished run is stored; the same call continues it.

    Raises
    ------
    UserError: the classes are not the detector's; a box without area or outside its image; no images; a loss that is
        not finite.
    """
    if layers not in get_args(Layers):
        raise UserError(f"layers={layers!r}; expected one of {', '.join(map(repr, get_args(Layers)))}")
    if examples.classes != detector.classes:
        raise UserError(
            f"{examples.name} has {len(examples.classes)} classes, the detector {len(detector.classes)}; expected the "
            "same names: detector.with_classes(examples.classes) has a new last layer for them"
        )
    if detector.name not in FIRST_LEARNED:
        raise UserError(f"{detector.name} cannot be trained here; load one of {', '.join(FIRST_LEARNED)}")
    learner = copy.deepcopy(detector)
    _freeze(learner, layers)
    learner.rpn.min_size = MIN_SIDE * short_side - 1
    generator = torch.Generator().manual_seed(seed)
    loaded = load(examples, short_side, long_side)
    normalise = normalise and layers != "fully connected"  # convolutions that do not learn stay as they are
    if normalise and isinstance(learner.features, nn.Sequential):
        alike = [e for e in loaded if e.pixels.shape == loaded[0].pixels.shape][:16]
        first = 0 if layers == "all" else FIRST_LEARNED[detector.name]
        some = torch.cat([learner.prepare(example.pixels) for example in alike])
        learner.features = detector_normalisation.insert(learner.features, first, some)
    learner.to(memory_format=torch.channels_last)
    n = len(loaded)
    rows = shuffled(2 * n, settings.batch_size, generator)

    def batches(step: int, generator: torch.Generator) -> list[Example]:  # noqa: ARG001 (all is in the rows)
        return [loaded[row % n].mirrored(row) if row >= n else loaded[row] for row in rows(step).tolist()]

    loss = _loss_of_head(learner) if layers == "fully connected" else partial(_joint_loss, learner)

    done = minimise(
        learner, loss, batches, steps=steps, generator=generator, settings=settings,
        checkpoint=checkpoint, description="detector", progress=progress,
    )  # fmt: skip
    if normalise and isinstance(learner.features, nn.Sequential):
        learner.features = detector_normalisation.fold(learner.features)
    for parameter in learner.parameters():
        parameter.requires_grad_(True)
    learner.weights, learner.checksum = f"trained here from {detector.weights}", _checksum(learner)
    return learner.eval(), np.array(done.losses)


def _freeze(detector: Detector, layers: Layers) -> None:
    """Freeze the parameters that the choice of layers leaves out."""
    frozen: list[nn.Module] = []
    if layers == "after conv2":
        frozen = list(detector.features.children())[: FIRST_LEARNED[detector.name]]
    elif layers == "fully connected":
        frozen = [detector.features, detector.rpn]
    for module in frozen:
        module.requires_grad_(False)


def _joint_loss(detector: Detector, batch: list[Example]) -> Tensor:
    """The sum of the four losses, averaged over the images; images of one shape form one batch."""
    losses = []
    for shape in dict.fromkeys(example.pixels.shape for example in batch):
        alike = [example for example in batch if example.pixels.shape == shape]
        x = torch.cat([detector.prepare(example.pixels) for example in alike])
        targets = [{"boxes": e.boxes.to(x.device), "labels": e.labels.to(x.device)} for e in alike]
        maps, extents = detector.maps(x), [detector.extent(alike[0].pixels)] * len(alike)
        proposals, of_proposals = detector.rpn(ImageList(x, extents), maps, targets)
        _, of_head = detector.heads(maps, proposals, extents, targets)
        losses.append(torch.stack([*of_proposals.values(), *of_head.values()]).sum() * len(alike) / len(batch))
    return torch.stack(losses).sum()


def _loss_of_head(detector: Detector) -> Callable[[list[Example]], Tensor]:
    """A function: the loss of only the head. Maps and proposals do not change and are computed once an image."""
    known: dict[int, tuple[dict[str, Tensor], Tensor, tuple[int, int]]] = {}

    def one(example: Example) -> Tensor:
        if example.row not in known:
            detector.rpn.eval()
            with torch.no_grad():
                x = detector.prepare(example.pixels)
                maps = detector.maps(x)
                extent = detector.extent(example.pixels)
                found = detector.propose(x, maps, extent, 2000, detector.rpn.min_size + 1)
            known[example.row] = maps, found, extent
        maps, proposals, shape = known[example.row]
        target = {"boxes": example.boxes.to(proposals.device), "labels": example.labels.to(proposals.device)}
        _, of_head = detector.heads(maps, [proposals], [shape], [target])
        return torch.stack(list(of_head.values())).sum()

    return lambda batch: torch.stack([one(example) for example in batch]).mean()


def _checksum(detector: Detector) -> str:
    """SHA-256 of all parameters."""
    content = hashlib.sha256()
    for name, value in detector.state_dict().items():
        content.update(name.encode())
        content.update(value.detach().cpu().contiguous().numpy().tobytes())
    return content.hexdigest()
