"""Printed designs, which distinguish a package, a mug or a poster from others of its kind.

A design has two or three colours, a pattern, an emblem and an invented word. Things of one family share their colours,
so that colours alone do not tell them apart.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from embedded.landmarks.paint import shaded
from embedded.landmarks.style import pick
from embedded.raster import U8
from embedded.scene import Brush
from embedded.texture import Colour, Noise, jitter

_INKS: tuple[Colour, ...] = (
    (188, 40, 44), (36, 74, 150), (30, 112, 74), (226, 172, 46), (112, 58, 130), (30, 132, 150), (214, 104, 40),
    (206, 96, 140), (92, 66, 44), (40, 42, 50),
)  # fmt: skip
_PAPERS: tuple[Colour, ...] = ((240, 234, 218), (250, 248, 244), (232, 222, 190), (214, 226, 232), (236, 216, 212))
_BEGIN = (
    *("Al", "Bo", "Cor", "Da", "El", "Fi", "Gor", "Hu", "Ka"),
    *("Lum", "Mi", "Nor", "Ol", "Pan", "Ru", "Sel", "Ti", "Vel"),
)
_END = ("ba", "dex", "fino", "ga", "kko", "la", "mer", "nta", "po", "rio", "sto", "tto", "va", "zin")


@dataclass(frozen=True)
class PrintDesign:
    """A design: ``inks`` (two colours and a paper), the names of its pattern and emblem, its word and its seed."""

    inks: tuple[Colour, Colour, Colour]
    pattern: str
    emblem: str
    word: str
    seed: int


def palette(rng: Generator) -> tuple[Colour, Colour, Colour]:
    """The colours of a family: two inks and a paper."""
    first, second = rng.permutation(len(_INKS))[:2].tolist()
    return jitter(rng, _INKS[first], 12), jitter(rng, _INKS[second], 12), jitter(rng, pick(rng, _PAPERS), 6)


def design(rng: Generator, colours: tuple[Colour, Colour, Colour]) -> PrintDesign:
    """A design in the given colours, in which any of them may be the ground."""
    turned = tuple(colours[k] for k in rng.permutation(3).tolist())
    word = pick(rng, _BEGIN) + pick(rng, _END)
    return PrintDesign((turned[0], turned[1], turned[2]), pick(rng, tuple(_PATTERNS)), pick(rng, tuple(_EMBLEMS)), word,
                  int(rng.integers(1 << 31)))  # fmt: skip


def sheet(made: PrintDesign, noise: Noise, width: float, height: float, *, front: bool = True, repeats: int = 1) -> U8:
    """The design on a sheet of some units, uint8 (h, w, 4), opaque: ``front`` with emblem and word, else the pattern.

    ``repeats`` emblems stand side by side, as on a print that runs around a mug.
    """
    brush = Brush(np.random.default_rng(made.seed), noise, width, height)
    brush.fill(made.inks[0])
    _PATTERNS[made.pattern](brush, made.inks[1])
    if front:
        for k in range(repeats):
            middle, wide = width * (k + 0.5) / repeats, width / repeats
            _label(brush, made, middle, height, min(wide, 1.3 * height))
    brush.grain(8, "rough")
    return brush.picture


def _label(brush: Brush, made: PrintDesign, x: float, height: float, wide: float) -> None:
    """A panel with the emblem above the word."""
    first, second, third = made.inks
    w, h = 0.78 * wide, 0.74 * height
    y = 0.13 * height
    brush.rect(x - w / 2, y, w, h, third)
    brush.rect(x - w / 2, y + 0.96 * h, w, 0.04 * h, second)
    r = min(0.36 * w, 0.3 * h)
    _EMBLEMS[made.emblem](brush, x, y + 0.38 * h, r, second, first)
    size = min(0.24 * h, 1.5 * w / max(4, len(made.word)))
    brush.text(x, y + 0.9 * h, made.word, size, shaded(first, 0.7) if sum(first) < 600 else second)


def _stripes(brush: Brush, ink: Colour) -> None:
    step = float(brush.rng.uniform(0.06, 0.16)) * max(brush.width, brush.height)
    lean = float(brush.rng.choice([0.0, 0.0, 0.5, -0.5])) * brush.height
    for x in np.arange(-brush.height, brush.width + brush.height, 2 * step):
        brush.poly([(x, 0), (x + step, 0), (x + step + lean, brush.height), (x + lean, brush.height)], ink)


def _bands(brush: Brush, ink: Colour) -> None:
    step = float(brush.rng.uniform(0.08, 0.2)) * brush.height
    for y in np.arange(0.0, brush.height, 2 * step):
        brush.rect(0, y, brush.width, step, ink)


def _spots(brush: Brush, ink: Colour) -> None:
    step = float(brush.rng.uniform(0.1, 0.2)) * min(brush.width, brush.height)
    for row, y in enumerate(np.arange(0.0, brush.height + step, step)):
        for x in np.arange(step / 2 * (row % 2), brush.width + step, step):
            brush.disc(x, y, 0.3 * step, 0.3 * step, ink)


def _checks(brush: Brush, ink: Colour) -> None:
    step = float(brush.rng.uniform(0.1, 0.22)) * min(brush.width, brush.height)
    for row, y in enumerate(np.arange(0.0, brush.height, step)):
        for x in np.arange(step * (row % 2), brush.width, 2 * step):
            brush.rect(x, y, step, step, ink)


def _waves(brush: Brush, ink: Colour) -> None:
    step, swing = 0.16 * brush.height, float(brush.rng.uniform(0.02, 0.07)) * brush.height
    xs = np.linspace(0, brush.width, 40)
    for y in np.arange(0.0, brush.height + step, step):
        brush.line([(float(x), y + swing * math.sin(14 * x / brush.height)) for x in xs], 0.06 * brush.height, ink)


def _plain(brush: Brush, ink: Colour) -> None:
    brush.rect(0, 0.8 * brush.height, brush.width, 0.2 * brush.height, ink)


_PATTERNS: dict[str, Callable[[Brush, Colour], None]] = {
    "stripes": _stripes, "bands": _bands, "spots": _spots, "checks": _checks, "waves": _waves, "plain": _plain,
}  # fmt: skip

Emblem = Callable[[Brush, float, float, float, Colour, Colour], None]


def _round(x: float, y: float, radii: list[float], turn: float = -math.pi / 2) -> list[tuple[float, float]]:
    n = len(radii)
    return [
        (x + r * math.cos(turn + 2 * math.pi * k / n), y + r * math.sin(turn + 2 * math.pi * k / n))
        for k, r in enumerate(radii)
    ]


def _star(brush: Brush, x: float, y: float, r: float, ink: Colour, other: Colour) -> None:
    points = int(brush.rng.integers(5, 9))
    brush.poly(_round(x, y, [r, 0.45 * r] * points), ink)
    brush.disc(x, y, 0.22 * r, 0.22 * r, other)


def _flower(brush: Brush, x: float, y: float, r: float, ink: Colour, other: Colour) -> None:
    for px, py in _round(x, y, [0.62 * r] * int(brush.rng.integers(5, 8))):
        brush.disc(px, py, 0.36 * r, 0.36 * r, ink)
    brush.disc(x, y, 0.34 * r, 0.34 * r, other)


def _sun(brush: Brush, x: float, y: float, r: float, ink: Colour, other: Colour) -> None:
    for px, py in _round(x, y, [r] * 12):
        brush.line([(x, y), (px, py)], 0.09 * r, other)
    brush.disc(x, y, 0.62 * r, 0.62 * r, ink)


def _cat(brush: Brush, x: float, y: float, r: float, ink: Colour, other: Colour) -> None:
    for side in (-1, 1):
        brush.poly(
            [(x + side * 0.7 * r, y - 0.95 * r), (x + side * 0.12 * r, y - 0.5 * r), (x + side * 0.75 * r, y)], ink
        )
    brush.disc(x, y + 0.1 * r, 0.78 * r, 0.66 * r, ink)
    for side in (-1, 1):
        brush.disc(x + side * 0.3 * r, y, 0.13 * r, 0.17 * r, other)
    brush.poly([(x - 0.1 * r, y + 0.25 * r), (x + 0.1 * r, y + 0.25 * r), (x, y + 0.4 * r)], other)


def _fish(brush: Brush, x: float, y: float, r: float, ink: Colour, other: Colour) -> None:
    brush.disc(x - 0.15 * r, y, 0.75 * r, 0.42 * r, ink)
    brush.poly([(x + 0.45 * r, y), (x + r, y - 0.45 * r), (x + r, y + 0.45 * r)], ink)
    brush.disc(x - 0.5 * r, y - 0.1 * r, 0.1 * r, 0.1 * r, other)


def _hill(brush: Brush, x: float, y: float, r: float, ink: Colour, other: Colour) -> None:
    brush.disc(x + 0.35 * r, y - 0.4 * r, 0.3 * r, 0.3 * r, other)
    brush.poly([(x - r, y + 0.7 * r), (x - 0.3 * r, y - 0.6 * r), (x + 0.3 * r, y + 0.7 * r)], ink)
    brush.poly([(x - 0.2 * r, y + 0.7 * r), (x + 0.4 * r, y - 0.1 * r), (x + r, y + 0.7 * r)], shaded(ink, 0.75))


def _rings(brush: Brush, x: float, y: float, r: float, ink: Colour, other: Colour) -> None:
    for k in range(4):
        size = r * (1 - 0.24 * k)
        brush.disc(x, y, size, size, ink if k % 2 == 0 else other)


def _house(brush: Brush, x: float, y: float, r: float, ink: Colour, other: Colour) -> None:
    brush.rect(x - 0.6 * r, y - 0.1 * r, 1.2 * r, 0.9 * r, ink)
    brush.poly([(x - 0.9 * r, y - 0.05 * r), (x, y - 0.9 * r), (x + 0.9 * r, y - 0.05 * r)], other)
    brush.rect(x - 0.15 * r, y + 0.25 * r, 0.3 * r, 0.55 * r, other)


def _leaf(brush: Brush, x: float, y: float, r: float, ink: Colour, other: Colour) -> None:
    brush.disc(x - 0.25 * r, y, 0.75 * r, 0.3 * r, ink, 60)
    brush.disc(x + 0.25 * r, y, 0.75 * r, 0.3 * r, ink, 120)
    brush.line([(x, y + r), (x, y - 0.3 * r)], 0.08 * r, other)


_EMBLEMS: dict[str, Emblem] = {
    "star": _star, "flower": _flower, "sun": _sun, "cat": _cat, "fish": _fish, "hill": _hill, "rings": _rings,
    "house": _house, "leaf": _leaf,
}  # fmt: skip
