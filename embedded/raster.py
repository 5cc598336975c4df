"""The inner loops of drawing a film, in whole numbers.

All loops over the pixels of frames are here, compiled, and use integers only, so that a film is the same on every
computer: floating-point loops round differently where the processor offers other instructions.

A *layer* is a picture with transparency, ``uint8 (h, w, 4)``, its colours already multiplied by its opacity.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from vretlib.kernels import njit

U8 = NDArray[np.uint8]
I16 = NDArray[np.int16]

PixelBox = tuple[int, int, int, int]
"""x1, y1, x2, y2 in pixels, the far corner included."""

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
    # The frame's rows that the layer may reach. The columns follow, row by row, in whole numbers.
    top, bottom = f + min(0.0, d * width) + min(0.0, e * height), f + max(0.0, d * width) + max(0.0, e * height)
    v0, v1 = max(0, math.floor(top)), min(frame.shape[0], math.ceil(bottom) + 1)
    if v0 >= v1:
        return
    det = a * e - b * d
    back = (e / det, -b / det, (b * f - c * e) / det, -d / det, a / det, (c * d - a * f) / det)
    inverse = np.array([round(value * _ONE) for value in back], dtype=np.int64)
    _draw(frame.view(np.uint32)[..., 0], layer.view(np.uint32)[..., 0], inverse, v0, v1)


# The four bytes of a pixel are worked on at once, each in 16 bits of one 64-bit number: the first, the third, the
# second and, on top, the fourth, its opacity.
_LANES = np.uint64(0x00FF00FF00FF00FF)
_HALVES = np.uint64(0x0080008000800080)
_WORD = np.uint64(0xFFFFFFFF)
_U1, _U7, _U8, _U16, _U24, _U48 = (np.uint64(n) for n in (1, 7, 8, 16, 24, 48))
_OPAQUE, _U256 = np.uint64(255), np.uint64(256)


@njit(inline="always")
def _spread(pixel):  # type: ignore[no-untyped-def]
    wide = np.uint64(pixel)
    return (wide | (wide << _U24)) & _LANES


@njit(inline="always")
def _packed(wide):  # type: ignore[no-untyped-def]
    return np.uint32((wide | (wide >> _U24)) & _WORD)


@njit(inline="always")
def _between(a, b, share):  # type: ignore[no-untyped-def]
    # A lane may borrow from the next one in b - a; adding a gives it back: in all, a (256 - share) + b share.
    return (((a << _U8) + (b - a) * share + _HALVES) >> _U8) & _LANES


@njit(inline="always")
def _within(at, step, limit, first, last):  # type: ignore[no-untyped-def]
    """The part of the range from ``first`` to ``last`` of those n for which 0 <= at + n step < limit."""
    if step > 0:
        return max(first, -(at // step)), min(last, -((at - limit) // step))
    if step < 0:
        return max(first, (at - limit) // -step + 1), min(last, at // -step + 1)
    return first, last if 0 <= at < limit else first


@njit(nogil=True, cache=True)
def _draw(frame, layer, back, v0, v1):  # type: ignore[no-untyped-def]
    """Pixels are uint32, red in the lowest byte, opacity in the highest; ``back`` is in 1/65536 pixel."""
    height, width = layer.shape
    flat, wide = layer.ravel(), np.uint64(width)
    # Unsigned, since numba tests for every pixel whether a signed index counts from the end.
    right, down = np.uint64(back[0]), np.uint64(back[3])
    for v in range(v0, v1):
        x, y = back[1] * v + back[2], back[4] * v + back[5]
        first, last = _within(x, back[0], (width - 1) << 16, 0, frame.shape[1])
        first, last = _within(y, back[3], (height - 1) << 16, first, last)
        x, y = np.uint64(x + back[0] * first), np.uint64(y + back[3] * first)
        for u in range(first, last):
            at = (y >> _U16) * wide + (x >> _U16)
            c00, c01, c10, c11 = flat[at], flat[at + _U1], flat[at + wide], flat[at + wide + _U1]
            if c00 | c01 | c10 | c11:
                across = (x >> _U8) & _OPAQUE
                upper = _between(_spread(c00), _spread(c01), across)
                lower = _between(_spread(c10), _spread(c11), across)
                colour = _between(upper, lower, (y >> _U8) & _OPAQUE)
                alpha = colour >> _U48
                if alpha != _OPAQUE:
                    # 256 where the layer is empty, 0 where it is opaque. No byte can exceed 255: a layer's
                    # colours do not exceed its opacity.
                    through = _U256 - alpha - (alpha >> _U7)
                    colour += ((_spread(frame[v, np.uint64(u)]) * through + _HALVES) >> _U8) & _LANES
                frame[v, np.uint64(u)] = _packed(colour)
            x += right
            y += down


@njit(nogil=True, cache=True)
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


@njit(nogil=True, cache=True)
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


@njit(nogil=True, cache=True)
def develop(picture, vignette, grain, left, top, brightness, yuv):  # type: ignore[no-untyped-def]
    """Turn a drawn frame (h, w, 4) into the planes that are encoded (3h/2, w): lens, film grain, BT.601 limited range.

    ``vignette`` (h, w) and ``brightness`` are factors in 1/256; ``grain`` is a tile of luma offsets read from
    (``left``, ``top``). Grain is strongest in the mid-tones, as silver grain is.
    """
    height, width = picture.shape[0], picture.shape[1]
    pixels, dim = picture.view(np.int32).reshape(height, width), np.int32(brightness)
    chroma = yuv.ravel()[height * width :].reshape(2, height >> 1, width >> 1)
    for j in range(height):
        _luma(pixels[j], vignette[j], grain[top + j, left : left + width], dim, yuv[j])
    for j in range(0, height, 2):
        _chroma(pixels[j : j + 2], vignette[j : j + 2], dim, chroma[0, j >> 1], chroma[1, j >> 1])


# One function per row of a plane and pixels as whole words let the compiler work on many pixels at once.


@njit(inline="always")
def _lit(pixel, gain):  # type: ignore[no-untyped-def]
    red, green, blue = np.int32(pixel & 255), np.int32((pixel >> 8) & 255), np.int32((pixel >> 16) & 255)
    return (red * gain) >> 16, (green * gain) >> 16, (blue * gain) >> 16


@njit(nogil=True, cache=True)
def _luma(pixels, vignette, grain, brightness, out):  # type: ignore[no-untyped-def]
    for i in range(np.uint64(len(out))):
        r, g, b = _lit(pixels[i], vignette[i] * brightness)
        luma = 16 + ((66 * r + 129 * g + 25 * b + 128) >> 8)
        strength = 64 + min(192, (luma - 16) * 4) - max(0, luma - 150)
        out[i] = min(235, max(16, luma + ((grain[i] * strength * brightness) >> 16)))


@njit(nogil=True, cache=True)
def _chroma(pixels, vignette, brightness, u, v):  # type: ignore[no-untyped-def]
    """Rows of both planes from two rows of pixels."""
    upper, lower, above, below = pixels[0], pixels[1], vignette[0], vignette[1]
    for k in range(np.uint64(len(u))):
        i, j = k + k, k + k + _U1
        r0, g0, b0 = _lit(upper[i], above[i] * brightness)
        r1, g1, b1 = _lit(upper[j], above[j] * brightness)
        r2, g2, b2 = _lit(lower[i], below[i] * brightness)
        r3, g3, b3 = _lit(lower[j], below[j] * brightness)
        r, g, b = r0 + r1 + r2 + r3, g0 + g1 + g2 + g3, b0 + b1 + b2 + b3
        u[k] = 128 + ((-38 * r - 74 * g + 112 * b + 512) >> 10)
        v[k] = 128 + ((112 * r - 94 * g - 18 * b + 512) >> 10)


@njit(nogil=True, cache=True)
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


@njit(nogil=True, cache=True)
def show(light, picture, to_light, rows, columns, black, inside, left, top):  # type: ignore[no-untyped-def]
    """Put a picture's light (through the table ``to_light``) where ``inside`` is true, in place.

    ``rows`` (h, w) and ``columns`` (h, w, 3) are the transmission of the screen's pixel grid in 1/4096.
    """
    for j in range(picture.shape[0]):
        for i in range(picture.shape[1]):
            if inside[j, i]:
                for k in range(3):
                    gain = (np.int64(rows[j, i]) * columns[j, i, k]) >> 12
                    value = ((np.int64(to_light[picture[j, i, k]]) * gain) >> 12) + black
                    light[top + j, left + i, k] = min(65535, value)
