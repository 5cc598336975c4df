"""Comments say what is to be seen, leave much of it out, and tell nothing that neither scene nor painter has."""

import re
from functools import cache

import numpy as np

from embedded.paintings import comments
from embedded.paintings.chance import Chance
from embedded.paintings.lexicon import COLOUR_WORDS
from embedded.paintings.painters import painters
from embedded.paintings.scene import Scene, Setting, Thing

DRESS = r"(?:dress|robe|garment|tunic|gown|habit)"


def scene(robe):
    return Scene("religious", "madonna", Setting("gold"), (Thing("person", 0.5, 0.9, 0.8, {"robe": robe}, "Virgin"),))


@cache
def written(robe, n=250):
    them = painters(0)
    return [
        comments.comment(Chance(np.random.default_rng(seed)), scene(robe), them[seed % 350], them, "Madonna", 1500)
        for seed in range(n)
    ]


def colours_of_dresses(texts):
    words = {word: name for name, template in COLOUR_WORDS.items() for word in template.strip("{}").split("|")}
    named = "|".join(sorted(words, key=len, reverse=True))
    found = [re.findall(rf"({named}) {DRESS}", text) for text in texts]
    return [[words[word] for word in some] for some in found]


def test_a_dress_is_named_in_its_own_colour_alone_and_often_not_at_all():
    for robe in ("red", "green"):
        named = colours_of_dresses(written(robe))
        assert {name for some in named for name in some} == {robe}
        assert 0.1 < np.mean([bool(some) for some in named]) < 0.8


def test_two_comments_on_one_scene_are_hardly_ever_the_same():
    assert len(set(written("red"))) > 0.98 * len(written("red"))


def test_a_comment_is_a_function_of_its_chance():
    them = painters(0)
    one, again = (
        comments.comment(Chance(np.random.default_rng(7)), scene("red"), them[3], them, "Madonna", 1500)
        for _ in range(2)
    )
    assert one == again


def test_lengths_are_lognormal_about_the_median():
    lengths = np.array([len(text.split()) for text in written("red")])
    assert 0.6 * comments.MEDIAN < np.median(lengths) < 1.4 * comments.MEDIAN
    assert lengths.max() < 900


def test_some_comments_speak_of_the_picture_and_some_of_its_history_alone():
    seen = [bool(re.search(r"\b(Virgin|Madonna|Mary|gold)", text)) for text in written("red")]
    assert 0.4 < np.mean(seen) < 0.99
