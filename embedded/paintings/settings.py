"""Backgrounds: sky and land, walls and floors, gold, curtains and clouds."""

from __future__ import annotations

import numpy as np

from embedded.paintings.canvas import COLOURS, NATURAL, RGB, SOFT, Canvas, lit, mixed
from embedded.paintings.scene import Setting

SKIES: dict[str, tuple[RGB, RGB]] = {
    "day": ((96, 140, 186), (206, 212, 204)),
    "dawn": ((138, 150, 178), (238, 204, 176)),
    "evening": ((112, 96, 120), (240, 176, 96)),
    "night": ((20, 26, 54), (58, 66, 92)),
    "storm": ((58, 62, 72), (128, 126, 120)),
}
"""Colours of the sky above and at the horizon, by time."""

LIGHT = {"day": 1.0, "dawn": 0.92, "evening": 0.78, "night": 0.46, "storm": 0.66}
"""How bright land and people are, by time."""

OUTDOORS = ("plain", "hills", "mountains", "forest", "coast", "sea", "river", "winter", "rocks", "city")

GRASS: RGB = (112, 116, 58)
EARTH: RGB = (136, 106, 66)
STONE: RGB = (142, 130, 114)
SNOW: RGB = (222, 226, 230)
WATER: RGB = (92, 120, 134)


def draw(canvas: Canvas, setting: Setting) -> None:
    """Fill a canvas with a background."""
    if setting.kind in OUTDOORS:
        _sky(canvas, setting)
        _LAND[setting.kind](canvas, setting)
    else:
        _BEHIND[setting.kind](canvas, setting)


def _sky(c: Canvas, setting: Setting) -> None:
    top, low = SKIES[setting.time]
    h = setting.horizon
    c.wash(c.jitter(top, 12), c.jitter(low, 10), 0, min(1, h + 0.04))
    clouds = c.noise(SOFT, (1.8, 0.9)) + 0.5 * c.noise(NATURAL, (1.4, 0.8)) - float(c.rng.uniform(-0.2, 0.9))
    share = np.clip(clouds, 0, 1)[..., None] * (0.75 if setting.time != "night" else 0.35)
    cloud = {"storm": (46, 46, 54), "night": (70, 74, 96), "evening": (238, 166, 120)}.get(
        setting.time, (244, 240, 230)
    )
    last = round((h + 0.04) * c.height)
    sky = c.pixels[:last]
    sky[...] = (sky + (np.array(cloud, np.float32) - sky) * share[:last]).astype(np.uint8)
    if setting.time == "night" and c.rng.random() < 0.7:
        x, y = float(c.rng.uniform(0.15, 0.85)) * c.wide, float(c.rng.uniform(0.08, 0.22))
        c.glow(x, y, 0.16, (190, 196, 200), 0.7)
        c.disc(x, y, 0.028, 0.028, (240, 236, 214), 0)
    if setting.time == "evening":
        c.glow(float(c.rng.uniform(0.2, 0.8)) * c.wide, h - 0.03, 0.3, (255, 216, 140), 0.8)


def ridge(c: Canvas, base: float, rise: float, colour: RGB, rough: float = 1.0) -> None:
    """The outline of hills from side to side, filled down to the bottom."""
    x = np.linspace(-0.02, c.wide + 0.02, 22)
    wave = np.cumsum(c.rng.normal(0, rough, 22))
    wave = (wave - wave.min()) / max(1e-6, np.ptp(wave))
    y = base - rise * wave
    c.poly([(0 - 0.02, 1.02), *zip(x.tolist(), y.tolist(), strict=True), (c.wide + 0.02, 1.02)], colour, 0.12)


def _ground(c: Canvas, setting: Setting, far: RGB, near: RGB) -> None:
    light = LIGHT[setting.time]
    c.wash(c.jitter(lit(far, light)), c.jitter(lit(near, light)), setting.horizon, 1)
    c.grain(13 * light, NATURAL, (2.2, 0.8), setting.horizon)


def _far(c: Canvas, setting: Setting, rise: float, n: int = 2) -> None:
    sky, light = SKIES[setting.time][1], LIGHT[setting.time]
    for k in range(n):
        share = 0.35 + 0.4 * k / max(1, n - 1)
        ridge(c, setting.horizon + 0.02, rise * (1 - 0.4 * k / n), mixed(sky, lit((78, 98, 112), light), share))


def _plain(c: Canvas, setting: Setting) -> None:
    _far(c, setting, 0.05, 1)
    _ground(c, setting, (158, 150, 92), GRASS)
    for _ in range(4):
        y = float(c.rng.uniform(setting.horizon + 0.03, 0.95))
        c.line([(0, y), (c.wide, y + float(c.rng.normal(0, 0.02)))], 0.012, lit(EARTH, 0.8 * LIGHT[setting.time]))


