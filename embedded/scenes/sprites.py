"""Pictures of single things with their opacity, cut to their visible parts."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import PCG64, Generator

from embedded import figures, raster
from embedded.landmarks import things as street_things
from embedded.landmarks.style import pick, span
from embedded.paintings import objects, people, things
from embedded.paintings.canvas import COLOURS, Canvas
from embedded.paintings.people import Placement
from embedded.raster import U8, compose, placed
from embedded.scene import Brush, Grade
from embedded.texture import Colour, Noise, jitter


@dataclass(frozen=True, eq=False)
class Sprite:
    """A thing: its class, its picture uint8 (h, w, 4) with colours multiplied by opacity, its height in metres."""

    kind: str
    picture: U8
    metres: float

    @property
    def fill(self) -> float:
        """Share of the picture that the thing covers."""
        return float((self.picture[..., 3] >= 128).mean())


_PAINTED: dict[str, tuple[Callable[..., None], float]] = {
    "person": (people.person, 1.75), "horse": (things.horse, 1.9), "cow": (things.cow, 1.6),
    "sheep": (things.sheep, 1.0), "dog": (things.dog, 0.8), "bird": (things.bird, 0.5), "boat": (things.boat, 2.2),
    "ship": (things.ship, 9.0), "lute": (objects.lute, 0.7), "globe": (objects.globe, 0.6), "fish": (objects.fish, 0.4),
    "skull": (objects.skull, 0.3), "hourglass": (objects.hourglass, 0.4), "candle": (objects.candle, 0.5),
    "lobster": (objects.lobster, 0.3),
}  # fmt: skip
_NAMES = tuple(COLOURS)
_SCALE = 0.44  # height of a painted thing on its canvas, of which some reach beyond 1 to the sides


def painted(kind: str, rng: Generator) -> Sprite:
    """A painted thing of a class in random colours.

    It is painted twice, on black and on white; where the two agree it is opaque.
    """
    if kind in _OWN:
        return _OWN[kind](rng)
    paint, metres = _PAINTED[kind]
    traits = _traits(kind, rng)
    light, turn, seed = span(rng, 0.75, 1.2), 1 if rng.random() < 0.5 else -1, int(rng.integers(1 << 31))
    grounds = []
    for level in (0, 255):
        canvas = Canvas(300, 420, Generator(PCG64(seed)))
        canvas.pixels[:] = level
        paint(canvas, Placement(canvas.wide / 2, 0.72, _SCALE, turn), traits, light)
        grounds.append(canvas.pixels.astype(np.int32))
    black, white = grounds
    through = np.clip(white - black, 0, 255).max(axis=2)
    through[through < 8] = 0  # such values come from rounding in many layers
    return Sprite(kind, trimmed(_layer(black, 255 - through)), metres * span(rng, 0.9, 1.1))


def _traits(kind: str, rng: Generator) -> dict[str, object]:
    colour = pick(rng, _NAMES)
    if kind == "person":
        return {
            "robe": colour,
            "cloak": pick(rng, (*_NAMES, None, None)),
            "hair": pick(rng, tuple(people.HAIR)),
            "long": rng.random() < 0.4,
            "beard": rng.random() < 0.25,
            "hat": pick(rng, (*_NAMES[:4], None, None)),
            "pose": pick(rng, ("standing", "standing", "standing", "kneeling", "seated")),
            "arms": pick(rng, ("down", "raised", "praying", "pointing", "holding", "spread")),
        }
    coats = ("brown", "black", "white", "grey", "orange")
    return {"colour": pick(rng, coats)} if kind in ("horse", "cow", "dog") else {"colour": colour}


def _umbrella(rng: Generator) -> Sprite:
    brush = Brush(rng, _Plain(), 120, 130)
    first, second = (jitter(rng, _colour(rng), 20) for _ in range(2))
    brush.line([(60, 50), (60, 118), (54, 124), (48, 118)], 3, (60, 48, 40))
    for k in range(6):
        a, b = (math.pi * (1 + j / 6) for j in (k, k + 1))
        arc = [(60 + 56 * math.cos(t), 60 + 50 * math.sin(t)) for t in np.linspace(a, b, 6)]
        brush.poly([(60, 10), *arc, (60, 52)], first if k % 2 else second)
    return Sprite("umbrella", trimmed(brush.picture), 1.1)


def _kite(rng: Generator) -> Sprite:
    brush = Brush(rng, _Plain(), 110, 170)
    left, right = (jitter(rng, _colour(rng), 20) for _ in range(2))
    brush.poly([(55, 6), (14, 50), (55, 116)], left)
    brush.poly([(55, 6), (96, 50), (55, 116)], right)
    brush.line([(14, 50), (96, 50)], 2, (70, 56, 40))
    xs = 55 + 14 * np.sin(np.arange(8))
    tail = [(float(x), 116 + 6.5 * k) for k, x in enumerate(xs)]
    brush.line(tail, 1.6, (70, 56, 40))
    for x, y in tail[2::2]:
        brush.poly([(x - 7, y - 4), (x + 7, y + 4), (x + 7, y - 4), (x - 7, y + 4)], right)
    return Sprite("kite", trimmed(brush.picture), 1.2)


_OWN = {"umbrella": _umbrella, "kite": _kite}


def _colour(rng: Generator) -> Colour:
    r, g, b = COLOURS[pick(rng, _NAMES)]
    return (int(r), int(g), int(b))


class _Plain(Noise):
    """No texture: a brush needs some noise, and these things have plain cloth."""

    def __init__(self) -> None:
        self._tiles = {}


def from_street(rng: Generator, noise: Noise) -> Iterator[Sprite]:
    """People, cars, buses, signs, stalls and banners of a street; none of them stands in front of a landmark."""
    for kind, picture, _, height in street_things.every(rng, noise):
        if kind in ("person", "car", "bus", "sign", "stall", "banner"):
            yield Sprite(kind, _opaque(picture), height)


def walker(rng: Generator, noise: Noise, grade: Grade) -> Iterator[Sprite]:
    """A person of the films at four moments, walking or standing."""
    who = figures.character(rng, noise, grade)
    for moving in (True, True, False, False):
        frame = np.zeros((240, 240, 4), np.uint8)
        for picture, where in figures.walker(who, 12 * float(rng.random()), moving=moving):
            raster.draw(frame, picture, compose(placed(1.0, 0.0, (0.0, 0.0), (120.0, 222.0)), where))
        yield Sprite("person", trimmed(frame), 1.75)


def _opaque(texture: U8) -> U8:
    """A texture with code channel (`mesh.LIT`) as a layer."""
    solid = np.where(texture[..., 3] >= 128, 255, 0)
    return trimmed(_layer(np.where(solid[..., None] > 0, texture[..., :3], 0).astype(np.int32), solid))


def _layer(colours: np.ndarray, opacity: np.ndarray) -> U8:
    """Colours already multiplied by opacity, int (h, w, 3), and opacity (h, w), as a layer for `raster.draw`."""
    layer = np.concatenate([np.minimum(colours, opacity[..., None]), opacity[..., None]], axis=2)
    return np.ascontiguousarray(np.clip(layer, 0, 255).astype(np.uint8))


def trimmed(layer: U8) -> U8:
    """A layer without its empty margins, with one empty pixel on each side, as `raster.draw` needs for smooth edges."""
    seen = layer[..., 3] >= 8
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    cut = layer[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return np.ascontiguousarray(np.pad(cut, ((1, 1), (1, 1), (0, 0))))


def shrunk(layer: U8, factor: float) -> U8:
    """A layer at half its size as often as ``factor`` (below 1) allows, so that `raster.draw` shrinks it little."""
    while factor < 0.5 and min(layer.shape[:2]) > 8:
        h, w = layer.shape[0] // 2 * 2, layer.shape[1] // 2 * 2
        layer = np.ascontiguousarray(cv2.resize(layer[:h, :w], (w // 2, h // 2), interpolation=cv2.INTER_AREA))
        layer[..., :3] = np.minimum(layer[..., :3], layer[..., 3:])
        factor *= 2
    return layer
