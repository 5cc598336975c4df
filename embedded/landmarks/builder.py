"""Putting a mesh together from walls, boxes, pyramids and round pieces."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from embedded.landmarks.mesh import F64, PROFILE, Atlas, Mesh, atlas
from embedded.landmarks.paint import Sheet
from embedded.raster import U8

Vector3 = tuple[float, float, float]

LANDMARK, SURROUNDINGS, CLUTTER = 1, 2, 3
"""Owners of pixels: see `mesh.Mesh.owner`. 0 is the sky."""

_T = (np.arange(PROFILE) + 0.5) / PROFILE
PROFILES: dict[str, F64] = {
    "cylinder": np.ones(PROFILE),
    "cone": _T.copy(),
    "dome": np.sqrt(1 - (1 - _T) ** 2),
    "onion": np.where(_T < 0.25, 0.08 + 0.5 * _T, np.sqrt(np.clip(1 - ((_T - 0.62) / 0.42) ** 2, 0.04, 1))),
    "lantern": np.where(
        _T < 0.35, 0.9 * np.sqrt(np.clip(1 - (1 - _T / 0.35) ** 2, 0, 1)), np.where(_T < 0.42, 1.0, 0.8)
    ),
}
"""Outlines of round pieces: radius, from top to bottom, in shares of half the width."""


class Builder:
    """Collects pieces and textures into a mesh."""

    def __init__(self, owner: int) -> None:
        self._owner = owner
        self._textures: list[U8] = []
        self._rows: list[tuple[Vector3, Vector3, Vector3, int, int, tuple[float, float], bool, int]] = []

    def texture(self, pixels: U8) -> int:
        """The number under which a texture is added."""
        self._textures.append(pixels)
        return len(self._textures) - 1

    def flat(
        self, texture: int, corner: Vector3, across: Vector3, down: Vector3, repeat: tuple[float, float] = (1.0, 1.0)
    ) -> None:
        """A parallelogram from its upper left corner, seen from outside."""
        self._rows.append((corner, across, down, texture, self._owner, repeat, False, -1))

    def facing(
        self, texture: int, foot: Vector3, width: float, height: float, profile: str | None = None, repeat: float = 1.0
    ) -> None:
        """An upright piece that faces the camera; with a profile, a surface of revolution."""
        row = -1 if profile is None else list(PROFILES).index(profile)
        self._rows.append((foot, (width, 0, 0), (0, -height, 0), texture, self._owner, (repeat, 1.0), True, row))

    def box(
        self, walls: Sequence[int], x: tuple[float, float], z: tuple[float, float], y: float, height: float
    ) -> None:
        """Four walls: textures of front, right, back and left."""
        (x0, x1), (z0, z1), top = x, z, y + height
        w, d, down = x1 - x0, z1 - z0, (0.0, -height, 0.0)
        self.flat(walls[0], (x0, top, z0), (w, 0, 0), down)
        self.flat(walls[1], (x1, top, z0), (0, 0, d), down)
        self.flat(walls[2], (x1, top, z1), (-w, 0, 0), down)
        self.flat(walls[3], (x0, top, z1), (0, 0, -d), down)

    def pyramid(
        self, texture: int, x: tuple[float, float], z: tuple[float, float], y: float, height: float, top: float = 0.0
    ) -> None:
        """Four slopes; their texture is cut to a triangle, or to the trapezium that leaves ``top`` of the width."""
        (x0, x1), (z0, z1) = x, z
        mx, mz = (x1 - x0) / 2 * (1 - top), (z1 - z0) / 2 * (1 - top)
        w, d, up = x1 - x0, z1 - z0, y + height
        self.flat(texture, (x0, up, z0 + mz), (w, 0, 0), (0, -height, -mz))
        self.flat(texture, (x1 - mx, up, z0), (0, 0, d), (mx, -height, 0))
        self.flat(texture, (x1, up, z1 - mz), (-w, 0, 0), (0, -height, mz))
        self.flat(texture, (x0 + mx, up, z1), (0, 0, -d), (-mx, -height, 0))

    def mesh(self, shared: Atlas | None = None) -> Mesh:
        """All pieces so far, with the textures that were added, or with those of a shared atlas."""
        corner, across, down, texture, owner, repeat, facing, profile = zip(*self._rows, strict=True)
        return Mesh(
            corner=np.array(corner, np.float64),
            across=np.array(across, np.float64),
            down=np.array(down, np.float64),
            texture=np.array(texture, np.int64),
            owner=np.array(owner, np.int64),
            repeat=np.array(repeat, np.float64),
            facing=np.array(facing, np.bool_),
            profile=np.array(profile, np.int64),
            profiles=np.stack(list(PROFILES.values())),
            atlas=atlas(self._textures) if shared is None else shared,
        )


def trapezium(sheet: Sheet, top: float) -> U8:
    """The sheet cut to a trapezium whose upper edge is ``top`` of its lower one."""
    h, w = sheet.pixels.shape[:2]
    half = w / 2 * (top + (1 - top) * (np.arange(h) + 0.5) / h)
    outside = np.abs(np.arange(w) + 0.5 - w / 2)[None, :] > half[:, None]
    pixels = sheet.pixels.copy()
    pixels[outside] = 0
    return pixels
