"""The works of a collection: painter, scene, date, technique, title and comment of each, all from a seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from embedded.paintings import comments, sacred, titles, views, worldly
from embedded.paintings.chance import Chance
from embedded.paintings.drawing import paint
from embedded.paintings.painters import TYPES, Painter, painters
from embedded.paintings.scene import Scene
from embedded.raster import U8


@dataclass(frozen=True)
class Work:
    """A painting before it is painted.

    Attributes
    ----------
    seed, number: of its collection, and of the work in it.
    technique, date: as SemArt writes them; ``date`` is empty where it is not known.
    """

    seed: int
    number: int
    painter: Painter
    scene: Scene
    title: str
    comment: str
    technique: str
    date: str

    @property
    def attributes(self) -> dict[str, str]:
        """Attribute -> value, by the names of Table 7.2; one that is not known is absent."""
        known = {
            "Author": self.painter.name,
            "Technique": self.technique,
            "Date": self.date,
            "Type": self.scene.type,
            "School": self.painter.school,
            "TimeFrame": self.painter.timeframe,
        }
        return {name: value for name, value in known.items() if value}


def _generator(seed: int, number: int, what: int) -> Generator:
    return np.random.default_rng([seed, 2, number, what])


def work(seed: int, number: int) -> Work:
    """A work of a collection by its number; it does not depend on how many others there are."""
    g = Chance(_generator(seed, number, 0))
    kind = g.weighted(TYPES)
    them = painters(seed)
    weights = np.array([painter.weight * painter.types[kind] for painter in them])
    painter = them[int(g.rng.choice(len(them), p=weights / weights.sum()))]
    scene = _scene(g, kind, painter)
    words = Chance(_generator(seed, number, 1))
    year = painter.period + words.whole(0, 49)
    title = titles.title(words, scene, painter)
    return Work(
        seed,
        number,
        painter,
        scene,
        title,
        comments.comment(words, scene, painter, them, title, year),
        _technique(words, scene, painter),
        _date(words, year),
    )


def picture(made: Work, longest: int) -> U8:
    """The painting of a work, uint8 (h, w, 3), RGB, whose longer side has ``longest`` pixels."""
    return paint(made.scene, made.painter.hand, longest, _generator(made.seed, made.number, 2))


def _scene(g: Chance, kind: str, painter: Painter) -> Scene:
    if kind == "religious":
        return sacred.compose(
            g, g.weighted({theme: often for theme, (_, often, _) in sacred.SUBJECTS.items()}), painter.gold
        )
    if kind == "portrait":
        return worldly.compose(g, kind, g.weighted(worldly.PORTRAITS), painter.period)
    if kind in worldly.TABLES:
        themes = {theme: often for theme, (_, often, _) in worldly.TABLES[kind].items()}
        return worldly.compose(g, kind, g.weighted(themes), painter.period)
    return views.compose(g, kind, g.weighted(views.TABLES[kind]))


def _technique(g: Chance, scene: Scene, painter: Painter) -> str:
    low = round(g.rng.lognormal(4.3, 0.5))
    size = f", {max(12, low)} x {max(12, round(low * scene.wide))} cm"
    if scene.theme == "ceiling" or (scene.type == "religious" and painter.school == "Italian" and g.yes(0.3)):
        return "Fresco"
    if scene.type == "study":
        return "Oil on paper" + size
    if painter.period < 1451:
        return (
            g.weighted(
                {"Tempera on panel": 5, "Tempera on wood": 3, "Egg tempera on wood": 1, "Tempera and gold on panel": 1}
            )
            + size
        )
    if painter.period < 1601:
        return (
            g.weighted({"Oil on panel": 4, "Oil on wood": 3, "Oil on canvas": 3, "Panel": 1, "Oil on oak panel": 2})
            + size
        )
    return g.weighted({"Oil on canvas": 12, "Oil on panel": 2, "Oil on copper": 0.5, "Oil on oak panel": 0.7}) + size


def _date(g: Chance, year: int) -> str:
    return g.weighted(
        {
            f"{year}": 5,
            f"c. {year // 5 * 5}": 4,
            f"{year}-{(year + g.whole(1, 3)) % 100:02d}": 1.3,
            f"{year // 10 * 10}s": 0.6,
            "": 1.6,
        }
    )
