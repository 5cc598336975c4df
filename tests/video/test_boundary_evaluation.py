"""Boundaries against true transitions, of one clip and of many."""

import numpy as np
import pytest

from vretlib.video import boundary_evaluation, clip_shots
from vretlib.video.boundary_evaluation import BoundaryCounts, Transition, count_boundaries
from vretlib.video.sampled_frames import SampledFrames

TIMES = np.arange(10) / 2  # 0, 0.5, …, 4.5 s


def test_a_cut_is_in_the_gap_before_the_first_frame_of_the_new_shot() -> None:
    for seconds, gap in ((1.2, 2), (1.5, 2), (1.51, 3)):
        cut = [Transition(seconds, seconds)]
        right = [g for g in range(9) if count_boundaries([g], TIMES, cut).right]
        assert right == [gap]


def test_counts_of_an_example_by_hand() -> None:
    """Cuts at 1.2 and 3.1 s, a dissolve from 2.1 to 2.9; boundaries after frames 2, 4, 5 and 8."""
    truth = [Transition(1.2, 1.2), Transition(2.1, 2.9, "dissolve"), Transition(3.1, 3.1)]
    found = count_boundaries([2, 4, 5, 8], TIMES, truth)
    assert found == BoundaryCounts(true=3, found=2, boundaries=4, right=3)
    assert (found.recall, found.precision) == (2 / 3, 3 / 4)
    assert count_boundaries([2, 4, 5, 8], TIMES, truth, kind="dissolve") == BoundaryCounts(1, 1, 4, 3)
    assert count_boundaries([2, 4, 5, 8], TIMES, truth, kind="cut") == BoundaryCounts(2, 1, 4, 3)


def test_two_cuts_in_one_gap_are_both_found_and_a_cut_outside_does_not_count() -> None:
    truth = [Transition(1.1, 1.1), Transition(1.4, 1.4), Transition(9, 9), Transition(0, 0)]
    assert count_boundaries([2], TIMES, truth) == BoundaryCounts(2, 2, 1, 1)


def test_nothing_found_and_nothing_true_have_no_share() -> None:
    none = count_boundaries([], TIMES, [])
    assert np.isnan([none.recall, none.precision]).all()
    assert none.f1 == 0


FRAMES = SampledFrames(np.array([0, 4, 5, 11]), np.array([0, 4, 8, 12, 0, 0, 4, 8, 12, 16, 20]), np.arange(11) / 3.0)
X = np.eye(8, dtype=np.float32)[[0, 0, 1, 1, 2, 3, 3, 3, 4, 4, 4]]
TRUE = [[Transition(0.5, 0.5)], [], [Transition(1.0, 1.0), Transition(1.4, 1.6, "dissolve")]]


def test_boundaries_are_compared_clip_by_clip_in_seconds_of_their_own() -> None:
    """Times of the third clip start at 5/3 s; its cut is one second into it."""
    boundaries = clip_shots.detect(X, FRAMES, 0.5)
    assert boundary_evaluation.count_boundaries_of_clips(boundaries, FRAMES, TRUE) == (3, 2, 2, 2)
    assert boundary_evaluation.measures(boundaries, FRAMES, TRUE) == {
        "shots": 5, "precision": 1, "recall": 2 / 3, "cuts found": 1, "dissolves and fades found": 0,
        "F1": pytest.approx(0.8),
    }  # fmt: skip


def test_the_best_threshold_has_the_largest_f1() -> None:
    curve = boundary_evaluation.threshold_curve(X, FRAMES, TRUE, np.array([0.5, 1.5]))
    assert curve["F1"].tolist() == [pytest.approx(0.8), 0]
    assert boundary_evaluation.best_threshold(curve) == 0.5
