"""A café kitchen: tiles, shelves of jars and bottles, hanging pans, a counter."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from embedded.places.furniture import thing, window
from embedded.places.palette import FRUIT, GREENS, WOOD, scaled
from embedded.scene import HIGH, WIDE, Brush, Location
from embedded.texture import Noise, jitter


def kitchen(rng: Generator, noise: Noise, w: int, h: int) -> Location:
    """A café kitchen: tiles, shelves of jars and bottles, hanging pans, a counter."""
    width, height = w * WIDE, h * HIGH
    counter = height * 0.66
    wall = Brush(rng, noise, width, height)
    tile = jitter(rng, (198, 206, 198), 16)
    accent = jitter(rng, (70, 110, 130), 40)
    wall.fill(scaled(tile, 0.67))
    for row, y in enumerate(np.arange(0, counter, 15)):
        for col, x in enumerate(np.arange(-22, width, 22)):
            chosen = accent if row % 9 == 4 and col % 2 else tile
            wall.rect(x + 11 * (row % 2), y, 20.6, 13.6, jitter(rng, chosen, 9))
    for x in (0.16, 0.5, 0.84):
        window(wall, width * x, width * 0.16, counter) if x == 0.5 else _shelves(wall, width * x, width * 0.26, counter)
    wall.line([(width * 0.3, 46), (width * 0.7, 46)], 3, (60, 58, 56))
    for x in np.arange(width * 0.31, width * 0.41, 30):
        _pan(wall, x, 48, 11 + 5 * rng.random())
        _pan(wall, width - x, 48, 11 + 5 * rng.random())
    wall.grain(10)
    front = Brush(rng, noise, width, height)
    front.rect(0, counter, width, 12, jitter(rng, (196, 188, 176), 12))
    front.grain(50, "rough", (0, counter, width, 12))
    wood = jitter(rng, WOOD[int(rng.integers(4))], 16)
    front.wash(0, counter + 12, width, height - counter, wood, scaled(wood, 0.5))
    for x in np.arange(8, width, 78):
        front.rect(x, counter + 24, 66, 90, jitter(rng, wood, 14))
        front.disc(x + 56, counter + 46, 3, 3, (206, 196, 170))
    front.grain(30, "rough", (0, counter + 12, width, height - counter), (0.4, 4.0))
    for x in np.arange(20, width - 10, 34):
        if rng.random() < 0.75:
            thing(front, x + 8 * rng.random(), counter + 4)
    return Location((wall.layer(0.75), front.layer(1.0)), width, height, height * 1.0, h * 0.78)


def _shelves(brush: Brush, x: float, w: float, floor: float) -> None:
    rng = brush.rng
    for y in (floor * 0.3, floor * 0.55, floor * 0.8):
        at = x - w / 2 + 8
        while at < x + w / 2 - 6:
            wide, tall = 12 + 8 * rng.random(), 20 + 18 * rng.random()
            glass = jitter(rng, (*FRUIT, *WOOD, *GREENS)[int(rng.integers(15))], 30)
            brush.rect(at, y - tall, wide, tall, glass)
            brush.rect(at - 0.5, y - tall - 4, wide + 1, 5, jitter(rng, (150, 146, 140), 40))
            brush.rect(at + 2, y - tall * 0.6, wide - 4, tall * 0.34, (230, 224, 206))
            brush.line([(at + 3, y - tall * 0.45), (at + wide - 4, y - tall * 0.45)], 0.9, (50, 44, 44))
            brush.line([(at + 1.8, y - tall + 2), (at + 1.8, y - 2)], 1, (240, 240, 236))
            at += wide + 2 + 4 * rng.random()
        brush.rect(x - w / 2, y, w, 6, (96, 66, 44))
        brush.rect(x - w / 2, y + 6, w, 3, (60, 56, 52))


def _pan(brush: Brush, x: float, y: float, r: float) -> None:
    metal = jitter(brush.rng, (168, 104, 70), 40)
    brush.line([(x, y), (x, y + 26)], 3, (52, 48, 46))
    brush.disc(x, y + 26 + r, r, r, metal)
    brush.disc(x - 1, y + 25 + r, r * 0.75, r * 0.75, jitter(brush.rng, metal, 30))
    brush.disc(x - r * 0.4, y + 20 + r * 0.7, r * 0.2, r * 0.12, (238, 222, 206), 40)
