"""A track: the crops that a face detector cuts from one shot of a person, frame by frame."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.random import Generator
from PIL import Image

from embedded import texture
from embedded.faces import hair, head, mesh, objects, skin
from embedded.faces.conditions import FaceLevel, Instant, instants, lamps, wander
from embedded.faces.identity import Identity
from embedded.faces.look import Look, look
from embedded.raster import I16, U8

_FINER = 1.25
_UNITS = 2.65
"""Head units on a crop's side."""
_CENTRE = np.array([0.0, -0.22, 0.45])
"""What the detector puts into the crop's middle, in head units."""
_SPREAD = 12**-0.5
"""Standard deviation of a number drawn evenly from 0 to 1, as focus and resolution are from video to video."""


@cache
def fractal_tile() -> I16:
    """The noise that all surfaces take their grain from, (512, 512), standard deviation 64."""
    return texture.fractal(np.random.Generator(np.random.PCG64(29)), 1.0, 512)


@dataclass(frozen=True)
class Sitting:
    """A person before the camera in one video: surfaces with their textures, and the look."""

    person: Identity
    look: Look
    face: U8
    skull: head.Surface
    ears: tuple[head.Surface, head.Surface]
    neck: head.Surface
    shell: head.Surface
    strands: U8


def sitting(person: Identity, rng: Generator, change: float) -> Sitting:
    """The person with the look of another video."""
    now = look(person, rng, change)
    noise = np.roll(fractal_tile(), tuple(rng.integers(512, size=2)), (0, 1))
    flare = 0.1 if now.length < -0.5 else 0.0
    return Sitting(
        person,
        now,
        skin.base(person, now, noise),
        head.skull(now.shape),
        (head.ear(now.shape, -1), head.ear(now.shape, 1)),
        head.neck(now.shape),
        head.shell(now.shape, now.volume, flare),
        hair.strands(now, noise),
    )


def draw(picture: mesh.F64, who: Sitting, at: Instant, view: mesh.F64, light: mesh.F64) -> None:
    """Draw a person's head into a picture (h, w, 3) in place; ``view`` as in `mesh.lit`."""
    depth = np.full(picture.shape[:2], -1e9)
    drop = 0.16 * at.expression.mouth
    face = skin.with_features(who.face, who.person, who.look, at.expression)
    hinge = -who.look.shape["mouth_y"] + 0.02

    def surface(of: head.Surface, painted: U8, gloss: float, moves: float = 0.0, *, both: bool = False) -> None:
        points = mesh.turned(of.points, at.rotation, moves, hinge)
        mesh.draw(picture, depth, mesh.lit(points, of.uv, view, light, gloss), painted, both)

    surface(who.neck, face, 0.0)
    surface(who.skull, face, 0.12, drop)
    for ear in who.ears:
        surface(ear, face, 0.05)
    surface(who.shell, who.strands, 0.1, both=True)


def view_of(at: Instant, size: int, units: float, middle: tuple[float, float]) -> mesh.F64:
    """The view that puts a face's middle at ``middle`` of a picture; ``size`` pixels are ``units`` head units."""
    scale = size / (units * at.scale)
    x, y, _ = at.rotation @ _CENTRE
    return np.array([middle[0] - x * scale, middle[1] + y * scale, scale, 0.11])


def track(person: Identity, rng: Generator, level: FaceLevel, n: int, side: int = 64) -> U8:
    """The crops of one video of a person, before compression, uint8 (n, side, side, 3)."""
    who, light = sitting(person, rng, level.change), lamps(level, rng, n)
    moments, full = instants(level, rng, n), round(side * _FINER)
    ground = objects.background(rng, fractal_tile(), 2 * full)
    before = objects.occluder(rng, who.look) if rng.random() < level.occluded else None
    camera = _Camera(level, rng, n)
    crops = np.empty((n, side, side, 3), np.uint8)
    for i, at in enumerate(moments):
        middle = full * (0.5 + at.shift[0]), full * (0.5 + at.shift[1])
        view = view_of(at, full, _UNITS, middle)
        left, top = (int(full * (0.5 + 2.0 * np.clip(s, -0.2, 0.2))) for s in at.shift)
        behind = ground[top : top + full, left : left + full].copy()
        objects.shoulders(behind, view, who.look, light[i])
        picture = behind.astype(np.float64)
        draw(picture, who, at, view, light[i])
        shown = np.clip(np.rint(picture), 0, 255).astype(np.uint8)
        objects.glasses(shown, view, at.rotation, who.person, who.look)
        if before is not None:
            before(shown, view, at.time)
        crops[i] = camera(shown, i, side, rng)
    return crops


class _Camera:
    """One video's camera: motion, noise, and the focus and resolution of each of its n frames."""

    def __init__(self, level: FaceLevel, rng: Generator, n: int) -> None:
        blur, sharp = float(rng.random()), float(rng.random())
        self._noise = level.noise * float(rng.random())
        self._motion = 0.6 * level.blur * float(rng.random()) ** 2
        [later] = rng.spawn(1)
        low, high = level.sharp
        self._blur = level.blur * np.clip(blur + wander(later, n, _SPREAD * level.drift), 0.0, 1.0) ** 2
        self._sharp = low * (high / low) ** np.clip(sharp + wander(later, n, _SPREAD * level.drift), 0.0, 1.0)

    def __call__(self, picture: U8, frame: int, side: int, rng: Generator) -> U8:
        blur = _FINER * (self._blur[frame] + self._motion * abs(float(rng.standard_normal()))) * side / 64
        if blur > 0.3:
            picture = cv2.GaussianBlur(picture, (0, 0), blur)
        small = round(self._sharp[frame] * side / 64)
        picture = np.array(Image.fromarray(picture).resize((small, small), Image.Resampling.BOX))  # in whole numbers
        if self._noise > 0.5:
            grain = rng.standard_normal((small, small, 1)) * self._noise
            picture = np.clip(np.rint(picture + grain), 0, 255).astype(np.uint8)
        if small != side:
            picture = cv2.resize(picture, (side, side), interpolation=cv2.INTER_LINEAR_EXACT)
        return picture
