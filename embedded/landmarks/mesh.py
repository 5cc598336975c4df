"""Textured pieces, of which a scene consists.

A scene is a few hundred flat *pieces*: parallelograms with a texture whose transparent parts are cut out. Round things
(towers, domes, spires) are pieces that face the camera, on which the texture is wrapped around an axis.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from embedded.raster import U8

F64 = NDArray[np.float64]
LEVELS = 5
"""Number of sizes in which a texture is kept, each half the one before."""
PROFILE = 64
"""Number of radii that give a round piece's outline from top to bottom, in shares of half its width."""
LIT = 160
"""A texture's fourth channel: below 128 nothing is there; 255 is a surface; less, down to `LIT`, glows at night."""


@dataclass(frozen=True, eq=False)
class Atlas:
    """Textures end to end: ``pixels`` uint8 (n, 4); ``table`` int64 (textures, LEVELS, 3), start, height, width."""

    pixels: U8
    table: NDArray[np.int64]


def atlas(textures: Sequence[U8]) -> Atlas:
    """An atlas of textures, uint8 (h, w, 4) with code channel (see `LIT`), each with its smaller versions."""
    parts, rows, start = [], [], 0
    for texture in textures:
        levels, picture = [], texture
        for level in range(LEVELS):
            picture = picture if level == 0 else _half(picture)
            levels.append((start, *picture.shape[:2]))
            parts.append(picture.reshape(-1, 4))
            start += len(parts[-1])
        rows.append(levels)
    return Atlas(np.concatenate(parts), np.array(rows, np.int64))


def _half(picture: U8) -> U8:
    """Half the size. Colour and glow are averaged over the opaque pixels only."""
    size = (max(1, picture.shape[1] // 2), max(1, picture.shape[0] // 2))
    opaque = picture[..., 3] >= 128
    if opaque.all():
        return np.ascontiguousarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))
    share = cv2.resize(opaque.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    visible = cv2.resize(picture * opaque[..., None].astype(np.float32), size, interpolation=cv2.INTER_AREA)
    out = np.rint(visible / np.maximum(share, 1e-6)[..., None])
    out[share < 0.5] = 0
    return np.clip(out, 0, 255).astype(np.uint8)


@dataclass(frozen=True, eq=False)
class Mesh:
    """Pieces of a scene, in metres: x to the right, y up, z away from someone who looks at a front.

    Attributes
    ----------
    corner, across, down: (n, 3) the upper left corner and the two edges of a flat piece, seen from outside. Of a piece
        that faces the camera, ``corner`` is the middle of its foot, and only the lengths of the edges count.
    texture, owner: int (n,); ``owner`` is written to every pixel where the piece is seen.
    repeat: (n, 2) how often the texture is repeated across and down.
    facing: bool (n,).
    profile: int (n,) row of ``profiles`` (k, PROFILE), or -1.
    """

    corner: F64
    across: F64
    down: F64
    texture: NDArray[np.int64]
    owner: NDArray[np.int64]
    repeat: F64
    facing: NDArray[np.bool_]
    profile: NDArray[np.int64]
    profiles: F64
    atlas: Atlas

    @cached_property
    def normals(self) -> F64:
        """Outward unit normals of the flat pieces."""
        normal = cross(self.across, self.down)
        length: F64 = np.sqrt((normal**2).sum(axis=1, keepdims=True))
        return normal / np.maximum(length, 1e-12)


def cross(a: F64, b: F64) -> F64:
    """The cross product of rows; numpy's own takes longer to check its arguments than to compute."""
    (ax, ay, az), (bx, by, bz) = a.T, b.T
    out = np.empty_like(a)
    out[:, 0], out[:, 1], out[:, 2] = ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx
    return out
