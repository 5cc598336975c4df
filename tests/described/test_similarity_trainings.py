"""The trainings of the similarity networks in ``data/weights``: which networks, on which images."""

from __future__ import annotations

from collections import Counter

import pytest

from vretlib.described import similarity_trainings
from vretlib.models import cards, committed_similarities
from vretlib.models.similarities_recipe import SimilarityTraining


@pytest.fixture
def trainings(study, described_study, monkeypatch, tmp_path):
    """What would be trained on a small study under two features."""
    asked: list[SimilarityTraining] = []

    def train(found, out, *, data):
        asked.extend(found)
        assert data == similarity_trainings.LEARNED | {"seed": 3}
        return out

    monkeypatch.setattr(similarity_trainings.source, "load", lambda *_, **__: study)
    monkeypatch.setattr(similarity_trainings.landmark_vectors, "networks", lambda *_: {"MAC": None, "RMAC": None})
    monkeypatch.setattr(similarity_trainings.landmark_vectors, "describe", lambda *_, **__: described_study)
    monkeypatch.setattr(similarity_trainings.similarities_recipe, "train", train)
    monkeypatch.setattr(similarity_trainings, "FEW", 2)
    monkeypatch.setattr(similarity_trainings, "TARGETS", 12)
    monkeypatch.setitem(similarity_trainings.LEARNED, "target_counts", [0, 3])
    similarity_trainings.networks(tmp_path / "out.safetensors", seed=3)
    return asked


def test_the_page_s_networks_are_trained_and_no_others(trainings):
    of = Counter((one.train.func.__name__, one.examples and one.examples.name) for one in trainings)
    sets = "LANDMARKS", "LANDMARKS-EXTRA500", "LANDMARKS-EXTRA"
    expected = Counter({("warmed_up", None): 4})
    for name in sets:
        expected += Counter(
            {("trained_linear", name): 1, ("trained_simnet", name): 1, ("trained_simnet_star", name): 4}
        )
    expected += Counter(
        {("trained_simnet_star", sets[-1]): 3, ("trained_simnet", sets[-1]): 1}
    )  # seeds, twice, authors
    expected += Counter({("trained_simnet_star", f"3 of {domain}"): 1 for domain in ("OX5K", "PA6K")})
    expected += Counter({("trained_simnet", sets[-1]): 1, ("trained_simnet_star", sets[-1]): 1})  # MAC
    assert of == expected


def test_all_have_the_page_s_settings_but_those_that_test_another_seed_or_twice_the_steps(trainings):
    changed = [one.recipe for one in trainings if (one.recipe.seed, one.recipe.steps) != (3, 400)]
    assert [(one.seed, one.steps, one.refine_steps) for one in changed] == [(4, 400, 400), (5, 400, 400), (3, 800, 800)]
    assert {one.recipe.weights for one in trainings} == {"trained here"}


def test_the_project_s_file_has_them():
    card = cards.read(committed_similarities.file())
    assert Counter(one["what"] for one in card["networks"]) == {"warm-up": 4, "Linear": 3, "SimNet": 8, "SimNet*": 25}
    assert [one["changed"] for one in card["networks"] if one["changed"]] == [
        {"seed": 1}, {"seed": 2}, {"steps": 800, "refine_steps": 800},
    ]  # fmt: skip
    assert [one["rule"] for one in card["networks"] if one.get("rule") not in (None, "thesis")] == ["authors"]
