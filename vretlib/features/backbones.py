"""Convolutional networks and their taps: the places between layers where features are read.

Seven networks of torchvision have one interface. Each is a chain of layers, so one pass gives any number of taps and
stops at the deepest of them. Taps have the names of the literature (conv5_3, pool5, fc6), which
for VGG16 and AlexNet mean *after* the ReLU, as retrieval uses them (thesis section 2.1.3).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torchvision
from torch import Tensor, nn

from vretlib.errors import UserError
from vretlib.features import narrow
from vretlib.features import weights as weights_of
from vretlib.images import Pixels

MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)
"""Of ImageNet's pixels, RGB in [0, 1]: what torchvision's networks, and the embedded ones, are trained with."""

_FLATTEN = "flatten"  # a step that torchvision's networks do between modules


def _vgg16_taps() -> dict[str, str]:
    taps, place = {}, 0
    for group, depth in enumerate((2, 2, 3, 3, 3), start=1):
        for number in range(1, depth + 1):
            taps[f"conv{group}_{number}"] = f"features.{place + 1}"  # the ReLU
            place += 2
        taps[f"pool{group}"] = f"features.{place}"
        place += 1
    return taps | {"fc6": "classifier.1", "fc7": "classifier.4", "logits": "classifier.6"}


_ALEXNET_FEATURES = {
    "conv1": 1, "pool1": 2, "conv2": 4, "pool2": 5, "conv3": 7, "conv4": 9, "conv5": 11, "pool5": 12,
}  # fmt: skip
_SQUEEZENET_FEATURES = {
    "conv1": 1, "fire2": 3, "fire3": 4, "fire4": 6, "fire5": 7, "fire6": 9, "fire7": 10, "fire8": 11, "features": 12,
}  # fmt: skip
_RESNET_TAPS = {f"layer{i}": f"layer{i}" for i in (1, 2, 3, 4)} | {"pool5": _FLATTEN, "logits": "fc"}


def _at(places: dict[str, int]) -> dict[str, str]:
    return {tap: f"features.{place}" for tap, place in places.items()}


TAPS: dict[str, dict[str, str]] = {
    "alexnet": _at(_ALEXNET_FEATURES) | {"fc6": "classifier.2", "fc7": "classifier.5", "logits": "classifier.6"},
    "vgg16": _vgg16_taps(),
    "resnet50": _RESNET_TAPS,
    "resnet101": _RESNET_TAPS,
    "resnet152": _RESNET_TAPS,
    "squeezenet1_1": _at(_SQUEEZENET_FEATURES) | {"logits": _FLATTEN},
    "mobilenet_v2": _at({f"block{i}": i for i in range(1, 18)} | {"features": 18}) | {"logits": "classifier.1"},
}
"""Tap names of each network, shallow to deep, and the module after which each is read."""

NAMES = tuple(TAPS)

LAST_MAPS = {"alexnet": "pool5", "vgg16": "pool5", "squeezenet1_1": "features", "mobilenet_v2": "features"}
"""The deepest tap that still has places in the image, which R-MAC pools; the ResNets': layer4."""


def check(backbone: Any) -> None:
    """Raise a `UserError` unless it is a network as `load` gives it: a name is none."""
    if not hasattr(backbone, "last_maps"):
        raise UserError(f"backbone is {type(backbone).__name__}; expected a network, as load_backbone gives it")


