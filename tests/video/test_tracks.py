"""Matching against OpenCV and against brute force; tracks by hand."""

import cv2
import numpy as np
import pytest

from tests.video.conftest import moving_scene
from vretlib.errors import UserError
from vretlib.features import local
from vretlib.video import tracks


def _opencv(codes_a, xy_a, codes_b, xy_b, max_hamming, max_displacement):
    parents = np.full(len(codes_b), -1)
    if len(codes_a) and len(codes_b):
        for m in cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True).match(codes_a, codes_b):
            near = np.hypot(*(xy_a[m.queryIdx].astype(float) - xy_b[m.trainIdx])) < max_displacement
            if m.distance < max_hamming and near:
                parents[m.trainIdx] = m.queryIdx
    return parents


def _random(seed, n_a, n_b, spread):
    """Two sets of codes, some of them copies with a few bits changed; `spread` bits vary, so few make many ties."""
    rng = np.random.default_rng(seed)
    a = np.packbits(np.pad(rng.integers(0, 2, (n_a, spread), dtype=np.uint8), ((0, 0), (0, 256 - spread))), axis=1)
    b = np.packbits(np.pad(rng.integers(0, 2, (n_b, spread), dtype=np.uint8), ((0, 0), (0, 256 - spread))), axis=1)
    places = rng.uniform(0, 300, (2, max(n_a, n_b), 2)).astype(np.float32)
    return a, places[0, :n_a], b, places[1, :n_b]


@pytest.mark.parametrize("spread", [3, 12, 40, 256])
@pytest.mark.parametrize(("n_a", "n_b"), [(200, 170), (37, 90), (1, 1), (0, 5), (5, 0), (0, 0)])
def test_matches_are_opencvs_cross_check_with_both_limits(spread, n_a, n_b):
    sets = _random(spread + n_a, n_a, n_b, spread)
    for max_hamming, max_displacement in [(20, 100.0), (130, 100.0), (5, 1000.0), (257, 50.0)]:
        got = tracks.match(*sets, max_hamming=max_hamming, max_displacement=max_displacement)
        assert got.dtype == np.int32
        assert got.tolist() == _opencv(*sets, max_hamming, max_displacement).tolist()


def test_matches_of_real_features_are_opencvs():
    first, second = (local.orb_brief(picture[..., 0]) for picture in moving_scene(4, 6)[::5])
    got = tracks.match(first.descriptors, first.xy, second.descriptors, second.xy)
    want = _opencv(first.descriptors, first.xy, second.descriptors, second.xy, 20, 100)
    assert got.tolist() == want.tolist()
    assert (got >= 0).sum() > 30


def test_both_limits_are_exclusive():
    a = np.zeros((1, 32), np.uint8)
    b = np.packbits(np.r_[np.ones(19, np.uint8), np.zeros(237, np.uint8)])[None]
    here, away = np.zeros((1, 2), np.float32), np.array([[60, 80]], np.float32)
    assert tracks.match(a, here, b, here, max_hamming=20).tolist() == [0]
    assert tracks.match(a, here, b, here, max_hamming=19).tolist() == [-1]
    assert tracks.match(a, here, a, away, max_displacement=100.0).tolist() == [-1]
    assert tracks.match(a, here, a, away, max_displacement=100.1).tolist() == [0]


def test_the_smallest_index_wins_a_tie_and_only_it():
    codes, places = np.zeros((3, 32), np.uint8), np.zeros((3, 2), np.float32)
    assert tracks.match(codes, places, codes, places).tolist() == [0, -1, -1]


def test_a_nearest_that_lies_too_far_away_is_not_replaced_by_the_second_nearest():
    a = np.zeros((2, 32), np.uint8)
    a[1, 0] = 1
    b, origin = np.zeros((1, 32), np.uint8), np.zeros((1, 2), np.float32)
    far_and_near = np.array([[500, 0], [1, 0]], np.float32)
    assert tracks.match(a, far_and_near, b, origin).tolist() == [-1]


def test_codes_of_another_type_are_refused():
    codes, places = np.zeros((2, 32), np.float32), np.zeros((2, 2), np.float32)
    with pytest.raises(UserError, match="codes_a"):
        tracks.match(codes, places, codes, places)


