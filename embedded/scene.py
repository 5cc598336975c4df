"""Locations of films and the brush that paints them.

A location is a stack of layers, the far ones first. A layer's *parallax* is how far it moves when the camera moves by
one unit. Positions are in units of one frame pixel of a wide shot; layers are painted at `FINER` pixels per unit, so
that closer set-ups have detail to show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath
from numpy.random import Generator

from embedded import raster
from embedded.raster import U8
from embedded.texture import Colour, Noise, blob, dead_leaves, gradient

FINER = 1.5
WIDE, HIGH = 1.8, 1.3
"""Width and height of a location over those of the frame; the camera moves inside it."""


@dataclass(frozen=True)
class Layer:
    """A painted layer and its parallax; 1 is where the actors stand."""

    picture: U8
    parallax: float


@dataclass(frozen=True)
class Location:
    """Layers from far to near, and where actors stand and how tall they are, in units."""

    layers: tuple[Layer, ...]
    width: float
    height: float
    ground: float
    actor: float

    def map(self, change: Grade) -> Location:
        """The same place in another light."""
        return replace(self, layers=tuple(Layer(change(layer.picture), layer.parallax) for layer in self.layers))


@dataclass(frozen=True)
class Grade:
    """A film's colours: exposure, contrast about mid-grey, tint per channel, saturation; 1 changes nothing."""

    exposure: float = 1.0
    contrast: float = 1.0
    tint: tuple[float, float, float] = (1.0, 1.0, 1.0)
    saturation: float = 1.0

    def __call__(self, picture: U8) -> U8:
        """The graded copy of a layer."""
        levels = 128 + (np.arange(256) - 128) * self.contrast
        curves = [np.clip(np.rint(levels * self.exposure * tint), 0, 255) for tint in self.tint]
        out = picture.copy()
        raster.regrade(out, np.array(curves).astype(np.uint8), round(self.saturation * 256))
        return out


