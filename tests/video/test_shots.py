"""Shot rules on cases worked out by hand."""

import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.video.shots import find_shots

FULL = np.full(12, 9)


def test_a_boundary_is_where_no_track_is_shared():
    common = np.array([0, 9, 9, 0, 5, 1, 1, 0, 9, 9, 9, 9])
    assert find_shots(common, FULL).tolist() == [[0, 3], [3, 7], [7, 12]]


def test_the_authors_need_two_common_tracks_to_go_on():
    common = np.array([0, 9, 9, 0, 5, 1, 2, 0, 9, 9, 9, 9])
    assert find_shots(common, FULL, rule="authors").tolist() == [[0, 3], [3, 5], [5, 7], [7, 12]]


def test_the_authors_example_in_one_file():
    """Twelve frames of which the tenth shares one track with the ninth: [1-9], [10-12] (counted from 1)."""
    common = np.array([0, 3, 3, 3, 3, 3, 3, 3, 3, 1, 3, 3])
    assert find_shots(common, FULL, rule="authors").tolist() == [[0, 9], [9, 12]]
    assert find_shots(common, FULL).tolist() == [[0, 12]]


def test_black_frames_are_shots_of_their_own_and_the_authors_drop_them():
    features = np.array([9, 9, 0, 0, 9, 9])
    common = np.array([0, 9, 0, 0, 0, 9])
    assert find_shots(common, features).tolist() == [[0, 2], [2, 3], [3, 4], [4, 6]]
    assert find_shots(common, features, rule="authors").tolist() == [[0, 2], [4, 6]]


def test_the_number_of_common_tracks_can_be_given():
    common = np.array([0, 9, 4, 9, 3, 9, 0, 9, 9, 9, 9, 9])
    assert find_shots(common, FULL, common_tracks=3).tolist() == [[0, 4], [4, 6], [6, 12]]
    assert find_shots(common, FULL, rule="authors", common_tracks=0).tolist() == [[0, 6], [6, 12]]


def test_thesis_shots_cover_every_frame_once():
    rng = np.random.default_rng(0)
    shots = find_shots(rng.integers(0, 3, 500), rng.integers(0, 2, 500))
    assert np.concatenate([np.arange(*shot) for shot in shots]).tolist() == list(range(500))
    assert shots.dtype == np.int64


def test_no_frames_no_shots():
    assert find_shots(np.empty(0), np.empty(0)).shape == (0, 2)


@pytest.mark.parametrize("tracks", ["1", 1.5, np.nan, True, -1])
def test_a_number_of_common_tracks_that_is_none_is_refused(tracks):
    with pytest.raises(UserError, match="common_tracks="):
        find_shots(FULL, FULL, common_tracks=tracks)


def test_an_unknown_rule_names_the_known_ones():
    with pytest.raises(UserError, match="thesis, authors"):
        find_shots(FULL, FULL, rule="none")
    with pytest.raises(UserError, match=r"rule=\['thesis'\]"):
        find_shots(FULL, FULL, rule=["thesis"])
