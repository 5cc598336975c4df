"""Painting the surfaces of a building: walls of stone, brick, plaster, timber or glass, roofs, and openings in them.

A `Sheet` is measured in metres, x to the right and y up from its lower left corner, `SCALE` texture pixels to a metre.
All drawing is in whole numbers, with `embedded.raster` and OpenCV's polygons.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import cast

import cv2
import numba
import numpy as np
from numpy.random import Generator

from embedded import raster
from embedded.raster import U8
from embedded.texture import Colour, Noise

SCALE = 20
"""Texture pixels per metre."""

Point = tuple[float, float]


def shaded(colour: Colour, share: float) -> Colour:
    """A colour made darker (share < 1) or lighter, up to white."""
    return cast(Colour, tuple(min(255, max(0, round(c * share))) for c in colour))


def between(first: Colour, second: Colour, share: float) -> Colour:
    """(1 - share) first + share second."""
    return cast(Colour, tuple(round(a + (b - a) * share) for a, b in zip(first, second, strict=True)))


def outline(shape: str, x0: float, y0: float, x1: float, y1: float) -> list[Point]:
    """The polygon of an opening in the box: ``flat``, ``segment``, ``round``, ``pointed`` or ``oculus``."""
    w, mid = x1 - x0, (x0 + x1) / 2
    if shape == "flat":
        return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
    turns = [math.pi * k / 12 for k in range(13)]
    if shape == "oculus":
        r, cy = min(w, y1 - y0) / 2, (y0 + y1) / 2
        return [(mid + r * math.cos(2 * a), cy + r * math.sin(2 * a)) for a in turns]
    if shape == "segment":
        rise = min(0.18 * w, y1 - y0)
        top = [(mid + w / 2 * math.cos(a), y1 - rise + rise * math.sin(a)) for a in turns]
    elif shape == "round":
        rise = min(w / 2, y1 - y0)
        top = [(mid + w / 2 * math.cos(a), y1 - rise + rise * math.sin(a)) for a in turns]
    elif shape == "pointed":
        rise = min(0.866 * w, y1 - y0)
        arc = [
            (x0 + w * math.cos(a), y1 - rise + rise / 0.866 * math.sin(a)) for a in (k * math.pi / 18 for k in range(7))
        ]
        top = arc + [(x0 + x1 - x, y) for x, y in reversed(arc[:-1])]
    else:
        raise ValueError(f"no opening is called {shape!r}")
    return [(x0, y0), (x1, y0), *top]


class Sheet:
    """A texture being painted: ``width`` × ``height`` metres, transparent at first."""

    def __init__(self, rng: Generator, noise: Noise, width: float, height: float) -> None:
        self.rng, self.noise = rng, noise
        self.width, self.height = width, height
        self.pixels: U8 = np.zeros((max(8, round(height * SCALE)), max(8, round(width * SCALE)), 4), np.uint8)

    def poly(self, points: Sequence[Point], colour: Colour, glow: int = 0, *, clear: bool = False) -> None:
        """Fill a polygon; ``glow`` (up to 255 less `mesh.LIT`) shines at night; ``clear`` cuts it out."""
        rows = len(self.pixels)
        corners = np.array(
            [(round(x * SCALE * 16), round((rows / SCALE - y) * SCALE * 16)) for x, y in points], np.int32
        )
        fill = (0, 0, 0, 0) if clear else (*colour, 255 - glow)
        cv2.fillPoly(self.pixels, [corners - 8], fill, cv2.LINE_8, 4)

    def rect(self, x0: float, y0: float, x1: float, y1: float, colour: Colour, glow: int = 0) -> None:
        """Fill a rectangle."""
        rows = len(self.pixels)
        left, right = max(0, round(x0 * SCALE)), round(x1 * SCALE)
        top, bottom = max(0, rows - round(y1 * SCALE)), rows - round(y0 * SCALE)
        if right > left and bottom > top:
            self.pixels[top : max(top + 1, bottom), left : max(left + 1, right)] = (*colour, 255 - glow)

    def band(self, y: float, height: float, colour: Colour, x0: float = 0.0, x1: float | None = None) -> None:
        """A moulding: light, lighter on top, with the shadow it throws underneath."""
        x1 = self.width if x1 is None else x1
        self.dim(x0, y - 0.6 * height, x1, y, 150)
        self.rect(x0, y, x1, y + height, colour)
        self.rect(x0, y + 0.65 * height, x1, y + height, shaded(colour, 1.12))
        self.rect(x0, y, x1, y + 0.2 * height, shaded(colour, 0.72))

    def dim(self, x0: float, y0: float, x1: float, y1: float, gain: int) -> None:
        """Multiply the colours in a rectangle by ``gain`` / 256."""
        rows = len(self.pixels)
        left, right = max(0, round(x0 * SCALE)), max(0, round(x1 * SCALE))
        top, bottom = max(0, rows - round(y1 * SCALE)), max(0, rows - round(y0 * SCALE))
        area = self.pixels[top:bottom, left:right, :3]
        area[...] = np.minimum(255, area.astype(np.int32) * gain >> 8).astype(np.uint8)

    def wall(self, kind: str, colour: Colour, y0: float = 0.0, y1: float | None = None) -> None:
        """Cover a band of the sheet with a material: one of `MATERIALS`."""
        rows = len(self.pixels)
        top, bottom = max(0, rows - round((self.height if y1 is None else y1) * SCALE)), rows - round(y0 * SCALE)
        area = self.pixels[top:bottom]
        if not area.size:
            return
        block, joint, spread, contrast = MATERIALS[kind]
        area[...] = (*colour, 255)
        spot = self.rng.integers(-spread, spread + 1, (64, 64)).astype(np.int32)
        _courses(area, spot, max(2, round(block[0] * SCALE)), max(2, round(block[1] * SCALE)), joint)
        raster.shade(area, self.noise.piece(self.rng, area.shape[:2], "rough"), contrast)

    def weather(self, amount: int) -> None:
        """Stains that run down, and patches that are lighter or darker."""
        shape = self.pixels.shape[:2]
        raster.shade(self.pixels, self.noise.piece(self.rng, shape, "natural", (0.12, 1.0)), amount)
        raster.shade(self.pixels, self.noise.piece(self.rng, shape, "soft"), amount)

    def lattice(
        self, x0: float, y0: float, x1: float, y1: float, n: tuple[int, int], line: float, colour: Colour
    ) -> None:
        """Bars that divide a box into ``n`` columns and rows."""
        for k in range(1, n[0]):
            x = x0 + (x1 - x0) * k / n[0]
            self.rect(x - line / 2, y0, x + line / 2, y1, colour)
        for k in range(1, n[1]):
            y = y0 + (y1 - y0) * k / n[1]
            self.rect(x0, y - line / 2, x1, y + line / 2, colour)

    def column(self, x: float, y0: float, y1: float, width: float, colour: Colour) -> None:
        """A round column or pilaster with base and capital, lit from the left."""
        r = width / 2
        for k in range(6):
            light = (0.78, 1.0, 1.12, 1.04, 0.86, 0.62)[k]
            self.rect(x - r + width * k / 6, y0, x - r + width * (k + 1) / 6, y1, shaded(colour, light))
        cap = min(0.5 * width, 0.12 * (y1 - y0))
        for y in (y0, y1 - cap):
            self.rect(x - 1.3 * r, y, x + 1.3 * r, y + cap, shaded(colour, 1.08))
            self.rect(x - 1.3 * r, y, x + 1.3 * r, y + 0.3 * cap, shaded(colour, 0.75))

    def dots(self, x0: float, x1: float, y0: float, y1: float, step: float, share: float, colour: Colour) -> None:
        """A row of uprights: balusters, railings, teeth. ``share`` of each step is filled."""
        n = max(1, round((x1 - x0) / step))
        for k in range(n):
            x = x0 + (x1 - x0) * k / n
            self.rect(x, y0, x + share * (x1 - x0) / n, y1, colour)


MATERIALS: dict[str, tuple[tuple[float, float], int, int, int]] = {
    "ashlar": ((0.9, 0.45), 40, 14, 12),
    "rubble": ((0.55, 0.35), 46, 30, 26),
    "rustic": ((1.3, 0.62), 84, 10, 14),
    "brick": ((0.3, 0.15), 30, 22, 14),
    "plaster": ((50.0, 50.0), 0, 3, 14),
    "panel": ((2.4, 1.6), 50, 7, 5),
    "timber": ((50.0, 0.25), 30, 12, 18),
    "tile": ((0.35, 0.4), 54, 24, 18),
    "slate": ((0.45, 0.3), 34, 16, 12),
    "copper": ((0.8, 50.0), 36, 8, 24),
    "paving": ((0.8, 0.6), 28, 16, 22),
    "setts": ((0.3, 0.25), 40, 20, 24),
    "gravel": ((0.1, 0.1), 0, 22, 22),
}
"""Block (width, height) in metres, how much darker joints are, how much blocks differ, and the grain's contrast."""


@numba.njit(nogil=True, cache=True)
def _courses(area, spot, wide, high, joint):  # type: ignore[no-untyped-def]
    """Blocks in running bond: each a little lighter or darker as ``spot`` says, with a joint at its top and left."""
    rows = area.shape[0]
    for j in range(rows):
        row = (rows - 1 - j) // high
        edge = (rows - 1 - j) % high == high - 1
        shift = wide // 2 if row % 2 else 0
        for i in range(area.shape[1]):
            x = i + shift
            change = spot[row & 63, (x // wide) & 63]
            if edge or x % wide == 0:
                change -= joint
            for k in range(3):
                area[j, i, k] = min(255, max(0, np.int32(area[j, i, k]) + change))
