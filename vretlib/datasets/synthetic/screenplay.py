"""What happens in a film: its places, people, camera set-ups, and the order and length of its shots."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
from numpy.random import Generator

from vretlib.datasets.synthetic import figures, indoors, outdoors, raster
from vretlib.datasets.synthetic.figures import Character
from vretlib.datasets.synthetic.raster import U8, Affine, compose, placed
from vretlib.datasets.synthetic.scene import FINER, Grade, Layer, Location, blurred, write
from vretlib.datasets.synthetic.texture import Noise

PLACES: Mapping[str, Callable[[Generator, Noise, int, int], Location]] = {
    "street": outdoors.street,
    "street at night": partial(outdoors.street, night=True),
    "wood": outdoors.forest,
    "autumn wood": partial(outdoors.forest, autumn=True),
    "shore": outdoors.shore,
    "shore at dusk": partial(outdoors.shore, dusk=True),
    "hills": outdoors.hills,
    "study": indoors.room,
    "kitchen": indoors.kitchen,
    "platform": indoors.platform,
    "market": indoors.market,
}
OPEN_AIR = ("street", "wood", "autumn wood", "shore", "shore at dusk", "hills")


@dataclass(frozen=True)
class Script:
    """What decides a film: everything in it follows from these values."""

    title: str
    width: int
    height: int
    fps: int
    places: tuple[str, str, str]
    grade: Grade
    seconds: float
    seed: int
    number: int


@dataclass(frozen=True)
class Move:
    """How the camera moves: by (dx, dy) units and to ``zoom`` during a shot, and ``shake`` units by hand all along."""

    dx: float = 0.0
    dy: float = 0.0
    zoom: float = 1.0
    shake: float = 0.0

    def at(self, progress: float, t: float) -> tuple[float, float, float, float]:
        """Offset (x, y), zoom and roll in radians, ``progress`` of the way through the shot and at time t."""
        p = min(1.2, max(-0.2, progress)) - 0.5
        x = self.dx * p + self.shake * (math.sin(2.1 * t) + 0.6 * math.sin(5.3 * t + 1) + 0.25 * math.sin(13.7 * t))
        y = self.dy * p + self.shake * (math.sin(1.7 * t + 2) + 0.5 * math.sin(6.1 * t) + 0.25 * math.sin(12.1 * t + 1))
        return x, y, 1.0 + (self.zoom - 1.0) * (p + 0.5), 0.0012 * self.shake * math.sin(1.3 * t)


@dataclass(frozen=True)
class Actor:
    """Someone in a set-up. Whole figures stand at ``x`` units from its middle, busts at ``x`` frame widths."""

    who: Character
    x: float
    close: bool = False
    size: float = 1.0
    left: bool = False
    active: bool = True
    speed: float = 0.0


@dataclass(frozen=True)
class Setup:
    """A camera position: where it looks (units from the middle of the place), how close, who is there."""

    number: int
    scene: str
    kind: str
    place: Location
    centre: tuple[float, float] = (0.0, 0.0)
    scale: float = 1.0
    actors: tuple[Actor, ...] = ()
    move: Move = field(default_factory=Move)

    def draw(self, frame: U8, t: float, progress: float) -> None:
        """Draw the picture at performance time t into a black frame."""
        height, width = frame.shape[:2]
        x, y, zoom, roll = self.move.at(progress, t)
        standing = [actor for actor in self.actors if not actor.close]
        for layer in self.place.layers:
            if layer.parallax > 1.0:
                self._draw_standing(frame, standing, t, (x, y, zoom, roll))
                standing = []
            raster.draw(frame, layer.picture, self._view(frame, layer, (x, y, zoom, roll)))
        self._draw_standing(frame, standing, t, (x, y, zoom, roll))
        for actor in self.actors:
            if actor.close:
                size = actor.size * 0.6 * height / figures.HEAD * zoom**1.2
                at = (width * (0.5 + actor.x) - 1.3 * self.scale * x, height * 0.82 - 1.3 * self.scale * y)
                parts = figures.bust(actor.who, t, talking=actor.active)
                for picture, where in figures.mirrored(parts) if actor.left else parts:
                    raster.draw(frame, picture, compose(placed(size, roll, (0.0, 0.0), at), where))

    def _view(self, frame: U8, layer: Layer, camera: tuple[float, float, float, float]) -> Affine:
        """From a layer's pixels to the frame's."""
        x, y, zoom, roll = camera
        height, width = frame.shape[:2]
        middle = (
            layer.picture.shape[1] / 2 + (self.centre[0] + x) * layer.parallax * FINER,
            layer.picture.shape[0] / 2 + (self.centre[1] + y * layer.parallax) * FINER,
        )
        return placed(self.scale * zoom**layer.parallax / FINER, roll, middle, (width / 2, height / 2))

    def _draw_standing(
        self, frame: U8, actors: list[Actor], t: float, camera: tuple[float, float, float, float]
    ) -> None:
        x, y, zoom, roll = camera
        height, width = frame.shape[:2]
        looks_at = (self.centre[0] + x, self.centre[1] + y)
        view = placed(self.scale * zoom, roll, looks_at, (width / 2, height / 2))
        for actor in actors:
            feet = (self.centre[0] + actor.x + actor.speed * t, self.place.ground - self.place.height / 2)
            size = actor.size * self.place.actor / 200.0
            stand = compose(view, placed(size, 0.0, (0.0, 0.0), feet))
            parts = figures.walker(actor.who, t, moving=actor.active)
            for picture, where in figures.mirrored(parts) if actor.left else parts:
                raster.draw(frame, picture, compose(stand, where))


@dataclass(frozen=True)
class Shot:
    """A take of a set-up, from performance time ``begin`` for ``n_frames`` frames, and how it is joined to the last.

    A ``dissolve`` or ``fade`` of ``blend`` frames lies half before and half after the shot's first frame.
    """

    setup: Setup
    n_frames: int
    begin: float
    transition: str = "cut"
    blend: int = 0


def shots(script: Script) -> list[Shot]:
    """The whole film, from its title to its credits."""
    rng = np.random.Generator(np.random.PCG64([script.seed, script.number]))
    stage = _Stage(script, rng)
    wanted = script.seconds - TITLE_SECONDS - CREDITS_SECONDS
    plan: list[tuple[Setup, float, str]] = []
    for setup, seconds, transition in stage.plan():
        plan.append((setup, seconds, transition))
        if sum(length for _, length, _ in plan) >= wanted:
            break
    taken: dict[int, float] = {}
    film = [Shot(stage.title(), round(TITLE_SECONDS * script.fps), 0.0)]
    for setup, seconds, transition in plan:
        n = max(12, round(seconds * script.fps))
        blend = 0 if transition == "cut" else min(n, film[-1].n_frames, round(0.8 * script.fps)) // 2 * 2
        begin = taken.get(setup.number, 0.0)
        taken[setup.number] = begin + n / script.fps
        film.append(Shot(setup, n, begin, transition, blend))
    film.append(Shot(stage.credits(), round(CREDITS_SECONDS * script.fps), 0.0, "fade", round(0.8 * script.fps) // 2 * 2))
    return film


TITLE_SECONDS = 2.0
CREDITS_SECONDS = 5.0


class _Stage:
    """Builds places and people when they are first needed, and set-ups in the order of the film."""

    def __init__(self, script: Script, rng: Generator) -> None:
        self.script, self.rng = script, rng
        self.noise = Noise(rng)
        self.cast = [figures.character(rng, self.noise, script.grade) for _ in range(4)]
        self.n_setups = 0
        self._places: dict[str, Location] = {}

    def place(self, name: str) -> Location:
        if name not in self._places:
            painted = PLACES[name](self.rng, self.noise, self.script.width, self.script.height)
            self._places[name] = painted.map(self.script.grade)
        return self._places[name]

    def setup(self, name: str, kind: str, *, soft: float = 0.0, **values: object) -> Setup:
        place = self.place(name)
        if soft:
            layers = (Layer(blurred(layer.picture, soft * FINER), layer.parallax) for layer in place.layers)
            place = replace(place, layers=tuple(layers))
        self.n_setups += 1
        return Setup(self.n_setups, name, kind, place, **values)  # type: ignore[arg-type]

    def plan(self):  # type: ignore[no-untyped-def]
        """Set-ups with their shots' seconds and transitions, scene by scene, for as long as anyone asks."""
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
        wide = self.setup(place, "two-shot", centre=(shift, 8.0), scale=1.15, actors=both, move=Move(shake=0.8))
        sees_a = self.setup(
            place, "close-up", soft=1.6, centre=(shift + 0.2 * w, -6.0), scale=1.45,
            actors=(Actor(a, -0.13, close=True, size=size),), move=Move(shake=1.2),
        )  # fmt: skip
        sees_b = self.setup(
            place, "close-up", soft=1.6, centre=(shift - 0.2 * w, -2.0), scale=1.5,
            actors=(Actor(b, 0.14, close=True, size=size, left=True),), move=Move(shake=1.2),
        )  # fmt: skip
        return wide, sees_a, sees_b

    def exchange(self, setups: tuple[Setup, Setup, Setup], n: int):  # type: ignore[no-untyped-def]
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
        """The camera follows someone who walks: near things pass faster than far ones."""
        side = 1 if self.rng.random() < 0.5 else -1
        speed = side * 62.0
        actor = Actor(who, -side * 70.0, left=side < 0, speed=speed, size=1.12)
        return self.setup(
            place, "tracking", centre=(-side * 60.0, 6.0), scale=1.2, actors=(actor,),
            move=Move(dx=speed * 2.6, shake=0.9),
        )  # fmt: skip

    def portrait(self, place: str, who: Character) -> Setup:
        """One face, coming slowly closer."""
        x = float(self.rng.uniform(-0.15, 0.15)) * self.script.width
        return self.setup(
            place, "close-up", soft=2.4, centre=(x, -8.0), scale=1.35,
            actors=(Actor(who, 0.02, close=True, size=1.1, active=False),), move=Move(zoom=1.12, shake=0.8),
        )  # fmt: skip

    def insert(self, place: str) -> Setup:
        """A detail of the place."""
        centre = (float(self.rng.uniform(-0.36, 0.36)) * self.script.width, float(self.rng.uniform(-0.02, 0.14)) * self.script.height)
        return self.setup(place, "detail", centre=centre, scale=1.9, move=Move(dx=14.0, zoom=1.06))

    def empty(self, place: str) -> Setup:
        """A shot with little in it: the sky, or a wall out of focus."""
        up = -0.24 if place in OPEN_AIR else 0.02
        return self.setup(
            place, "empty", soft=1.2 if place in OPEN_AIR else 6.0, centre=(0.0, up * self.script.height), scale=1.9,
            move=Move(dx=22.0),
        )  # fmt: skip

    def title(self) -> Setup:
        """The title, white on black, coming closer."""
        w, h = self.script.width, self.script.height
        card = np.zeros((round(h * FINER), round(w * FINER), 4), np.uint8)
        card[..., 3] = 255
        middle = (w * FINER / 2, h * FINER * 0.53)
        write(card, self.script.title.upper(), middle, 0.055 * w * FINER, (232, 226, 210))
        write(card, "a film drawn from a seed", (middle[0], middle[1] + 0.05 * w * FINER), 0.024 * w * FINER, (150, 146, 138))
        return Setup(0, "title", "title", Location((Layer(card, 1.0),), w, h, 0, 0), scale=1.02, move=Move(zoom=1.1))

    def credits(self) -> Setup:
        """Names that run up the screen."""
        w, h = self.script.width, self.script.height
        names = credit_lines(self.rng)
        line = 0.042 * w
        tall = line * len(names) + 0.5 * h
        roll = np.zeros((round(tall * FINER), round(w * FINER), 4), np.uint8)
        roll[..., 3] = 255
        for i, words in enumerate(names):
            tone = (150, 148, 142) if i % 3 == 0 else (230, 228, 222)
            size = 0.022 if i % 3 == 0 else 0.031
            write(roll, words, (w * FINER / 2, (0.3 * h + line * i) * FINER), size * w * FINER, tone)
        distance = tall - h
        return Setup(0, "credits", "credits", Location((Layer(roll, 1.0),), w, h, 0, 0), scale=1.0, move=Move(dy=distance))


_GIVEN = ("Ada", "Bruno", "Cleo", "Dorian", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Kaya", "Lior", "Mina", "Noor", "Otto", "Pia")
_FAMILY = ("Abelard", "Brandt", "Castel", "Duarte", "Eklund", "Ferro", "Garnier", "Holt", "Ivers", "Jansen", "Kovac", "Lindqvist", "Moreau", "Novak")
_TRADES = ("Directed by", "Written by", "Photography", "Editing", "Music", "Production design", "Costumes", "Sound", "Make-up", "Catering")


def credit_lines(rng: Generator) -> list[str]:
    """A trade, two names; a trade, two names; all made up."""
    lines = []
    for trade in _TRADES:
        lines.append(trade)
        for _ in range(2):
            lines.append(f"{_GIVEN[int(rng.integers(len(_GIVEN)))]} {_FAMILY[int(rng.integers(len(_FAMILY)))]}")
    return lines
