"""A story of the news: its place, its people and the footage that was shot of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from embedded import figures, places
from embedded.figures import Character
from embedded.newscast import graphics, words
from embedded.newscast.graphics import Overlaid, Overlay
from embedded.raster import U8
from embedded.scene import FINER, Grade, Layer, Location, blurred
from embedded.setup import Actor, Move, Setup
from embedded.texture import Colour, Noise

Size = tuple[int, int]


@dataclass(frozen=True)
class Story:
    """One story: camera set-ups in the order of its report, and a still for the studio."""

    headline: str
    town: str
    footage: tuple[Setup, ...]
    still: U8


@dataclass(frozen=True)
class Desk:
    """Properties of a channel that its stories use."""

    size: Size
    colour: Colour
    noise: Noise
    reporters: tuple[tuple[str, Character], ...]
    number: Callable[[], int]


def story(rng: Generator, desk: Desk, number: int) -> Story:
    """Story ``number`` of a channel, in a random place and light."""
    w, h = desk.size
    headline, town = words.headline(rng, number), words.one(rng, words.TOWNS)
    name = words.one(rng, tuple(places.PAINTERS))
    grade = Grade(
        float(rng.uniform(0.75, 1.15)),
        float(rng.uniform(0.9, 1.1)),
        tuple(rng.uniform(0.92, 1.08, 3).tolist()),
        float(rng.uniform(0.6, 1.05)),
    )
    front, along = (places.PAINTERS[name](rng, desk.noise, w, h).map(grade) for _ in range(2))
    local, passer = (figures.character(rng, desk.noise, grade) for _ in range(2))
    shoot = _Crew(rng, desk, name)
    reporter = desk.reporters[int(rng.integers(len(desk.reporters)))]
    footage = [
        shoot.view(front, passer),
        shoot.detail(along),
        shoot.interview(along, local),
        shoot.walk(along, local),
        shoot.reporter(front, reporter, town),
        shoot.graphic(headline),
    ]
    still = np.zeros((h, w, 4), np.uint8)
    shoot.detail(front).draw(still, 0.0, 0.5)
    return Story(headline, town, tuple(footage), still)


class _Crew:
    """Films one story."""

    def __init__(self, rng: Generator, desk: Desk, place: str) -> None:
        self.rng, self.desk, self.place = rng, desk, place

    def view(self, place: Location, passer: Character) -> Setup:
        """A wide view; the camera pans or zooms."""
        w, _ = self.desk.size
        side = 1 if self.rng.random() < 0.5 else -1
        actor = Actor(passer, -side * 80.0, left=side < 0, speed=side * 16.0)
        if self.rng.random() < 0.5:
            return self._setup("view", place, actors=(actor,), move=Move(dx=side * 0.3 * w, shake=0.3))
        centre = (side * 0.12 * w, 5.0)
        return self._setup("view", place, centre=centre, scale=1.05, actors=(actor,), move=Move(zoom=1.3, shake=0.3))

    def detail(self, place: Location) -> Setup:
        """A piece of the place, close."""
        w, h = self.desk.size
        centre = (float(self.rng.uniform(-0.36, 0.36)) * w, float(self.rng.uniform(-0.04, 0.14)) * h)
        return self._setup("detail", place, centre=centre, scale=2.1, move=Move(dx=10.0, zoom=1.06, shake=0.4))

    def interview(self, place: Location, who: Character) -> Setup:
        """An interview with a witness, whose name is shown after a moment."""
        w, h = self.desk.size
        x = float(self.rng.uniform(-0.25, 0.25)) * w
        side = 1 if self.rng.random() < 0.5 else -1
        actor = Actor(who, -0.13 * side, close=True, size=float(self.rng.uniform(0.85, 1.05)), left=side < 0)
        name, trade = words.person(self.rng), words.one(self.rng, words.TRADES)
        bar = graphics.lower_third(round(0.6 * w), name, trade, self.desk.colour)
        return self._setup(
            "interview", _soft(place, 1.4), centre=(x, -4.0), scale=1.6, actors=(actor,), move=Move(shake=0.9),
            overlays=(Overlay(bar, 0.06 * w, h - 48.0, 0.15, 0.75),),
        )  # fmt: skip

    def walk(self, place: Location, who: Character) -> Setup:
        """A shot in which the camera follows a person."""
        side = 1 if self.rng.random() < 0.5 else -1
        speed = side * 28.0
        actor = Actor(who, -side * 40.0, left=side < 0, speed=speed, size=1.1)
        return self._setup(
            "walk", place, centre=(-side * 30.0, 3.0), scale=1.25, actors=(actor,), move=Move(dx=speed * 4.0, shake=0.7)
        )

    def reporter(self, place: Location, reporter: tuple[str, Character], town: str) -> Setup:
        """A reporter on the spot, who looks into the camera."""
        w, h = self.desk.size
        name, who = reporter
        actor = Actor(who, float(self.rng.uniform(-0.2, 0.2)), close=True, size=0.85)
        bar = graphics.lower_third(round(0.55 * w), name, town, self.desk.colour)
        live = graphics.badge("LIVE", (200, 30, 36))
        return self._setup(
            "reporter", _soft(place, 0.6), centre=(float(self.rng.uniform(-0.2, 0.2)) * w, 0.0), scale=1.2,
            actors=(actor,), move=Move(shake=0.8),
            overlays=(Overlay(bar, 0.06 * w, h - 48.0, 0.1, 0.6), Overlay(live, 0.05 * w, 8.0)),
        )  # fmt: skip

    def graphic(self, headline: str) -> Setup:
        """Figures or a map."""
        w, h = self.desk.size
        draw = graphics.chart if self.rng.random() < 0.5 else graphics.town_map
        card = draw(self.rng, self.desk.noise, w, h, headline, self.desk.colour)
        return self._setup("graphic", card, move=Move(zoom=1.05))

    def _setup(self, kind: str, place: Location, **values: object) -> Setup:
        return Overlaid(self.desk.number(), self.place, kind, place, **values)  # type: ignore[arg-type]


def _soft(place: Location, blur: float) -> Location:
    """The place out of focus behind someone."""
    layers = tuple(Layer(blurred(layer.picture, blur * FINER), layer.parallax) for layer in place.layers)
    return replace(place, layers=layers)
