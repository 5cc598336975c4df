"""Titles: the usual one of a subject in a third of the cases, otherwise one of a kind; saints are named."""

import numpy as np
import pytest

from embedded.paintings.chance import Chance
from embedded.paintings.painters import TYPES, painters
from embedded.paintings.scene import Scene, Setting, Thing
from embedded.paintings.titles import OWN, SHARE_USUAL, USUAL, title


def given(scene, n=300):
    return [title(Chance(np.random.default_rng(seed)), scene, painters(0)[0]) for seed in range(n)]


def test_every_type_has_titles_of_its_own():
    assert set(OWN) == set(TYPES)


def test_usual_titles_are_as_frequent_as_stated_and_the_others_rarely_repeat():
    found = given(Scene("landscape", "river", Setting("river"), ()))
    counted = {one: found.count(one) for one in set(found)}
    usual = [one for one, n in counted.items() if n > 12]
    share = sum(counted[one] for one in usual) / len(found)
    assert USUAL["river"]
    assert abs(share - SHARE_USUAL) < 0.15


def test_a_saint_is_named_in_the_title():
    found = given(Scene("religious", "saint", Setting("gold"), (Thing("person", 0.5, 0.9, 0.8, {}, "St Lucy"),)))
    assert np.mean(["St Lucy" in one for one in found]) > 0.2
    assert not any("A Saint" in one for one in found)


@pytest.mark.parametrize("theme", sorted(USUAL))
def test_usual_titles_begin_with_a_capital_and_hold_no_template(theme):
    kind = "religious"
    for one in given(Scene(kind, theme, Setting("gold"), ()), 20):
        assert one[0].isupper() or one[0].isdigit()
        assert not set(one) & set("{}<>|")
