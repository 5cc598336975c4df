"""Which way up a film's pictures are shown: the display matrix that telephones write, by ffmpeg's rules."""

import math
from typing import NamedTuple

import numpy as np
from av.sidedata.sidedata import SideData
from av.video.frame import VideoFrame
from numpy.typing import NDArray


class Turn(NamedTuple):
    """How a stored picture becomes the one that is shown: rows and columns are exchanged first, then mirrored."""

    transposed: bool = False
    mirrored: bool = False
    """Left and right are exchanged."""
    flipped: bool = False
    """Top and bottom are exchanged."""

    def size(self, width: int, height: int) -> tuple[int, int]:
        """Width and height of the turned picture."""
        return (height, width) if self.transposed else (width, height)

    def apply(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The picture (h, w) or (h, w, 3) as it is shown; the same array if nothing is to be done."""
        if self == Turn():
            return image
        if self.transposed:
            image = image.swapaxes(0, 1)
        rows, columns = (slice(None, None, -1 if turned else None) for turned in (self.flipped, self.mirrored))
        return np.ascontiguousarray(image[rows, columns])


def turn_of(frame: VideoFrame) -> Turn:
    """The turn that a decoded frame asks for.

    ffmpeg knows right angles and mirror images; of another angle (no camera writes one) the nearest right angle is
    taken.
    """
    matrix = frame.side_data.get("DISPLAYMATRIX")
    return turn_by(np.frombuffer(bytes(matrix), np.int32, 9)) if isinstance(matrix, SideData) else Turn()


def turn_by(matrix: NDArray[np.int32]) -> Turn:
    """The turn of a display matrix, int32 (9,), by the rules of ffmpeg's automatic rotation.

    >>> turn_by(np.array([0, 1, 0, -1, 0, 0, 0, 0, 1], np.int32) * 65536)  # a telephone held upright
    Turn(transposed=True, mirrored=True, flipped=False)
    """
    a, b, c, d = (float(matrix[i]) for i in (0, 1, 3, 4))
    if not math.hypot(a, c) or not math.hypot(b, d):
        return Turn()
    angle = math.degrees(math.atan2(b / math.hypot(b, d), a / math.hypot(a, c)))
    quarter = round(angle / 90) % 4
    if quarter == 1:
        return Turn(True, mirrored=c < 0)
    if quarter == 2:
        return Turn(False, mirrored=a < 0, flipped=d < 0)
    if quarter == 3:
        return Turn(True, mirrored=c < 0, flipped=True)
    return Turn(False, flipped=d < 0)