class Backbone:
    """A network whose intermediate results can be read by name; made by `load`.

    Attributes
    ----------
    name: such as ``"vgg16"``.
    network: torchvision's module, or a narrow one with the same names; in evaluation mode when loaded.
    weights: where the weights come from, in words. ``checksum``: SHA-256 of their file, for provenance and cache keys.
    taps: names, shallow to deep, without those that need parameters which the weights lack.
        Maps are (n, channels, h, w); fc6, fc7, logits and a ResNet's pool5 are (n, channels).
    last_maps: the tap that R-MAC pools by default: pool5 (VGG16, AlexNet), layer4 (ResNets), features (the others).
    image_side: side of the square images that the network was trained on.
    """

    def __init__(self, name: str, network: nn.Module, weights: weights_of.Weights, absent: Sequence[str] = ()) -> None:
        self.name = name
        self.network = network.eval()
        self.weights, self.checksum = weights.description, weights.checksum
        self.image_side = weights.image_side
        self.last_maps = LAST_MAPS.get(name, "layer4")
        self._steps = _steps(name, network)
        places = {path: place for place, (path, _) in enumerate(self._steps)}
        self._place = {tap: places[path] for tap, path in TAPS[name].items()}
        self._absent = tuple(absent)
        first = min((places[path] for path in places if _owns(path, absent)), default=len(places))
        self.taps = tuple(tap for tap, place in self._place.items() if place < first)

    @property
    def device(self) -> torch.device:
        """The device of the network's parameters."""
        return next(self.network.parameters()).device

    @property
    def batch_pixels(self) -> int:
        """The number of pixels that a batch of images should have at most.

        It is small on a CPU: each batch runs on one core, and the C library takes new pages from the system for every
        tensor above 32 MiB. With four times as many pixels that takes a third of SqueezeNet's time.
        """
        return 1 << 18 if self.device.type == "cpu" else 1 << 21

    @property
    def train(self) -> bool:
        """Whether gradients are kept. Setting it also sets the mode of the network's dropout and batch normalisation.

        To train with these in evaluation mode, call ``backbone.network.eval()`` after setting it.
        """
        return getattr(self, "_train", False)

    @train.setter
    def train(self, mode: bool) -> None:
        """Keep gradients if ``mode``, and give the network that mode."""
        self._train = mode
        self.network.train(mode)

    def prepare(self, image: Pixels) -> Tensor:
        """The network's input for an RGB image (h, w, 3) uint8: float32 (3, h, w), ImageNet's mean and std removed.

        Raises
        ------
        UserError: no RGB image of type uint8.
        """
        return self.prepare_batch([image])[0].contiguous()

    def prepare_batch(self, images: Sequence[Pixels]) -> Tensor:
        """The network's input for images of one size, on its device: (n, 3, h, w), channels last; see `prepare`.

        Channels last is the layout of the images, so nothing is transposed, and the fastest for convolutions.

        Raises
        ------
        UserError: no RGB image of type uint8.
        ValueError: images of several sizes, or none.
        """
        for image in images:
            if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
                raise UserError(f"image of shape {image.shape}, {image.dtype}: expected RGB, (h, w, 3) uint8")
        batch = torch.from_numpy(np.stack(images))
        width = batch.shape[2]
        mean, std = (255 * torch.tensor(v, device=self.device).repeat(width) for v in (MEAN, STD))
        rows = batch.to(self.device).flatten(2).float()  # whole rows of pixels; one pixel at a time would be slow
        return rows.sub_(mean).div_(std).unflatten(2, (width, 3)).permute(0, 3, 1, 2)

    def maps(self, batch: Tensor, taps: Sequence[str]) -> dict[str, Tensor]:
        """Values at each tap, in the order asked for, from one pass that stops at the deepest.

        Parameters
        ----------
        batch: (n, 3, h, w) prepared images, in any memory format, possibly under autocast.

        Raises
        ------
        UserError: an unknown tap, or images too small to reach one (the message has the minimum side).
        """
        wanted = {self._checked(tap): tap for tap in taps}
        height, width = batch.shape[-2:]
        for tap in taps:
            if min(height, width) < self.minimum_side(tap):
                raise UserError(
                    f"image of {height} x {width} pixels: {self.name} needs at least {self.minimum_side(tap)} pixels "
                    f"on each side to reach {tap}. Leave the image out, enlarge it, or choose a shallower tap."
                )
        found: dict[str, Tensor] = {}
        with nullcontext() if self.train else torch.inference_mode():
            x = batch.to(self.device)
            for place, (_, step) in enumerate(self._steps[: max(wanted, default=-1) + 1]):
                x = step(x)
                if place in wanted:
                    found[wanted[place]] = x
        return {tap: found[tap] for tap in taps}

    def channels(self, tap: str) -> int:
        """Number of channels at a tap."""
        side = self.minimum_side(tap)
        was_training = self.network.training
        self.network.eval()
        with torch.no_grad():
            shape = self.maps(torch.zeros(1, 3, side, side), [tap])[tap].shape
        self.network.train(was_training)
        return shape[1]

    def minimum_side(self, tap: str) -> int:
        """The smallest height and width, in pixels, that an image needs to reach a tap."""
        side = 1
        for _, step in reversed(self._steps[: self._checked(tap) + 1]):
            side = _least_input(step, side)
        return side

    def _checked(self, tap: str) -> int:
        if tap not in self.taps:
            lack = f" ({self.weights} lacks {', '.join(self._absent)})" if tap in self._place else ""
            raise UserError(f"tap {tap!r}: {self.name} has {', '.join(self.taps)}{lack}. Choose one of these.")
        return self._place[tap]


