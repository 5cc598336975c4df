"""The recipe of the embedded weights, in small; and the weights that it gave."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from vretlib import paths
from vretlib.checksums import checksum
from vretlib.datasets.landmarks import LabelledImages, embedded
from vretlib.errors import UserError
from vretlib.features import backbones, narrow_shape, weights
from vretlib.models import pretraining
from vretlib.models.optimisation import OneCycle
from vretlib.models.pretraining import PretrainingRecipe

TINY = PretrainingRecipe(
    held_out=2, steps=40, sides=(32,), easy=0, optimisation=OneCycle(learning_rate=0.003, batch_size=8), smoothing=0.0
)


@pytest.fixture(scope="module")
def coloured(tmp_path_factory) -> LabelledImages:
    """Three classes that one pixel tells apart."""
    folder, rng = tmp_path_factory.mktemp("coloured"), np.random.default_rng(0)
    images, labels = [], []
    for label in range(3):
        for number in range(10):
            pixels = rng.integers(0, 60, (32, 40, 3), dtype=np.uint8)
            pixels[..., label] += 180
            images.append(folder / f"{label}_{number}.png")
            labels.append(label)
            Image.fromarray(pixels).save(images[-1])
    return LabelledImages("coloured", tuple(images), np.array(labels, np.int64), ("red", "green", "blue"))


@pytest.fixture
def cache(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")
    return tmp_path / "cache"


def quiet(name: str, out: Path, data: LabelledImages, recipe: PretrainingRecipe = TINY) -> Path:
    return pretraining.train(name, data, out, recipe=recipe, progress=False)


@pytest.mark.parametrize("name", ["vgg16", "resnet50"])
def test_the_recipe_learns_and_its_card_says_how_well(name, coloured, cache, tmp_path):
    out = quiet(name, tmp_path / "out" / f"{name}.safetensors", coloured)
    card = json.loads(out.with_suffix(".json").read_text())
    photographs = pretraining.load_photographs(coloured, TINY, seed=0)
    assert card["accuracy"] == pretraining.accuracy(name, out, photographs)
    assert card["accuracy"]["held_out"] >= 0.8  # a guess is right once in three
    assert card["sha256"] == checksum(out)
    assert (card["steps"], card["seed"], card["data"]["images"]) == (40, 0, 30)
    assert card["recipe"] == json.loads(json.dumps(asdict(TINY)))
    assert sorted(path.name for path in out.parent.iterdir()) == [f"{name}.json", f"{name}.safetensors"]


def test_an_interrupted_training_goes_on_and_ends_in_the_same_weights(coloured, cache, tmp_path, monkeypatch):
    recipe = replace(TINY, steps=6, sides=(32, 40), easy=0.5)
    whole = quiet("vgg16", tmp_path / "whole.safetensors", coloured, recipe)
    before = torch.get_rng_state()

    sides: list[int] = []

    def views_until_killed(photographs, side, *others, original=pretraining.augmentation.random_views):
        sides.append(side)
        if len(sides) == 4:
            raise KeyboardInterrupt
        return original(photographs, side, *others)

    monkeypatch.setattr(paths, "CACHE", tmp_path / "other")
    monkeypatch.setattr(pretraining, "CHECKPOINT_EVERY", 2)
    monkeypatch.setattr(pretraining.augmentation, "random_views", views_until_killed)
    with pytest.raises(KeyboardInterrupt):
        quiet("vgg16", tmp_path / "halves.safetensors", coloured, recipe)
    assert not (tmp_path / "halves.safetensors").exists()
    halves = quiet("vgg16", tmp_path / "halves.safetensors", coloured, recipe)
    assert sides == [32, 32, 32, 40, 32, 40, 40, 40]  # killed in the fourth step, gone on after the second
    assert checksum(whole) == checksum(halves)
    assert torch.equal(torch.get_rng_state(), before)


def test_so_many_of_each_class_are_held_out_the_same_ones_for_the_same_seed(coloured):
    first, again, other = (pretraining.load_photographs(coloured, TINY, seed=seed) for seed in (0, 0, 1))
    assert np.bincount(coloured.labels[first.held_out]).tolist() == [2, 2, 2]
    assert np.array_equal(first.held_out, again.held_out)
    assert not np.array_equal(first.held_out, other.held_out)


def test_more_classes_change_nothing_for_the_earlier_ones(coloured):
    two = LabelledImages("two", coloured.images[:20], coloured.labels[:20], coloured.classes[:2])
    part, whole = (pretraining.load_photographs(data, TINY, seed=0) for data in (two, coloured))
    assert np.array_equal(part.held_out, whole.held_out[:20])
    assert part.checksum != whole.checksum


def test_a_class_with_nothing_left_to_learn_from_is_refused(coloured):
    with pytest.raises(UserError, match="class red: 10 images; expected more than the 10 that are held out"):
        pretraining.load_photographs(coloured, replace(TINY, held_out=10), seed=0)


def test_there_are_recipes_for_two_networks():
    with pytest.raises(UserError, match="'alexnet': there are recipes for vgg16 and resnet50"):
        pretraining.train("alexnet", LabelledImages("none", (), np.empty(0, np.int64), ()))


@pytest.mark.parametrize("name", weights.EMBEDDED)
def test_the_embedded_weights_are_those_of_their_card_and_small(name):
    file = weights.embedded_file(name)
    card = json.loads(file.with_suffix(".json").read_text())
    assert card["sha256"] == checksum(file) == backbones.load(name).checksum
    assert card["bytes"] == file.stat().st_size <= 8 * 2**20
    assert card["shape"] == json.loads(json.dumps(asdict(narrow_shape.shape_for(name, card["shape"]["n_classes"]))))
    assert card["recipe"] == json.loads(json.dumps(asdict(pretraining.RECIPES[name])))


@pytest.mark.parametrize("name", weights.EMBEDDED)
def test_the_embedded_weights_classify_unseen_photographs_as_their_card_says(name):
    """Of the first buildings: each building's photographs, and which are held out, don't depend on how many follow."""
    file, classes = weights.embedded_file(name), 6
    card, recipe = json.loads(file.with_suffix(".json").read_text()), pretraining.RECIPES[name]
    data = embedded.pretraining(n_classes=classes, per_class=recipe.per_class, seed=card["seed"])
    photographs = pretraining.load_photographs(data, recipe, card["seed"])
    found = pretraining.accuracy(name, file, photographs)["right_of_held_out"]
    expected = card["accuracy"]["right_of_held_out"]
    assert sum(expected) == round(card["accuracy"]["held_out"] * recipe.held_out * recipe.n_classes)
    assert card["accuracy"]["held_out"] > 0.4  # a guess is right once in 120
    assert np.abs(np.subtract(found, expected[:classes])).sum() <= 2  # other processors round otherwise
