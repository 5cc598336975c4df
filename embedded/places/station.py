"""A railway platform: iron columns and arches, a train, a clock, signs, posters."""

from __future__ import annotations

import math

import numpy as np
from numpy.random import Generator

from embedded.places.palette import FACADES, FRUIT, WOOD
from embedded.scene import HIGH, WIDE, Brush, Location
from embedded.texture import Noise, jitter

NAMES = ("ALDERSEA", "NORTHWICK", "VALMORA", "ST. OLAVE", "BRENNACH", "MIRADOR")


def platform(rng: Generator, noise: Noise, w: int, h: int) -> Location:
    """A railway platform: iron columns and arches, a train, a clock, signs, posters."""
    width, height = w * WIDE, h * HIGH
    floor = height * 0.78
    far = Brush(rng, noise, width, height)
    far.fill((148, 158, 166), (196, 194, 184))
    for x in np.arange(-60, width + 60, 34):
        far.line([(x, 0), (x + 70, height * 0.34)], 2, (92, 98, 104))
        far.line([(x + 70, 0), (x, height * 0.34)], 2, (92, 98, 104))
    far.rect(0, height * 0.33, width, 10, (84, 86, 90))
    far.wash(0, height * 0.36, width, height, (150, 96, 76), (120, 80, 66))
    for row, y in enumerate(np.arange(height * 0.36, floor, 6.5)):
        far.line([(0, y), (width, y)], 0.7, (176, 142, 122))
        for x in np.arange(7 * (row % 2), width, 14):
            far.line([(x, y), (x, y + 6.5)], 0.7, (176, 142, 122))
    for x in np.arange(50, width, 120):
        _poster(far, x + 20 * rng.random(), height * 0.42, 52, 70)
    far.grain(26, "rough")
    train = Brush(rng, noise, width, height)
    paint = jitter(rng, (44, 84, 76), 30)
    left, right, roof = -20.0, width * 0.62, floor - 132
    train.rect(left, roof, right - left, 126, paint)
    train.rect(left, roof, right - left, 12, (120, 120, 118))
    train.rect(left, floor - 58, right - left, 7, (220, 200, 140))
    for x in np.arange(12, right - 40, 62):
        if (round(x) // 62) % 4 == 3:
            train.rect(x, roof + 18, 36, 104, jitter(rng, paint, 24))
            train.rect(x + 7, roof + 26, 22, 38, (60, 72, 82))
            continue
        train.rect(x - 3, roof + 23, 50, 42, (196, 192, 180))
        train.wash(x, roof + 26, 44, 36, (118, 132, 140), (70, 76, 80))
        if rng.random() < 0.6:
            train.disc(x + 14 + 14 * rng.random(), roof + 53, 7, 9, jitter(rng, (150, 110, 90), 40))
        train.rect(x + 21, roof + 26, 2, 36, (196, 192, 180))
    for x in np.arange(30, right, 90):
        train.disc(x, floor - 2, 15, 15, (40, 40, 42))
        train.disc(x, floor - 2, 7, 7, (110, 108, 104))
    train.grain(18)
    front = Brush(rng, noise, width, height)
    front.wash(0, floor, width, height - floor, (168, 162, 152), (116, 112, 106))
    front.rect(0, floor, width, 6, (226, 222, 206))
    for i in range(60):
        x = width * (i - 12) / 36
        front.line([(x, floor + 6), (x + (x - width / 2) * 0.5, height)], 0.9, (96, 92, 88))
    for y in floor + 6 + (height - floor) * np.array([0.1, 0.24, 0.44, 0.72]):
        front.line([(0, float(y)), (width, float(y))], 0.9, (96, 92, 88))
    front.recede(0, floor, width, height - floor, 30)
    for x in np.arange(width * 0.08, width, width * 0.21):
        _column(front, float(x), floor + 12, rng)
    _sign(front, width * 0.3, height * 0.28, NAMES[int(rng.integers(6))])
    _clock(front, width * 0.61, height * 0.3)
    for x in (0.42, 0.83):
        _bench(front, width * x, floor + 20)
    return Location((far.layer(0.6), train.layer(0.8), front.layer(1.0)), width, height, floor + 42, h * 0.56)


def _poster(brush: Brush, x: float, y: float, w: float, h: float) -> None:
    rng, ground = brush.rng, jitter(brush.rng, (*FACADES, *FRUIT)[int(brush.rng.integers(13))], 30)
    brush.rect(x - 3, y - 3, w + 6, h + 6, (60, 56, 54))
    brush.wash(x, y, w, h, jitter(rng, ground, 30), ground)
    brush.disc(x + w / 2, y + h * 0.48, w * 0.3, w * 0.3, jitter(rng, (230, 200, 120), 30))
    brush.poly(
        [
            (x, y + h),
            (x + w * 0.35, y + h * 0.5),
            (x + w * 0.6, y + h * 0.75),
            (x + w * 0.8, y + h * 0.55),
            (x + w, y + h),
        ],
        jitter(rng, (50, 70, 90), 40),
    )
    brush.text(x + w / 2, y + h * 0.18, NAMES[int(rng.integers(6))], 7.5, (244, 238, 224))
    brush.text(x + w / 2, y + h * 0.93, f"{int(rng.integers(1, 29))} · {int(rng.integers(1, 13))}", 8, (244, 238, 224))


def _column(brush: Brush, x: float, base: float, rng: Generator) -> None:
    iron = jitter(rng, (64, 86, 84), 10)
    brush.rect(x - 6, 0, 12, base, iron)
    brush.rect(x - 3, 0, 2, base, jitter(rng, (120, 140, 136), 10))
    for y in (base - 10, base - 60):
        brush.rect(x - 10, y, 20, 8, iron)
    for side in (-1, 1):
        arc = [(x + side * 70 * (1 - math.cos(t)), 80 - 80 * math.sin(t)) for t in np.linspace(0, math.pi / 2, 12)]
        brush.line(arc, 5, iron)
        for t in (0.35, 0.7, 1.05):
            brush.disc(x + side * (22 + 28 * t), 22, 7, 7, iron)
            brush.disc(x + side * (22 + 28 * t), 22, 4, 4, (150, 158, 164))


def _sign(brush: Brush, x: float, y: float, words: str) -> None:
    brush.line([(x - 50, 0), (x - 50, y)], 2, (50, 50, 52))
    brush.line([(x + 50, 0), (x + 50, y)], 2, (50, 50, 52))
    brush.rect(x - 76, y - 2, 152, 34, (226, 224, 214))
    brush.rect(x - 73, y + 1, 146, 28, (28, 52, 92))
    brush.text(x, y + 22, words, 20, (236, 234, 226))


def _clock(brush: Brush, x: float, y: float) -> None:
    brush.line([(x, 0), (x, y)], 3, (50, 50, 52))
    brush.disc(x, y + 20, 25, 25, (44, 46, 48))
    brush.disc(x, y + 20, 22, 22, (238, 234, 220))
    for hour in range(12):
        a = hour * math.pi / 6
        brush.line(
            [(x + 17 * math.sin(a), y + 20 - 17 * math.cos(a)), (x + 21 * math.sin(a), y + 20 - 21 * math.cos(a))],
            1.5,
            (30, 30, 32),
        )
    brush.line([(x + 10, y + 13), (x, y + 20), (x - 4, y + 5)], 2, (30, 30, 32))


def _bench(brush: Brush, x: float, y: float) -> None:
    wood = jitter(brush.rng, WOOD[1], 16)
    for i in range(4):
        brush.rect(x - 46, y - 46 + 8 * i, 92, 5.5, jitter(brush.rng, wood, 14))
    for side in (-38, 34):
        brush.rect(x + side, y - 48, 4, 52, (44, 46, 48))
    brush.grain(40, "rough", (x - 46, y - 46, 92, 30), (4.0, 0.4))
