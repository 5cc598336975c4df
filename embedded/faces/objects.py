"""Things around a face in a crop: background, shoulders, glasses, and things in front of the face."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np
from numpy.random import Generator

from embedded import texture
from embedded.faces.identity import Identity
from embedded.faces.look import Look
from embedded.faces.mesh import F64
from embedded.raster import I16, U8

Occluder = Callable[[U8, F64, float], None]


def background(rng: Generator, noise: I16, size: int) -> U8:
    """An out-of-focus room or street, uint8 (size, size, 3)."""
    small = 40
    top, bottom = (texture.jitter(rng, (116, 114, 110), 90) for _ in range(2))
    picture = texture.gradient((small, small), top, bottom)
    palette = [texture.jitter(rng, (124, 120, 116), 110) for _ in range(5)]
    texture.dead_leaves(rng, picture, palette, int(rng.integers(3, 16)), (3.0, 14.0), (0, 0, small, small))
    picture = cv2.GaussianBlur(picture, (0, 0), float(rng.uniform(0.4, 2.5)))
    picture = cv2.resize(picture, (size, size), interpolation=cv2.INTER_LINEAR_EXACT)
    y, x = rng.integers(512 - size, size=2)
    grain = noise[y : y + size, x : x + size, None].astype(np.int32)
    return np.clip(picture + (picture.astype(np.int32) * grain >> 10), 0, 255).astype(np.uint8)


def _at(view: F64, points: F64) -> np.ndarray:
    """Pixels in 1/16 of points (n, 3) in head units, already turned."""
    near = view[2] / (1.0 - view[3] * points[:, 2])
    return np.rint(16 * np.stack([view[0] + points[:, 0] * near, view[1] - points[:, 1] * near], axis=1)).astype(
        np.int32
    )


_SHOULDERS = (
    *((-2.9, -3.6), (-2.5, -2.5), (-1.6, -2.0), (-0.7, -1.7), (0.0, -1.95), (0.7, -1.7), (1.6, -2.0), (2.5, -2.5)),
    (2.9, -3.6),
)


def shoulders(
    picture: U8, view: F64, look: Look, light: F64, outline: Sequence[tuple[float, float]] = _SHOULDERS
) -> None:
    """Shoulders in clothes below the head, upright however the head is turned; in place."""
    points = np.array([(x, y, -0.4) for x, y in outline])
    shade = np.clip(np.array(look.cloth) * (0.8 * light[0, 3:] + 0.6 * light[1, 3:] + light[2, 3:]), 0, 255)
    cv2.fillPoly(picture, [_at(view, points)], [round(value) for value in shade.tolist()], cv2.LINE_AA, 4)


def glasses(picture: U8, view: F64, rotation: F64, person: Identity, look: Look) -> None:
    """Glasses, if they are worn; in place."""
    if not look.glasses:
        return
    shape, rim = look.shape, person.rim
    t = np.linspace(0.0, 2.0 * np.pi, 25)
    power = 1.0 - 0.55 * person.frame
    thick = max(1, round(view[2] * 0.045))
    z = 0.98 + 0.5 * shape["nose_bridge"]

    def line(points: list[tuple[float, float, float]] | F64) -> None:
        cv2.polylines(picture, [_at(view, np.array(points) @ rotation.T)], False, rim, thick, cv2.LINE_AA, 4)

    wide, high = 0.3, 0.2 + 0.06 * (1 - person.frame)
    for side in (-1, 1):
        x = side * shape["eye_x"] * 1.02 + wide * np.sign(np.cos(t)) * np.abs(np.cos(t)) ** power
        y = -0.03 + high * np.sign(np.sin(t)) * np.abs(np.sin(t)) ** power
        line(np.stack([x, y, z - 0.25 * x * x], axis=1))
        ear = (side * (shape["width"] * 1.02 + 0.02), 0.05, 0.0)
        edge = side * (shape["eye_x"] * 1.02 + wide)
        if side * rotation[0, 2] < 0.3:  # the side that is turned away is hidden
            line([(edge, 0.05, z - 0.25 * edge * edge), ear])
    gap = shape["eye_x"] * 1.02 - wide
    line([(-gap, 0.03, z), (0.0, 0.06, z + 0.04), (gap, 0.03, z)])


def occluder(rng: Generator, look: Look) -> Occluder:
    """A thing in front of the face that moves a little: a hand, a microphone or a scarf."""
    kind = int(rng.integers(3))
    phase, side = 6.28 * float(rng.random()), -1 if rng.random() < 0.5 else 1
    colour = texture.jitter(rng, (60, 60, 64) if kind == 1 else (130, 110, 110), 50 if kind == 1 else 100)
    reach = float(rng.uniform(-0.25, 0.25))

    def put(picture: U8, view: F64, time: float) -> None:
        sway = 0.08 * np.sin(0.7 * time + phase)
        if kind == 0:
            _hand(picture, view, side, reach + sway, look)
        elif kind == 1:
            _microphone(picture, view, side * 0.3 + sway, -1.15 + reach, colour)
        else:
            _scarf(picture, view, -0.95 + 0.6 * reach + 0.3 * sway, colour)

    return put


def _fill(picture: U8, view: F64, points: list[tuple[float, float]], colour: tuple[int, ...]) -> None:
    cv2.fillPoly(picture, [_at(view, np.array([(x, y, 0.9) for x, y in points]))], colour, cv2.LINE_AA, 4)


def _stroke(picture: U8, view: F64, points: list[tuple[float, float]], width: float, colour: tuple[int, ...]) -> None:
    thick = max(1, round(width * view[2]))
    cv2.polylines(
        picture, [_at(view, np.array([(x, y, 0.9) for x, y in points]))], False, colour, thick, cv2.LINE_AA, 4
    )


def _hand(picture: U8, view: F64, side: int, reach: float, look: Look) -> None:
    skin, dark = (tuple(round(c * f) for c in look.skin) for f in (0.9, 0.66))
    x = side * (0.75 - reach)
    _fill(picture, view, [(x - 0.3, -1.0), (x + 0.35, -0.95), (x + 0.5, -2.6), (x - 0.35, -2.6)], skin)
    for k in range(4):
        fx, tip = x - 0.26 + 0.19 * k, -0.42 - 0.09 * abs(k - 1.4) ** 1.5 + 0.3 * reach
        _stroke(picture, view, [(fx, -1.05), (fx - 0.05 * side, tip)], 0.16, skin)
        _stroke(picture, view, [(fx + 0.09, -1.1), (fx + 0.09 - 0.05 * side, tip - 0.05)], 0.035, dark)


def _microphone(picture: U8, view: F64, x: float, y: float, colour: tuple[int, ...]) -> None:
    _stroke(picture, view, [(x, y), (x * 1.6, y - 1.8)], 0.16, (36, 36, 40))
    _stroke(picture, view, [(x, y), (x * 1.02, y + 0.05)], 0.5, colour)
    _stroke(picture, view, [(x - 0.2, y - 0.15), (x + 0.2, y - 0.17)], 0.05, (170, 168, 166))


def _scarf(picture: U8, view: F64, y: float, colour: tuple[int, ...]) -> None:
    dark = tuple(round(0.75 * c) for c in colour)
    _fill(
        picture,
        view,
        [
            (-1.5, y + 0.12),
            (-0.6, y - 0.05),
            (0.0, y - 0.1),
            (0.6, y - 0.05),
            (1.5, y + 0.12),
            (1.7, -2.8),
            (-1.7, -2.8),
        ],
        colour,
    )
    for k in range(3):
        _stroke(
            picture,
            view,
            [(-1.3, y - 0.2 - 0.25 * k), (0.0, y - 0.35 - 0.25 * k), (1.3, y - 0.2 - 0.25 * k)],
            0.04,
            dark,
        )