def _hills(c: Canvas, setting: Setting) -> None:
    _far(c, setting, 0.16)
    _ground(c, setting, (134, 136, 84), GRASS)
    ridge(c, setting.horizon + 0.16, 0.14, lit((104, 114, 62), LIGHT[setting.time]))
    c.grain(9, NATURAL, (2, 1), setting.horizon)


def _mountains(c: Canvas, setting: Setting) -> None:
    light = LIGHT[setting.time]
    for k in range(4):
        x, w = float(c.rng.uniform(0, c.wide)), float(c.rng.uniform(0.25, 0.5))
        top = setting.horizon - float(c.rng.uniform(0.2, 0.42)) * (1 - 0.15 * k)
        colour = lit(mixed((124, 136, 158), (92, 88, 92), k / 4), light)
        c.poly([(x - w, setting.horizon + 0.05), (x, top), (x + w, setting.horizon + 0.05)], colour, 0.5)
        c.poly([(x - w * 0.2, top + 0.09), (x, top), (x + w * 0.2, top + 0.09), (x, top + 0.05)], lit(SNOW, light), 0.3)
    _ground(c, setting, (116, 124, 84), GRASS)


def _forest(c: Canvas, setting: Setting) -> None:
    light = LIGHT[setting.time]
    _ground(c, setting, (84, 88, 46), (70, 66, 36))
    for k in range(26):
        x, r = float(c.rng.uniform(0, c.wide)), float(c.rng.uniform(0.06, 0.15))
        y = setting.horizon - float(c.rng.uniform(-0.02, 0.3))
        c.disc(x, y, r, r * 0.9, c.jitter(lit((58, 80, 42), light * (0.6 + k / 50)), 12), 0.5)
    for _ in range(7):
        x = float(c.rng.uniform(0, c.wide))
        c.line([(x, setting.horizon + 0.08), (x + float(c.rng.normal(0, 0.02)), setting.horizon - 0.25)], 0.016,
               lit((64, 46, 32), light))  # fmt: skip


def _water(c: Canvas, setting: Setting, y0: float, y1: float) -> None:
    sky = SKIES[setting.time]
    c.wash(mixed(sky[1], WATER, 0.35), mixed(sky[0], lit(WATER, LIGHT[setting.time]), 0.5), y0, y1)
    rows = slice(round(y0 * c.height), round(y1 * c.height))
    ripples = 12 * c.noise(NATURAL, (4.0, 0.6)) * LIGHT[setting.time]
    c.pixels[rows] = np.clip(c.pixels[rows] + ripples[rows][..., None], 0, 255).astype(np.uint8)


def _sea(c: Canvas, setting: Setting) -> None:
    _water(c, setting, setting.horizon, 1)
    for _ in range(14 if setting.time == "storm" else 6):
        x, y = float(c.rng.uniform(0, c.wide)), float(c.rng.uniform(setting.horizon + 0.06, 0.98))
        w = 0.03 + 0.1 * (y - setting.horizon)
        c.line([(x - w, y + 0.01), (x, y - 0.008), (x + w, y + 0.01)], 0.008, lit(SNOW, LIGHT[setting.time]))


def _coast(c: Canvas, setting: Setting) -> None:
    _sea(c, setting)
    side = 1 if c.rng.random() < 0.5 else 0
    edge, far = (c.wide, c.wide * 0.45) if side else (0.0, c.wide * 0.55)
    stone = lit(STONE, LIGHT[setting.time])
    c.poly([(edge, setting.horizon - 0.25), ((edge + far) / 2, setting.horizon - 0.12), (far, setting.horizon + 0.02),
            (edge, setting.horizon + 0.06)], stone, 0.5)  # fmt: skip
    sand = lit((196, 170, 122), LIGHT[setting.time])
    c.poly([(0, 0.86), (c.wide * 0.5, 0.8), (c.wide, 0.84), (c.wide, 1.02), (0, 1.02)], sand, 0.1)


def _river(c: Canvas, setting: Setting) -> None:
    _hills(c, setting)
    h = setting.horizon + 0.03
    bend = float(c.rng.uniform(0.35, 0.65)) * c.wide
    light = LIGHT[setting.time]
    water = mixed(SKIES[setting.time][1], lit(WATER, light), 0.55)
    c.poly([(bend - 0.03, h), (bend + 0.03, h), (bend + 0.14, h + 0.12), (bend + 0.02, h + 0.24), (bend + 0.36, 1.02),
            (bend - 0.34, 1.02), (bend - 0.2, h + 0.22), (bend - 0.02, h + 0.1)], water, 0.2)  # fmt: skip


