"""Things that lie or stand on tables, and the tables. Sizes are shares of the thing's height."""

from __future__ import annotations

import numpy as np

from embedded.paintings.canvas import COLOURS, RGB, Canvas, lit
from embedded.paintings.people import Placement
from embedded.paintings.scene import Traits

FRUIT: dict[str, RGB] = {
    "apple": (178, 52, 40),
    "pear": (186, 174, 78),
    "orange": (222, 138, 50),
    "lemon": (228, 204, 84),
    "peach": (226, 158, 106),
    "plum": (76, 48, 92),
    "fig": (84, 58, 78),
}


def table(c: Canvas, f: Placement, traits: Traits, light: float) -> None:
    """A table from side to side; its top edge lies at 0.85 of its height."""
    cloth = lit(c.jitter(COLOURS[traits.get("colour", "brown")], 8), light)
    wide = float(traits.get("wide", 3.0))
    c.poly(f.all((-wide, 0.85), (-wide * 0.93, 1.0), (wide * 0.93, 1.0), (wide, 0.85)), lit(cloth, 1.15), 0.2)
    c.poly(f.all((-wide, 0.86), (wide, 0.86), (wide, 0), (-wide, 0)), lit(cloth, 0.72), 0.2)
    for x in np.linspace(-wide * 0.9, wide * 0.9, 7):
        c.line(f.all((float(x), 0.84), (float(x) + 0.03, 0.0)), 0.02 * f.size, lit(cloth, 0.58))


def fruit(c: Canvas, f: Placement, traits: Traits, light: float) -> None:
    base = lit(c.jitter(FRUIT[traits.get("sort", "apple")], 12), light)
    c.disc(*f.at(0, 0.45), 0.5 * f.size, 0.46 * f.size, base, 0.6)
    if traits.get("sort") == "pear":
        c.disc(*f.at(0.05, 0.85), 0.26 * f.size, 0.32 * f.size, base, 0.5)
    c.disc(*f.at(-0.18, 0.62), 0.1 * f.size, 0.08 * f.size, lit(base, 1.5), 0)
    c.line(f.all((0.02, 0.85), (0.06, 1.05)), 0.06 * f.size, (72, 54, 34))


def grapes(c: Canvas, f: Placement, traits: Traits, light: float) -> None:
    base = lit(COLOURS["violet"] if traits.get("colour") != "white" else (176, 180, 96), light)
    for row in range(6):
        for k in range(7 - row):
            x, y = (k - (6 - row) / 2) * 0.26, 0.75 - 0.17 * row
            colour = c.jitter(base, 12)
            c.disc(*f.at(x, y), 0.15 * f.size, 0.15 * f.size, colour, 0.5)
            c.disc(*f.at(x - 0.04, y + 0.05), 0.035 * f.size, 0.035 * f.size, lit(colour, 1.8), 0)
    c.disc(*f.at(0.1, 0.95), 0.4 * f.size, 0.16 * f.size, lit((78, 104, 52), light), 0.5, -20)


