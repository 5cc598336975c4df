"""Altered copies of a photograph, and where its points went: what a camera, an editor or a compressor may do to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from vretlib import arrays, images
from vretlib.images import Pixels

F64 = NDArray[np.float64]
"""(2, 3): a point (x, y) of the photograph is at ``matrix @ (x, y, 1)`` of the copy."""


class Altered(NamedTuple):
    """An altered copy, uint8 (h, w, 3), and the affine map of its points."""

    pixels: Pixels
    matrix: F64

    def at(self, xy: NDArray[np.floating]) -> NDArray[np.float64]:
        """The places of points (n, 2) of the photograph in the copy, (n, 2)."""
        return np.asarray(xy, np.float64) @ self.matrix[:, :2].T + self.matrix[:, 2]


def _darker(pixels: Pixels) -> Altered:
    return Altered((pixels // 2).astype(np.uint8), np.eye(2, 3))


def _compressed(pixels: Pixels) -> Altered:
    _, data = cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 10])
    copy = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
    return Altered(np.ascontiguousarray(copy[..., ::-1]), np.eye(2, 3))


def _blurred(pixels: Pixels) -> Altered:
    return Altered(np.asarray(cv2.GaussianBlur(pixels, (0, 0), 2), np.uint8), np.eye(2, 3))


def _rotated(degrees: float) -> Callable[[Pixels], Altered]:
    def rotate(pixels: Pixels) -> Altered:
        height, width = pixels.shape[:2]
        matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1)
        copy = cv2.warpAffine(pixels, matrix, (width, height), borderMode=cv2.BORDER_REFLECT_101)
        return Altered(np.asarray(copy, np.uint8), np.asarray(matrix, np.float64))

    return rotate


def _smaller(pixels: Pixels) -> Altered:
    height, width = pixels.shape[:2]
    copy = cv2.resize(pixels, (round(0.7 * width), round(0.7 * height)), interpolation=cv2.INTER_AREA)
    scale = np.array([copy.shape[1] / width, copy.shape[0] / height])
    return Altered(np.asarray(copy, np.uint8), np.column_stack([np.diag(scale), (scale - 1) / 2]))


def _left_part(pixels: Pixels) -> Altered:
    height, width = pixels.shape[:2]
    return Altered(images.crop(pixels, (0, 0, round(0.6 * width) - 1, height - 1)), np.eye(2, 3))


_KNOWN: dict[str, Callable[[Pixels], Altered]] = {
    "half as bright": _darker,
    "JPEG, quality 10": _compressed,
    "blurred, σ = 2": _blurred,
    "0.7 times as large": _smaller,
    "turned by 5°": _rotated(5),
    "turned by 20°": _rotated(20),
    "left three fifths": _left_part,
}

NAMES = tuple(_KNOWN)


def alter(pixels: Pixels, name: str) -> Altered:
    """A copy of a photograph, uint8 (h, w, 3), altered in one of the ways of `NAMES`."""
    arrays.choice(name, "name", _KNOWN)
    return _KNOWN[name](pixels)


def pan(pixels: Pixels, n: int = 12, share: float = 0.6) -> list[Pixels]:
    """``n`` views of equal size, from left to right: a camera that pans over a photograph.

    ``share`` is the width of a view as a share of the photograph's width.
    """
    n = arrays.whole(n, "n", 1)
    share = arrays.number(share, "share", above=0, maximum=1)
    height, width = pixels.shape[:2]
    wide = max(1, round(share * width))
    return [images.crop(pixels, (x, 0, x + wide - 1, height - 1)) for x in np.linspace(0, width - wide, n).round()]
