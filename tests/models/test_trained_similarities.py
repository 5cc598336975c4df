"""Similarities that are trained once and kept."""

from pathlib import Path

import numpy as np
import pytest

from tests.landmark_study import TINY
from vretlib import paths
from vretlib.chapters.similarity_networks import tables
from vretlib.described.landmark_training import training_sets
from vretlib.errors import UserError
from vretlib.models import trained_similarities as trained
from vretlib.models.trained_similarities import SimilarityRecipe
from vretlib.models.training_set import TrainingSet
from vretlib.report import published


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")


def test_a_network_is_trained_once_and_read_afterwards(study, described_study):
    examples = training_sets(study, described_study, few=2, many=12)["LANDMARKS-EXTRA"]
    first = trained.trained_simnet(TINY, examples, 0.2)
    files = {path: path.stat().st_mtime_ns for path in paths.CACHE.rglob("*.safetensors")}
    again = trained.trained_simnet(TINY, examples, 0.2)
    assert {path: path.stat().st_mtime_ns for path in paths.CACHE.rglob("*.safetensors")} == files
    x = described_study.training
    assert np.array_equal(first.scores(x, x), again.scores(x, x))
    assert first.log == again.log
    assert not list(paths.CACHE.rglob("*.pt"))


def test_another_margin_seed_or_training_set_is_another_network(study, described_study):
    made = training_sets(study, described_study, few=2, many=12)
    x = described_study.training
    base = trained.trained_simnet(TINY, made["LANDMARKS"], 0.2).scores(x, x)
    others = [
        trained.trained_simnet(TINY, made["LANDMARKS"], 0.4),
        trained.trained_simnet(TINY, made["LANDMARKS-EXTRA"], 0.2),
        trained.trained_simnet(SimilarityRecipe(**{**vars(TINY), "seed": 1}), made["LANDMARKS"], 0.2),
        trained.trained_simnet(TINY, made["LANDMARKS"], 0.2, "authors"),
    ]
    assert all(np.abs(other.scores(x, x) - base).max() > 1e-4 for other in others)


def test_difficult_pairs_are_rows_of_the_whole_training_set(study, described_study):
    examples = training_sets(study, described_study, few=2, many=12)["LANDMARKS-EXTRA"]
    before = trained.trained_simnet(TINY, examples, 0.2)
    i, j, match = (part.numpy() for part in trained.difficult_pairs(TINY, examples, 0.2))
    assert 0 < len(i) <= 2 * TINY.n_difficult
    assert np.array_equal(examples.labels[i] == examples.labels[j], match)
    x = examples.descriptors
    score = before.scores(x, x)[i, j]
    cosine = (x[i] * x[j]).sum(1)
    assert ((score < cosine) == match).mean() > 0.99  # rounding apart


def test_held_out_images_are_of_no_batch(described_study):
    examples = TrainingSet(
        "x", tuple(Path(f"{i}") for i in range(40)), described_study.training, np.repeat(np.arange(10), 4)
    )
    kept, held_out = examples.split(trained.generator_of(TINY))
    assert len(held_out.labels) == 6
    assert set(kept.images) | set(held_out.images) == set(examples.images)
    assert not set(kept.images) & set(held_out.images)


@pytest.mark.parametrize(("wrong", "message"), [({"optimiser": "adam"}, "sgd, one-cycle"), ({"width": 30}, "of 4")])
def test_a_recipe_that_cannot_be_followed_is_an_error(wrong, message):
    with pytest.raises(UserError, match=message):
        SimilarityRecipe(**{**vars(TINY), **wrong})


def test_widths_keep_the_proportions_of_the_thesis():
    assert SimilarityRecipe().widths("A") == (1024, 1024)
    assert SimilarityRecipe().widths("D") == (4096, 4096, 4096)
    assert [TINY.widths(name) for name in "ABCD"] == [(8, 8), (32, 32), (64, 64), (32, 32, 32)]


def test_the_scale_of_the_thesis_is_what_it_prints():
    scale = tables.scale(SimilarityRecipe(), 500, 2000)
    said = published.hyperparameters("thesis")["value"]
    assert scale.loc["learning rate", "thesis"] == said["ch. 3: learning rate"]
    assert scale.loc["pairs in a batch", "thesis"] == said["ch. 3: batch size"]
    assert scale.loc["pairs of the warm-up", "thesis"] == said["ch. 3: warm-up training pairs"]
    assert scale.loc["pairs of images", "thesis"] == said["ch. 3: image pairs of training"]
    assert scale.loc["pairs of the warm-up", "here"] == "22,500,000"
    assert scale.loc["target images in LANDMARKS-EXTRA", "here"] == "2,000"
