"""Things, animals, plants and buildings. As in `people`, sizes are shares of the thing's height."""

from __future__ import annotations

import numpy as np

from embedded.paintings.canvas import COLOURS, RGB, Canvas, lit, mixed
from embedded.paintings.people import Placement, person
from embedded.paintings.scene import Traits


def _colour(c: Canvas, traits: Traits, default: RGB, light: float) -> RGB:
    return lit(c.jitter(COLOURS[traits["colour"]] if "colour" in traits else default, 8), light)


def tree(c: Canvas, f: Placement, traits: Traits, light: float) -> None:
    trunk = lit((82, 58, 40), light)
    c.line(f.all((0, 0), (0.02, 0.3), (-0.03, 0.6)), 0.05 * f.size, trunk)
    if traits.get("bare"):
        for k in range(12):
            side, y = (-1) ** k, 0.3 + 0.05 * k
            c.line(f.all((0, y), (0.16 * side, y + 0.12), (0.26 * side, y + 0.22)), 0.014 * f.size, trunk)
        return
    leaf = lit((74, 96, 48), light)
    for _ in range(22):
        x, y = float(c.rng.normal(0, 0.16)), float(c.rng.uniform(0.45, 0.95))
        r = float(c.rng.uniform(0.08, 0.14)) * f.size
        c.disc(*f.at(x, y), r, r * 0.8, c.jitter(lit(leaf, 0.7 + 0.5 * y), 12), 0.5)


def house(c: Canvas, f: Placement, _: Traits, light: float) -> None:
    wall, roof = lit(c.jitter((196, 170, 132)), light), lit(c.jitter((136, 78, 52)), light)
    c.poly(f.all((-0.6, 0), (-0.6, 0.55), (0.6, 0.55), (0.6, 0)), wall, 0.25)
    c.poly(f.all((-0.7, 0.52), (-0.45, 1.0), (0.45, 1.0), (0.7, 0.52)), roof, 0.3)
    for x in (-0.35, 0.3):
        c.poly(f.all((x - 0.08, 0.22), (x + 0.08, 0.22), (x + 0.08, 0.42), (x - 0.08, 0.42)), (66, 54, 46), 0)
    c.poly(f.all((-0.06, 0), (-0.06, 0.32), (0.08, 0.32), (0.08, 0)), (84, 58, 40), 0)


def church(c: Canvas, f: Placement, _: Traits, light: float) -> None:
    stone = lit(c.jitter((172, 160, 142)), light)
    c.poly(f.all((-0.1, 0), (-0.1, 0.34), (0.5, 0.34), (0.5, 0)), stone, 0.25)
    c.poly(f.all((-0.12, 0.32), (0.0, 0.48), (0.42, 0.48), (0.54, 0.32)), lit((110, 82, 70), light), 0.2)
    c.poly(f.all((-0.24, 0), (-0.24, 0.62), (-0.04, 0.62), (-0.04, 0)), lit(stone, 1.05), 0.3)
    c.poly(f.all((-0.27, 0.6), (-0.14, 1.0), (-0.01, 0.6)), lit((92, 84, 90), light), 0.4)
    for x in (0.05, 0.2, 0.35):
        c.poly(f.all((x, 0.08), (x + 0.06, 0.08), (x + 0.06, 0.24), (x + 0.03, 0.28), (x, 0.24)), (70, 64, 66), 0)


def windmill(c: Canvas, f: Placement, _: Traits, light: float) -> None:
    body = lit((126, 96, 70), light)
    c.poly(f.all((-0.2, 0), (-0.12, 0.6), (0.12, 0.6), (0.2, 0)), body, 0.4)
    c.poly(f.all((-0.14, 0.58), (0, 0.72), (0.14, 0.58)), lit((84, 62, 50), light), 0.3)
    for turn in np.linspace(0.4, 0.4 + 1.5 * np.pi, 4):
        dx, dy = float(np.cos(turn)), float(np.sin(turn))
        c.line(f.all((0, 0.62), (0.42 * dx, 0.62 + 0.42 * dy)), 0.02 * f.size, lit((62, 48, 38), light))
        c.poly(
            f.all(
                (0.1 * dx, 0.62 + 0.1 * dy),
                (0.42 * dx, 0.62 + 0.42 * dy),
                (0.42 * dx - 0.1 * dy, 0.62 + 0.42 * dy + 0.1 * dx),
                (0.1 * dx - 0.1 * dy, 0.62 + 0.1 * dy + 0.1 * dx),
            ),
            lit((206, 190, 160), light),
            0.1,
        )


