"""A market hall: stalls under striped awnings, crates of fruit, lamps on strings."""

from __future__ import annotations

import math

import numpy as np
from numpy.random import Generator

from embedded.places.furniture import thing
from embedded.places.palette import FACADES, FRUIT, STONES, WOOD
from embedded.scene import HIGH, WIDE, Brush, Location
from embedded.texture import Colour, Noise, jitter


def market(rng: Generator, noise: Noise, w: int, h: int) -> Location:
    """A market hall: stalls under striped awnings, crates of fruit, lamps on strings."""
    width, height = w * WIDE, h * HIGH
    floor = height * 0.84
    far = Brush(rng, noise, width, height)
    far.fill((96, 84, 76), (152, 128, 104))
    for i in range(7):
        x = width * (i + 0.5) / 7
        arch = [(x + 70 * math.cos(t), floor * 0.42 - floor * 0.3 * math.sin(t)) for t in np.linspace(0, math.pi, 20)]
        far.poly([(x - 70, floor), *arch[::-1], (x + 70, floor)], jitter(rng, (196, 186, 160), 24))
        far.line(arch, 8, (120, 104, 90))
        far.leaves(
            x - 50, floor * 0.5, 100, floor * 0.4, [jitter(rng, c, 20) for c in (*FACADES[:4], *STONES)], 60, (4, 15)
        )
    far.grain(30)
    stalls = Brush(rng, noise, width, height)
    stalls.wash(0, floor, width, height - floor, (126, 116, 104), (90, 82, 74))
    stalls.leaves(0, floor + 2, width, height - floor, STONES, 700, (3, 8))
    for i in range(5):
        _stall(stalls, width * (i + 0.5) / 5, width / 5 * 0.86, floor)
    stalls.grain(14, "rough")
    lamps = Brush(rng, noise, width * 1.1, height)
    rope = [(x, 26 + 20 * math.sin(x / 55) ** 2) for x in np.arange(0, width * 1.1, 12)]
    lamps.line([(float(x), float(y)) for x, y in rope], 1.2, (40, 36, 34))
    for x in np.arange(0, width * 1.1, 43):
        lamps.disc(x, 32 + 20 * math.sin(x / 55) ** 2, 4.5, 6, (255, 226, 150))
    return Location((far.layer(0.65, 1.0), stalls.layer(1.0), lamps.layer(1.12)), width, height, floor + 46, h * 0.62)


def _stall(brush: Brush, x: float, w: float, floor: float) -> None:
    rng, left = brush.rng, x - w / 2
    top, counter = floor * 0.3, floor * 0.68
    for side in (left + 4, left + w - 10):
        brush.rect(side, top, 6, floor - top, (84, 62, 46))
    cloth, n = jitter(rng, (*FRUIT, (60, 90, 130))[int(rng.integers(7))], 30), 9
    for i in range(n):
        a, b = left - 10 + (w + 20) * i / n, left - 10 + (w + 20) * (i + 1) / n
        tone: Colour = cloth if i % 2 else (228, 220, 204)
        brush.poly([(a + 8, top - 34), (b + 8 if i < n - 1 else b - 8, top - 34), (b, top + 6), (a, top + 6)], tone)
        brush.disc((a + b) / 2, top + 6, (b - a) / 2, 6, tone)
    for i in range(5):
        thing(brush, left + w * (i + 0.5) / 5, top + 52)
    brush.rect(left + 8, top + 52, w - 16, 4, (96, 72, 52))
    crates = 4
    for row, y in enumerate((counter, counter + 30)):
        for i in range(crates):
            cx, wide = left + w * i / crates, w / crates - 3
            colour = FRUIT[int(rng.integers(6))]
            brush.rect(cx, y, wide, 26, (70, 52, 38))
            r = 4 + 2.5 * rng.random()
            for _ in range(26):
                fx, fy = cx + 4 + (wide - 8) * rng.random(), y - 2 + 14 * rng.random()
                brush.disc(fx, fy, r, r, jitter(rng, colour, 26))
                brush.disc(fx - r * 0.3, fy - r * 0.35, r * 0.25, r * 0.2, (246, 238, 220))
            for slat in (14, 21):
                brush.rect(cx, y + slat, wide, 5.5, jitter(rng, WOOD[3], 14))
            if row == 0 and rng.random() < 0.7:
                brush.rect(cx + wide * 0.3, y - 18, 22, 14, (240, 236, 222))
                brush.text(
                    cx + wide * 0.3 + 11,
                    y - 7,
                    f"{int(rng.integers(1, 9))}.{int(rng.integers(0, 9))}0",
                    9,
                    (40, 40, 44),
                )
    brush.rect(left, counter + 58, w, floor - counter - 50, jitter(rng, (98, 74, 54), 14))
