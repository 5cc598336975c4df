"""The surfaces of a head: skull with its face, ears, neck and the shell of the hair, each a grid of points.

A grid's columns go around the vertical axis, from the back over the left and the front to the right; its rows go down.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import PchipInterpolator

from embedded.faces.mesh import F64

DENSE = 52.0
"""Pixels of the face's texture in a head unit."""
LEFT, TOP, ACROSS, DOWN = 1.35, 1.5, 2.7, 3.2
"""The texture's left and upper edge and size in head units; the middle between the eyes is (0, 0)."""
EAR_PATCH, NECK_PATCH = (0.0, 0.25), (2.45, 2.7)
"""The texture's columns, in head units from its left edge, that hold the skin of ears and neck, above all else."""

HAIR_DOWN, HAIR_DENSE = 4.0, 30.0
"""Height of the hair's texture in head units, from the top of the hair, and its pixels a unit and a radian."""


@dataclass(frozen=True)
class Surface:
    """A grid of points (r, c, 3) in head units, and of pixels (r, c, 2) in its texture."""

    points: F64
    uv: F64


def angles(n: int = 38) -> F64:
    """The columns' angles from the front, from -π on; two thirds of them in the front half."""
    t = (np.arange(n) / n) * 2.0 - 1.0
    return np.pi * (0.55 * t + 0.45 * t * np.abs(t))


def skull(shape: dict[str, float]) -> Surface:
    """Skull and face of a person without expression."""
    crown, chin = shape["crown"], -shape["chin"]
    turn = np.linspace(0.0, np.pi, 31)
    y = (crown + chin) / 2 + (crown - chin) / 2 * np.cos(turn)
    wide, front, back, middle = _rings(shape, y)
    theta = angles()
    cos, sin = np.cos(theta), np.sin(theta)
    depth = np.where(cos > 0, np.abs(cos) ** 0.85 * front[:, None], -np.abs(cos) * back[:, None])
    x = wide[:, None] * np.sign(sin) * np.abs(sin) ** 0.9
    rows = np.broadcast_to(y[:, None], x.shape)
    z = middle[:, None] + depth + np.clip(2.0 * cos, 0.0, 1.0) * relief(shape, x, rows)
    return Surface(np.stack([x, rows, z], axis=-1), np.stack([(x + LEFT) * DENSE, (TOP - rows) * DENSE], axis=-1))


def _rings(shape: dict[str, float], y: F64) -> tuple[F64, F64, F64, F64]:
    """Half width, depth before and behind the middle, and the middle's z, of the rings at some heights."""
    crown, chin, width = shape["crown"], -shape["chin"], shape["width"]
    heights = [chin, chin + 0.14, -0.78, -0.4, 0.0, 0.38, crown]
    jaw, narrow, forehead = shape["jaw"] * width, shape["chin_width"], shape["forehead"] * width
    columns = [
        [0.75 * narrow, 1.15 * narrow, jaw, 0.93 * width, width, forehead, 0.95 * forehead],
        [0.42, 0.46, 0.63, 0.87, 0.94, 0.94, 0.85],
        [0.3, 0.34, 0.52, 0.9, 1.05, 1.1, 0.95],
        [0.42, 0.37, 0.21, 0.03, 0.0, 0.0, 0.0],
    ]
    wide, front, back, middle = PchipInterpolator(heights, np.array(columns).T)(y).T
    above = np.clip((y - 0.3) / (crown - 0.3), 0.0, 1.0)
    below = np.clip((chin + 0.16 - y) / 0.16, 0.0, 1.0)
    closing = np.sqrt(np.maximum(0.0, 1.0 - above**2.4)) * np.sqrt(np.maximum(0.0, 1.0 - below**2))
    return wide * closing, front * closing, back * closing, middle


def relief(shape: dict[str, float], x: F64, y: F64) -> F64:
    """How far the features of a face stand out of its oval, in head units."""
    tip, wide = -shape["nose_y"], shape["nose_wide"]

    def bump(height: float, at: tuple[float, float], size: tuple[float, float]) -> F64:
        """Both of two bumps on the left and the right, or one in the middle."""
        side = np.abs(x) if at[0] > 0 else x
        return height * np.exp(-(((side - at[0]) / size[0]) ** 2) - ((y - at[1]) / size[1]) ** 2)

    down = np.clip((0.1 - y) / (0.1 - tip), 0.0, 1.0)
    ridge = shape["nose_bridge"] * np.minimum(1.0, 6 * down) + (shape["nose_tip"] - shape["nose_bridge"]) * down**1.5
    under = np.clip((y - tip + 0.13) / 0.13, 0.0, 1.0)
    half = 0.09 + (0.75 * wide - 0.09) * down**2
    nose = ridge * under * np.exp(-((x / half) ** 2)) * np.clip((0.2 - y) / 0.15, 0.0, 1.0)
    return (
        nose
        + bump(0.4 * shape["nose_tip"], (0.8 * wide, tip + 0.04), (0.07, 0.08))
        - bump(shape["socket"], (shape["eye_x"], 0.02), (0.23, 0.13))
        + bump(0.05, (shape["eye_x"], 0.0), (0.1, 0.07))
        + bump(0.05, (shape["eye_x"], shape["brow_y"]), (0.26, 0.08))
        + bump(shape["cheek"], (0.55, -0.38), (0.22, 0.2))
        + bump(0.06, (0.0, -shape["mouth_y"]), (0.28, 0.13))
        + bump(0.07, (0.0, -shape["chin"] + 0.2), (0.2, 0.13))
    )


