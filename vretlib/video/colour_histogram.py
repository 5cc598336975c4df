"""Colour histograms of frames, and how much they change from frame to frame: steps 2 and 3 of Algorithm 1 of paper 002.

The paper says "color histogram" and no more. Colour space, number of bins, one histogram over all three channels or one
per channel, and normalisation are therefore options. The defaults are RGB, 8 bins per channel, one histogram of all
three channels (512 bins), and counts divided by the number of pixels. This division changes no result within a video,
whose frames all have one size: both sides of D > θ · D_ave are divided by the same number.
"""

from dataclasses import dataclass
from typing import Literal, get_args

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib.errors import UserError

Space = Literal["rgb", "hsv", "lab"]
BinNormalisation = Literal["share", "none", "l2"]

_CONVERSION = {"hsv": cv2.COLOR_RGB2HSV, "lab": cv2.COLOR_RGB2LAB}
_HUES = 180  # OpenCV's hue of 8 bits counts half degrees


@dataclass(frozen=True)
class HistogramOptions:
    """The meaning of "color histogram".

    Attributes
    ----------
    space: "rgb", "hsv" or "lab".
    bins: number for each channel, of equal width.
    joint: one histogram of bins³ colours; if False, one of 3 · bins values, channel after channel.
    normalisation: "share" divides by the number of pixels, "l2" gives length 1, "none" leaves counts.
    """

    space: Space = "rgb"
    bins: int = 8
    joint: bool = True
    normalisation: BinNormalisation = "share"

    def __post_init__(self) -> None:
        """Refuse invalid values before any work starts."""
        if self.space not in get_args(Space):
            raise UserError(f"space={self.space!r}: expected one of {', '.join(get_args(Space))}")
        if self.normalisation not in get_args(BinNormalisation):
            raise UserError(
                f"normalisation={self.normalisation!r}: expected one of {', '.join(get_args(BinNormalisation))}"
            )
        if not 1 <= self.bins <= (64 if self.joint else 256):
            raise UserError(f"bins={self.bins}: expected 1 to 64 for joint histograms, to 256 for one per channel")

    @property
    def size(self) -> int:
        """Numbers in a histogram."""
        return self.bins**3 if self.joint else 3 * self.bins


def colour_histogram(image: NDArray[np.uint8], options: HistogramOptions = HistogramOptions()) -> NDArray[np.float32]:
    """Histogram of an RGB image (h, w, 3) uint8; float32 (options.size,), the last channel's bins side by side.

    Raises
    ------
    UserError: the image is not RGB of that shape and type, or is empty.
    """
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or not image.size:
        raise UserError(f"image of shape {image.shape}, {image.dtype}: expected RGB, (h, w, 3) uint8")
    colours = image if options.space == "rgb" else cv2.cvtColor(image, _CONVERSION[options.space])
    ends = [_HUES if options.space == "hsv" else 256, 256, 256]
    if options.joint:
        counts = cv2.calcHist([colours], [0, 1, 2], None, [options.bins] * 3, [v for end in ends for v in (0, end)])
    else:
        counts = np.concatenate([cv2.calcHist([colours], [c], None, [options.bins], [0, ends[c]]) for c in range(3)])
    histogram = counts.ravel().astype(np.float32)
    if options.normalisation == "none":
        return histogram
    length = image.shape[0] * image.shape[1] if options.normalisation == "share" else np.linalg.norm(histogram)
    return histogram / np.float32(length)


def neighbour_distances(histograms: ArrayLike) -> NDArray[np.float64]:
    """Euclidean distances D_1 … D_(n−1) between adjacent rows of (n, bins), n at least 1; double precision.

    Raises
    ------
    UserError: another number of dimensions, or no row.
    """
    rows = np.asarray(histograms)
    if rows.ndim != 2 or not len(rows):
        raise UserError(f"histograms of shape {rows.shape}: expected (n, bins), a row per frame and at least one frame")
    return np.sqrt((np.diff(rows.astype(np.float64), axis=0) ** 2).sum(axis=1))
