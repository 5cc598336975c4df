from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from vretlib import paths
from vretlib.errors import UserError
from vretlib.models import parallel_trainings, training
from vretlib.models.hashing import deep_methods, deep_training, objectives
from vretlib.models.hashing.deep_methods import METHODS
from vretlib.models.hashing.deep_training import DeepHasher, SecondStage, train
from vretlib.models.hashing.hash_network import PER_BIT, HashNetwork, SymmetricWhitening
from vretlib.models.hashing.objectives import HvihWeights

STEPS = 60


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "CACHE", tmp_path)


def faces(people: int = 8, videos: int = 6, d: int = 12, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features, the video of each frame and the person of each video; people are directions, the rest is noise."""
    rng = np.random.default_rng(seed)
    persons = np.repeat(np.arange(people), videos)
    lengths = rng.integers(1, 14, len(persons))
    of_person = np.random.default_rng(1).normal(size=(people, d))
    of_video = of_person[persons] + 0.3 * rng.normal(size=(len(persons), d))
    video = np.repeat(np.arange(len(persons)), lengths)
    return (of_video[video] + 0.5 * rng.normal(size=(len(video), d))).astype(np.float32), video, persons


def precision(hasher: DeepHasher) -> float:
    """The share of new videos whose nearest learned video shows the same person."""
    x, video, persons = faces()
    xq, videoq, personsq = faces(seed=7)
    xb = hasher.video_bits(x, video, len(persons))
    differing = (hasher.video_bits(xq, videoq, len(personsq))[:, None] != xb).sum(2)
    return float((persons[differing.argmin(1)] == personsq).mean())


@pytest.mark.parametrize("objective", [name for name in METHODS if name != "single-video"])
def test_every_method_learns_codes_by_which_people_are_found(objective: str) -> None:
    hasher = train(objective, *faces(), 16, steps=STEPS, rate=0.01)
    assert precision(hasher) > 0.6  # chance is 0.125
    assert hasher.project(faces()[0]).shape == (len(faces()[0]), 16)


def test_votes_and_eq_2_are_told_apart() -> None:
    """Frames of values 3, −1 and −1: two of three bits are 0, and the mean is above 0."""
    x, video = np.array([[3.0], [-1.0], [-1.0]], np.float32), np.zeros(3, np.int64)

    class Same(nn.Module):
        front, mean = None, torch.zeros(1)

        def project(self, x: np.ndarray) -> np.ndarray:
            return x

    def bit(objective: str) -> bool:
        hasher = DeepHasher(objective, 1, Same(), training.TrainingLog())  # type: ignore[arg-type]
        return bool(hasher.video_bits(x, video, 1)[0, 0])

    assert {name: bit(name) for name in METHODS} == {name: name in POOLED for name in METHODS}


POOLED = {"dvc", "hvih", "joint", "single-video"}


def test_the_same_seed_gives_the_same_bits_and_another_one_others() -> None:
    one, again, other = (train("ssdh", *faces(), 8, seed, steps=5) for seed in (0, 0, 1))
    x = faces()[0]
    assert (one.project(x) == again.project(x)).all()
    assert (one.project(x) != other.project(x)).any()


def test_in_parallel_they_are_the_same_as_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = [("dsh", 8, 0, None), ("hvih", 12, 1, None), ("hvih", 12, 1, HvihWeights(lambda2=1.0))]

    def one(what: tuple[str, int, int, HvihWeights | None]) -> DeepHasher:
        objective, n_bits, seed, weights = what
        return train(objective, *faces(), n_bits, seed, weights=weights, steps=5)

    several = list(parallel_trainings.in_threads(one, wanted))
    x = faces()[0]
    monkeypatch.setattr(paths, "CACHE", paths.CACHE / "other")
    for what, hasher in zip(wanted, several, strict=True):
        alone = one(what)
        assert (alone.project(x) == hasher.project(x)).all()
    assert (several[1].project(x) != several[2].project(x)).any()


@pytest.mark.parametrize("stage", [1, 2])
def test_an_interrupted_training_ends_as_one_that_was_not(stage: int, monkeypatch: pytest.MonkeyPatch) -> None:
    x, video, persons = faces()
    maps, second = x[:, :, None, None], SecondStage(Flat(nn.Linear(12, 6)), 10)

    def run() -> DeepHasher:
        return train("ssdh", maps, video, persons, 8, steps=20, second=second)

    straight = run()
    monkeypatch.setattr(paths, "CACHE", paths.CACHE / "other")
    calls = iter(range(1000))
    stop = {1: 13, 2: 26}[stage]
    whole = objectives.ssdh

    def stops(*arguments: Any) -> torch.Tensor:
        if next(calls) == stop:
            raise KeyboardInterrupt
        return whole(*arguments)

    original = deep_training.trained

    def often(name: str, key: dict[str, Any], network: nn.Module, fit: Callable[..., Any], **more: Any) -> Any:
        def fit_often(checkpoint: Any) -> Any:
            return fit(deep_training.replace(checkpoint, every=5))

        fit_often.__module__ = fit.__module__
        return original(name, key, network, fit_often, **more)

    monkeypatch.setattr(deep_training, "trained", often)
    with monkeypatch.context() as patch:
        patch.setattr(objectives, "ssdh", stops)
        with pytest.raises(KeyboardInterrupt):
            run()
    seen = [0]

    def counted(*arguments: Any) -> torch.Tensor:
        seen[0] += 1
        return whole(*arguments)

    monkeypatch.setattr(objectives, "ssdh", counted)
    resumed = run()
    assert seen[0] == {1: 20, 2: 5}[stage]
    assert (resumed.project(maps) == straight.project(maps)).all()
    assert not list((paths.CACHE / "training").glob("*.pt"))


class Flat(nn.Module):
    """Maps of one place to features."""

    def __init__(self, layer: nn.Linear) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layer(x.flatten(1))


def test_the_second_stage_tunes_a_copy_of_the_layers_in_front() -> None:
    x, video, persons = faces()
    maps = x[:, :, None, None]
    layer = nn.Linear(12, 6)
    before = layer.weight.detach().clone()
    hasher = train("hvih", maps, video, persons, 8, steps=10, second=SecondStage(Flat(layer), 10), rate=0.02)
    assert torch.equal(layer.weight, before)
    assert isinstance(hasher.network.front, Flat)
    assert not torch.equal(hasher.network.front.layer.weight, before)
    assert hasher.log.steps == 20
    with pytest.raises(UserError, match="maps are"):
        hasher.project(x)


def test_the_first_stage_leaves_what_is_in_front_as_it_is() -> None:
    x, video, persons = faces()
    layer = nn.Linear(12, 6)
    hasher = train(
        "dsh", x[:, :, None, None], video, persons, 8, steps=5, second=SecondStage(Flat(layer), 1), rate=1e-9
    )
    assert hasher.network.front is not None
    torch.testing.assert_close(
        hasher.network.front.state_dict()["layer.weight"], layer.weight.detach(), atol=1e-6, rtol=0
    )


def test_dnnh_gives_each_bit_units_of_its_own() -> None:
    network = HashNetwork(SymmetricWhitening.of(torch.randn(20, 5)), 4, 3, torch.Generator(), divided=True)
    x = torch.randn(1, 5)
    (gradient,) = torch.autograd.grad(network(x)[0, 2], network.full.bias)
    assert set(np.flatnonzero(gradient.numpy())) <= set(range(2 * PER_BIT, 3 * PER_BIT))
    assert gradient.abs().sum() > 0


def test_features_of_any_scale_are_learned_alike() -> None:
    x, video, persons = faces()
    one, other = (train("ssdh", scale * x + shift, video, persons, 8, steps=10) for scale, shift in [(1, 0), (64, 256)])
    np.testing.assert_allclose(one.project(x), other.project(64 * x + 256), atol=2e-3)


def test_hashnet_runs_through_the_authors_steepness_whatever_the_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[float] = []
    whole = objectives.continuation
    monkeypatch.setattr(objectives, "continuation", lambda i: (seen.append(whole(i)), whole(i))[1])
    train("hashnet", *faces(), 8, steps=50)
    assert seen[0] == 1.0
    assert seen[-1] == whole(deep_methods.CONTINUED - 200)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"persons": None}, "persons is None"),
        ({"persons": np.zeros(48, np.int64)}, "videos of 1 person"),
        ({"persons": np.arange(47)}, "47"),
        ({"n_bits": 0}, "n_bits=0"),
        ({"n_bits": 70_000}, "n_bits=70000: expected 1 to 65528"),
        ({"objective": "dpsh"}, "dnnh, dsh"),
        ({"steps": 0}, "steps=0"),
        ({"rate": -1.0}, "rate=-1.0"),
        ({"seed": -1}, "seed=-1"),
        ({"objective": "dsh", "weights": HvihWeights()}, "has none"),
        ({"features": faces()[0][:, :, None, None]}, "second stage"),
        ({"features": faces()[0][:9]}, "rows"),
        ({"features": np.ones_like(faces()[0])}, "frames are equal"),
    ],
)
def test_what_cannot_be_trained_is_refused(change: dict[str, Any], message: str) -> None:
    features, video, persons = faces()
    good = {"objective": "hvih", "features": features, "video": video, "persons": persons, "n_bits": 8, "steps": 2}
    with pytest.raises(UserError, match=message):
        train(**(good | change))  # type: ignore[arg-type]


def test_nan_is_refused_in_training_and_in_use() -> None:
    features, video, persons = faces()
    spoilt = features.copy()
    spoilt[5, 2] = np.nan
    with pytest.raises(UserError, match="row 5"):
        train("dsh", spoilt, video, persons, 8, steps=2)
    hasher = train("dsh", features, video, persons, 8, steps=2)
    with pytest.raises(UserError, match="row 5"):
        hasher.bits(spoilt)
    with pytest.raises(UserError, match="dimensions"):
        hasher.bits(features[:, :5])


def test_videos_of_one_frame_and_fewer_people_than_a_batch_asks_for() -> None:
    x = np.random.default_rng(0).normal(size=(4, 5))
    for objective in METHODS:
        hasher = train(objective, x, np.arange(4), [0, 0, 1, 1], 9, steps=2)
        assert hasher.video_bits(x, np.arange(4), 4).shape == (4, 9)


def test_layers_read_features_whose_directions_vary_alike() -> None:
    rng = np.random.default_rng(0)
    turn = np.linalg.qr(rng.normal(size=(5, 5)))[0]
    x = torch.from_numpy((rng.normal(size=(4000, 5)) * [5, 3, 1, 0.5, 0]) @ turn + 7).float()
    whitened = HashNetwork(SymmetricWhitening.of(x), 4, 3, torch.Generator()).whitened(x)
    values = np.linalg.eigvalsh(np.cov(whitened.numpy().T))
    mean = (25 + 9 + 1 + 0.25) / 5
    np.testing.assert_allclose(values, [1.01 * v / (v + 0.01 * mean) for v in (0, 0.25, 1, 9, 25)], atol=0.06)
    divided = HashNetwork(SymmetricWhitening.of(x, 1e6), 4, 3, torch.Generator()).whitened(x)
    values = np.linalg.eigvalsh(np.cov(divided.numpy().T))
    np.testing.assert_allclose(values, np.array([0, 0.25, 1, 9, 25]) / mean, atol=0.1)
    assert whitened.mean(0).abs().max() < 1e-3
