"""People: a bust for close-ups and a jointed whole figure for wide shots, both from one description of a character.

A figure is a set of painted parts. In each frame every part is placed by a map that depends on the time only, so that a
shot that returns to a set-up continues the same performance.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator

from embedded.raster import U8, Affine, compose, placed
from embedded.scene import FINER, Brush, Grade
from embedded.texture import Colour, Noise, jitter

SKINS: tuple[Colour, ...] = ((226, 180, 150), (198, 148, 116), (150, 104, 78), (112, 76, 58), (236, 196, 170))
HAIRS: tuple[Colour, ...] = ((40, 30, 26), (90, 58, 36), (168, 128, 72), (120, 118, 116), (126, 52, 30))
CLOTHS: tuple[Colour, ...] = ((62, 78, 116), (124, 44, 48), (58, 94, 74), (176, 148, 96), (92, 86, 92), (190, 186, 176))

HEAD = 150.0
"""Height of the head of a bust in the bust's own units, of which the bust is 300 high."""


@dataclass(frozen=True)
class Character:
    """A person of the film: a bust that looks to the right, and the parts of a figure 100 units tall."""

    heads: tuple[U8, ...]
    torso: U8
    parts: dict[str, U8]
    bouncy: float
    phase: float


Placed = tuple[U8, Affine]
"""A picture and the map from its pixels to where it is drawn."""


def character(rng: Generator, noise: Noise, grade: Grade) -> Character:
    """Someone with a face, hair and clothes of their own."""
    skin = jitter(rng, SKINS[int(rng.integers(5))], 10)
    hair = jitter(rng, HAIRS[int(rng.integers(5))], 12)
    cloth = jitter(rng, CLOTHS[int(rng.integers(6))], 24)
    style = (int(rng.integers(4)), int(rng.integers(4)), bool(rng.integers(2)))
    heads = []
    state = rng.bit_generator.state
    for mouth, eyes in ((0.0, 1.0), (1.0, 1.0), (0.0, 0.1)):
        rng.bit_generator.state = state  # the same face, with another expression
        heads.append(grade(_head(rng, noise, skin, hair, style, mouth, eyes)))
    torso = _torso(rng, noise, skin, cloth, style[1])
    legs = jitter(rng, (52, 54, 66), 26)
    parts = _parts(rng, noise, skin, cloth, legs)
    parts = {name: grade(part) for name, part in parts.items()} | {"head": _quarter(heads[0])}
    return Character(tuple(heads), grade(torso), parts, 0.6 + 0.8 * rng.random(), 6.28 * rng.random())