class Brush:
    """A layer being painted, in units. Colours are opaque; edges are smooth."""

    def __init__(self, rng: Generator, noise: Noise, width: float, height: float) -> None:
        self.rng, self.noise, self.width, self.height = rng, noise, width, height
        self.picture: U8 = np.zeros((round(height * FINER), round(width * FINER), 4), np.uint8)

    def box(self, x: float, y: float, w: float, h: float) -> tuple[int, int, int, int]:
        """A box in units as a box in pixels, cut to the layer."""
        x0, y0 = max(0, round(x * FINER)), max(0, round(y * FINER))
        x1 = min(self.picture.shape[1], round((x + w) * FINER))
        y1 = min(self.picture.shape[0], round((y + h) * FINER))
        return x0, y0, max(0, x1 - x0), max(0, y1 - y0)

    def inside(self, x: float, y: float, w: float, h: float) -> U8:
        """The pixels of a box, as a view to paint on."""
        i, j, wide, high = self.box(x, y, w, h)
        return self.picture[j : j + high, i : i + wide]

    def fill(self, colour: Colour, to: Colour | None = None) -> None:
        """Cover the layer with a colour, or with a gradient from top to bottom."""
        self.picture[..., :3] = gradient(self.picture.shape[:2], colour, to or colour)
        self.picture[..., 3] = 255

    def wash(self, x: float, y: float, w: float, h: float, colour: Colour, to: Colour) -> None:
        """Cover a box with a gradient from top to bottom."""
        area = self.inside(x, y, w, h)
        area[..., :3] = gradient(area.shape[:2], colour, to)
        area[..., 3] = 255

    def rect(self, x: float, y: float, w: float, h: float, colour: Colour) -> None:
        """A filled box with upright edges."""
        self.poly([(x, y), (x + w, y), (x + w, y + h), (x, y + h)], colour)

    def poly(self, points: Sequence[tuple[float, float]], colour: Colour) -> None:
        """A filled polygon."""
        where = np.rint(np.array(points) * (FINER * 16)).astype(np.int32)
        cv2.fillPoly(self.picture, [where], (*colour, 255), cv2.LINE_AA, 4)

    def disc(self, x: float, y: float, rx: float, ry: float, colour: Colour, degrees: float = 0.0) -> None:
        """A filled ellipse."""
        blob(self.picture, (x * FINER, y * FINER), (rx * FINER, ry * FINER), degrees, (*colour, 255))

    def line(self, points: Sequence[tuple[float, float]], width: float, colour: Colour) -> None:
        """An open line of constant width."""
        where = np.rint(np.array(points) * (FINER * 16)).astype(np.int32)
        cv2.polylines(self.picture, [where], False, (*colour, 255), max(1, round(width * FINER)), cv2.LINE_AA, 4)

    def leaves(
        self, x: float, y: float, w: float, h: float, palette: Sequence[Colour], n: int, radii: tuple[float, float]
    ) -> None:
        """Dead leaves over a box; they may stick out of it."""
        box = tuple(round(value * FINER) for value in (x, y, w, h))
        dead_leaves(self.rng, self.picture, palette, n, (radii[0] * FINER, radii[1] * FINER), box)

    def crown(self, x: float, y: float, r: float, palette: Sequence[Colour], n: int, leaf: float) -> None:
        """A tree's crown or a bush: leaves about a centre, lit from above."""
        rng = self.rng
        angle, away = rng.random(n) * 2 * np.pi, r * np.sqrt(rng.random(n)) * (0.75 + 0.5 * rng.random(n))
        xs, ys = x + away * np.cos(angle), y + 0.8 * away * np.sin(angle)
        for i in np.argsort(-ys + rng.random(n) * r):
            light = 0.55 + 0.5 * (y + r - ys[i]) / (2 * r) + 0.25 * rng.random()
            c = palette[int(rng.integers(len(palette)))]
            colour = (min(255, int(c[0] * light)), min(255, int(c[1] * light)), min(255, int(c[2] * light)))
            size = leaf * (0.5 + rng.random())
            self.disc(xs[i], ys[i], size, size * (0.35 + 0.4 * rng.random()), colour, rng.random() * 180)

    def text(self, x: float, y: float, words: str, size: float, colour: Colour, family: str = "DejaVu Sans") -> None:
        """Words centred on x with their baseline at y."""
        write(self.picture, words, (x * FINER, y * FINER), size * FINER, colour, family)

    def grain(
        self,
        contrast: int,
        kind: str = "natural",
        box: tuple[float, float, float, float] | None = None,
        step: tuple[float, float] = (1.0, 1.0),
    ) -> None:
        """Texture what has been painted in a box (or everywhere), in place; ``contrast`` as in `raster.shade`."""
        area = self.inside(*(box or (0, 0, self.width, self.height)))
        raster.shade(area, self.noise.piece(self.rng, area.shape[:2], kind, step), contrast)

    def recede(self, x: float, y: float, w: float, h: float, contrast: int, far: float = 6.0) -> None:
        """Texture a box as a plane that runs away from the viewer."""
        area = self.inside(x, y, w, h)
        raster.shade(area, self.noise.ground(self.rng, area.shape[:2], far), contrast)

    def glow(self, x: float, y: float, r: float, colour: Colour, strength: float = 0.8) -> None:
        """Light added about a point, falling to nothing at r."""
        x0, y0, w, h = self.box(x - r, y - r, 2 * r, 2 * r)
        area = self.picture[y0 : y0 + h, x0 : x0 + w]
        rows = (np.arange(y0, y0 + h) - y * FINER)[:, None] / (r * FINER)
        cols = (np.arange(x0, x0 + w) - x * FINER)[None, :] / (r * FINER)
        fall = np.clip(1.0 - rows * rows - cols * cols, 0.0, 1.0) ** 3 * (strength * 256)
        added = np.rint(fall).astype(np.int32)[..., None] * np.array(colour, np.int32) >> 8
        area[..., :3] = np.minimum(area[..., :3] + added, area[..., 3:]).astype(np.uint8)

    def layer(self, parallax: float, soft: float = 0.0) -> Layer:
        """The finished layer; ``soft`` is the blur of a layer that is out of focus, in units."""
        return Layer(blurred(self.picture, soft * FINER), parallax)


def blurred(picture: U8, sigma: float) -> U8:
    """Gaussian blur; OpenCV computes it in fixed point for bytes, so it is the same everywhere."""
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.uint8) if sigma > 0 else picture


@lru_cache(maxsize=64)
def lettering(words: str, size: float, family: str) -> TextPath:
    """The outlines of words; ``size`` is the font's size in pixels."""
    return TextPath((0, 0), words, size=size, prop=FontProperties(family=family))


def write(
    picture: U8, words: str, at: tuple[float, float], size: float, colour: Colour, family: str = "DejaVu Serif"
) -> None:
    """Draw words in place, centred on x with their baseline at y; ``size`` is the font's size in pixels."""
    outlines = [np.asarray(polygon) for polygon in lettering(words, size, family).to_polygons()]
    if not outlines:
        return
    every = np.concatenate(outlines)
    middle = (every[:, 0].min() + every[:, 0].max()) / 2
    shapes = [
        np.rint(np.stack([at[0] + o[:, 0] - middle, at[1] - o[:, 1]], axis=1) * 16).astype(np.int32) for o in outlines
    ]
    full = (*colour, 255) if picture.shape[2] == 4 else colour
    cv2.fillPoly(picture, shapes, full, cv2.LINE_AA, 4)
