"""Shots of several clips at once."""

import numpy as np

from vretlib.video import clip_shots
from vretlib.video.sampled_frames import SampledFrames

FRAMES = SampledFrames(np.array([0, 4, 5, 11]), np.array([0, 4, 8, 12, 0, 0, 4, 8, 12, 16, 20]), np.arange(11) / 3.0)
X = np.eye(8, dtype=np.float32)[[0, 0, 1, 1, 2, 3, 3, 3, 4, 4, 4]]


def test_shots_of_clips_are_rows_of_all_frames() -> None:
    boundaries = clip_shots.detect(X, FRAMES, 0.5)
    assert [gaps.tolist() for gaps in boundaries] == [[1], [], [2]]
    shots = clip_shots.divide(boundaries, FRAMES)
    assert shots.ranges.tolist() == [[0, 2], [2, 4], [4, 5], [5, 8], [8, 11]]
    assert shots.offsets.tolist() == [0, 2, 3, 5]
    assert shots.of(2).tolist() == [[5, 8], [8, 11]]


def test_whole_clips_are_one_shot_each() -> None:
    assert clip_shots.whole_clips(FRAMES).ranges.tolist() == [[0, 4], [4, 5], [5, 11]]


def test_random_boundaries_are_as_many_in_each_clip_and_the_same_for_the_same_seed() -> None:
    boundaries = clip_shots.detect(X, FRAMES, 0.5)
    drawn = clip_shots.draw(boundaries, FRAMES, seed=0)
    assert [len(gaps) for gaps in drawn] == [1, 0, 1]
    again = clip_shots.draw(boundaries, FRAMES, seed=0)
    assert [gaps.tolist() for gaps in drawn] == [gaps.tolist() for gaps in again]
