"""Rolls of pictures: one place, a few things of each class, many views."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

import cv2
import numpy as np
from numpy.random import PCG64, Generator

from embedded import places, rooms, texture
from embedded.faces import shots
from embedded.landmarks.style import pick, span
from embedded.paintings import objects
from embedded.paintings.canvas import COLOURS, Canvas
from embedded.paintings.people import Placement
from embedded.raster import U8
from embedded.scene import Grade
from embedded.scenes import FEW, MANY, SIDE, collage, sprites, streets
from embedded.scenes.collage import BoxedPicture, Collage
from embedded.scenes.sprites import Sprite
from embedded.setup import Setup
from embedded.texture import Noise

CLASSES = {"P": FEW, "C": MANY}

_STREET = (
    "person",
    "car",
    "bus",
    "horse",
    "dog",
    "bird",
    "cow",
    "sheep",
    "sign",
    "stall",
    "banner",
    "umbrella",
    "kite",
)
_FROM_STREET = ("car", "bus", "sign", "stall", "banner")  # drawn with the street's things, never painted
_ON_TABLES = ("lute", "globe", "fish", "skull", "hourglass", "candle", "lobster", "bird")
_PLACES = {
    "P": ("wood", "autumn wood", "hills", "study", "kitchen", "market"),
    "C": ("wood", "autumn wood", "hills", "study", "kitchen"),
}
"""Places of the films that show nothing of a class themselves."""
_TURN = {
    "P": ("street", "place", "studio", "place", "street", "room"),
    "C": ("street", "place", "table", "studio", "room", "street", "place", "table"),
}
"""Kinds of rolls, in turn."""
_PEOPLE = {("P", "training"): range(120), ("P", "held-out"): range(240, 260),
           ("C", "training"): range(120, 240), ("C", "held-out"): range(260, 300)}  # fmt: skip
"""Numbers of the people in studios, of the group of faces for development."""


def roll(which: str, part: str, seed: int, number: int) -> Iterator[BoxedPicture]:
    """An endless sequence of pictures of a set ("P" or "C") that share a place.

    Rolls of other numbers have other places; those of another part or set also have other people and things.
    """
    rng = _generator(seed, which, part, number)
    kind = _TURN[which][number % len(_TURN[which])]
    if kind == "studio":
        return _studio(which, part, seed, rng)
    things = _things(which, part, seed, rng)
    if kind == "street":
        fitting = [thing for thing in things if thing.kind in _STREET]
        site = streets.builders(seed).site(int(rng.integers(1 << 20)))
        return streets.street(site, fitting, rng)
    background = {"place": _place, "table": _table, "room": _room}[kind](which, rng)
    fitting = [thing for thing in things if kind != "table" or thing.kind in _ON_TABLES]
    return _pasted(background, fitting, rng, kind == "table")


def _generator(seed: int, *words: object) -> Generator:
    name = "/".join(str(word) for word in (seed, "scenes", *words))
    return Generator(PCG64(int.from_bytes(hashlib.sha256(name.encode()).digest()[:16], "little")))


def _things(which: str, part: str, seed: int, rng: Generator) -> list[Sprite]:
    """Three things of each class of a set except faces: some are drawn for this roll, others for all rolls."""
    made: dict[str, list[Sprite]] = {kind: [] for kind in CLASSES[which] if kind != "face"}
    for thing in (*_street_things(which, part, seed), *_walkers(which, part, seed)):
        if thing.kind in made:
            made[thing.kind].append(thing)
    chosen: list[Sprite] = []
    for kind, known in made.items():
        some = [pick(rng, known) for _ in range(3 if kind in _FROM_STREET else 2)] if known else []
        chosen += [*some, *(sprites.painted(kind, rng) for _ in range(3 - len(some)))]
    return chosen


@lru_cache(maxsize=2)
def _street_things(which: str, part: str, seed: int) -> tuple[Sprite, ...]:
    rng = _generator(seed, which, part, "street")
    return tuple(thing for _ in range(2) for thing in sprites.from_street(rng, _noise()))


@lru_cache(maxsize=2)
def _walkers(which: str, part: str, seed: int) -> tuple[Sprite, ...]:
    rng = _generator(seed, which, part, "walkers")
    return tuple(thing for _ in range(6) for thing in sprites.walker(rng, _noise(), Grade()))


@lru_cache(maxsize=1)
def _noise() -> Noise:
    return Noise(Generator(PCG64([20_13, 5])))


DrawView = Callable[[Generator], tuple[U8, float]]
"""Draws a background, uint8 (h, w, 4), and says at which share of its height things stand on it at the earliest."""


def _place(which: str, rng: Generator) -> DrawView:
    """Views of a place of the films, near and far."""
    name = pick(rng, _PLACES[which])
    location = places.PAINTERS[name](rng, _noise(), *SIDE)

    def view(rng: Generator) -> tuple[U8, float]:
        frame = np.zeros((SIDE[1], SIDE[0], 4), np.uint8)
        scale = span(rng, 1.0, 2.2)
        centre = (span(rng, -0.3, 0.3) * SIDE[0], span(rng, -0.1, 0.12) * SIDE[1])
        Setup(0, name, "view", location, centre, scale).draw(frame, 0.0, 0.5)
        return frame, 0.5

    return view


def _room(_which: str, rng: Generator) -> DrawView:
    """Parts of a room's wall."""
    wall = rooms.all_rooms(rng, _noise())[int(rng.integers(2))]

    def view(rng: Generator) -> tuple[U8, float]:
        return _part(wall, rng), 0.55

    return view


