"""Tracks to look at, in films made of numbers."""

from dataclasses import replace

import numpy as np

from tests.video.made_films import PER_FRAME, made_film
from vretlib.video import track_examples


def test_track_of_a_key_feature_has_one_row_per_frame_of_its_shot():
    film = made_film("one", 1)
    track = track_examples.track_of_key_feature(film, PER_FRAME + 5)
    assert track.frames.tolist() == list(range(12, 22))
    assert (np.unpackbits(track.codes ^ track.key_code, axis=1).sum(axis=1) <= 2).all()


def test_the_longest_steady_stretch_is_the_first_of_equals_and_ends_where_half_of_the_features_are_new():
    n_common = np.full(33, PER_FRAME)
    n_common[[0, 9, 21]] = 0, 1, PER_FRAME // 2  # the first frame; a chance track; no more than half
    film = replace(made_film("one", 1, (9, 24)), n_common=n_common)
    assert track_examples.longest_steady(film) == (9, 21)
    n_common[9] = PER_FRAME // 2 + 1
    assert track_examples.longest_steady(film) == (0, 21)
