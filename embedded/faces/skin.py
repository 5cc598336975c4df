"""The texture of a face: a base that is painted once for a video, and eyes, brows and mouth, painted in each frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from embedded.faces.head import ACROSS, DENSE, DOWN, LEFT, TOP
from embedded.faces.identity import Identity
from embedded.faces.look import Look
from embedded.raster import I16, U8
from embedded.texture import Colour

F64 = NDArray[np.float64]
Point = tuple[float, float]
FacePoints = F64 | Sequence[Point]
_SIZE = (round(DOWN * DENSE), round(ACROSS * DENSE))


@dataclass(frozen=True)
class Expression:
    """The face at one moment: mouth and eyes open 0 to 1, smile and brows -1 to 1, gaze x and y -1 to 1."""

    mouth: float = 0.0
    smile: float = 0.0
    eyes: float = 1.0
    brows: float = 0.0
    gaze: tuple[float, float] = (0.0, 0.0)


@lru_cache(4096)
def toned(colour: Colour, factor: float, towards: Colour | None = None, share: float = 0.0) -> Colour:
    """A colour times a factor, mixed with another one."""
    values = [c * factor for c in colour]
    if towards is not None:
        values = [c * (1 - share) + t * share for c, t in zip(values, towards, strict=True)]
    r, g, b = (min(255, max(0, round(value))) for value in values)
    return r, g, b


class Face:
    """Painting on the texture in head units; points are arrays (n, 2) or lists of (x, y)."""

    def __init__(self, picture: U8) -> None:
        self.picture = picture

    def poly(self, points: FacePoints, colour: Colour) -> None:
        """Fill a polygon."""
        cv2.fillPoly(self.picture, [_pixels(points)], (*colour, 255), cv2.LINE_AA, 4)

    def line(self, points: FacePoints, width: float, colour: Colour) -> None:
        """Draw a line; widths are rounded to pixels."""
        thick = max(1, round(width * DENSE))
        cv2.polylines(self.picture, [_pixels(points)], False, (*colour, 255), thick, cv2.LINE_AA, 4)

    def disc(self, x: float, y: float, rx: float, ry: float, colour: Colour) -> None:
        """Fill an ellipse."""
        centre = (round((x + LEFT) * DENSE * 16), round((TOP - y) * DENSE * 16))
        axes = (max(6, round(rx * DENSE * 16)), max(6, round(ry * DENSE * 16)))
        cv2.ellipse(self.picture, centre, axes, 0, 0, 360, (*colour, 255), -1, cv2.LINE_AA, 4)


_FLIP, _CORNER = np.array([16 * DENSE, -16 * DENSE]), np.array([LEFT * 16 * DENSE, TOP * 16 * DENSE])


def _pixels(points: FacePoints) -> NDArray[np.int32]:
    return np.rint(np.asarray(points) * _FLIP + _CORNER).astype(np.int32)


def base(person: Identity, look: Look, noise: I16) -> U8:
    """The face's texture without eyes, brows and mouth, uint8 (h, w, 4)."""
    h, w = _SIZE
    x, y = np.arange(w)[None, :] / DENSE - LEFT, TOP - np.arange(h)[:, None] / DENSE
    shape = look.shape
    colour = np.broadcast_to(np.array(look.skin, np.float32), (h, w, 3)).copy()

    def soft(at: Point, size: Point, target: Colour, share: float) -> None:
        """Mix a colour in around one place, or around two on both sides."""
        across = np.exp(-((((np.abs(x) if at[0] > 0 else x) - at[0]) / size[0]) ** 2))
        down = np.exp(-(((y - at[1]) / size[1]) ** 2))
        rows = np.flatnonzero(down[:, 0] > 0.01)
        part = slice(int(rows[0]), int(rows[-1]) + 1) if len(rows) else slice(0)
        weight = (share * across * down[part]).astype(np.float32)[..., None]
        colour[part] += (np.array(target, np.float32) - colour[part]) * weight

    skin, dark = look.skin, toned(look.skin, 0.62)
    red = toned(look.skin, 0.95, (206, 92, 84), 0.5)
    soft((0.52, -0.42), (0.3, 0.22), red, 0.25 + 0.35 * look.makeup)
    soft((0.0, -shape["nose_y"]), (0.16, 0.12), red, 0.3)
    soft((shape["eye_x"], 0.03), (0.24, 0.13), toned(skin, 0.7, (90, 60, 80), 0.2 * look.makeup), 0.45)
    soft((0.0, -shape["nose_y"] - 0.13), (0.2, 0.06), dark, 0.5)
    soft((0.0, -shape["mouth_y"] - 0.17), (0.22, 0.05), dark, 0.4)
    soft((0.0, -shape["chin"] - 0.05), (0.7, 0.12), dark, 0.7)
    if person.age > 0.35:
        soft((shape["eye_x"], -0.17), (0.2, 0.06), dark, 0.5 * person.age)
    if look.makeup > 0.4:
        soft((shape["eye_x"], 0.1), (0.2, 0.08), (86, 66, 92), 0.6 * (look.makeup - 0.3))
    grain = noise[:h, :w].astype(np.float32)[..., None]
    colour *= 1.0 + grain * (0.0003 + 0.0007 * person.age)
    _beard(look, colour, x, y, noise)
    picture = np.dstack([np.clip(np.rint(colour), 0, 255).astype(np.uint8), np.full((h, w), 255, np.uint8)])
    face = Face(np.ascontiguousarray(picture))
    if person.freckles:
        spots = np.random.Generator(np.random.PCG64(round(person.freckles * 1e6)))
        for _ in range(round(70 * person.freckles)):
            face.disc(spots.normal(0, 0.42), spots.normal(-0.32, 0.17), 0.018, 0.018, toned(skin, 0.78))
    for mx, my, radius in person.moles:
        face.disc(mx, my, radius, radius, toned(skin, 0.42))
    _lines(face, person, look)
    _nostrils(face, look)
    side = round(0.25 * DENSE)
    face.picture[:side, :side, :3] = skin
    face.disc(-LEFT + 0.11, TOP - 0.1, 0.05, 0.07, toned(skin, 0.72))
    fall = np.linspace(0.62, 0.95, side)[:, None, None]
    face.picture[:side, -side:, :3] = np.rint(np.array(skin) * fall)
    return face.picture


