"""The screenplay of a film: its places and people, and the order, length and joins of its shots."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from embedded import cards, figures, places
from embedded.figures import Character
from embedded.scene import FINER, Grade, Layer, Location, blurred
from embedded.setup import Actor, Move, Setup, Shot
from embedded.texture import Noise


@dataclass(frozen=True)
class Script:
    """Values from which everything in a film follows."""

    title: str
    width: int
    height: int
    fps: int
    places: tuple[str, str, str]
    grade: Grade
    seconds: float
    seed: int
    number: int


TITLE_SECONDS = 2.0

CREDITS_SECONDS = 5.0


def shots(script: Script) -> list[Shot]:
    """The whole film, from its title to its credits."""
    rng = np.random.Generator(np.random.PCG64([script.seed, script.number]))
    stage = _Stage(script, rng)
    wanted = script.seconds - TITLE_SECONDS - CREDITS_SECONDS
    plan: list[Take] = []
    for setup, seconds, transition in stage.plan():
        plan.append((setup, seconds, transition))
        if sum(length for _, length, _ in plan) >= wanted:
            break
    taken: dict[int, float] = {}
    film = [Shot(cards.title(script.title, script.width, script.height), round(TITLE_SECONDS * script.fps), 0.0)]
    for setup, seconds, transition in plan:
        n = max(12, round(seconds * script.fps))
        blend = 0 if transition == "cut" else min(n, film[-1].n_frames, round(0.8 * script.fps)) // 2 * 2
        begin = taken.get(setup.number, 0.0)
        taken[setup.number] = begin + n / script.fps
        film.append(Shot(setup, n, begin, transition, blend))
    film.append(
        Shot(
            cards.closing(rng, script.width, script.height),
            round(CREDITS_SECONDS * script.fps),
            0.0,
            "fade",
            round(0.8 * script.fps) // 2 * 2,
        )
    )
    return film


Take = tuple[Setup, float, str]
"""A set-up, how many seconds it is shown, and the transition that leads to it."""


class _Stage:
    """Builds places and people when they are first needed, and set-ups in the order of the film."""

    def __init__(self, script: Script, rng: Generator) -> None:
        self.script, self.rng = script, rng
        self.noise = Noise(rng)
        self.cast = [figures.character(rng, self.noise, script.grade) for _ in range(4)]
        self.n_setups = cards.CREDITS
        self._places: dict[tuple[str, str], Location] = {}

    def place(self, name: str, side: str) -> Location:
        """One side of a place, painted when it is first needed.

        Set-ups that look in opposite directions show different sides, so that set-ups of a place do not look alike.
        """
        if (name, side) not in self._places:
            painted = places.PAINTERS[name](self.rng, self.noise, self.script.width, self.script.height)
            self._places[name, side] = painted.map(self.script.grade)
        return self._places[name, side]

    def setup(self, name: str, kind: str, *, side: str = "front", soft: float = 0.0, **values: object) -> Setup:
        place = self.place(name, side)
        if soft:
            layers = (Layer(blurred(layer.picture, soft * FINER), layer.parallax) for layer in place.layers)
            place = replace(place, layers=tuple(layers))
        self.n_setups += 1
        return Setup(self.n_setups, name, kind, place, **values)  # type: ignore[arg-type]

    def plan(self) -> Iterator[Take]:
        """Set-ups with their shots' seconds and transitions, scene by scene, without end."""
        first, second, third = self.script.places
        a, b, c, d = self.cast
        one, two = self.dialogue(second, a, b), self.dialogue(first, c, d)
        yield self.view(first), 2.6, "fade"
        yield self.walk(first, a), 2.6, "cut"
        yield self.insert(first), 1.5, "cut"
        yield one[0], 2.2, "dissolve"
        yield from self.exchange(one, 5)
        yield self.insert(second), 1.4, "cut"
        yield one[2], 1.9, "cut"
        yield self.view(third), 2.3, "dissolve"
        yield self.walk(third, b), 2.7, "cut"
        yield self.portrait(third, b), 1.7, "cut"
        yield two[0], 2.0, "cut"
        yield from self.exchange(two, 4)
        yield self.empty(first), 1.6, "dissolve"
        yield from self.exchange(one, 3)
        yield self.walk(second, c), 2.2, "cut"
        yield self.view(first), 2.4, "cut"
        while True:
            for place, who in ((third, d), (second, a), (first, b)):
                more = self.dialogue(place, who, self.cast[int(self.rng.integers(4))])
                yield self.view(place), 2.4, "dissolve"
                yield from self.exchange(more, 4)
                yield self.insert(place), 1.5, "cut"

    def dialogue(self, place: str, a: Character, b: Character) -> tuple[Setup, Setup, Setup]:
        """Two people talk: a wide shot of both, and a set-up looking at each of them."""
        w = self.script.width
        shift = float(self.rng.uniform(-0.1, 0.1)) * w
        size = float(self.rng.uniform(0.85, 1.15))
        both = (Actor(a, -62, active=False), Actor(b, 62, left=True, active=False))
        wide = self.setup(
            place, "two-shot", side="reverse", centre=(shift, 8.0), scale=1.25, actors=both, move=Move(shake=0.8)
        )
        sees_a = self.setup(
            place, "close-up", side="reverse", soft=1.6, centre=(0.3 * w, -6.0), scale=1.65,
            actors=(Actor(a, -0.13, close=True, size=size),), move=Move(shake=1.2),
        )  # fmt: skip
        sees_b = self.setup(
            place, "close-up", side="reverse", soft=1.6, centre=(-0.3 * w, -2.0), scale=1.7,
            actors=(Actor(b, 0.14, close=True, size=size, left=True),), move=Move(shake=1.2),
        )  # fmt: skip
        return wide, sees_a, sees_b

    def exchange(self, setups: tuple[Setup, Setup, Setup], n: int) -> Iterator[Take]:
        """Shot and reverse shot, n in all."""
        for i in range(n):
            yield setups[1 + i % 2], float(self.rng.uniform(1.2, 2.4)), "cut"

    def view(self, place: str) -> Setup:
        """A wide view of the place; the camera pans or zooms."""
        w, side = self.script.width, 1 if self.rng.random() < 0.5 else -1
        who = self.cast[int(self.rng.integers(4))]
        passer = Actor(who, -side * 170.0, left=side < 0, speed=side * 38.0)
        if self.rng.random() < 0.6:
            return self.setup(place, "pan", actors=(passer,), move=Move(dx=side * 0.34 * w, shake=0.3))
        centre = (side * 0.12 * w, 10.0)
        return self.setup(place, "zoom", centre=centre, scale=1.05, actors=(passer,), move=Move(zoom=1.35, shake=0.3))

    def walk(self, place: str, who: Character) -> Setup:
        """A shot that follows someone who walks; near things pass faster than far ones."""
        side = 1 if self.rng.random() < 0.5 else -1
        speed = side * 62.0
        actor = Actor(who, -side * 70.0, left=side < 0, speed=speed, size=1.12)
        return self.setup(
            place, "tracking", side="along", centre=(-side * 60.0, 6.0), scale=1.3, actors=(actor,),
            move=Move(dx=speed * 2.6, shake=0.9),
        )  # fmt: skip

    def portrait(self, place: str, who: Character) -> Setup:
        """One face, coming slowly closer."""
        x = float(self.rng.uniform(-0.15, 0.15)) * self.script.width
        return self.setup(
            place, "close-up", side="along", soft=2.4, centre=(x, -8.0), scale=1.8,
            actors=(Actor(who, 0.02, close=True, size=1.1, active=False),), move=Move(zoom=1.12, shake=0.8),
        )  # fmt: skip

    def insert(self, place: str) -> Setup:
        """A detail of the place."""
        centre = (
            float(self.rng.uniform(-0.36, 0.36)) * self.script.width,
            float(self.rng.uniform(-0.02, 0.14)) * self.script.height,
        )
        return self.setup(place, "detail", side="along", centre=centre, scale=2.3, move=Move(dx=14.0, zoom=1.06))

    def empty(self, place: str) -> Setup:
        """A shot that shows little: the sky, or a wall out of focus."""
        up, soft = (-0.24, 1.2) if place in places.OPEN_AIR else (0.02, 6.0)
        centre = (0.0, up * self.script.height)
        return self.setup(place, "empty", soft=soft, centre=centre, scale=1.9, move=Move(dx=22.0))
