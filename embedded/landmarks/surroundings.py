"""The surroundings of a landmark: ground, trees, people, cars, lamps, and the ordinary houses of its town.

The kit of trees, people and things is the same in every town, so that no town can be recognised by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from embedded import raster
from embedded.landmarks import design as designs
from embedded.landmarks import things
from embedded.landmarks.builder import CLUTTER, SURROUNDINGS, Builder, trapezium
from embedded.landmarks.mesh import Atlas, Mesh, atlas
from embedded.landmarks.paint import Sheet
from embedded.landmarks.style import BuildingStyle, pick, span
from embedded.raster import U8
from embedded.texture import Colour, Noise, jitter

_GRASS: dict[str, Colour] = {
    "spring": (112, 146, 76), "summer": (104, 128, 66), "autumn": (138, 122, 70), "winter": (116, 116, 84),
    "snow": (204, 209, 218),
}  # fmt: skip
GROUNDS = ("lawn", "paving", "setts", "gravel")


@dataclass(frozen=True, eq=False)
class Kit:
    """Pictures of things, in one atlas.

    ``things`` maps a kind (a tree's ends in its season) to its versions: texture, width and height in metres.
    ``grounds`` maps kind and season to a texture that covers `TILE` metres.
    """

    atlas: Atlas
    things: dict[str, tuple[tuple[int, float, float], ...]]
    grounds: dict[tuple[str, str], int]


TILE = 12.0


@cache
def kit() -> Kit:
    """The kit, drawn once per process."""
    rng = np.random.Generator(np.random.PCG64([20_05, 7]))
    noise = Noise(rng)
    textures: list[U8] = []
    found: dict[str, list[tuple[int, float, float]]] = {}
    for kind, picture, width, height in things.every(rng, noise):
        found.setdefault(kind, []).append((len(textures), width, height))
        textures.append(picture)
    grounds = {}
    for season in things.SEASONS:
        for ground in GROUNDS:
            grounds[ground, season] = len(textures)
            textures.append(_ground(rng, noise, ground, season))
    return Kit(atlas(textures), {kind: tuple(versions) for kind, versions in found.items()}, grounds)


def _ground(rng: Generator, noise: Noise, kind: str, season: str) -> U8:
    sheet = Sheet(rng, noise, TILE, TILE)
    stone: Colour = {
        "paving": (172, 166, 156),
        "setts": (122, 118, 114),
        "gravel": (196, 180, 150),
        "lawn": _GRASS[season],
    }[kind]
    sheet.wall("gravel" if kind == "lawn" else kind, jitter(rng, stone, 8))
    if kind == "lawn":
        raster.shade(sheet.pixels, noise.piece(rng, sheet.pixels.shape[:2], "natural"), 30)
    if season == "autumn":
        for _ in range(260):
            x, y = rng.random(2) * TILE
            sheet.rect(x, y, x + 0.12, y + 0.1, jitter(rng, pick(rng, things.LEAVES["autumn"]), 20))
    if season == "snow" and kind != "lawn":
        soft = noise.piece(rng, sheet.pixels.shape[:2], "natural")
        sheet.pixels[soft > -50] = (204, 209, 218, 255)
    return sheet.pixels


@dataclass(frozen=True, eq=False)
class Houses:
    """Ordinary houses of a town: for each, a front, a roof, its width and its height to the eaves."""

    atlas: Atlas
    plans: tuple[tuple[int, int, float, float], ...]


def houses(rng: Generator, noise: Noise, styles: Sequence[BuildingStyle], n: int) -> Houses:
    """``n`` houses, painted in a town's styles."""
    textures: list[U8] = []
    plans = []
    for _ in range(n):
        plan = designs.design(rng, pick(rng, styles))
        bays, storeys = int(rng.integers(3, 6)), min(plan.storeys, 3)
        width = bays * plan.style.bay + 0.8
        front = designs.wall(rng, noise, plan, width, storeys, bays, centre="door", room=0.8)
        textures += [front.pixels, trapezium(designs.roof(rng, noise, plan, 8, 6), 0.4)]
        plans.append((len(textures) - 2, len(textures) - 1, width, storeys * plan.style.storey + 0.8))
    return Houses(atlas(textures), tuple(plans))


def neighbours(rng: Generator, town: Houses, left: float, right: float, depth: float) -> Mesh:
    """Houses beside and behind a building that stands between x = left and right."""
    to = Builder(SURROUNDINGS)
    for side, edge in ((-1, left), (1, right)):
        x = edge + side * span(rng, 2.0, 9.0)
        for _ in range(3):
            x = _house(rng, to, town, x, side, span(rng, -1.0, 6.0)) + side * (0.0 if rng.random() < 0.7 else 6.0)
    x = left - 40.0
    while x < right + 40.0:
        x = _house(rng, to, town, x, 1, depth + span(rng, 22.0, 40.0)) + span(rng, 0.0, 10.0)
    return to.mesh(town.atlas)


def _house(rng: Generator, to: Builder, town: Houses, x: float, side: int, z: float) -> float:
    """The x at which a new house ends; it begins at ``x`` and extends to the given side."""
    front, roof, width, height = pick(rng, town.plans)
    width, height = width * span(rng, 0.8, 1.2), height * span(rng, 0.85, 1.15)
    x0, x1 = (x, x + width) if side > 0 else (x - width, x)
    to.box((front,) * 4, (x0, x1), (z, z + 10.0), 0.0, height)
    rise = span(rng, 1.5, 4.5)
    to.pyramid(roof, (x0, x1), (z, z + 10.0), height, rise, top=0.4)
    return x1 if side > 0 else x0


def clutter(kinds: Sequence[tuple[int, float, float]], feet: NDArray[np.float64], scales: Sequence[float]) -> Mesh:
    """Things of the kit (texture, width, height) standing at ``feet`` (n, 3)."""
    to = Builder(CLUTTER)
    for (texture, width, height), foot, scale in zip(kinds, feet, scales, strict=True):
        to.facing(texture, (float(foot[0]), float(foot[1]), float(foot[2])), width * scale, height * scale)
    return to.mesh(kit().atlas)


def ground(kind: str, plaza: str, season: str) -> Mesh:
    """The ground to the horizon, and a plaza before and around the building."""
    to, sides = Builder(SURROUNDINGS), kit().grounds
    to.flat(sides[kind, season], (-400.0, 0.0, 400.0), (800.0, 0, 0), (0, 0, -800.0), (800 / TILE, 800 / TILE))
    to.flat(sides[plaza, season], (-60.0, 0.02, 8.0), (120.0, 0, 0), (0, 0, -24.0), (120 / TILE, 24 / TILE))
    return to.mesh(kit().atlas)
