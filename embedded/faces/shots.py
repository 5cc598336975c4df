"""Whole frames with one or more people in them, and the box of each face, for detectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import PCG64, Generator

from embedded.faces import cast, mesh, objects
from embedded.faces.conditions import LEVELS, Instant, instants, lamps
from embedded.faces.mesh import F64
from embedded.faces.track import Sitting, draw, fractal_tile, sitting
from embedded.raster import U8


@dataclass(frozen=True)
class FaceFrame:
    """One frame.

    Attributes
    ----------
    picture: uint8 (h, w, 3), RGB.
    boxes: float64 (n, 4), x1, y1, x2, y2 of each face in pixels from chin to hairline, cut to the frame.
    """

    picture: U8
    boxes: F64


_TORSO = (
    *((-2.5, -14.0), (-2.4, -2.7), (-1.6, -1.85), (-0.75, -1.5), (0.0, -1.75), (0.75, -1.5), (1.6, -1.85), (2.4, -2.7)),
    (2.5, -14.0),
)
_FACE = (-2.0, 0.62)
"""Heights in head units between which the points of a skull belong to the face."""


def frames_with_boxes(
    seed: int, group: str, people: Sequence[int], shot: int, n: int, size: tuple[int, int] = (320, 240)
) -> list[FaceFrame]:
    """A shot of some members of a group (`cast.member`) side by side, in the order of ``people`` from left to right.

    Parameters
    ----------
    group, people: the group's name in `cast.GROUPS`, and the people's numbers.
    shot: number of the shot; another shot of the same people has other looks, light, places and background.
    n: frames.
    size: width and height in pixels.

    Returns
    -------
    frames: each with a box for each of ``people``, in their order.
    """
    code, level_name = cast.GROUPS[group]
    level, (width, height) = LEVELS[level_name], size
    rng = Generator(PCG64([seed, code, shot, 7, *people]))
    light, tile = lamps(level, rng, n), fractal_tile()
    ground = cv2.resize(objects.background(rng, tile, 256), size, interpolation=cv2.INTER_LINEAR_EXACT)
    who = [sitting(cast.member(seed, group, number), rng, level.change) for number in people]
    moments = [instants(level, rng, n) for _ in people]
    room = width / len(people)
    units = [float(rng.uniform(0.1, 0.17)) * min(height, 1.3 * room) for _ in people]  # pixels of a head unit
    places = [
        (room * (k + float(rng.uniform(0.35, 0.65))), height * float(rng.uniform(0.3, 0.5))) for k in range(len(people))
    ]
    behind = np.argsort(units)  # smaller people are farther away
    blur, grain = level.blur * float(rng.random()) ** 2, level.noise * float(rng.random())
    frames = []
    for i in range(n):
        picture, boxes = ground.copy(), np.empty((len(people), 4))
        for k in behind:
            at, unit = moments[k][i], units[k]
            view = np.array([places[k][0] + 8 * at.shift[0] * unit, places[k][1] + 8 * at.shift[1] * unit, unit, 0.11])
            picture = _person(picture, who[k], at, view, light[i])
            boxes[k] = _box(who[k], at, view, size)
        if blur > 0.3:
            picture = cv2.GaussianBlur(picture, (0, 0), blur)
        noisy = picture + rng.standard_normal((height, width, 1)) * grain
        frames.append(FaceFrame(np.clip(np.rint(noisy), 0, 255).astype(np.uint8), boxes))
    return frames


def _person(picture: U8, who: Sitting, at: Instant, view: F64, light: F64) -> U8:
    """The picture with one more person, in front of those who are in it."""
    objects.shoulders(picture, view, who.look, light, _TORSO)
    shown = picture.astype(np.float64)
    draw(shown, who, at, view, light)
    out = np.clip(np.rint(shown), 0, 255).astype(np.uint8)
    objects.glasses(out, view, at.rotation, who.person, who.look)
    return out


def _box(who: Sitting, at: Instant, view: F64, size: tuple[int, int]) -> F64:
    """The box about the points of the face, as they are drawn."""
    points = mesh.turned(who.skull.points, at.rotation, 0.0, 0.0)
    rest = who.skull.points
    face = (rest[..., 1] > _FACE[0]) & (rest[..., 1] < _FACE[1]) & (rest[..., 2] > 0.0)
    seen = points[face]
    near = view[2] / (1.0 - view[3] * seen[:, 2])
    x, y = view[0] + seen[:, 0] * near, view[1] - seen[:, 1] * near
    box = np.array([x.min(), y.min(), x.max(), y.max()])
    return np.clip(box, 0.0, [size[0], size[1], size[0], size[1]])
