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
