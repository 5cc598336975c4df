"""Specifications of photographs: position of the camera, light, weather, things in the way.

`Conditions` say how far photographs of one landmark may differ. Only they set the difficulty; the buildings do not
depend on them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from numpy.random import Generator

from embedded.landmarks.pinhole import Camera, looking
from embedded.landmarks.style import pick, span
from embedded.landmarks.things import SEASONS

SIDE = (384, 288)
"""Longer and shorter side of a photograph, in pixels."""

Triple = tuple[float, float, float]


@dataclass(frozen=True)
class Conditions:
    """Ranges in which the photographs of a set differ.

    Attributes
    ----------
    azimuth: largest angle to either side of the front, in degrees.
    fill: smallest and largest share of the picture that the building spans.
    detail: share of photographs that show only a part, at ``zoom`` times the size.
    dark: share of photographs at dusk or night; bad: in rain, snow or haze.
    clutter: largest number of things around; occluder: share of photographs with something close in front.
    roll: standard deviation, in degrees.
    tone: variation of exposure, colour and contrast, 0 to 1.
    quality: smallest and largest JPEG quality.
    """

    azimuth: float = 55.0
    fill: tuple[float, float] = (0.45, 1.05)
    detail: float = 0.15
    zoom: tuple[float, float] = (1.5, 3.2)
    dark: float = 0.2
    bad: float = 0.25
    clutter: int = 12
    occluder: float = 0.3
    roll: float = 2.0
    tone: float = 1.0
    quality: tuple[int, int] = (50, 92)


@dataclass(frozen=True)
class Light:
    """Daylight, dusk or night. Colours are factors, 1 for the light in which a wall has its own colour."""

    kind: str
    sun: Triple
    towards: Triple
    ambient: Triple
    flood: Triple
    glow: Triple
    sky: tuple[Triple, Triple]
    clouds: float


@dataclass(frozen=True)
class PhotographSpec:
    """Everything that decides a photograph of a given scene."""

    camera: Camera
    light: Light
    season: str
    weather: str
    shadow: tuple[float, float] | None
    things: int
    close: bool
    exposure: float
    tint: Triple
    contrast: float
    saturation: float
    blur: float
    grain: float
    quality: int
    seed: int


def draw_spec(rng: Generator, conditions: Conditions, extent: tuple[float, float, float]) -> PhotographSpec:
    """A random specification for a building with the given extent: half its width, height and depth in metres."""
    c = conditions
    dark = rng.random() < c.dark
    weather = pick(rng, ("rain", "haze", "haze", "snowfall")) if rng.random() < c.bad else "clear"
    season = "snow" if weather == "snowfall" else pick(rng, (*SEASONS[:4], "summer", "summer", *SEASONS[-1:]))
    light = _light(rng, dark, weather)
    tone = c.tone
    return PhotographSpec(
        camera=_camera(rng, c, extent),
        light=light,
        season=season,
        weather=weather,
        shadow=(span(rng, 1.0, 9.0), span(rng, -0.35, 0.35)) if rng.random() < 0.35 * tone else None,
        things=int(rng.integers(0, c.clutter + 1)),
        close=bool(rng.random() < c.occluder),
        exposure=math.exp(tone * float(rng.normal(0.0, 0.16))),
        tint=(1 + tone * span(rng, -0.1, 0.1), 1 + tone * span(rng, -0.04, 0.04), 1 + tone * span(rng, -0.12, 0.12)),
        contrast=1 + tone * span(rng, -0.2, 0.3),
        saturation=1 + tone * span(rng, -0.5, 0.3) if rng.random() > 0.05 * tone else 0.0,
        blur=span(rng, 0.4, 1.2) if rng.random() < 0.25 * tone else 0.0,
        grain=span(rng, 0.6, 3.0) * (2.0 if dark else 1.0),
        quality=int(rng.integers(c.quality[0], c.quality[1] + 1)),
        seed=int(rng.integers(1 << 31)),
    )


def _camera(rng: Generator, c: Conditions, extent: tuple[float, float, float]) -> Camera:
    half, height, depth = extent
    upright = rng.random() < (0.65 if height > 1.6 * half else 0.25)
    width, high = (SIDE[1], SIDE[0]) if upright else SIDE
    focal = 0.5 * max(SIDE) / math.tan(math.radians(span(rng, 36.0, 66.0)) / 2)
    azimuth = math.radians(c.azimuth * (2 * rng.random() - 1))
    across = 2 * half * math.cos(azimuth) + depth * abs(math.sin(azimuth)) * 0.7
    fill = span(rng, *c.fill)
    aim = [half * span(rng, -0.25, 0.25), height * span(rng, 0.36, 0.6), 0.25 * depth]
    if rng.random() < c.detail:
        fill *= span(rng, *c.zoom)
        aim = [half * span(rng, -0.75, 0.75), height * span(rng, 0.12, 0.85), 0.0]
    away = focal * max(across / width, height / high) / fill
    away = max(away, 8.0, 0.75 * half * abs(math.sin(azimuth)) + 6.0)
    eye_height = 1.6 if rng.random() < 0.75 else span(rng, 0.15, 0.8) * height
    if away * math.cos(azimuth) < aim[2] + 5.0:
        azimuth *= 0.5
    eye = (aim[0] + away * math.sin(azimuth), eye_height, min(aim[2] - away * math.cos(azimuth), -5.0))
    return looking(eye, aim, math.radians(c.roll * float(rng.normal())), focal, (width, high))


def _light(rng: Generator, dark: bool, weather: str) -> Light:
    kind = pick(rng, ("dusk", "night", "night")) if dark else pick(rng, ("sun", "sun", "sun", "overcast", "golden"))
    if weather in ("rain", "snowfall") and not dark:
        kind = "overcast"
    turn, lift = math.radians(span(rng, -150, 150)), math.radians(span(rng, 22, 62))
    light = replace(LIGHTS[kind], clouds=span(rng, 0.0, 1.0) if weather == "clear" else span(rng, 0.6, 1.0))
    if kind == "golden":
        turn, lift = math.radians(span(rng, -80, 80)), math.radians(span(rng, 6, 16))
    if kind == "night" and rng.random() < 0.3:
        light = replace(light, flood=(0.24, 0.22, 0.2))
    return replace(light, towards=(math.cos(lift) * math.sin(turn), math.sin(lift), -math.cos(lift) * math.cos(turn)))


_NONE = (0.0, 0.0, 0.0)
LIGHTS = {
    "sun": Light(
        "sun", (0.8, 0.74, 0.64), _NONE, (0.56, 0.6, 0.68), _NONE, _NONE, ((86, 136, 206), (196, 214, 232)), 0.0
    ),
    "overcast": Light(
        "overcast", (0.14, 0.14, 0.14), _NONE, (0.9, 0.92, 0.95), _NONE, _NONE, ((164, 172, 182), (206, 210, 214)), 1.0
    ),
    "golden": Light(
        "golden", (1.0, 0.7, 0.4), _NONE, (0.52, 0.52, 0.6), _NONE, (40, 32, 18), ((96, 128, 182), (250, 202, 146)), 0.3
    ),
    "dusk": Light(
        "dusk",
        _NONE,
        _NONE,
        (0.5, 0.52, 0.68),
        (0.26, 0.2, 0.12),
        (300, 230, 130),
        ((46, 62, 116), (206, 140, 122)),
        0.3,
    ),
    "night": Light(
        "night", _NONE, _NONE, (0.25, 0.27, 0.38), (0.7, 0.54, 0.34), (470, 370, 210), ((18, 24, 50), (58, 58, 80)), 0.2
    ),
}
"""Kinds of light: sun and ambience, floodlights on the landmark, lit windows, the sky overhead and at the horizon."""
