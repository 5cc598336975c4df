"""Things pasted on a picture, with an owner per pixel, from which their boxes are read."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from embedded import raster
from embedded.landmarks.style import span
from embedded.raster import U8, PixelBox, placed
from embedded.scene import Grade
from embedded.scenes import sprites
from embedded.scenes.sprites import Sprite

VISIBLE = 0.35
"""Smallest share of a thing's pixels that must be seen, inside the frame and before other things, for it to count."""
SMALLEST = 10
"""Smallest width and height of a box in pixels."""


@dataclass(frozen=True, eq=False)
class BoxedPicture:
    """A picture as JPEG, and the box (x1, y1, x2, y2 in pixels, the far corner included) and class of what it shows."""

    jpeg: bytes
    boxes: tuple[PixelBox, ...]
    kinds: tuple[str, ...]


@dataclass(eq=False)
class Collage:
    """A frame uint8 (h, w, 4) with things on it; each thing hides those that were put there before."""

    frame: U8
    owner: U8 = field(init=False)
    placed: list[tuple[str, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.owner = np.zeros(self.frame.shape[:2], np.uint8)

    def put(self, thing: Sprite, at: tuple[float, float], height: float, angle: float = 0.0) -> None:
        """Draw a thing in place, the middle of its foot at ``at``, ``height`` pixels high, turned ``angle`` radians."""
        factor = height / thing.picture.shape[0]
        picture = sprites.shrunk(thing.picture, factor)
        h, w = picture.shape[:2]
        where = placed(height / h, angle, (w / 2, h), at)
        alone = np.zeros_like(self.frame)
        raster.draw(alone, picture, where)
        raster.draw(self.frame, picture, where)
        self.placed.append((thing.kind, thing.fill * thing.picture.shape[0] * thing.picture.shape[1] * factor**2))
        self.owner[alone[..., 3] >= 128] = len(self.placed)

    def found(self) -> list[tuple[PixelBox, str]]:
        """Boxes and classes of the things that can be seen."""
        return boxes_of(self.owner, self.placed)


def boxes_of(
    owner: U8, things: list[tuple[str, float]], first: int = 1, scale: float = 1.0
) -> list[tuple[PixelBox, str]]:
    """Boxes of the visible parts of things, by owner.

    Parameters
    ----------
    owner: uint8 (h, w); thing k has the value ``first`` + k.
    things: the class of each, and the number of its pixels if nothing hid it.
    scale: size of the picture over that of ``owner``.

    Returns
    -------
    found: box (x1, y1, x2, y2 in pixels of the picture, the far corner included) and class of each thing that is seen;
        those of which less than `VISIBLE` is seen, or whose box is smaller than `SMALLEST`, are left out.
    """
    found = []
    for number, (kind, whole) in enumerate(things, first):
        seen = owner == number
        if seen.sum() < VISIBLE * whole:
            continue
        rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
        ends = (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1)
        x1, y1, x2, y2 = (round(scale * float(end)) for end in ends)
        if min(x2 - x1, y2 - y1) >= SMALLEST:
            found.append(((x1, y1, x2 - 1, y2 - 1), kind))
    return found


def example(picture: U8, found: list[tuple[PixelBox, str]], rng: Generator, strength: float = 1.0) -> BoxedPicture:
    """The JPEG of a picture, uint8 (h, w, 4) RGB, in other colours, with noise, perhaps mirrored or out of focus.

    ``strength``, 0 to 1, says how far the colours may change.
    """
    exposure, contrast, saturation, *tint = (
        1 + strength * span(rng, *ends) for ends in ((-0.3, 0.25), (-0.2, 0.25), (-0.5, 0.3), *((-0.07, 0.07),) * 3)
    )
    grade = Grade(exposure, contrast, (tint[0], tint[1], tint[2]), saturation)
    picture[..., 3] = 255
    shown = grade(picture)[..., :3]
    if rng.random() < 0.25:
        shown = cv2.GaussianBlur(shown, (0, 0), span(rng, 0.4, 1.3))
    shown = _noisy(shown, rng, span(rng, 0.0, 5.0))
    width = shown.shape[1]
    boxes = [box for box, _ in found]
    if rng.random() < 0.5:
        shown = shown[:, ::-1]
        boxes = [(width - 1 - x2, y1, width - 1 - x1, y2) for x1, y1, x2, y2 in boxes]
    done, data = cv2.imencode(
        ".jpg", np.ascontiguousarray(shown[..., ::-1]), [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(60, 93))]
    )
    if not done:
        raise RuntimeError("OpenCV could not write a JPEG")
    return BoxedPicture(bytes(data.tobytes()), tuple(boxes), tuple(kind for _, kind in found))


def _noisy(picture: U8, rng: Generator, sigma: float) -> U8:
    noise: NDArray[np.float64] = np.rint(rng.standard_normal((*picture.shape[:2], 1)) * sigma)
    return np.clip(picture.astype(np.int32) + noise.astype(np.int32), 0, 255).astype(np.uint8)
