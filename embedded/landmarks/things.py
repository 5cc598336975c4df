"""Pictures of trees, bushes, people, cars, lamps, signs, stalls and banners, transparent around them."""

from __future__ import annotations

import math
from collections.abc import Iterator

import cv2
import numpy as np
from numpy.random import Generator

from embedded import raster
from embedded.landmarks.paint import shaded
from embedded.landmarks.style import pick, span
from embedded.raster import U8
from embedded.texture import Colour, Noise, blob, dead_leaves, jitter

SEASONS = ("spring", "summer", "autumn", "winter", "snow")

LEAVES: dict[str, tuple[Colour, ...]] = {
    "spring": ((126, 158, 84), (150, 176, 104), (206, 182, 190), (106, 138, 74)),
    "summer": ((62, 98, 48), (78, 114, 58), (50, 82, 44), (92, 122, 66)),
    "autumn": ((178, 112, 44), (196, 148, 60), (150, 82, 40), (124, 104, 56)),
    "winter": ((78, 70, 62), (94, 86, 76)),
    "snow": ((228, 232, 238), (206, 212, 222), (86, 78, 72)),
}
_SKINS: tuple[Colour, ...] = ((226, 180, 150), (198, 148, 116), (150, 104, 78), (112, 76, 58))
_CLOTHS: tuple[Colour, ...] = (
    (52, 58, 80), (150, 44, 48), (58, 94, 74), (196, 168, 96), (32, 32, 36), (200, 200, 196), (70, 110, 160), (210,
    120, 60),
)  # fmt: skip
_PAINTS: tuple[Colour, ...] = (
    (160, 30, 34),
    (40, 60, 110),
    (200, 202, 204),
    (60, 62, 66),
    (28, 28, 30),
    (214, 180, 70),
    (92, 120, 100),
)


def every(rng: Generator, noise: Noise) -> Iterator[tuple[str, U8, float, float]]:
    """All things: their kind, picture, width and height in metres."""
    for season in SEASONS:
        for n in range(4):
            width, height = (span(rng, 6, 10), span(rng, 8, 14)) if n < 3 else (3.5, 11.0)
            yield f"tree {season}", _tree(rng, season, width, height), width, height
        for _ in range(2):
            yield f"bush {season}", _bush(rng, season), 3.0, 1.7
    for _ in range(14):
        yield "person", _person(rng), 0.9, 1.8
    for _ in range(7):
        yield "car", _car(rng, noise), 4.4, 1.6
    for _ in range(3):
        yield "bus", _bus(rng), 10.0, 3.2
    for n in range(3):
        yield "lamp", _lamp(n), 1.2, 6.0
    for _ in range(4):
        yield "sign", _sign(rng), 1.0, 2.8
    for _ in range(4):
        yield "stall", _stall(rng), 3.4, 3.0
    for _ in range(3):
        yield "banner", _banner(rng), 1.6, 7.0


def _blank(width: float, height: float, scale: float) -> U8:
    return np.zeros((round(height * scale), round(width * scale), 4), np.uint8)


def _solid(picture: U8) -> U8:
    picture[..., 3] = np.where(picture[..., 3] >= 128, 255, 0)
    return picture


