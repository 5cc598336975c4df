"""Square crops of faces, all of one size, from real pictures and films."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from vretlib import images
from vretlib.errors import UserError
from vretlib.images import Box, Pixels
from vretlib.video import frames

MARGIN = 1.25
"""Side of a crop over the longer side of the face's box: detectors' boxes end at brows and chin. Our choice."""

MOST = 16
"""Frames that are taken of a track at most, evenly spread; the papers' tracks are longer and near-identical."""

Boxed = tuple[Path, Box | None]
"""A picture and the face's box in it; without a box the picture is the face."""

Unreadable = tuple[str, str]
"""The name of a file that cannot be read, and the reason."""

Taken = TypeVar("Taken")

_SEARCH, _TEMPLATE = 0.3, 24


def spread(n: int, most: int) -> list[int]:
    """Positions of at most ``most`` of ``n`` frames: all, or evenly spread with the first and the last among them."""
    if n <= most:
        return list(range(n))
    return np.rint(np.linspace(0, n - 1, most)).astype(int).tolist() if most > 1 else [n // 2]


def square(picture: Pixels, box: Box | None, side: int) -> Pixels:
    """The square about a box, or the largest one in the middle without a box, resized to ``side`` pixels.

    Parameters
    ----------
    box: x1, y1, x2, y2 in pixels, the right and lower edges exclusive. Where the square, `MARGIN` times the longer side
        of the box, reaches out of the picture, the edge is repeated.

    Raises
    ------
    UserError: a box with NaN or infinity or without an area, or one that does not touch the picture.
    """
    height, width = picture.shape[:2]
    if box is None:
        longest = min(height, width)
        left, top = (width - longest) // 2, (height - longest) // 2
    else:
        x1, y1, x2, y2 = box
        touches = x1 < x2 and y1 < y2 and x1 < width and y1 < height and x2 > 0 and y2 > 0
        if not (touches and np.isfinite(box).all()):
            raise UserError(f"face box {x1:g} {y1:g} {x2:g} {y2:g}: expected one in the picture, {width} x {height}")
        longest = max(1, round(MARGIN * max(x2 - x1, y2 - y1)))
        if longest > 4 * max(height, width):
            raise UserError(
                f"face box {x1:g} {y1:g} {x2:g} {y2:g}: is much larger than the picture, {width} x {height}"
            )
        left, top = round((x1 + x2 - longest) / 2), round((y1 + y2 - longest) / 2)
    rows = np.clip(np.arange(top, top + longest), 0, height - 1)
    columns = np.clip(np.arange(left, left + longest), 0, width - 1)
    return images.resize(np.ascontiguousarray(picture[rows][:, columns]), side, upscale=True)


def of_images(pictures: Sequence[Boxed], side: int, most: int) -> tuple[list[Pixels], list[Unreadable]]:
    """The crops of at most ``most`` pictures about their boxes, and the unreadable pictures.

    In the place of an unreadable picture the nearest one is taken that can be read and is not among the others.
    """
    return _each(pictures, most, lambda path, box: square(images.read(path), box, side))


def of_middles(pictures: Sequence[Boxed], side: int, most: int) -> tuple[list[Pixels], list[Unreadable]]:
    """The crops of the middle half of each picture, and the unreadable pictures, as in `of_images`."""

    def middle(path: Path, _: Box | None) -> Pixels:
        picture = images.read(path)
        high, wide = picture.shape[0] // 4, picture.shape[1] // 4
        return square(picture[high : picture.shape[0] - high, wide : picture.shape[1] - wide], None, side)

    return _each(pictures, most, middle)


def _each(
    pictures: Sequence[Boxed], most: int, take: Callable[[Path, Box | None], Taken]
) -> tuple[list[Taken], list[Unreadable]]:
    """What is taken of at most ``most`` pictures, in their order, and the unreadable pictures, see `of_images`."""
    wanted = spread(len(pictures), most)
    others = set(range(len(pictures))) - set(wanted)
    found: dict[int, Taken] = {}
    lost: dict[int, Unreadable] = {}

    def is_taken(i: int) -> bool:
        path, box = pictures[i]
        try:
            found[i] = take(path, box)
        except UserError as error:
            lost[i] = _because(path, error)
        return i in found

    for i in wanted:
        if not is_taken(i):
            for j in sorted(others, key=lambda j: (abs(j - i), j)):
                others.remove(j)
                if is_taken(j):
                    break
    return [found[i] for i in sorted(found)], [lost[i] for i in sorted(lost)]


def of_film(path: Path, box: Box, side: int, most: int) -> tuple[list[Pixels], list[Unreadable]]:
    """The crops of a face, which is followed through a film from its box in the first frame, and errors with reasons.

    No crop is returned if the film cannot be read.
    """
    found, lost = whole_film(path, box, most)
    try:
        return [square(picture, at, side) for picture, at in found], lost
    except UserError as error:
        return [], [*lost, _because(path, error)]


def whole_images(pictures: Sequence[Boxed], most: int) -> tuple[list[Boxed], list[Unreadable]]:
    """The paths of at most ``most`` pictures with their boxes, and the unreadable pictures, as in `of_images`."""

    def checked(path: Path, box: Box | None) -> Boxed:
        images.check(path)
        return path, box

    return _each(pictures, most, checked)


def whole_film(path: Path, box: Box, most: int) -> tuple[list[tuple[Pixels, Box]], list[Unreadable]]:
    """At most ``most`` frames of a film, each with the box of the face, which is followed, and errors with reasons.

    No frame is returned if the film cannot be read.
    """
    try:
        wanted = set(spread(frames.probe(path).n_frames, most))
        found: list[tuple[Pixels, Box]] = []
        tracker = None
        for frame in frames.stream(path, colour="rgb"):
            tracker = Follower(frame.image, box) if tracker is None else tracker
            at = tracker.next(frame.image)
            if frame.number in wanted:
                found.append((frame.image, at))
    except UserError as error:
        return [], [_because(path, error)]
    return found, []


def _because(path: Path, error: UserError) -> Unreadable:
    return path.name, str(error).removeprefix(f"{path}: ")


class Follower:
    """A follower of a face's box from frame to frame, to where the last crop, at low resolution, correlates best.

    YTC gives the box of the first frame only. The size of the box does not change.
    """

    def __init__(self, first: Pixels, box: Box) -> None:
        self._box = box
        square(first, box, _TEMPLATE)  # checks the box
        self._last: NDArray[np.uint8] | None = None

    def next(self, picture: Pixels) -> Box:
        """The box in the next frame, x1, y1, x2, y2 in pixels; the first call takes the first frame itself."""
        x1, y1, x2, y2 = self._box
        size, middle = max(x2 - x1, y2 - y1), ((x1 + x2) / 2, (y1 + y2) / 2)
        if self._last is not None:
            wide = size * (1 + 2 * _SEARCH)
            n = round(_TEMPLATE * (1 + 2 * _SEARCH))
            found = cv2.minMaxLoc(cv2.matchTemplate(_grey(picture, middle, wide, n), self._last, cv2.TM_CCOEFF_NORMED))[
                3
            ]
            step = [(at - (n - _TEMPLATE) / 2) * wide / n for at in found]
            middle = (middle[0] + step[0], middle[1] + step[1])
            half = (x2 - x1) / 2, (y2 - y1) / 2
            self._box = (middle[0] - half[0], middle[1] - half[1], middle[0] + half[0], middle[1] + half[1])
        self._last = _grey(picture, middle, size, _TEMPLATE)
        return self._box


def _grey(picture: Pixels, middle: tuple[float, float], size: float, n: int) -> NDArray[np.uint8]:
    """The square of ``size`` pixels about a point, (n, n), grey; edges are repeated."""
    scale = size / n
    where = np.array([[scale, 0.0, middle[0] - size / 2], [0.0, scale, middle[1] - size / 2]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    warped = cv2.warpAffine(picture, where, (n, n), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.cvtColor(warped, cv2.COLOR_RGB2GRAY), np.uint8)