def basket(c: Canvas, f: Placement, _: Traits, light: float) -> None:
    for k in range(9):
        sort = str(c.rng.choice(list(FRUIT)))
        fruit(c, Placement(*f.at((k % 5 - 2) * 0.34, 0.52 + 0.26 * (k // 5)), 0.42 * f.size), {"sort": sort}, light)
    wicker = lit((156, 112, 62), light)
    c.poly(f.all((-0.95, 0.62), (0.95, 0.62), (0.7, 0), (-0.7, 0)), wicker, 0.4)
    for k in range(4):
        y = 0.1 + 0.15 * k
        c.line(f.all((-0.75 - 0.06 * k, y), (0.75 + 0.06 * k, y)), 0.035 * f.size, lit(wicker, 0.7))


def flowers(c: Canvas, f: Placement, traits: Traits, light: float) -> None:
    """A vase and what stands in it; the blossoms have the colours in ``colours``."""
    for _ in range(26):
        x, y = float(c.rng.normal(0, 0.17)), float(c.rng.uniform(0.38, 0.95))
        c.line(f.all((0, 0.35), (x, y)), 0.01 * f.size, lit((58, 84, 44), light))
        c.disc(
            *f.at(x * 1.2, y - 0.05),
            0.06 * f.size,
            0.025 * f.size,
            lit((66, 94, 50), light),
            0.5,
            float(c.rng.uniform(0, 180)),
        )
    shades = [COLOURS[name] for name in traits.get("colours", ("red", "white", "pink"))]
    for k in range(22):
        x, y = float(c.rng.normal(0, 0.17)), float(c.rng.uniform(0.42, 0.98))
        r = float(c.rng.uniform(0.04, 0.085)) * f.size
        colour = c.jitter(lit(shades[k % len(shades)], light), 12)
        for turn in np.linspace(0, 2 * np.pi, 6)[:-1]:
            px, py = f.at(x, y)
            c.disc(
                px + 0.55 * r * float(np.cos(turn)), py + 0.55 * r * float(np.sin(turn)), 0.6 * r, 0.6 * r, colour, 0.4
            )
        c.disc(*f.at(x, y), 0.3 * r, 0.3 * r, lit(colour, 0.6), 0)
    glass = lit(COLOURS[traits.get("vase", "blue")], light)
    c.poly(f.all((-0.07, 0.4), (0.07, 0.4), (0.13, 0.2), (0.09, 0.0), (-0.09, 0.0), (-0.13, 0.2)), glass, 0.6)
    c.line(f.all((-0.07, 0.3), (-0.09, 0.18), (-0.07, 0.08)), 0.014 * f.size, lit(glass, 2.0))


def jug(c: Canvas, f: Placement, traits: Traits, light: float) -> None:
    clay = lit(c.jitter(COLOURS[traits.get("colour", "brown")], 10), light)
    c.line(f.all((0.2, 0.78), (0.5, 0.66), (0.28, 0.34)), 0.07 * f.size, lit(clay, 0.8))
    c.poly(
        f.all(
            (-0.16, 1.0), (0.16, 1.0), (0.13, 0.78), (0.34, 0.45), (0.2, 0.0), (-0.2, 0.0), (-0.34, 0.45), (-0.13, 0.78)
        ),
        clay,
        0.6,
    )
    c.line(f.all((-0.14, 0.7), (-0.22, 0.46), (-0.18, 0.3)), 0.05 * f.size, lit(clay, 1.7))


def glass(c: Canvas, f: Placement, traits: Traits, light: float) -> None:
    wine = lit((146, 36, 44) if traits.get("colour", "red") == "red" else (214, 190, 96), light)
    c.line(f.all((0, 0.4), (0, 0.04)), 0.05 * f.size, (186, 192, 188))
    c.disc(*f.at(0, 0.03), 0.22 * f.size, 0.05 * f.size, (176, 182, 178), 0.3)
    c.poly(f.all((-0.26, 1.0), (0.26, 1.0), (0.2, 0.5), (0, 0.38), (-0.2, 0.5)), (172, 182, 178), 0.3)
    c.poly(f.all((-0.23, 0.78), (0.23, 0.78), (0.18, 0.52), (0, 0.4), (-0.18, 0.52)), wine, 0.4)


def skull(c: Canvas, f: Placement, _: Traits, light: float) -> None:
    bone = lit((214, 198, 162), light)
    c.poly(f.all((-0.26, 0.3), (0.24, 0.3), (0.2, 0.0), (-0.18, 0.0)), lit(bone, 0.9), 0.3)
    c.disc(*f.at(0, 0.6), 0.46 * f.size, 0.42 * f.size, bone, 0.5)
    for x in (-0.17, 0.17):
        c.disc(*f.at(x, 0.48), 0.12 * f.size, 0.12 * f.size, (46, 34, 26), 0)
    c.poly(f.all((-0.05, 0.24), (0, 0.38), (0.05, 0.24)), (52, 38, 28), 0)
    for k in range(5):
        c.line(f.all((-0.14 + 0.07 * k, 0.16), (-0.14 + 0.07 * k, 0.03)), 0.02 * f.size, (92, 76, 56))


def candle(c: Canvas, f: Placement, _: Traits, light: float) -> None:
    c.poly(f.all((-0.2, 0.1), (0.2, 0.1), (0.25, 0), (-0.25, 0)), lit((176, 138, 66), light), 0.4)
    c.poly(f.all((-0.06, 0.72), (0.06, 0.72), (0.06, 0.08), (-0.06, 0.08)), (226, 216, 190), 0.3)
    c.glow(*f.at(0, 0.85), 0.8 * f.size, (250, 200, 104), 0.7)
    c.disc(*f.at(0, 0.84), 0.05 * f.size, 0.12 * f.size, (255, 232, 160), 0)


def book(c: Canvas, f: Placement, traits: Traits, light: float) -> None:
    leaf, cover = lit((228, 218, 192), light), lit(COLOURS[traits.get("colour", "brown")], 0.8 * light)
    c.poly(f.all((-1.0, 0.55), (0, 0.42), (1.0, 0.55), (1.1, 0.0), (0, -0.1), (-1.1, 0.0)), cover, 0.2)
    c.poly(f.all((-0.92, 0.62), (0, 0.48), (0, 0.0), (-1.0, 0.1)), leaf, 0.2)
    c.poly(f.all((0.92, 0.62), (0, 0.48), (0, 0.0), (1.0, 0.1)), lit(leaf, 0.9), 0.3)
    for k in range(4):
        c.line(f.all((-0.8, 0.5 - 0.1 * k), (-0.15, 0.4 - 0.1 * k)), 0.03 * f.size, (128, 118, 102))
        c.line(f.all((0.15, 0.4 - 0.1 * k), (0.8, 0.5 - 0.1 * k)), 0.03 * f.size, (128, 118, 102))


def hourglass(c: Canvas, f: Placement, _: Traits, light: float) -> None:
    wood = lit((96, 62, 40), light)
    c.poly(f.all((-0.22, 0.9), (0.22, 0.9), (0.02, 0.5), (0.22, 0.1), (-0.22, 0.1), (-0.02, 0.5)), (196, 204, 196), 0.3)
    c.poly(f.all((-0.16, 0.1), (0.16, 0.1), (0.0, 0.34)), (206, 172, 112), 0.2)
    for y in (0.02, 0.94):
        c.poly(f.all((-0.3, y + 0.07), (0.3, y + 0.07), (0.3, y - 0.02), (-0.3, y - 0.02)), wood, 0.3)


def fish(c: Canvas, f: Placement, _: Traits, light: float) -> None:
    for k in range(3):
        at = Placement(*f.at(0.1 * k, 0.3 * k), f.size, f.turn)
        scale = lit(c.jitter((150, 158, 160), 14), light)
        c.disc(*at.at(0, 0.3), 0.9 * f.size, 0.24 * f.size, scale, 0.6)
        c.poly(at.all((0.75, 0.3), (1.2, 0.55), (1.2, 0.05)), lit(scale, 0.8), 0.3)
        c.disc(*at.at(-0.62, 0.36), 0.07 * f.size, 0.07 * f.size, (30, 28, 28), 0)


def lobster(c: Canvas, f: Placement, _: Traits, light: float) -> None:
    red = lit((192, 62, 38), light)
    c.disc(*f.at(0, 0.4), 0.7 * f.size, 0.24 * f.size, red, 0.5)
    for k in range(6):
        c.disc(
            *f.at(0.5 + 0.13 * k, 0.4 - 0.02 * k * k / 3), 0.14 * f.size, (0.22 - 0.02 * k) * f.size, lit(red, 0.9), 0.5
        )
    for side in (0.15, -0.12):
        c.line(f.all((-0.5, 0.4), (-0.95, 0.4 + side * 3), (-1.2, 0.4 + side)), 0.1 * f.size, red)
        c.disc(*f.at(-1.25, 0.4 + side), 0.2 * f.size, 0.12 * f.size, red, 0.4)


def bread(c: Canvas, f: Placement, _: Traits, light: float) -> None:
    c.disc(*f.at(0, 0.4), 0.95 * f.size, 0.45 * f.size, lit((188, 132, 72), light), 0.6)
    for k in range(3):
        c.line(f.all((-0.4 + 0.4 * k, 0.7), (-0.3 + 0.4 * k, 0.35)), 0.07 * f.size, lit((226, 188, 128), light))


def cheese(c: Canvas, f: Placement, _: Traits, light: float) -> None:
    c.poly(f.all((-0.9, 0.6), (0.7, 0.75), (0.9, 0.1), (-0.8, 0.0)), lit((222, 184, 92), light), 0.4)
    c.poly(f.all((-0.9, 0.6), (-0.1, 0.95), (0.7, 0.75)), lit((238, 208, 128), light), 0.2)


def game(c: Canvas, f: Placement, _: Traits, light: float) -> None:
    """A hare and birds that hang head down."""
    fur = lit((146, 110, 76), light)
    c.line(f.all((0, 1.2), (0, 0.95)), 0.02 * f.size, (86, 66, 48))
    c.poly(f.all((-0.1, 0.95), (0.1, 0.95), (0.16, 0.5), (0.06, 0.22), (-0.06, 0.22), (-0.14, 0.5)), fur, 0.5)
    c.disc(*f.at(0, 0.16), 0.08 * f.size, 0.1 * f.size, fur, 0.4)
    for x in (-0.05, 0.06):
        c.line(f.all((x, 0.1), (x * 2, -0.06)), 0.04 * f.size, lit(fur, 0.8))
    for x, colour in ((0.34, (96, 110, 84)), (-0.36, (122, 84, 62))):
        c.disc(*f.at(x, 0.6), 0.11 * f.size, 0.24 * f.size, lit(c.jitter(colour, 10), light), 0.5)
        c.disc(*f.at(x, 0.3), 0.05 * f.size, 0.07 * f.size, lit((60, 84, 78), light), 0.3)


def lute(c: Canvas, f: Placement, _: Traits, light: float) -> None:
    wood = lit((176, 112, 56), light)
    c.line(f.all((0.3, 0.5), (1.5, 1.0)), 0.13 * f.size, lit(wood, 0.6))
    c.line(f.all((1.45, 1.0), (1.6, 0.78)), 0.11 * f.size, lit(wood, 0.5))
    c.disc(*f.at(-0.2, 0.35), 0.72 * f.size, 0.5 * f.size, wood, 0.5, -20)
    c.disc(*f.at(-0.02, 0.42), 0.15 * f.size, 0.12 * f.size, (52, 34, 24), 0, -20)
    for k in range(3):
        c.line(f.all((-0.6, 0.16 + 0.05 * k), (1.4, 0.95 + 0.03 * k)), 0.012 * f.size, (226, 210, 170))


def globe(c: Canvas, f: Placement, _: Traits, light: float) -> None:
    c.poly(f.all((-0.3, 0), (0.3, 0), (0.08, 0.3), (-0.08, 0.3)), lit((112, 74, 44), light), 0.4)
    c.disc(*f.at(0, 0.62), 0.4 * f.size, 0.38 * f.size, lit((150, 160, 132), light), 0.6)
    for x, y in ((-0.12, 0.7), (0.14, 0.56), (0.0, 0.44)):
        c.disc(*f.at(x, y), 0.11 * f.size, 0.08 * f.size, lit((186, 148, 88), light), 0.2)


def letter(c: Canvas, f: Placement, _: Traits, light: float) -> None:
    c.poly(f.all((-0.5, 0.1), (-0.35, 1.0), (0.6, 0.85), (0.5, 0.0)), lit((234, 226, 204), light), 0.2)
    for k in range(4):
        c.line(f.all((-0.28, 0.78 - 0.17 * k), (0.4, 0.7 - 0.17 * k)), 0.05 * f.size, (120, 110, 98))


def palette(c: Canvas, f: Placement, _: Traits, light: float) -> None:
    c.disc(*f.at(0, 0.4), 0.8 * f.size, 0.5 * f.size, lit((168, 118, 68), light), 0.3, -15)
    for k, name in enumerate(("white", "yellow", "red", "blue", "black")):
        c.disc(*f.at(-0.45 + 0.22 * k, 0.58 - 0.02 * k), 0.11 * f.size, 0.09 * f.size, COLOURS[name], 0)
    for k in range(3):
        c.line(f.all((0.3, 0.2), (0.9 + 0.1 * k, 1.2 - 0.12 * k)), 0.05 * f.size, (128, 92, 56))


def fan(c: Canvas, f: Placement, traits: Traits, light: float) -> None:
    arc = [(0.8 * float(np.cos(t)), 0.9 * float(np.sin(t))) for t in np.linspace(0.5, 2.6, 9)]
    c.poly(f.all((0, 0), *arc), lit(COLOURS[traits.get("colour", "white")], light), 0.3)
    for x, y in arc:
        c.line(f.all((0, 0), (x, y)), 0.03 * f.size, (136, 112, 92))


def sword(c: Canvas, f: Placement, _: Traits, _light: float) -> None:
    c.line(f.all((0, 0.2), (0.25, 1.0)), 0.05 * f.size, (198, 202, 206))
    c.line(f.all((-0.1, 0.26), (0.16, 0.18)), 0.05 * f.size, (196, 156, 66))
    c.line(f.all((0, 0.2), (-0.05, 0.02)), 0.06 * f.size, (92, 62, 42))


def arrows(c: Canvas, f: Placement, _: Traits, _light: float) -> None:
    for x, y in ((0.0, 0.7), (0.06, 0.55), (-0.05, 0.42), (0.03, 0.3)):
        c.line(f.all((x, y), (x + 0.22, y + 0.12)), 0.012 * f.size, (88, 66, 46))
        c.line(f.all((x + 0.19, y + 0.1), (x + 0.25, y + 0.17)), 0.026 * f.size, (206, 196, 176))
        c.disc(*f.at(x, y), 0.012 * f.size, 0.02 * f.size, (158, 30, 28), 0)


def fire(c: Canvas, f: Placement, _: Traits, _light: float) -> None:
    c.glow(*f.at(0, 0.4), 1.6 * f.size, (255, 168, 72), 0.85)
    for k in range(7):
        x = -0.3 + 0.1 * k
        c.poly(
            f.all((x - 0.12, 0), (x + float(c.rng.normal(0, 0.08)), 0.6 + 0.06 * (k % 3) * 2), (x + 0.12, 0)),
            ((246, 196, 84), (236, 132, 48), (206, 74, 36))[k % 3],
            0.2,
        )


def rays(c: Canvas, f: Placement, _: Traits, _light: float) -> None:
    """Light that falls from the upper edge to the point (0, 0)."""
    for k in range(7):
        c.line(f.all((-0.5 + 0.06 * k, 1.0), (0.04 * (k - 3), 0.0)), 0.012 * f.size, (246, 222, 140))


def cloud(c: Canvas, f: Placement, _: Traits, _light: float) -> None:
    for k in range(9):
        c.disc(
            *f.at(-1.2 + 0.3 * k, 0.3 + 0.15 * (k % 3)),
            0.42 * f.size,
            0.34 * f.size,
            c.jitter((214, 206, 204), 10),
            0.4,
        )
