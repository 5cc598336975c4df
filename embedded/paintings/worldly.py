"""Mythological, historical and genre subjects, and portraits, with the frequency of each."""

from __future__ import annotations

from collections.abc import Callable

from embedded.paintings import genre, histories, myths
from embedded.paintings.chance import Chance
from embedded.paintings.portraits import portrait
from embedded.paintings.scene import Scene, Setting, Thing

_Composer = Callable[[Chance], tuple[Setting, list[Thing]]]

MYTHS: dict[str, tuple[_Composer, float, tuple[float, float]]] = {
    "venus": (myths.venus, 3, (0.8, 1.5)),
    "diana": (myths.diana, 1.5, (1.0, 1.4)),
    "bacchus": (myths.bacchus, 1.5, (0.8, 1.1)),
    "andromeda": (myths.andromeda, 1, (0.8, 1.1)),
    "paris": (myths.paris, 1, (1.2, 1.5)),
    "europa": (myths.europa, 1, (1.0, 1.35)),
    "apollo": (myths.apollo, 1, (1.0, 1.3)),
    "icarus": (myths.icarus, 0.7, (1.0, 1.4)),
}
HISTORIES: dict[str, tuple[_Composer, float, tuple[float, float]]] = {
    "battle": (histories.battle, 3, (1.3, 1.8)),
    "sea battle": (histories.sea_battle, 1.3, (1.3, 1.7)),
    "oath": (histories.oath, 2, (1.2, 1.6)),
}
GENRES: dict[str, tuple[_Composer, float, tuple[float, float]]] = {
    "tavern": (genre.tavern, 2.5, (1.1, 1.4)),
    "cards": (genre.cards, 1.3, (1.1, 1.4)),
    "letter": (genre.letter, 1.8, (0.75, 0.9)),
    "kitchen": (genre.kitchen, 1.8, (0.8, 1.2)),
    "music": (genre.music, 1.6, (0.9, 1.2)),
    "dance": (genre.dance, 1.3, (1.2, 1.6)),
    "mother": (genre.mother, 1.4, (0.75, 0.9)),
    "market": (genre.market, 1.2, (1.2, 1.5)),
}
PORTRAITS: dict[str, float] = {"man": 4, "woman": 3.2, "old man": 1.2, "girl": 1, "painter": 1}
"""Theme -> how often."""

TABLES = {"mythological": MYTHS, "historical": HISTORIES, "genre": GENRES}
"""Type -> theme -> how it is composed, how often, and the range of widths over heights."""


def compose(g: Chance, kind: str, theme: str, era: int) -> Scene:
    """A scene of one of these types."""
    if kind == "portrait":
        setting, things = portrait(g, theme, era)
        return Scene(kind, theme, setting, tuple(things), g.between(0.72, 0.88))
    make, _, (narrow, wide) = TABLES[kind][theme]
    setting, things = make(g)
    return Scene(kind, theme, setting, tuple(things), g.between(narrow, wide))
