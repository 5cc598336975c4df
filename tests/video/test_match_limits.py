"""What a limit of the distance lets through, on a film made of numbers."""

import numpy as np
import pytest

from tests.video.made_films import PER_FRAME, made_film, without_features
from vretlib.errors import NoExampleError
from vretlib.video import match_limits
from vretlib.video.match_limits import LIMITS, Limit


def test_all_features_of_a_still_shot_match_and_none_across_its_cut():
    film = made_film("one", 1)  # shots begin at 0, 12 and 22
    generous = LIMITS["BRIEF"]
    assert match_limits.shares(film, generous, 0, 12)["with a match"].iloc[-1] == 1.0
    none = Limit((1e-9,), 1, "nothing is nearer than this", lambda a, xy_a, b, xy_b, limit: np.full(len(b), -1))
    assert match_limits.shares(film, none, 0, 12).iloc[0].tolist() == [0.0, 0.0]


def test_matches_that_lie_too_far_are_counted_apart():
    film = made_film("one", 1)
    swap = Limit((1.0,), 1, "", lambda a, xy_a, b, xy_b, limit: np.arange(len(b))[::-1])
    counted = match_limits.shares(film, swap, 0, 2)  # one pair of frames
    first, second = film.xy[:PER_FRAME], film.xy[PER_FRAME : 2 * PER_FRAME]
    moved = np.linalg.norm(first[::-1] - second, axis=1)
    assert counted.loc[1.0].tolist() == [1.0, (moved >= 100).mean()]


def test_a_film_without_features_has_no_shares():
    film = without_features(made_film("one", 1))
    with pytest.raises(NoExampleError, match="in a row"):
        match_limits.shares(film, LIMITS["BRIEF"], 0, 12)


def test_a_sweep_has_the_limit_in_use_of_each_kind():
    (shares, used, distance) = match_limits.sweep({"BRIEF": made_film("one", 1)}, 0, 12)["BRIEF"]
    assert used == 20
    assert "bits" in distance
    assert shares.index.tolist() == list(LIMITS["BRIEF"].tried)