def test_sift_matches_are_mutual_nearest_neighbours_under_the_limits():
    rng = np.random.default_rng(0)
    a = rng.integers(0, 12, (60, 128)).astype(np.float32)
    b = np.vstack([a[rng.permutation(60)[:40]] + rng.integers(0, 2, (40, 128)), a[:5], a[:5]]).astype(np.float32)
    xy_a, xy_b = rng.uniform(0, 150, (2, 60, 2)).astype(np.float32)
    distances = np.linalg.norm(a[:, None].astype(float) - b[None], axis=2)
    want = []
    for j in range(len(b)):
        i = int(distances[:, j].argmin())
        near = np.hypot(*(xy_a[i].astype(float) - xy_b[j])) < 100
        want.append(i if distances[i].argmin() == j and distances[i, j] < 9 and near else -1)
    got = tracks.match_sift(a, xy_a, b, xy_b[:50], max_distance=9)
    assert got.tolist() == want
    assert 5 < (got >= 0).sum() < 50
    assert tracks.match_sift(a[:0], xy_a[:0], b, xy_b[:50]).tolist() == [-1] * 50


def test_tracks_are_numbered_by_first_appearance_and_end_when_a_frame_misses_them():
    def codes(*numbers):
        return np.repeat(np.array(numbers, np.uint8)[:, None] * 17, 32, axis=1)

    def places(n):
        return np.zeros((n, 2), np.float32)

    tracker = tracks.Tracker(tracks.match)
    seen = [(1, 2), (2, 3, 1), (3,), (), (3, 2)]
    got = [tracker.update(codes(*frame).reshape(-1, 32), places(len(frame))) for frame in seen]
    assert [(numbers.tolist(), common) for numbers, common in got] == [
        ([0, 1], 0),
        ([1, 2, 0], 2),
        ([2], 1),
        ([], 0),
        ([3, 4], 0),
    ]
    assert tracker.n_tracks == 5


def test_a_tracker_remembers_a_frame_whose_arrays_are_used_again():
    rng = np.random.default_rng(0)
    codes, xy = rng.integers(0, 256, (4, 32), dtype=np.uint8), np.zeros((4, 2), np.float32)
    tracker = tracks.Tracker(tracks.match)
    found, _ = tracker.update(codes, xy)
    found += 100
    assert tracker.update(codes, xy)[0].tolist() == [0, 1, 2, 3]
    codes[:] = 255 - codes
    assert tracker.update(codes, xy)[1] == 0
    xy += 500
    assert tracker.update(codes, xy)[1] == 0


def test_what_would_be_read_beyond_its_end_is_refused():
    codes, places = np.zeros((5, 32), np.uint8), np.zeros((5, 2), np.float32)
    for arguments, says in [
        ((codes, places[:3], codes, places), "xy_a has 3 rows"),
        ((codes, places, codes, places[:3]), "xy_b has 3 rows"),
        ((codes, places[:, :1], codes, places), "xy_a has 1 dim"),
        ((codes, places, codes[:, :16], places), "codes_b has 16 bytes"),
        ((codes, places, codes, places * np.nan), "xy_b, row 0: NaN"),
    ]:
        with pytest.raises(UserError, match=says):
            tracks.match(*arguments)
    for limits in ({"max_hamming": -1}, {"max_hamming": 2.5}, {"max_displacement": -1}, {"max_displacement": np.nan}):
        with pytest.raises(UserError, match=next(iter(limits))):
            tracks.match(codes, places, codes, places, **limits)
    assert tracks.match(codes, places, codes, places, max_hamming=0).tolist() == [-1] * 5
    with pytest.raises(UserError, match="xy_a has 3 rows"):
        tracks.match_sift(codes, places[:3], codes, places)
    with pytest.raises(UserError, match="expected"):
        tracks.Tracker(tracks.match).update(codes, places[:3])


def test_float_descriptors_far_from_the_origin_find_their_own():
    rng = np.random.default_rng(5)
    a = 100 + 0.001 * rng.normal(size=(60, 16))
    b = a[::-1] + 0.0001 * rng.normal(size=a.shape)
    places = np.zeros((60, 2))
    assert tracks.match_sift(a, places, b, places).tolist() == list(range(60))[::-1]
