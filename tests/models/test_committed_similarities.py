"""Similarity networks of a file: the recipe in small, what a network belongs to, and the file of the project."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from tests.landmark_study import TINY
from vretlib import paths
from vretlib.described import similarity_trainings
from vretlib.described.landmark_training import training_sets
from vretlib.errors import UserError
from vretlib.models import cards, committed_similarities, similarities_recipe
from vretlib.models import trained_similarities as trained
from vretlib.models.similarities_recipe import SimilarityTraining
from vretlib.models.trained_similarities import SimilarityRecipe
from vretlib.models.training_set import TrainingSet
from vretlib.parameters.similarity_networks import SimilarityNetworks

COMMITTED = replace(TINY, weights="committed")


@pytest.fixture(scope="module")
def examples(study, described_study):
    return training_sets(study, described_study, few=2, many=12)["LANDMARKS-EXTRA"]


@pytest.fixture(scope="module")
def here(examples, tmp_path_factory):
    """The networks of a set, as they are trained, and the file that the recipe makes of them."""
    folder, other = tmp_path_factory.mktemp("similarities"), replace(TINY, seed=1)
    jobs = [
        SimilarityTraining(TINY, None, partial(trained.warmed_up, TINY, examples.d, "B")),
        SimilarityTraining(TINY, examples, partial(trained.trained_simnet, TINY, examples, 0.2)),
        SimilarityTraining(TINY, examples, partial(trained.trained_simnet_star, TINY, examples, 0.8)),
        SimilarityTraining(TINY, examples, partial(trained.trained_linear, TINY, examples)),
        SimilarityTraining(other, examples, partial(trained.trained_simnet_star, other, examples, 0.8)),
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths, "CACHE", folder / "cache")
        out = similarities_recipe.train(jobs, folder / "out.safetensors", data={"sizes": "small"})
        again = similarities_recipe.train(jobs, folder / "again.safetensors", data={"sizes": "small"})
        assert again.read_bytes() == out.read_bytes()
        return [job.train() for job in jobs], out


@pytest.fixture
def chosen(here, monkeypatch, tmp_path):
    """Networks of that file in the place of the project's; an empty cache shows what is trained."""
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(committed_similarities, "file", lambda: here[1])
    return here[0]


def trainings() -> int:
    return len(list(paths.CACHE.rglob("network.safetensors")))


def test_a_committed_network_scores_as_the_trained_one_up_to_rounding_and_nothing_is_trained(chosen, examples):
    other = replace(COMMITTED, seed=1)
    found = [
        trained.warmed_up(COMMITTED, examples.d),
        trained.trained_simnet(COMMITTED, examples, 0.2),
        trained.trained_simnet_star(COMMITTED, examples, 0.8),
        trained.trained_linear(COMMITTED, examples),
        trained.trained_simnet_star(other, examples, 0.8),
    ]
    x = examples.descriptors
    for one, before in zip(found, chosen, strict=True):
        np.testing.assert_allclose(one.scores(x, x), before.scores(x, x), atol=5e-3)
        np.testing.assert_allclose(one.log.losses, before.log.losses, atol=1e-3)
        assert one.log.best_step == before.log.best_step
        assert one.log.steps == before.log.steps
    assert trainings() == 0
    assert np.abs(found[2].scores(x, x) - found[4].scores(x, x)).max() > 0.01  # another seed is another network


@pytest.mark.parametrize(
    "of",
    [
        lambda x: trained.trained_simnet(replace(COMMITTED, steps=21), x, 0.2),
        lambda x: trained.trained_simnet(replace(COMMITTED, weights="trained here"), x, 0.2),
        lambda x: trained.trained_simnet(COMMITTED, x, 0.4),
        lambda x: trained.trained_simnet(COMMITTED, x, 0.2, "authors"),
        lambda x: trained.trained_simnet(COMMITTED, replace(x, labels=x.labels[::-1].copy()), 0.2),
        lambda x: trained.trained_simnet(COMMITTED, x.only(np.arange(len(x.labels) - 1)), 0.2),
    ],
    ids=["other steps", "as asked for", "another margin", "another rule", "other classes", "fewer images"],
)
def test_what_the_file_does_not_have_is_trained(chosen, examples, of):
    of(examples)
    assert trainings() > 0


