"""The convolutional network of paper 001, which describes crops of faces; all hashing methods share it (section III-C).

The network has five blocks of two 3 × 3 convolutions, each followed by ReLU. A 2 × 2 max-pooling lies between blocks,
and the mean of the last maps, 4 × 4 for crops of 64 × 64 pixels, is the feature. The printed "64, 32, 16, 8 and 4
filters" are the sides of the maps; the numbers of filters are those of the same laboratory's published networks, times
a width.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Self

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from vretlib import cache, files
from vretlib.errors import UserError
from vretlib.features import state_dicts
from vretlib.features import weights as weights_of
from vretlib.features.narrow_shape import Narrow
from vretlib.parallel import parallel_map

NAME = "face_network"
FILTERS = (32, 64, 64, 128, 96, 192, 128, 256, 160, 320)
"""Filters of the ten convolutions at width 1."""
SIDE = 64
"""Side of a crop in pixels, as printed (section IV-B)."""
_CENTRE, _SPREAD = 127.5, 64.0  # subtracted from pixels, and what they are then divided by
_AT_ONCE = 8  # crops in a batch: their maps fit into a core's cache, which takes two thirds of the time of 64


class FaceNetwork(nn.Module):
    """The network; made by `load`, or by `of_width` for a training.

    Attributes
    ----------
    filters: numbers of filters of the ten convolutions; the last is the dimension d of a feature.
    blocks: the five blocks. The last, with the mean behind it, is `last_block`.
    weights: where the weights come from, in words.
    checksum: SHA-256 of their file.
    """

    def __init__(self, filters: Sequence[int], *, batch_norm: bool = False) -> None:
        super().__init__()
        if len(filters) != len(FILTERS):
            raise UserError(f"{len(filters)} numbers of filters; the face network has {len(FILTERS)} convolutions")
        self.filters = tuple(int(number) for number in filters)
        self.blocks = nn.Sequential(*(_block(self.filters, i, batch_norm=batch_norm) for i in range(5)))
        self.weights = self.checksum = "untrained"

    @classmethod
    def of_width(cls, width: float, *, batch_norm: bool = False) -> Self:
        """An untrained network whose numbers of filters are those of the paper's laboratory times ``width``.

        With ``batch_norm`` each convolution is followed by a batch normalisation, for training: see `folded`.

        Raises
        ------
        UserError: ``width`` is not above 0 and at most 4.
        """
        if not 0 < width <= 4:
            raise UserError(f"width={width}: expected more than 0 and at most 4; the paper's is 1")
        return cls([max(1, round(number * width)) for number in FILTERS], batch_norm=batch_norm)

    @property
    def d(self) -> int:
        """The dimension of a feature."""
        return self.filters[-1]

    def forward(self, x: Tensor) -> Tensor:
        """Features (n, d) of prepared crops (n, 3, side, side)."""
        return self.blocks(x).mean((2, 3))

    def last_block(self) -> nn.Module:
        """The layers from the fifth block's first convolution, which reads `maps`, to the feature."""
        return nn.Sequential(self.blocks[-1][1:], nn.AdaptiveAvgPool2d(1), nn.Flatten())  # type: ignore[index]

    def folded(self) -> FaceNetwork:
        """The network without batch normalisation that computes what this one does in evaluation mode."""
        self.eval()
        plain = FaceNetwork(self.filters)
        for target, source in zip(plain.blocks, self.blocks, strict=True):
            layers = list(source)  # type: ignore[call-overload]
            fused = [
                fuse_conv_bn_eval(conv, norm)
                for conv, norm in pairwise(layers)
                if isinstance(conv, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d)
            ]
            plain_convs = [layer for layer in target if isinstance(layer, nn.Conv2d)]  # type: ignore[attr-defined]
            for to, conv in zip(plain_convs, fused, strict=True):
                to.load_state_dict(conv.state_dict())
        return plain.eval()


def _block(filters: Sequence[int], i: int, *, batch_norm: bool) -> nn.Sequential:
    """Block i: two convolutions with ReLU, and from the second block on a max-pooling before them."""
    layers: list[nn.Module] = [nn.MaxPool2d(2)] if i else []
    for place in (2 * i, 2 * i + 1):
        conv = nn.Conv2d(filters[place - 1] if place else 3, filters[place], 3, padding=1)
        nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
        nn.init.zeros_(conv.bias)  # type: ignore[arg-type]
        layers += [conv, *([nn.BatchNorm2d(filters[place])] if batch_norm else []), nn.ReLU()]
    return nn.Sequential(*layers)


def file() -> Path:
    """The path of the project's weights, which `vretlib.models.face_recipe` trains."""
    return weights_of.committed_file(NAME)


def load(weights: str | Path = "embedded") -> FaceNetwork:
    """The network with weights: "embedded", those of the project (width 0.5), or the path of a file that `save` wrote.

    Raises
    ------
    UserError: no such file, or one that holds another network.
    """
    path = file() if weights == "embedded" else files.given(weights)
    found = weights_of.read(path, "embedded" if weights == "embedded" else "file", ("embedded",))
    if found.shape is None or found.shape.topology != NAME or len(found.shape.widths) != len(FILTERS):
        raise UserError(f"{path}: holds no face network; give the file of one, or weights='embedded'.")
    network = FaceNetwork(found.shape.widths)
    expected = network.state_dict()
    for key, tensor in expected.items():
        wrong = state_dicts.fault(found.state[key], tensor) if key in found.state else "missing"
        if wrong:
            raise UserError(f"{path}: {key}: {wrong}. Restore the file, or train it anew.")
    network.load_state_dict({key: found.state[key] for key in expected})
    network.weights, network.checksum = found.description, found.checksum
    return network.eval()