def castle(c: Canvas, f: Placement, _: Traits, light: float) -> None:
    stone = lit(c.jitter((150, 136, 118)), light)
    for x, w, top in ((-0.45, 0.16, 0.9), (0.0, 0.34, 0.62), (0.42, 0.14, 1.0)):
        c.poly(f.all((x - w, 0), (x - w, top), (x + w, top), (x + w, 0)), stone, 0.3)
        for k in range(4):
            at = x - w + 2 * w * k / 4
            c.poly(f.all((at, top), (at, top + 0.07), (at + w / 4, top + 0.07), (at + w / 4, top)), stone, 0)
        c.poly(
            f.all((x - 0.03, top - 0.25), (x + 0.03, top - 0.25), (x + 0.03, top - 0.12), (x - 0.03, top - 0.12)),
            (50, 44, 44),
            0,
        )


def ruin(c: Canvas, f: Placement, _: Traits, light: float) -> None:
    stone = lit(c.jitter((182, 166, 140)), light)
    for k, top in enumerate((0.8, 0.8, 0.55, 0.8)):
        x = -0.5 + 0.3 * k
        c.poly(f.all((x - 0.06, 0), (x - 0.05, top), (x + 0.05, top), (x + 0.06, 0)), stone, 0.6)
        c.poly(
            f.all((x - 0.09, top), (x + 0.09, top), (x + 0.08, top + 0.05), (x - 0.08, top + 0.05)),
            lit(stone, 1.1),
            0.2,
        )
    c.poly(f.all((-0.62, 0.85), (-0.08, 0.85), (-0.12, 0.97), (-0.4, 1.0), (-0.62, 0.95)), lit(stone, 0.95), 0.3)


def bridge(c: Canvas, f: Placement, _: Traits, light: float) -> None:
    stone = lit(c.jitter((160, 142, 118)), light)
    c.poly(f.all((-1.3, 0), (-1.3, 0.5), (0, 1.0), (1.3, 0.5), (1.3, 0)), stone, 0.25)
    for x in (-0.62, 0.08, 0.72):
        c.disc(*f.at(x, 0.0), 0.28 * f.size, 0.5 * f.size, lit((60, 66, 66), light), 0)


def ship(c: Canvas, f: Placement, _: Traits, light: float) -> None:
    hull, sail = lit((86, 60, 42), light), lit((214, 200, 172), light)
    for x, top in ((-0.28, 0.85), (0.04, 1.0), (0.3, 0.8)):
        c.line(f.all((x, 0.1), (x, top)), 0.016 * f.size, hull)
        for y0, w in ((0.28, 0.17), (0.55, 0.13)):
            c.poly(
                f.all((x - w, y0), (x - w * 0.9, y0 + 0.24), (x + w, y0 + 0.24), (x + w * 1.2, y0 + 0.02)),
                c.jitter(sail, 8),
                0.4,
            )
    c.poly(f.all((-0.55, 0.2), (-0.42, 0), (0.42, 0), (0.62, 0.24), (0.4, 0.15), (-0.36, 0.14)), hull, 0.4)


def boat(c: Canvas, f: Placement, traits: Traits, light: float) -> None:
    c.poly(
        f.all((-0.9, 0.38), (-0.6, 0), (0.6, 0), (0.95, 0.4), (0.5, 0.26), (-0.5, 0.26)), lit((92, 62, 42), light), 0.4
    )
    person(
        c, Placement(*f.at(-0.1, 0.15), 0.9 * f.size), {"robe": traits.get("colour", "brown"), "hat": "black"}, light
    )


