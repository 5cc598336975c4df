"""Surfaces with the statistics of natural images: spectra that fall as 1/f^α, and objects that hide one another.

The noise is made once per film in double precision and rounded to whole numbers; all later steps use integer arithmetic
(`raster`). Films are thus identical on all processors: an error of 1e-16 before a single rounding to a thousand levels
has practically no effect, whereas errors that are carried from step to step would have one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from embedded.raster import I16, U8

Colour = tuple[int, int, int]

_SIDE = 1024


def fractal(rng: Generator, alpha: float, side: int = _SIDE) -> I16:
    """A field (side, side) whose amplitude spectrum falls as 1/f^alpha: zero mean, standard deviation 64, periodic.

    Natural images have α near 1 (Field 1987); larger values give clouds, smaller ones give sand.
    """
    fy, fx = np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None, :]
    radius = np.sqrt(fy * fy + fx * fx)
    radius[0, 0] = 1.0
    # Periods beyond a third of the tile would make one side of every surface dark.
    amplitude = np.where(radius < 3.0 / side, 0.0, radius**-alpha)
    field = np.fft.irfft2(np.fft.rfft2(rng.standard_normal((side, side))) * amplitude, s=(side, side))
    return np.clip(np.rint(field * (64.0 / field.std())), -255, 255).astype(np.int16)


class Noise:
    """Three fractal fields of one film, from which every surface takes its own random piece."""

    def __init__(self, rng: Generator) -> None:
        self._tiles = {name: fractal(rng, alpha) for name, alpha in (("rough", 0.7), ("natural", 1.1), ("soft", 1.7))}

    def piece(
        self, rng: Generator, shape: tuple[int, int], kind: str = "natural", step: tuple[float, float] = (1.0, 1.0)
    ) -> I16:
        """(h, w) noise; ``step`` > 1 packs the field tighter along y or x, which gives it a grain direction."""
        tile = self._tiles[kind]
        transposed = rng.integers(2)
        y, x = rng.integers(_SIDE, size=2)
        rows = (y + np.floor(np.arange(shape[0]) * step[0]).astype(np.int64)) % _SIDE
        cols = (x + np.floor(np.arange(shape[1]) * step[1]).astype(np.int64)) % _SIDE
        if transposed:
            return np.ascontiguousarray(tile.take(cols, axis=0).take(rows, axis=1).T)
        return tile.take(rows, axis=0).take(cols, axis=1)

    def ground(self, rng: Generator, shape: tuple[int, int], far: float = 6.0) -> I16:
        """(h, w) noise on a plane that recedes from the bottom row to the top one, which is ``far`` times further."""
        tile = self._tiles["natural"]
        y0, x0 = rng.integers(_SIDE, size=2)
        depth = 1.0 / np.linspace(1.0 / far, 1.0, shape[0])
        rows = (y0 + np.floor(depth * 90.0).astype(np.int64)) % _SIDE
        across = np.arange(shape[1]) - shape[1] // 2
        cols = (x0 + np.floor(depth[:, None] * across[None, :]).astype(np.int64)) % _SIDE
        # Far ground blurs into its mean, as it does for the eye; without the blur its noise would alias.
        contrast = np.rint(256 / depth**1.5).astype(np.int32)[:, None]
        piece: I16 = (tile[rows[:, None], cols].astype(np.int32) * contrast >> 8).astype(np.int16)
        return piece


def jitter(rng: Generator, colour: Colour, amount: int) -> Colour:
    """A colour near the given one: common change of brightness, and less of hue."""
    common = int(rng.integers(-amount, amount + 1))
    low, high = -amount // 3, amount // 3 + 1
    # Draws one by one are those of size=3, which takes numpy longer; a film has tens of thousands of leaves.
    r, g, b = (min(255, max(0, c + common + int(rng.integers(low, high)))) for c in colour)
    return (r, g, b)


def gradient(shape: tuple[int, int], top: Colour, bottom: Colour) -> U8:
    """(h, w, 3) picture that passes from one colour to another from top to bottom."""
    weight = (np.arange(shape[0], dtype=np.int64) * 256 // max(1, shape[0] - 1))[:, None]
    column = (np.array(top, np.int64) * (256 - weight) + np.array(bottom, np.int64) * weight) >> 8
    return np.ascontiguousarray(np.broadcast_to(column[:, None, :].astype(np.uint8), (*shape, 3)))


def power_law_radii(rng: Generator, n: int, smallest: float, largest: float) -> NDArray[np.float64]:
    """Radii with density r^-3, for which a dead-leaves picture is scale invariant (Lee, Mumford and Huang 2001)."""
    u = rng.random(n)
    low, high = smallest**-2.0, largest**-2.0
    return 1.0 / np.sqrt(low + u * (high - low))


def dead_leaves(
    rng: Generator, picture: U8, palette: Sequence[Colour], n: int, radii: tuple[float, float], box: tuple[int, ...]
) -> None:
    """Cover a box (x, y, w, h) of a picture (3 or 4 channels) in place with opaque ellipses and quadrilaterals."""
    x, y, w, h = box
    sizes = np.sort(power_law_radii(rng, n, *radii))[::-1]
    sizes = sizes[np.argsort(rng.random(n) + 0.5 * (np.arange(n) / n))]
    for size, cx, cy, turn in zip(
        sizes, x + rng.random(n) * w, y + rng.random(n) * h, rng.random(n) * 180, strict=True
    ):
        colour = (*jitter(rng, palette[int(rng.integers(len(palette)))], 26), 255)
        blob(picture, (cx, cy), (size, size * (0.4 + 0.6 * rng.random())), turn, colour, square=rng.random() < 0.3)


def blob(
    picture: U8,
    centre: tuple[float, float],
    radii: tuple[float, float],
    degrees: float,
    colour: tuple[int, ...],
    *,
    square: bool = False,
) -> None:
    """Fill an ellipse, or the rectangle around it, rotated by ``degrees``; positions to 1/16 pixel."""
    if square:
        turn = math.radians(degrees)
        along = np.array([math.cos(turn), math.sin(turn)]) * radii[0]
        across = np.array([-math.sin(turn), math.cos(turn)]) * radii[1]
        corners = np.array(centre) + np.array([along + across, along - across, -along - across, across - along])
        cv2.fillConvexPoly(picture, np.rint(corners * 16).astype(np.int32), colour, cv2.LINE_AA, 4)
        return
    at = (round(centre[0] * 16), round(centre[1] * 16))
    axes = (max(8, round(radii[0] * 16)), max(8, round(radii[1] * 16)))
    cv2.ellipse(picture, at, axes, round(degrees), 0, 360, colour, -1, cv2.LINE_AA, 4)
