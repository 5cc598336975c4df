"""How things are named: a word for everything, and several for most."""

import re

from embedded.paintings import lexicon
from embedded.paintings.canvas import COLOURS
from embedded.paintings.settings import OUTDOORS, SKIES


def test_every_colour_hour_and_place_has_words():
    assert set(COLOURS) <= set(lexicon.COLOUR_WORDS)
    assert set(SKIES) <= set(lexicon.TIMES)
    assert set(OUTDOORS) <= set(lexicon.PLACES)


def test_words_are_choices_whose_brackets_are_closed():
    for table in (lexicon.COLOUR_WORDS, lexicon.ROLES, lexicon.KINDS, lexicon.PLACES, lexicon.TIMES, lexicon.SUBJECTS):
        for name, text in table.items():
            assert text.count("{") == text.count("}"), name
            depth = [text[:i].count("{") - text[:i].count("}") for i in range(len(text) + 1)]
            assert min(depth) >= 0, name
            assert not re.search(r"[<>]", text), name


def test_most_things_have_several_names():
    several = ["|" in text for table in (lexicon.ROLES, lexicon.KINDS, lexicon.SUBJECTS) for text in table.values()]
    assert sum(several) > 0.6 * len(several)


def test_no_colour_shares_a_name_with_another():
    """Otherwise a comment could not say which is meant."""
    words = {name: set(text.strip("{}").split("|")) for name, text in lexicon.COLOUR_WORDS.items()}
    shared = [(a, b, words[a] & words[b]) for a in words for b in words if a < b and words[a] & words[b]]
    assert shared == []
