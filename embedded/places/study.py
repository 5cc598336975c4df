"""A study: patterned wallpaper, bookcases, pictures, a window, lamps, a table with things on it."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from embedded.places.furniture import thing, window
from embedded.places.palette import FACADES, GREENS, PAPERS, WOOD, scaled
from embedded.scene import HIGH, WIDE, Brush, Location
from embedded.texture import Colour, Noise, jitter


def room(rng: Generator, noise: Noise, w: int, h: int) -> Location:
    """A study: patterned wallpaper, bookcases, pictures, a window, lamps, a table with things on it."""
    width, height = w * WIDE, h * HIGH
    floor = height * 0.80
    wall = Brush(rng, noise, width, height)
    paper = jitter(rng, PAPERS[int(rng.integers(5))], 12)
    wall.fill(jitter(rng, paper, 6), scaled(paper, 0.75))
    _wallpaper(wall, paper, floor)
    _panelling(wall, floor)
    kinds = [_bookcase, window, _picture_wall, _bookcase, _door, _picture_wall]
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
                brush.rect(
                    at + 0.6,
                    base - tall * (0.15 + 0.7 * band),
                    thick - 1.2,
                    1.6 + 2 * rng.random(),
                    jitter(rng, (214, 190, 120), 30),
                )
            at += thick + (0.4 if rng.random() < 0.9 else 7)


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
        brush.rect(x + side * (w / 2 - 10) - 4, y - 54, 8, 62, scaled(wood, 0.75))
    brush.grain(40, "rough", (x - w / 2, y - 62, w, 70), (4.0, 0.4))
    for at in np.arange(x - w / 2 + 14, x + w / 2 - 10, 24):
        thing(brush, at + 6 * rng.random(), y - 62)


def _armchair(brush: Brush, x: float, y: float) -> None:
    rng, cloth = brush.rng, jitter(brush.rng, FACADES[int(brush.rng.integers(7))], 30)
    dark: Colour = scaled(cloth, 0.67)
    brush.poly(
        [(x - 40, y), (x - 44, y - 78), (x - 30, y - 104), (x + 30, y - 104), (x + 44, y - 78), (x + 40, y)], cloth
    )
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
