"""Rooms in which a screen stands when it is photographed: an office, a bedroom, a studio flat.

They have painters of their own. With those of the films' sets (`places`), a bookcase behind the screen would match the
bookcase of a film, which does not happen with real rooms.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from embedded import scene
from embedded.raster import U8
from embedded.scene import Brush
from embedded.texture import Colour, Noise, jitter

WIDTH, HEIGHT = 960.0, 576.0
"""Size of a room in units of `Brush`; 1440 × 864 pixels."""

_FOCUS = 3.5
"""Blur, in pixels, of a wall that stands behind the screen on which the camera is focused."""


def all_rooms(rng: Generator, noise: Noise) -> list[U8]:
    """Each room as a picture uint8 (h, w, 3), in the order of their painters."""
    return [_painted(paint, rng, noise) for paint in (_office, _bedroom, _flat)]


def _painted(paint: Callable[[Brush], None], rng: Generator, noise: Noise) -> U8:
    brush = Brush(rng, noise, WIDTH, HEIGHT)
    paint(brush)
    brush.grain(8, "rough")
    return scene.blurred(np.ascontiguousarray(brush.picture[..., :3]), _FOCUS)


def _office(brush: Brush) -> None:
    """A grey wall with a blind, a whiteboard, notes and a row of lever-arch files."""
    wall = jitter(brush.rng, (158, 160, 162), 14)
    brush.fill(jitter(brush.rng, wall, 10), jitter(brush.rng, wall, 10))
    brush.grain(12, "soft")
    _blind(brush, 30, 30, 250, 330)
    _whiteboard(brush, 330, 50, 330, 210)
    for column in range(5):
        for row in range(3):
            paper = jitter(brush.rng, ((228, 214, 110), (224, 150, 160), (150, 206, 214))[(column + row) % 3], 16)
            x, y = 710 + 46 * column + 6 * brush.rng.random(), 60 + 52 * row + 6 * brush.rng.random()
            brush.rect(x, y, 36, 36, paper)
            _scrawl(brush, x + 4, y + 8, 28, 3)
    brush.rect(320, 420, 620, 8, (70, 72, 76))
    for x in range(330, 920, 34):
        _file(brush, x, 312)


def _bedroom(brush: Brush) -> None:
    """A wall in two colours with a curtain, a mirror, a clock, a string of lamps and a radiator."""
    upper, lower = jitter(brush.rng, (204, 190, 178), 16), jitter(brush.rng, (112, 126, 122), 16)
    brush.fill(upper)
    brush.rect(0, 360, WIDTH, HEIGHT - 360, lower)
    brush.grain(14, "soft")
    cloth = jitter(brush.rng, (96, 84, 118), 24)
    for fold in range(22):
        shade = 0.7 + 0.3 * abs(np.sin(0.9 * fold + brush.rng.random()))
        r, g, b = (int(c * shade) for c in cloth)
        brush.rect(20 + 9 * fold, 0, 9.5, 500, (r, g, b))
    brush.disc(350, 170, 74, 108, (168, 142, 92))
    brush.disc(350, 170, 64, 98, (186, 194, 198))
    brush.poly([(318, 240), (372, 92), (384, 96), (330, 244)], (214, 220, 222))
    _clock(brush, 560, 120, 46)
    xs = np.linspace(470, 950, 40)
    sag = 40 + 26 * np.sin((xs - 470) / 480 * np.pi * 3) ** 2
    brush.line([(float(x), float(y)) for x, y in zip(xs, sag, strict=True)], 1.2, (60, 56, 52))
    for x, y in zip(xs[::3], sag[::3], strict=True):
        brush.disc(float(x), float(y) + 5, 4, 6, jitter(brush.rng, (246, 222, 150), 10))
    for x in range(660, 920, 20):
        brush.wash(x, 390, 15, 150, (224, 222, 216), (180, 178, 172))


def _flat(brush: Brush) -> None:
    """A concrete wall with a bicycle, posters of plain shapes and a tall plant."""
    wall = jitter(brush.rng, (134, 132, 128), 12)
    brush.fill(jitter(brush.rng, wall, 8), jitter(brush.rng, wall, 14))
    brush.grain(26, "natural")
    for x in (0, 320, 640, 960):
        brush.line([(x, 0), (x, HEIGHT)], 1.6, (96, 94, 92))
        for y in (70, 250, 430):
            brush.disc(x + 26, y, 4, 4, (92, 90, 88))
    _poster(brush, 60, 60, 150, 210)
    _poster(brush, 250, 90, 110, 150)
    for cx in (520, 700):
        for radius, colour in ((76, (40, 40, 42)), (70, wall)):
            brush.disc(cx, 330, radius, radius, colour)
        for spoke in np.arange(0, np.pi, np.pi / 9):
            dx, dy = 70 * float(np.cos(spoke)), 70 * float(np.sin(spoke))
            brush.line([(cx - dx, 330 - dy), (cx + dx, 330 + dy)], 0.7, (170, 170, 172))
    frame = jitter(brush.rng, (150, 44, 40), 30)
    brush.line([(520, 330), (560, 236), (670, 236), (612, 336), (520, 330)], 5, frame)
    brush.line([(700, 330), (662, 210), (640, 200)], 5, frame)
    brush.line([(612, 336), (552, 216)], 5, frame)
    brush.poly([(800, 576), (812, 470), (884, 470), (896, 576)], jitter(brush.rng, (182, 112, 84), 20))
    for blade in range(26):
        lean = -1.1 + 2.2 * blade / 25 + 0.1 * brush.rng.random()
        tall = 190 + 120 * brush.rng.random()
        tip = (848 + tall * float(np.sin(lean)), 470 - tall * float(np.cos(lean)))
        brush.poly([(843, 470), (853, 470), tip], jitter(brush.rng, (66, 122, 96), 30))


def _blind(brush: Brush, x: float, y: float, w: float, h: float) -> None:
    brush.rect(x - 6, y - 6, w + 12, h + 12, (206, 206, 202))
    for at in np.arange(y, y + h - 8, 13):
        brush.wash(x, at, w, 10, (238, 236, 228), (186, 188, 190))
    for cord in (0.2, 0.8):
        brush.line([(x + cord * w, y), (x + cord * w, y + h)], 1, (150, 150, 148))


def _whiteboard(brush: Brush, x: float, y: float, w: float, h: float) -> None:
    """A board with scrawled lines, two boxes and an arrow."""
    brush.rect(x - 5, y - 5, w + 10, h + 10, (120, 124, 128))
    brush.rect(x, y, w, h, (236, 238, 238))
    for line in range(6):
        _scrawl(brush, x + 14, y + 22 + 22 * line, 120 + 30 * brush.rng.random(), 5)
    for left in (190, 262):
        at = (x + left, y + 40 + 50 * float(brush.rng.random()))
        brush.line([at, (at[0] + 52, at[1]), (at[0] + 52, at[1] + 34), (at[0], at[1] + 34), at], 2, (44, 90, 150))
    brush.line([(x + 216, y + 150), (x + 290, y + 172), (x + 278, y + 178)], 2, (170, 50, 46))
    brush.rect(x + 40, y + h + 4, 90, 7, (90, 94, 98))


def _scrawl(brush: Brush, x: float, y: float, w: float, height: float) -> None:
    """Illegible handwriting."""
    xs = np.arange(x, x + w, 3.0)
    ys = y + height * (brush.rng.random(len(xs)) - 0.5)
    brush.line([(float(a), float(b)) for a, b in zip(xs, ys, strict=True)], 1.3, (52, 56, 74))


def _file(brush: Brush, x: float, y: float) -> None:
    """A lever-arch file: a back with a label and a finger hole."""
    back: Colour = jitter(brush.rng, ((48, 52, 60), (60, 84, 120), (120, 60, 58))[int(brush.rng.integers(3))], 14)
    brush.rect(x, y, 30, 108, back)
    brush.rect(x + 5, y + 14, 20, 44, (226, 226, 222))
    _scrawl(brush, x + 8, y + 28, 14, 3)
    brush.disc(x + 15, y + 86, 7, 7, (22, 22, 24))


def _clock(brush: Brush, x: float, y: float, r: float) -> None:
    brush.disc(x, y, r, r, (44, 46, 50))
    brush.disc(x, y, r - 5, r - 5, (232, 230, 224))
    for hour in np.arange(12) * np.pi / 6:
        inner, outer = r - 14, r - 8
        sin, cos = float(np.sin(hour)), float(np.cos(hour))
        brush.line([(x + inner * sin, y - inner * cos), (x + outer * sin, y - outer * cos)], 2, (50, 50, 54))
    brush.line([(x - 18, y - 12), (x, y), (x + 6, y - 30)], 2.5, (40, 40, 44))


def _poster(brush: Brush, x: float, y: float, w: float, h: float) -> None:
    """Three discs and a bar on plain paper."""
    brush.rect(x, y, w, h, jitter(brush.rng, (222, 216, 200), 12))
    for _ in range(3):
        cx, cy = x + w * (0.25 + 0.5 * brush.rng.random()), y + h * (0.2 + 0.5 * brush.rng.random())
        r, colour = w * (0.1 + 0.12 * brush.rng.random()), jitter(brush.rng, (190, 96, 70), 60)
        brush.disc(cx, cy, r, r, colour)
    brush.rect(x + 0.2 * w, y + 0.86 * h, 0.6 * w, 0.04 * h, (60, 60, 64))