def horse(c: Canvas, f: Placement, traits: Traits, light: float) -> None:
    coat = _colour(c, traits, (112, 74, 48), light)
    for x, k in ((-0.36, 0.04), (-0.26, -0.05), (0.24, 0.09), (0.34, -0.02)):
        c.line(f.all((x, 0.45), (x + k, 0.24), (x - k / 2, 0.02)), 0.07 * f.size, lit(coat, 0.85))
    c.disc(*f.at(0.0, 0.52), 0.45 * f.size, 0.19 * f.size, coat, 0.5)
    c.poly(f.all((0.28, 0.5), (0.36, 0.86), (0.48, 0.92), (0.5, 0.66), (0.42, 0.44)), coat, 0.4)
    c.poly(f.all((0.36, 0.92), (0.5, 1.0), (0.74, 0.76), (0.66, 0.68), (0.44, 0.78)), coat, 0.4)
    c.line(f.all((0.34, 0.9), (0.26, 0.72), (0.22, 0.6)), 0.06 * f.size, lit(coat, 0.5))
    c.line(f.all((-0.43, 0.58), (-0.56, 0.4), (-0.54, 0.14)), 0.05 * f.size, lit(coat, 0.5))
    c.disc(*f.at(0.53, 0.87), 0.016 * f.size, 0.016 * f.size, (24, 20, 20), 0)


def rider(c: Canvas, f: Placement, traits: Traits, light: float) -> None:
    horse(c, Placement(f.left, f.foot, 0.7 * f.size, f.turn), {"colour": traits.get("horse", "brown")}, light)
    seat = Placement(*f.at(-0.02, 0.33), 0.66 * f.size, f.turn)
    person(c, seat, {**traits, "pose": "kneeling"}, light)
    if traits.get("lance"):
        c.line(f.all((-0.3, 0.9), (0.75, 0.25)), 0.014 * f.size, lit((196, 186, 160), light))


def cow(c: Canvas, f: Placement, traits: Traits, light: float) -> None:
    coat = _colour(c, traits, (142, 92, 58), light)
    for x in (-0.5, -0.36, 0.34, 0.46):
        c.line(f.all((x, 0.45), (x, 0.02)), 0.1 * f.size, lit(coat, 0.8))
    c.poly(f.all((-0.66, 0.85), (0.5, 0.86), (0.56, 0.4), (-0.6, 0.36)), coat, 0.4)
    c.poly(f.all((0.48, 0.9), (0.66, 1.0), (0.9, 0.78), (0.84, 0.62), (0.54, 0.62)), coat, 0.4)
    c.line(f.all((0.6, 0.98), (0.56, 1.12)), 0.05 * f.size, (222, 210, 186))
    c.disc(*f.at(-0.1, 0.66), 0.2 * f.size, 0.14 * f.size, lit((222, 212, 194), light), 0.2)


def sheep(c: Canvas, f: Placement, _: Traits, light: float) -> None:
    wool = lit(c.jitter((216, 204, 182)), light)
    for x in (-0.35, -0.2, 0.2, 0.34):
        c.line(f.all((x, 0.4), (x, 0.02)), 0.08 * f.size, lit((92, 76, 62), light))
    for k in range(9):
        c.disc(*f.at(-0.4 + 0.1 * k, 0.56 + 0.06 * (k % 3)), 0.2 * f.size, 0.2 * f.size, c.jitter(wool, 8), 0.4)
    c.disc(*f.at(0.58, 0.72), 0.17 * f.size, 0.14 * f.size, lit((188, 170, 146), light), 0.3, 25)


