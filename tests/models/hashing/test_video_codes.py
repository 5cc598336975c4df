"""Codes of videos from those of their frames."""

import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.models.hashing.video_codes import hard_vote, mean_sigmoid

BITS = np.array([[1, 0, 1], [0, 0, 1], [1, 1, 0], [0, 0, 0], [0, 1, 1]], np.bool_)
VIDEO = np.array([1, 0, 1, 0, 1])  # frames of videos may alternate


def test_a_bit_of_a_video_is_what_most_frames_say():
    """Video 1 has frames 0, 2, 4: ones 2, 2, 2 of 3. Video 0 has frames 1, 3: ones 0, 0, 1 of 2."""
    assert hard_vote(BITS, VIDEO, 2).tolist() == [[False, False, True], [True, True, True]]
    assert hard_vote(BITS, VIDEO, 2, tie="zero").tolist() == [[False, False, False], [True, True, True]]


def test_one_frame_is_its_own_majority():
    assert hard_vote(BITS, np.arange(5), 5).tolist() == BITS.tolist()


def test_mean_comes_before_the_sigmoid():
    """sigmoid(mean(4, -2)) = sigmoid(1); the mean of sigmoids would be (0.982 + 0.119) / 2 = 0.551."""
    found = mean_sigmoid([[4.0], [-2.0], [0.0]], [0, 0, 1], 2)
    assert found[:, 0] == pytest.approx([1 / (1 + np.exp(-1.0)), 0.5])
    assert mean_sigmoid([[-2000.0], [2000.0]], [0, 1], 2)[:, 0].tolist() == [0.0, 1.0]


def test_one_frame_can_outvote_two_only_in_the_mean():
    project = np.array([[5.0], [-1.0], [-1.0]])
    assert not hard_vote(project > 0, [0, 0, 0], 1)[0, 0]
    assert mean_sigmoid(project, [0, 0, 0], 1)[0, 0] > 0.5


@pytest.mark.parametrize(
    ("bits", "video", "n_videos", "message"),
    [
        (BITS, VIDEO, 3, "video 2 has no frame"),
        (BITS, VIDEO[:4], 2, "video has 4 rows"),
        (BITS, VIDEO + 1, 2, "video holds 2"),
        (BITS * 2.0, VIDEO, 2, "expected 0 or 1"),
        (BITS[0], VIDEO, 2, "expected 0 or 1"),
    ],
)
def test_mistakes_are_named(bits, video, n_videos, message):
    with pytest.raises(UserError, match=message):
        hard_vote(bits, video, n_videos)
    with pytest.raises(UserError, match="row 1: NaN"):
        mean_sigmoid([[0.0], [np.nan]], [0, 1], 2)
