"""Real photographs that need no download, since scikit-image and scikit-learn include them.

Pages use them beside the drawn collections, to show a step on the pixels of a camera. They are too few to evaluate a
method. A page that shows one prints its `credit_line`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray
from skimage import data
from sklearn.datasets import load_sample_image

from vretlib.errors import UserError


@dataclass(frozen=True)
class RealPhotograph:
    """A photograph with its origin.

    Attributes
    ----------
    name: its name in the package that includes it.
    shows: what is seen, in a few words.
    author, source, licence: as the package states them.
    pixels: uint8 (height, width, 3), RGB; a grey photograph is repeated three times.
    """

    name: str
    shows: str
    author: str
    source: str
    licence: str
    pixels: NDArray[np.uint8] = field(repr=False)

    @property
    def grey(self) -> NDArray[np.uint8]:
        """Its brightness, uint8 (height, width)."""
        return np.asarray(cv2.cvtColor(self.pixels, cv2.COLOR_RGB2GRAY), np.uint8)

    @property
    def credit(self) -> str:
        """Author and licence in one phrase."""
        return f"{self.name} by {self.author} ({self.licence})"


@dataclass(frozen=True)
class StereoPair:
    """Two photographs of one scene from places 193 mm apart, turned so that rows correspond.

    Attributes
    ----------
    left, right: the photographs, both (500, 741).
    disparity: float (500, 741) in pixels; what is seen at row y, column x of ``left`` is at row y, column
        x − ``disparity[y, x]`` of ``right``. NaN where it is not known.
    """

    left: RealPhotograph
    right: RealPhotograph
    disparity: NDArray[np.float64] = field(repr=False)

    def in_right(self, xy: ArrayLike, width: int) -> NDArray[np.float64]:
        """Places of points (n, 2) of the left photograph in the right one, (n, 2), both resized to ``width`` pixels.

        NaN where it is not known: the point is outside, or has no disparity.
        """
        points = np.asarray(xy, np.float64)
        scale = self.disparity.shape[1] / width
        x, y = np.rint((points + 0.5) * scale - 0.5).astype(int).T
        inside = (x >= 0) & (x < self.disparity.shape[1]) & (y >= 0) & (y < self.disparity.shape[0])
        moved = np.full((len(points), 2), np.nan)
        moved[inside] = points[inside]
        moved[inside, 0] -= self.disparity[y[inside], x[inside]] / scale
        moved[np.isnan(moved).any(axis=1)] = np.nan
        return moved


_PUBLIC_DOMAIN = "public domain"
_MIDDLEBURY = ("D. Scharstein et al.", "vision.middlebury.edu/stereo/data/scenes2014", "no licence stated")

# what is seen, author, source, licence, and the function that reads it
_KNOWN: dict[str, tuple[str, str, str, str, Callable[[], NDArray[np.uint8]]]] = {
    "astronaut": (
        "an astronaut, a flag and a model",
        "NASA",
        "flic.kr/p/r9qvLn",
        _PUBLIC_DOMAIN,
        data.astronaut,
    ),
    "camera": ("a man with a camera on a lawn, grey", "Lav Varshney", "scikit-image", "CC0", data.camera),
    "chelsea": ("a cat", "Stefan van der Walt", "scikit-image", "CC0", data.chelsea),
    "china": (
        "a tower above a lake",
        "danielbuechele",
        "flickr.com/photos/danielbuechele/6061409035",
        "CC BY 2.0",
        lambda: load_sample_image("china.jpg"),
    ),
    "coffee": ("a cup on a wooden table", "Rachel Michetti", "Pikolo Espresso Bar", "CC0", data.coffee),
    "flower": (
        "a flower before dark leaves",
        "vultilion",
        "flickr.com/photos/vultilion/6056698931",
        "CC BY 2.0",
        lambda: load_sample_image("flower.jpg"),
    ),
    "motorcycle_left": ("a motorcycle in a garage", *_MIDDLEBURY, lambda: data.stereo_motorcycle()[0]),
    "motorcycle_right": ("the same from 193 mm to the right", *_MIDDLEBURY, lambda: data.stereo_motorcycle()[1]),
    "rocket": (
        "a rocket between masts at night",
        "SpaceX",
        "flickr.com/photos/spacexphotos/16511594820",
        _PUBLIC_DOMAIN,
        data.rocket,
    ),
}

NAMES = tuple(_KNOWN)


def read(*names: str) -> dict[str, RealPhotograph]:
    """Photographs by name, in the order asked for; all of `NAMES` without a name.

    Raises
    ------
    UserError: there is no photograph of this name.
    """
    unknown = [name for name in names if name not in _KNOWN]
    if unknown:
        raise UserError(f"{unknown[0]}: no such real photograph; there are {', '.join(NAMES)}")
    return {name: _read(name) for name in names or NAMES}


def stereo_pair() -> StereoPair:
    """Two photographs of a motorcycle with the true disparity, which gives corresponding points of the two."""
    both = read("motorcycle_left", "motorcycle_right")
    disparity = np.asarray(data.stereo_motorcycle()[2], np.float64)
    return StereoPair(
        both["motorcycle_left"], both["motorcycle_right"], np.where(np.isfinite(disparity), disparity, np.nan)
    )


def credit_line(*names: str) -> str:
    """The authors and licences of the photographs in one sentence, for a caption."""
    return f"Real photographs: {'; '.join(photograph.credit for photograph in read(*names).values())}."


def _read(name: str) -> RealPhotograph:
    shows, author, source, licence, load = _KNOWN[name]
    pixels = np.asarray(load(), np.uint8)
    rgb = pixels if pixels.ndim == 3 else np.repeat(pixels[:, :, None], 3, axis=2)
    return RealPhotograph(name, shows, author, source, licence, np.ascontiguousarray(rgb))
