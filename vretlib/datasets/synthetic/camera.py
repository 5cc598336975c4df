"""A camera that photographs a screen: how query images are simulated.

The thesis filmed a computer screen with a webcam (section 4.3.2). Here the light takes the same way: a frame is shown
on a screen with its own gamma, black level and pixel grid, in a room; the camera sees it at an angle, out of focus and
in motion, with reflections on the glass, a lens that darkens the corners, a white balance that is not the screen's,
noise and JPEG. The beat between the screen's pixels and the sensor's is not painted on: the grid is sampled where the
sensor's pixels lie, and moiré follows.

Light is computed in whole numbers of 1/65535, linear in intensity, so that photographs are the same on every computer.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from vretlib.datasets import query_list
from vretlib.datasets.query_list import Query
from vretlib.datasets.synthetic import indoors, raster, scene, texture
from vretlib.datasets.synthetic.raster import U8
from vretlib.datasets.synthetic.texture import Noise, jitter
from vretlib.video import frames

WIDTH, HEIGHT = 960, 720
QUERIES = "queries.csv"
_FULL = 65535
_SCREEN_PIXELS = 1920

F64 = NDArray[np.float64]
U16 = NDArray[np.uint16]
Range = tuple[float, float]


@dataclass(frozen=True)
class Level:
    """Ranges from which a photograph's conditions are drawn, uniformly.

    Attributes
    ----------
    width: of the picture in the photograph, as a share of the photograph's width.
    angle: by which the screen is turned away, in degrees, about each axis; roll is a quarter of it.
    defocus, motion: blur in pixels of the photograph: Gaussian σ, and length of the camera's path.
    exposure: factor on the light.
    glare: strength of reflections, as a share of the screen's white.
    noise: standard deviation of the sensor's noise in mid-grey, in grey levels of 255.
    moire: contrast of the screen's pixel grid as the sensor sees it.
    quality: of the JPEG.
    """

    width: Range
    angle: Range
    defocus: Range
    motion: Range
    exposure: Range
    glare: Range
    noise: Range
    moire: Range
    quality: tuple[int, int]


LEVELS: dict[str, Level] = {
    "easy": Level((0.86, 0.95), (0, 6), (0.4, 0.8), (0, 1), (0.85, 1.1), (0.0, 0.05), (1.5, 3), (0.0, 0.03), (85, 95)),
    "medium": Level((0.72, 0.88), (3, 14), (0.6, 1.2), (0, 2), (0.7, 1.2), (0.02, 0.15), (3, 6), (0.02, 0.06), (70, 90)),
    "hard": Level((0.55, 0.76), (8, 24), (0.9, 1.8), (0, 5), (0.5, 1.4), (0.1, 0.35), (5, 10), (0.03, 0.1), (50, 80)),
}  # fmt: skip


@dataclass(frozen=True)
class Photograph:
    """A simulated photograph, uint8 (720, 960, 3) RGB, and the corners of the film's picture in it, (4, 2)."""

    image: U8
    corners: F64
    quality: int


def photograph_films(films: Sequence[tuple[str, Path]], *, n_queries: int, seed: int, out: Path) -> None:
    """Photograph ``n_queries`` frames of every film, levels in turn, into ``out`` with the list `QUERIES`.

    Frames are uniform over the whole film: dark ones, dissolves and credits are asked for as often as they occur. A
    film's photographs depend on ``seed`` and its place in the sequence.
    """

    def shoot(film: tuple[int, tuple[str, Path]]) -> list[Query]:
        number, (name, path) = film
        rng = np.random.Generator(np.random.PCG64([seed, number, 2]))
        n_frames = frames.probe(path).n_frames
        chosen = sorted(int(n) for n in rng.integers(n_frames, size=n_queries))
        seen = frames.read(path, chosen, color="rgb")
        rooms = Rooms(rng)
        asked = []
        for i, frame in enumerate(chosen):
            level = list(LEVELS)[i % len(LEVELS)]
            shot = photograph(seen[frame], LEVELS[level], rooms, rng)
            image = out / f"{number + 1:02d}_{i + 1:04d}_{level}.jpg"
            data = cv2.imencode(".jpg", shot.image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, shot.quality])[1]
            image.write_bytes(data.tobytes())
            corners = tuple((float(x), float(y)) for x, y in shot.corners)
            asked.append(Query(image, name, frame, level, corners))
        return asked

    with ThreadPoolExecutor(max_workers=2) as pool:
        lists = list(pool.map(shoot, enumerate(films)))
    query_list.write(out / QUERIES, [query for asked in lists for query in asked])


