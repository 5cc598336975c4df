"""The way of light from a screen to a photograph's bytes, step by step, for `embedded.camera`.

Pictures of light are int32 (h, w, 3), linear in intensity, in 1/65535 of the screen's white.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from embedded import raster, scene, texture
from embedded.raster import U8

WIDTH, HEIGHT = 960, 720
FULL = 65535
_SCREEN_PIXELS = 1920

F64 = NDArray[np.float64]
LinearLight = NDArray[np.int32]
Limits = tuple[float, float]


@dataclass(frozen=True)
class Level:
    """Ranges from which a photograph's conditions are drawn, uniformly.

    Attributes
    ----------
    width: width of the picture in the photograph, as a share of the photograph's width.
    angle: rotation of the screen about each axis, in degrees; roll is a quarter of it.
    defocus, motion: blur in pixels of the photograph: Gaussian σ, and length of the camera's path.
    exposure: factor on the light.
    glare: strength of reflections, as a share of the screen's white.
    noise: standard deviation of the sensor's noise in mid-grey, in grey levels of 255.
    moire: contrast of the screen's pixel grid as the sensor sees it.
    quality: JPEG quality.
    """

    width: Limits
    angle: Limits
    defocus: Limits
    motion: Limits
    exposure: Limits
    glare: Limits
    noise: Limits
    moire: Limits
    quality: tuple[int, int]


# Screen coordinates: the picture is 2 wide about (0, 0), on the smallest 16:9 panel that holds it, in a bezel.
_PANEL = np.array([(-1.0, -0.5625), (1.0, -0.5625), (1.0, 0.5625), (-1.0, 0.5625)])

_OUTER = np.array([(-1.045, -0.61), (1.045, -0.61), (1.045, 0.64), (-1.045, 0.64)])


def _between(rng: Generator, limits: Limits) -> float:
    return limits[0] + (limits[1] - limits[0]) * float(rng.random())


def pose(level: Level, half: float, rng: Generator) -> F64:
    """Homography (3, 3) from screen coordinates to the photograph's pixels; the picture is 2 × 2 ``half``."""
    yaw, pitch = (math.radians(_between(rng, level.angle)) * rng.choice((-1.0, 1.0)) for _ in range(2))
    pitch, roll = 0.6 * pitch, 0.25 * math.radians(_between(rng, level.angle)) * rng.choice((-1.0, 1.0))
    turn = _rotation(2, roll) @ _rotation(0, pitch) @ _rotation(1, yaw)
    focal = 1.1 * WIDTH
    # A picture taller than 4:3 is taken from further away, so that its height fits as a 4:3 picture's does.
    share = _between(rng, level.width) * min(1.0, 0.75 / half)
    distance = 2.0 * focal / (share * WIDTH)
    full = np.stack([turn[:, 0], turn[:, 1], np.array([0.0, 0.0, distance])], axis=1)
    camera = np.array([[focal, 0.0, (WIDTH - 1) / 2], [0.0, focal, (HEIGHT - 1) / 2], [0.0, 0.0, 1.0]])
    centred = camera @ full
    edges = project(centred, np.array([(-1, -half), (1, -half), (1, half), (-1, half)]))
    room = np.array([WIDTH, HEIGHT]) - (edges.max(axis=0) - edges.min(axis=0))
    # The place is random; a picture wider than the photograph stays in the middle and is cut on both sides.
    shift = room * np.where(room > 0, 0.1 + 0.8 * rng.random(2), 0.5) - edges.min(axis=0)
    return np.array([[1.0, 0.0, shift[0]], [0.0, 1.0, shift[1]], [0.0, 0.0, 1.0]]) @ centred


def _panel_size(half: float) -> float:
    """Width and height of the panel over those of the picture: 4:3 films have black on both sides."""
    return max(1.0, half / 0.5625)


def put_screen(light: LinearLight, half: float, to_photo: F64, ambient: float, rng: Generator) -> None:
    """The bezel in the room's light, and the dark panel, in place."""
    bezel = round(FULL * ambient * (0.01 + 0.12 * float(rng.random()) ** 2))
    for outline, value in ((_OUTER, bezel), (_PANEL, round(FULL * (0.0015 + 0.006 * ambient)))):
        where = np.rint(project(to_photo, outline * _panel_size(half)) * 16).astype(np.int32)
        cv2.fillConvexPoly(light, where, (value, value, value), cv2.LINE_8, 4)


