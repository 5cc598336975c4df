"""Augmented training images: random views of photographs, with random light, in batches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vretlib.images import Pixels


@dataclass(frozen=True)
class Views:
    """Ranges of random views.

    Attributes
    ----------
    crop: smallest and largest side of the square that is cut out, as fractions of the photograph's shorter side.
    stretch: maximum change of width against height, as a factor.
    turn: maximum rotation, in degrees.
    light: maximum change of brightness, of contrast, of saturation and of each channel, as a factor 1 ± light
        (the channels by half of it).
    """

    crop: tuple[float, float] = (0.6, 1.0)
    stretch: float = 1.1
    turn: float = 5.0
    light: float = 0.15


def random_views(photographs: Sequence[Pixels], side: int, views: Views, rng: np.random.Generator) -> Tensor:
    """One random square view of each photograph, mirrored half of the time.

    Parameters
    ----------
    photographs: (h, w, 3) uint8 RGB, of any sizes.
    side: of the views, in pixels.

    Returns
    -------
    float32 (n, 3, side, side) in [0, 1], its memory in channels_last order.
    """
    out = np.empty((len(photographs), side, side, 3), np.uint8)
    for photograph, view in zip(photographs, out, strict=True):
        warp = _random_warp(photograph.shape, side, views, rng)
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        cv2.warpAffine(photograph, warp, (side, side), dst=view, flags=flags, borderMode=cv2.BORDER_REFLECT_101)
    return _random_light(torch.from_numpy(out), views.light, rng).permute(0, 3, 1, 2)


def central_views(photographs: Sequence[Pixels], side: int) -> Tensor:
    """The largest central square of each photograph; shape and values as of `random_views`."""
    out = np.empty((len(photographs), side, side, 3), np.uint8)
    for photograph, view in zip(photographs, out, strict=True):
        height, width = photograph.shape[:2]
        square = min(height, width)
        top, left = (height - square) // 2, (width - square) // 2
        cv2.resize(
            photograph[top : top + square, left : left + square], (side, side), dst=view, interpolation=cv2.INTER_AREA
        )
    return torch.from_numpy(out).float().div_(255).permute(0, 3, 1, 2)


def _random_warp(shape: tuple[int, ...], side: int, views: Views, rng: np.random.Generator) -> NDArray[np.float64]:
    """The affine map (2, 3) from pixels of the view to pixels of the photograph."""
    height, width = shape[:2]
    square = min(height, width) * np.exp(rng.uniform(*np.log(views.crop)))  # uniform in the logarithm of the zoom
    stretch = np.exp(rng.uniform(-1, 1) * np.log(views.stretch) / 2)
    size = np.minimum(square * np.array([stretch, 1 / stretch]), [width, height])
    centre = size / 2 + rng.uniform(size=2) * ([width, height] - size) - 0.5
    angle = np.radians(rng.uniform(-views.turn, views.turn))
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    mirror = np.diag([rng.choice([-1.0, 1.0]), 1.0])
    linear = rotation @ np.diag(size / side) @ mirror
    return np.column_stack([linear, centre - linear @ np.full(2, (side - 1) / 2)])


def _random_light(views: Tensor, light: float, rng: np.random.Generator) -> Tensor:
    """Brightness, colour cast, contrast and saturation of each view (n, h, w, 3) uint8 changed; in [0, 1]."""
    n = len(views)

    def factors(spread: float, channels: int = 1) -> Tensor:
        return torch.from_numpy(rng.uniform(1 - spread, 1 + spread, (n, 1, 1, channels)).astype(np.float32))

    x = views.float().mul_(factors(light) * factors(light / 2, 3) / 255)
    x = torch.lerp(x.mean((1, 2, 3), keepdim=True), x, factors(light))
    x = torch.lerp(x.mean(3, keepdim=True), x, factors(light))
    return x.clamp_(0, 1)
