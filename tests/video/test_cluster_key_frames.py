"""Algorithm 1 of paper 002: hand-worked videos, brute force for what k-means must satisfy, and every open point."""

from itertools import product

import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.video.cluster_key_frames import KeyFrameOptions, find_peaks, k_means, key_frames, n_clusters

# Three shots of features on a line; the middle frame of each is nearest to its mean.
FEATURES = np.array([[0.0], [1.0], [2.0], [10.0], [11.0], [12.0], [30.0], [31.0], [32.0]])
DISTANCES = np.array([1, 1, 8, 1, 1, 18, 1, 1])  # mean 4, so θ = 1.4 asks for more than 5.6


def test_peaks_are_strictly_above_theta_times_the_mean():
    assert find_peaks(DISTANCES, 1.4).tolist() == [2, 5]
    assert find_peaks(DISTANCES, 2.0).tolist() == [5]  # 8 is not above 8
    assert find_peaks(DISTANCES, 5.0).tolist() == []


def test_theta_zero_makes_every_change_a_peak():
    assert find_peaks([1, 0, 2], 0).tolist() == [0, 2]


def test_a_static_video_has_no_peak():
    for theta in (0, 1.4):
        assert find_peaks(np.zeros(5), theta).tolist() == []


@pytest.mark.parametrize(
    ("peaks", "frames", "at_least_one", "one_more"),
    [(0, 9, 1, 1), (2, 9, 2, 3), (8, 9, 8, 9), (9, 9, 9, 9), (0, 1, 1, 1)],
)
def test_number_of_clusters(peaks, frames, at_least_one, one_more):
    assert n_clusters(peaks, frames) == at_least_one
    assert n_clusters(peaks, frames, "one_more") == one_more


def test_three_shots_by_hand():
    found = key_frames(FEATURES, DISTANCES, KeyFrameOptions(clusters="one_more", seeding="k_means++"))
    assert found.ids.tolist() == [1, 4, 7]
    assert found.cluster_of.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert found.peaks.tolist() == [2, 5]


def test_two_peaks_make_two_clusters_by_default():
    # The nearer shots join: mean 6 of 0 1 2 10 11 12; frames 2 and 10 are 4 away each, and the first is taken.
    found = key_frames(FEATURES, DISTANCES)
    assert found.ids.tolist() == [2, 7]
    assert found.cluster_of.tolist() == [0] * 6 + [1] * 3


def test_the_last_frame_may_be_left_out():
    found = key_frames(
        FEATURES, DISTANCES, KeyFrameOptions(clusters="one_more", frames="but_last", seeding="k_means++")
    )
    assert found.cluster_of.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, -1]
    assert found.ids.tolist() == [1, 4, 6]  # 30 and 31 are as near to 30.5


@pytest.mark.parametrize("frames", ["all", "but_last"])
@pytest.mark.parametrize("theta", [0, 1.4])
def test_a_video_of_one_frame_keeps_it(frames, theta):
    found = key_frames(np.ones((1, 4)), np.zeros(0), KeyFrameOptions(theta=theta, frames=frames))
    assert found.ids.tolist() == [0]
    assert found.cluster_of.tolist() == [0]


@pytest.mark.parametrize(
    "options",
    [KeyFrameOptions(*rest) for rest in product((0, 1.4, 9), ("at_least_one", "one_more"), ("all", "but_last"))],
)
def test_a_static_black_video_has_one_key_frame_whatever_the_options(options):
    for metric, seeding, empty in product(("euclidean", "cosine"), ("random_frames", "k_means++"), ("refill", "drop")):
        chosen = KeyFrameOptions(options.theta, options.clusters, options.frames, seeding, metric, empty)
        found = key_frames(np.zeros((6, 3)), np.zeros(5), chosen)
        assert found.ids.tolist() == [0]
        assert set(found.cluster_of.tolist()) <= {0, -1}


def test_equal_frames_cannot_make_more_clusters_than_there_are_different_frames():
    features = np.array([[0.0], [0.0], [5.0], [5.0], [5.0], [0.0]])
    for empty, seeding in product(("refill", "drop"), ("random_frames", "k_means++")):
        options = KeyFrameOptions(theta=0, seeding=seeding, empty=empty)
        found = key_frames(features, np.ones(5), options)
        assert 1 <= len(found.ids) <= 2
        assert len(set(found.cluster_of.tolist())) == len(found.ids)
    assert key_frames(features, np.ones(5), KeyFrameOptions(theta=0)).ids.tolist() == [0, 2]  # refilled


