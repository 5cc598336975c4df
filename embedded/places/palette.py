"""Colours and words that places share, and the sky over them."""

from __future__ import annotations

import numpy as np

from embedded.scene import Brush
from embedded.texture import Colour

GREENS: tuple[Colour, ...] = ((58, 92, 40), (84, 118, 46), (42, 70, 36), (110, 132, 58), (70, 98, 62))

AUTUMN: tuple[Colour, ...] = ((164, 96, 38), (132, 70, 30), (180, 130, 52), (96, 84, 40), (120, 50, 30))

STONES: tuple[Colour, ...] = ((122, 116, 108), (92, 88, 84), (148, 140, 128), (74, 72, 74))

FACADES: tuple[Colour, ...] = (
    (168, 92, 70), (196, 178, 146), (142, 132, 122), (186, 146, 104), (120, 88, 78), (208, 196, 172), (128, 140, 150),
)  # fmt: skip

WOOD: tuple[Colour, ...] = ((110, 70, 42), (134, 92, 56), (88, 58, 40), (152, 112, 72))

PAPERS: tuple[Colour, ...] = ((126, 140, 112), (164, 132, 100), (104, 116, 138), (150, 104, 98), (176, 164, 132))

FRUIT: tuple[Colour, ...] = (
    (196, 52, 40),
    (222, 140, 40),
    (226, 196, 70),
    (110, 150, 56),
    (120, 50, 84),
    (210, 90, 60),
)


def sky(brush: Brush, top: Colour, low: Colour, clouds: int) -> None:
    """Cover the layer with a sky; ``clouds`` is their share of the brightness in 1/256."""
    brush.fill(top, low)
    area = brush.picture
    puffs = brush.noise.piece(brush.rng, area.shape[:2], "soft", (1.6, 0.8)).astype(np.int32)
    puffs = (np.clip(puffs + 10, 0, 140) * clouds) >> 7
    white = np.array([250, 248, 244], np.int32)
    area[..., :3] = (area[..., :3] * (256 - puffs[..., None]) + white * puffs[..., None]) >> 8


def scaled(colour: Colour, by: float) -> Colour:
    """The colour made darker or lighter by a factor."""
    r, g, b = (min(255, int(c * by)) for c in colour)
    return (r, g, b)