def ear(shape: dict[str, float], side: int) -> Surface:
    """An ear: a flat ellipsoid that stands out from the side of the head (``side`` -1 or 1)."""
    turn, theta = np.linspace(0.0, np.pi, 7)[:, None], angles(10)[None, :]
    size, out = shape["ear"], shape["ear_out"]
    x = side * (0.97 * shape["width"] + 0.3 * out) + 0.09 * np.sin(turn) * np.sin(theta) + side * out * 0.4
    y = -0.12 + size * np.cos(turn) + 0.0 * theta
    z = -0.12 + 0.55 * size * np.sin(turn) * np.cos(theta) - 0.9 * out * side * np.sin(theta) * np.sin(turn)
    u = EAR_PATCH[0] + 0.02 + (EAR_PATCH[1] - EAR_PATCH[0] - 0.04) * (0.5 + 0.5 * np.sin(theta) * np.sin(turn))
    v = 0.02 + 0.2 * (0.5 - 0.5 * np.cos(turn)) + 0.0 * theta
    return Surface(np.stack(np.broadcast_arrays(x, y, z), axis=-1), np.stack([u, v], axis=-1) * DENSE)


def neck(shape: dict[str, float]) -> Surface:
    """The neck, down into the shoulders."""
    y, theta = np.linspace(-0.7, -2.6, 7)[:, None], angles(18)[None, :]
    wide = shape["neck"] * (1.0 + 1.6 * np.clip((-1.85 - y) / 0.75, 0.0, 1.0) ** 2)
    x, z = wide * np.sin(theta), -0.2 + 0.12 * (y + 0.7) + 0.85 * shape["neck"] * np.cos(theta)
    u = NECK_PATCH[0] + 0.03 + 0.19 * (0.5 + 0.5 * np.sin(theta)) + 0.0 * y
    v = 0.02 + 0.2 * (-0.7 - y) / 1.9 + 0.0 * theta
    return Surface(np.stack(np.broadcast_arrays(x, y, z), axis=-1), np.stack([u, v], axis=-1) * DENSE)


def shell(shape: dict[str, float], volume: float, flare: float) -> Surface:
    """The hair's outer surface, from above the crown down to the shoulders.

    ``volume`` is its distance from the skull at the top, ``flare`` how much it widens below the ears.
    """
    crown = shape["crown"]
    top = crown + volume
    y = top - np.concatenate([0.75 * (1.0 - np.cos(np.linspace(0.0, 1.35, 12))), np.linspace(0.72, 3.4, 12)])
    wide, front, back, middle = _rings(shape | {"crown": top}, np.maximum(y, -0.3))
    down = np.clip((0.1 - y) / 1.6, 0.0, 1.0)
    theta = angles()
    cos, sin = np.cos(theta), np.sin(theta)
    high = np.clip((y + 0.2) / 0.9, 0.0, 1.0)
    out = (0.035 + 0.45 * volume * high + flare * down)[:, None]
    body = np.maximum(wide, np.where(y < 0.3, shape["width"] * 0.97, 0.0))[:, None]
    round_ = np.minimum(1.0, wide / 0.3)[:, None]
    x = (body * round_ + out * round_) * np.sign(sin) * np.abs(sin) ** 0.9
    depth = np.where(cos > 0, np.abs(cos) ** 0.85 * (front[:, None] + out * round_), 0.0)
    depth = np.where(cos > 0, depth, -np.abs(cos) * (back[:, None] + out * round_))
    rows = np.broadcast_to(y[:, None], x.shape)
    uv = np.stack([(theta[None, :] + np.pi) * HAIR_DENSE + 0.0 * rows, (top - rows) * HAIR_DENSE], axis=-1)
    return Surface(np.stack([x, rows, middle[:, None] + depth], axis=-1), uv)