def test_theta_zero_on_a_video_that_always_changes_keeps_all_frames_but_one():
    features = np.random.default_rng(0).normal(size=(12, 5))
    assert len(key_frames(features, np.ones(11), KeyFrameOptions(theta=0)).ids) == 11
    assert len(key_frames(features, np.ones(11), KeyFrameOptions(theta=0, clusters="one_more")).ids) == 12


@pytest.mark.parametrize("seed", range(8))
def test_k_means_ends_where_no_frame_is_nearer_to_another_centre(seed):
    x = np.random.default_rng(seed).normal(size=(60, 3))
    labels, centres = k_means(x, 7, KeyFrameOptions(seed=seed))
    squares = ((x[:, None] - centres[None]) ** 2).sum(axis=2)
    assert np.array_equal(labels, squares.argmin(axis=1))
    assert np.allclose(centres, [x[labels == c].mean(axis=0) for c in range(len(centres))])


@pytest.mark.parametrize("seed", range(4))
def test_key_frames_are_the_nearest_of_their_clusters(seed):
    x = np.random.default_rng(seed).normal(size=(40, 3))
    found = key_frames(x, np.arange(39.0), KeyFrameOptions(seed=seed))
    for place, key in enumerate(found.ids):
        members = np.flatnonzero(found.cluster_of == place)
        squares = ((x[members] - x[members].mean(axis=0)) ** 2).sum(axis=1)
        assert key == members[squares.argmin()]
    assert np.array_equal(found.ids, np.unique(found.ids))


def test_k_means_plus_plus_draws_with_the_squares_as_weights():
    """Of two far groups of one and three frames, two seeds always see both; equal chances would miss one."""
    x = np.array([[0.0], [100.0], [100.0], [100.0]])
    for seed in range(20):
        labels, _ = k_means(x, 2, KeyFrameOptions(seeding="k_means++", seed=seed, empty="drop"))
        assert labels.tolist() == [0, 1, 1, 1]


def test_random_seeds_may_fall_into_one_group_and_an_emptied_cluster_is_dropped_on_request():
    x = np.array([[0.0], [100.0], [100.0], [100.0]])
    n = {len(k_means(x, 2, KeyFrameOptions(seed=seed, empty="drop"))[1]) for seed in range(20)}
    assert n == {1, 2}
    assert {len(k_means(x, 2, KeyFrameOptions(seed=seed))[1]) for seed in range(20)} == {2}


def test_cosine_does_not_see_brightness():
    x = np.array([[1.0, 0.0], [9.0, 0.0], [0.0, 1.0], [0.0, 9.0]])
    options = KeyFrameOptions(clusters="one_more", metric="cosine", seeding="k_means++")
    assert key_frames(x, [0, 9, 0], options).cluster_of.tolist() == [0, 0, 1, 1]


def test_the_seed_decides_and_nothing_else():
    x, d = np.random.default_rng(1).normal(size=(50, 4)), np.arange(49.0)
    found = [key_frames(x, d, KeyFrameOptions(seed=seed)).ids.tolist() for seed in (0, 0, 1, 2)]
    assert found[0] == found[1]
    assert len({tuple(ids) for ids in found}) > 1
    assert key_frames(x.astype(np.float32), d).ids.tolist() == found[0]


def test_blocks_do_not_show(monkeypatch):
    x, d = np.random.default_rng(1).normal(size=(50, 4)), np.arange(49.0)
    expected = key_frames(x, d)
    monkeypatch.setattr("vretlib.video.cluster_key_frames._ROWS", 7)
    assert all(np.array_equal(a, b) for a, b in zip(key_frames(x, d), expected, strict=True))


def test_what_means_nothing_is_refused():
    for options in (
        *({"theta": theta} for theta in (-1, float("nan"))), {"clusters": "m"}, {"seeding": "x"}, {"max_rounds": 0},
        *({"seed": seed} for seed in (-1, 1.5, None, "0")),
    ):  # fmt: skip
        with pytest.raises(UserError):
            KeyFrameOptions(**options)
    x = np.ones((3, 2))
    masked = np.ma.masked_array(x, x > 0)
    for features, distances in (
        *((x, wrong) for wrong in ([1], [1, -1], [1, np.nan], 1.0, None, ["a", "b"], [1j, 1j], [[1], [1, 2]])),
        *((wrong, [1, 1]) for wrong in (x * np.nan, x * 1j, x.astype(object), masked, "frames", None, [[1], [1, 2]])),
        (x[:0], []),
    ):
        with pytest.raises(UserError):
            key_frames(features, distances)
