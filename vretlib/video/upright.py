"""The orientation in which a film's pictures are shown, from the display matrix of telephones by ffmpeg's rules."""

import math
from typing import NamedTuple

import numpy as np
from av.sidedata.sidedata import SideData
from av.video.frame import VideoFrame
from numpy.typing import NDArray


class Orientation(NamedTuple):
    """Steps from a stored picture to the one that is shown: exchange rows and columns, then mirror."""

    transposed: bool = False
    mirrored: bool = False
    """Left and right are exchanged."""
    flipped: bool = False
    """Top and bottom are exchanged."""

    def size(self, width: int, height: int) -> tuple[int, int]:
        """Width and height of the picture as it is shown."""
        return (height, width) if self.transposed else (width, height)

    def apply(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The picture (h, w) or (h, w, 3) as it is shown; the same array if it is stored upright."""
        if self == Orientation():
            return image
        if self.transposed:
            image = image.swapaxes(0, 1)
        rows, columns = (slice(None, None, -1 if reverse else None) for reverse in (self.flipped, self.mirrored))
        return np.ascontiguousarray(image[rows, columns])


def orientation_of(frame: VideoFrame) -> Orientation:
    """Orientation of a decoded frame.

    Angles are rounded to the nearest right angle: ffmpeg handles right angles and mirror images, and no camera writes
    other angles.
    """
    matrix = frame.side_data.get("DISPLAYMATRIX")
    return orientation_by(np.frombuffer(bytes(matrix), np.int32, 9)) if isinstance(matrix, SideData) else Orientation()


def orientation_by(matrix: NDArray[np.int32]) -> Orientation:
    """Orientation of a display matrix, int32 (9,), by the rules of ffmpeg's automatic rotation.

    Examples
    --------
    >>> orientation_by(np.array([0, 1, 0, -1, 0, 0, 0, 0, 1], np.int32) * 65536)  # a telephone held upright
    Orientation(transposed=True, mirrored=True, flipped=False)
    """
    a, b, c, d = (float(matrix[i]) for i in (0, 1, 3, 4))
    if not math.hypot(a, c) or not math.hypot(b, d):
        return Orientation()
    angle = math.degrees(math.atan2(b / math.hypot(b, d), a / math.hypot(a, c)))
    quarter = round(angle / 90) % 4
    if quarter == 1:
        return Orientation(True, mirrored=c < 0)
    if quarter == 2:
        return Orientation(False, mirrored=a < 0, flipped=d < 0)
    if quarter == 3:
        return Orientation(True, mirrored=c < 0, flipped=True)
    return Orientation(False, flipped=d < 0)