def _winter(c: Canvas, setting: Setting) -> None:
    _ground(c, setting, lit(SNOW, 0.95), SNOW)
    ice = mixed(SKIES[setting.time][1], lit((172, 188, 198), LIGHT[setting.time]), 0.6)
    y = setting.horizon + 0.1
    c.poly([(0, y), (c.wide, y - 0.03), (c.wide, 0.9), (c.wide * 0.3, 0.97), (0, 0.9)], ice, 0.1)


def _rocks(c: Canvas, setting: Setting) -> None:
    _far(c, setting, 0.12, 1)
    _ground(c, setting, EARTH, lit(EARTH, 0.7))
    side = 1 if c.rng.random() < 0.5 else 0
    for k in range(6):
        x = c.wide * (0.98 - 0.06 * k if side else 0.02 + 0.06 * k)
        top = setting.horizon - 0.45 + 0.07 * k + float(c.rng.uniform(-0.06, 0.06))
        w = float(c.rng.uniform(0.1, 0.2))
        c.poly([(x - w, 1), (x - w * 0.7, top + 0.15), (x, top), (x + w * 0.7, top + 0.1), (x + w, 1)],
               c.jitter(lit((112, 98, 82), LIGHT[setting.time] * (0.7 + 0.08 * k)), 8), 0.5)  # fmt: skip


def _city(c: Canvas, setting: Setting) -> None:
    _water(c, setting, setting.horizon, 1)
    light = LIGHT[setting.time]
    for side in (0, 1):
        for k in range(5):
            near = 1 - k / 5
            x0, x1 = 0.48 * c.wide * (k / 5) ** 0.7, 0.48 * c.wide * ((k + 1) / 5) ** 0.7
            if side:
                x0, x1 = c.wide - x1, c.wide - x0
            top = setting.horizon - 0.08 - 0.34 * near * float(c.rng.uniform(0.75, 1.1))
            foot = setting.horizon + 0.01 + 0.12 * near
            wall = c.jitter(lit((186, 148, 112), light), 16)
            c.poly([(x0, top), (x1, top), (x1, foot), (x0, foot)], wall, 0.2)
            c.poly([(x0 - 0.01, top), ((x0 + x1) / 2, top - 0.05 * near), (x1 + 0.01, top)], lit((132, 72, 54), light))
            for row in range(3):
                for column in range(2):
                    x = x0 + (x1 - x0) * (0.3 + 0.4 * column)
                    y = top + (foot - top) * (0.2 + 0.25 * row)
                    w, t = 0.012 * near + 0.004, 0.02 * near + 0.006
                    c.poly([(x - w, y - t), (x + w, y - t), (x + w, y + t), (x - w, y + t)], (58, 50, 48), 0)


def _room(c: Canvas, setting: Setting) -> None:
    wall = c.jitter(lit(mixed(COLOURS[setting.colour], (120, 104, 84), 0.6), 0.8), 8)
    c.wash(lit(wall, 1.15), lit(wall, 0.8), 0, setting.horizon + 0.2)
    floor = setting.horizon + 0.2
    c.wash((128, 100, 72), (90, 66, 48), floor, 1)
    vanish = (c.wide * float(c.rng.uniform(0.4, 0.6)), floor - 0.2)
    for k in range(-8, 9):
        foot = (vanish[0] + 0.26 * k, 1.05)
        share = 0.25 / 1.25
        c.line([(vanish[0] + share * (foot[0] - vanish[0]), floor), foot], 0.006, (70, 52, 38))
    for k in range(5):
        y = floor + (1 - floor) * (k / 5) ** 1.6
        c.line([(0, y), (c.wide, y)], 0.006, (70, 52, 38))
    side = 0.16 if c.rng.random() < 0.6 else 0.84
    x = side * c.wide
    c.poly([(x - 0.1, 0.1), (x + 0.1, 0.12), (x + 0.1, 0.46), (x - 0.1, 0.48)], (232, 228, 204), 0.1)
    for k in range(4):
        c.line([(x - 0.1 + 0.066 * k, 0.1), (x - 0.1 + 0.066 * k, 0.47)], 0.008, (84, 62, 44))
        c.line([(x - 0.1, 0.1 + 0.12 * k), (x + 0.1, 0.12 + 0.113 * k)], 0.008, (84, 62, 44))
    c.glow(x, 0.3, 0.5, (244, 232, 196), 0.45)


