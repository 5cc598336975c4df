"""Turns against ffmpeg's rules: what `transpose`, `hflip` and `vflip` it puts in for a display matrix."""

import numpy as np
import pytest

from vretlib.video.upright import Orientation, orientation_by

# ffmpeg: 90 degrees -> transpose=clock, or cclock_flip if c > 0; 180 -> hflip if a < 0, vflip if d < 0;
# 270 -> transpose=cclock, or clock_flip if c < 0; 0 -> vflip if d < 0.
MATRICES = {
    (1, 0, 0, 1): Orientation(),
    (0, 1, -1, 0): Orientation(True, True, False),
    (0, 1, 1, 0): Orientation(True, False, False),
    (-1, 0, 0, -1): Orientation(False, True, True),
    (-1, 0, 0, 1): Orientation(False, True, False),
    (0, -1, 1, 0): Orientation(True, False, True),
    (0, -1, -1, 0): Orientation(True, True, True),
    (1, 0, 0, -1): Orientation(False, False, True),
    (0, 0, 0, 0): Orientation(),
}


@pytest.mark.parametrize("values", MATRICES)
def test_a_matrix_is_read_as_ffmpeg_reads_it(values: tuple[int, int, int, int]) -> None:
    a, b, c, d = values
    matrix = np.array([a << 16, b << 16, 0, c << 16, d << 16, 0, 0, 0, 1 << 30], np.int32)
    assert orientation_by(matrix) == MATRICES[values]


def test_a_turned_picture_has_the_turned_size_and_lies_in_one_piece() -> None:
    picture = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    upright = Orientation(True, True, False).apply(picture)
    assert upright.tolist() == np.rot90(picture, -1).tolist()
    assert upright.flags.c_contiguous
    assert Orientation(True, True, False).size(4, 2) == (2, 4) == upright.shape[1::-1]
    assert Orientation().apply(picture) is picture
