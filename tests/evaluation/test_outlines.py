"""Verdicts on outlines of a screen."""

import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.evaluation.outlines import judge

TRUE = np.array([(100.0, 100.0), (400.0, 100.0), (400.0, 250.0), (100.0, 250.0)])


def moved(corners: list[int], x: float = 0, y: float = 0) -> np.ndarray:
    found = TRUE.copy()
    found[corners] += (x, y)
    return found


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (TRUE + 1, "right"),  # the diagonal is 335 pixels long
        (moved([1], x=3.3), "right"),
        (moved([1], x=3.4), "wrong"),
        (moved([2, 3], y=30), "bars"),
        (moved([2, 3], y=-30), "bars"),
        (moved([1, 2], x=-30), "wrong"),
        (TRUE[[0, 0, 0, 0]], "wrong"),
    ],
    ids=["a pixel off", "1 %", "more than 1 %", "bar below", "strip cut off", "right side inside", "a point"],
)
def test_outlines_are_right_have_bars_or_are_wrong(found, verdict):
    assert judge(found, TRUE)[0] == verdict


def test_the_error_is_the_mean_distance_of_the_corners():
    assert judge(moved([0], x=3, y=4), TRUE)[1] == 1.25


def test_four_corners_are_needed():
    with pytest.raises(UserError, match=r"found corners of shape \(3, 2\); expected \(4, 2\)"):
        judge(TRUE[:3], TRUE)