def _rotation(axis: int, angle: float) -> F64:
    out = np.eye(3)
    i, j = [k for k in range(3) if k != axis]
    out[i, i] = out[j, j] = math.cos(angle)
    out[i, j], out[j, i] = -math.sin(angle), math.sin(angle)
    return out


def project(homography: F64, points: NDArray[np.generic]) -> F64:
    """Points (n, 2) through a homography; written out, since a matrix product rounds as the processor does."""
    h, x, y = homography, points[:, 0].astype(np.float64), points[:, 1].astype(np.float64)
    w = h[2, 0] * x + h[2, 1] * y + h[2, 2]
    return np.stack([(h[0, 0] * x + h[0, 1] * y + h[0, 2]) / w, (h[1, 0] * x + h[1, 1] * y + h[1, 2]) / w], axis=1)


def light_table(gamma: float) -> NDArray[np.int64]:
    """Table from a byte to linear light."""
    return np.rint(FULL * (np.arange(256) / 255.0) ** gamma).astype(np.int64)


def show(light: LinearLight, picture: U8, to_photo: F64, corners: F64, level: Level, rng: Generator) -> None:
    """Put the picture's light where the screen is, in place, with its pixel grid sampled by the sensor."""
    x0, y0 = (int(value) for value in np.maximum(np.floor(corners.min(axis=0)), 0))
    x1, y1 = (int(value) for value in np.minimum(np.ceil(corners.max(axis=0)) + 1, (WIDTH, HEIGHT)))
    back = np.linalg.inv(to_photo)
    u, v = np.arange(x0, x1, dtype=np.float64)[None, :], np.arange(y0, y1, dtype=np.float64)[:, None]
    w = back[2, 0] * u + back[2, 1] * v + back[2, 2]
    sx = (back[0, 0] * u + back[0, 1] * v + back[0, 2]) / w
    sy = (back[1, 0] * u + back[1, 1] * v + back[1, 2]) / w
    height, width = picture.shape[:2]
    half = height / width
    inside = (np.abs(sx) <= 1.0) & (np.abs(sy) <= half)
    # A sensor pixel covers several picture pixels where the picture is shown smaller: average before sampling.
    smaller = (width * height) / max(1.0, float(inside.sum()))
    softened = scene.blurred(picture, 0.45 * math.sqrt(max(0.0, smaller - 1.0)))
    shown = _sample(softened, (sx + 1.0) * (width / 2) - 0.5, (sy + half) * (width / 2) - 0.5)
    grid, waves = _SCREEN_PIXELS / 2, _pixel_grid(_between(rng, level.moire))
    # Red, green and blue stripes lie a third of a pixel apart, which gives moiré its colours.
    columns = np.stack([_wave(waves, sx * grid + k / 3) for k in range(3)], axis=-1)
    gamma, black = 2.1 + 0.4 * float(rng.random()), round(FULL * (0.001 + 0.004 * float(rng.random())))
    raster.show(light, shown, light_table(gamma), _wave(waves, sy * grid), columns, black, inside, x0, y0)


def _pixel_grid(contrast: float) -> LinearLight:
    """Transmission of one period of the screen's pixel grid, in 1/4096, at 1024 places."""
    return np.rint(4096 * (1.0 + contrast * np.cos(np.arange(1024) * (2 * math.pi / 1024)))).astype(np.int32)


def _wave(waves: LinearLight, periods: F64) -> LinearLight:
    return waves[np.floor(periods * 1024).astype(np.int64) & 1023]