def test_a_network_is_not_another_one_for_a_setting_that_it_does_not_read(chosen, examples, said):
    of_others = replace(COMMITTED, refine_steps=9, n_images=7, n_difficult=5, n_triplets=3)
    trained.warmed_up(replace(of_others, steps=4, n_pairs=50), examples.d)
    trained.trained_simnet(of_others, examples, 0.2)
    trained.trained_linear(of_others, examples)
    trained.trained_simnet_star(replace(COMMITTED, n_triplets=3), examples, 0.8)
    assert trainings() == 0
    assert not said
    trained.trained_simnet_star(of_others, examples, 0.8)
    assert "SimNet*, LANDMARKS-EXTRA: not in data/weights, trained here" in said


def moved(examples: TrainingSet, by: float) -> TrainingSet:
    return replace(examples, descriptors=examples.descriptors + np.float32(by))


def test_vectors_may_differ_by_rounding_and_no_further(chosen, examples):
    trained.trained_simnet(COMMITTED, moved(examples, 1e-4), 0.2)
    assert trainings() == 0
    assert trained.where(COMMITTED, moved(examples, 1e-4)) == "committed, in data/weights"
    trained.trained_simnet(COMMITTED, moved(examples, 0.01), 0.2)
    assert trainings() == 2  # the network, and the warm-up that it starts from
    assert "other vectors" in trained.where(COMMITTED, moved(examples, 0.01))


def test_a_page_says_where_its_networks_come_from_and_why(chosen, examples):
    assert trained.where(TINY, examples) == "trained here, as asked for"
    said = trained.where(replace(COMMITTED, steps=21), examples)
    assert said == "trained here: the committed networks were trained with other settings: steps=21 instead of 20"


def test_a_file_that_does_not_fit_its_card_is_an_error(chosen, here, examples, tmp_path, monkeypatch):
    card = cards.read(here[1])
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(here[1].read_bytes())
    card["networks"] = [card["networks"][2], *card["networks"][1:]]
    cards.write(card, broken)
    monkeypatch.setattr(committed_similarities, "file", lambda: broken)
    assert trained.trained_simnet_star(COMMITTED, examples, 0.8)  # of the same shape
    card["networks"] = [card["networks"][3], *card["networks"][1:]]
    cards.write(card, broken)
    with pytest.raises(UserError, match="network 0 does not fit its card"):
        trained.trained_linear(COMMITTED, examples)


def test_the_card_says_what_was_learned_and_how_far_storing_moves_it(here, examples):
    card = cards.read(here[1])
    assert card["sets"] == [{"name": examples.name, "n": 52, "d": examples.d, "images": examples.images_checksum}]
    assert [one["what"] for one in card["networks"]] == ["warm-up", "SimNet", "SimNet*", "Linear", "SimNet*"]
    assert card["networks"][4]["changed"] == {"seed": 1}
    assert card["networks"][0]["set"] is None
    assert card["data"] == {"sizes": "small"}
    assert 0 <= card["accuracy"]["moved_by_storing"] < 0.05


def test_the_project_s_file_has_the_settings_of_the_page():
    card, page = cards.read(committed_similarities.file()), SimilarityNetworks()
    recipe = similarity_trainings.RECIPE
    assert card["settings"] == json.loads(json.dumps(recipe.settings_by_name))
    for name in recipe.settings_by_name:
        assert getattr(recipe, name) == getattr(page, name), name
    for name, value in similarity_trainings.LEARNED.items():
        assert value == (page.sizes.given() if name == "sizes" else getattr(page, name)), name
    assert committed_similarities.file().stat().st_size < 30e6
    assert card["accuracy"]["moved_by_storing"] < 0.01


def test_an_unknown_source_is_an_error():
    with pytest.raises(UserError, match="choose one of committed, trained here"):
        SimilarityRecipe(weights="downloaded")
