"""What scenes hold, theme by theme: in `genre gospel histories holy myths portraits sacred saints views worldly`."""

from collections import Counter

import numpy as np
import pytest

from embedded.paintings import genre, gospel, histories, holy, myths, portraits, sacred, saints, views, worldly
from embedded.paintings.chance import Chance
from embedded.paintings.scene import Scene, Setting, Thing


def g(seed=0):
    return Chance(np.random.default_rng(seed))


def kinds(made):
    return Counter(thing.kind for thing in made[1])


@pytest.mark.parametrize("seed", range(5))
def test_each_subject_has_what_it_is_known_by(seed):
    assert kinds(gospel.crucifixion(g(seed), 0.5))["cross"] >= 1
    assert kinds(gospel.supper(g(seed), 0.0))["person"] > 6
    assert kinds(saints.jerome(g(seed), 0.0))["lion"] == 1
    assert kinds(saints.sebastian(g(seed), 0.0))["arrows"] >= 1
    assert kinds(saints.george(g(seed), 0.0))["dragon"] == 1
    assert kinds(histories.battle(g(seed)))["rider"] == 7
    assert kinds(histories.sea_battle(g(seed)))["ship"] >= 1
    assert kinds(genre.cards(g(seed)))["table"] >= 1
    assert kinds(genre.music(g(seed)))["lute"] >= 1
    assert kinds(myths.europa(g(seed)))["cow"] == 1


def test_a_gold_ground_is_as_frequent_as_is_asked_for():
    kinds = [holy.behind(one, gold=0.7).kind for one in [g()] for _ in range(600)]
    assert abs(np.mean([kind == "gold" for kind in kinds]) - 0.7) < 0.08
    assert "gold" not in {holy.behind(one, gold=0.0).kind for one in [g()] for _ in range(200)}


def test_the_virgin_wears_mostly_red_and_blue():
    worn = [holy.virgin(one, 0.5, 0.9, 0.7).traits for one in [g()] for _ in range(500)]
    assert np.mean([traits["robe"] == "red" for traits in worn]) > 0.55
    assert np.mean([traits["cloak"] == "blue" for traits in worn]) > 0.7


def test_saints_keep_the_clothes_by_which_they_are_known_and_a_caller_may_change_them():
    assert holy.saint(g(), "St Peter", 0, 0, 1).traits["cloak"] == "yellow"
    assert holy.saint(g(), "St Peter", 0, 0, 1, cloak="red").traits["cloak"] == "red"


def test_fashion_follows_the_time():
    def worn(era):
        sitters = [portraits.portrait(g(seed), "man", era)[1][0].traits for seed in range(120)]
        return Counter(str(traits.get(name)) for traits in sitters for name in ("collar", "hat", "cut"))

    assert worn(1601)["ruff"] + worn(1551)["ruff"] > 0
    assert worn(1401)["ruff"] == worn(1851)["ruff"] == 0
    assert worn(1751)["wig"] > 0
    assert worn(1501)["wig"] == 0


@pytest.mark.parametrize("theme", sacred.SUBJECTS)
def test_sacred_formats_are_in_their_range_and_traits_that_are_none_are_gone(theme):
    narrow, wide = sacred.SUBJECTS[theme][2]
    made = [sacred.compose(g(seed), theme, 0.2) for seed in range(10)]
    assert all(narrow <= scene.wide <= wide for scene in made)
    assert all(value is not None for scene in made for thing in scene.things for value in thing.traits.values())


@pytest.mark.parametrize(("kind", "themes"), worldly.TABLES.items())
def test_worldly_scenes_differ_with_the_seed_and_repeat_with_it(kind, themes):
    for theme in themes:
        first, again, other = (worldly.compose(g(seed), kind, theme, 1651) for seed in (1, 1, 2))
        assert first == again != other


@pytest.mark.parametrize(("kind", "themes"), views.TABLES.items())
def test_views_are_of_their_type_and_theme(kind, themes):
    for theme in themes:
        scene = views.compose(g(), kind, theme)
        assert (scene.type, scene.theme) == (kind, theme)
        assert isinstance(scene, Scene)
        assert isinstance(scene.setting, Setting)
        assert scene.things or kind == "landscape"  # which may show nothing but land
        assert all(isinstance(thing, Thing) for thing in scene.things)
