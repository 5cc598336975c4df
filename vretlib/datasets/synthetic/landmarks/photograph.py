"""Taking a photograph of a landmark, and what is true of it.

A photograph is drawn at twice its size and averaged down, then developed: lens, exposure, colour, grain, JPEG.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import cv2
import numba
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from vretlib.datasets.synthetic.landmarks import render, surroundings
from vretlib.datasets.synthetic.landmarks.building import LANDMARK
from vretlib.datasets.synthetic.landmarks.render import BINS, Camera, Canvas, Lighting, Mesh
from vretlib.datasets.synthetic.landmarks.styles import pick, span
from vretlib.datasets.synthetic.landmarks.view import Shot
from vretlib.datasets.synthetic.raster import U8
from vretlib.datasets.synthetic.texture import fractal

FINER = 1.5
"""Photographs are drawn at this many times their size."""
COARSE = 0.25
"""Truth is counted in pixels of a drawing at this share of the photograph's size."""
AROUND = 1.5
"""The whole landmark is counted in a picture widened by this many times its size on each side."""


@dataclass(frozen=True, eq=False)
class Scene:
    """A landmark where it stands: its building, its neighbours, and the kinds of ground."""

    building: Mesh
    houses: Mesh
    ground: str
    plaza: str
    extent: tuple[float, float, float]


@dataclass(frozen=True)
class Truth:
    """What is true of a photograph.

    Attributes
    ----------
    visible: share of the landmark, as seen from where the photograph was taken, that lies inside the frame and is not
        hidden.
    box: x1, y1, x2, y2 of what is seen of the landmark, in pixels, from 0, the far corner included.
    share: share of the picture that the landmark takes.
    """

    visible: float
    box: tuple[int, int, int, int]
    share: float


def extent(building: Mesh) -> tuple[float, float, float]:
    """Half the width, the height and the depth of a building."""
    ends = np.concatenate([building.corner, building.corner + building.across + building.down])
    flat = np.repeat(~building.facing, 1)
    body = np.concatenate([building.corner[flat], (building.corner + building.across + building.down)[flat]])
    top = float((building.corner[:, 1] - np.where(building.facing, building.down[:, 1], 0)).max())
    return float(np.abs(body[:, 0]).max()), max(top, float(ends[:, 1].max())), float(body[:, 2].max())


def things(scene: Scene, shot: Shot) -> Mesh | None:
    """The clutter of a photograph: trees, people, cars and lamps, some of them close by."""
    rng = np.random.Generator(np.random.PCG64(shot.seed))
    kit, camera = surroundings.kit(), shot.camera
    chosen, feet, scales = [], [], []
    common = ("person",) * 5 + (
        "car",
        "car",
        "lamp",
        f"tree {shot.season}",
        f"tree {shot.season}",
        f"bush {shot.season}",
        "sign",
        "stall",
    )
    near = (f"tree {shot.season}", "bus", "person", "person", "banner", "lamp", f"bush {shot.season}", "car", "stall")
    reach = math.hypot(camera.eye[0], camera.eye[2])
    for k in range(shot.things + int(shot.close)):
        close = shot.close and k == 0
        kind = pick(rng, near if close else common)
        depth = max(reach * (span(rng, 0.22, 0.6) if close else span(rng, 0.3, 1.0)), 3.5 if close else 7.0)
        if close and kind in ("bus", "car", "person"):
            depth = max(3.0, min(depth, 9.0 if kind != "bus" else 16.0))
        at = span(rng, 0.25, 0.75) if close else float(rng.random())
        chosen.append(pick(rng, kit.things[kind]))
        feet.append(_foot(camera, at, depth))
        scales.append(span(rng, 0.9, 1.1))
    if not chosen:
        return None
    return surroundings.clutter(chosen, np.array(feet), scales)


def _foot(camera: Camera, at: float, depth: float) -> tuple[float, float, float]:
    """A point of the ground at a share of the picture's width and some metres ahead."""
    right, _, forward = (np.array(axis) for axis in camera.axes)
    ahead = np.array([forward[0], 0.0, forward[2]])
    ahead /= math.sqrt(float((ahead**2).sum()))
    beside = np.array([ahead[2], 0.0, -ahead[0]])
    del right
    spot = np.array(camera.eye) + depth * (ahead + beside * (at - 0.5) * camera.width / camera.focal)
    return float(spot[0]), 0.0, float(spot[2])


def truth(scene: Scene, shot: Shot, clutter: Mesh | None) -> Truth:
    """Count what is seen of the landmark; see `Truth`."""
    small = shot.camera.scaled(COARSE)
    canvas = Canvas.empty(small)
    for mesh in (scene.building, scene.houses, clutter):
        if mesh is not None:
            render.draw(canvas, mesh, small, render.unlit(len(mesh.corner)))
    seen = canvas.owner == LANDMARK
    whole = render.footprint(scene.building, shot.camera.scaled(COARSE, AROUND), LANDMARK)
    if not seen.any():
        return Truth(0.0, (0, 0, 0, 0), 0.0)
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    step = 1 / COARSE
    box = (
        int(columns[0] * step), int(rows[0] * step),
        min(shot.camera.width, int((columns[-1] + 1) * step)) - 1, min(shot.camera.height, int((rows[-1] + 1) * step)) - 1,
    )  # fmt: skip
    return Truth(min(1.0, float(seen.sum()) / max(1, whole)), box, float(seen.mean()))