class Rooms:
    """A few surroundings for the screen: walls with things on them, and a desk. Linear light, larger than needed."""

    def __init__(self, rng: Generator, n: int = 3) -> None:
        noise = Noise(rng)
        self._rooms = [self._room(rng, noise, kind) for kind in range(n)]

    @staticmethod
    def _room(rng: Generator, noise: Noise, kind: int) -> U8:
        if kind % 3 == 0:
            brush = scene.Brush(rng, noise, WIDTH * 0.8, HEIGHT * 0.8)
            paint = jitter(rng, ((176, 170, 158), (120, 132, 146), (150, 128, 108))[int(rng.integers(3))], 20)
            brush.fill(paint, jitter(rng, paint, 30))
            brush.grain(16, "soft")
            for x, y in ((60, 40), (620, 60), (330, -20)):
                brush.rect(x, y, 110, 150, jitter(rng, (90, 70, 52), 40))
                brush.leaves(x + 8, y + 8, 94, 134, [jitter(rng, c, 30) for c in indoors.PAPERS], 120, (3, 26))
            brush.grain(8, "rough")
            picture = brush.picture
        else:
            place = (indoors.room, indoors.kitchen)[kind % 3 - 1](rng, noise, round(WIDTH * 0.55), round(HEIGHT * 0.62))
            picture = place.layers[0].picture
        # A camera focused on the screen has the wall behind it out of focus.
        return scene.blurred(np.ascontiguousarray(picture[..., :3]), 2.2)

    def pick(self, rng: Generator) -> U16:
        """A piece of a room's wall (720, 960, 3) in linear light, and a desk below it."""
        room = self._rooms[int(rng.integers(len(self._rooms)))]
        y = int(rng.integers(max(1, room.shape[0] - HEIGHT)))
        x = int(rng.integers(max(1, room.shape[1] - WIDTH)))
        piece = room[y : y + HEIGHT, x : x + WIDTH]
        piece = np.pad(piece, ((0, HEIGHT - piece.shape[0]), (0, WIDTH - piece.shape[1]), (0, 0)), mode="reflect")
        return _to_light(2.2)[piece]


def photograph(picture: U8, level: Level, rooms: Rooms, rng: Generator) -> Photograph:
    """Photograph a film's frame, uint8 RGB of any size, as shown on a 16:9 screen in one of the rooms."""
    to_photo = _pose(level, picture.shape[1] / picture.shape[0], rng)
    room_light = 0.12 + 0.35 * rng.random()
    light = (rooms.pick(rng).astype(np.int64) * round(room_light * 256) >> 8).astype(np.int32)
    bezel = int(_FULL * room_light * (0.01 + 0.12 * rng.random() ** 2))
    for outline, value in ((_OUTER, bezel), (_PANEL, round(_FULL * (0.0015 + 0.006 * room_light)))):
        where = np.rint(_apply(to_photo, outline) * 16).astype(np.int32)
        cv2.fillConvexPoly(light, where, (value, value, value), cv2.LINE_8, 4)
    half = picture.shape[0] / picture.shape[1]
    corners_in = np.array([(-1, -half), (1, -half), (1, half), (-1, half)], dtype=np.float64)
    corners = _apply(to_photo, corners_in)
    _show(light, np.ascontiguousarray(picture), to_photo, corners, level, rng)
    _reflect(light, to_photo, level, rng)
    light = _blur(light, level, rng)
    return Photograph(_sense(light, level, rng), corners, int(rng.integers(level.quality[0], level.quality[1] + 1)))


# Screen coordinates: the picture is 2 wide about (0, 0), the panel 16:9 just as wide, the bezel around it.
_PANEL = np.array([(-1.0, -0.5625), (1.0, -0.5625), (1.0, 0.5625), (-1.0, 0.5625)])
_OUTER = np.array([(-1.045, -0.61), (1.045, -0.61), (1.045, 0.64), (-1.045, 0.64)])


def _between(rng: Generator, limits: Range) -> float:
    return limits[0] + (limits[1] - limits[0]) * float(rng.random())


