"""Hash networks of one stage and of both: trained, written with a card, and read again."""

import json
import shutil

import numpy as np
import pytest
import torch
from torch import nn

from vretlib.described.faces import VideoFrames
from vretlib.errors import UserError
from vretlib.models import cards, committed_hash_networks, hash_networks_recipe
from vretlib.models.hash_networks_recipe import HashTrainings

RECIPE = HashTrainings(("ssdh", "joint"), bits=(8,), n_seeds=2, first=4, second=3)
LAYERS = HashTrainings(("dnnh", "hvih"), bits=(4, 8), n_seeds=2, first=4)
DATA = {"dataset": "embedded", "steps": 4}


def frames(videos: int, seed: int) -> VideoFrames:
    """Videos of three people with three frames each, as maps around a place of the person's own."""
    rng = np.random.default_rng(seed)
    persons = np.repeat(np.arange(3), videos)
    video = np.repeat(np.arange(len(persons)), 3)
    places = np.random.default_rng(0).normal(size=(3, 6))[persons[video]]
    maps = (places[:, :, None, None] + 0.3 * rng.normal(size=(len(video), 6, 2, 2))).astype(np.float32)
    return VideoFrames(maps.mean((2, 3)), video, persons, maps)


@pytest.fixture(scope="module")
def front() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(6, 5, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten())


@pytest.fixture(scope="module")
def written(front, tmp_path_factory):
    out = tmp_path_factory.mktemp("weights") / "hash_networks.safetensors"
    return hash_networks_recipe.train("both", frames(5, 1), frames(2, 2), front, out, RECIPE, seed=3, data=DATA)


@pytest.fixture(scope="module")
def layers(front, tmp_path_factory):
    out = tmp_path_factory.mktemp("weights") / "hash_layers_a.safetensors"
    return hash_networks_recipe.train("layers", frames(5, 1), frames(2, 2), front, out, LAYERS, data=DATA)


def test_every_objective_and_seed_is_read_with_a_front_of_its_own(front, written):
    learned = frames(5, 1)
    found = committed_hash_networks.read(learned, front, written)
    assert list(found) == [(name, 8, seed) for name in ("ssdh", "joint") for seed in (3, 4)]
    first, second = (found["ssdh", 8, seed] for seed in (3, 4))
    assert not torch.equal(first.network.front[0].weight, front[0].weight)
    assert not torch.equal(first.network.front[0].weight, second.network.front[0].weight)
    assert found["joint", 8, 3].objective == "hvih"  # so that eq 2 makes its codes of videos
    whitened = first.network.whitened(front(torch.from_numpy(learned.maps)))
    np.testing.assert_allclose(whitened.mean(0).detach(), 0, atol=1e-5)  # the whitening is that of the first stage


def test_half_precision_is_all_that_a_file_loses(front, written):
    """Hashers that are trained again, from the cache, give nearly the same values."""
    learned = frames(5, 1)
    found = committed_hash_networks.read(learned, front, written)
    how = hash_networks_recipe.HashRecipe(hash_networks_recipe.HvihWeights(), 4).with_second_stage(front, 3)
    again = how.train("joint", learned, 8, 4)
    ours, theirs = found["joint", 8, 4].project(learned.maps), again.project(learned.maps)
    np.testing.assert_allclose(ours, theirs, atol=5e-3)
    assert not np.array_equal(ours, theirs)


def test_layers_of_the_first_stage_read_features_and_have_every_code_length(layers):
    learned = frames(5, 1)
    found = committed_hash_networks.read(learned, None, layers)
    assert list(found) == [(name, k, seed) for name in ("dnnh", "hvih") for k in (4, 8) for seed in (0, 1)]
    how = hash_networks_recipe.HashRecipe(hash_networks_recipe.HvihWeights(), 4)
    for name, k in (("dnnh", 4), ("hvih", 8)):
        again = how.train(name, learned, k, 1).project(learned.x)
        np.testing.assert_allclose(found[name, k, 1].project(learned.x), again, atol=5e-3)


def test_the_card_has_both_curves_over_both_stages_and_the_map_before_and_after_rounding(written):
    card = cards.read(written)
    assert list(card["curve"]) == ["ssdh", "joint"]
    assert list(card["curve"]["joint"]) == ["1", "2", "3", "4", "5", "6", "7"]
    assert list(card["loss"]) == [f"{name}, 8 bits, seed {seed}" for name in ("ssdh", "joint") for seed in (3, 4)]
    assert card["accuracy"].keys() == {"trained", "stored"}
    assert list(card["accuracy"]["stored"]) == ["ssdh, 8 bits", "joint, 8 bits"]
    assert all(len(of) == 2 and all(0 < x <= 1 for x in of) for of in card["accuracy"]["stored"].values())
    assert card["steps"] == 7


def test_what_does_not_fit_a_page_is_named(layers):
    lacks, learned = committed_hash_networks.lacks, frames(5, 1)
    assert lacks(layers, learned, {"dataset": "embedded", "steps": 4, "hidden": 9}, [8], [1, 0]) == ""
    assert lacks(layers, learned, {"dataset": "embedded", "steps": 5}) == "steps=5 instead of 4"
    assert lacks(layers, learned, DATA, [8, 16], [0]) == "no bits [16]"
    assert lacks(layers, learned, DATA, [8], [0, 2]) == "no seeds [2]"
    assert lacks(layers, frames(4, 1), DATA) == "12 videos instead of 15; 36 frames instead of 45"


def test_a_card_that_lacks_something_is_named(layers, tmp_path):
    file = tmp_path / "layers.safetensors"
    shutil.copy(layers, file)
    card = cards.read(layers)
    for name in ("bits", "data", "parameters"):
        file.with_suffix(".json").write_text(json.dumps({key: of for key, of in card.items() if key != name}))
        with pytest.raises(UserError, match=f"incomplete.*{name}"):
            committed_hash_networks.lacks(file, frames(5, 1), DATA)


def test_another_front_or_other_features_are_refused(written, layers):
    other = nn.Sequential(nn.Conv2d(6, 4, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten())
    with pytest.raises(UserError, match="no such hash networks"):
        committed_hash_networks.read(frames(5, 1), other, written)
    with pytest.raises(UserError, match="no such hash networks"):
        committed_hash_networks.read(frames(5, 1), None, written)  # which has a front
    with pytest.raises(UserError, match="36 frames instead of 45"):
        committed_hash_networks.read(frames(4, 1), None, layers)
    learned = frames(5, 1)
    with pytest.raises(UserError, match="no such hash networks"):
        committed_hash_networks.read(VideoFrames(learned.x[:, :4], learned.video, learned.persons), None, layers)
