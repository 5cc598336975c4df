"""House fronts with windows and shops, a pavement, parked cars, lamp posts; by day and by night."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from embedded.places.palette import FACADES, GREENS, scaled, sky
from embedded.scene import HIGH, WIDE, Brush, Location
from embedded.texture import Colour, Noise, jitter


def street(rng: Generator, noise: Noise, w: int, h: int, *, night: bool = False) -> Location:
    """House fronts with windows and shops, a pavement, parked cars, lamp posts."""
    width, height = w * WIDE, h * HIGH
    ground = height * 0.80
    far = Brush(rng, noise, width, height)
    sky(far, *(((16, 20, 38), (44, 44, 62)) if night else ((122, 158, 200), (214, 218, 214))), 40 if night else 150)
    x = -30.0
    while x < width:
        wide, top = 40 + 60 * rng.random(), height * (0.18 + 0.3 * rng.random())
        tone = jitter(rng, (38, 40, 54) if night else (150, 158, 170), 10)
        far.rect(x, top, wide, height, tone)
        for wx in np.arange(x + 6, x + wide - 6, 9):
            for wy in np.arange(top + 8, height * 0.7, 11):
                lit = rng.random() < (0.25 if night else 0.6)
                far.rect(wx, wy, 4, 6, (210, 178, 110) if night and lit else jitter(rng, tone, 22))
        x += wide * 0.9
    houses = Brush(rng, noise, width, height)
    left = -20.0
    while left < width:
        wide = 120 + 130 * rng.random()
        _house(houses, left, wide, height * (0.02 + 0.22 * rng.random()), ground - 22, night)
        left += wide + (40 * rng.random() if rng.random() < 0.4 else 0)
    houses.grain(20, "natural")
    road = Brush(rng, noise, width, height)
    road.wash(0, ground - 24, width, 20, (150, 146, 140), (134, 130, 126))
    for x in np.arange(-40, width, 26):
        road.line([(x, ground - 24), (x - 14, ground - 4)], 0.8, (104, 100, 98))
    road.rect(0, ground - 5, width, 5, (108, 104, 102))
    road.wash(0, ground, width, height - ground, (84, 84, 88), (58, 58, 62))
    road.recede(0, ground, width, height - ground, 60)
    for x in np.arange(rng.random() * 200, width, 300):
        _car(road, x, ground + 8, jitter(rng, (54, 48, 50) if night else FACADES[int(rng.integers(7))], 24))
    for x in np.arange(60 + 80 * rng.random(), width, 260):
        road.line([(x, ground - 6), (x, ground - 190)], 3.5, (40, 44, 46))
        road.line([(x, ground - 190), (x + 26, ground - 196)], 3, (40, 44, 46))
        road.disc(x + 27, ground - 194, 9, 4, (255, 236, 180) if night else (196, 196, 188))
        road.disc(x, ground - 6, 6, 4, (36, 38, 40))
    if night:
        for x in np.arange(87, width, 260):
            houses.glow(x, ground - 190, 130, (255, 200, 120), 0.5)
    near = Brush(rng, noise, width * 1.5, height)
    near.line([(width * 0.45, 0), (width * 0.45, height)], 13, (26, 26, 28))
    near.crown(width * 1.05, 0, 90, GREENS if not night else ((20, 26, 22),), 260, 9)
    layers = (far.layer(0.25, 1.0), houses.layer(0.7), road.layer(1.0), near.layer(1.7, 3.5))
    return Location(layers, width, height, ground - 8, h * 0.52)


def _house(brush: Brush, x: float, wide: float, top: float, base: float, night: bool) -> None:
    """A front with rows of windows over a shop, or over a door."""
    rng = brush.rng
    wall = jitter(rng, FACADES[int(rng.integers(len(FACADES)))], 18)
    if night:
        wall = scaled(wall, 0.36)
    brush.wash(x, top, wide, base - top, jitter(rng, wall, 10), wall)
    box = (x, top, wide, base - top)
    if rng.random() < 0.5:  # bricks: mortar lines, every other row shifted
        mortar = jitter(rng, wall, 30)
        for row, y in enumerate(np.arange(top, base, 6.0)):
            brush.line([(x, y), (x + wide, y)], 0.7, mortar)
            for bx in np.arange(x + 6 * (row % 2), x + wide, 12):
                brush.line([(bx, y), (bx, y + 6)], 0.7, mortar)
    brush.grain(34, "rough", box)
    trim = jitter(rng, (206, 200, 188) if not night else (70, 70, 76), 20)
    brush.rect(x - 3, top - 5, wide + 6, 9, trim)
    columns = max(2, round(wide / 46))
    pitch, pane = wide / columns, 14 + 8 * rng.random()
    shutters = jitter(rng, (30, 36, 34) if night else GREENS[0], 20) if rng.random() < 0.4 else None
    for y in np.arange(top + 20, base - 84, 52):
        for i in range(columns):
            _window(brush, x + pitch * (i + 0.5), y, pane, 32, trim, shutters, night)
    if rng.random() < 0.7:
        _shop(brush, x, wide, base, night)
    else:
        door = jitter(rng, (96, 52, 36), 40)
        brush.rect(x + wide / 2 - 15, base - 60, 30, 60, trim)
        brush.rect(x + wide / 2 - 12, base - 56, 24, 56, door)
        for py in (base - 50, base - 26):
            brush.rect(x + wide / 2 - 8, py, 16, 18, jitter(rng, door, 20))
        for share in (0.2, 0.8):
            _window(brush, x + wide * share, base - 60, pane, 34, trim, shutters, night)


def _window(
    brush: Brush, x: float, y: float, w: float, h: float, trim: Colour, shutters: Colour | None, night: bool
) -> None:
    rng = brush.rng
    lit = night and rng.random() < 0.45
    glass = jitter(rng, (236, 190, 110) if lit else (24, 28, 40) if night else (78, 96, 116), 24)
    brush.rect(x - w / 2 - 3, y - 3, w + 6, h + 7, trim)
    brush.wash(x - w / 2, y, w, h, jitter(rng, glass, 24), glass)
    if rng.random() < 0.6:
        curtain = jitter(rng, (206, 198, 180) if not night else (120, 100, 70), 30)
        fold = w * (0.2 + 0.25 * rng.random())
        brush.rect(x - w / 2, y, fold, h, curtain)
        brush.rect(x + w / 2 - fold, y, fold, h, curtain)
    brush.line([(x, y), (x, y + h)], 1.4, trim)
    brush.line([(x - w / 2, y + h * 0.4), (x + w / 2, y + h * 0.4)], 1.4, trim)
    brush.rect(x - w / 2 - 5, y + h + 2, w + 10, 3, jitter(rng, trim, 30))
    if shutters:
        for side in (x - w / 2 - 12, x + w / 2 + 3):
            brush.rect(side, y - 1, 9, h + 3, shutters)
            for sy in np.arange(y + 2, y + h, 3.5):
                brush.line([(side + 1, sy), (side + 8, sy)], 0.8, jitter(rng, shutters, 24))
    if rng.random() < 0.25:
        brush.leaves(x - w / 2, y + h - 4, w, 5, ((200, 60, 60), (220, 180, 60), *GREENS), 14, (1.5, 3))


WORDS = ("BAKERY", "BOOKS", "HOTEL", "CAFE", "TAILOR", "RADIO", "BICYCLES", "FLOWERS", "PHARMACY", "RECORDS", "SHOES")


def _shop(brush: Brush, x: float, wide: float, base: float, night: bool) -> None:
    rng = brush.rng
    frame = jitter(rng, FACADES[int(rng.integers(7))], 60)
    dim = 0.34 if night else 1.0
    frame = scaled(frame, dim)
    brush.rect(x + 4, base - 74, wide - 8, 74, frame)
    inside = (226, 186, 118) if night else (66, 62, 60)
    brush.wash(x + 10, base - 54, wide - 48, 44, jitter(rng, inside, 20), inside)
    goods = tuple(jitter(rng, FACADES[int(rng.integers(7))], 70) for _ in range(5))
    brush.leaves(x + 14, base - 26, wide - 58, 14, goods, 34, (2.5, 7))
    brush.rect(x + wide - 34, base - 54, 22, 54, jitter(rng, frame, 40))
    brush.rect(x + wide - 31, base - 50, 16, 28, inside)
    ink = (240, 232, 206) if sum(frame) < 380 else (38, 34, 40)
    brush.text(x + wide / 2, base - 60, WORDS[int(rng.integers(len(WORDS)))], 12, ink)
    if rng.random() < 0.6:
        cloth, stripes = jitter(rng, (184, 60, 50), 70), 10
        step = (wide - 8) / stripes
        for i in range(stripes):
            left = x + 4 + i * step
            corners = [(left, base - 56), (left + step, base - 56), (left + step + 3, base - 40), (left - 3, base - 40)]
            tone = cloth if i % 2 else (226, 220, 208)
            brush.poly(corners, scaled(tone, dim))


def _car(brush: Brush, x: float, y: float, paint: Colour) -> None:
    shade = scaled(paint, 0.67)
    brush.disc(x + 55, y + 22, 60, 6, (34, 34, 38))
    brush.poly([(x, y + 18), (x, y + 2), (x + 18, y - 3), (x + 34, y - 20), (x + 76, y - 20), (x + 92, y - 3),
                (x + 110, y + 3), (x + 112, y + 18)], paint)  # fmt: skip
    brush.poly([(x + 24, y - 3), (x + 37, y - 17), (x + 53, y - 17), (x + 53, y - 3)], (60, 76, 90))
    brush.poly([(x + 57, y - 3), (x + 57, y - 17), (x + 74, y - 17), (x + 86, y - 3)], (54, 68, 82))
    brush.rect(x, y + 8, 112, 3, shade)
    brush.rect(x + 104, y + 2, 7, 5, (240, 226, 170))
    brush.rect(x + 1, y + 3, 5, 5, (170, 40, 36))
    for wheel in (x + 24, x + 88):
        brush.disc(wheel, y + 18, 11, 11, (26, 26, 28))
        brush.disc(wheel, y + 18, 5.5, 5.5, (150, 150, 154))
