"""A news studio: a wall with lit panels and a screen, a desk, and the presenters at it."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from embedded.newscast.graphics import SANS
from embedded.raster import U8
from embedded.scene import HIGH, WIDE, Brush, Location, write
from embedded.texture import Colour, Noise, jitter


def studio(rng: Generator, noise: Noise, w: int, h: int, colour: Colour, second: Colour) -> Location:
    """The set, with room for two presenters who stand for the wide shot."""
    width, height = w * WIDE, h * HIGH
    floor = height * 0.78
    wall = Brush(rng, noise, width, height)
    dark: Colour = (colour[0] // 4 + 8, colour[1] // 4 + 8, colour[2] // 4 + 12)
    wall.fill(dark, jitter(rng, colour, 10))
    n = int(rng.integers(9, 14))
    for k in range(n):
        x = width * (k + 0.5) / n
        tone = jitter(rng, colour if k % 2 else second, 26)
        wall.wash(x - 0.42 * width / n, 0.08 * height, 0.84 * width / n, floor - 0.14 * height, tone, dark)
        wall.line([(x, 0.08 * height), (x, floor - 0.07 * height)], 1.2, jitter(rng, (210, 220, 235), 20))
    _skyline(wall, 0.34 * width, 0.15 * height, 0.32 * width, 0.4 * height)
    for x in (0.2, 0.8):
        wall.disc(x * width, 0.32 * height, 0.05 * width, 0.05 * width, jitter(rng, second, 30))
        wall.disc(x * width, 0.32 * height, 0.036 * width, 0.036 * width, dark)
    wall.wash(0, floor, width, height - floor, jitter(rng, (70, 74, 84), 14), (28, 30, 36))
    for k in range(30):
        wall.line([(width * (k - 5) / 20, height), (width / 2 + width * (k - 15) / 44, floor)], 0.7, (90, 94, 104))
    for x in np.linspace(0.1, 0.9, 5):
        wall.glow(x * width, floor, 0.09 * width, jitter(rng, second, 20), 0.5)
    wall.grain(6, "soft")
    front = Brush(rng, noise, width, height)
    middle, desk = width / 2, floor - 22
    front.poly([(middle - 112, desk), (middle + 112, desk), (middle + 92, desk + 62), (middle - 92, desk + 62)], second)
    front.rect(middle - 120, desk - 5, 240, 7, (226, 228, 232))
    front.rect(middle - 84, desk + 16, 168, 3, (240, 240, 240))
    front.grain(8, "rough")
    # The desk is nearer than the people behind it: layers with a parallax above 1 are drawn after them.
    return Location((wall.layer(0.9), front.layer(1.02)), width, height, floor + 44, h * 0.72)


def _skyline(brush: Brush, x: float, y: float, w: float, h: float) -> None:
    """A screen with a town at dusk."""
    rng = brush.rng
    brush.rect(x - 3, y - 3, w + 6, h + 6, (18, 20, 26))
    brush.wash(x, y, w, h, jitter(rng, (60, 84, 140), 24), jitter(rng, (226, 160, 120), 24))
    at = x
    while at < x + w - 6:
        wide, tall = 6 + 12 * rng.random(), h * (0.15 + 0.6 * rng.random() ** 2)
        wide = min(wide, x + w - at)
        brush.rect(at, y + h - tall, wide, tall, jitter(rng, (40, 46, 66), 12))
        for _ in range(int(tall * wide / 60)):
            lit = (at + 1 + (wide - 3) * rng.random(), y + h - tall * rng.random())
            brush.rect(*lit, 1.3, 1.3, (250, 226, 150))
        at += wide


def desk_front(rng: Generator, w: int, name: str, colour: Colour) -> U8:
    """The desk's edge as the close cameras see it, over the presenter's chest: a layer of the frame's width."""
    desk = np.zeros((44, w + 1, 4), np.uint8)
    desk[:5] = (224, 226, 232, 255)
    shades = np.linspace(1.0, 0.45, 39)[:, None]
    desk[5:, :, :3] = (np.array(colour)[None, :] * shades)[:, None].astype(np.uint8)
    desk[5:, :, 3] = 255
    write(desk, name, (w * 0.5, 27), 13, (245, 245, 245), SANS)
    for k in range(3):
        x = int(w * (0.1 + 0.3 * k + 0.06 * rng.random()))
        desk[0:4, x : x + 26] = (250, 250, 246, 255)
    return desk


def cropped(picture: U8, width: int, height: int) -> U8:
    """The middle of a frame, (height, width, 4)."""
    y, x = (picture.shape[0] - height) // 2, (picture.shape[1] - width) // 2
    return np.ascontiguousarray(picture[y : y + height, x : x + width])
