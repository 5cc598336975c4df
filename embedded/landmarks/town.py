"""Towns: the styles of their buildings and the photographs that are taken of a building.

Random numbers come from generators that are named by words: the seed, the town, the building, the set. Towns have
different names, so that no building stands in two of them, and photographs that are added at the end of a list change
none before them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from embedded import texture
from embedded.landmarks import (
    building,
    design,
    development,
    families,
    photograph,
    style,
    surroundings,
    view,
)
from embedded.landmarks.mesh import Mesh
from embedded.landmarks.photograph import Site, Truth
from embedded.landmarks.view import Conditions

GOOD, OK = 0.75, 0.25
"""A photograph is good where at least this share of the landmark is visible, ok from `OK` on, and junk below."""


@dataclass(frozen=True)
class Town:
    """The properties of a town.

    Attributes
    ----------
    families: families of its styles, in turn; a family that is named twice has two styles.
    styles: number of styles, which buildings take in turn; 0 begins a new one with every third building.
    grounds: the kinds of ground on which buildings stand.
    """

    name: str
    families: tuple[str, ...]
    styles: int
    grounds: tuple[str, ...]


# The names are part of every seed, so they must not change; they name the published collection that a town stands for.
OXFORD = Town(
    "OX5K", ("gothic", "classical", "castle", "gothic", "brick", "romanesque"), 6, ("lawn", "lawn", "gravel", "setts")
)
PARIS = Town(
    "PA6K",
    ("mansard", "classical", "baroque", "mansard", "renaissance", "gothic"),
    6,
    ("paving", "gravel", "setts", "lawn"),
)
WORLD = Town("LANDMARKS", tuple(families.FAMILIES), 16, ("lawn", "paving", "gravel", "setts"))
ELSEWHERE = Town("distractors", tuple(families.FAMILIES), 40, ("lawn", "paving", "gravel", "setts"))
SCHOOL = Town("pretraining", tuple(families.FAMILIES), 0, ("lawn", "paving", "gravel", "setts"))
"""The towns; their names keep them apart."""


def generator(seed: int, *words: object) -> Generator:
    """The random generator that the words name: the same for the same words, unrelated for others."""
    name = "/".join(str(word) for word in (seed, *words))
    return np.random.Generator(np.random.PCG64(int.from_bytes(hashlib.sha256(name.encode()).digest()[:16], "little")))


class Builders:
    """Builds a town from a seed, one site at a time."""

    def __init__(self, town: Town, seed: int) -> None:
        self.town, self.seed = town, seed
        self._noise = texture.Noise(generator(seed, town.name, "noise"))
        shown = [self._style(number) for number in range(town.styles or 12)]
        self._houses = surroundings.houses(generator(seed, town.name, "houses"), self._noise, shown, 14)

    def _style(self, number: int) -> style.BuildingStyle:
        rng = generator(self.seed, self.town.name, "style", number)
        family = self.town.families[number % len(self.town.families)]
        return families.FAMILIES[family](rng)

    def site(self, index: int) -> Site:
        """The building of that number with its surroundings."""
        rng = generator(self.seed, self.town.name, "building", index)
        number = index // 3 if self.town.styles == 0 else index % self.town.styles
        plan = design.design(rng, self._style(number))
        whole = building.build(rng, self._noise, plan)
        extent = photograph.extent(whole)
        near = surroundings.neighbours(rng, self._houses, -extent[0], extent[0], extent[2])
        ground = style.pick(rng, self.town.grounds)
        return Site(whole, near, ground, style.pick(rng, ("paving", "setts", "gravel")), extent)


@dataclass(frozen=True)
class Wanted:
    """A photograph to be taken, with a visible share from ``minimum`` up to, not including, ``below``.

    ``side`` is the smallest width and height of the landmark in pixels. The landmark always takes at least `_SMALLEST`
    of the picture.
    """

    conditions: Conditions
    minimum: float
    below: float = 2.0
    side: int = 0

    def missed_by(self, truth: Truth) -> float:
        """Distance of a photograph from the wanted one, 0 if it fits."""
        x1, y1, x2, y2 = truth.box
        narrow = 1 - (min(x2 - x1, y2 - y1) + 1) / self.side if self.side else 0.0
        too_much = truth.visible - self.below + 1e-9
        return max(self.minimum - truth.visible, too_much, narrow, _SMALLEST - truth.share, 0.0)


def wanted(kind: str, conditions: Conditions) -> Wanted:
    """A photograph of a kind: ``query`` and ``good``, ``ok``, ``junk``, or ``any`` that shows something.

    An ok photograph shows a part of the landmark, or the whole of it partly hidden; junk shows less.
    """
    c = conditions
    if kind == "query":
        return Wanted(replace(c, detail=0.0), GOOD, side=96)
    if kind == "good":
        return Wanted(replace(c, detail=0.0), GOOD)
    if kind == "ok":
        return Wanted(replace(c, detail=0.5, zoom=(1.1, 1.6), occluder=0.6), OK, GOOD)
    if kind == "junk":
        return Wanted(replace(c, detail=0.75, zoom=(2.2, 4.5), occluder=1.0), 0.03, OK)
    return Wanted(c, 0.3)


_SMALLEST = 0.02
_TRIES = 60


def photographs(site: Site, rng: Generator, wishes: list[Wanted]) -> Iterator[tuple[bytes, Truth, view.PhotographSpec]]:
    """The wanted photographs of a site: JPEG bytes, ground truth, and specification of each.

    Specifications are drawn until one gives a photograph as wanted. After `_TRIES` the nearest one is taken.
    """
    for wish in wishes:
        best: tuple[float, view.PhotographSpec, Mesh | None, Truth] | None = None
        for _ in range(_TRIES):
            spec = view.draw_spec(rng, wish.conditions, site.extent)
            clutter = photograph.things(spec)
            truth = photograph.truth(site, spec, clutter)
            off = wish.missed_by(truth)
            if best is None or off < best[0]:
                best = (off, spec, clutter, truth)
            if off == 0:
                break
        assert best is not None
        _, spec, clutter, truth = best
        yield development.encode(photograph.take(site, spec, clutter), spec.quality), truth, spec