def load(name: str, weights: str | Path = "embedded", *, device: str | torch.device = "cpu") -> Backbone:
    """A backbone with its weights.

    Parameters
    ----------
    name: one of `NAMES`.
    weights: "embedded" (vgg16 and resnet50: narrow networks of this project), "embedded-fine-tuned" (the vgg16, tuned
        for retrieval), "imagenet" (torchvision's, downloaded and verified), "random" (torchvision's shape, untrained,
        always the same), or the path of a .safetensors or .pth file. Its classifier may be absent or for other classes:
        the backbone then lacks the taps that need it.

    Raises
    ------
    UserError: an unknown name; weights that cannot be had or do not fit (`vretlib.features.weights`).
    """
    if name not in NAMES:
        raise UserError(f"backbone {name!r}: expected one of {', '.join(NAMES)}.")
    found = weights_of.resolve(name, weights)
    if found is weights_of.RANDOM:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            network = torchvision.models.get_model(name, weights=None)
        return Backbone(name, network.to(device), found)
    if found.shape is not None and found.shape.topology != name:
        raise UserError(f"{found.description} is a {found.shape.topology}, not a {name}. Load it as the former.")
    with torch.device("meta"):  # random numbers would be replaced at once
        network = torchvision.models.get_model(name, weights=None) if found.shape is None else _narrow(found)
    absent = weights_of.fill(network, found)
    for path in {key.rpartition(".")[0] for key in absent}:
        network.set_submodule(path, nn.Identity())  # never reached: no tap lies behind it
    return Backbone(name, network.to(device), found, absent)


def _owns(path: str, absent: Sequence[str]) -> bool:
    """Whether one of the parameters that are absent belongs to the module of a step."""
    return any(key.startswith(f"{path}.") for key in absent)


def _narrow(found: weights_of.Weights) -> nn.Module:
    """The narrow network that the header of a file describes."""
    assert found.shape is not None
    try:
        return narrow.build(found.shape)
    except (ValueError, RuntimeError, TypeError, OverflowError) as error:
        raise UserError(f"{found.description}: its header describes no network that can be built ({error})") from error


def _steps(name: str, network: nn.Module) -> list[tuple[str, Callable[[Tensor], Tensor]]]:
    """The steps of a network with their paths, including those that torchvision does between modules."""
    steps: list[tuple[str, Callable[[Tensor], Tensor]]] = []
    for path, child in network.named_children():
        if path in ("classifier", "fc") and name != "squeezenet1_1":
            if name == "mobilenet_v2":
                steps.append(("avgpool", nn.AdaptiveAvgPool2d(1)))
            steps.append((_FLATTEN, nn.Flatten()))
        if path in ("features", "classifier"):
            steps += [(f"{path}.{place}", module) for place, module in child.named_children()]
        else:
            steps.append((path, child))
    if name == "squeezenet1_1":
        steps.append((_FLATTEN, nn.Flatten()))
    return steps


def _least_input(step: object, output: int) -> int:
    """The smallest side of an input for which a step gives at least `output` pixels.

    Only convolutions and poolings of the chain itself can need more than one pixel; blocks (bottlenecks, fires) keep at
    least one, and everything after the maps has a fixed size.
    """
    if isinstance(step, nn.AdaptiveAvgPool2d | nn.Flatten | nn.Linear):
        return 1
    if not isinstance(step, nn.Conv2d | nn.MaxPool2d):
        return output
    kernel, stride, padding = (_side(value) for value in (step.kernel_size, step.stride, step.padding))
    rounding = stride - 1 if getattr(step, "ceil_mode", False) else 0  # a last window may reach over the edge
    return max(1, (output - 1) * stride + kernel - 2 * padding - rounding)


def _side(value: int | str | tuple[int, ...]) -> int:
    """The number of pixels in one direction; they are the same in both."""
    return int(value[0] if isinstance(value, tuple) else value)
