"""Places under a roof: a study, a kitchen, a railway platform, a market hall. Each function paints one `Location`."""

from __future__ import annotations

import math

import numpy as np
from numpy.random import Generator

from vretlib.datasets.synthetic.outdoors import FACADES, GREENS, STONES
from vretlib.datasets.synthetic.scene import HIGH, WIDE, Brush, Location
from vretlib.datasets.synthetic.texture import Colour, Noise, jitter

WOOD: tuple[Colour, ...] = ((110, 70, 42), (134, 92, 56), (88, 58, 40), (152, 112, 72))
PAPERS: tuple[Colour, ...] = ((126, 140, 112), (164, 132, 100), (104, 116, 138), (150, 104, 98), (176, 164, 132))
FRUIT: tuple[Colour, ...] = ((196, 52, 40), (222, 140, 40), (226, 196, 70), (110, 150, 56), (120, 50, 84), (210, 90, 60))


def room(rng: Generator, noise: Noise, w: int, h: int) -> Location:
    """A study: patterned wallpaper, bookcases, pictures, a window, lamps, a table with things on it."""
    width, height = w * WIDE, h * HIGH
    floor = height * 0.80
    wall = Brush(rng, noise, width, height)
    paper = jitter(rng, PAPERS[int(rng.integers(5))], 12)
    wall.fill(jitter(rng, paper, 6), tuple(c * 3 // 4 for c in paper))  # type: ignore[arg-type]
    _wallpaper(wall, paper, floor)
    _panelling(wall, floor)
    kinds = [_bookcase, _window, _picture_wall, _bookcase, _door, _picture_wall]
    slots = len(kinds)
    for slot, index in enumerate(rng.permutation(slots)):
        kinds[index](wall, width * (slot + 0.5) / slots, width / slots, floor)
    wall.wash(0, floor, width, height - floor, (104, 74, 48), (70, 48, 32))
    for i in range(46):
        x = width * (i - 8) / 30
        wall.line([(x, floor), (x + (x - width / 2) * 0.3, height)], 0.8, (52, 36, 26))
    wall.grain(30, "rough", (0, floor, width, height - floor), (3.0, 0.3))
    wall.grain(12)
    front = Brush(rng, noise, width, height)
    for x in (0.2, 0.72):
        _table(front, width * x, floor + 14, 190)
        _armchair(front, width * (x + 0.2), floor + 26)
    _lamp(front, width * 0.46, floor + 16)
    front.grain(12, "rough")
    near = Brush(rng, noise, width * 1.4, height)
    near.crown(width * 0.12, height * 0.9, 60, GREENS, 90, 14)
    near.crown(width * 1.2, height * 0.95, 70, GREENS, 90, 15)
    return Location((wall.layer(0.8), front.layer(1.0), near.layer(1.5, 4.0)), width, height, floor + 44, h * 0.66)


def _wallpaper(brush: Brush, paper: Colour, floor: float) -> None:
    rng = brush.rng
    ink, kind = jitter(rng, paper, 34), int(rng.integers(3))
    if kind == 0:
        for x in np.arange(0, brush.width, 18):
            brush.rect(x, 0, 8, floor, ink)
            brush.line([(x + 13, 0), (x + 13, floor)], 0.8, ink)
        return
    for row, y in enumerate(np.arange(8, floor, 26)):
        for x in np.arange(14 * (row % 2), brush.width, 28):
            if kind == 1:
                for turn in range(0, 180, 45):
                    brush.disc(x, y, 7, 2, ink, turn)
            else:
                brush.disc(x, y, 5, 9, ink)
                brush.disc(x, y, 2.5, 5, paper)
                brush.line([(x, y + 9), (x, y + 17)], 1.2, ink)


def _panelling(brush: Brush, floor: float) -> None:
    wood, top = jitter(brush.rng, WOOD[int(brush.rng.integers(4))], 10), floor - 58
    brush.rect(0, top, brush.width, 58, wood)
    for x in np.arange(4, brush.width, 54):
        brush.rect(x, top + 10, 44, 38, jitter(brush.rng, wood, 12))
        brush.line([(x, top + 48), (x, top + 10), (x + 44, top + 10)], 1.5, (56, 38, 26))
    brush.grain(30, "rough", (0, top, brush.width, 58), (0.4, 4.0))
    brush.rect(0, top - 4, brush.width, 6, jitter(brush.rng, wood, 20))


def _bookcase(brush: Brush, x: float, slot: float, floor: float) -> None:
    rng, w, top = brush.rng, slot * 0.86, floor * 0.12
    wood = jitter(rng, WOOD[int(rng.integers(4))], 12)
    left = x - w / 2
    brush.rect(left - 6, top - 8, w + 12, floor - top + 8, wood)
    brush.grain(34, "rough", (left - 6, top - 8, w + 12, floor - top + 8), (0.4, 4.0))
    rows = max(3, round((floor - top) / 50))
    pitch = (floor - top) / rows
    for row in range(rows):
        y = top + pitch * row
        brush.wash(left, y, w, pitch - 5, (26, 20, 18), (52, 40, 32))
        at = left + 2
        while at < left + w - 8:
            thick, tall = 4 + 8 * rng.random(), pitch * (0.55 + 0.3 * rng.random())
            spine = jitter(rng, (*FACADES, (60, 70, 100), (52, 84, 66), (122, 40, 42))[int(rng.integers(10))], 26)
            base = y + pitch - 5
            if rng.random() < 0.06:
                brush.disc(at + 9, base - 10, 9, 10, spine)
                at += 22
                continue
            brush.rect(at, base - tall, thick, tall, spine)
            brush.line([(at + thick, base - tall), (at + thick, base)], 0.7, (24, 20, 20))
            for band in rng.random(2):
                brush.rect(at + 0.6, base - tall * (0.15 + 0.7 * band), thick - 1.2, 1.6 + 2 * rng.random(), jitter(rng, (214, 190, 120), 30))
            at += thick + (0.4 if rng.random() < 0.9 else 7)


def _window(brush: Brush, x: float, slot: float, floor: float) -> None:
    rng, w, top, h = brush.rng, slot * 0.6, floor * 0.14, floor * 0.52
    brush.rect(x - w / 2 - 7, top - 7, w + 14, h + 14, (214, 208, 196))
    brush.wash(x - w / 2, top, w, h, (176, 202, 226), (226, 232, 226))
    for _ in range(4):
        brush.crown(x + w * (rng.random() - 0.5) * 0.7, top + h * 0.86, 14, GREENS, 60, 4)
    for i in (1, 2):
        brush.rect(x - w / 2 + w * i / 3 - 1.5, top, 3, h, (206, 200, 188))
    brush.rect(x - w / 2, top + h * 0.45, w, 3, (206, 200, 188))
    brush.rect(x - w / 2 - 12, top + h + 6, w + 24, 6, (190, 182, 168))
    cloth = jitter(rng, FACADES[int(rng.integers(7))], 30)
    for side in (-1, 1):
        for fold in range(7):
            at = x + side * (w / 2 - 4 + 6 * fold - 18)
            brush.rect(at - 3, top - 16, 6.5, h + 44, jitter(rng, cloth, 20))
    brush.rect(x - w / 2 - 32, top - 20, w + 64, 5, (92, 70, 44))


def _picture_wall(brush: Brush, x: float, slot: float, floor: float) -> None:
    rng = brush.rng
    for cx, cy, w, h in ((-0.22, 0.3, 0.34, 0.32), (0.2, 0.22, 0.3, 0.18), (0.2, 0.46, 0.28, 0.2)):
        px, py, pw, ph = x + cx * slot - w * slot / 2, floor * cy - h * floor / 2, w * slot, h * floor
        gilt = jitter(rng, (150, 116, 58), 30)
        brush.rect(px - 5, py - 5, pw + 10, ph + 10, gilt)
        brush.rect(px - 2, py - 2, pw + 4, ph + 4, jitter(rng, gilt, 40))
        canvas = Brush(rng, brush.noise, pw + 2, ph + 2)
        canvas.fill(jitter(rng, (150, 170, 186), 40), jitter(rng, (150, 140, 96), 40))
        palette = [jitter(rng, c, 30) for c in (*GREENS[:2], *FACADES[:3], (70, 90, 120))]
        canvas.leaves(0, ph * 0.35, pw, ph, palette, 90, (1.5, 16))
        area = brush.inside(px, py, pw, ph)
        area[...] = canvas.picture[: area.shape[0], : area.shape[1]]


def _door(brush: Brush, x: float, slot: float, floor: float) -> None:
    rng, w, top = brush.rng, slot * 0.46, floor * 0.16
    wood = jitter(rng, WOOD[int(rng.integers(4))], 20)
    brush.rect(x - w / 2 - 8, top - 8, w + 16, floor - top + 8, jitter(rng, wood, 30))
    brush.rect(x - w / 2, top, w, floor - top, wood)
    for cx in (0.27, 0.73):
        for cy, ch in ((0.06, 0.36), (0.5, 0.42)):
            px, py = x - w / 2 + w * (cx - 0.17), top + (floor - top) * cy
            brush.rect(px, py, w * 0.34, (floor - top) * ch, jitter(rng, wood, 16))
            brush.line([(px, py + (floor - top) * ch), (px, py), (px + w * 0.34, py)], 1.4, (46, 32, 24))
    brush.grain(36, "rough", (x - w / 2, top, w, floor - top), (0.4, 4.0))
    brush.disc(x + w * 0.42, (top + floor) / 2, 3.5, 3.5, (206, 180, 110))


def _table(brush: Brush, x: float, y: float, w: float) -> None:
    rng, wood = brush.rng, jitter(brush.rng, WOOD[int(brush.rng.integers(4))], 14)
    brush.rect(x - w / 2, y - 62, w, 9, wood)
    for side in (-1, 1):
        brush.rect(x + side * (w / 2 - 10) - 4, y - 54, 8, 62, tuple(c * 3 // 4 for c in wood))  # type: ignore[arg-type]
    brush.grain(40, "rough", (x - w / 2, y - 62, w, 70), (4.0, 0.4))
    for at in np.arange(x - w / 2 + 14, x + w / 2 - 10, 24):
        _thing(brush, at + 6 * rng.random(), y - 62)


def _thing(brush: Brush, x: float, y: float) -> None:
    """A bottle, a cup, books, a bowl of fruit or flowers, standing on y."""
    rng, kind = brush.rng, int(brush.rng.integers(5))
    tone = jitter(rng, (*FACADES, *GREENS)[int(rng.integers(12))], 40)
    if kind == 0:
        tall = 30 + 16 * rng.random()
        brush.rect(x - 6, y - tall * 0.65, 12, tall * 0.65, tone)
        brush.rect(x - 2.4, y - tall, 4.8, tall * 0.4, tone)
        brush.rect(x - 6, y - tall * 0.42, 12, tall * 0.22, (226, 218, 196))
        brush.line([(x - 4, y - tall * 0.6), (x - 4, y - 3)], 1, (236, 236, 230))
    elif kind == 1:
        brush.rect(x - 6, y - 12, 12, 12, (222, 218, 208))
        brush.disc(x + 7.5, y - 6, 4, 4, (222, 218, 208))
        brush.disc(x, y - 12, 6, 1.8, (96, 62, 44))
        brush.rect(x - 6, y - 7, 12, 2, tone)
    elif kind == 2:
        for i in range(int(rng.integers(2, 6))):
            wide = 24 + 8 * rng.random()
            brush.rect(x - wide / 2, y - 5 * (i + 1), wide, 4.6, jitter(rng, FACADES[int(rng.integers(7))], 40))
    elif kind == 3:
        for _ in range(9):
            colour = jitter(rng, FRUIT[int(rng.integers(6))], 16)
            fx, fy = x + 13 * (2 * rng.random() - 1), y - 9 - 9 * rng.random()
            brush.disc(fx, fy, 5.5, 5.5, colour)
            brush.disc(fx - 1.8, fy - 2, 1.3, 1, (246, 240, 226))
        brush.poly([(x - 19, y - 12), (x + 19, y - 12), (x + 10, y), (x - 10, y)], tone)
    else:
        brush.poly([(x - 7, y - 20), (x + 7, y - 20), (x + 5, y), (x - 5, y)], tone)
        brush.crown(x, y - 34, 15, (*GREENS[:2], *FRUIT[:3], (232, 220, 226)), 46, 3.6)


def _armchair(brush: Brush, x: float, y: float) -> None:
    rng, cloth = brush.rng, jitter(brush.rng, FACADES[int(brush.rng.integers(7))], 30)
    dark: Colour = (cloth[0] * 2 // 3, cloth[1] * 2 // 3, cloth[2] * 2 // 3)
    brush.poly([(x - 40, y), (x - 44, y - 78), (x - 30, y - 104), (x + 30, y - 104), (x + 44, y - 78), (x + 40, y)], cloth)
    for bx in np.arange(x - 28, x + 30, 14):
        for by in (y - 90, y - 76, y - 62):
            brush.disc(bx, by, 1.6, 1.6, dark)
    brush.rect(x - 34, y - 44, 68, 26, jitter(rng, cloth, 16))
    brush.line([(x - 34, y - 44), (x + 34, y - 44)], 1.5, dark)
    for side in (-1, 1):
        brush.disc(x + side * 42, y - 46, 11, 13, cloth)
        brush.rect(x + side * 42 - 10, y - 46, 20, 46, dark)
    brush.grain(34, "rough", (x - 56, y - 104, 112, 104))


def _lamp(brush: Brush, x: float, y: float) -> None:
    brush.line([(x, y), (x, y - 130)], 3, (70, 56, 40))
    brush.disc(x, y, 16, 4, (70, 56, 40))
    brush.poly([(x - 14, y - 160), (x + 14, y - 160), (x + 27, y - 122), (x - 27, y - 122)], (244, 220, 160))
    for i in range(7):
        brush.line([(x - 12 + 4 * i, y - 159), (x - 24 + 8 * i, y - 123)], 0.8, (206, 172, 110))


def kitchen(rng: Generator, noise: Noise, w: int, h: int) -> Location:
    """A café kitchen: tiles, shelves of jars and bottles, hanging pans, a counter."""
    width, height = w * WIDE, h * HIGH
    counter = height * 0.66
    wall = Brush(rng, noise, width, height)
    tile = jitter(rng, (198, 206, 198), 16)
    accent = jitter(rng, (70, 110, 130), 40)
    wall.fill(tuple(c * 2 // 3 for c in tile))  # type: ignore[arg-type]
    for row, y in enumerate(np.arange(0, counter, 15)):
        for col, x in enumerate(np.arange(-22, width, 22)):
            chosen = accent if row % 9 == 4 and col % 2 else tile
            wall.rect(x + 11 * (row % 2), y, 20.6, 13.6, jitter(rng, chosen, 9))
    for x in (0.16, 0.5, 0.84):
        _window(wall, width * x, width * 0.16, counter) if x == 0.5 else _shelves(wall, width * x, width * 0.26, counter)
    wall.line([(width * 0.3, 46), (width * 0.7, 46)], 3, (60, 58, 56))
    for x in np.arange(width * 0.31, width * 0.41, 30):
        _pan(wall, x, 48, 11 + 5 * rng.random())
        _pan(wall, width - x, 48, 11 + 5 * rng.random())
    wall.grain(10)
    front = Brush(rng, noise, width, height)
    front.rect(0, counter, width, 12, jitter(rng, (196, 188, 176), 12))
    front.grain(50, "rough", (0, counter, width, 12))
    wood = jitter(rng, WOOD[int(rng.integers(4))], 16)
    front.wash(0, counter + 12, width, height - counter, wood, tuple(c // 2 for c in wood))  # type: ignore[arg-type]
    for x in np.arange(8, width, 78):
        front.rect(x, counter + 24, 66, 90, jitter(rng, wood, 14))
        front.disc(x + 56, counter + 46, 3, 3, (206, 196, 170))
    front.grain(30, "rough", (0, counter + 12, width, height - counter), (0.4, 4.0))
    for x in np.arange(20, width - 10, 34):
        if rng.random() < 0.75:
            _thing(front, x + 8 * rng.random(), counter + 4)
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
    brush.poly([(x, y + h), (x + w * 0.35, y + h * 0.5), (x + w * 0.6, y + h * 0.75), (x + w * 0.8, y + h * 0.55), (x + w, y + h)], jitter(rng, (50, 70, 90), 40))
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
        brush.line([(x + 17 * math.sin(a), y + 20 - 17 * math.cos(a)), (x + 21 * math.sin(a), y + 20 - 21 * math.cos(a))], 1.5, (30, 30, 32))
    brush.line([(x + 10, y + 13), (x, y + 20), (x - 4, y + 5)], 2, (30, 30, 32))


def _bench(brush: Brush, x: float, y: float) -> None:
    wood = jitter(brush.rng, WOOD[1], 16)
    for i in range(4):
        brush.rect(x - 46, y - 46 + 8 * i, 92, 5.5, jitter(brush.rng, wood, 14))
    for side in (-38, 34):
        brush.rect(x + side, y - 48, 4, 52, (44, 46, 48))
    brush.grain(40, "rough", (x - 46, y - 46, 92, 30), (4.0, 0.4))


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
        far.leaves(x - 50, floor * 0.5, 100, floor * 0.4, [jitter(rng, c, 20) for c in (*FACADES[:4], *STONES)], 60, (4, 15))
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
        _thing(brush, left + w * (i + 0.5) / 5, top + 52)
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
                brush.text(cx + wide * 0.3 + 11, y - 7, f"{int(rng.integers(1, 9))}.{int(rng.integers(0, 9))}0", 9, (40, 40, 44))
    brush.rect(left, counter + 58, w, floor - counter - 50, jitter(rng, (98, 74, 54), 14))
