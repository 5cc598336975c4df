"""A canvas in units of its height, on which shapes are laid with light from the upper left."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import cv2
import numpy as np
from numpy.random import Generator

from embedded.raster import I16, U8
from embedded.texture import fractal

RGB = tuple[float, float, float]
Points = Sequence[tuple[float, float]]

COLOURS: dict[str, RGB] = {
    "red": (172, 38, 34),
    "blue": (38, 66, 148),
    "green": (52, 102, 54),
    "yellow": (216, 178, 62),
    "white": (232, 226, 212),
    "black": (34, 30, 32),
    "brown": (104, 70, 44),
    "pink": (214, 142, 138),
    "violet": (104, 58, 116),
    "grey": (132, 130, 128),
    "orange": (208, 116, 46),
    "gold": (202, 158, 58),
}
"""Colours by the names that comments use."""

_SIDE = 256


@lru_cache(maxsize=1)
def _tiles() -> tuple[I16, I16, I16]:
    """Periodic noise, rough, natural and soft, the same in every painting; each takes pieces of its own."""
    rng = np.random.Generator(np.random.PCG64(7))
    return fractal(rng, 0.7, _SIDE), fractal(rng, 1.1, _SIDE), fractal(rng, 1.8, _SIDE)


ROUGH, NATURAL, SOFT = range(3)


def mixed(a: RGB, b: RGB, share: float) -> RGB:
    """The colour (1 - share) a + share b."""
    return tuple((1 - share) * u + share * v for u, v in zip(a, b, strict=True))  # type: ignore[return-value]


def lit(colour: RGB, gain: float) -> RGB:
    """A colour made brighter (gain > 1) or darker."""
    return tuple(min(255.0, max(0.0, gain * value)) for value in colour)  # type: ignore[return-value]


class Canvas:
    """A picture in the making: uint8 (h, w, 3), RGB; points are (x, y) with y from 0 (top) to 1 and x from 0 to `wide`.

    Parameters
    ----------
    height, width: size in pixels.
    rng: generator of all random choices.
    """

    def __init__(self, height: int, width: int, rng: Generator) -> None:
        self.pixels: U8 = np.zeros((height, width, 3), np.uint8)
        self.height, self.wide, self.rng = height, width / height, rng

    def noise(self, kind: int = NATURAL, step: tuple[float, float] = (1.0, 1.0)) -> np.ndarray:
        """A piece of noise of the canvas' size, float32, of standard deviation 1; ``step`` > 1 packs it tighter."""
        tile = _tiles()[kind]
        y, x = self.rng.integers(_SIDE, size=2)
        h, w = self.pixels.shape[:2]
        rows = (y + np.arange(h) * step[0]).astype(np.int64) % _SIDE
        columns = (x + np.arange(w) * step[1]).astype(np.int64) % _SIDE
        return np.asarray(tile[rows[:, None], columns], np.float32) / 64

    def jitter(self, colour: RGB, amount: float = 8) -> RGB:
        """A colour close to another one."""
        common = float(self.rng.normal(0, amount))
        own = self.rng.normal(0, amount / 3, 3)
        return tuple(float(np.clip(c + common + o, 0, 255)) for c, o in zip(colour, own, strict=True))  # type: ignore[return-value]

    def wash(self, top: RGB, bottom: RGB, y0: float = 0.0, y1: float = 1.0) -> None:
        """A band from one height to another, whose colour changes from top to bottom."""
        first, last = round(y0 * self.height), max(round(y0 * self.height) + 1, round(y1 * self.height))
        share = np.linspace(0, 1, last - first, dtype=np.float32)[:, None, None]
        band = np.array(top, np.float32) * (1 - share) + np.array(bottom, np.float32) * share
        self.pixels[first:last] = np.clip(band, 0, 255).astype(np.uint8)[: len(self.pixels[first:last])]

    def poly(self, points: Points, colour: RGB, shade: float = 0.25) -> None:
        """A polygon, brighter by ``shade`` at its upper left and darker at its lower right."""
        corners = np.array(points, np.float64) * self.height
        low = np.floor(corners.min(axis=0)).astype(int) - 1
        high = np.ceil(corners.max(axis=0)).astype(int) + 2
        x0, y0 = max(0, low[0]), max(0, low[1])
        x1, y1 = min(self.pixels.shape[1], high[0]), min(self.pixels.shape[0], high[1])
        if x0 >= x1 or y0 >= y1:
            return
        mask = np.zeros((y1 - y0, x1 - x0), np.uint8)
        cv2.fillPoly(mask, [np.rint((corners - (x0, y0)) * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
        self._lay(mask, (x0, y0), colour, shade)

    def disc(
        self, x: float, y: float, rx: float, ry: float, colour: RGB, shade: float = 0.25, angle: float = 0
    ) -> None:
        """An ellipse about a point, turned by ``angle`` degrees."""
        reach = max(rx, ry) * self.height + 2
        x0, y0 = max(0, int(x * self.height - reach)), max(0, int(y * self.height - reach))
        x1 = min(self.pixels.shape[1], int(x * self.height + reach) + 1)
        y1 = min(self.pixels.shape[0], int(y * self.height + reach) + 1)
        if x0 >= x1 or y0 >= y1:
            return
        mask = np.zeros((y1 - y0, x1 - x0), np.uint8)
        centre = (round((x * self.height - x0) * 16), round((y * self.height - y0) * 16))
        axes = (max(1, round(rx * self.height * 16)), max(1, round(ry * self.height * 16)))
        cv2.ellipse(mask, centre, axes, angle, 0, 360, 255, -1, cv2.LINE_AA, 4)
        self._lay(mask, (x0, y0), colour, shade)

    def line(self, points: Points, width: float, colour: RGB) -> None:
        """A line of one colour; ``width`` in the canvas' units."""
        corners = np.rint(np.array(points) * self.height * 16).astype(np.int32)
        thick = max(1, round(width * self.height))
        cv2.polylines(self.pixels, [corners], False, colour, thick, cv2.LINE_AA, 4)

    def glow(self, x: float, y: float, reach: float, colour: RGB, strength: float) -> None:
        """Light of a colour about a point, which fades with the distance."""
        h, w = self.pixels.shape[:2]
        dy = (np.arange(h, dtype=np.float32)[:, None] / self.height - y) / reach
        dx = (np.arange(w, dtype=np.float32)[None, :] / self.height - x) / reach
        share = (strength / (1 + 4 * (dx * dx + dy * dy)))[..., None]
        self.pixels = (self.pixels + (np.array(colour, np.float32) - self.pixels) * share).astype(np.uint8)

    def grain(self, amount: float, kind: int = NATURAL, step: tuple[float, float] = (1.0, 1.0), y0: float = 0) -> None:
        """Brighten and darken all below a height by noise, ``amount`` in levels."""
        first = round(y0 * self.height)
        changed = self.pixels + (amount * self.noise(kind, step))[..., None]
        self.pixels[first:] = np.clip(changed[first:], 0, 255).astype(np.uint8)

    def _lay(self, mask: U8, at: tuple[int, int], colour: RGB, shade: float) -> None:
        h, w = mask.shape
        region = self.pixels[at[1] : at[1] + h, at[0] : at[0] + w]
        fall = (
            np.linspace(0.6, -0.6, w, dtype=np.float32)[None, :] + np.linspace(0.4, -0.4, h, dtype=np.float32)[:, None]
        )
        colours = np.array(colour, np.float32) * (1 + shade * fall)[..., None]
        share = (mask.astype(np.float32) / 255)[..., None]
        region[...] = np.clip(region + (colours - region) * share, 0, 255).astype(np.uint8)
