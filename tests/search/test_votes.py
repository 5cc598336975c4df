import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.search import votes
from vretlib.search.neighbours import Nearest

# three query features: two ties for one shot, one neighbour, three ties over three shots
NEAREST = Nearest.of_pairs(np.array([9, 4, 11], np.int32), np.array([0, 0, 1, 2, 2, 2]), np.array([0, 1, 4, 2, 4, 5]))
SHOTS = np.array([3, 3, 0, 0, 1, 2])


def test_every_neighbour_at_the_minimum_votes_even_twice_for_one_shot():
    assert votes.count(NEAREST, SHOTS, 5).tolist() == [1, 2, 1, 2, 0]


def test_votes_can_be_weighed_by_what_they_are_for():
    weights = np.array([1, 1, 5, 0, 0.5, 0])
    assert votes.count(NEAREST, SHOTS, 5, weights).tolist() == [5, 1, 0, 2, 0]


def test_the_lowest_of_equals_wins():
    assert votes.winner(votes.count(NEAREST, SHOTS, 5)) == 1


def test_no_vote_has_no_winner():
    empty = Nearest.of_pairs(np.empty(0, np.int32), np.empty(0, int), np.empty(0, int))
    assert votes.winner(votes.count(empty, SHOTS, 5)) == -1


def test_labels_are_ranked_by_votes_and_those_without_votes_are_missing():
    assert votes.ranked([1.0, 2, 1, 2, 0], 3).tolist() == [1, 3, 0]
    assert votes.ranked([1.0, 2, 1, 2, 0], 7).tolist() == [1, 3, 0, 2, -1, -1, -1]
    assert votes.ranked(np.empty(0), 2).tolist() == [-1, -1]


def test_relative_votes_hold_back_long_shots_and_tiny_ones():
    counted, sizes = np.array([40.0, 12, 1]), np.array([900, 30, 1])
    assert votes.winner(counted) == 0
    assert votes.relative(counted, sizes, smoothing=10).tolist() == [40 / 910, 12 / 40, 1 / 11]
    assert votes.winner(votes.relative(counted, sizes, smoothing=10)) == 1


def test_smoothing_is_by_default_the_mean_size():
    assert votes.relative(np.array([3.0, 4]), np.array([1, 3])).tolist() == [3 / 3, 4 / 5]


def test_bad_input_says_what_was_expected():
    for call, says in [
        (lambda: votes.count(NEAREST, SHOTS, 3), "labels run from 0 to 3; expected 0 to 2"),
        (lambda: votes.count(NEAREST, SHOTS[:4], 5), "id 5, but there are 4 labels"),
        (lambda: votes.relative(np.ones(2), np.ones(2), 0), "smoothing=0"),
    ]:
        with pytest.raises(UserError, match=says):
            call()


def test_padding_casts_no_vote_and_other_negative_ids_are_refused():
    """Of two neighbours wanted one was found: its search says -1 for the other, which is no row."""
    padded = Nearest.of_pairs(np.array([3, 3], np.int32), np.array([0, 0, 1]), np.array([-1, 0, 1]))
    assert votes.count(padded, np.array([0, 1, 1]), 2).tolist() == [1, 1]
    assert votes.count(padded, np.array([0, 1, 1]), 2, weights=[5, 2, 9]).tolist() == [5, 2]
    with pytest.raises(UserError, match="ids holds -2"):
        Nearest.of_pairs(np.array([3], np.int32), np.array([0]), np.array([-2]))
    with pytest.raises(UserError, match="expected the answer of a search"):
        votes.count(np.array([-1, 0]), np.array([0, 1, 1]), 2)  # type: ignore[arg-type]


def test_votes_that_are_no_numbers_are_refused():
    for wrong in ([np.nan, 3], [np.inf, 1], [[1, 2]], ["1", "2"]):
        with pytest.raises(UserError, match="votes"):
            votes.winner(wrong)
    with pytest.raises(UserError, match="weights"):
        votes.count(NEAREST, SHOTS, 4, weights=np.ones(len(SHOTS) - 1))
    with pytest.raises(UserError, match="sizes"):
        votes.relative(np.ones(3), np.ones((3, 1)))