def take(scene: Scene, shot: Shot, clutter: Mesh | None) -> U8:
    """The photograph, uint8 (h, w, 3) in OpenCV's order of colours."""
    camera = shot.camera.scaled(FINER)
    canvas = Canvas.empty(camera)
    ground = surroundings.ground(scene.ground, scene.plaza, shot.season)
    for mesh in (scene.building, scene.houses, clutter, ground):
        if mesh is not None:
            render.draw(canvas, mesh, camera, lighting(mesh, shot, camera))
    _sky(canvas, camera, shot)
    picture = cv2.resize(canvas.picture, (shot.camera.width, shot.camera.height), interpolation=cv2.INTER_AREA)
    if shot.blur > 0:
        picture = cv2.GaussianBlur(picture, (0, 0), shot.blur)
    return _develop(picture, shot)


_HAZE = {"clear": 1500.0, "haze": 110.0, "rain": 260.0, "snowfall": 130.0}
"""Metres after which haze has taken 63 % of a colour."""


def lighting(mesh: Mesh, shot: Shot, camera: Camera) -> Lighting:
    """How the pieces of a mesh are lit in a photograph."""
    light = shot.light
    sun, ambient = np.array(light.sun), np.array(light.ambient)
    towards, flood = np.array(light.towards), np.array(light.flood)
    normal = mesh.normals()
    open_sky = (0.8 + 0.2 * np.where(mesh.facing, 0.0, normal[:, 1]))[:, None] * ambient
    flat = np.where(mesh.facing, 0.6, (normal * towards).sum(axis=1).clip(0))
    landmark = (mesh.owner == LANDMARK) & (normal[:, 1] < 0.5)
    base = open_sky + landmark[:, None] * flood
    lit = np.repeat((base + flat[:, None] * sun)[:, None], BINS, axis=1)
    round_ = mesh.profile >= 0
    if round_.any():
        aim = mesh.corner[round_] - np.array(camera.eye)
        aim = aim / np.sqrt(aim[:, 0] ** 2 + aim[:, 2] ** 2).clip(1e-9)[:, None]
        q = (np.arange(BINS) + 0.5) / BINS * 2 - 1
        toward = np.sqrt(1 - q**2)
        x = q * aim[:, 2:] - toward * aim[:, :1]
        z = -q * aim[:, :1] - toward * aim[:, 2:]
        facing = (x * towards[0] + z * towards[2] + 0.25 * towards[1]).clip(0)
        soft = 0.75 + 0.25 * toward
        lit[round_] = base[round_][:, None] * soft[None, :, None] + facing[..., None] * sun
    return Lighting(
        lit=np.rint(lit * 256 * shot.exposure).astype(np.int64),
        shaded=np.rint(open_sky * 256 * shot.exposure).astype(np.int64),
        shadow=_shadow(mesh, shot),
        glow=np.rint(np.array(light.glow)).astype(np.int64),
        haze=np.rint(256 * (1 - np.exp(-np.arange(256) * 2.0 / _HAZE[shot.weather]))).astype(np.int64),
        haze_step=2.0,
        haze_colour=np.array(light.sky[1], np.int64),
    )


def _shadow(mesh: Mesh, shot: Shot) -> NDArray[np.float64]:
    """The shadow that a roof opposite throws on the lower part of the landmark, as a half-plane on each piece."""
    none = np.tile([0.0, 0.0, -1.0], (len(mesh.corner), 1))
    if shot.shadow is None or shot.light.kind not in ("sun", "golden"):
        return none
    height, slope = shot.shadow
    normal = np.array([slope, -1.0, 0.15])
    line = np.stack([mesh.across @ normal, mesh.down @ normal, mesh.corner @ normal + height], axis=1)
    return np.where(((mesh.owner == LANDMARK) & ~mesh.facing)[:, None], line, none)


@cache
def _tiles() -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    """Clouds, and grain with some neighbours' correlation; both (1024, 1024), standard deviation 64."""
    rng = np.random.Generator(np.random.PCG64([20_05, 8]))
    return fractal(rng, 1.6), fractal(rng, 0.15)