def _sample(picture: U8, x: F64, y: F64) -> U8:
    """Bilinear samples at positions (x, y) to 1/32 pixel, by OpenCV's integer tables."""
    fixed_x, fixed_y = np.rint(x * 32).astype(np.int64), np.rint(y * 32).astype(np.int64)
    whole = np.clip(np.stack([fixed_x >> 5, fixed_y >> 5], axis=-1), -32768, 32767).astype(np.int16)
    part = (((fixed_y & 31) << 5) + (fixed_x & 31)).astype(np.uint16)
    return np.asarray(cv2.remap(picture, whole, part, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def reflect(light: LinearLight, half: float, to_photo: F64, level: Level, rng: Generator) -> None:
    """Lamps and windows mirrored by the glass: soft patches of light on the panel, and a faint veil, in place."""
    strength = _between(rng, level.glare)
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.fillConvexPoly(
        mask, np.rint(project(to_photo, _PANEL * _panel_size(half)) * 16).astype(np.int32), 255, cv2.LINE_8, 4
    )
    patch = np.zeros((HEIGHT // 4, WIDTH // 4), np.uint8)
    for _ in range(int(rng.integers(1, 4))):
        x, y = float(rng.random()) * WIDTH / 4, float(rng.random()) * HEIGHT / 4
        radii = (8 + 26 * float(rng.random()), 8 + 22 * float(rng.random()))
        texture.blob(patch, (x, y), radii, float(rng.random()) * 180, (255,), square=rng.random() < 0.5)
    patch = scene.blurred(patch, 3 + 9 * float(rng.random()))
    soft = cv2.resize(patch, (WIDTH, HEIGHT), interpolation=cv2.INTER_LINEAR_EXACT).astype(np.int32)
    added = soft * round(strength * FULL / 255) + round(0.04 * strength * FULL)
    added[mask == 0] = 0
    for k, tint in enumerate((260, 252, 236) if rng.random() < 0.5 else (238, 250, 262)):
        light[..., k] += added * tint >> 8


def blur(light: LinearLight, level: Level, rng: Generator) -> LinearLight:
    """Defocus, which OpenCV computes in fixed point for 16-bit pictures, then the camera's straight motion."""
    clipped = np.minimum(light, FULL).astype(np.uint16)
    soft = cv2.GaussianBlur(clipped, (0, 0), _between(rng, level.defocus)).astype(np.int32)
    length, angle = _between(rng, level.motion), math.pi * float(rng.random())
    steps = {
        (round(length * t * math.cos(angle)), round(length * t * math.sin(angle))) for t in np.linspace(-0.5, 0.5, 9)
    }
    if len(steps) == 1:
        return soft
    total = np.zeros_like(soft)
    for dx, dy in sorted(steps):
        total += np.roll(soft, (dy, dx), axis=(0, 1))
    return total // len(steps)


_SLACK = 128
"""Pixels by which the tile of sensor noise exceeds a photograph on each axis: it has ``_SLACK``² positions."""


def noise_tile(rng: Generator) -> NDArray[np.int16]:
    """Unit noise in 1/256, for `sense`."""
    return np.rint(256 * rng.standard_normal((HEIGHT + _SLACK, WIDTH + _SLACK))).astype(np.int16)


def sense(light: LinearLight, level: Level, tile: NDArray[np.int16], rng: Generator) -> U8:
    """Lens fall-off, exposure, white balance, noise, and the camera's tone curve down to bytes."""
    y = ((np.arange(HEIGHT) - (HEIGHT - 1) / 2) / (WIDTH / 2))[:, None]
    x = ((np.arange(WIDTH) - (WIDTH - 1) / 2) / (WIDTH / 2))[None, :]
    fall = 1.0 / (1.0 + (0.15 + 0.3 * float(rng.random())) * (x * x + y * y)) ** 2
    gains = _between(rng, level.exposure) * np.array([0.92 + 0.16 * rng.random(), 1.0, 0.92 + 0.16 * rng.random()])
    # Photon noise grows with the root of the light; a floor of read-out noise shows in the dark.
    sigma = _between(rng, level.noise) / 255.0 * FULL * np.sqrt(np.arange(256) / 512.0 + 0.02)
    at = rng.integers(_SLACK, size=(3, 2))
    return np.asarray(
        raster.expose(light, _fixed(fall), _fixed(gains), tile, at, np.rint(sigma).astype(np.int64), _TONE)
    )


def _fixed(values: F64) -> NDArray[np.int64]:
    return np.rint(values * 4096).astype(np.int64)


_TONE: U8 = np.rint(255.0 * (np.arange(4096) / 4095.0) ** (1 / 2.2)).astype(np.uint8)
