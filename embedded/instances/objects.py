"""Small objects in three dimensions: packages, books, bags, posters, tins, mugs, bottles and toys with their prints.

Objects are meshes as buildings are (`embedded.landmarks.mesh`), about one unit high, standing at the origin with their
front towards negative z, and are seen by a camera that goes around them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.random import Generator

from embedded.instances import prints
from embedded.instances.prints import PrintDesign
from embedded.landmarks import render, view
from embedded.landmarks.builder import CLUTTER, Builder
from embedded.landmarks.light import lighting
from embedded.landmarks.mesh import PROFILE, Mesh
from embedded.landmarks.paint import shaded
from embedded.landmarks.pinhole import looking
from embedded.landmarks.render import Drawing
from embedded.landmarks.style import pick, span
from embedded.landmarks.view import Conditions
from embedded.raster import U8
from embedded.scenes.sprites import Sprite, trimmed
from embedded.texture import Colour, Noise

_UNIT = 120.0  # units of a brush for the height of an object


@dataclass(frozen=True, eq=False)
class SmallObject:
    """An object: its kind, name, mesh, and the angle in degrees to which it may be turned from its front."""

    kind: str
    name: str
    mesh: Mesh
    turn: float


def small_object(rng: Generator, noise: Noise, kind: str, name: str, made: PrintDesign) -> SmallObject:
    """An object of a kind with a design; ``rng`` decides its proportions."""
    build, turn = _KINDS[kind]
    return SmallObject(kind, name, build(rng, noise, made), turn)


def _box(rng: Generator, noise: Noise, made: PrintDesign, wide: float, deep: float) -> Builder:
    """A printed box one unit high."""
    del rng
    to, low = Builder(CLUTTER), 0.16
    front = to.texture(_print(made, noise, wide, 1.0))
    side = to.texture(_print(made, noise, max(deep, low), 1.0, front=deep > 0.3))
    to.box((front, side, front, side), (-wide / 2, wide / 2), (0.0, deep), 0.0, 1.0)
    top = to.texture(_print(made, noise, wide, max(deep, low), front=False))
    to.flat(top, (-wide / 2, 1.0, deep), (wide, 0, 0), (0, 0, -deep))
    return to


def _print(made: PrintDesign, noise: Noise, wide: float, high: float, *, front: bool = True, repeats: int = 1) -> U8:
    return prints.sheet(made, noise, _UNIT * wide, _UNIT * high, front=front, repeats=repeats)


def _package(rng: Generator, noise: Noise, made: PrintDesign) -> Mesh:
    return _box(rng, noise, made, span(rng, 0.55, 0.9), span(rng, 0.3, 0.6)).mesh()


def _book(rng: Generator, noise: Noise, made: PrintDesign) -> Mesh:
    return _box(rng, noise, made, span(rng, 0.64, 0.78), 0.12).mesh()


def _bag(rng: Generator, noise: Noise, made: PrintDesign) -> Mesh:
    """A shopping bag with two handles."""
    wide = span(rng, 0.75, 0.95)
    to = _box(rng, noise, made, wide, 0.3)
    handle = np.zeros((round(0.5 * _UNIT), round(_UNIT), 4), np.uint8)
    h, w = handle.shape[:2]
    cv2.ellipse(
        handle, (w // 2, h), (round(0.3 * w), round(0.9 * h)), 0, 180, 360, (*shaded(made.inks[1], 0.6), 255), 6
    )
    texture = to.texture(handle)
    for z in (0.02, 0.28):
        to.flat(texture, (-wide / 2, 1.35, z), (wide, 0, 0), (0, -0.35, 0))
        to.flat(texture, (wide / 2, 1.35, z), (-wide, 0, 0), (0, -0.35, 0))
    return to.mesh()


def _poster(rng: Generator, noise: Noise, made: PrintDesign) -> Mesh:
    wide = span(rng, 0.6, 0.8)
    to = Builder(CLUTTER)
    to.flat(to.texture(_print(made, noise, wide, 1.0)), (-wide / 2, 1.0, 0.0), (wide, 0, 0), (0, -1.0, 0))
    return to.mesh()


def _tin(rng: Generator, noise: Noise, made: PrintDesign) -> Mesh:
    """A round tin with a print around it, and a lid with the emblem."""
    to, wide = Builder(CLUTTER), span(rng, 0.9, 1.3)
    to.facing(to.texture(_print(made, noise, math.pi * wide, 0.8, repeats=4)), (0.0, 0.0, 0.0), wide, 0.8, "cylinder")
    edge = np.empty((round(0.2 * _UNIT), round(math.pi * wide * _UNIT), 4), np.uint8)
    edge[:] = (*shaded(made.inks[1], 0.9), 255)
    edge[-3:, :, :3] = shaded(made.inks[1], 0.5)  # the gap below the lid
    to.facing(to.texture(edge), (0.0, 0.8, 0.0), wide, 0.2, "cylinder")
    lid = _print(made, noise, wide, wide)
    h, w = lid.shape[:2]
    inside = np.zeros((h, w), np.uint8)
    cv2.ellipse(inside, (w // 2, h // 2), (w // 2 - 1, h // 2 - 1), 0, 0, 360, 255, -1)
    lid[inside == 0] = 0
    to.flat(to.texture(lid), (-wide / 2, 1.0, wide / 2), (wide, 0, 0), (0, 0, -wide))
    return to.mesh()


def _mug(rng: Generator, noise: Noise, made: PrintDesign) -> Mesh:
    """A mug with a print around it and a handle at its side."""
    to, wide = Builder(CLUTTER), span(rng, 0.82, 0.95)
    around = _print(made, noise, 0.9 * math.pi * wide, 1.0, repeats=3)
    to.facing(to.texture(around), (0.0, 0.0, 0.0), wide, 1.0, "cylinder")
    clay = shaded(made.inks[2], 0.92)
    ring = np.zeros((round(0.7 * _UNIT), round(0.4 * _UNIT), 4), np.uint8)
    h, w = ring.shape[:2]
    cv2.ellipse(ring, (0, h // 2), (round(0.8 * w), round(0.42 * h)), 0, -90, 90, (*clay, 255), round(0.2 * w))
    texture, back = to.texture(ring), to.texture(np.ascontiguousarray(ring[:, ::-1]))
    x = 0.48 * wide
    to.flat(texture, (x, 0.85, 0.0), (0.4, 0, 0), (0, -0.7, 0))
    to.flat(back, (x + 0.4, 0.85, 0.0), (-0.4, 0, 0), (0, -0.7, 0))
    rim = np.zeros((96, 96, 4), np.uint8)
    cv2.circle(rim, (48, 48), 47, (*clay, 255), -1)
    cv2.circle(rim, (48, 48), 40, (*shaded(clay, 0.45), 255), -1)
    to.flat(to.texture(rim), (-wide / 2, 1.0, wide / 2), (wide, 0, 0), (0, 0, -wide))
    return to.mesh()


_T = (np.arange(PROFILE) + 0.5) / PROFILE
_BALL = np.sqrt(np.clip(1 - (2 * _T - 1) ** 2, 0.0, 1.0))


def _bottle(rng: Generator, noise: Noise, made: PrintDesign) -> Mesh:
    """A bottle with a label around its body."""
    wide, shoulder = span(rng, 0.3, 0.42), span(rng, 0.34, 0.46)
    rise = np.clip((_T - 0.7 * shoulder) / (0.3 * shoulder), 0.0, 1.0)
    outline = 0.32 + 0.68 * np.sqrt(rise)
    glass: Colour = pick(rng, ((36, 70, 48), (84, 52, 30), (150, 170, 172), (46, 60, 96)))
    around = np.empty((round(1.5 * _UNIT), round(1.5 * _UNIT * math.pi * wide), 4), np.uint8)
    around[:] = (*glass, 255)
    h, w = around.shape[:2]
    label = _print(made, noise, math.pi * wide, 0.42, repeats=2)
    top = round((shoulder + 0.04) * h)
    fitted = cv2.resize(label, (w, round(0.42 * h)), interpolation=cv2.INTER_AREA)
    around[top : top + len(fitted)] = fitted[: h - top]
    around[: round(0.1 * h)] = (*made.inks[1], 255)
    for k in (0.25, 0.75):  # the glass shines
        around[: top - 4, round(k * w) : round(k * w) + 3] = (*shaded(glass, 1.9), 255)
    to = Builder(CLUTTER)
    to.facing(to.texture(around), (0.0, 0.0, 0.0), wide, 1.0, "cylinder")
    return replace(to.mesh(), profiles=outline[None], profile=np.zeros(1, np.int64))


def _toy(rng: Generator, noise: Noise, made: PrintDesign) -> Mesh:
    """A figure of a printed body, a painted head and a hat."""
    to = Builder(CLUTTER)
    body, head = span(rng, 0.42, 0.52), span(rng, 0.3, 0.36)
    to.facing(
        to.texture(_print(made, noise, 3.0 * body, body, repeats=4)), (0.0, 0.0, 0.0), 1.15 * body, body, "cylinder"
    )
    skin: Colour = pick(rng, ((232, 190, 150), (170, 120, 84), (240, 226, 120), (150, 190, 120)))
    face = np.empty((round(_UNIT * head), round(3 * _UNIT * head), 4), np.uint8)
    face[:] = (*skin, 255)
    h, w = face.shape[:2]
    for k in range(4):  # looks to all sides
        x = round((k + 0.5) * w / 4)
        for dx in (-0.07, 0.07):
            cv2.circle(face, (x + round(dx * w), round(0.42 * h)), max(2, h // 12), (30, 26, 30, 255), -1)
        cv2.ellipse(face, (x, round(0.62 * h)), (round(0.05 * w), h // 9), 0, 0, 180, (160, 40, 40, 255), 2)
    to.facing(to.texture(face), (0.0, 0.95 * body, 0.0), 1.1 * head, head, "cylinder")
    hat = _print(replace(made, seed=made.seed + 1), noise, 1.0, 0.3, front=False)
    to.facing(to.texture(hat), (0.0, 0.95 * body + 0.8 * head, 0.0), 1.0 * head, 1 - 0.95 * body - 0.8 * head, "cone")
    made_of = to.mesh()
    outlines, which = np.vstack([made_of.profiles, _BALL]), made_of.profile.copy()
    which[1] = len(made_of.profiles)
    return replace(made_of, profiles=outlines, profile=which)


_KINDS: dict[str, tuple[Callable[[Generator, Noise, PrintDesign], Mesh], float]] = {
    "package": (_package, 50.0), "book": (_book, 50.0), "bag": (_bag, 50.0), "poster": (_poster, 55.0),
    "tin": (_tin, 180.0), "mug": (_mug, 180.0), "bottle": (_bottle, 180.0), "toy": (_toy, 180.0),
}  # fmt: skip
KINDS = tuple(_KINDS)
FLAT = ("poster",)
"""Kinds that hang on a wall."""

_LIGHT = Conditions(dark=0.0, bad=0.0, clutter=0)
_SIDE = 520


def seen(thing: SmallObject, rng: Generator) -> Sprite:
    """The object from a random viewpoint in random light, as a picture that is cut to its visible part."""
    azimuth = math.radians(thing.turn) * span(rng, -1.0, 1.0)
    lift = math.radians(span(rng, 4.0, 22.0))
    eye = (
        3.6 * math.sin(azimuth) * math.cos(lift),
        0.55 + 3.6 * math.sin(lift),
        -3.6 * math.cos(azimuth) * math.cos(lift),
    )
    camera = looking(eye, (0.0, 0.55, 0.1), 0.0, 1.9 * _SIDE, (_SIDE, _SIDE))
    spec = view.draw_spec(rng, _LIGHT, (1.0, 1.0, 1.0))
    drawing = Drawing.empty(camera)
    render.draw(drawing, thing.mesh, camera, lighting(thing.mesh, spec, camera))
    opaque = np.where(drawing.owner > 0, 255, 0).astype(np.uint8)
    layer = np.dstack([drawing.picture * (opaque[..., None] > 0), opaque])
    layer = cv2.resize(layer, (_SIDE // 2, _SIDE // 2), interpolation=cv2.INTER_AREA)
    layer[..., :3] = np.minimum(layer[..., :3], layer[..., 3:])
    return Sprite(thing.kind, trimmed(layer), 1.0)
