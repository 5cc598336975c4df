"""Programmes cut into clips, and what is then true of a clip."""

import numpy as np

from embedded import cutting


def test_lengths_lie_between_the_limits_and_leave_less_than_the_lower_one():
    rng = np.random.default_rng(0)
    cut = cutting.lengths(rng, 1000, 10, (8.0, 12.0))
    assert all(80 <= n <= 120 for n in cut)
    assert 0 <= 1000 - sum(cut) < 80
    assert cutting.lengths(rng, 79, 10, (8.0, 12.0)) == []


def _row(start, stop, transition="cut", blend=0):
    half = blend // 2
    return {"start": start, "stop": stop, "scene": "shore", "kind": "view", "transition": transition,
            "transition_frames": [start - half, start + half]}  # fmt: skip


ROWS = [_row(0, 20), _row(20, 50), _row(50, 80, "dissolve", 8), _row(80, 100)]


def _told(first, stop):
    found = cutting.truth_of(ROWS, ["a", "b", "c", "a"], first, stop)
    shots = [(s["start"], s["stop"], s["footage"]) for s in found["shots"]]
    return shots, found["cuts"], [(b["kind"], b["start"], b["stop"]) for b in found["blends"]]


def test_the_whole_programme_has_its_own_truth():
    shots, cuts, blends = _told(0, 100)
    assert shots == [(0, 20, "a"), (20, 50, "b"), (50, 80, "c"), (80, 100, "a")]
    assert (cuts, blends) == ([20, 80], [("dissolve", 46, 54)])


def test_a_cut_point_within_a_shot_makes_no_cut():
    assert _told(30, 60) == ([(0, 20, "b"), (20, 30, "c")], [], [("dissolve", 16, 24)])


def test_a_cut_at_the_cut_point_is_in_neither_clip():
    assert _told(0, 20) == ([(0, 20, "a")], [], [])
    assert _told(20, 40) == ([(0, 20, "b")], [], [])


def test_a_dissolve_is_told_of_as_far_as_it_is_seen():
    assert _told(30, 48) == ([(0, 18, "b")], [], [("dissolve", 16, 18)])
    assert _told(52, 90) == ([(0, 28, "c"), (28, 38, "a")], [28], [("dissolve", 0, 2)])
