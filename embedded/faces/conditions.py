"""The conditions that vary within and between videos, by level: pose, expression, light and camera."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from embedded.faces.mesh import F64
from embedded.faces.skin import Expression


@dataclass(frozen=True)
class FaceLevel:
    """The difficulty of a set.

    Attributes
    ----------
    yaw, pitch, roll: standard deviation of a video's mean pose, in radians; half of it is that within a video.
    light: maximum strength of the side light against the light from all around.
    tint: variation of the light's colour.
    sharp: smallest and largest resolution of the face, in pixels of the crop's side.
    blur: maximum standard deviation of the blur, in pixels.
    noise: maximum strength of the sensor's noise, in grey levels.
    occluded: share of videos with something in front of the face.
    jitter: variation of the detector's box, as a share of its side.
    change: variation of a person between videos.
    drift: change of light, resolution and focus within a video, as a share of that between videos. It is 0 for the
        people that networks are developed with, from single frames.
    """

    yaw: float
    pitch: float
    roll: float
    light: float
    tint: float
    sharp: tuple[int, int]
    blur: float
    noise: float
    occluded: float
    jitter: float
    change: float
    drift: float


LEVELS = {
    "a": FaceLevel(0.24, 0.1, 0.07, 0.55, 0.06, (26, 64), 1.2, 4.0, 0.12, 0.03, 0.6, 0.5),
    "b": FaceLevel(0.27, 0.12, 0.08, 0.6, 0.05, (22, 64), 1.4, 5.0, 0.12, 0.035, 0.5, 0.5),
    "development": FaceLevel(0.5, 0.2, 0.16, 1.0, 0.16, (20, 64), 1.6, 6.0, 0.25, 0.05, 1.0, 0.0),
}


@dataclass(frozen=True)
class Instant:
    """One frame's conditions: the rotation of the head (3, 3), expression, and the box's shift and scale."""

    rotation: F64
    expression: Expression
    shift: tuple[float, float]
    scale: float
    time: float


def wander(rng: Generator, n: int, spread: float, calm: float = 0.8) -> F64:
    """A smooth random walk about 0, float64 (n,), with the standard deviation ``spread``."""
    steps = rng.standard_normal(n)
    out = np.empty(n)
    out[0] = steps[0]
    for i in range(1, n):
        out[i] = calm * out[i - 1] + math.sqrt(1 - calm * calm) * steps[i]
    return spread * out


def instants(level: FaceLevel, rng: Generator, n: int) -> list[Instant]:
    """The frames of a track."""
    mean = np.clip(rng.standard_normal(3), -2.0, 2.0) * (level.yaw, level.pitch, level.roll)
    yaw, pitch, roll = (mean[k] + wander(rng, n, 0.5 * s) for k, s in enumerate((level.yaw, level.pitch, level.roll)))
    yaw, pitch = np.clip(yaw, -1.0, 1.0), np.clip(pitch, -0.5, 0.5)
    talks = rng.random() < 0.6
    mouth = np.clip(np.abs(wander(rng, n, 0.55, 0.2)) - 0.1, 0.0, 1.0) if talks else np.zeros(n)
    smile = np.clip(rng.standard_normal() * 0.5 + wander(rng, n, 0.25), -0.7, 1.0)
    eyes = np.clip(0.95 + 0.15 * rng.standard_normal() + wander(rng, n, 0.08), 0.55, 1.25)
    eyes = np.where(rng.random(n) < 0.06, 0.1, eyes)
    brows = np.clip(0.5 * rng.standard_normal() + wander(rng, n, 0.3), -1.0, 1.0)
    gaze_x, gaze_y = np.clip(wander(rng, n, 0.5, 0.6), -1, 1), np.clip(wander(rng, n, 0.4, 0.6), -1, 1)
    place = wander(rng, n, 1.0, 0.5), wander(rng, n, 1.0, 0.5), wander(rng, n, 1.0, 0.5)
    off = rng.standard_normal(3)
    return [
        Instant(
            rotation(yaw[i], pitch[i], roll[i]),
            Expression(mouth[i], smile[i], eyes[i], brows[i], (gaze_x[i], gaze_y[i])),
            (level.jitter * (off[0] + place[0][i]), level.jitter * (off[1] + place[1][i])),
            1.0 + level.jitter * (0.8 * off[2] + 0.6 * place[2][i]),
            float(i),
        )
        for i in range(n)
    ]


def rotation(yaw: float, pitch: float, roll: float) -> F64:
    """The rotation that turns a head to our right by yaw, up by pitch and clockwise by roll, (3, 3)."""
    (cy, sy), (cp, sp), (cr, sr) = ((math.cos(a), math.sin(a)) for a in (yaw, pitch, roll))
    around = np.array([[cy, 0.0, sy], [0.0, 1.0, 0.0], [-sy, 0.0, cy]])
    nod = np.array([[1.0, 0.0, 0.0], [0.0, cp, sp], [0.0, -sp, cp]])
    tilt = np.array([[cr, sr, 0.0], [-sr, cr, 0.0], [0.0, 0.0, 1.0]])
    return tilt @ nod @ around


def lamps(level: FaceLevel, rng: Generator, n: int) -> F64:
    """A video's light in each of its frames, float64 (n, 3, 6).

    Rows of a frame are the key light, the fill and the light from all around, each as direction and colour. The key
    light moves and the exposure changes within the video; the colours of the lamps stay.
    """
    side, high = 1.1 * float(rng.standard_normal()), 0.35 + 0.45 * float(rng.standard_normal())
    strength = level.light * float(rng.uniform(0.35, 1.0))
    exposed = 0.95 + 0.13 * float(rng.standard_normal())
    warm = 1.0 + level.tint * np.array([1.0, 0.1, -1.0]) * rng.standard_normal()
    cool = 1.0 + level.tint * np.array([1.0, 0.1, -1.0]) * rng.standard_normal() * 0.7
    [later] = rng.spawn(1)  # so that a video without drift is drawn from the same numbers as one with it
    sides = np.clip(side + wander(later, n, 1.1 * level.drift), -1.4, 1.4)
    heights = np.clip(high + wander(later, n, 0.45 * level.drift), -0.5, 1.2)
    strengths = np.clip(strength + wander(later, n, 0.19 * level.light * level.drift), 0.0, level.light)
    exposures = np.clip(exposed + wander(later, n, 0.13 * level.drift), 0.65, 1.2)
    out = np.zeros((n, 3, 6))
    for frame, x, y, key, exposure in zip(out, sides, heights, strengths, exposures, strict=True):
        frame[0] = math.sin(x) * math.cos(y), math.sin(y), math.cos(x) * math.cos(y), *(exposure * key * warm)
        frame[1] = 0.0, 0.8, 0.6, *(exposure * 0.35 * cool)
        frame[2, 3:] = exposure * (0.72 - 0.6 * key) * cool
    return out
