"""Stills as a news site shows them beside a story: taken in the same place, but not copied from the broadcast.

The camera set-up is drawn again at another moment, nearer, a little to the side, in another format; then its colours
are changed, and a caption and the site's mark may be laid over it. No graphics of the broadcast are on it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.random import Generator

from embedded.newscast import words
from embedded.newscast.graphics import SANS
from embedded.raster import U8
from embedded.scene import Grade, write
from embedded.setup import Setup


@dataclass(frozen=True)
class Range:
    """Largest differences between stills and the broadcast; each value is drawn uniformly.

    Attributes
    ----------
    nearer: factor on the size in which things are shown.
    aside: shift of the camera's direction, to either side, as a share of the frame's width and height.
    exposure, contrast, saturation: see `scene.Grade`.
    tint: largest difference of a channel's factor from 1.
    caption, mark: share of stills that have one.
    quality: JPEG quality.
    """

    nearer: tuple[float, float] = (1.0, 1.12)
    aside: float = 0.04
    exposure: tuple[float, float] = (0.85, 1.15)
    contrast: tuple[float, float] = (0.9, 1.1)
    saturation: tuple[float, float] = (0.7, 1.2)
    tint: float = 0.05
    caption: float = 0.5
    mark: float = 0.3
    quality: tuple[int, int] = (55, 92)


SIZES = ((480, 270), (480, 320))
"""Width and height of stills."""


def still(setup: Setup, frame: tuple[int, int], t: float, progress: float, limits: Range, rng: Generator) -> bytes:
    """A JPEG of a set-up at performance time ``t``; ``frame`` is the width and height of the broadcast's."""
    return finished(_taken(setup, frame, t, progress, limits, rng), limits, rng)


def finished(picture: U8, limits: Range, rng: Generator) -> bytes:
    """A JPEG of a picture (h, w, 4) in other colours, sometimes with a caption and a mark."""
    tint = tuple(float(value) for value in rng.uniform(1 - limits.tint, 1 + limits.tint, 3))
    grade = Grade(
        float(rng.uniform(*limits.exposure)),
        float(rng.uniform(*limits.contrast)),
        (tint[0], tint[1], tint[2]),
        float(rng.uniform(*limits.saturation)),
    )
    picture = grade(picture)
    if rng.random() < limits.caption:
        picture = _captioned(picture, rng)
    if rng.random() < limits.mark:
        _mark(picture, rng)
    bgr = np.ascontiguousarray(picture[..., 2::-1])
    return bytes(cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(*limits.quality))])[1])


def _taken(setup: Setup, frame: tuple[int, int], t: float, progress: float, limits: Range, rng: Generator) -> U8:
    """The set-up as the photographer's camera sees it; a camera that would see beyond the set does not move."""
    width, height = SIZES[int(rng.integers(len(SIZES)))]
    nearer = float(rng.uniform(*limits.nearer))
    scale = setup.scale * nearer * max(height / frame[1], width / frame[0])
    aside = rng.uniform(-limits.aside, limits.aside, 2)
    for share in (1.0, 0.5, 0.0):
        centre = (setup.centre[0] + share * aside[0] * frame[0], setup.centre[1] + share * aside[1] * frame[1])
        actors = tuple(
            replace(a, size=a.size * nearer, x=a.x - share * float(aside[0])) if a.close else a for a in setup.actors
        )
        picture: U8 = np.zeros((height, width, 4), np.uint8)
        # The base class draws the set-up without the graphics of a newscast.
        Setup.draw(replace(setup, centre=centre, scale=scale, actors=actors), picture, t, progress)
        if (picture[..., 3] == 255).mean() > 0.99:
            break
    picture[..., 3] = 255
    return picture


def _captioned(picture: U8, rng: Generator) -> U8:
    """A caption over the picture's foot or head, or on white below it."""
    height, width = picture.shape[:2]
    text = f"{words.headline(rng, int(rng.integers(99)))}: {words.one(rng, words.TOWNS)}"
    where = int(rng.integers(3))
    if where == 2:
        below = np.full((44, width, 4), 255, np.uint8)
        write(below, text, (width / 2, 20), 15, (24, 24, 28), SANS)
        write(below, f"Photo: {words.person(rng)}", (width / 2, 37), 10, (110, 110, 116), SANS)
        return np.concatenate([picture, below])
    band = picture[height - 46 :] if where == 0 else picture[:46]
    band[..., :3] //= 4
    write(band, text, (width / 2, 29), 16, (255, 255, 255), SANS)
    return picture


def _mark(picture: U8, rng: Generator) -> None:
    """A site's mark in a corner, in place."""
    width = picture.shape[1]
    x = 10 if rng.random() < 0.5 else width - 74
    colour = tuple(int(value) for value in rng.integers(30, 220, 3))
    picture[10:32, x : x + 64, :3] = colour
    letters = "".join(chr(65 + int(value)) for value in rng.integers(26, size=3))
    write(picture, letters + "24", (x + 32, 27), 16, (255, 255, 255), SANS)