def dog(c: Canvas, f: Placement, traits: Traits, light: float) -> None:
    coat = _colour(c, traits, (176, 140, 100), light)
    for x in (-0.5, -0.36, 0.34, 0.48):
        c.line(f.all((x, 0.45), (x, 0.03)), 0.1 * f.size, lit(coat, 0.85))
    c.poly(f.all((-0.6, 0.7), (0.46, 0.74), (0.56, 0.42), (-0.56, 0.44)), coat, 0.4)
    c.disc(*f.at(0.62, 0.86), 0.22 * f.size, 0.17 * f.size, coat, 0.4)
    c.poly(f.all((0.48, 0.94), (0.42, 0.68), (0.58, 0.8)), lit(coat, 0.6), 0)
    c.line(f.all((-0.58, 0.68), (-0.85, 0.96)), 0.07 * f.size, coat)


def lion(c: Canvas, f: Placement, _: Traits, light: float) -> None:
    coat = lit((184, 136, 76), light)
    c.poly(f.all((-0.9, 0.1), (-0.8, 0.55), (0.3, 0.7), (0.6, 0.05), (-0.9, 0.0)), coat, 0.4)
    c.disc(*f.at(0.5, 0.66), 0.38 * f.size, 0.38 * f.size, lit((132, 84, 42), light), 0.3)
    c.disc(*f.at(0.56, 0.66), 0.22 * f.size, 0.22 * f.size, coat, 0.3)
    for dx in (0.48, 0.66):
        c.disc(*f.at(dx, 0.72), 0.03 * f.size, 0.03 * f.size, (34, 24, 20), 0)
    c.line(f.all((-0.85, 0.4), (-1.1, 0.55), (-1.05, 0.8)), 0.07 * f.size, coat)


def dragon(c: Canvas, f: Placement, _: Traits, light: float) -> None:
    scale = lit((60, 92, 62), light)
    c.line(f.all((-1.1, 0.2), (-0.7, 0.05), (-0.3, 0.3), (0.1, 0.35)), 0.16 * f.size, scale)
    c.poly(f.all((-0.3, 0.3), (-0.5, 0.9), (-0.1, 0.7), (0.1, 0.95), (0.15, 0.35)), lit((96, 60, 58), light), 0.4)
    c.line(f.all((0.05, 0.35), (0.35, 0.7), (0.6, 0.6)), 0.15 * f.size, scale)
    c.poly(f.all((0.5, 0.75), (0.95, 0.66), (0.7, 0.58), (0.92, 0.5), (0.5, 0.46)), scale, 0.3)


def bird(c: Canvas, f: Placement, traits: Traits, light: float) -> None:
    white = _colour(c, traits, (236, 234, 226), max(light, 0.8))
    c.disc(*f.at(0.0, 0.5), 0.5 * f.size, 0.24 * f.size, white, 0.3)
    c.poly(f.all((-0.2, 0.55), (-0.7, 1.2), (0.2, 0.65)), lit(white, 0.9), 0.2)
    c.poly(f.all((0.1, 0.55), (0.5, 1.2), (0.35, 0.5)), lit(white, 0.85), 0.2)
    c.disc(*f.at(0.5, 0.66), 0.17 * f.size, 0.15 * f.size, white, 0.2)


def cross(c: Canvas, f: Placement, traits: Traits, light: float) -> None:
    wood = lit((92, 64, 42), max(light, 0.6))
    c.line(f.all((0, 0), (0, 1.0)), 0.06 * f.size, wood)
    c.line(f.all((-0.34, 0.8), (0.34, 0.8)), 0.055 * f.size, wood)
    if traits.get("christ"):
        seat = Placement(*f.at(0, 0.18), 0.76 * f.size, f.turn)
        person(
            c,
            seat,
            {"nude": True, "arms": "spread", "beard": True, "long": True, "halo": traits.get("halo")},
            max(light, 0.75),
        )


def throne(c: Canvas, f: Placement, traits: Traits, light: float) -> None:
    stone = _colour(c, traits, (184, 168, 140), light)
    c.poly(f.all((-0.36, 0), (-0.36, 0.8), (-0.26, 0.95), (0, 1.0), (0.26, 0.95), (0.36, 0.8), (0.36, 0)), stone, 0.35)
    c.poly(f.all((-0.26, 0.1), (-0.26, 0.78), (0.26, 0.78), (0.26, 0.1)), lit(stone, 0.7), 0.3)
    c.poly(f.all((-0.5, 0), (-0.5, 0.1), (0.5, 0.1), (0.5, 0)), lit(stone, 1.1), 0.2)


