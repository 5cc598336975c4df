"""The inner loops of drawing a film, in whole numbers.

Everything that touches each pixel of each frame is here, compiled, and uses integers only: a film must come out the
same on every computer, and floating-point loops round differently where the processor offers other instructions.

A *layer* is a picture with transparency, ``uint8 (h, w, 4)``, its colours already multiplied by its opacity.
"""

from __future__ import annotations

import math

import numba
import numpy as np
from numpy.typing import NDArray

U8 = NDArray[np.uint8]
I16 = NDArray[np.int16]

Affine = tuple[float, float, float, float, float, float]
"""(a, b, c, d, e, f): x' = a x + b y + c, y' = d x + e y + f, between pixel positions."""

_ONE = 1 << 16


def compose(outer: Affine, inner: Affine) -> Affine:
    """The map that applies ``inner`` first and then ``outer``."""
    a, b, c, d, e, f = outer
    g, h, i, j, k, m = inner
    return (a * g + b * j, a * h + b * k, a * i + b * m + c, d * g + e * j, d * h + e * k, d * i + e * m + f)


def placed(scale: float, angle: float, origin: tuple[float, float], at: tuple[float, float]) -> Affine:
    """Scale and turn (radians) a picture about its point ``origin``, which goes to ``at``."""
    a, b = scale * math.cos(angle), scale * math.sin(angle)
    return (a, -b, at[0] - a * origin[0] + b * origin[1], b, a, at[1] - b * origin[0] - a * origin[1])


def draw(frame: U8, layer: U8, forward: Affine) -> None:
    """Draw a layer into a frame, in place; ``forward`` maps the layer's pixels to the frame's."""
    a, b, c, d, e, f = forward
    height, width = layer.shape[:2]
    xs = [a * x + b * y + c for x in (0, width) for y in (0, height)]
    ys = [d * x + e * y + f for x in (0, width) for y in (0, height)]
    u0, u1 = max(0, math.floor(min(xs))), min(frame.shape[1], math.ceil(max(xs)) + 1)
    v0, v1 = max(0, math.floor(min(ys))), min(frame.shape[0], math.ceil(max(ys)) + 1)
    if u0 >= u1 or v0 >= v1:
        return
    det = a * e - b * d
    back = (e / det, -b / det, (b * f - c * e) / det, -d / det, a / det, (c * d - a * f) / det)
    _draw(frame, layer, np.array([round(value * _ONE) for value in back], dtype=np.int64), u0, u1, v0, v1)


@numba.njit(nogil=True, cache=True)
def _draw(frame, layer, back, u0, u1, v0, v1):  # type: ignore[no-untyped-def]
    height, width = layer.shape[0], layer.shape[1]
    for v in range(v0, v1):
        x, y = back[0] * u0 + back[1] * v + back[2], back[3] * u0 + back[4] * v + back[5]
        for u in range(u0, u1):
            i, j = x >> 16, y >> 16
            if 0 <= i < width - 1 and 0 <= j < height - 1:
                a00, a01 = np.int32(layer[j, i, 3]), np.int32(layer[j, i + 1, 3])
                a10, a11 = np.int32(layer[j + 1, i, 3]), np.int32(layer[j + 1, i + 1, 3])
                if a00 | a01 | a10 | a11:
                    p, q = np.int32((x >> 8) & 255), np.int32((y >> 8) & 255)
                    w11 = p * q
                    w01, w10 = (p << 8) - w11, (q << 8) - w11
                    w00 = 65536 - w01 - w10 - w11
                    through = 255 - ((w00 * a00 + w01 * a01 + w10 * a10 + w11 * a11 + 32768) >> 16)
                    for k in range(3):
                        colour = (
                            w00 * layer[j, i, k]
                            + w01 * layer[j, i + 1, k]
                            + w10 * layer[j + 1, i, k]
                            + w11 * layer[j + 1, i + 1, k]
                            + 32768
                        ) >> 16
                        behind = through * np.int32(frame[v, u, k])
                        frame[v, u, k] = min(255, colour + ((behind + (behind >> 8) + 128) >> 8))
            x += back[0]
            y += back[3]


@numba.njit(nogil=True, cache=True)
def shade(picture, noise, contrast):  # type: ignore[no-untyped-def]
    """Brighten and darken a picture (h, w, 3 or 4) in place by noise of standard deviation 64.

    ``contrast`` is the effect of one standard deviation in 1/256. A layer's colours stay below its opacity.
    """
    layered = picture.shape[2] == 4
    for j in range(picture.shape[0]):
        for i in range(picture.shape[1]):
            gain = 256 + ((np.int32(noise[j, i]) * contrast) >> 6)
            limit = np.int32(picture[j, i, 3]) if layered else 255
            for k in range(3):
                picture[j, i, k] = min(limit, max(0, (np.int32(picture[j, i, k]) * gain + 128) >> 8))


@numba.njit(nogil=True, cache=True)
def mix(first, second, weight):  # type: ignore[no-untyped-def]
    """(1 - weight) first + weight second, with ``weight`` in 1/256: one frame of a dissolve."""
    out = np.empty_like(first)
    a, b, c = first.ravel(), second.ravel(), out.ravel()
    for n in range(a.size):
        c[n] = (np.int32(a[n]) * (256 - weight) + np.int32(b[n]) * weight + 128) >> 8
    return out


@numba.njit(nogil=True, cache=True)
def develop(picture, vignette, grain, left, top, brightness, yuv):  # type: ignore[no-untyped-def]
    """From a drawn frame (h, w, 3) to the planes that are encoded (3h/2, w): lens, film grain, BT.601 limited range.

    ``vignette`` (h, w) and ``brightness`` are factors in 1/256; ``grain`` is a tile of luma offsets read from
    (``left``, ``top``). Grain is strongest in the mid-tones, as silver grain is.
    """
    height, width = picture.shape[0], picture.shape[1]
    flat = yuv.ravel()
    quarter = (height >> 1) * (width >> 1)
    for j in range(0, height, 2):
        for i in range(0, width, 2):
            red, green, blue = np.int32(0), np.int32(0), np.int32(0)
            for n in range(4):
                jj, ii = j + (n >> 1), i + (n & 1)
                gain = np.int32(vignette[jj, ii]) * brightness
                r = (np.int32(picture[jj, ii, 0]) * gain) >> 16
                g = (np.int32(picture[jj, ii, 1]) * gain) >> 16
                b = (np.int32(picture[jj, ii, 2]) * gain) >> 16
                luma = 16 + ((66 * r + 129 * g + 25 * b + 128) >> 8)
                strength = 64 + min(192, (luma - 16) * 4) - max(0, luma - 150)
                offset = (np.int32(grain[top + jj, left + ii]) * strength * brightness) >> 16
                yuv[jj, ii] = min(235, max(16, luma + offset))
                red, green, blue = red + r, green + g, blue + b
            chroma = height * width + (j >> 1) * (width >> 1) + (i >> 1)
            flat[chroma] = 128 + ((-38 * red - 74 * green + 112 * blue + 512) >> 10)
            flat[chroma + quarter] = 128 + ((112 * red - 94 * green - 18 * blue + 512) >> 10)
