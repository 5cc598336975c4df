"""Intersection over union of boxes whose far corner is included."""

import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.evaluation.localisation import iou, localise


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ([0, 0, 9, 9], [0, 0, 9, 9], 1),
        ([0, 0, 9, 9], [10, 0, 19, 9], 0),  # they touch, and share no pixel
        ([0, 0, 9, 9], [5, 5, 14, 14], 25 / 175),
        ([0, 0, 9, 9], [2, 3, 4, 4], 6 / 100),
        ([3, 3, 3, 3], [3, 3, 3, 3], 1),  # one pixel
        ([0, 0, 1, 1], [5, 5, 9, 9], 0),  # apart on both axes
    ],
)
def test_boxes_by_hand(a, b, expected):
    assert iou([a], [b])[0] == pytest.approx(expected)
    assert iou([b], [a])[0] == pytest.approx(expected)


def test_whole_boxes_overlap_as_their_pixels_do():
    rng = np.random.default_rng(0)
    near = rng.integers(0, 20, (2, 50, 2))
    boxes = np.concatenate([near, near + rng.integers(0, 12, near.shape)], axis=2)
    for a, b, found in zip(*boxes, iou(*boxes), strict=True):
        masks = np.zeros((2, 40, 40), bool)
        for mask, (x1, y1, x2, y2) in zip(masks, (a, b), strict=True):
            mask[y1 : y2 + 1, x1 : x2 + 1] = True
        assert found == pytest.approx(masks.all(axis=0).sum() / masks.any(axis=0).sum())


def test_a_missing_box_overlaps_nothing():
    true = [[0, 0, 9, 9]] * 4
    found = localise([[0, 0, 9, 9], [0, 0, 9, 4], [0, 0, 9, 5], [np.nan] * 4], true)
    assert found.tolist() == pytest.approx([1, 0.5, 0.6, 0])


@pytest.mark.parametrize("wrong", [[5, 0, 4, 9], [0, 0, np.nan, 9], [0, 0, np.inf, 9]])
def test_a_box_that_was_found_and_is_none_is_named_by_its_own_row(wrong):
    with pytest.raises(UserError, match="found, row 2"):
        localise([[np.nan] * 4, [0, 0, 9, 9], wrong], [[0, 0, 9, 9]] * 3)


def test_without_boxes_there_are_no_overlaps():
    assert localise(np.zeros((0, 4)), np.zeros((0, 4))).shape == (0,)


@pytest.mark.parametrize("wrong", [[[5, 0, 4, 9]], [[0, 9, 4, 5]], [[0, 0, np.nan, 9]], [[0, 0, 9]]])
def test_a_box_in_another_order_or_without_a_number_is_refused(wrong):
    with pytest.raises(UserError, match="boxes_a"):
        iou(wrong, [[0, 0, 1, 1]])


def test_a_box_with_nan_is_to_be_computed_again_and_not_described():
    with pytest.raises(UserError, match=r"boxes_b, row 1: NaN or infinity; expected finite numbers: compute that row"):
        iou([[0, 0, 1, 1]] * 2, [[0, 0, 1, 1], [0, 0, np.nan, 9]])
