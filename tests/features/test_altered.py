"""Altered copies: every point of the photograph is where the copy's matrix says."""

import cv2
import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.features import altered


@pytest.fixture(scope="module")
def smooth():
    """A smooth colour image: what is near in place is near in colour."""
    rng = np.random.default_rng(0)
    return cv2.resize(rng.integers(0, 256, (6, 8, 3), dtype=np.uint8), (160, 120), interpolation=cv2.INTER_CUBIC)


@pytest.mark.parametrize("name", [name for name in altered.NAMES if name != "half as bright"])
def test_colours_are_found_at_the_places_that_the_matrix_gives(smooth, name):
    copy = altered.alter(smooth, name)
    xy = np.array([[40, 30], [70, 60], [50, 90], [80, 45]])
    x, y = np.rint(copy.at(xy)).astype(int).T
    there, here = copy.pixels[y, x].astype(int), smooth[xy[:, 1], xy[:, 0]].astype(int)
    mirrored = smooth[xy[:, 1], ::-1][np.arange(4), xy[:, 0]].astype(int)
    assert np.abs(there - here).mean() < 20
    assert np.abs(there - mirrored).mean() > 30


def test_a_darker_copy_has_half_of_each_value(smooth):
    assert (altered.alter(smooth, "half as bright").pixels == smooth // 2).all()


def test_a_pan_goes_from_the_left_edge_to_the_right_one(smooth):
    views = altered.pan(smooth, 3, 0.5)
    assert [view.shape for view in views] == [(120, 80, 3)] * 3
    assert (views[0] == smooth[:, :80]).all()
    assert (views[1] == smooth[:, 40:120]).all()
    assert (views[2] == smooth[:, 80:]).all()


def test_unknown_alterations_and_impossible_pans_are_refused(smooth):
    with pytest.raises(UserError, match="name"):
        altered.alter(smooth, "prettier")
    with pytest.raises(UserError, match=r"share=1\.5"):
        altered.pan(smooth, 3, 1.5)
