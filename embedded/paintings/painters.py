"""Painters, each with an invented name, a school, a time frame, preferred types and a hand (`hand.Hand`).

The proportions of types, schools and time frames are those of the 1,069 paintings of SemArt's validation set, which its
author drew at random from the whole set. Rare schools that Table 7.2 counts and the validation set lacks have a small
weight. No painter is a real one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

import numpy as np

from embedded.paintings.chance import Chance
from embedded.paintings.hand import Hand
from embedded.paintings.names import person

T = TypeVar("T")

TYPES: Mapping[str, float] = {
    "religious": 426,
    "portrait": 180,
    "landscape": 127,
    "mythological": 94,
    "genre": 94,
    "still-life": 50,
    "historical": 34,
    "other": 32,
    "interior": 30,
    "study": 2,
}
SCHOOLS: Mapping[str, float] = {
    "Italian": 429,
    "Dutch": 158,
    "French": 155,
    "Flemish": 127,
    "German": 59,
    "Spanish": 46,
    "English": 21,
    "Netherlandish": 17,
    "Hungarian": 11,
    "American": 10,
    "Austrian": 10,
    "Danish": 6,
    "Russian": 6,
    "Swiss": 4,
    "Other": 2,
    "Scottish": 2,
    "Belgian": 1,
    "Norwegian": 1,
    "Catalan": 1,
    "Bohemian": 1,
    "Irish": 1,
    "Portuguese": 1,
    "Polish": 0.6,
    "Swedish": 0.6,
    "Greek": 0.5,
    "Finnish": 0.3,
}
PERIODS: Mapping[int, float] = {
    801: 0.1,
    851: 0.1,
    901: 0.1,
    951: 0.1,
    1001: 0.2,
    1051: 2,
    1101: 3,
    1151: 2,
    1201: 1,
    1251: 11,
    1301: 33,
    1351: 21,
    1401: 44,
    1451: 102,
    1501: 145,
    1551: 92,
    1601: 205,
    1651: 109,
    1701: 80,
    1751: 62,
    1801: 63,
    1851: 95,
}
"""First year of a time frame -> paintings."""

_LIVED: Mapping[str, tuple[int, int]] = {
    "Italian": (801, 1801),
    "Dutch": (1501, 1851),
    "French": (1401, 1851),
    "Flemish": (1501, 1701),
    "German": (1351, 1851),
    "Spanish": (1151, 1851),
    "Netherlandish": (1401, 1551),
    "Catalan": (1101, 1501),
    "Bohemian": (1301, 1401),
    "Greek": (801, 1651),
    "Portuguese": (1451, 1851),
}
"""First and last period of a school's painters; others from 1651 on."""

_FAVOURED: Mapping[str, tuple[str, ...]] = {
    "Italian": ("religious", "mythological"),
    "Dutch": ("landscape", "genre", "still-life", "portrait", "interior"),
    "Flemish": ("religious", "still-life", "genre"),
    "French": ("landscape", "mythological", "historical", "portrait"),
    "English": ("portrait", "landscape"),
    "Spanish": ("religious", "portrait"),
    "German": ("religious", "portrait"),
}

HANDS: Mapping[str, Hand] = {
    "tempera": Hand(
        stroke=0.009, long=3.0, loose=3, contrast=0.95, saturation=1.0, tint=(1.03, 0.99, 0.93), gloom=0.05
    ),
    "smooth": Hand(stroke=0.009, long=3.5, loose=2.5, contrast=1.02, saturation=0.82, gloom=0.2),
    "tonal": Hand(stroke=0.016, long=4.0, loose=5, contrast=0.9, saturation=0.5, tint=(1.03, 0.97, 0.82), gloom=0.3),
    "venetian": Hand(
        stroke=0.022, long=4.5, loose=8, contrast=1.05, saturation=0.9, tint=(1.06, 0.98, 0.86), gloom=0.3
    ),
    "dark": Hand(stroke=0.014, long=4.0, loose=4, contrast=1.3, saturation=0.78, tint=(1.0, 0.93, 0.82), gloom=0.75),
    "rococo": Hand(
        stroke=0.017, long=3.5, loose=6, contrast=0.75, saturation=0.68, tint=(1.12, 1.08, 1.08), gloom=0.05
    ),
    "classical": Hand(
        stroke=0.01, long=4.0, loose=3, contrast=1.0, saturation=0.66, tint=(0.97, 0.98, 1.0), gloom=0.25
    ),
    "romantic": Hand(
        stroke=0.024, long=5.0, loose=9, contrast=1.15, saturation=0.8, tint=(1.04, 0.96, 0.86), gloom=0.5
    ),
    "dabs": Hand(
        stroke=0.034, long=2.2, loose=17, across=0.4, contrast=0.88, saturation=0.95, tint=(1.08, 1.07, 1.08), gloom=0.0
    ),
    "swirls": Hand(
        stroke=0.03, long=6.0, loose=15, contrast=1.05, saturation=1.15, tint=(1.05, 1.03, 0.95), gloom=0.05
    ),
}
"""Ways of painting from which each painter's hand is varied."""

