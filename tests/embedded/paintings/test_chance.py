"""Choices: by weights, without repetition, within their limits, and the same from one seed."""

from collections import Counter

import numpy as np

from embedded.paintings.chance import CLOTH, Chance


def g(seed=0):
    return Chance(np.random.default_rng(seed))


def test_weights_are_probabilities():
    found = Counter(one.weighted({"a": 6, "b": 3, "c": 1, "never": 0}) for one in [g()] for _ in range(3000))
    assert set(found) == {"a", "b", "c"}
    for name, share in (("a", 0.6), ("b", 0.3), ("c", 0.1)):
        assert abs(found[name] / 3000 - share) < 4 * (share * (1 - share) / 3000) ** 0.5


def test_some_are_different_ones_and_all_where_more_are_asked_for():
    assert sorted(g().some(range(5), 9)) == list(range(5))
    assert len(set(g().some(range(50), 20))) == 20


def test_limits_belong_to_whole_numbers_and_colours_to_cloth():
    one = g()
    assert {one.whole(2, 4) for _ in range(200)} == {2, 3, 4}
    assert {one.cloth() for _ in range(500)} == set(CLOTH)
    assert all(abs(one.near(0.5, 0.1) - 0.5) <= 0.1 for _ in range(100))


def test_one_seed_makes_one_sequence():
    first, again, other = g(4), g(4), g(5)
    sequence = [first.whole(0, 999) for _ in range(9)]
    assert sequence == [again.whole(0, 999) for _ in range(9)] != [other.whole(0, 999) for _ in range(9)]
