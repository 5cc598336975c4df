"""Small objects in a place of a film, with actors who walk in front of them, and the boxes of their visible parts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from embedded import raster
from embedded.instances import SHARES, SIZE
from embedded.instances.objects import FLAT
from embedded.landmarks.style import span
from embedded.raster import U8, PixelBox, placed
from embedded.scene import FINER, Layer
from embedded.scenes.sprites import Sprite, shrunk
from embedded.setup import Setup
from embedded.texture import jitter


@dataclass(frozen=True)
class VisibleBox:
    """The box of an object's visible part in a frame, x1, y1, x2, y2 in pixels (far corner included), and its share."""

    box: PixelBox
    visible: float


@dataclass(frozen=True, eq=False)
class Dressed:
    """A set-up with objects in it.

    Attributes
    ----------
    shown: the set-up as it is filmed.
    blank: the set-up with black silhouettes of all objects.
    coded: the set-up with a red, a green and a blue silhouette of the tracked objects. These are seen where ``coded``
        differs from ``blank``.
    names: the names of the tracked objects.
    whole: the number of pixels of each at the set-up's scale if nothing hid it.
    """

    shown: Setup
    blank: Setup
    coded: Setup
    names: tuple[str, ...]
    whole: tuple[float, ...]

    def frame(self, t: float, progress: float, rng: Generator) -> tuple[bytes, dict[str, VisibleBox]]:
        """A key frame as JPEG, and where the tracked objects are seen in it; objects that are not seen are left out."""
        picture, without, codes = (_drawn(setup, t, progress) for setup in (self.shown, self.blank, self.coded))
        zoom = self.shown.move.at(progress, t)[2]
        found = {}
        for k, (name, whole) in enumerate(zip(self.names, self.whole, strict=True)):
            mask = codes[..., k].astype(np.int32) - without[..., k] > 127
            if mask.any():
                rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
                box = (int(columns[0]), int(rows[0]), int(columns[-1]), int(rows[-1]))
                found[name] = VisibleBox(box, min(1.0, float(mask.sum()) / (whole * zoom**2)))
        return _encoded(picture, rng), found


def dress(setup: Setup, tracked: Sequence[tuple[str, Sprite]], others: Sequence[Sprite], rng: Generator) -> Dressed:
    """A set-up with objects put into it: those that stand on a board, in a row, and those that hang above it.

    ``tracked``: the names and pictures of at most three objects whose truth is known, one for each colour of a frame.
    """
    at = max(k for k, layer in enumerate(setup.place.layers) if layer.parallax <= 1.0)
    layer = setup.place.layers[at]
    scale = setup.scale / FINER  # of the frame's pixels over the layer's, at the middle of a shot
    x, y, *_ = setup.move.at(0.5, 0.0)
    middle = (
        layer.picture.shape[1] / 2 + (setup.centre[0] + x) * layer.parallax * FINER,
        layer.picture.shape[0] / 2 + (setup.centre[1] + y * layer.parallax) * FINER,
    )
    things: list[tuple[Sprite, int | None]] = [(thing, k) for k, (_, thing) in enumerate(tracked)]
    things += [(thing, None) for thing in others]
    pictures = [layer.picture.copy() for _ in range(3)]
    whole = [0.0] * len(tracked)
    standing = [pair for pair in things if pair[0].kind not in FLAT]
    row = [standing[k] for k in rng.permutation(len(standing)).tolist()]
    sizes = [_height(thing, rng) for thing, _ in row]
    wide = sum(size * _aspect(thing) for size, (thing, _) in zip(sizes, row, strict=True)) * 0.9
    left = SIZE[0] * span(rng, 0.2, 0.8) - wide / 2
    foot = SIZE[1] * span(rng, 0.5, 0.86)

    def spot(u: float, v: float) -> tuple[float, float]:
        return middle[0] + (u - SIZE[0] / 2) / scale, middle[1] + (v - SIZE[1] / 2) / scale

    if row:
        _board(pictures, spot(left - 10, foot), (wide + 20) / scale, 7 / scale, rng)
    places = []
    for (thing, number), size in zip(row, sizes, strict=True):
        step = size * _aspect(thing) * 0.9
        places.append((thing, number, size, (left + step / 2, foot + 1), 0.05))
        left += step
    for thing, number in things:
        if thing.kind in FLAT:
            size = _height(thing, rng)
            hung = (SIZE[0] * span(rng, 0.15, 0.85), SIZE[1] * span(rng, 0.1, 0.4) + size / 2)
            places.insert(0, (thing, number, size, hung, 0.12))
    for thing, number, size, (u, v), turn in places:
        angle = turn * float(rng.standard_normal()) if thing.kind in FLAT else 0.0
        _put(pictures, thing, number, spot(u, v), size / scale, angle)
        if number is not None:
            whole[number] = thing.fill * _aspect(thing) * size**2
    shown, blank, coded = (_with(setup, at, picture) for picture in pictures)
    return Dressed(shown, blank, coded, tuple(name for name, _ in tracked), tuple(whole))


