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
    """Draw a layer into a frame, uint8 (h, w, 4), in place; ``forward`` maps the layer's pixels to the frame's."""
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
    inverse = np.array([round(value * _ONE) for value in back], dtype=np.int64)
    _draw(frame.view(np.uint32)[..., 0], layer.view(np.uint32)[..., 0], inverse, u0, u1, v0, v1)


# The four bytes of a pixel are worked on at once, each in 16 bits of one 64-bit number.
_LANES = np.uint64(0x00FF00FF00FF00FF)
_PAIRS = np.uint64(0x0000FFFF0000FFFF)
_HALVES = np.uint64(0x0080008000800080)
_WORD = np.uint64(0xFFFFFFFF)
_U8, _U16, _U48, _U256 = np.uint64(8), np.uint64(16), np.uint64(48), np.uint64(256)
_OPAQUE, _U7 = np.uint64(255), np.uint64(7)


@numba.njit(inline="always")
def _spread(pixel):  # type: ignore[no-untyped-def]
    wide = np.uint64(pixel)
    wide = (wide | (wide << _U16)) & _PAIRS
    return (wide | (wide << _U8)) & _LANES


@numba.njit(inline="always")
def _packed(wide):  # type: ignore[no-untyped-def]
    wide = (wide | (wide >> _U8)) & _PAIRS
    return np.uint32((wide | (wide >> _U16)) & _WORD)


@numba.njit(inline="always")
def _between(a, b, share):  # type: ignore[no-untyped-def]
    return ((a * (_U256 - share) + b * share + _HALVES) >> _U8) & _LANES


@numba.njit(nogil=True, cache=True)
def _draw(frame, layer, back, u0, u1, v0, v1):  # type: ignore[no-untyped-def]
    """Pixels are uint32, red in the lowest byte, opacity in the highest; ``back`` is in 1/65536 pixel."""
    height, width = layer.shape
    for v in range(v0, v1):
        x, y = back[0] * u0 + back[1] * v + back[2], back[3] * u0 + back[4] * v + back[5]
        for u in range(u0, u1):
            i, j = x >> 16, y >> 16
            if 0 <= i < width - 1 and 0 <= j < height - 1:
                c00, c01, c10, c11 = layer[j, i], layer[j, i + 1], layer[j + 1, i], layer[j + 1, i + 1]
                if c00 | c01 | c10 | c11:
                    across, down = np.uint64((x >> 8) & 255), np.uint64((y >> 8) & 255)
                    upper = _between(_spread(c00), _spread(c01), across)
                    lower = _between(_spread(c10), _spread(c11), across)
                    colour = _between(upper, lower, down)
                    alpha = colour >> _U48
                    if alpha != _OPAQUE:
                        # 256 where the layer is empty, 0 where it is opaque. No byte can exceed 255: a layer's
                        # colours do not exceed its opacity.
                        through = _U256 - alpha - (alpha >> _U7)
                        colour += ((_spread(frame[v, u]) * through + _HALVES) >> _U8) & _LANES
                    frame[v, u] = _packed(colour)
            x += back[0]
            y += back[3]


@numba.njit(nogil=True, cache=True)
def regrade(picture, curves, saturation):  # type: ignore[no-untyped-def]
    """Change the colours of a layer in place: ``saturation`` in 1/256 about its grey, then ``curves`` (3, 256)."""
    for j in range(picture.shape[0]):
        for i in range(picture.shape[1]):
            alpha = np.int32(picture[j, i, 3])
            if alpha:
                r, g, b = np.int32(picture[j, i, 0]), np.int32(picture[j, i, 1]), np.int32(picture[j, i, 2])
                grey = (77 * r + 150 * g + 29 * b) >> 8
                for k in range(3):
                    moved = grey + (((np.int32(picture[j, i, k]) - grey) * saturation) >> 8)
                    picture[j, i, k] = min(alpha, np.int32(curves[k, min(255, max(0, moved))]))


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


def mix(first: U8, second: U8, weight: int) -> U8:
    """(1 - weight) first + weight second, with ``weight`` in 1/256: one frame of a dissolve."""
    return ((first.astype(np.int32) * (256 - weight) + second.astype(np.int32) * weight + 128) >> 8).astype(np.uint8)


@numba.njit(nogil=True, cache=True)
def develop(picture, vignette, grain, left, top, brightness, yuv):  # type: ignore[no-untyped-def]
    """From a drawn frame (h, w, 4) to the planes that are encoded (3h/2, w): lens, film grain, BT.601 limited range.

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


@numba.njit(nogil=True, cache=True)
def expose(light, fall, gains, noise, at, sigma, tone):  # type: ignore[no-untyped-def]
    """A sensor's picture, uint8 (h, w, 3), of linear light (h, w, 3) in 1/65535.

    ``fall`` (h, w) and ``gains`` (3,) are factors in 1/4096; ``noise`` is a tile of unit noise in 1/256, read for each
    colour from its row and column in ``at`` (3, 2); ``sigma`` (256,) is the noise's strength by the light's high byte,
    and ``tone`` (4096,) the byte that is stored for the light's high 12 bits.
    """
    height, width = light.shape[0], light.shape[1]
    out = np.empty((height, width, 3), np.uint8)
    for j in range(height):
        for i in range(width):
            for k in range(3):
                lit = (np.int64(light[j, i, k]) * ((np.int64(fall[j, i]) * gains[k]) >> 12)) >> 12
                lit = min(65535, lit)
                lit += (np.int64(noise[at[k, 0] + j, at[k, 1] + i]) * sigma[lit >> 8]) >> 8
                out[j, i, k] = tone[min(65535, max(0, lit)) >> 4]
    return out


@numba.njit(nogil=True, cache=True)
def show(light, seen, to_light, rows, columns, black, inside, left, top):  # type: ignore[no-untyped-def]
    """Put a picture's light (through the table ``to_light``) where ``inside`` is true, in place.

    ``rows`` (h, w) and ``columns`` (h, w, 3) are the transmission of the screen's pixel grid in 1/4096.
    """
    for j in range(seen.shape[0]):
        for i in range(seen.shape[1]):
            if inside[j, i]:
                for k in range(3):
                    gain = (np.int64(rows[j, i]) * columns[j, i, k]) >> 12
                    value = ((np.int64(to_light[seen[j, i, k]]) * gain) >> 12) + black
                    light[top + j, left + i, k] = min(65535, value)
