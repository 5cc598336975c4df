"""The texture of what is on a head, over angle and height: its hair and how the strands run, and a knitted cap."""

from __future__ import annotations

import numpy as np

from embedded.faces.head import HAIR_DENSE, HAIR_DOWN
from embedded.faces.look import Look
from embedded.raster import I16, U8
from embedded.texture import Colour

_BAND = 0.24
"""Height of the band of a cap, in head units."""
_SIZE = (round(HAIR_DOWN * HAIR_DENSE), round(2 * np.pi * HAIR_DENSE) + 1)


def strands(look: Look, noise: I16) -> U8:
    """The hair's texture, uint8 (h, w, 4); columns by angle from the back, rows down from the top of the hair."""
    h, w = _SIZE
    top = look.shape["crown"] + look.volume
    y = top - np.arange(h, dtype=np.float32)[:, None] / HAIR_DENSE
    theta = np.arange(w, dtype=np.float32)[None, :] / HAIR_DENSE - np.float32(np.pi)
    curly = look.cut == "curly"
    along = noise[:w, : h // 6 + 1].T.repeat(6, axis=0)[:h]  # strands: fast across, slow along
    grain = (noise[:h, :w] if curly else along) / 64.0
    colour = np.array(look.hair, np.float64) * (1.0 + (0.2 if curly else 0.13) * grain)[..., None]
    colour *= (0.8 + 0.3 * np.clip((y - 0.1) / 0.9, 0.0, 1.0))[..., None]
    edge = _front(look, theta) + (0.1 if curly or look.cut == "fringe" else 0.04) * noise[300, :w] / 64.0
    ends = look.length + 0.08 * noise[310, :w] / 64.0
    side = np.abs(theta)
    # In front of the ears the hair ends at the edge of the face; behind them it hangs to its length.
    long = look.length < -0.5
    opening = 1.28 if not long else 1.05 - 0.12 * look.shape["hair_length"]
    ends = np.where(side > opening, np.minimum(ends, 0.25 if look.cut != "bald" else ends), 9.0)
    inside = np.minimum(_step(y - np.minimum(edge, ends), 0.03), 1.0)
    if look.cut == "bald":
        inside = _step(y - ends, 0.03) * _step(0.55 - y + 0.1 * (side > 2.0), 0.08) * (side > 1.2)
    thin = 0.8 if look.cut == "cropped" else 1.0
    if look.cut == "bald":
        thin = 0.75
    alpha = np.clip(255.0 * thin * inside * (1.0 if thin == 1.0 else 1.0 + 0.2 * grain), 0, 255)
    texture = np.dstack([np.clip(np.rint(colour), 0, 255), alpha]).astype(np.uint8)
    if look.hat is not None:
        _cap(texture, look.hat, y, theta)
    return texture


def _cap(texture: U8, wool: Colour, y: np.ndarray, theta: np.ndarray) -> None:
    """Pull a knitted cap over the hair, in place: ribs, a turned-up band, down to the forehead and the neck."""
    rim = 0.24 + 0.3 * np.cos(theta)
    above = y - rim
    ribs = np.abs(np.arange(theta.shape[1]) % 8 - 4)[None, :] / 4.0
    shade = 0.86 + 0.2 * ribs - 0.14 * (above < _BAND) - 0.3 * (np.abs(above - _BAND) < 0.025)
    cloth = np.clip(np.rint(np.array(wool) * shade[..., None]), 0, 255)
    covered = above > 0.0
    texture[covered, :3], texture[covered, 3] = cloth[covered], 255


def _front(look: Look, theta: np.ndarray) -> np.ndarray:
    """Height of the hairline in the front, by angle; above everything at the sides."""
    side = np.abs(theta)
    line = look.hairline - 0.2 * (side / 0.9) ** 2 + 0.12 * np.exp(-(((side - 0.55) / 0.18) ** 2)) * (look.makeup == 0)
    if look.cut == "fringe":
        line = np.minimum(line, 0.36 + 0.1 * side)
    elif look.cut in ("swept", "parted", "bob"):
        away = theta - 0.5 * look.part
        low = -np.sign(look.part) * away
        line = line - (0.26 if look.cut == "swept" else 0.18) * np.clip(low / 0.5, 0.0, 1.0) * np.exp(
            -((away / 1.0) ** 2)
        )
        line = line + 0.09 * np.exp(-((away / 0.07) ** 2))
    elif look.cut == "curly":
        line = line - 0.06
    return np.where(side < 1.35, line, 9.0)


def _step(value: np.ndarray, soft: float) -> np.ndarray:
    return np.clip(0.5 + value / soft, 0.0, 1.0)
