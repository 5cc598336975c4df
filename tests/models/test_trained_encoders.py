"""Temporal encoders that are trained once and kept."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from vretlib import paths
from vretlib.errors import UserError
from vretlib.models.temporal_training import Adam
from vretlib.models.trained_encoders import EncoderRecipe, settings, train, train_both, train_set
from vretlib.models.training_shots import TrainingShots


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")
    return tmp_path / "cache"


def training_shots(n: int = 12) -> TrainingShots:
    rng = np.random.default_rng(0)
    x = np.repeat(rng.normal(size=(n, 8)), 4, axis=0) + 0.2 * rng.normal(size=(4 * n, 8))
    starts = 4 * np.arange(n)
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    return TrainingShots(x.astype(np.float32), np.stack([starts, starts + 4], axis=1), np.arange(n))


def test_an_encoder_is_trained_once_and_kept(shelf: Path, said: list[str]) -> None:
    recipe = EncoderRecipe(20, settings("one cycle", 0.01, 32))
    first = train("gru", training_shots(), recipe)
    again = train("gru", training_shots(), recipe)
    assert [line.split(" (")[0] for line in said if "done" not in line] == [
        "temporal-encoder: computing", "temporal-encoder: cached",
    ]  # fmt: skip
    assert first.log == again.log
    assert all(torch.equal(a, b) for a, b in zip(first.encoder.parameters(), again.encoder.parameters(), strict=True))
    assert not list((shelf / "training").glob("*.pt"))
    other = train("gru", training_shots(), replace(recipe, rotation_augmented=True))
    assert other.log != first.log


def test_its_key_holds_the_code_that_trains(shelf: Path) -> None:
    train("gru", training_shots(), EncoderRecipe(2, settings("one cycle", 0.01, 32)))
    [key] = (shelf / "temporal-encoder").glob("*/key.json")
    assert {"vretlib.models.trained", "vretlib.models.temporal_training"} <= set(json.loads(key.read_text())["code"])


def test_what_cannot_be_learned_is_refused(shelf: Path) -> None:
    recipe = EncoderRecipe(3, settings("constant", 0.01, 32))
    with pytest.raises(UserError, match="expected at least 4"):
        train("lstm", training_shots(3), recipe)
    with pytest.raises(UserError, match="schedule="):
        settings("fast", 0.01, 32)
    assert isinstance(recipe.settings, Adam)


def test_encoders_trained_in_parallel_are_those_trained_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = EncoderRecipe(6, settings("one cycle", 0.01, 16), rotation_augmented=True)
    alone = {}
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    for cell in ("lstm", "gru"):
        monkeypatch.setattr(paths, "CACHE", tmp_path / cell)
        alone[cell] = train(cell, training_shots(), recipe).log
    torch.set_num_threads(2)
    for attempt in range(3):
        monkeypatch.setattr(paths, "CACHE", tmp_path / str(attempt))
        both = train_both(training_shots(), recipe)
        assert {cell: learned.log for cell, learned in both.items()} == alone
    torch.set_num_threads(before)


def test_a_set_has_an_encoder_of_each_cell_and_an_augmented_lstm_for_every_seed(shelf: Path) -> None:
    shots = training_shots()
    learned, held_out = shots.split()
    recipe = EncoderRecipe(4, settings("one cycle", 0.01, 16))
    some, logs = train_set(learned, recipe, [3, 5], held_out)
    assert [len(encoders) for kind in (some.plain, some.augmented) for encoders in kind.values()] == [2] * 3
    assert len(logs) == 6
    alone = train("lstm", learned, replace(recipe, seed=5, rotation_augmented=True), held_out)
    pairs = zip(alone.encoder.parameters(), some.augmented["lstm"][1].parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)
    assert some.note == f"trained here: {len(learned)} training clips, at most 4 steps, 2 seeds"


def test_shots_that_are_held_out_by_the_caller_leave_all_others_to_learn_from(shelf: Path) -> None:
    """With the split that the library makes itself, learning from the first part is the same training."""
    recipe = EncoderRecipe(4, settings("one cycle", 0.01, 16))
    shots = training_shots()
    assert train("lstm", *_swapped(shots, recipe)).log.losses == train("lstm", shots, recipe).log.losses


def _swapped(shots: TrainingShots, recipe: EncoderRecipe) -> tuple[TrainingShots, EncoderRecipe, TrainingShots]:
    learned, held_out = shots.split()
    return learned, recipe, held_out
