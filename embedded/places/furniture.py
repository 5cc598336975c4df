"""Windows and small things that several rooms share."""

from __future__ import annotations

from embedded.places.palette import FACADES, FRUIT, GREENS
from embedded.scene import Brush
from embedded.texture import jitter


def window(brush: Brush, x: float, slot: float, floor: float) -> None:
    rng, w, top, h = brush.rng, slot * 0.6, floor * 0.14, floor * 0.52
    brush.rect(x - w / 2 - 7, top - 7, w + 14, h + 14, (214, 208, 196))
    brush.wash(x - w / 2, top, w, h, (176, 202, 226), (226, 232, 226))
    for _ in range(4):
        brush.crown(x + w * (rng.random() - 0.5) * 0.7, top + h * 0.86, 14, GREENS, 60, 4)
    for i in (1, 2):
        brush.rect(x - w / 2 + w * i / 3 - 1.5, top, 3, h, (206, 200, 188))
    brush.rect(x - w / 2, top + h * 0.45, w, 3, (206, 200, 188))
    brush.rect(x - w / 2 - 12, top + h + 6, w + 24, 6, (190, 182, 168))
    cloth = jitter(rng, FACADES[int(rng.integers(7))], 30)
    for side in (-1, 1):
        for fold in range(7):
            at = x + side * (w / 2 - 4 + 6 * fold - 18)
            brush.rect(at - 3, top - 16, 6.5, h + 44, jitter(rng, cloth, 20))
    brush.rect(x - w / 2 - 32, top - 20, w + 64, 5, (92, 70, 44))


def thing(brush: Brush, x: float, y: float) -> None:
    """A bottle, a cup, books, a bowl of fruit or flowers, standing on y."""
    rng, kind = brush.rng, int(brush.rng.integers(5))
    tone = jitter(rng, (*FACADES, *GREENS)[int(rng.integers(12))], 40)
    if kind == 0:
        tall = 30 + 16 * rng.random()
        brush.rect(x - 6, y - tall * 0.65, 12, tall * 0.65, tone)
        brush.rect(x - 2.4, y - tall, 4.8, tall * 0.4, tone)
        brush.rect(x - 6, y - tall * 0.42, 12, tall * 0.22, (226, 218, 196))
        brush.line([(x - 4, y - tall * 0.6), (x - 4, y - 3)], 1, (236, 236, 230))
    elif kind == 1:
        brush.rect(x - 6, y - 12, 12, 12, (222, 218, 208))
        brush.disc(x + 7.5, y - 6, 4, 4, (222, 218, 208))
        brush.disc(x, y - 12, 6, 1.8, (96, 62, 44))
        brush.rect(x - 6, y - 7, 12, 2, tone)
    elif kind == 2:
        for i in range(int(rng.integers(2, 6))):
            wide = 24 + 8 * rng.random()
            brush.rect(x - wide / 2, y - 5 * (i + 1), wide, 4.6, jitter(rng, FACADES[int(rng.integers(7))], 40))
    elif kind == 3:
        for _ in range(9):
            colour = jitter(rng, FRUIT[int(rng.integers(6))], 16)
            fx, fy = x + 13 * (2 * rng.random() - 1), y - 9 - 9 * rng.random()
            brush.disc(fx, fy, 5.5, 5.5, colour)
            brush.disc(fx - 1.8, fy - 2, 1.3, 1, (246, 240, 226))
        brush.poly([(x - 19, y - 12), (x + 19, y - 12), (x + 10, y), (x - 10, y)], tone)
    else:
        brush.poly([(x - 7, y - 20), (x + 7, y - 20), (x + 5, y), (x - 5, y)], tone)
        brush.crown(x, y - 34, 15, (*GREENS[:2], *FRUIT[:3], (232, 220, 226)), 46, 3.6)
