"""People at full length. Sizes are shares of the figure's height; its foot is at (0, 0) and y goes up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from embedded.paintings.canvas import COLOURS, RGB, Canvas, lit, mixed

SKIN: RGB = (222, 178, 144)
HAIR: dict[str, RGB] = {"dark": (48, 34, 28), "brown": (96, 62, 38), "fair": (196, 152, 82), "red": (150, 74, 38),
                        "grey": (176, 170, 162)}  # fmt: skip


@dataclass(frozen=True)
class Placement:
    """The place of a figure: its point (x, y) lies at (left + turn · size · x, foot - size · y)."""

    left: float
    foot: float
    size: float
    turn: int = 1

    def at(self, x: float, y: float) -> tuple[float, float]:
        """A point of the figure on the canvas."""
        return self.left + self.turn * self.size * x, self.foot - self.size * y

    def all(self, *points: tuple[float, float]) -> list[tuple[float, float]]:
        """Several points."""
        return [self.at(x, y) for x, y in points]


def person(c: Canvas, f: Placement, traits: Mapping[str, Any], light: float = 1.0) -> None:
    """A man, a woman, a saint or an angel.

    ``traits``: pose (standing, kneeling, seated, lying), robe, cloak, hair, long (hair), beard, halo, wings, crown,
    hat, nude, armour, arms (down, raised, praying, pointing, holding).
    """
    pose = traits.get("pose", "standing")
    skin = lit(c.jitter(SKIN, 6), light)
    robe = lit(c.jitter(COLOURS[traits.get("robe", "brown")], 10), light)
    if traits.get("armour"):
        robe = lit((112, 118, 126), light)
    if pose == "lying":
        _lying(c, f, traits, skin, robe)
        return
    drop = {"standing": 0.0, "kneeling": 0.22, "seated": 0.17}[pose]
    if traits.get("wings"):
        _wings(c, f, drop, light)
    if traits.get("nude"):
        _bare(c, f, pose, skin, light)
    else:
        _dressed(c, f, pose, drop, robe, traits, light)
    _arms(c, f, drop, traits.get("arms", "down"), skin, skin if traits.get("nude") else lit(robe, 0.85))
    _head(c, f, drop, traits, skin, light)


def _dressed(
    c: Canvas, f: Placement, pose: str, drop: float, robe: RGB, traits: Mapping[str, Any], light: float
) -> None:
    shoulder, waist = 0.8 - drop, 0.52 - drop
    if pose == "standing":
        lower = [(0.09, waist), (0.13, 0.2), (0.19, 0.0), (-0.17, 0.0), (-0.13, 0.2), (-0.09, waist)]
    elif pose == "kneeling":
        lower = [(0.09, waist), (0.17, 0.12), (0.2, 0.0), (-0.3, 0.0), (-0.2, 0.1), (-0.1, waist)]
    else:
        lower = [(0.1, waist), (0.26, 0.3), (0.28, 0.0), (-0.14, 0.0), (-0.18, 0.28), (-0.1, waist)]
    c.poly(f.all((-0.13, shoulder), (0.0, shoulder + 0.03), (0.13, shoulder), *lower), robe, 0.45)
    for k in range(5):  # folds
        x = -0.1 + 0.055 * k
        c.line(f.all((0.6 * x, waist), (x, waist / 2), (1.5 * x + 0.02, 0.02)), 0.012 * f.size,
               lit(robe, 0.6 if k % 2 else 1.25))  # fmt: skip
    if cloak := traits.get("cloak"):
        cloth = lit(c.jitter(COLOURS[cloak], 10), light)
        c.poly(f.all((-0.15, shoulder), (-0.04, shoulder + 0.02), (-0.02, waist), (0.1, 0.25), (0.12, 0.04),
                     (-0.24, 0.0), (-0.2, waist)), cloth, 0.5)  # fmt: skip
        c.poly(f.all((0.15, shoulder), (0.06, shoulder + 0.01), (0.1, waist), (0.2, 0.1)), lit(cloth, 0.8), 0.4)
        c.line(f.all((-0.1, shoulder), (-0.13, waist), (-0.16, 0.03)), 0.012 * f.size, lit(cloth, 0.6))
    if traits.get("armour"):
        for y in (shoulder - 0.08, shoulder - 0.16, waist):
            c.line(f.all((-0.11, y), (0.11, y)), 0.012 * f.size, lit((196, 202, 208), light))


def _bare(c: Canvas, f: Placement, pose: str, skin: RGB, light: float) -> None:
    drop = {"standing": 0.0, "kneeling": 0.22, "seated": 0.17}[pose]
    shoulder, hip = 0.8 - drop, 0.48 - drop
    if pose == "standing":
        for side in (-1, 1):
            c.poly(f.all((0.09 * side, hip), (0.0, hip), (0.03 * side, 0.02), (0.08 * side, 0.0)), lit(skin, 0.94), 0.4)
    else:
        c.poly(f.all((-0.1, hip), (0.1, hip), (0.27, hip - 0.02), (0.28, 0.0), (0.2, 0.0), (0.18, hip - 0.12),
                     (-0.1, hip - 0.1)), lit(skin, 0.94), 0.4)  # fmt: skip
    c.poly(f.all((-0.13, shoulder), (0.13, shoulder), (0.09, shoulder - 0.18), (0.1, hip - 0.02), (-0.1, hip - 0.02),
                 (-0.09, shoulder - 0.18)), skin, 0.5)  # fmt: skip
    c.poly(f.all((-0.11, hip + 0.04), (0.11, hip + 0.03), (0.08, hip - 0.09), (-0.09, hip - 0.07)),
           lit((226, 220, 206), light), 0.4)  # fmt: skip


def _arms(c: Canvas, f: Placement, drop: float, arms: str, skin: RGB, sleeve: RGB) -> None:
    s = 0.77 - drop
    ways = {
        "down": (((-0.12, s), (-0.17, s - 0.18), (-0.13, s - 0.34)), ((0.12, s), (0.17, s - 0.18), (0.15, s - 0.34))),
        "raised": (((-0.12, s), (-0.24, s + 0.08), (-0.26, s + 0.26)), ((0.12, s), (0.24, s + 0.08), (0.27, s + 0.26))),
        "praying": (((-0.12, s), (-0.1, s - 0.18), (0.1, s - 0.1)), ((0.12, s), (0.2, s - 0.17), (0.12, s - 0.08))),
        "pointing": (((-0.12, s), (-0.17, s - 0.18), (-0.1, s - 0.3)), ((0.12, s), (0.24, s - 0.02), (0.4, s + 0.06))),
        "holding": (((-0.12, s), (-0.15, s - 0.2), (0.06, s - 0.26)), ((0.12, s), (0.18, s - 0.2), (0.12, s - 0.25))),
        "spread": (((-0.12, s), (-0.28, s + 0.05), (-0.43, s + 0.1)), ((0.12, s), (0.28, s + 0.05), (0.43, s + 0.1))),
    }
    for shoulder, elbow, hand in ways[arms]:
        c.line(f.all(shoulder, elbow, hand), 0.055 * f.size, sleeve)
        c.disc(*f.at(*hand), 0.03 * f.size, 0.03 * f.size, skin, 0.2)


def _head(c: Canvas, f: Placement, drop: float, traits: Mapping[str, Any], skin: RGB, light: float) -> None:
    y, r = 0.9 - drop, f.size
    x0, y0 = f.at(0.01, y)
    if traits.get("halo"):
        c.disc(x0, y0 - 0.01 * r, 0.13 * r, 0.13 * r, lit((232, 192, 92), max(0.8, light)), 0.15)
        c.disc(x0, y0 - 0.01 * r, 0.105 * r, 0.105 * r, lit((214, 166, 66), max(0.8, light)), 0.1)
    hair = lit(HAIR[traits.get("hair", "brown")], light)
    if traits.get("long"):
        c.poly(f.all((-0.08, y + 0.04), (0.06, y + 0.06), (0.07, y - 0.1), (-0.12, y - 0.18)), hair, 0.3)
    c.poly(f.all((-0.03, y - 0.04), (0.04, y - 0.04), (0.05, y - 0.12), (-0.05, y - 0.12)), lit(skin, 0.85), 0.2)
    c.disc(*f.at(-0.012, y + 0.022), 0.068 * r, 0.08 * r, hair, 0.2)
    c.disc(*f.at(0.012, y - 0.004), 0.054 * r, 0.072 * r, skin, 0.45)
    if r > 0.28:
        for dx in (-0.008, 0.036):
            c.disc(*f.at(dx, y + 0.008), 0.009 * r, 0.006 * r, (52, 36, 30), 0)
        c.line(f.all((0.018, y), (0.026, y - 0.018)), 0.006 * r, lit(skin, 0.7))
        c.line(f.all((0.002, y - 0.036), (0.03, y - 0.036)), 0.007 * r, (146, 70, 62))
    if traits.get("beard"):
        c.poly(
            f.all((-0.04, y - 0.02), (0.06, y - 0.02), (0.04, y - 0.13), (0.01, y - 0.15), (-0.03, y - 0.1)), hair, 0.3
        )
        c.line(f.all((0.0, y - 0.03), (0.035, y - 0.03)), 0.008 * r, (130, 70, 60))
    if traits.get("crown"):
        c.poly(f.all((-0.07, y + 0.06), (-0.08, y + 0.15), (-0.035, y + 0.1), (0.005, y + 0.16), (0.045, y + 0.1),
                     (0.09, y + 0.15), (0.075, y + 0.06)), (226, 180, 66), 0.3)  # fmt: skip
    if traits.get("veil"):
        c.poly(f.all((-0.085, y - 0.12), (-0.085, y + 0.06), (0.0, y + 0.105), (0.06, y + 0.07), (0.0, y + 0.05),
                     (-0.04, y), (-0.05, y - 0.12)), lit((228, 224, 214), light), 0.3)  # fmt: skip
    if hat := traits.get("hat"):
        felt = lit(COLOURS[hat], light)
        c.disc(*f.at(0.0, y + 0.065), 0.12 * r, 0.022 * r, lit(felt, 0.8), 0.2)
        c.poly(f.all((-0.065, y + 0.065), (-0.05, y + 0.14), (0.05, y + 0.14), (0.07, y + 0.065)), felt, 0.3)
    if traits.get("armour"):
        c.disc(*f.at(0.0, y + 0.04), 0.075 * r, 0.06 * r, lit((150, 156, 164), light), 0.5)


def _wings(c: Canvas, f: Placement, drop: float, light: float) -> None:
    s = 0.78 - drop
    feather = lit(c.jitter((226, 218, 202), 14), light)
    for side in (-1, 1):
        c.poly(f.all((0.03 * side, s), (0.2 * side, s + 0.2), (0.42 * side, s + 0.16), (0.38 * side, s - 0.18),
                     (0.2 * side, s - 0.34)), feather, 0.3)  # fmt: skip
        for k in range(4):
            c.line(
                f.all((0.08 * side, s), ((0.4 - 0.05 * k) * side, s + 0.1 - 0.12 * k)),
                0.008 * f.size,
                lit(feather, 0.7),
            )


def _lying(c: Canvas, f: Placement, traits: Mapping[str, Any], skin: RGB, robe: RGB) -> None:
    """A body that lies, its head to the left unless turned, about as long as a standing one is high."""
    bare = traits.get("nude")
    body = skin if bare else robe
    c.poly(
        f.all((-0.36, 0.1), (-0.3, 0.2), (0.0, 0.19), (0.3, 0.13), (0.5, 0.06), (0.5, 0.01), (-0.34, 0.0)), body, 0.45
    )
    if bare:
        c.poly(f.all((-0.02, 0.19), (0.14, 0.17), (0.2, 0.0), (-0.02, 0.0)), (226, 220, 206), 0.4)
    else:
        for k in range(4):
            c.line(f.all((-0.2 + 0.16 * k, 0.18 - 0.02 * k), (-0.12 + 0.17 * k, 0.0)), 0.012 * f.size, lit(robe, 0.65))
    c.line(f.all((-0.28, 0.17), (-0.12, 0.24), (0.06, 0.16)), 0.05 * f.size, lit(body, 0.9))
    x, y = f.at(-0.42, 0.18)
    if traits.get("halo"):
        c.disc(x, y, 0.12 * f.size, 0.12 * f.size, (222, 178, 78), 0.15)
    hair = HAIR[traits.get("hair", "brown")]
    c.disc(x - 0.01 * f.size * f.turn, y - 0.01 * f.size, 0.08 * f.size, 0.07 * f.size, hair, 0.2)
    c.disc(x + 0.012 * f.size * f.turn, y + 0.004 * f.size, 0.06 * f.size, 0.055 * f.size, skin, 0.4)
    if traits.get("beard"):
        c.poly(f.all((-0.39, 0.14), (-0.33, 0.13), (-0.34, 0.2)), mixed(hair, skin, 0.1), 0.2)


def child(c: Canvas, f: Placement, traits: Mapping[str, Any], light: float = 1.0) -> None:
    """A small child, bare or dressed; with wings it is a putto."""
    skin = lit(c.jitter((230, 188, 156), 5), light)
    if traits.get("wings"):
        for side in (-1, 1):
            c.poly(f.all((0.05 * side, 0.6), (0.5 * side, 0.85), (0.42 * side, 0.45)), lit((214, 206, 196), light), 0.3)
    body = lit(COLOURS[traits["robe"]], light) if traits.get("robe") else skin
    for side in (-1, 1):
        c.line(f.all((0.1 * side, 0.32), (0.2 * side, 0.16), (0.16 * side, 0.02)), 0.13 * f.size, skin)
        c.line(f.all((0.16 * side, 0.6), (0.32 * side, 0.56), (0.36 * side, 0.72)), 0.1 * f.size, skin)
    c.poly(f.all((-0.2, 0.64), (0.2, 0.64), (0.22, 0.28), (0.0, 0.2), (-0.22, 0.28)), body, 0.4)
    x, y = f.at(0.02, 0.83)
    if traits.get("halo"):
        c.disc(x, y, 0.26 * f.size, 0.26 * f.size, lit((226, 184, 84), max(0.8, light)), 0.15)
    c.disc(x, y - 0.02 * f.size, 0.17 * f.size, 0.17 * f.size, lit(HAIR[traits.get("hair", "fair")], light), 0.2)
    c.disc(x + 0.02 * f.size * f.turn, y + 0.02 * f.size, 0.145 * f.size, 0.15 * f.size, skin, 0.4)
    if f.size > 0.16:
        for dx in (-0.02, 0.1):
            c.disc(*f.at(dx, 0.83), 0.02 * f.size, 0.02 * f.size, (54, 38, 32), 0)
