"""Sea and sky, a headland with a lighthouse, sand, rocks and a jetty."""

from __future__ import annotations

import math

import numpy as np
from numpy.random import Generator

from embedded import raster
from embedded.places.palette import STONES, sky
from embedded.scene import HIGH, WIDE, Brush, Location
from embedded.texture import Noise, jitter


def shore(rng: Generator, noise: Noise, w: int, h: int, *, dusk: bool = False) -> Location:
    """Sea and sky, a headland with a lighthouse, sand, rocks and a jetty; large parts have little texture."""
    width, height = w * WIDE, h * HIGH
    horizon, beach = height * 0.46, height * 0.72
    far = Brush(rng, noise, width, height)
    sky(far, *(((94, 84, 124), (236, 164, 108)) if dusk else ((110, 154, 204), (206, 218, 222))), 120)
    if dusk:
        far.glow(width * 0.6, horizon - 8, 150, (255, 214, 140), 0.9)
    land = [(width * 0.05, horizon + 2)]
    for x in np.linspace(0.05, 0.5, 16):
        bump = math.sin(math.pi * (x - 0.05) / 0.45) * 44 * (0.8 + 0.4 * rng.random())
        land.append((width * x, horizon - bump))
    far.poly([*land, (width * 0.52, horizon + 2)], (84, 92, 88) if not dusk else (62, 52, 70))
    tower = width * 0.36
    far.poly(
        [(tower - 7, horizon - 26), (tower - 5, horizon - 88), (tower + 5, horizon - 88), (tower + 7, horizon - 26)],
        (226, 222, 214),
    )
    for i in range(3):
        far.rect(tower - 6, horizon - 82 + 20 * i, 12, 9, (176, 58, 48))
    far.rect(tower - 4, horizon - 98, 8, 10, (250, 230, 150))
    sea = Brush(rng, noise, width, height)
    sea.wash(
        0,
        horizon,
        width,
        height - horizon,
        (98, 132, 152) if not dusk else (150, 112, 108),
        (52, 88, 108) if not dusk else (60, 56, 84),
    )
    area = sea.inside(0, horizon, width, height)
    raster.shade(area, noise.piece(rng, area.shape[:2], "natural", (4.0, 0.7)), 26)
    for _ in range(150):
        y = horizon + (beach - horizon) * rng.random() ** 0.7
        x, reach = rng.random() * width, 6 + 34 * (y - horizon) / (beach - horizon)
        sea.line([(x, y), (x + reach, y + 0.5)], 0.8, jitter(rng, (186, 204, 208) if not dusk else (230, 178, 140), 18))
    boat = width * (0.62 + 0.2 * rng.random())
    sea.poly(
        [(boat - 30, horizon + 8), (boat + 34, horizon + 8), (boat + 24, horizon + 20), (boat - 22, horizon + 20)],
        (94, 50, 40),
    )
    sea.poly([(boat, horizon + 5), (boat, horizon - 54), (boat + 28, horizon + 2)], (230, 224, 208))
    sea.poly([(boat - 3, horizon + 5), (boat - 3, horizon - 46), (boat - 24, horizon + 2)], (206, 196, 178))
    sand = Brush(rng, noise, width, height)
    shape = (
        [(0, height), (0, beach + 8)]
        + [(x, beach + 5 * math.sin(x / 90)) for x in np.arange(0, width + 40, 40)]
        + [(width, height)]
    )
    sand.poly([(float(x), float(y)) for x, y in shape], (196, 174, 136) if not dusk else (132, 100, 86))
    sand.recede(0, beach, width, height - beach, 22)
    sand.leaves(width * 0.66, beach + 2, width * 0.2, 26, STONES, 150, (3, 18))
    sand.leaves(0, beach + 20, width, height - beach, STONES, 60, (0.8, 4))
    for i in range(9):
        x = width * 0.08 + 30 * i
        sand.rect(x, beach - 40 + 2 * i, 6, 60, jitter(rng, (78, 62, 50), 12))
    sand.poly(
        [
            (width * 0.06, beach - 44),
            (width * 0.08 + 262, beach - 26),
            (width * 0.08 + 262, beach - 17),
            (width * 0.06, beach - 35),
        ],
        (112, 90, 70),
    )
    sand.grain(22, "rough", (0, beach - 50, width * 0.35, 80), (0.3, 3.0))
    layers = (far.layer(0.12, 0.6), sea.layer(0.4), sand.layer(1.0))
    return Location(layers, width, height, beach + 34, h * 0.5)
