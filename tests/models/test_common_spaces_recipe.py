"""Networks of chapter 7: trained, written with a card, and read again."""

import numpy as np
import pytest
import torch

from vretlib.errors import UserError
from vretlib.models import cards, committed_spaces, common_spaces_recipe
from vretlib.models.cross_modal import Samples
from vretlib.models.cross_modal_training import CrossModalRecipe, CrossModalTask
from vretlib.models.text_encoders import Bag, Sequences

RECIPE = CrossModalRecipe(steps=6, learning_rate=0.01, batch_size=5, dims=3, sizes=(4, 2), validations=3, seed=3)


def samples(n: int, seed: int, *, words: int = 7) -> tuple[Samples, Samples]:
    """The same samples with bags, and with sequences of vectors and of words."""
    rng = np.random.default_rng(seed)
    images, labels = rng.normal(size=(n, 6)), rng.integers(2, size=n)
    bags = Samples(images, Bag(rng.random((n, words))), Bag(rng.random((n, 5))), labels)
    ends = np.arange(0, 2 * n + 1, 2)
    steps = Sequences(rng.normal(size=(2 * n, 4)), ends), Sequences(rng.integers(9, size=2 * n), ends, words=9)
    return bags, Samples(images, *steps)


def tasks(**how: int) -> dict[str, tuple[CrossModalTask, Samples]]:
    sets = [samples(n, seed, **how) for seed, n in enumerate((20, 8, 8))]
    bags, sequences = zip(*sets, strict=True)
    return {
        "BOWc|BOWa": (CrossModalTask(*bags[:2]), bags[2]),
        "LSTMc|LSTMa": (CrossModalTask(*sequences[:2], "LSTM", "LSTM"), sequences[2]),
        "AMDT|MLPc|MLPa": (CrossModalTask(*bags[:2], "MLP", "MLP", classes=2), bags[2]),
    }


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    out = tmp_path_factory.mktemp("weights") / "common_spaces.safetensors"
    return common_spaces_recipe.train(tasks(), out, RECIPE, seeds=2, data={"dataset": "embedded", "sizes": {}})


def read(path):
    return committed_spaces.read({name: task for name, (task, _) in tasks().items()}, path)


def test_every_network_and_seed_is_read_with_the_log_of_its_training(written):
    found = read(written)
    assert list(found) == [(name, seed) for name in tasks() for seed in (3, 4)]
    logs = [one.log for one in found.values()]
    assert all(log.steps == 6 and [step for step, _ in log.validation] == [2, 4, 6] for log in logs)
    assert all(min(log.validation, key=lambda look: look[1])[0] == log.best_step for log in logs)
    assert not any(one.network.training for one in found.values())
    first, second = (found["BOWc|BOWa", seed].network.text_layer.weight for seed in (3, 4))
    assert not torch.equal(first, second)


def test_the_card_has_every_look_and_the_median_ranks_before_and_after_rounding(written):
    card = cards.read(written)
    assert list(card["curve"]["LSTMc|LSTMa"]["4"]) == ["2", "4", "6"]
    assert card["accuracy"].keys() == {"trained", "stored"}
    assert all(len(of) == 2 and all(1 <= x <= 8 for x in of) for of in card["accuracy"]["stored"].values())
    assert (card["data"]["learned"], card["data"]["held_out"], card["data"]["tested"]) == (20, 8, 8)


def test_the_same_trainings_make_the_same_file(written, tmp_path):
    again = common_spaces_recipe.train(tasks(), tmp_path / "again.safetensors", RECIPE, seeds=2)
    assert again.read_bytes() == written.read_bytes()


def test_parameters_that_differ_are_named(written):
    assert cards.other_parameters(written, {"dataset": "embedded", "sizes": {}, "steps": 5}) == ""
    why = cards.other_parameters(written, {"dataset": "table", "sizes": {"n_train": 30}})
    assert why == "dataset='table' instead of 'embedded'; sizes={'n_train': 30} instead of {}"


def test_networks_of_other_words_are_refused(written):
    others = {name: task for name, (task, _) in tasks(words=8).items()}
    with pytest.raises(UserError, match="no networks for these texts"):
        committed_spaces.read(others, written)
