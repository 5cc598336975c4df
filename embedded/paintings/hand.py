"""A painter's hand: the brush strokes and colours in which a painter paints a given scene."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator

from embedded.paintings.canvas import ROUGH, Canvas
from embedded.raster import U8

DARKEST = 58.0
"""Lowest mean of a painting's pixels: photographs of dark paintings are brightened too."""


MOST_STROKES = 1700
"""Of one width; smooth painting would need many more, and looks the same without them."""


@dataclass(frozen=True)
class Hand:
    """The properties of a painter's hand.

    Attributes
    ----------
    stroke: width of the broadest strokes as a share of the height; 0.01 is smooth, 0.04 broad.
    long: length of a stroke in its widths.
    loose: how much the colours of strokes differ from the motif, in levels.
    across: share of strokes that follow a direction of the painter's own instead of the shapes.
    angle: that direction, in degrees.
    contrast, saturation: factors about the picture's mean and its grey.
    tint: factors of red, green and blue.
    gloom: how dark the corners are, from 0 to 1.
    detail: share of fine strokes that are laid.
    """

    stroke: float = 0.02
    long: float = 4.0
    loose: float = 6.0
    across: float = 0.0
    angle: float = 30.0
    contrast: float = 1.0
    saturation: float = 1.0
    tint: tuple[float, float, float] = (1.0, 1.0, 1.0)
    gloom: float = 0.2
    detail: float = 1.0


def painted(canvas: Canvas, hand: Hand) -> U8:
    """The canvas as the hand paints it, uint8 (h, w, 3), RGB."""
    motif = _toned(canvas, hand)
    picture = cv2.GaussianBlur(motif, (0, 0), max(0.8, hand.stroke * canvas.height / 3))
    rng = canvas.rng
    for share, fine in ((1.0, False), (0.55, True), (0.3, True)):
        _strokes(picture, motif, max(1.0, share * hand.stroke * canvas.height), hand, rng, fine)
    return _on_canvas(picture, canvas, hand)


def _toned(canvas: Canvas, hand: Hand) -> U8:
    """The motif in the painter's colours."""
    pixels = canvas.pixels.astype(np.float32)
    grey = pixels.mean(axis=2, keepdims=True)
    pixels = grey + (pixels - grey) * hand.saturation
    mean = pixels.mean()
    pixels = mean + (pixels - mean) * hand.contrast
    h, w = pixels.shape[:2]
    y, x = np.linspace(-1, 1, h, dtype=np.float32)[:, None], np.linspace(-1, 1, w, dtype=np.float32)[None, :]
    dark = 1 - hand.gloom * np.minimum(1, 0.5 * (x * x + y * y))
    pixels *= dark[..., None] * np.array(hand.tint, np.float32)
    pixels *= max(1.0, DARKEST / float(pixels.mean()))
    return np.clip(pixels, 0, 255).astype(np.uint8)


def _strokes(picture: U8, motif: U8, width: float, hand: Hand, rng: Generator, fine: bool) -> None:
    """Lay strokes of one width in place; fine ones only where the picture is not yet like the motif."""
    h, w = motif.shape[:2]
    soft = cv2.GaussianBlur(motif, (0, 0), max(0.6, width / 3))
    grey = cv2.cvtColor(soft, cv2.COLOR_RGB2GRAY)
    wide = cv2.GaussianBlur(grey, (0, 0), 2.0)
    gx, gy = cv2.Sobel(wide, cv2.CV_32F, 1, 0), cv2.Sobel(wide, cv2.CV_32F, 0, 1)
    n = int(1.6 * h * w / (width * width * hand.long))
    n = min(n if not fine else int(n * hand.detail), MOST_STROKES)
    ys, xs = rng.integers(h, size=n), rng.integers(w, size=n)
    if fine:
        off = np.abs(picture[ys, xs].astype(np.int16) - soft[ys, xs]).sum(axis=1) > 24
        ys, xs = ys[off], xs[off]
        n = len(ys)
    along = np.arctan2(gx[ys, xs], -gy[ys, xs])
    flat = np.hypot(gx[ys, xs], gy[ys, xs]) < 6
    own = np.deg2rad(hand.angle)
    along = np.where(flat | (rng.random(n) < hand.across), own, along) + rng.normal(0, 0.2, n)
    half = 0.5 * width * (hand.long if not fine else 0.6 * hand.long) * rng.uniform(0.6, 1.4, n)
    dx, dy = half * np.cos(along), half * np.sin(along)
    loose = rng.normal(0, hand.loose * (0.5 if fine else 1.0), (n, 1)) + rng.normal(0, hand.loose / 2, (n, 3))
    colours = np.clip(soft[ys, xs] + loose, 0, 255).tolist()
    ends = np.rint(16 * np.stack([xs - dx, ys - dy, xs + dx, ys + dy], axis=1)).astype(int).tolist()
    thick = max(1, round(width))
    for (x0, y0, x1, y1), colour in zip(ends, colours, strict=True):
        cv2.line(picture, (x0, y0), (x1, y1), colour, thick, cv2.LINE_AA, 4)


def _on_canvas(picture: U8, canvas: Canvas, hand: Hand) -> U8:
    """Threads of the canvas, and paint that stands up where strokes are broad."""
    h, w = picture.shape[:2]
    weave = ((np.arange(h)[:, None] + np.arange(w)[None, :]) % 2).astype(np.float32) * 4 - 2
    relief = cv2.Laplacian(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), cv2.CV_32F, ksize=1)
    bumps = 2.5 * canvas.noise(ROUGH) - min(0.2, 6 * hand.stroke) * relief + weave
    return np.clip(picture + bumps[..., None], 0, 255).astype(np.uint8)