def _quarter(picture: U8) -> U8:
    """A quarter of the size, by exact averages of 4 × 4 pixels."""
    h, w = picture.shape[0] // 4 * 4, picture.shape[1] // 4 * 4
    blocks = picture[:h, :w].astype(np.int32).reshape(h // 4, 4, w // 4, 4, 4)
    return ((blocks.sum(axis=(1, 3)) + 8) >> 4).astype(np.uint8)


def _head(
    rng: Generator, noise: Noise, skin: Colour, hair: Colour, style: tuple[int, int, bool], mouth: float, eyes: float
) -> U8:
    """A face turned a little to the right, lit from there. The neck's foot is at (80, 190)."""
    brush = Brush(rng, noise, 160, 200)
    dark: Colour = (skin[0] * 3 // 4, skin[1] * 7 // 10, skin[2] * 7 // 10)
    lip: Colour = (skin[0] * 9 // 10, skin[1] * 6 // 10, skin[2] * 6 // 10)
    if style[0] in (1, 2):  # long hair falls behind the neck
        brush.poly([(26, 80), (22, 168), (52, 186), (112, 186), (136, 168), (134, 80)], hair)
    brush.poly([(60, 120), (57, 180), (66, 192), (82, 197), (98, 192), (107, 180), (104, 120)], dark)
    brush.disc(80, 92, 49, 64, skin)
    brush.poly([(42, 110), (60, 146), (82, 158), (104, 152), (122, 116), (100, 90), (60, 90)], skin)
    brush.disc(31, 98, 8, 14, skin)
    brush.disc(31, 98, 4, 9, dark)
    x0, y0, w, h = brush.box(20, 20, 130, 150)
    face = brush.picture[y0 : y0 + h, x0 : x0 + w]
    fall = 200 + 66 * np.arange(w) // w  # light from the right
    face[..., :3] = np.minimum(face[..., :3].astype(np.int32) * fall[None, :, None] >> 8, face[..., 3:])
    for x, wide in ((72, 11.0), (110, 9.5)):
        brush.disc(x, 92, wide + 3, 9, dark)
        brush.disc(x, 92, wide, 6.5 * eyes, (236, 232, 226))
        iris = jitter(rng, (84, 96, 84), 30)
        if eyes > 0.5:
            brush.disc(x + 3, 92, 5, 5.6, iris)
            brush.disc(x + 3, 92, 2.4, 2.8, (18, 16, 18))
            brush.disc(x + 4.6, 90, 1.2, 1.2, (250, 250, 250))
        brush.line([(x - wide, 88), (x - 2, 85), (x + wide, 88)], 1.8, (52, 36, 32))
        brush.line([(x - wide - 2, 79), (x - 1, 74), (x + wide + 1, 78)], 4.5, tuple(c * 3 // 4 for c in hair))  # type: ignore[arg-type]
    brush.line([(94, 90), (102, 114), (96, 119), (88, 117)], 2.4, dark)
    brush.disc(99, 116, 3.0, 2.2, dark)
    brush.disc(92, 135, 15, 3.6 + 5.5 * mouth, lip)
    if mouth > 0.5:
        brush.disc(92, 136, 11, 5.2, (60, 22, 24))
        brush.rect(84, 131, 16, 2.6, (234, 228, 220))
    else:
        brush.line([(78, 134), (92, 135.5), (105, 133)], 1.6, (96, 44, 42))
    brush.disc(64, 116, 9, 6, tuple(min(255, c + (5, -4, -3)[k]) for k, c in enumerate(skin)))  # type: ignore[arg-type]
    brush.grain(8, "rough", (20, 20, 130, 176))
    _hair(brush, hair, style)
    if style[2]:
        for x, r in ((71, 17), (111, 15)):
            ring = [(x + r * math.cos(t), 93 + r * 0.8 * math.sin(t)) for t in np.linspace(0, 6.2832, 26)]
            brush.line(ring, 2.4, (36, 32, 34))
        brush.line([(88, 92), (96, 92)], 2.4, (36, 32, 34))
        brush.line([(54, 92), (33, 94)], 2.4, (36, 32, 34))
    return brush.picture


def _hair(brush: Brush, hair: Colour, style: tuple[int, int, bool]) -> None:
    """Locks over the skull, and a beard for some."""
    rng = brush.rng
    light: Colour = tuple(min(255, c + 34) for c in hair)  # type: ignore[assignment]
    if style[0] != 3:
        brush.poly([(26, 96), (24, 60), (40, 32), (76, 18), (112, 26), (132, 56), (132, 82), (120, 62), (92, 54),
                    (60, 60), (44, 72), (40, 98)], hair)  # fmt: skip
        for _ in range(90):
            t = rng.random()
            x, y = 30 + 100 * t, 24 + 20 * rng.random() + 60 * (t - 0.5) ** 2
            reach = 14 + 16 * rng.random()
            brush.line([(x, y), (x - 4 + 8 * (t - 0.5), y + reach * 0.6), (x - 8 + 22 * (t - 0.4), y + reach)], 1.2,
                       jitter(rng, light if rng.random() < 0.4 else hair, 14))  # fmt: skip
    if style[0] in (1, 2):
        for _ in range(80):
            side, y = rng.integers(2), 80 + 40 * rng.random()
            x = (24 + 14 * rng.random()) if side == 0 else (124 + 10 * rng.random())
            brush.line([(x, y), (x + 3, y + 34), (x - 2, y + 62)], 1.5, jitter(rng, hair, 22))
    if style[0] == 3 or style[1] == 3:  # a beard, or a bald head with one
        for _ in range(170):
            t = math.pi * (0.08 + 0.84 * rng.random())
            x, y = (
                82 + 44 * math.cos(t) * (0.8 + 0.25 * rng.random()),
                116 + 42 * math.sin(t) * (0.9 + 0.2 * rng.random()),
            )
            brush.line([(x, y), (x + 2 * rng.standard_normal(), y + 8)], 1.4, jitter(rng, hair, 20))
    if style[0] == 2:  # a hat
        felt = jitter(rng, CLOTHS[int(rng.integers(6))], 20)
        brush.disc(82, 50, 72, 12, felt)
        brush.poly([(36, 50), (42, 8), (70, 2), (112, 6), (124, 50)], felt)
        brush.poly([(36, 50), (38, 36), (122, 36), (124, 50)], (40, 34, 34))
        brush.grain(24, "rough", (8, 0, 150, 62))


def _torso(rng: Generator, noise: Noise, skin: Colour, cloth: Colour, pattern: int) -> U8:
    """Shoulders and chest; the neck's foot is at (160, 14)."""
    brush = Brush(rng, noise, 320, 190)
    outline = [
        (128, 10),
        (100, 26),
        (52, 44),
        (24, 80),
        (8, 190),
        (312, 190),
        (296, 80),
        (268, 44),
        (220, 26),
        (192, 10),
    ]
    ground = Brush(rng, noise, 320, 190)
    ground.fill(cloth)
    ink = jitter(rng, cloth, 60)
    if pattern == 0:
        for y in range(0, 200, 16):
            ground.rect(0, y, 320, 7, ink)
    elif pattern == 1:
        for k in range(-20, 340, 26):
            ground.line([(k, 0), (k, 190)], 7, ink)
            ground.line([(0, k), (320, k)], 7, ink)
            ground.line([(k + 13, 0), (k + 13, 190)], 1.5, (226, 214, 180))
            ground.line([(0, k + 13), (320, k + 13)], 1.5, (226, 214, 180))
    elif pattern == 2:
        for row, y in enumerate(range(4, 190, 15)):
            for x in range(8 * (row % 2), 320, 17):
                ground.disc(x, y, 3.2, 3.2, ink)
    ground.grain(24, "rough", step=(1.0, 2.0))
    ground.grain(20, "soft", step=(2.0, 5.0))  # folds
    mask = np.zeros(brush.picture.shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.rint(np.array(outline) * FINER * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    brush.picture[...] = (ground.picture.astype(np.int32) * mask[..., None] + 127) // 255
    brush.poly([(130, 8), (160, 74), (190, 8)], skin if pattern != 3 else (224, 220, 210))
    for side in (-1, 1):
        collar = [(160 + 34 * side, 4), (160 + 62 * side, 30), (160 + 30 * side, 66), (160 + 8 * side, 70)]
        brush.poly([(160 + 34 * side, 4), (160 + 46 * side, 40), (160 + 4 * side, 82)], jitter(rng, cloth, 40))
        brush.line([(float(x), float(y)) for x, y in collar[1:]], 1.4, (30, 28, 32))
    for y in (100, 130, 160):
        brush.disc(160, y, 4, 4, jitter(rng, (214, 206, 188), 30))
        brush.disc(160, y, 1.4, 1.4, (40, 36, 36))
    brush.line([(160, 82), (160, 190)], 1.4, (30, 28, 32))
    brush.rect(206, 96, 44, 3, (34, 30, 34))
    return brush.picture


def _parts(rng: Generator, noise: Noise, skin: Colour, cloth: Colour, legs: Colour) -> dict[str, U8]:
    """Limbs hang down from (6, 3) of their picture; the trunk's foot is at its bottom middle."""

    def limb(length: float, top: float, bottom: float, colour: Colour, tip: Colour | None) -> U8:
        brush = Brush(rng, noise, 26, length + 10)
        brush.disc(13, 5, top, top, colour)
        brush.poly([(13 - top, 5), (13 - bottom, length + 3), (13 + bottom, length + 3), (13 + top, 5)], colour)
        brush.disc(13, length + 3, bottom, bottom, tip or colour)
        brush.grain(30, "rough", step=(1.0, 2.0))
        return brush.picture

    trunk = Brush(rng, noise, 60, 72)
    trunk.poly([(24, 2), (36, 2), (48, 8), (50, 20), (45, 44), (48, 70), (12, 70), (15, 44), (10, 20), (12, 8)], cloth)
    ink = jitter(rng, cloth, 50)
    for y in range(14, 66, 9):
        trunk.line([(14, y), (46, y)], 2.4, ink)
    trunk.line([(30, 4), (30, 70)], 1.4, (36, 32, 34))
    trunk.poly([(25, 1), (30, 13), (35, 1)], skin)
    trunk.grain(36, "rough")
    shoe = Brush(rng, noise, 30, 14)
    shoe.poly([(4, 3), (12, 2), (25, 8), (26, 12), (4, 12)], jitter(rng, (56, 38, 30), 16))
    return {
        "trunk": trunk.picture,
        "thigh": limb(40, 9, 7, legs, None),
        "shin": limb(40, 7, 4.5, legs, None),
        "upper": limb(30, 6, 5, jitter(rng, cloth, 12), None),
        "fore": limb(28, 5, 3.6, jitter(rng, cloth, 12), skin),
        "shoe": shoe.picture,
    }


def bust(who: Character, t: float, *, talking: bool) -> Iterator[Placed]:
    """Parts of a close-up at time t, placed in units with the middle of the collar at (0, 0)."""
    sway = who.bouncy * (3.0 * math.sin(0.9 * t + who.phase) + 1.5 * math.sin(2.3 * t))
    nod = 0.035 * who.bouncy * math.sin(1.7 * t + who.phase) + (0.03 * math.sin(6.1 * t) if talking else 0.0)
    yield who.torso, placed(1 / FINER, 0.006 * sway, (160 * FINER, 14 * FINER), (0.6 * sway, 0.0))
    blink = (t + who.phase) % 3.1 < 0.13
    speaks = talking and math.sin(11.0 * t + who.phase) + 0.6 * math.sin(17.3 * t) > 0.2
    head = who.heads[2 if blink else int(speaks)]
    yield head, placed(1 / FINER, nod, (80 * FINER, 176 * FINER), (sway, 8.0))


def walker(who: Character, t: float, *, moving: bool) -> Iterator[Placed]:
    """Parts of a whole figure at time t, looking right, about 200 units tall, feet at (0, 0)."""
    pace = 5.2 * t + who.phase
    swing = 0.52 * math.sin(pace) if moving else 0.05 * math.sin(0.7 * t)
    bob = 2.2 * abs(math.cos(pace)) if moving else 0.6 * math.sin(1.1 * t)
    gesture = 0.0 if moving else 0.5 + 0.5 * math.sin(0.8 * t + who.phase)
    hip, neck = (0.0, -84.0 + bob), (0.0, -148.0 + bob)
    lift = 0.5 * math.cos(pace) if moving else 0.0
    shoulder = neck[1] + 12
    reach = -0.35 - 1.5 * gesture
    yield from _chain(who, ("upper", "fore"), (-2.0, shoulder), (swing, swing - 0.35), 30)
    yield from _chain(who, ("thigh", "shin"), (-3.0, hip[1]), (-swing, max(0.0, lift) - swing), 40)
    yield from _chain(who, ("thigh", "shin"), (3.0, hip[1]), (swing, max(0.0, -lift) + swing), 40)
    yield who.parts["trunk"], placed(1 / FINER, 0.03 * swing, (30 * FINER, 66 * FINER), hip)
    nod = 0.04 * math.sin(pace)
    yield who.parts["head"], placed(0.88 / FINER, nod, (20 * FINER, 44 * FINER), (1.0, neck[1] + 3))
    yield from _chain(who, ("upper", "fore"), (3.0, shoulder), (-swing - 0.4 * gesture, reach - swing), 30)


def _chain(
    who: Character, names: tuple[str, str], joint: tuple[float, float], angles: tuple[float, float], length: float
) -> Iterator[Placed]:
    """Two links of a limb from its upper joint; angles in radians from straight down, forward negative."""
    for name, angle in zip(names, angles, strict=True):
        yield who.parts[name], placed(1 / FINER, angle, (13 * FINER, 5 * FINER), joint)
        joint = (joint[0] - length * math.sin(angle), joint[1] + length * math.cos(angle))
    if names[1] == "shin":
        yield who.parts["shoe"], placed(1 / FINER, 0.5 * angles[1], (8 * FINER, 4 * FINER), joint)


def mirrored(parts: Iterator[Placed]) -> Iterator[Placed]:
    """The same figure looking left."""
    for picture, where in parts:
        yield picture, compose((-1.0, 0.0, 0.0, 0.0, 1.0, 0.0), where)