def _tree(rng: Generator, season: str, width: float, height: float) -> U8:
    scale = 24.0
    picture = _blank(width, height, scale)
    h, w = picture.shape[:2]
    bark = jitter(rng, (84, 70, 58), 14)
    cv2.fillConvexPoly(
        picture, np.array([(w // 2 - 9, h), (w // 2 + 9, h), (w // 2 + 4, h // 3), (w // 2 - 4, h // 3)]), (*bark, 255)
    )
    _branch(
        rng, picture, (w / 2, h * 0.72), -math.pi / 2, h * (0.3 if season in ("winter", "snow") else 0.22), 9.0, bark
    )
    leaves = LEAVES[season]
    if season in ("winter", "snow"):
        if season == "snow":
            dead_leaves(
                rng, picture, leaves, 60, (2.0, 8.0), (round(0.15 * w), round(0.1 * h), round(0.7 * w), round(0.5 * h))
            )
        return _solid(picture)
    for k in range(22):  # clumps of leaves, the darker ones of the far side first
        a, r = rng.random() * 6.28, math.sqrt(rng.random())
        cx, cy = w * (0.5 + 0.32 * r * math.cos(a)), h * (0.36 + 0.26 * r * math.sin(a))
        size = w * span(rng, 0.14, 0.28)
        box = (round(cx - size / 2), round(cy - size / 2), round(size), round(size))
        tone = 0.62 + 0.5 * k / 22
        shades = [shaded(jitter(rng, leaf, 14), tone) for leaf in leaves]
        blob(picture, (cx, cy), (0.52 * size, 0.48 * size), 0.0, (*shaded(shades[0], 0.7), 255))
        dead_leaves(rng, picture, shades, 260, (1.6, 7.0), box)
    light = np.rint(np.linspace(300, 190, h))[:, None, None]
    picture[..., :3] = np.minimum(255, picture[..., :3].astype(np.int32) * light.astype(np.int32) >> 8)
    return _solid(picture)


def _branch(
    rng: Generator, picture: U8, at: tuple[float, float], angle: float, length: float, thick: float, colour: Colour
) -> None:
    end = (at[0] + length * math.cos(angle), at[1] + length * math.sin(angle))
    cv2.line(
        picture,
        (round(at[0]), round(at[1])),
        (round(end[0]), round(end[1])),
        (*colour, 255),
        max(1, round(thick)),
        cv2.LINE_8,
    )
    if thick > 1.4:
        for turn in (-0.5, 0.45, float(rng.normal(0, 0.2))):
            _branch(
                rng,
                picture,
                end,
                angle + turn + float(rng.normal(0, 0.15)),
                length * span(rng, 0.55, 0.75),
                thick * 0.58,
                colour,
            )


def _bush(rng: Generator, season: str) -> U8:
    picture = _blank(3.0, 1.7, 32)
    leaves = LEAVES["summer" if season == "winter" else season]
    for x, y in ((0.3, 0.55), (0.5, 0.4), (0.7, 0.55), (0.5, 0.7), (0.25, 0.75), (0.75, 0.75)):
        h, w = picture.shape[:2]
        dead_leaves(
            rng,
            picture,
            leaves,
            90,
            (3.0, 9.0),
            (round((x - 0.15) * w), round((y - 0.15) * h), round(0.3 * w), round(0.4 * h)),
        )
    return _solid(picture)


def _person(rng: Generator) -> U8:
    picture = _blank(0.9, 1.8, 60)
    h, w = picture.shape[:2]
    skin, hair = pick(rng, _SKINS), jitter(rng, (50, 38, 30), 20)
    coat, legs = jitter(rng, pick(rng, _CLOTHS), 20), jitter(rng, (48, 50, 62), 24)
    mid, stride = w // 2, int(rng.integers(3, 11))
    for side in (-1, 1):
        foot = mid + side * stride
        cv2.line(picture, (mid + side * 4, round(0.52 * h)), (foot, round(0.97 * h)), (*legs, 255), 9, cv2.LINE_8)
        cv2.line(picture, (foot - 2, round(0.98 * h)), (foot + 4, round(0.98 * h)), (30, 26, 24, 255), 5, cv2.LINE_8)
        hand = (mid + side * int(rng.integers(12, 20)), round(span(rng, 0.44, 0.56) * h))
        cv2.line(picture, (mid + side * 10, round(0.23 * h)), hand, (*[c * 9 // 10 for c in coat], 255), 7, cv2.LINE_8)
    hem = span(rng, 0.5, 0.72)
    body = [
        (mid - 12, 0.19 * h),
        (mid + 12, 0.19 * h),
        (mid + 11, 0.4 * h),
        (mid + 14, hem * h),
        (mid - 14, hem * h),
        (mid - 11, 0.4 * h),
    ]
    cv2.fillConvexPoly(picture, np.rint(body).astype(np.int32), (*coat, 255))
    cv2.ellipse(picture, (mid, round(0.1 * h)), (8, 11), 0, 0, 360, (*skin, 255), -1)
    cv2.ellipse(picture, (mid, round(0.07 * h)), (9, 8), 0, 150, 390, (*hair, 255), -1)
    if rng.random() < 0.4:
        cv2.rectangle(
            picture,
            (mid + 8, round(0.26 * h)),
            (mid + 16, round(0.44 * h)),
            (*jitter(rng, pick(rng, _CLOTHS), 20), 255),
            -1,
        )
    return picture


def _car(rng: Generator, noise: Noise) -> U8:
    picture = _blank(4.4, 1.6, 40)
    h, w = picture.shape[:2]
    paint = jitter(rng, pick(rng, _PAINTS), 16)
    low, nose = span(rng, 0.0, 0.1), span(rng, 0.12, 0.2)
    cabin = [(0.2 + low, 0.45), (0.32, 0.05), (0.7, 0.05), (0.86 - low, 0.45)]
    glass = [(0.25 + low, 0.44), (0.35, 0.12), (0.68, 0.12), (0.8 - low, 0.44)]
    body = [(0.02, 0.8), (0.01, 0.52), (nose, 0.44), (0.9, 0.42), (0.99, 0.55), (0.98, 0.8)]
    for points, colour in ((cabin, paint), (body, paint), (glass, (52, 62, 72))):
        cv2.fillPoly(picture, [np.rint([(x * w, y * h) for x, y in points]).astype(np.int32)], (*colour, 255))
    cv2.line(
        picture,
        (round(0.52 * w), round(0.1 * h)),
        (round(0.52 * w), round(0.74 * h)),
        (*[c * 3 // 4 for c in paint], 255),
        3,
    )
    cv2.rectangle(
        picture,
        (round(0.02 * w), round(0.66 * h)),
        (round(0.98 * w), round(0.8 * h)),
        (*[c * 2 // 3 for c in paint], 255),
        -1,
    )
    for x in (0.2, 0.8):
        cv2.circle(picture, (round(x * w), round(0.8 * h)), round(0.19 * h), (26, 26, 28, 255), -1)
        cv2.circle(picture, (round(x * w), round(0.8 * h)), round(0.1 * h), (150, 150, 154, 255), -1)
    cv2.rectangle(picture, (2, round(0.55 * h)), (9, round(0.62 * h)), (250, 240, 200, 190), -1)
    raster.shade(picture, noise.piece(rng, (h, w), "soft"), 14)
    return picture


def _bus(rng: Generator) -> U8:
    picture = _blank(10.0, 3.2, 26)
    h, w = picture.shape[:2]
    paint, band = pick(rng, _PAINTS), jitter(rng, pick(rng, _PAINTS), 30)
    cv2.rectangle(picture, (2, 4), (w - 3, round(0.88 * h)), (*paint, 255), -1)
    cv2.rectangle(picture, (2, round(0.62 * h)), (w - 3, round(0.7 * h)), (*band, 255), -1)
    for k in range(7):
        x = round((0.03 + 0.135 * k) * w)
        cv2.rectangle(picture, (x, round(0.16 * h)), (x + round(0.12 * w), round(0.52 * h)), (54, 62, 70, 215), -1)
    for x in (0.18, 0.78):
        cv2.circle(picture, (round(x * w), round(0.86 * h)), round(0.13 * h), (26, 26, 28, 255), -1)
    return picture


def _lamp(n: int) -> U8:
    picture = _blank(1.2, 6.0, 30)
    h, w = picture.shape[:2]
    iron = ((38, 42, 40), (70, 72, 76), (34, 52, 44))[n]
    cv2.rectangle(picture, (w // 2 - 2, round(0.14 * h)), (w // 2 + 2, h), (*iron, 255), -1)
    cv2.rectangle(picture, (w // 2 - 5, round(0.86 * h)), (w // 2 + 5, h), (*iron, 255), -1)
    heads = (0,) if n < 2 else (-12, 12)
    for dx in heads:
        cv2.line(picture, (w // 2, round(0.2 * h)), (w // 2 + dx, round(0.14 * h)), (*iron, 255), 3)
        cv2.ellipse(picture, (w // 2 + dx, round(0.09 * h)), (5, 9), 0, 0, 360, (244, 236, 206, 165), -1)
        cv2.rectangle(
            picture, (w // 2 + dx - 6, round(0.03 * h)), (w // 2 + dx + 6, round(0.045 * h)), (*iron, 255), -1
        )
    return picture


def _sign(rng: Generator) -> U8:
    picture = _blank(1.0, 2.8, 40)
    h, w = picture.shape[:2]
    cv2.rectangle(picture, (w // 2 - 2, round(0.2 * h)), (w // 2 + 2, h), (120, 122, 124, 255), -1)
    colour = pick(rng, ((190, 30, 34), (30, 70, 150), (230, 228, 220), (40, 110, 70)))
    if rng.random() < 0.5:
        cv2.circle(picture, (w // 2, w // 2), w // 2 - 2, (*colour, 255), -1)
        cv2.circle(picture, (w // 2, w // 2), w // 3, (236, 234, 226, 255), -1)
    else:
        cv2.rectangle(picture, (1, 4), (w - 2, round(0.3 * h)), (*colour, 255), -1)
        for k in range(3):
            y = round((0.08 + 0.07 * k) * h)
            cv2.line(picture, (5, y), (w - 6 - int(rng.integers(12)), y), (236, 234, 226, 255), 2)
    return picture


def _stall(rng: Generator) -> U8:
    picture = _blank(3.4, 3.0, 30)
    h, w = picture.shape[:2]
    first, second = jitter(rng, pick(rng, _PAINTS), 20), (232, 228, 216)
    for x in (0.06, 0.92):
        cv2.rectangle(picture, (round(x * w), round(0.3 * h)), (round(x * w) + 3, h), (110, 84, 60, 255), -1)
    for k in range(8):
        x0, x1 = w * k // 8, w * (k + 1) // 8
        points = np.array(
            [
                (x0, round(0.36 * h)),
                (x1, round(0.36 * h)),
                (w // 2 + (x1 - w // 2) * 7 // 10, 3),
                (w // 2 + (x0 - w // 2) * 7 // 10, 3),
            ]
        )
        cv2.fillConvexPoly(picture, points, (*(first if k % 2 else second), 255))
    cv2.rectangle(picture, (3, round(0.66 * h)), (w - 4, round(0.98 * h)), (126, 96, 68, 255), -1)
    dead_leaves(rng, picture, _CLOTHS, 50, (2.0, 5.0), (6, round(0.58 * h), w - 12, round(0.08 * h)))
    return _solid(picture)


def _banner(rng: Generator) -> U8:
    picture = _blank(1.6, 7.0, 26)
    h, w = picture.shape[:2]
    cv2.rectangle(picture, (0, 0), (2, h), (150, 150, 152, 255), -1)
    colours = [jitter(rng, pick(rng, _PAINTS), 30) for _ in range(3)]
    for k in range(3):
        wave = [
            (3, 4 + 0.15 * h * k),
            (w - 1, 10 + 0.15 * h * k),
            (w - 3, 10 + 0.15 * h * (k + 1)),
            (3, 4 + 0.15 * h * (k + 1)),
        ]
        cv2.fillConvexPoly(picture, np.rint(wave).astype(np.int32), (*colours[k], 255))
    return picture
