"""Key frames on curves and shots worked out by hand."""

import numpy as np

from vretlib.video import key_frames


def test_every_local_maximum_is_a_peak_and_a_level_top_has_one():
    assert key_frames.peaks(np.array([0.0, 2, 1, 1, 3, 3, 3, 0, 5])).tolist() == [1, 5]


def test_a_curve_without_a_peak_gives_its_first_maximum():
    assert key_frames.peaks(np.array([1.0, 2, 3])).tolist() == [2]
    assert key_frames.peaks(np.array([4.0, 4, 4])).tolist() == [0]
    assert key_frames.peaks(np.array([7.0])).tolist() == [0]


def test_the_reference_is_the_most_frequent_luma_of_each_pixel():
    shot = np.zeros((5, 2, 2), np.uint8)
    shot[:, 0, 0] = [100, 101, 102, 3, 250]  # 96 to 111 is a class, its middle 104
    shot[:, 1, 1] = [10, 20, 250, 20, 10]  # two in 0-15, two in 16-31: the darker
    assert key_frames.reference_image(shot).tolist() == [[104, 8], [8, 8]]


def test_the_curve_is_the_mean_difference_in_grey_levels():
    shot = np.full((4, 2, 2), 8, np.uint8)
    shot[2, 0] = 28
    assert key_frames.distance_curve(shot).tolist() == [0, 0, 10, 0]


def test_every_shot_has_a_key_frame_and_numbers_are_those_of_the_film():
    thumbnails = np.full((9, 4, 4), 40, np.uint8)
    thumbnails[5] = 90
    assert key_frames.key_frames(thumbnails, np.array([[0, 3], [3, 8], [8, 9]])).tolist() == [0, 5, 8]


def test_a_long_shot_is_worked_through_in_blocks():
    rng = np.random.default_rng(0)
    shot = rng.integers(0, 256, (1300, 3, 5), dtype=np.uint8)
    reference = key_frames.reference_image(shot)
    for y, x in [(0, 0), (2, 4)]:
        assert reference[y, x] == np.bincount(shot[:, y, x] // 16, minlength=16).argmax() * 16 + 8
    want = np.abs(shot.astype(float) - reference).mean(axis=(1, 2))
    np.testing.assert_allclose(key_frames.distance_curve(shot), want)
