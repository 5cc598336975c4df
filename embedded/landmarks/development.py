"""The development of a drawing into a photograph, in whole numbers: sky, lens, tone, colour, grain, rain, JPEG."""

from __future__ import annotations

from functools import cache

import cv2
import numba
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from embedded.landmarks.pinhole import Camera
from embedded.landmarks.render import Drawing
from embedded.landmarks.style import span
from embedded.landmarks.view import PhotographSpec
from embedded.raster import U8
from embedded.texture import fractal


@cache
def _tiles() -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    """Clouds, and grain with some neighbours' correlation; both (1024, 1024), standard deviation 64."""
    rng = np.random.Generator(np.random.PCG64([20_05, 8]))
    return fractal(rng, 1.6), fractal(rng, 0.15)


def sky(drawing: Drawing, camera: Camera, spec: PhotographSpec) -> None:
    """Fill the pixels that are still empty with sky."""
    rng = np.random.Generator(np.random.PCG64([spec.seed, 1]))
    top, bottom = (np.array(colour, np.float64) for colour in spec.light.sky)
    share = np.sqrt(np.linspace(0, 1, 256))[:, None]
    gain = min(1.25, max(0.75, spec.exposure))
    ramp = np.clip(np.rint((bottom + (top - bottom) * share) * gain), 0, 255).astype(np.int64)
    cloud = np.clip(np.rint(bottom * gain * (1.08 if spec.light.kind in ("sun", "golden") else 0.94)), 0, 255).astype(
        np.int64
    )
    axes = np.array(camera.axes)
    # The ray through pixel (u, v): its components along x, y, z are linear in u and v.
    first = axes[2] - (axes[0] * (camera.width - 1) + axes[1] * (camera.height - 1)) / (2 * camera.focal)
    ray = np.stack([axes[0] / camera.focal, axes[1] / camera.focal, first])
    x0, y0 = (int(v) for v in rng.integers(1024, size=2))
    cover = round(40 - 90 * spec.light.clouds)
    _fill_sky(drawing.picture, drawing.owner, ray, ramp, cloud, _tiles()[0], x0, y0, cover)


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


@numba.njit(nogil=True, cache=True)
def shrunk(picture):  # type: ignore[no-untyped-def]
    """Two thirds of the size, each pixel the rounded mean over its area, as OpenCV's ``INTER_AREA`` has it.

    Of every three pixels in a row, the first output pixel covers one and a half and the second the rest; rows likewise.
    """
    out = np.empty((picture.shape[0] // 3 * 2, picture.shape[1] // 3 * 2, 3), np.uint8)
    for v in range(out.shape[0]):
        whole, half = picture[v // 2 * 3 + 2 * (v & 1)], picture[v // 2 * 3 + 1]
        for u in range(out.shape[1]):
            i, j = u // 2 * 3 + 2 * (u & 1), u // 2 * 3 + 1
            for k in range(3):
                total = 2 * (2 * whole[i, k] + whole[j, k]) + 2 * half[i, k] + half[j, k]
                out[v, u, k] = (total + 4) // 9
    return out


def develop(picture: U8, spec: PhotographSpec) -> U8:
    """Lens, tone curve, colour, grain, rain and snow."""
    rng = np.random.Generator(np.random.PCG64([spec.seed, 2]))
    level = np.arange(256) / 255.0
    curves = np.empty((3, 256), np.int64)
    for k in range(3):
        value = np.clip(level * spec.tint[k], 0, 1)
        value = 0.5 + (value - 0.5) * spec.contrast
        curves[k] = np.rint(255 * np.clip(value, 0, 1))
    x0, y0 = (int(v) for v in rng.integers(1024 - max(picture.shape), size=2))
    out = _tone(picture, curves, round(spec.saturation * 256), _tiles()[1], x0, y0, round(spec.grain * 4))
    if spec.weather in ("rain", "snowfall"):
        fall(rng, out, spec.weather == "rain")
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


def fall(rng: Generator, picture: U8, rain: bool) -> None:
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
