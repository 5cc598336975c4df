"""From a scene to pixels: sizes, seeds, and the light of the hour."""

import numpy as np
import pytest

from embedded.paintings import settings
from embedded.paintings.drawing import drawn, paint
from embedded.paintings.hand import Hand
from embedded.paintings.scene import Scene, Setting, Thing


def scene(time="day", wide=1.5, *things):
    return Scene("landscape", "river", Setting("plain", time), things, wide)


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize(("wide", "shape"), [(1.5, (40, 60, 3)), (0.5, (60, 30, 3)), (1.0, (60, 60, 3))])
def test_the_longer_side_and_the_format_are_the_scene_s(wide, shape):
    assert paint(scene("day", wide), Hand(), 60, rng()).shape == shape


def test_a_painting_is_a_function_of_its_seed():
    first, again, other = (paint(scene(), Hand(), 48, rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first.astype(int) - other).mean() > 1


def test_night_is_darker_than_day():
    bright = {time: np.mean([drawn(scene(time), 40, 60, rng(s)).pixels for s in range(5)]) for time in settings.LIGHT}
    assert bright["night"] < bright["storm"] < bright["day"]


def test_a_thing_stands_where_the_scene_has_it_and_faces_the_side_it_is_turned_to():
    def changed(thing):
        bare, with_it = (drawn(s, 60, 90, rng()).pixels.astype(int) for s in (scene(), scene("day", 1.5, thing)))
        return np.abs(bare - with_it).sum(axis=(0, 2))

    columns = np.arange(90)
    for x in (0.2, 0.8):
        weight = changed(Thing("column", x, 0.9, 0.5))
        assert abs((columns * weight).sum() / weight.sum() / 90 - x) < 0.08
    left, right = (changed(Thing("horse", 0.5, 0.9, 0.6, {"turn": turn, "coat": "brown"})) for turn in (-1, 1))
    assert np.corrcoef(left, right[::-1])[0, 1] > np.corrcoef(left, right)[0, 1]