def _part(picture: U8, rng: Generator) -> U8:
    """A part of a picture (h, w, 3), brought to the size of a scene."""
    share = span(rng, 0.35, 0.95) * min(picture.shape[1] / SIDE[0], picture.shape[0] / SIDE[1])
    w, h = int(share * SIDE[0]), int(share * SIDE[1])
    x, y = int(rng.integers(picture.shape[1] - w + 1)), int(rng.integers(picture.shape[0] - h + 1))
    cut = cv2.resize(np.ascontiguousarray(picture[y : y + h, x : x + w]), SIDE, interpolation=cv2.INTER_AREA)
    return np.dstack([cut, np.full(cut.shape[:2], 255, np.uint8)])


def _table(_which: str, _rng: Generator) -> DrawView:
    """A table with a cloth before a wall."""
    names = tuple(COLOURS)

    def view(rng: Generator) -> tuple[U8, float]:
        canvas = Canvas(SIDE[1], SIDE[0], rng)
        canvas.wash(canvas.jitter(COLOURS[pick(rng, names)], 30), canvas.jitter(COLOURS[pick(rng, names)], 30))
        canvas.grain(span(rng, 3, 14))
        top = span(rng, 0.5, 0.75)
        height = (1.25 - top) / 0.9
        objects.table(canvas, Placement(canvas.wide / 2, top + height, height), {"colour": pick(rng, names)}, 1.0)
        texture.dead_leaves(  # crumbs and patches without a class
            rng, canvas.pixels, [_whole(pick(rng, names)) for _ in range(3)], int(rng.integers(0, 24)), (2.0, 12.0),
            (0, 0, *SIDE),
        )  # fmt: skip
        return np.dstack([canvas.pixels, np.full(canvas.pixels.shape[:2], 255, np.uint8)]), top

    return view


def _whole(name: str) -> tuple[int, int, int]:
    r, g, b = COLOURS[name]
    return int(r), int(g), int(b)


def _pasted(view: DrawView, things: Sequence[Sprite], rng: Generator, close: bool) -> Iterator[BoxedPicture]:
    """An endless sequence of views with up to seven things, far ones first; ``close`` has fewer and larger ones."""
    width, height = SIDE
    while True:
        frame, ground = view(rng)
        scene = Collage(frame)
        feet = np.sort(rng.uniform(ground, 1.08, int(rng.integers(1, 6 if close else 8))))
        for foot in feet.tolist():
            thing = things[int(rng.integers(len(things)))]
            near = 0.4 + 0.9 * (foot - ground) / (1.08 - ground)
            size = (0.42 if close else 0.34) * near * span(rng, 0.5, 1.6)
            flat = max(1.0, thing.picture.shape[1] / thing.picture.shape[0])
            y = foot if thing.kind not in ("kite", "bird", "banner") else span(rng, 0.3, foot)
            turn = 0.08 * float(rng.standard_normal())
            scene.put(thing, (width * span(rng, 0.02, 0.98), height * y), height * size / flat**0.6, turn)
        yield collage.example(scene.frame, scene.found(), rng)


def _studio(which: str, part: str, seed: int, rng: Generator) -> Iterator[BoxedPicture]:
    """An endless sequence of pictures of one to four people of the development group, two frames of each shot."""
    known = _PEOPLE[which, part]
    opaque = np.full(SIDE[::-1], 255, np.uint8)
    while True:
        people = rng.choice(known, int(rng.integers(1, 5)), replace=False).tolist()
        for frame in shots.frames_with_boxes(seed, "development", people, int(rng.integers(1 << 20)), 2, SIDE):
            found = []
            for x1, y1, x2, y2 in np.rint(frame.boxes).astype(int).tolist():
                if min(x2 - x1, y2 - y1) >= collage.SMALLEST:
                    found.append(((x1, y1, x2 - 1, y2 - 1), "face"))
            yield collage.example(np.dstack([frame.picture, opaque]), found, rng)
