"""Places under the sky: a street, a wood, a shore, hills, a market. Each function paints one `Location`."""

from __future__ import annotations

import math

import numpy as np
from numpy.random import Generator

from vretlib.datasets.synthetic import raster
from vretlib.datasets.synthetic.scene import HIGH, WIDE, Brush, Location
from vretlib.datasets.synthetic.texture import Colour, Noise, jitter

GREENS: tuple[Colour, ...] = ((58, 92, 40), (84, 118, 46), (42, 70, 36), (110, 132, 58), (70, 98, 62))
AUTUMN: tuple[Colour, ...] = ((164, 96, 38), (132, 70, 30), (180, 130, 52), (96, 84, 40), (120, 50, 30))
STONES: tuple[Colour, ...] = ((122, 116, 108), (92, 88, 84), (148, 140, 128), (74, 72, 74))
FACADES: tuple[Colour, ...] = (
    (168, 92, 70), (196, 178, 146), (142, 132, 122), (186, 146, 104), (120, 88, 78), (208, 196, 172), (128, 140, 150),
)  # fmt: skip


def sky(brush: Brush, top: Colour, low: Colour, clouds: int) -> None:
    """Cover the layer with a sky; ``clouds`` is their share of the brightness in 1/256."""
    brush.fill(top, low)
    area = brush.picture
    puffs = brush.noise.piece(brush.rng, area.shape[:2], "soft", (1.6, 0.8)).astype(np.int32)
    puffs = (np.clip(puffs + 10, 0, 140) * clouds) >> 7
    white = np.array([250, 248, 244], np.int32)
    area[..., :3] = (area[..., :3] * (256 - puffs[..., None]) + white * puffs[..., None]) >> 8


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
    x = -20.0
    while x < width:
        wide = 120 + 130 * rng.random()
        _house(houses, x, wide, height * (0.02 + 0.22 * rng.random()), ground - 22, night)
        x += wide + (40 * rng.random() if rng.random() < 0.4 else 0)
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
        wall = (wall[0] // 3, wall[1] // 3, wall[2] // 3 + 10)
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
        for i in (0.2, 0.8):
            _window(brush, x + wide * i, base - 60, pane, 34, trim, shutters, night)


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
    dim = 3 if night else 1
    frame = (frame[0] // dim, frame[1] // dim, frame[2] // dim)
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
            brush.poly(corners, (tone[0] // dim, tone[1] // dim, tone[2] // dim))


def _car(brush: Brush, x: float, y: float, paint: Colour) -> None:
    shade = (paint[0] * 2 // 3, paint[1] * 2 // 3, paint[2] * 2 // 3)
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


def forest(rng: Generator, noise: Noise, w: int, h: int, *, autumn: bool = False) -> Location:
    """Trunks in the haze, crowns, undergrowth, a floor of litter."""
    width, height = w * WIDE, h * HIGH
    ground, leaves = height * 0.74, AUTUMN if autumn else GREENS
    far = Brush(rng, noise, width, height)
    sky(far, (196, 206, 196), (160, 176, 150), 90)
    for x in np.sort(rng.random(60) * width):
        far.line([(x, ground + 10), (x + 6 * rng.standard_normal(), 0)], 2 + 4 * rng.random(), jitter(rng, (120, 130, 116), 14))
    haze = [tuple((2 * c + g) // 3 for c, g in zip((176, 190, 168), tone, strict=True)) for tone in leaves]
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
        near.crown(width * x, height * rng.choice([0.0, 1.0]), 80, [(c[0] // 2, c[1] // 2, c[2] // 2) for c in leaves], 150, 13)
    layers = (far.layer(0.3, 1.2), middle.layer(0.6, 0.4), front.layer(1.0), near.layer(1.6, 3.5))
    return Location(layers, width, height, ground + 30, h * 0.55)


def _trunk(brush: Brush, x: float, base: float, r: float, bark: Colour) -> None:
    """A trunk with its shaded side, bark and a few boughs."""
    rng, lean = brush.rng, 12 * brush.rng.standard_normal()
    bark = jitter(rng, bark, 14)
    dark = (bark[0] // 2, bark[1] // 2, bark[2] // 2)
    brush.poly([(x - 1.5 * r, base), (x - r + lean, -9), (x + r + lean, -9), (x + 1.5 * r, base)], bark)
    brush.poly([(x + 0.3 * r, base), (x + 0.3 * r + lean, -9), (x + r + lean, -9), (x + 1.5 * r, base)], dark)
    for _ in range(int(5 * r)):
        y, at = base * rng.random(), x + lean * 0.5 + r * (2 * rng.random() - 1)
        brush.line([(at, y), (at + rng.standard_normal(), y + 14 * rng.random())], 1, jitter(rng, dark, 16))
    for _ in range(3):
        y, reach = base * 0.6 * rng.random(), (40 + 50 * rng.random()) * (1 if rng.random() < 0.5 else -1)
        brush.line([(x + lean * (1 - y / base), y), (x + reach * 0.5, y - 22), (x + reach, y - 34)], 0.3 * r, bark)


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
    far.poly([(tower - 7, horizon - 26), (tower - 5, horizon - 88), (tower + 5, horizon - 88), (tower + 7, horizon - 26)], (226, 222, 214))
    for i in range(3):
        far.rect(tower - 6, horizon - 82 + 20 * i, 12, 9, (176, 58, 48))
    far.rect(tower - 4, horizon - 98, 8, 10, (250, 230, 150))
    sea = Brush(rng, noise, width, height)
    sea.wash(0, horizon, width, height - horizon, (98, 132, 152) if not dusk else (150, 112, 108), (52, 88, 108) if not dusk else (60, 56, 84))
    area = sea.inside(0, horizon, width, height)
    raster.shade(area, noise.piece(rng, area.shape[:2], "natural", (4.0, 0.7)), 26)
    for _ in range(150):
        y = horizon + (beach - horizon) * rng.random() ** 0.7
        x, reach = rng.random() * width, 6 + 34 * (y - horizon) / (beach - horizon)
        sea.line([(x, y), (x + reach, y + 0.5)], 0.8, jitter(rng, (186, 204, 208) if not dusk else (230, 178, 140), 18))
    boat = width * (0.62 + 0.2 * rng.random())
    sea.poly([(boat - 30, horizon + 8), (boat + 34, horizon + 8), (boat + 24, horizon + 20), (boat - 22, horizon + 20)], (94, 50, 40))
    sea.poly([(boat, horizon + 5), (boat, horizon - 54), (boat + 28, horizon + 2)], (230, 224, 208))
    sea.poly([(boat - 3, horizon + 5), (boat - 3, horizon - 46), (boat - 24, horizon + 2)], (206, 196, 178))
    sand = Brush(rng, noise, width, height)
    shape = [(0, height), (0, beach + 8)] + [(x, beach + 5 * math.sin(x / 90)) for x in np.arange(0, width + 40, 40)] + [(width, height)]
    sand.poly([(float(x), float(y)) for x, y in shape], (196, 174, 136) if not dusk else (132, 100, 86))
    sand.recede(0, beach, width, height - beach, 22)
    sand.leaves(width * 0.66, beach + 2, width * 0.2, 26, STONES, 150, (3, 18))
    sand.leaves(0, beach + 20, width, height - beach, STONES, 60, (0.8, 4))
    for i in range(9):
        x = width * 0.08 + 30 * i
        sand.rect(x, beach - 40 + 2 * i, 6, 60, jitter(rng, (78, 62, 50), 12))
    sand.poly([(width * 0.06, beach - 44), (width * 0.08 + 262, beach - 26), (width * 0.08 + 262, beach - 17), (width * 0.06, beach - 35)], (112, 90, 70))
    sand.grain(22, "rough", (0, beach - 50, width * 0.35, 80), (0.3, 3.0))
    layers = (far.layer(0.12, 0.6), sea.layer(0.4), sand.layer(1.0))
    return Location(layers, width, height, beach + 34, h * 0.5)


def hills(rng: Generator, noise: Noise, w: int, h: int) -> Location:
    """Fields on hills, hedges and trees, a village with a church, a stone wall, a meadow."""
    width, height = w * WIDE, h * HIGH
    ground = height * 0.74
    far = Brush(rng, noise, width, height)
    sky(far, (104, 150, 206), (222, 226, 222), 190)
    for n, (level, tone) in enumerate(((0.42, (140, 160, 164)), (0.48, (118, 142, 122)))):
        phase = 6.28 * rng.random()
        crest = [(x, height * level - 26 * math.sin(x / (150 + 60 * n) + phase) - 9 * math.sin(x / 41 + phase)) for x in np.arange(-20, width + 40, 12)]
        far.poly([(-20.0, height), *((float(x), float(y)) for x, y in crest), (width + 40, height)], tone)
    middle = Brush(rng, noise, width, height)
    crest_at = lambda x: height * 0.55 - 18 * math.sin(x / 210 + 1.0)  # noqa: E731
    middle.poly([(-9.0, height), *((float(x), crest_at(x)) for x in np.arange(-9, width + 20, 12)), (width + 20, height)], (112, 138, 70))
    for i in range(13):
        x, tone = width * i / 12, jitter(rng, ((150, 152, 76), (104, 132, 60), (186, 166, 92), (92, 116, 58))[i % 4], 16)
        y, slant = crest_at(x) + 8, 60 * rng.standard_normal()
        middle.poly([(x, y), (x + 110, crest_at(x + 110) + 8), (x + 150 + slant, ground + 14), (x - 40 + slant, ground + 14)], tone)
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
        front.line([(x, y), (x + size * 0.3 * rng.standard_normal(), y - size)], 0.8, jitter(rng, GREENS[int(rng.integers(5))], 24))
    front.leaves(0, ground + 4, width, height - ground, ((226, 210, 90), (220, 90, 80), (236, 236, 226)), 170, (0.9, 2.6))
    for x in np.arange(-10, width, 9):
        for row in range(4):
            front.disc(x + 4.5 * (row % 2), ground + 1 - 7 * row, 5.5, 4, jitter(rng, STONES[int(rng.integers(4))], 16))
    for x in (0.12, 0.78):
        _trunk_short(front, width * x, ground + 10)
        front.crown(width * x, ground - 105, 80, GREENS, 620, 6)
    near = Brush(rng, noise, width * 1.5, height)
    for _ in range(70):
        x = width * 1.5 * rng.random()
        near.line([(x, height), (x + 20 * rng.standard_normal(), height - 40 - 70 * rng.random())], 2.4, jitter(rng, (74, 92, 44), 20))
    layers = (far.layer(0.12, 0.6), middle.layer(0.45), front.layer(1.0), near.layer(1.6, 3.0))
    return Location(layers, width, height, ground + 36, h * 0.5)


def _trunk_short(brush: Brush, x: float, base: float) -> None:
    brush.poly([(x - 13, base), (x - 7, base - 90), (x + 7, base - 90), (x + 12, base)], (82, 66, 52))
    brush.grain(60, "rough", (x - 13, base - 90, 26, 90), (0.4, 3.0))


def _village(brush: Brush, x: float, y: float) -> None:
    rng = brush.rng
    for i in range(9):
        hx, hy, size = x + 34 * (i - 4) + 8 * rng.standard_normal(), y + 8 * rng.random(), 24 + 10 * rng.random()
        brush.rect(hx, hy, size, size * 0.6, jitter(rng, (218, 208, 190), 18))
        brush.poly([(hx - 3, hy), (hx + size / 2, hy - size * 0.45), (hx + size + 3, hy)], jitter(rng, (158, 84, 60), 22))
        for k in (0.2, 0.62):
            brush.rect(hx + size * k, hy + size * 0.18, size * 0.16, size * 0.22, (70, 72, 80))
    brush.rect(x + 6, y - 44, 18, 54, (196, 188, 172))
    brush.poly([(x + 3, y - 44), (x + 15, y - 92), (x + 27, y - 44)], (90, 92, 100))
    brush.disc(x + 15, y - 32, 4.5, 4.5, (240, 236, 220))