def _sky(canvas: Canvas, camera: Camera, shot: Shot) -> None:
    """Fill what is still empty with sky."""
    rng = np.random.Generator(np.random.PCG64([shot.seed, 1]))
    top, bottom = (np.array(colour, np.float64) for colour in shot.light.sky)
    share = np.sqrt(np.linspace(0, 1, 256))[:, None]
    gain = min(1.25, max(0.75, shot.exposure))
    ramp = np.clip(np.rint((bottom + (top - bottom) * share) * gain), 0, 255).astype(np.int64)
    cloud = np.clip(np.rint(bottom * gain * (1.08 if shot.light.kind in ("sun", "golden") else 0.94)), 0, 255).astype(
        np.int64
    )
    axes = np.array(camera.axes)
    # The ray through pixel (u, v): its components along x, y, z are linear in u and v.
    ray = np.stack([axes[0] / camera.focal, axes[1] / camera.focal,
                    axes[2] - (axes[0] * (camera.width - 1) + axes[1] * (camera.height - 1)) / (2 * camera.focal)])  # fmt: skip
    x0, y0 = (int(v) for v in rng.integers(1024, size=2))
    cover = round(40 - 90 * shot.light.clouds)
    _fill_sky(canvas.picture, canvas.owner, ray, ramp, cloud, _tiles()[0], x0, y0, cover)


@numba.njit(nogil=True, cache=True)
def _fill_sky(picture, owner, ray, ramp, cloud, tile, x0, y0, cover):  # type: ignore[no-untyped-def]
    for v in range(picture.shape[0]):
        for u in range(picture.shape[1]):
            if owner[v, u] != 0:
                continue
            x = ray[0, 0] * u + ray[1, 0] * v + ray[2, 0]
            y = ray[0, 1] * u + ray[1, 1] * v + ray[2, 1]
            z = ray[0, 2] * u + ray[1, 2] * v + ray[2, 2]
            up = max(y, 0.0) / (abs(y) + abs(x) + abs(z))
            scale = 160.0 / (up + 0.12)
            flat = abs(x) + abs(y) + abs(z)
            i, j = int(x / flat * scale) + x0, int(z / flat * scale) + y0
            thick = min(200, max(0, np.int64(tile[j & 1023, i & 1023]) - cover))
            for k in range(3):
                blue = ramp[min(255, int(up * 340.0)), k]
                picture[v, u, k] = blue + (((cloud[k] - blue) * thick) >> 8)


def _develop(picture: U8, shot: Shot) -> U8:
    """Lens, tone curve, colour, grain, rain and snow."""
    rng = np.random.Generator(np.random.PCG64([shot.seed, 2]))
    level = np.arange(256) / 255.0
    curves = np.empty((3, 256), np.int64)
    for k in range(3):
        value = np.clip(level * shot.tint[k], 0, 1)
        value = 0.5 + (value - 0.5) * shot.contrast
        curves[k] = np.rint(255 * np.clip(value, 0, 1))
    x0, y0 = (int(v) for v in rng.integers(1024 - max(picture.shape), size=2))
    out = _tone(picture, curves, round(shot.saturation * 256), _tiles()[1], x0, y0, round(shot.grain * 4))
    if shot.weather in ("rain", "snowfall"):
        _fall(rng, out, shot.weather == "rain")
    return out


@numba.njit(nogil=True, cache=True)
def _tone(picture, curves, saturation, grain, x0, y0, strength):  # type: ignore[no-untyped-def]
    height, width = picture.shape[0], picture.shape[1]
    out = np.empty_like(picture)
    for v in range(height):
        dy = 2 * v - height
        for u in range(width):
            dx = 2 * u - width
            fall = 256 - (40 * (dx * dx + dy * dy)) // (width * width + height * height)
            r, g, b = curves[0, picture[v, u, 0]], curves[1, picture[v, u, 1]], curves[2, picture[v, u, 2]]
            grey = (77 * r + 150 * g + 29 * b) >> 8
            noise = (np.int64(grain[y0 + v, x0 + u]) * strength) >> 8
            for k in range(3):
                value = r if k == 0 else (g if k == 1 else b)
                value = ((grey + (((value - grey) * saturation) >> 8)) * fall >> 8) + noise
                out[v, u, 2 - k] = min(255, max(0, value))
    return out


def _fall(rng: Generator, picture: U8, rain: bool) -> None:
    """Streaks of rain or flakes of snow over a photograph, in place."""
    height, width = picture.shape[:2]
    veil = np.zeros((height, width), np.uint8)
    lean = span(rng, -0.3, 0.3)
    for x, y, size in rng.random((260 if rain else 320, 3)):
        at = (round(x * width), round(y * height))
        if rain:
            length = 6 + 14 * size
            cv2.line(
                veil, at, (round(at[0] + lean * length), round(at[1] + length)), round(40 + 50 * size), 1, cv2.LINE_8
            )
        else:
            cv2.circle(veil, at, 1 if size < 0.8 else 2, round(120 + 110 * size), -1, cv2.LINE_8)
    if not rain:
        veil = cv2.GaussianBlur(veil, (3, 3), 0.7)
    share = veil[..., None].astype(np.int32)
    picture[...] = (picture + ((225 - picture.astype(np.int32)) * share >> 8)).astype(np.uint8)


def encode(picture: U8, quality: int) -> bytes:
    """The photograph as JPEG."""
    done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise RuntimeError("OpenCV could not write a JPEG")
    return bytes(data.tobytes())
