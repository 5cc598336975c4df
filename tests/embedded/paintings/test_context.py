"""Sentences beside what is to be seen: every slot is known, and a technique belongs to the painter's way."""

import re

import numpy as np

from embedded.paintings import context
from embedded.paintings.chance import Chance
from embedded.paintings.painters import HANDS, painters
from embedded.paintings.phrases import filled


def test_every_slot_of_every_sentence_is_filled():
    them, g = painters(0), Chance(np.random.default_rng(0))
    slots = context.slots(g, them[0], them[:20], "The Title", 1600)
    wanted = {name for text in context.SENTENCES for name in re.findall(r"<([A-Za-z_]+)>", text)}
    assert wanted <= set(slots)
    for template in context.SENTENCES:
        assert not set(filled(g, template, slots)) & set("{}<>|")


def test_techniques_differ_by_the_painters_way():
    by_way = {painter.way: set(context.technique(painter)) for painter in painters(0)}
    assert set(by_way) == set(HANDS)
    common = set.intersection(*by_way.values())
    assert all(some - common for some in by_way.values())
    assert all(not (by_way[a] - common) & (by_way[b] - common) for a in by_way for b in by_way if a != b)


def test_years_are_near_the_painting_s_and_the_century_is_its_own():
    them = painters(0)
    slots = context.slots(Chance(np.random.default_rng(0)), them[0], them[:20], "The Title", 1632)
    assert slots["century"] == "17th"
    assert slots["title"] == "Title"  # "the <title>" has an article of its own
    born = [int(slots["born"]()) for _ in range(100)]
    assert 1572 <= min(born) < max(born) <= 1612