_WAYS: tuple[tuple[int, Mapping[str, float]], ...] = (
    (1450, {"tempera": 1}),
    (1500, {"tempera": 4, "smooth": 5}),
    (1550, {"smooth": 6, "venetian": 3}),
    (1600, {"smooth": 3, "venetian": 4, "dark": 2}),
    (1650, {"dark": 4, "tonal": 3, "venetian": 2, "smooth": 2, "classical": 1}),
    (1700, {"dark": 2, "tonal": 3, "smooth": 2, "classical": 2, "venetian": 2}),
    (1800, {"rococo": 5, "venetian": 2, "classical": 3, "smooth": 1}),
    (1850, {"romantic": 5, "classical": 4}),
    (1901, {"dabs": 5, "swirls": 2, "romantic": 2, "classical": 1}),
)


@dataclass(frozen=True)
class Painter:
    """A painter.

    Attributes
    ----------
    name: as SemArt writes it, the surname in capitals first.
    surname, first: as comments write them; empty for an anonymous master.
    school: one of `SCHOOLS`.
    period: first year of the time frame.
    way: one of `HANDS`, of which ``hand`` is a variation.
    types: type -> how much more often than usual.
    city: the city where the painter worked, as a number among the school's cities.
    gold: probability of a gold ground.
    weight: how often paintings of this painter are in the collection.
    """

    name: str
    surname: str
    first: str
    school: str
    period: int
    way: str
    hand: Hand
    types: Mapping[str, float]
    city: int
    gold: float
    weight: float

    @property
    def timeframe(self) -> str:
        """The period as SemArt writes it, such as ``1601-1650``."""
        return f"{self.period}-{self.period + 49}"


@lru_cache(maxsize=2)
def painters(seed: int, n: int = 350) -> tuple[Painter, ...]:
    """The painters of a collection, the most frequent first; their weights fall as 1 / (rank + 12)."""
    g = Chance(np.random.default_rng([seed, 1]))
    names: set[str] = set()
    schools, periods = _Shares(SCHOOLS), _Shares(PERIODS)
    made = []
    for rank in range(n):
        weight = 1 / (rank + 12)
        school = schools.next(g, weight, list(SCHOOLS))
        first, last = _LIVED.get(school, (1651, 1851))
        period = periods.next(g, weight, [year for year in PERIODS if first <= year <= last])
        made.append(_painter(g, weight, school, period, names))
    return tuple(made)


class _Shares(Generic[T]):
    """Deals values to painters so that the sums of the painters' weights keep close to the wanted proportions."""

    def __init__(self, wanted: Mapping[T, float]) -> None:
        total = sum(wanted.values())
        self._wanted = {value: share / total for value, share in wanted.items()}
        self._dealt = dict.fromkeys(wanted, 0.0)

    def next(self, g: Chance, weight: float, allowed: Sequence[T]) -> T:
        """A value for a painter; a value is more probable the further it is below its wanted proportion."""
        total = sum(self._dealt.values()) + weight
        lacking = {value: max(0.0, self._wanted[value] * total - self._dealt[value]) for value in allowed}
        lacking = {value: lack + 1e-3 * self._wanted[value] for value, lack in lacking.items()}
        value = g.weighted(lacking)
        self._dealt[value] += weight
        return value


def _painter(g: Chance, weight: float, school: str, period: int, names: set[str]) -> Painter:
    unknown = g.yes(0.05 if period > 1450 else 0.3)
    surname, given = _name(g, school, names)
    favoured = set(_FAVOURED.get(school, ())) | set(g.some(list(TYPES), 1))
    types = {kind: (2.0 if kind in favoured else 0.6) * g.between(0.5, 1.8) for kind in TYPES}
    if period < 1451:
        types |= {kind: 0.02 for kind in TYPES if kind != "religious"}
    if g.yes(0.35):  # a specialist
        types[g.one(list(TYPES))] *= 8
    way = g.weighted(next(ways for until, ways in _WAYS if period < until))
    gold = 0.9 if period < 1351 else 0.6 if period < 1451 else 0.12 if period < 1501 else 0.0
    name = f"UNKNOWN MASTER, {school}" if unknown else f"{surname.upper()}, {given}"
    return Painter(
        name,
        "" if unknown else surname,
        "" if unknown else given,
        school,
        period,
        way,
        _varied(g, HANDS[way]),
        types,
        g.whole(0, 4),
        gold,
        weight,
    )


def _name(g: Chance, school: str, names: set[str]) -> tuple[str, str]:
    """Surname and first name; no surname twice."""
    while True:
        first, surname = person(g, school)
        if len(names) > 60 and surname in names:
            surname += g.one(("o", "el", "ard", "in", "er"))
        if surname not in names:
            names.add(surname)
            return surname, first


def _varied(g: Chance, hand: Hand) -> Hand:
    tint = tuple(value * g.between(0.94, 1.06) for value in hand.tint)
    return Hand(
        stroke=hand.stroke * g.between(0.75, 1.35),
        long=hand.long * g.between(0.8, 1.25),
        loose=hand.loose * g.between(0.7, 1.4),
        across=min(1.0, hand.across + g.between(0, 0.2)),
        angle=g.between(-80, 80),
        contrast=hand.contrast * g.between(0.88, 1.12),
        saturation=hand.saturation * g.between(0.8, 1.2),
        tint=(tint[0], tint[1], tint[2]),
        gloom=min(0.9, hand.gloom * g.between(0.7, 1.3)),
        detail=g.between(0.8, 1.2),
    )