def _aspect(thing: Sprite) -> float:
    return thing.picture.shape[1] / thing.picture.shape[0]


def _height(thing: Sprite, rng: Generator) -> float:
    """Height in the frame's pixels of an object that takes one of `SHARES` of the frame."""
    low, high = SHARES
    share = low * (high / low) ** float(rng.random())
    return math.sqrt(share * SIZE[0] * SIZE[1] / (_aspect(thing) * thing.fill))


def _put(
    pictures: list[U8], thing: Sprite, number: int | None, foot: tuple[float, float], height: float, angle: float
) -> None:
    """Draw an object into the three pictures of a layer: as it is, black, and in its colour if it is tracked."""
    picture = shrunk(thing.picture, height / thing.picture.shape[0])
    h, w = picture.shape[:2]
    where = placed(height / h, angle, (w / 2, h), foot)
    black, code = np.zeros_like(picture), np.zeros_like(picture)
    black[..., 3] = code[..., 3] = picture[..., 3]
    if number is not None:
        code[..., number] = picture[..., 3]
    for layer, one in zip(pictures, (picture, black, code), strict=True):
        raster.draw(layer, one, where)


def _board(pictures: list[U8], at: tuple[float, float], width: float, thick: float, rng: Generator) -> None:
    """A board, and its shadow on the wall below."""
    colour = jitter(rng, ((112, 78, 50), (150, 120, 86), (84, 84, 88), (206, 200, 190))[int(rng.integers(4))], 16)
    x0, x1, y0 = round(at[0]), round(at[0] + width), round(at[1])
    for picture in pictures:
        cv2.rectangle(picture, (x0, y0), (x1, y0 + round(thick)), (*colour, 255), -1)
        dark = picture[max(0, y0 + round(thick) + 1) : y0 + round(1.8 * thick), max(0, x0) : max(0, x1)]
        dark[..., :3] = dark[..., :3] // 4 * 3


def _with(setup: Setup, at: int, picture: U8) -> Setup:
    layers = list(setup.place.layers)
    layers[at] = Layer(picture, layers[at].parallax)
    return replace(setup, place=replace(setup.place, layers=tuple(layers)))


def _drawn(setup: Setup, t: float, progress: float) -> U8:
    picture: U8 = np.zeros((SIZE[1], SIZE[0], 4), np.uint8)
    setup.draw(picture, t, progress)
    return picture


def _encoded(picture: U8, rng: Generator) -> bytes:
    """A frame with film grain as JPEG."""
    grain: NDArray[np.int32] = np.rint(rng.standard_normal((*picture.shape[:2], 1)) * 3.0).astype(np.int32)
    bgr = np.clip(picture[..., 2::-1] + grain, 0, 255).astype(np.uint8)
    done, data = cv2.imencode(".jpg", np.ascontiguousarray(bgr), [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(72, 92))])
    if not done:
        raise RuntimeError("OpenCV could not write a JPEG")
    return bytes(data.tobytes())