def _pose(level: Level, aspect: float, rng: Generator) -> F64:
    """Homography (3, 3) from screen coordinates to the photograph's pixels."""
    yaw, pitch = (math.radians(_between(rng, level.angle)) * rng.choice((-1.0, 1.0)) for _ in range(2))
    pitch, roll = 0.6 * pitch, 0.25 * math.radians(_between(rng, level.angle)) * rng.choice((-1.0, 1.0))
    turn = _rotation(2, roll) @ _rotation(0, pitch) @ _rotation(1, yaw)
    focal = 1.1 * WIDTH
    distance = 2.0 * focal / (_between(rng, level.width) * WIDTH)
    full = np.stack([turn[:, 0], turn[:, 1], np.array([0.0, 0.0, distance])], axis=1)
    camera = np.array([[focal, 0.0, (WIDTH - 1) / 2], [0.0, focal, (HEIGHT - 1) / 2], [0.0, 0.0, 1.0]])
    pose = camera @ full
    edges = _apply(pose, np.array([(-1, -1 / aspect), (1, -1 / aspect), (1, 1 / aspect), (-1, 1 / aspect)]))
    room = np.array([WIDTH, HEIGHT]) - (edges.max(axis=0) - edges.min(axis=0))
    corner = room * (0.5 + (rng.random(2) - 0.5) * 0.8) * (room > 0) + room * 0.5 * (room <= 0)
    shift = corner - edges.min(axis=0)
    return np.array([[1.0, 0.0, shift[0]], [0.0, 1.0, shift[1]], [0.0, 0.0, 1.0]]) @ pose


def _rotation(axis: int, angle: float) -> F64:
    out = np.eye(3)
    i, j = [k for k in range(3) if k != axis]
    out[i, i] = out[j, j] = math.cos(angle)
    out[i, j], out[j, i] = -math.sin(angle), math.sin(angle)
    return out


def _apply(homography: F64, points: NDArray[np.generic]) -> F64:
    """Points (n, 2) through a homography; written out, because a matrix product may round as the processor likes."""
    h, x, y = homography, points[:, 0].astype(np.float64), points[:, 1].astype(np.float64)
    w = h[2, 0] * x + h[2, 1] * y + h[2, 2]
    return np.stack([(h[0, 0] * x + h[0, 1] * y + h[0, 2]) / w, (h[1, 0] * x + h[1, 1] * y + h[1, 2]) / w], axis=1)


def _to_light(gamma: float) -> U16:
    """Table from a byte to linear light."""
    return np.rint(_FULL * (np.arange(256) / 255.0) ** gamma).astype(np.uint16)


def _show(
    light: NDArray[np.int32], picture: U8, to_photo: F64, corners: F64, level: Level, rng: Generator
) -> None:
    """Put the picture's light where the screen is seen, in place, with the screen's pixel grid sampled by the sensor."""
    x0, y0 = np.maximum(np.floor(corners.min(axis=0)).astype(int), 0)
    x1, y1 = np.minimum(np.ceil(corners.max(axis=0)).astype(int) + 1, (WIDTH, HEIGHT))
    back = np.linalg.inv(to_photo)
    u, v = np.arange(x0, x1, dtype=np.float64)[None, :], np.arange(y0, y1, dtype=np.float64)[:, None]
    w = back[2, 0] * u + back[2, 1] * v + back[2, 2]
    sx = (back[0, 0] * u + back[0, 1] * v + back[0, 2]) / w
    sy = (back[1, 0] * u + back[1, 1] * v + back[1, 2]) / w
    height, width = picture.shape[:2]
    half = height / width
    inside = (np.abs(sx) <= 1.0) & (np.abs(sy) <= half)
    px, py = (sx + 1.0) * (width / 2) - 0.5, (sy + half) * (width / 2) - 0.5
    # A sensor pixel gathers more than one picture pixel where the picture is seen smaller: average before sampling.
    smaller = (width * width * half) / max(1.0, float(inside.sum()))
    softened = scene.blurred(picture, 0.45 * math.sqrt(max(0.0, smaller - 1.0)))
    seen = _sample(softened, px, py)
    glow = _to_light(2.1 + 0.4 * float(rng.random()))[seen].astype(np.int64)
    contrast = _between(rng, level.moire)
    grid = _SCREEN_PIXELS / 2 * 2 * math.pi
    rows = 1.0 + contrast * np.cos((sy * grid) % (2 * math.pi))
    for k in range(3):
        # Red, green and blue stripes lie a third of a pixel apart: that is what colours moiré.
        column = 1.0 + contrast * np.cos((sx * grid + 2.0944 * k) % (2 * math.pi))
        gain = np.rint(rows * column * 4096).astype(np.int64)
        glow[..., k] = np.minimum((glow[..., k] * gain) >> 12, _FULL)
    black = round(_FULL * (0.001 + 0.004 * float(rng.random())))
    area = light[y0:y1, x0:x1]
    area[inside] = np.minimum(glow[inside] + black, _FULL).astype(np.int32)


