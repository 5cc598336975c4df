"""Graphics of a newsroom: lower thirds, logos, tickers, charts and maps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.path import Path
from numpy.random import Generator

from embedded import raster
from embedded.raster import U8
from embedded.scene import Brush, Layer, Location, lettering, write
from embedded.setup import Setup
from embedded.texture import Colour, Noise, jitter

SANS = "DejaVu Sans"


@dataclass(frozen=True)
class Overlay:
    """A picture laid over a shot at (x, y) of the frame, from share ``first`` to ``last`` of the shot.

    ``speed`` moves it to the left, in pixels per second of performance time, as a ticker's words move.
    """

    picture: U8
    x: float
    y: float
    first: float = 0.0
    last: float = 1.0
    speed: float = 0.0


@dataclass(frozen=True)
class Overlaid(Setup):
    """A set-up with graphics over it."""

    overlays: tuple[Overlay, ...] = ()

    def draw(self, frame: U8, t: float, progress: float) -> None:
        """Draw the picture at performance time t, and over it the graphics at ``progress``, a share of the shot."""
        super().draw(frame, t, progress)
        for over in self.overlays:
            if over.first <= min(max(progress, 0.0), 0.999) < over.last:
                # Drawing asks for a pixel to the right and below: half a pixel in, none of the picture is lost.
                x = over.x - over.speed * t
                raster.draw(frame, over.picture, (1.0, 0.0, x, 0.0, 1.0, over.y))


def lower_third(width: int, words: str, below: str, colour: Colour) -> U8:
    """A name or a headline in a bar of the channel's colour, and a line below it."""
    bar = np.zeros((31, width, 4), np.uint8)
    bar[:18, :-1] = (*colour, 255)
    bar[18:30, :-1] = (232, 232, 230, 255)
    _left(bar, words, 7, 13.5, 11.5, (250, 250, 250))
    _left(bar, below, 7, 27, 8.5, (30, 32, 38))
    return bar


def logo(letters: str, colour: Colour) -> U8:
    """A channel's mark for the corner."""
    mark = np.zeros((19, 33, 4), np.uint8)
    mark[:18, :32] = (*colour, 255)
    mark[13:16, 3:29] = (250, 250, 250, 255)
    write(mark, letters, (16, 11), 10.5, (250, 250, 250), SANS)
    return mark


def badge(words: str, colour: Colour) -> U8:
    """A small label such as LIVE."""
    mark = np.zeros((13, 10 + 6 * len(words), 4), np.uint8)
    mark[:12, :-1] = (*colour, 255)
    write(mark, words, (mark.shape[1] / 2, 9.2), 8.5, (255, 255, 255), SANS)
    return mark


def ticker(width: int, words: str) -> tuple[U8, U8]:
    """The bar at the foot of the frame, and the words that run over it."""
    bar = np.zeros((14, width + 1, 4), np.uint8)
    bar[:13] = (24, 26, 34, 255)
    line = np.zeros((14, max(width, 7 * len(words)), 4), np.uint8)
    _left(line, words, 2, 9.6, 9.0, (236, 236, 230))
    return bar, line


def framed(picture: U8, width: int) -> U8:
    """A still of a story in a white frame, as shown beside the presenter; ``picture`` has four channels."""
    framed_ = np.full((picture.shape[0] + 4, width + 4, 4), 245, np.uint8)
    framed_[..., 3] = 255
    framed_[2:-2, 2:-2] = picture[:, :width]
    return framed_


def chart(rng: Generator, noise: Noise, w: int, h: int, words: str, colour: Colour) -> Location:
    """Figures of a story: bars or a line over a grid, with a heading."""
    brush, width, height = _card(rng, noise, w, h, colour, words)
    left, floor, top = 0.16 * width, 0.82 * height, 0.3 * height
    step = 5 * int(rng.integers(1, 9))
    for k in range(5):
        y = floor - (floor - top) * k / 4
        brush.line([(left, y), (0.88 * width, y)], 0.8, (206, 210, 216))
        brush.text(left - 14, y + 3, str(k * step), 8, (190, 196, 206))
    n = int(rng.integers(4, 8))
    values = 0.15 + 0.8 * rng.random(n)
    ink = jitter(rng, ((226, 140, 50), (90, 190, 120), (230, 90, 80), (110, 170, 230))[int(rng.integers(4))], 20)
    xs = left + (0.72 * width) * (np.arange(n) + 0.5) / n
    if rng.random() < 0.6:
        for x, value in zip(xs, values, strict=True):
            tall = value * (floor - top)
            brush.rect(x - 0.24 * width / n, floor - tall, 0.48 * width / n, tall, jitter(rng, ink, 16))
    else:
        points = [(float(x), float(floor - v * (floor - top))) for x, v in zip(xs, values, strict=True)]
        brush.line(points, 3.0, ink)
        for x, y in points:
            brush.disc(x, y, 4, 4, (245, 245, 240))
    return _flat(brush, w, h)


