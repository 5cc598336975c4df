"""A sitter of a portrait, at half length, turned a little to one side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from embedded.paintings.canvas import COLOURS, RGB, Canvas, lit, mixed
from embedded.paintings.people import HAIR, SKIN, Placement


def sitter(c: Canvas, f: Placement, traits: Mapping[str, Any], light: float = 1.0) -> None:
    """A sitter whose foot is the lower edge; ``size`` is the height up to the crown of the head.

    ``traits``: robe, collar (none, ruff, lace, fur, cravat), hat (none, beret, wide, turban, bonnet, veil), hat_colour,
    hair, cut (short, long, curls, wig), beard, woman, old, pearls, hands.
    """
    skin = lit(c.jitter(SKIN, 8), light)
    if traits.get("old"):
        skin = mixed(skin, (176, 138, 112), 0.5)
    hair = lit(HAIR["grey" if traits.get("old") else traits.get("hair", "brown")], light)
    robe = lit(c.jitter(COLOURS[traits.get("robe", "black")], 8), light)
    cut, hat = traits.get("cut", "short"), traits.get("hat", "none")
    _back(c, f, cut, hair)
    c.poly(f.all((-0.08, 0.68), (0.09, 0.68), (0.12, 0.5), (-0.12, 0.5)), lit(skin, 0.8), 0.3)
    _dress(c, f, traits, robe, skin)
    _collar(c, f, str(traits.get("collar", "none")))
    if traits.get("pearls"):
        for t in np.linspace(-1, 1, 11):
            c.disc(
                *f.at(0.085 * float(t), 0.56 + 0.035 * float(t * t)),
                0.009 * f.size,
                0.009 * f.size,
                (240, 234, 220),
                0.4,
            )
    _face(c, f, traits, skin, hair)
    _top(c, f, cut, hat, hair, lit(COLOURS[traits.get("hat_colour", "black")], light))
    if traits.get("hands"):
        _hands(c, f, skin, robe)


def _back(c: Canvas, f: Placement, cut: str, hair: RGB) -> None:
    if cut in ("long", "curls", "wig"):
        colour = (206, 200, 188) if cut == "wig" else hair
        c.poly(f.all((-0.16, 0.95), (0.14, 0.95), (0.17, 0.6), (0.1, 0.5), (-0.14, 0.48), (-0.2, 0.62)), colour, 0.3)
        if cut in ("curls", "wig"):
            for k in range(16):
                x, y = f.at(float(c.rng.choice([-0.16, 0.15])) + float(c.rng.normal(0, 0.02)), 0.5 + 0.026 * k)
                c.disc(x, y, 0.035 * f.size, 0.03 * f.size, c.jitter(colour, 14), 0.5)


def _dress(c: Canvas, f: Placement, traits: Mapping[str, Any], robe: RGB, skin: RGB) -> None:
    wide = 0.34 if traits.get("woman") else 0.42
    c.poly(
        f.all(
            (-wide, -0.02),
            (-wide, 0.3),
            (-0.26, 0.46),
            (-0.1, 0.54),
            (0.1, 0.54),
            (0.28, 0.46),
            (wide + 0.02, 0.3),
            (wide + 0.03, -0.02),
        ),
        robe,
        0.45,
    )
    if traits.get("woman"):
        c.poly(f.all((-0.16, 0.5), (-0.08, 0.55), (0.09, 0.55), (0.17, 0.5), (0.06, 0.4), (-0.05, 0.4)), skin, 0.3)
    for side in (-1, 1):
        c.line(f.all((0.25 * side, 0.44), (0.22 * side, 0.2), (0.24 * side, 0.0)), 0.014 * f.size, lit(robe, 0.6))
    for k in range(4):
        x = -0.16 + 0.1 * k
        c.line(f.all((x, 0.42), (x * 1.2 + 0.01, 0.02)), 0.01 * f.size, lit(robe, 1.3 if k % 2 else 0.7))
    if not traits.get("woman"):
        for k in range(5):
            c.disc(*f.at(0.02, 0.4 - 0.08 * k), 0.011 * f.size, 0.011 * f.size, mixed(robe, (222, 190, 110), 0.6), 0.4)


def _collar(c: Canvas, f: Placement, collar: str) -> None:
    white = (232, 228, 218)
    if collar == "ruff":
        c.disc(*f.at(0.0, 0.57), 0.2 * f.size, 0.075 * f.size, white, 0.3)
        for t in np.linspace(0, 2 * np.pi, 19):
            c.line(
                [f.at(0.0, 0.58), f.at(0.19 * float(np.cos(t)), 0.57 + 0.07 * float(np.sin(t)))],
                0.006 * f.size,
                (168, 164, 158),
            )
    elif collar == "lace":
        c.poly(
            f.all((-0.11, 0.6), (0.11, 0.6), (0.24, 0.46), (0.1, 0.42), (0.0, 0.5), (-0.1, 0.42), (-0.23, 0.46)),
            white,
            0.3,
        )
        for k in range(9):
            c.disc(*f.at(-0.2 + 0.05 * k, 0.445 + 0.006 * (k % 2)), 0.014 * f.size, 0.014 * f.size, (206, 202, 194), 0)
    elif collar == "fur":
        for side in (-1, 1):
            c.poly(
                f.all((0.08 * side, 0.56), (0.2 * side, 0.5), (0.14 * side, 0.0), (0.03 * side, 0.0)),
                (108, 72, 44),
                0.3,
            )
            for _ in range(16):
                x, y = float(c.rng.uniform(0.06, 0.15)) * side, float(c.rng.uniform(0.02, 0.5))
                c.line(f.all((x, y), (x + 0.02 * side, y - 0.03)), 0.008 * f.size, (146, 104, 66))
    elif collar == "cravat":
        c.poly(f.all((-0.09, 0.6), (0.09, 0.6), (0.06, 0.5), (0.09, 0.34), (-0.06, 0.34), (-0.05, 0.5)), white, 0.4)


def _face(c: Canvas, f: Placement, traits: Mapping[str, Any], skin: RGB, hair: RGB) -> None:
    s = f.size
    c.disc(*f.at(0.0, 0.79), 0.135 * s, 0.175 * s, skin, 0.5)
    c.poly(f.all((-0.1, 0.72), (0.1, 0.72), (0.05, 0.61), (0.0, 0.6), (-0.05, 0.61)), skin, 0.4)
    c.disc(*f.at(0.06, 0.73), 0.035 * s, 0.025 * s, mixed(skin, (206, 110, 94), 0.45), 0)
    for dx in (-0.035, 0.07):
        c.disc(*f.at(dx, 0.81), 0.027 * s, 0.013 * s, (232, 226, 216), 0)
        c.disc(*f.at(dx + 0.006, 0.81), 0.012 * s, 0.012 * s, (58, 42, 34), 0)
        c.line(f.all((dx - 0.03, 0.828), (dx, 0.835), (dx + 0.028, 0.826)), 0.006 * s, (84, 54, 42))
        c.line(f.all((dx - 0.035, 0.855), (dx, 0.866), (dx + 0.034, 0.856)), 0.011 * s, lit(hair, 0.8))
    c.line(f.all((0.02, 0.83), (0.043, 0.745), (0.012, 0.735)), 0.01 * s, lit(skin, 0.68))
    mouth = (176, 74, 70) if traits.get("woman") else (158, 86, 78)
    c.poly(f.all((-0.02, 0.69), (0.02, 0.7), (0.062, 0.69), (0.02, 0.676)), mouth, 0)
    if traits.get("old"):
        for y in (0.9, 0.885):
            c.line(f.all((-0.05, y), (0.07, y)), 0.005 * s, lit(skin, 0.75))
        c.line(f.all((-0.05, 0.74), (-0.045, 0.69)), 0.006 * s, lit(skin, 0.7))
    if traits.get("beard"):
        c.poly(
            f.all(
                (-0.11, 0.74),
                (-0.06, 0.71),
                (0.02, 0.715),
                (0.09, 0.71),
                (0.12, 0.74),
                (0.08, 0.57),
                (0.01, 0.52),
                (-0.07, 0.57),
            ),
            hair,
            0.35,
        )
        c.poly(f.all((-0.015, 0.69), (0.02, 0.695), (0.05, 0.69), (0.02, 0.68)), (146, 76, 68), 0)


def _top(c: Canvas, f: Placement, cut: str, hat: str, hair: RGB, felt: RGB) -> None:
    s = f.size
    colour = (214, 208, 196) if cut == "wig" else hair
    c.poly(
        f.all(
            (-0.15, 0.78),
            (-0.15, 0.9),
            (-0.08, 0.985),
            (0.06, 0.985),
            (0.14, 0.91),
            (0.13, 0.84),
            (0.08, 0.91),
            (-0.04, 0.925),
            (-0.1, 0.87),
            (-0.12, 0.76),
        ),
        colour,
        0.35,
    )
    if hat == "beret":
        c.disc(*f.at(-0.03, 0.96), 0.2 * s, 0.075 * s, felt, 0.4, 8)
    elif hat == "wide":
        c.disc(*f.at(0.0, 0.93), 0.3 * s, 0.05 * s, felt, 0.3, -4)
        c.poly(f.all((-0.13, 0.94), (-0.11, 1.07), (0.11, 1.08), (0.13, 0.95)), lit(felt, 1.1), 0.3)
        c.line(f.all((-0.13, 0.965), (0.13, 0.97)), 0.02 * s, lit(felt, 1.7))
    elif hat == "turban":
        for k in range(5):
            c.disc(
                *f.at(-0.02 + 0.01 * k, 0.915 + 0.026 * k),
                (0.18 - 0.02 * k) * s,
                0.045 * s,
                c.jitter(felt, 16),
                0.5,
                10,
            )
    elif hat in ("bonnet", "veil"):
        white = (230, 226, 216)
        c.poly(
            f.all(
                (-0.17, 0.66),
                (-0.19, 0.9),
                (-0.1, 1.01),
                (0.08, 1.01),
                (0.17, 0.9),
                (0.16, 0.68),
                (0.13, 0.72),
                (0.125, 0.86),
                (0.05, 0.94),
                (-0.06, 0.94),
                (-0.13, 0.86),
                (-0.13, 0.7),
            ),
            white,
            0.35,
        )
        if hat == "veil":
            for side in (-1, 1):
                c.poly(
                    f.all((0.17 * side, 0.85), (0.14 * side, 0.6), (0.3 * side, 0.3), (0.34 * side, 0.45)), white, 0.3
                )


def _hands(c: Canvas, f: Placement, skin: RGB, robe: RGB) -> None:
    for side in (-1, 1):
        c.line(f.all((0.36 * side, 0.26), (0.28 * side, 0.07), (0.07 * side, 0.1)), 0.11 * f.size, lit(robe, 0.85))
        c.line(f.all((0.12 * side, 0.085), (0.06 * side, 0.1)), 0.07 * f.size, (222, 216, 204))
        c.disc(*f.at(0.03 * side, 0.11), 0.055 * f.size, 0.035 * f.size, skin, 0.3)