def save(network: FaceNetwork, path: Path) -> None:
    """Write a network without batch normalisation as a safetensors file, filters as float16."""
    weights_of.save(network.state_dict(), path, Narrow(NAME, network.filters, 0, 0), SIDE)


def prepare(crops: NDArray[np.uint8]) -> Tensor:
    """The network's input, float32 (n, 3, 64, 64) in channels-last memory, from crops (n, h, w, 3) uint8 RGB.

    Crops of another size are scaled to 64 × 64.

    Raises
    ------
    UserError: crops that are not RGB of type uint8.
    """
    if crops.ndim != 4 or crops.shape[-1] != 3 or crops.dtype != np.uint8 or 0 in crops.shape[1:]:
        raise UserError(f"crops of shape {crops.shape}, {crops.dtype}: expected RGB, (n, side, side, 3) uint8")
    if crops.shape[1:3] != (SIDE, SIDE) and len(crops):
        smaller = max(crops.shape[1:3]) > SIDE
        how = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
        crops = np.stack([cv2.resize(crop, (SIDE, SIDE), interpolation=how) for crop in crops])
    return scaled(torch.from_numpy(np.ascontiguousarray(crops)).float()).permute(0, 3, 1, 2)


def scaled(pixels: Tensor) -> Tensor:
    """Pixels from 0 to 255 as the network takes them, about from −2 to 2."""
    return (pixels - _CENTRE) / _SPREAD


def describe(crops: NDArray[np.uint8], network: FaceNetwork) -> NDArray[np.float32]:
    """Features (n, d) of crops (n, h, w, 3) uint8 RGB, see `prepare`."""
    return _through(crops, network, network, (network.d,))


def maps(crops: NDArray[np.uint8], network: FaceNetwork) -> NDArray[np.float32]:
    """The inputs of the fifth block's first convolution, (n, channels, 4, 4), from crops (n, h, w, 3) uint8 RGB."""
    before = nn.Sequential(network.blocks[:-1], network.blocks[-1][0])  # type: ignore[index]
    return _through(crops, network, before, (network.filters[-3], 4, 4))


def features_of_maps(maps: NDArray[np.float32], network: FaceNetwork) -> NDArray[np.float32]:
    """Features (n, d) of `maps`, equal to those of `describe`."""
    last = network.last_block().to(memory_format=torch.channels_last)
    with torch.inference_mode():
        parts = torch.from_numpy(maps).contiguous(memory_format=torch.channels_last).split(_AT_ONCE)
        return torch.cat([last(part) for part in parts]).numpy() if len(maps) else np.empty((0, network.d), np.float32)


def describe_videos(
    frames: Sequence[NDArray[np.uint8]], network: FaceNetwork, label: str = "", *, as_maps: bool = False
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Features (n_frames, d) of all frames of some videos, and the video of each, (n_frames,); kept in the cache.

    Parameters
    ----------
    frames: the crops of each video, (n_i, h, w, 3) uint8 RGB.
    label: name of the collection, for messages.
    as_maps: give `maps` instead of features.

    Raises
    ------
    UserError: no videos, or a video without crops.
    """
    content = hashlib.sha256()
    for number, crops in enumerate(frames):
        if crops.ndim != 4 or not len(crops):
            raise UserError(
                f"video {number} has crops of shape {crops.shape}; expected at least one, (n, side, side, 3)"
            )
        content.update(repr(crops.shape).encode())
        content.update(np.ascontiguousarray(crops).data)
    if not frames:
        raise UserError("no videos to describe; expected at least one")
    key = {"frames": content.hexdigest(), "weights": network.checksum, "filters": network.filters, "maps": as_maps}
    sizes = {crops.shape[1:] for crops in frames}
    of_crops = maps if as_maps else describe

    def build(folder: Path) -> None:
        together = [np.concatenate(frames)] if len(sizes) == 1 else frames
        np.save(folder / "vectors.npy", np.concatenate([of_crops(crops, network) for crops in together]))

    folder = cache.stage("face-features", key, build, label=label)
    video = np.repeat(np.arange(len(frames)), [len(crops) for crops in frames])
    return np.load(folder / "vectors.npy"), video.astype(np.int64)


def _through(
    crops: NDArray[np.uint8], network: FaceNetwork, layers: nn.Module, shape: tuple[int, ...]
) -> NDArray[np.float32]:
    """The output of some layers, batch by batch; the rounding does not depend on the number of threads."""
    prepare(crops[:0])  # checks shape and type
    if network.training:
        raise UserError("the face network is in training mode; call network.eval() to describe faces with it")
    parts = [crops[start : start + _AT_ONCE] for start in range(0, len(crops), _AT_ONCE)]

    def through(part: NDArray[np.uint8]) -> NDArray[np.float32]:
        with torch.inference_mode():
            return layers(prepare(part)).numpy()

    layers.to(memory_format=torch.channels_last)
    found = list(parallel_map(through, parts, torch.device("cpu"), threads_each=1))
    return np.concatenate(found) if found else np.empty((0, *shape), np.float32)