def town_map(rng: Generator, noise: Noise, w: int, h: int, words: str, colour: Colour) -> Location:
    """A map of the place of a story: land and water, roads, towns, a mark."""
    brush, width, height = _card(rng, noise, w, h, colour, words)
    x0, y0, x1, y1 = 0.1 * width, 0.26 * height, 0.9 * width, 0.86 * height
    brush.rect(x0, y0, x1 - x0, y1 - y0, jitter(rng, (96, 140, 180), 16))
    land = Brush(rng, noise, x1 - x0, y1 - y0)
    lw, lh = land.width, land.height
    edge = [(0.0, lh * (0.2 + 0.5 * rng.random()))]
    edge += [(lw * k / 12, lh * (0.15 + 0.45 * rng.random())) for k in range(1, 13)]
    land.poly([*edge, (lw, lh), (0, lh)], jitter(rng, (150, 170, 112), 24))
    for _ in range(4):
        points = [(lw * rng.random(), lh * (0.5 + 0.5 * rng.random())) for _ in range(4)]
        land.line(points, 2.0, (236, 222, 170))
    area = brush.inside(x0, y0, x1 - x0, y1 - y0)
    piece = land.picture[: area.shape[0], : area.shape[1]]
    area[piece[..., 3] > 127] = piece[piece[..., 3] > 127]
    for _ in range(5):
        x, y = x0 + lw * rng.random(), y0 + lh * (0.5 + 0.45 * rng.random())
        brush.disc(x, y, 2.5, 2.5, (60, 60, 66))
    x, y = x0 + lw * (0.2 + 0.6 * rng.random()), y0 + lh * (0.55 + 0.3 * rng.random())
    brush.disc(x, y - 16, 9, 9, (214, 40, 44))
    brush.poly([(x - 8, y - 12), (x + 8, y - 12), (x, y)], (214, 40, 44))
    brush.disc(x, y - 16, 3.5, 3.5, (250, 250, 250))
    return _flat(brush, w, h)


def _card(rng: Generator, noise: Noise, w: int, h: int, colour: Colour, words: str) -> tuple[Brush, float, float]:
    width, height = w * 1.08, h * 1.08
    brush = Brush(rng, noise, width, height)
    dark: Colour = (colour[0] // 3 + 12, colour[1] // 3 + 14, colour[2] // 3 + 20)
    brush.fill(jitter(rng, dark, 16), jitter(rng, colour, 24))
    brush.grain(5, "soft")
    brush.text(width / 2, 0.17 * height, words, 15, (250, 250, 250), SANS)
    brush.line([(0.1 * width, 0.2 * height), (0.9 * width, 0.2 * height)], 1.2, (226, 226, 220))
    return brush, width, height


def _flat(brush: Brush, w: int, h: int) -> Location:
    return Location((Layer(brush.picture, 1.0),), w * 1.08, h * 1.08, 0.0, 0.0)


def _left(picture: U8, words: str, x: float, y: float, size: float, colour: Colour) -> None:
    """Words from x to the right, shortened until they fit."""
    while words:
        wide = extent(words, size)
        if x + wide < picture.shape[1] - 4:
            write(picture, words, (x + wide / 2, y), size, colour, SANS)
            return
        words = words[:-1]


def extent(words: str, size: float) -> float:
    """Width of words in pixels."""
    path = lettering(words, size, SANS)
    # The control points of letters lie within the extent of their curves, so the curves need not be computed.
    across = path.vertices[path.codes != Path.CLOSEPOLY, 0]
    return float(np.ptp(across)) if len(across) else 0.0