def _lines(face: Face, person: Identity, look: Look) -> None:
    """Lines of age: forehead, beside the eyes, from the nose to the mouth."""
    if person.age < 0.3:
        return
    shape, ink = look.shape, toned(look.skin, 1.0 - 0.32 * person.age)
    for side in (-1, 1):
        start = (side * 1.2 * shape["nose_wide"], -shape["nose_y"] + 0.02)
        face.line(
            [start, (side * 0.36, -0.5 * (shape["nose_y"] + shape["mouth_y"])), (side * 0.42, -shape["mouth_y"])],
            0.02,
            ink,
        )
        if person.age > 0.5:
            outer = shape["eye_x"] + shape["eye_wide"]
            for rise in (-0.06, 0.0, 0.06):
                face.line([(side * (outer + 0.05), rise * 0.5), (side * (outer + 0.16), rise * 1.5)], 0.015, ink)
    if person.age > 0.5:
        for y in (0.5, 0.6):
            face.line([(-0.45, y - 0.03), (0.0, y), (0.45, y - 0.03)], 0.015, ink)


def _nostrils(face: Face, look: Look) -> None:
    shape, y = look.shape, -look.shape["nose_y"] - 0.045
    for side in (-1, 1):
        face.disc(side * 0.5 * shape["nose_wide"], y, 0.045, 0.026, toned(look.skin, 0.36))
        x = side * shape["nose_wide"]
        face.line([(x * 0.95, y + 0.15), (x * 1.12, y + 0.06), (x * 0.9, y)], 0.02, toned(look.skin, 0.74))


def _beard(look: Look, colour: np.ndarray, x: np.ndarray, y: np.ndarray, noise: I16) -> None:
    """Mix the beard's colour into the texture."""
    if look.beard == "none":
        return
    shape, growth = look.shape, look.growth
    mouth = -shape["mouth_y"]
    lip = np.exp(-((x / 0.36) ** 4) - ((y - mouth - 0.17) / 0.075) ** 4)
    chin = np.exp(-((x / 0.3) ** 4) - ((y + shape["chin"] - 0.12) / 0.26) ** 4)
    edge = -0.5 + 0.32 * (np.abs(x) - 0.9) * 3.0
    cheeks = 1.0 / (1.0 + np.exp(np.clip((y - np.maximum(edge, mouth + 0.05)) / 0.035, -30, 30)))
    around = {"moustache": lip, "goatee": np.maximum(lip * 0.9, chin)}.get(look.beard, np.maximum(cheeks, lip))
    strength = 0.35 + 0.2 * growth if look.beard == "stubble" else 0.72 + 0.25 * growth
    grain = np.clip(1.0 + noise[: x.shape[0], : x.shape[1]] / 150.0, 0.5, 1.4)
    weight = np.clip(strength * around * grain, 0.0, 0.97)[..., None]
    colour[:] = colour * (1 - weight) + np.array(toned(look.hair, 0.85)) * weight