def stable(c: Canvas, f: Placement, _: Traits, light: float) -> None:
    wood = lit((94, 68, 46), light)
    c.poly(f.all((-0.8, 0.62), (0, 1.0), (0.8, 0.62), (0.75, 0.56), (0, 0.9), (-0.75, 0.56)), wood, 0.3)
    c.poly(f.all((-0.68, 0), (-0.68, 0.58), (0, 0.9), (0.68, 0.58), (0.68, 0)), lit(wood, 0.5), 0.2)
    for x in (-0.68, 0.0, 0.68):
        c.line(f.all((x, 0), (x, 0.6 if x else 0.88)), 0.045 * f.size, lit(wood, 1.3))


def column(c: Canvas, f: Placement, _: Traits, light: float) -> None:
    stone = lit((196, 184, 162), light)
    c.poly(f.all((-0.07, 0), (-0.06, 0.92), (0.06, 0.92), (0.07, 0)), stone, 0.8)
    c.poly(f.all((-0.11, 0.92), (0.11, 0.92), (0.12, 1.0), (-0.12, 1.0)), lit(stone, 1.05), 0.3)
    c.poly(f.all((-0.11, 0), (0.11, 0), (0.1, 0.06), (-0.1, 0.06)), stone, 0.3)


def tomb(c: Canvas, f: Placement, _: Traits, light: float) -> None:
    stone = lit((178, 170, 158), light)
    c.poly(f.all((-1.3, 0), (-1.3, 0.8), (1.3, 0.8), (1.3, 0)), stone, 0.3)
    c.poly(f.all((-1.4, 0.8), (-1.2, 1.0), (1.2, 1.0), (1.4, 0.8)), lit(stone, 1.15), 0.2)


def banner(c: Canvas, f: Placement, traits: Traits, light: float) -> None:
    c.line(f.all((0, 0), (0.04, 1.0)), 0.02 * f.size, lit((116, 86, 56), light))
    c.poly(
        f.all((0.03, 0.95), (0.5, 0.9), (0.42, 0.76), (0.52, 0.64), (0.03, 0.62)),
        _colour(c, traits, (206, 52, 46), light),
        0.4,
    )


def smoke(c: Canvas, f: Placement, _: Traits, _light: float) -> None:
    for k in range(12):
        x, y = float(c.rng.normal(0, 0.5)), float(c.rng.uniform(0, 1))
        c.disc(
            *f.at(x, y), 0.3 * f.size, 0.2 * f.size, c.jitter(mixed((196, 186, 174), (112, 104, 100), k / 14), 10), 0.2
        )


def shell(c: Canvas, f: Placement, _: Traits, _light: float) -> None:
    c.disc(*f.at(0, 0.5), 1.0 * f.size, 0.5 * f.size, (226, 186, 160), 0.4)
    for t in np.linspace(0.1, np.pi - 0.1, 9):
        c.line(
            f.all((0, 0.1), (0.95 * float(np.cos(t)), 0.5 + 0.45 * float(np.sin(t)))), 0.03 * f.size, (182, 130, 108)
        )


def bed(c: Canvas, f: Placement, traits: Traits, light: float) -> None:
    c.poly(f.all((-1.9, 0), (-1.9, 0.7), (1.9, 0.55), (1.9, 0)), lit((222, 214, 200), light), 0.3)
    c.poly(f.all((-1.9, 0.6), (-1.8, 1.05), (-1.0, 0.95), (-1.05, 0.6)), lit((236, 230, 220), light), 0.3)
    c.poly(f.all((0.2, 0.6), (1.9, 0.55), (1.9, -0.2), (0.5, -0.1)), _colour(c, traits, (150, 40, 40), light), 0.4)