def _church(c: Canvas, _: Setting) -> None:
    white = c.jitter((206, 200, 184), 8)
    c.wash(lit(white, 0.85), lit(white, 0.95), 0, 0.75)
    c.wash((160, 148, 128), (120, 106, 90), 0.72, 1)
    vanish = (c.wide * float(c.rng.uniform(0.35, 0.65)), 0.62)
    for k in range(9):
        x = vanish[0] + (k - 4) * 0.5
        c.line([(vanish[0] + 0.3 * (x - vanish[0]), 0.72), (x, 1.02)], 0.005, (84, 76, 70))
    for share in (0.25, 0.42, 0.66, 1.0):
        for side in (-1, 1):
            x = vanish[0] + side * share * 0.62 * max(c.wide, 0.8)
            w, top, foot = 0.07 * share, 0.62 - 0.46 * share, 0.68 + 0.3 * share
            pillar = [(x - w, top), (x + w, top), (x + w * 1.1, foot), (x - w * 1.1, foot)]
            c.poly(pillar, lit(white, 0.55 + 0.45 * share), 0.6)
            turn = np.linspace(0, 1.5, 9)
            xs, ys = x - side * 0.36 * share * np.sin(turn), top - 0.2 * share * (1 - np.cos(turn))
            c.line(list(zip(xs.tolist(), ys.tolist(), strict=True)), 0.02 * share, lit(white, 0.6))
    c.poly([(vanish[0] - 0.035, 0.42), (vanish[0], 0.36), (vanish[0] + 0.035, 0.42), (vanish[0] + 0.035, 0.64),
            (vanish[0] - 0.035, 0.64)], (236, 232, 208), 0)  # fmt: skip
    c.glow(vanish[0], 0.5, 0.3, (244, 238, 214), 0.5)


def _gold(c: Canvas, setting: Setting) -> None:
    c.wash(c.jitter((206, 164, 74)), c.jitter((176, 132, 52)))
    c.grain(12, NATURAL)
    brown = (112, 76, 36)
    c.poly([(0, 0.88), (c.wide, 0.88), (c.wide, 1.02), (0, 1.02)], lit(COLOURS[setting.colour], 0.7), 0.1)
    turn = np.linspace(np.pi, 0, 20)
    xs, ys = c.wide * (0.5 + 0.47 * np.cos(turn)), 0.34 - 0.3 * np.sin(turn)
    arch = list(zip(xs.tolist(), ys.tolist(), strict=True))
    c.poly([(0, -0.02), (0, 0.36), *arch, (c.wide, 0.36), (c.wide, -0.02)], brown, 0.2)
    c.line([(0.03 * c.wide, 1.0), *arch, (0.97 * c.wide, 1.0)], 0.016, (226, 188, 96))


def _dark(c: Canvas, setting: Setting) -> None:
    base = lit(mixed(COLOURS[setting.colour], (70, 54, 40), 0.7), 0.6)
    c.wash(c.jitter(base), lit(base, 0.6))
    c.glow(0.3 * c.wide, 0.3, 0.7, lit(base, 2.0), 0.6)
    c.grain(5, SOFT)


def _curtain(c: Canvas, setting: Setting) -> None:
    _dark(c, setting)
    cloth = COLOURS[setting.colour]
    side = c.rng.random() < 0.5
    edge = c.wide * 0.55
    for k in range(9):
        x = k / 9 * edge
        x = c.wide - x if side else x
        w = edge / 13
        c.poly([(x - w, -0.02), (x + w, -0.02), (x + w * (1 - 0.1 * k), 0.85 - 0.07 * k), (x - w, 0.85 - 0.07 * k)],
               lit(cloth, 0.6 + 0.4 * ((k * 5) % 3) / 2), 0.5)  # fmt: skip


def _heaven(c: Canvas, _: Setting) -> None:
    c.wash((120, 140, 180), (226, 204, 160))
    c.glow(c.wide / 2, 0.3, 0.5, (255, 238, 176), 0.95)
    for k in range(24):
        x, y = float(c.rng.uniform(0, c.wide)), float(c.rng.uniform(0.3, 1.0))
        r = float(c.rng.uniform(0.06, 0.15))
        c.disc(x, y, r, r * 0.6, c.jitter(mixed((236, 226, 214), (150, 142, 152), k / 30), 8), 0.3)


def _paper(c: Canvas, setting: Setting) -> None:
    tone = c.jitter(mixed((206, 188, 156), COLOURS[setting.colour], 0.15), 8)
    c.wash(tone, lit(tone, 0.94))
    c.grain(5, NATURAL)


_LAND = {
    "plain": _plain, "hills": _hills, "mountains": _mountains, "forest": _forest, "coast": _coast, "sea": _sea,
    "river": _river, "winter": _winter, "rocks": _rocks, "city": _city,
}  # fmt: skip
_BEHIND = {
    "room": _room, "church": _church, "gold": _gold, "dark": _dark, "curtain": _curtain, "heaven": _heaven,
    "paper": _paper,
}  # fmt: skip