def with_features(texture: U8, person: Identity, look: Look, now: Expression) -> U8:
    """A copy of the texture with eyes, brows and mouth as they are now."""
    face = Face(texture.copy())
    for side in (-1, 1):
        _eye(face, person, look, now, side)
        _brow(face, look, now, side)
    _mouth(face, look, now)
    return face.picture


_CURVE = np.linspace(-1.0, 1.0, 9)
_UPPER, _LOWER = 1 - np.abs(_CURVE) ** 2.2, 1 - _CURVE**2
_BOW = (1 - _CURVE**2) * (1.0 - 0.35 * np.exp(-((_CURVE / 0.18) ** 2)))
_ALONG = np.linspace(0.0, 1.0, 7)
_TAPER = 1.0 - 0.75 * _ALONG**2


def _pairs(x: F64, y: F64) -> F64:
    points = np.empty((len(x), 2))
    points[:, 0], points[:, 1] = x, y
    return points


def _closed(upper: F64, lower: F64) -> F64:
    return np.concatenate([upper, lower[::-1]])


def _eye(face: Face, person: Identity, look: Look, now: Expression, side: int) -> None:
    shape = look.shape
    cx, wide = side * shape["eye_x"], shape["eye_wide"]
    top, low = shape["eye_open"] * 1.15 * now.eyes, shape["eye_open"] * 0.8 * now.eyes
    x, slant = cx + side * wide * _CURVE, shape["eye_slant"] * _CURVE  # from the inner to the outer corner
    upper, lower = _pairs(x, slant + top * _UPPER), _pairs(x, slant - low * _LOWER)
    face.poly(_closed(upper, lower), (228, 225, 222) if now.eyes > 0.25 else toned(look.skin, 0.7))
    if now.eyes > 0.25:
        gx, gy = cx + 0.4 * wide * now.gaze[0], 0.01 + 0.3 * shape["eye_open"] * now.gaze[1]
        radius = 0.088
        face.disc(gx, gy, radius, min(radius, 1.05 * (top + low) / 2 + 0.01), person.iris)
        face.disc(gx, gy, 0.042, min(0.042, (top + low) / 2), (14, 12, 14))
        face.disc(gx + 0.03, gy + 0.03, 0.014, 0.014, (250, 250, 250))
    lash = toned((44, 32, 30), 1.0, look.skin, max(0.0, 0.35 - 0.5 * look.makeup))
    face.line(upper, 0.026 + 0.022 * look.makeup, lash)
    face.line(lower, 0.015, toned(look.skin, 0.66))
    crease = 0.045 + 0.05 * max(0.0, shape["lid"])
    face.line(upper[1:-1] + np.array([0.0, crease]), 0.018, toned(look.skin, 0.68))


def _brow(face: Face, look: Look, now: Expression, side: int) -> None:
    shape = look.shape
    x = side * (shape["brow_gap"] + 2 * shape["brow_long"] * _ALONG)
    y = shape["brow_y"] + 0.07 * now.brows + shape["brow_slant"] * (_ALONG - 0.5)
    y = y + shape["brow_arch"] * (1 - (2 * _ALONG - 1.2) ** 2)
    half = 0.5 * shape["brow_thick"] * _TAPER
    brow = _closed(_pairs(x, y + half), _pairs(x, y - half))
    face.poly(brow, toned(look.hair, 0.75, look.skin, 0.18))


def _mouth(face: Face, look: Look, now: Expression) -> None:
    shape = look.shape
    wide = shape["mouth_wide"] * (1.0 + 0.16 * now.smile - 0.08 * now.mouth)
    gap, bend = 0.2 * now.mouth, shape["mouth_curve"] + 0.07 * now.smile
    x, y = _CURVE * wide, -shape["mouth_y"] + bend * (_CURVE**2 - 0.3)
    line = _pairs(x, y)
    top = _pairs(x, y + shape["lip_upper"] * _BOW)
    bottom = _pairs(x, y - (shape["lip_lower"] + gap) * _UPPER)
    face.poly(_closed(top, bottom), look.lip)
    if gap > 0.03:
        face.poly(_closed(line * np.array([0.86, 1.0]), _pairs(0.86 * x, y - gap * _LOWER)), (58, 26, 28))
        teeth = _pairs(0.8 * x, y - min(0.07, 0.6 * gap) * _LOWER)
        face.poly(_closed(line * np.array([0.8, 1.0]), teeth), (226, 220, 210))
    else:
        face.line(line, 0.022, toned(look.lip, 0.42))
    for x_corner, y_corner in (line[0], line[-1]):
        face.disc(x_corner, y_corner, 0.022, 0.022, toned(look.skin, 0.6))
