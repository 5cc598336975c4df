"""Descriptor and similarity that were trained together: the recipe in small, the file, and the file of the project."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from tests.landmark_study import TINY
from vretlib import paths
from vretlib.described import similarity_trainings
from vretlib.errors import NoExampleError, UserError
from vretlib.features import backbones
from vretlib.features.backbones import Backbone
from vretlib.models import cards, committed_end_to_end, end_to_end_recipe, trained_end_to_end
from vretlib.models.end_to_end_recipe import AloneThenTogetherRecipe
from vretlib.models.simnet import SimNet
from vretlib.models.trained_end_to_end import EndToEndRecipe, TrainedTogether
from vretlib.models.training_set import TrainingSet
from vretlib.parameters.similarity_networks import SimilarityNetworks

RECIPE = AloneThenTogetherRecipe(
    replace(TINY, warm_up_steps=5, steps=4), EndToEndRecipe(2, 0.01, image_size=64, validations=2, frozen="pool4")
)


@pytest.fixture(scope="module")
def network() -> Backbone:
    return backbones.load("vgg16", "embedded")


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> TrainingSet:
    """Eight classes of three photographs."""
    folder, rng = tmp_path_factory.mktemp("photographs"), np.random.default_rng(0)
    files = tuple(folder / f"{k}.png" for k in range(24))
    for file in files:
        cv2.imwrite(str(file), rng.integers(0, 255, (48, 64, 3), np.uint8))
    x = rng.normal(size=(24, 128)).astype(np.float32)
    return TrainingSet("made up", files, x / np.linalg.norm(x, axis=1, keepdims=True), np.repeat(np.arange(8), 3))


@pytest.fixture(scope="module")
def trained(examples: TrainingSet, network: Backbone, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths, "CACHE", folder / "cache")
        out = end_to_end_recipe.train(examples, network, folder / "out.safetensors", seed=3, recipe=RECIPE)
        again = end_to_end_recipe.train(examples, network, folder / "again.safetensors", seed=3, recipe=RECIPE)
    assert again.read_bytes() == out.read_bytes()
    return out


def test_the_card_says_what_was_learned_from_what(trained: Path, examples: TrainingSet, network: Backbone) -> None:
    card = cards.read(trained)
    assert (card["data"]["images"], card["data"]["held_out"], card["steps"], card["seed"]) == (24, 4, 2, 3)
    assert [step for step, _ in card["curve"]] == [1, 2]
    assert len(card["losses"]) == 2
    assert card["learned_from"] == asdict(committed_end_to_end.learned_from(network, examples, 64))
    assert card["command"].endswith("--seed 3 --out end_to_end.safetensors")


def test_the_layers_that_changed_come_back_rounded_and_the_others_as_they_were(
    trained: Path, examples: TrainingSet, network: Backbone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "CACHE", trained.parent / "cache")
    alone = replace(RECIPE.alone, seed=3)
    both = trained_end_to_end.train_end_to_end(network, examples, alone, RECIPE.together)
    tuned, similarity = both.network, both.similarity
    assert str(both) == "trained here: 2 steps"
    found = committed_end_to_end.read(network, trained)
    batch = torch.rand(2, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    for tap, same_as in (("pool4", network), ("pool5", tuned)):
        assert torch.allclose(found.network.maps(batch, [tap])[tap], same_as.maps(batch, [tap])[tap], atol=1e-2)
    assert not torch.allclose(found.network.maps(batch, ["pool5"])["pool5"], network.maps(batch, ["pool5"])["pool5"])
    x = examples.descriptors
    np.testing.assert_allclose(found.similarity.scores(x, x), similarity.scores(x, x), atol=1e-3)
    assert found.log.validation == [(step, round(score, 4)) for step, score in both.log.validation]
    assert found.network.checksum not in (network.checksum, tuned.checksum)
    assert str(found) == "committed, out.safetensors: 20 photographs and 4 held out, 2 steps, seed 3"


def test_a_file_of_something_else_or_for_another_network_is_refused(trained: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"features\.24\.bias is no layer of resnet50"):
        committed_end_to_end.read(backbones.load("resnet50", "embedded"), trained)
    other = tmp_path / "other.safetensors"
    other.write_bytes(b"no tensors")
    cards.write(cards.read(trained), other)
    with pytest.raises(UserError, match=r"other\.safetensors: no weights of end_to_end for vgg16"):
        committed_end_to_end.read(backbones.load("vgg16", "embedded"), other)


def test_they_are_chosen_for_the_images_they_learned_from_and_what_differs_is_named(
    network: Backbone, examples: TrainingSet
) -> None:
    card = cards.read(committed_end_to_end.file())
    known = replace(examples)
    known.__dict__["images_checksum"] = card["learned_from"]["images"]
    mine = (network, known, AloneThenTogetherRecipe().together)
    assert isinstance(committed_end_to_end.chosen("committed", *mine), TrainedTogether)
    with pytest.raises(NoExampleError, match="end_to_end is 'trained here'"):
        committed_end_to_end.chosen("trained here", *mine)
    with pytest.raises(NoExampleError, match="the committed weights were learned with other image_size and images"):
        committed_end_to_end.chosen("committed", network, examples, RECIPE.together)


def test_images_are_known_by_name_and_class(examples: TrainingSet) -> None:
    moved = tuple(Path("elsewhere") / path.name for path in examples.images)
    assert replace(examples, images=moved).images_checksum == examples.images_checksum
    assert replace(examples, labels=examples.labels[::-1]).images_checksum != examples.images_checksum


def test_the_project_s_file_is_that_of_the_recipe_which_has_the_settings_of_the_page(network: Backbone) -> None:
    card, recipe, page = cards.read(committed_end_to_end.file()), AloneThenTogetherRecipe(), SimilarityNetworks()
    assert card["recipe"] == {"alone": recipe.alone.settings_by_name, "together": asdict(recipe.together)}
    assert card["steps"] == len(card["losses"]) == card["curve"][-1][0] == recipe.together.steps >= 400
    assert card["learned_from"]["weights"] == network.checksum
    assert committed_end_to_end.file().stat().st_size <= 3e6
    for name in ("width", "optimiser", "learning_rate", "batch_size", "init", "warm_up_steps", "steps", "n_pairs"):
        assert getattr(recipe.alone, name) == getattr(page, name), name
    assert recipe.together.image_size == page.end_to_end_size == page.image_size
    assert (recipe.together.learning_rate, recipe.together.frozen) == (page.end_to_end_rate, page.end_to_end_frozen)
    assert page.sizes.given() == similarity_trainings.LANDMARK_SIZES
    assert page.many_targets == similarity_trainings.TARGETS
    assert isinstance(committed_end_to_end.read(network).similarity.network, SimNet)
