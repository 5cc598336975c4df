"""The title at the beginning of a film and the credits at its end."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from embedded.raster import U8
from embedded.scene import FINER, Layer, Location, write
from embedded.setup import Move, Setup

TITLE, CREDITS = 0, 1
"""Numbers of their set-ups; those of the film follow."""

_GIVEN = [
    "Ada",
    "Bruno",
    "Cleo",
    "Dorian",
    "Elif",
    "Farid",
    "Greta",
    "Hugo",
    "Ines",
    "Jonas",
    "Kaya",
    "Lior",
    "Mina",
    "Noor",
    "Otto",
    "Pia",
]
_FAMILY = [
    "Abelard",
    "Brandt",
    "Castel",
    "Duarte",
    "Eklund",
    "Ferro",
    "Garnier",
    "Holt",
    "Ivers",
    "Jansen",
    "Kovac",
    "Lindqvist",
    "Moreau",
    "Novak",
]
_TRADES = ("Directed by", "Written by", "Photography", "Editing", "Music", "Production design", "Costumes", "Sound")


def title(words: str, width: int, height: int) -> Setup:
    """The title, white on black, which slowly grows."""
    card = _black(width, height)
    x, y = width * FINER / 2, height * FINER * 0.53
    write(card, words.upper(), (x, y), 0.055 * width * FINER, (232, 226, 210))
    small = 0.024 * width * FINER
    write(card, "a film drawn from a seed", (x, y + 2 * small), small, (150, 146, 138))
    return _setup(TITLE, "title", card, width, height, Move(zoom=1.1), scale=1.02)


def closing(rng: Generator, width: int, height: int) -> Setup:
    """Made-up names that run up the screen: a trade, two names; a trade, two names."""
    line = 0.042 * width
    tall = 3 * line * len(_TRADES) + 0.5 * height
    roll = _black(width, tall)
    x, y = width * FINER / 2, 0.3 * height
    for trade in _TRADES:
        write(roll, trade, (x, y * FINER), 0.022 * width * FINER, (150, 148, 142))
        for _ in range(2):
            y += line
            name = f"{_GIVEN[int(rng.integers(len(_GIVEN)))]} {_FAMILY[int(rng.integers(len(_FAMILY)))]}"
            write(roll, name, (x, y * FINER), 0.031 * width * FINER, (230, 228, 222))
        y += line
    return _setup(CREDITS, "credits", roll, width, height, Move(dy=tall - height))


def _black(width: float, height: float) -> U8:
    card = np.zeros((round(height * FINER), round(width * FINER), 4), np.uint8)
    card[..., 3] = 255
    return card


def _setup(number: int, kind: str, card: U8, width: int, height: int, move: Move, scale: float = 1.0) -> Setup:
    place = Location((Layer(card, 1.0),), width, height, 0.0, 0.0)
    return Setup(number, kind, kind, place, scale=scale, move=move)
