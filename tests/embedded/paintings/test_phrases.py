"""Templates: choices within choices, slots that are asked anew each time, articles."""

import numpy as np

from embedded.paintings.chance import Chance
from embedded.paintings.phrases import filled, polished, sentence


def test_choices_stand_within_choices_and_slots_within_both():
    g = Chance(np.random.default_rng(0))
    found = {filled(g, "{a {b|c}|<d>}", {"d": "{e|<f>}", "f": "g"}) for _ in range(200)}
    assert found == {"a b", "a c", "e", "g"}


def test_a_slot_that_is_a_function_is_asked_each_time():
    numbers = iter(range(9))
    assert filled(Chance(np.random.default_rng(0)), "<n> <n>", {"n": lambda: str(next(numbers))}) == "0 1"


def test_articles_fit_the_next_word_and_spaces_are_single():
    assert polished("a angel beside a tree") == "An angel beside a tree"
    assert polished("a unicorn and a one-armed man") == "A unicorn and a one-armed man"
    assert sentence(Chance(np.random.default_rng(0)), "a {|}  saint", {}) == "A saint"