def _sample(picture: U8, x: F64, y: F64) -> U8:
    """Bilinear samples at positions (x, y) to 1/32 pixel, by OpenCV's integer tables."""
    fixed_x, fixed_y = np.rint(x * 32).astype(np.int64), np.rint(y * 32).astype(np.int64)
    whole = np.clip(np.stack([fixed_x >> 5, fixed_y >> 5], axis=-1), -32768, 32767).astype(np.int16)
    part = (((fixed_y & 31) << 5) + (fixed_x & 31)).astype(np.uint16)
    return np.asarray(cv2.remap(picture, whole, part, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _reflect(light: NDArray[np.int32], to_photo: F64, level: Level, rng: Generator) -> None:
    """Lamps and windows mirrored by the glass: soft patches of light on the panel, and a faint veil, in place."""
    strength = _between(rng, level.glare)
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.fillConvexPoly(mask, np.rint(_apply(to_photo, _PANEL) * 16).astype(np.int32), 255, cv2.LINE_8, 4)
    patch = np.zeros((HEIGHT // 4, WIDTH // 4), np.uint8)
    for _ in range(int(rng.integers(1, 4))):
        x, y = float(rng.random()) * WIDTH / 4, float(rng.random()) * HEIGHT / 4
        radii = (8 + 26 * float(rng.random()), 8 + 22 * float(rng.random()))
        texture.blob(patch, (x, y), radii, float(rng.random()) * 180, (255,), square=rng.random() < 0.5)
    patch = scene.blurred(patch, 3 + 9 * float(rng.random()))
    soft = cv2.resize(patch, (WIDTH, HEIGHT), interpolation=cv2.INTER_LINEAR_EXACT).astype(np.int64)
    added = (soft * round(strength * 256) * (_FULL // 255) >> 8) + round(0.04 * strength * _FULL)
    added = np.where(mask > 0, added, 0)
    tint = np.array([260, 252, 236]) if rng.random() < 0.5 else np.array([238, 250, 262])
    light += (added[..., None] * tint >> 8).astype(np.int32)


def _blur(light: NDArray[np.int32], level: Level, rng: Generator) -> NDArray[np.int32]:
    """Defocus, which OpenCV computes in fixed point for 16-bit pictures, then the camera's straight motion."""
    clipped = np.minimum(light, _FULL).astype(np.uint16)
    soft = cv2.GaussianBlur(clipped, (0, 0), _between(rng, level.defocus)).astype(np.int32)
    length, angle = _between(rng, level.motion), math.pi * float(rng.random())
    steps = {(round(length * t * math.cos(angle)), round(length * t * math.sin(angle))) for t in np.linspace(-0.5, 0.5, 9)}
    if len(steps) == 1:
        return soft
    total = np.zeros_like(soft)
    for dx, dy in sorted(steps):
        total += np.roll(soft, (dy, dx), axis=(0, 1))
    return total // len(steps)


def _sense(light: NDArray[np.int32], level: Level, rng: Generator) -> U8:
    """Lens fall-off, exposure, white balance, noise, and the camera's tone curve down to bytes."""
    y = ((np.arange(HEIGHT) - (HEIGHT - 1) / 2) / (WIDTH / 2))[:, None]
    x = ((np.arange(WIDTH) - (WIDTH - 1) / 2) / (WIDTH / 2))[None, :]
    fall = 1.0 / (1.0 + (0.15 + 0.3 * float(rng.random())) * (x * x + y * y)) ** 2
    exposure = _between(rng, level.exposure)
    balance = 1.0 + 0.16 * (rng.random(3) - 0.5)
    balance[1] = 1.0
    # Photon noise grows with the root of the light; a floor of read-out noise shows in the dark.
    sigma = _between(rng, level.noise) / 255.0
    roots = np.sqrt(np.arange(257) / 256.0 * 0.5 + 0.02)
    tone = np.rint(255.0 * (np.arange(4097) / 4096.0) ** (1 / 2.2)).astype(np.uint8)
    out = np.empty((HEIGHT, WIDTH, 3), np.uint8)
    for k in range(3):
        gain = np.rint(fall * (exposure * balance[k] * 4096)).astype(np.int64)
        level_k = np.minimum((light[..., k].astype(np.int64) * gain) >> 12, _FULL)
        noise = rng.standard_normal((HEIGHT, WIDTH), dtype=np.float32).astype(np.float64)
        grain = np.rint(noise * (roots[level_k >> 8] * (sigma * _FULL))).astype(np.int64)
        out[..., k] = tone[np.clip(level_k + grain, 0, _FULL) >> 4]
    return out


CODE = (query_list, raster, scene, indoors, texture, frames, sys.modules[__name__])
"""Modules whose source decides a photograph's pixels: part of its key in the cache."""
