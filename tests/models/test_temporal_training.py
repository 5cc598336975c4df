from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from vretlib.errors import UserError
from vretlib.models import temporal_training
from vretlib.models.checkpoint import Checkpoint
from vretlib.models.temporal_encoder import TemporalEncoder
from vretlib.models.temporal_training import (
    Adam,
    draw_pairs,
    margin_loss,
    own_shot_first,
    random_rotation,
    train_encoder,
    validation,
)
from vretlib.models.training import TrainingLog

SHOTS = np.array([[0, 4], [4, 9], [9, 12], [12, 20]])


def test_the_loss_of_four_pairs_by_hand() -> None:
    """Cosines .6 (positive), .6, .05 and -.6 (negative): .4, .5, 0 and 0, a mean of .225."""
    u = torch.tensor([[1.0, 0.0], [2.0, 0.0], [1.0, 0.0], [1.0, 0.0]])
    v = torch.tensor([[0.6, 0.8], [3.0, 4.0], [0.05, (1 - 0.05**2) ** 0.5], [-0.6, 0.8]])
    assert margin_loss(u, v, torch.tensor([1, 0, 0, 0])).item() == pytest.approx(0.225, abs=1e-6)
    assert margin_loss(u[:2], v[:2], torch.tensor([1, 1])).item() == pytest.approx(0.4, abs=1e-6)
    assert margin_loss(u, v, torch.tensor([1, 0, 0, 0]), margin=0.5).item() == pytest.approx(0.125, abs=1e-6)


def test_a_fifth_of_the_pairs_are_positive_and_labels_are_true() -> None:
    owner = np.repeat(np.arange(4), SHOTS[:, 1] - SHOTS[:, 0])
    pairs = draw_pairs(SHOTS, 500, torch.Generator().manual_seed(0))
    assert pairs.y.sum() == 100
    assert ((owner[pairs.frame] == pairs.shot) == (pairs.y == 1)).all()
    assert set(pairs.frame) == set(range(20))
    assert set(zip(owner[pairs.frame], pairs.shot, strict=True)) == {(i, j) for i in range(4) for j in range(4)}
    assert draw_pairs(SHOTS, 3, torch.Generator()).y.tolist() == [1, 0, 0]


def test_one_shot_makes_no_negative_pair() -> None:
    with pytest.raises(UserError, match="another shot"):
        draw_pairs(SHOTS[:1], 10, torch.Generator())


def scenes(seed: int = 0, n: int = 30, d: int = 16) -> tuple[np.ndarray, np.ndarray]:
    """Shots whose frames are a direction of their own and noise."""
    rng = np.random.default_rng(seed)
    lengths = rng.integers(3, 9, n)
    x = np.repeat(rng.normal(size=(n, d)), lengths, axis=0) + 0.3 * rng.normal(size=(lengths.sum(), d))
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    stops = np.cumsum(lengths)
    return x.astype(np.float32), np.stack([stops - lengths, stops], axis=1)


def learn(steps: int, *, checkpoint: Checkpoint | None = None, seed: int = 0) -> tuple[TemporalEncoder, TrainingLog]:
    generator = torch.Generator().manual_seed(seed)
    net = TemporalEncoder("gru", d=16, hidden=16, generator=generator)
    log = train_encoder(
        net, *scenes(), steps=steps, generator=generator, settings=Adam(0.01, 64), checkpoint=checkpoint, progress=False
    )
    return net, log


def test_it_learns_to_put_frames_beside_their_shots_also_new_ones() -> None:
    net, log = learn(250)
    fresh = TemporalEncoder("gru", d=16, hidden=16, generator=torch.Generator().manual_seed(0))
    assert np.mean(log.losses[-20:]) < 0.5 * np.mean(log.losses[:5])
    assert own_shot_first(net, *scenes(seed=1)) > 3 * own_shot_first(fresh, *scenes(seed=1))


def test_an_interrupted_run_ends_as_one_that_was_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    straight, log = learn(30)
    checkpoint = Checkpoint(tmp_path / "run.pt", every=7)
    calls = iter(range(100))

    def stops_at_step_17(*arguments: Any) -> torch.Tensor:
        if next(calls) == 16:
            raise KeyboardInterrupt
        return margin_loss(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(temporal_training, "margin_loss", stops_at_step_17)
        with pytest.raises(KeyboardInterrupt):
            learn(30, checkpoint=checkpoint)
    monkeypatch.setattr(temporal_training, "margin_loss", lambda *a: (next(calls), margin_loss(*a))[1])
    resumed, found = learn(30, checkpoint=checkpoint)
    assert next(calls) == 17 + 30 - 14  # it went on after step 14
    assert found.losses == log.losses
    assert all(torch.equal(p, q) for p, q in zip(straight.parameters(), resumed.parameters(), strict=True))
    with pytest.raises(UserError, match="another run"):
        learn(30, checkpoint=checkpoint, seed=1)


def test_own_shot_first_by_hand() -> None:
    """An encoder whose embedding hardly depends on its input puts one shot first for every frame."""
    net = TemporalEncoder("lstm", d=2, hidden=2, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        for p in net.parameters():
            p.zero_()
        net.last.bias[0] = 1.0
    x = np.array([[1, 0]] * 3 + [[0, 1]], np.float32)
    assert own_shot_first(net, x, [[0, 1], [1, 4]]) == 0.25  # all scores tie: the first shot, which has one frame
    look = validation(net, x, [[0, 1], [1, 4]])
    assert look.score() == 0.25
    assert look.larger_is_better


def test_the_thesis_numbers_are_the_default() -> None:
    optimiser, schedule = Adam().start(torch.nn.Linear(2, 2), 10)
    assert isinstance(optimiser, torch.optim.Adam)
    assert (optimiser.param_groups[0]["lr"], Adam().batch_size, schedule) == (0.0001, 512, None)


def test_rotations_are_orthogonal_and_drawn_from_the_generator() -> None:
    generator = torch.Generator().manual_seed(3)
    first, second = random_rotation(16, generator), random_rotation(16, generator)
    torch.testing.assert_close(first @ first.T, torch.eye(16), atol=1e-5, rtol=0)
    assert not torch.equal(first, second)
    assert torch.equal(first, random_rotation(16, torch.Generator().manual_seed(3)))


def test_random_rotations_make_few_shots_stand_for_many() -> None:
    few, shots = scenes(n=6)
    found = {}
    for augmented in (False, True):
        generator = torch.Generator().manual_seed(0)
        net = TemporalEncoder("gru", d=16, hidden=16, generator=generator)
        train_encoder(
            net,
            few,
            shots,
            steps=400,
            generator=generator,
            settings=Adam(0.01, 64),
            rotation_augmented=augmented,
            progress=False,
        )
        found[augmented] = own_shot_first(net, *scenes(seed=1))
    assert found[True] > 1.5 * found[False]
