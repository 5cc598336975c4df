"""A wood, and fields on hills with a village."""

from __future__ import annotations

import math

import numpy as np
from numpy.random import Generator

from embedded.places.palette import AUTUMN, GREENS, STONES, scaled, sky
from embedded.scene import HIGH, WIDE, Brush, Location
from embedded.texture import Colour, Noise, jitter


def forest(rng: Generator, noise: Noise, w: int, h: int, *, autumn: bool = False) -> Location:
    """Trunks in the haze, crowns, undergrowth, a floor of litter."""
    width, height = w * WIDE, h * HIGH
    ground, leaves = height * 0.74, AUTUMN if autumn else GREENS
    far = Brush(rng, noise, width, height)
    sky(far, (196, 206, 196), (160, 176, 150), 90)
    for x in np.sort(rng.random(60) * width):
        far.line(
            [(x, ground + 10), (x + 6 * rng.standard_normal(), 0)],
            2 + 4 * rng.random(),
            jitter(rng, (120, 130, 116), 14),
        )
    haze: list[Colour] = [((176 + 2 * c[0]) // 3, (190 + 2 * c[1]) // 3, (168 + 2 * c[2]) // 3) for c in leaves]
    for _ in range(34):
        far.crown(rng.random() * width, (ground + 10) * rng.random() ** 0.7, 30 + 24 * rng.random(), haze, 60, 5)
    far.grain(26)
    middle = Brush(rng, noise, width, height)
    middle.wash(0, ground - 14, width, height, (104, 110, 74), (80, 80, 54))
    for x in np.sort(rng.random(16) * width):
        _trunk(middle, x, ground, 6 + 7 * rng.random(), (88, 82, 70))
    for _ in range(14):
        middle.crown(rng.random() * width, height * 0.3 * rng.random(), 60, leaves, 150, 5)
    for _ in range(16):
        middle.crown(rng.random() * width, ground, 26 + 14 * rng.random(), leaves, 90, 4.5)
    front = Brush(rng, noise, width, height)
    front.wash(0, ground, width, height - ground, (92, 86, 52), (58, 54, 36))
    front.leaves(0, ground + 4, width, height - ground, (*leaves, *AUTUMN[:3], (74, 66, 44)), 1500, (1.6, 9))
    front.recede(0, ground, width, height - ground, 50)
    for x in (0.06, 0.33, 0.62, 0.93):
        _trunk(front, width * (x + 0.06 * rng.random()), ground + 14, 15 + 9 * rng.random(), (74, 62, 50))
    for _ in range(7):
        front.crown(rng.random() * width, ground + 12, 30, leaves, 130, 5.5)
    near = Brush(rng, noise, width * 1.5, height)
    for x in (0.15, 0.8, 1.3):
        near.crown(width * x, height * rng.choice([0.0, 1.0]), 80, [scaled(c, 0.5) for c in leaves], 150, 13)
    layers = (far.layer(0.3, 1.2), middle.layer(0.6, 0.4), front.layer(1.0), near.layer(1.6, 3.5))
    return Location(layers, width, height, ground + 30, h * 0.55)


def _trunk(brush: Brush, x: float, base: float, r: float, bark: Colour) -> None:
    """A trunk with its shaded side, bark and a few boughs."""
    rng, lean = brush.rng, 12 * brush.rng.standard_normal()
    bark = jitter(rng, bark, 14)
    dark = scaled(bark, 0.5)
    brush.poly([(x - 1.5 * r, base), (x - r + lean, -9), (x + r + lean, -9), (x + 1.5 * r, base)], bark)
    brush.poly([(x + 0.3 * r, base), (x + 0.3 * r + lean, -9), (x + r + lean, -9), (x + 1.5 * r, base)], dark)
    for _ in range(int(5 * r)):
        y, at = base * rng.random(), x + lean * 0.5 + r * (2 * rng.random() - 1)
        brush.line([(at, y), (at + rng.standard_normal(), y + 14 * rng.random())], 1, jitter(rng, dark, 16))
    for _ in range(3):
        y, reach = base * 0.6 * rng.random(), (40 + 50 * rng.random()) * (1 if rng.random() < 0.5 else -1)
        brush.line([(x + lean * (1 - y / base), y), (x + reach * 0.5, y - 22), (x + reach, y - 34)], 0.3 * r, bark)


def hills(rng: Generator, noise: Noise, w: int, h: int) -> Location:
    """Fields on hills, hedges and trees, a village with a church, a stone wall, a meadow."""
    width, height = w * WIDE, h * HIGH
    ground = height * 0.74
    far = Brush(rng, noise, width, height)
    sky(far, (104, 150, 206), (222, 226, 222), 190)
    for n, (level, tone) in enumerate(((0.42, (140, 160, 164)), (0.48, (118, 142, 122)))):
        phase = 6.28 * rng.random()
        crest = [
            (x, height * level - 26 * math.sin(x / (150 + 60 * n) + phase) - 9 * math.sin(x / 41 + phase))
            for x in np.arange(-20, width + 40, 12)
        ]
        far.poly([(-20.0, height), *((float(x), float(y)) for x, y in crest), (width + 40, height)], tone)
    middle = Brush(rng, noise, width, height)
    crest_at = lambda x: height * 0.55 - 18 * math.sin(x / 210 + 1.0)  # noqa: E731
    middle.poly(
        [(-9.0, height), *((float(x), crest_at(x)) for x in np.arange(-9, width + 20, 12)), (width + 20, height)],
        (112, 138, 70),
    )
    for i in range(13):
        x, tone = (
            width * i / 12,
            jitter(rng, ((150, 152, 76), (104, 132, 60), (186, 166, 92), (92, 116, 58))[i % 4], 16),
        )
        y, slant = crest_at(x) + 8, 60 * rng.standard_normal()
        middle.poly(
            [(x, y), (x + 110, crest_at(x + 110) + 8), (x + 150 + slant, ground + 14), (x - 40 + slant, ground + 14)],
            tone,
        )
        middle.line([(x, y), (x - 40 + slant, ground + 14)], 2.5, (58, 78, 42))
        for t in rng.random(5):
            middle.crown(x + t * (slant - 40), y + t * (ground - y), 4 + 9 * t, GREENS, 26, 2.4)
    _village(middle, width * 0.42, crest_at(width * 0.42) + 30)
    middle.grain(26)
    front = Brush(rng, noise, width, height)
    front.wash(0, ground, width, height - ground, (116, 136, 62), (70, 92, 44))
    front.recede(0, ground, width, height - ground, 44)
    for _ in range(1300):
        x, y = rng.random() * width, ground + (height - ground) * rng.random()
        size = 3 + 10 * (y - ground) / (height - ground)
        front.line(
            [(x, y), (x + size * 0.3 * rng.standard_normal(), y - size)],
            0.8,
            jitter(rng, GREENS[int(rng.integers(5))], 24),
        )
    front.leaves(
        0, ground + 4, width, height - ground, ((226, 210, 90), (220, 90, 80), (236, 236, 226)), 170, (0.9, 2.6)
    )
    for x in np.arange(-10, width, 9):
        for row in range(4):
            front.disc(x + 4.5 * (row % 2), ground + 1 - 7 * row, 5.5, 4, jitter(rng, STONES[int(rng.integers(4))], 16))
    for x in (0.12, 0.78):
        _stem(front, width * x, ground + 10)
        front.crown(width * x, ground - 105, 80, GREENS, 620, 6)
    near = Brush(rng, noise, width * 1.5, height)
    for _ in range(70):
        x = width * 1.5 * rng.random()
        near.line(
            [(x, height), (x + 20 * rng.standard_normal(), height - 40 - 70 * rng.random())],
            2.4,
            jitter(rng, (74, 92, 44), 20),
        )
    layers = (far.layer(0.12, 0.6), middle.layer(0.45), front.layer(1.0), near.layer(1.6, 3.0))
    return Location(layers, width, height, ground + 36, h * 0.5)


def _stem(brush: Brush, x: float, base: float) -> None:
    brush.poly([(x - 13, base), (x - 7, base - 90), (x + 7, base - 90), (x + 12, base)], (82, 66, 52))
    brush.grain(60, "rough", (x - 13, base - 90, 26, 90), (0.4, 3.0))


def _village(brush: Brush, x: float, y: float) -> None:
    rng = brush.rng
    for i in range(9):
        hx, hy, size = x + 34 * (i - 4) + 8 * rng.standard_normal(), y + 8 * rng.random(), 24 + 10 * rng.random()
        brush.rect(hx, hy, size, size * 0.6, jitter(rng, (218, 208, 190), 18))
        brush.poly(
            [(hx - 3, hy), (hx + size / 2, hy - size * 0.45), (hx + size + 3, hy)], jitter(rng, (158, 84, 60), 22)
        )
        for k in (0.2, 0.62):
            brush.rect(hx + size * k, hy + size * 0.18, size * 0.16, size * 0.22, (70, 72, 80))
    brush.rect(x + 6, y - 44, 18, 54, (196, 188, 172))
    brush.poly([(x + 3, y - 44), (x + 15, y - 92), (x + 27, y - 44)], (90, 92, 100))
    brush.disc(x + 15, y - 32, 4.5, 4.5, (240, 236, 220))
