import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from vretlib.errors import UserError
from vretlib.models import training
from vretlib.models.checkpoint import Checkpoint
from vretlib.models.optimisation import OneCycle, Sgd
from vretlib.models.training import TrainingLog, Validation, train

TRUTH = torch.tensor([[1.0, -2.0, 0.5]])


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


class Noisy(nn.Module):
    """A regression with dropout, so that the global generator matters too."""

    def __init__(self):
        super().__init__()
        self.hidden, self.out, self.drop = nn.Linear(3, 8), nn.Linear(8, 1), nn.Dropout(0.2)
        generator = seeded(5)
        for p in self.parameters():
            nn.init.normal_(p, std=0.5, generator=generator)

    def forward(self, x):
        return self.out(self.drop(torch.relu(self.hidden(x))))


def examples(_step, generator):
    x = torch.rand(16, 3, generator=generator)
    return x, x @ TRUTH.T


def fit(network, *, steps=60, batches=examples, settings=OneCycle(0.02), **options):  # noqa: B008
    def loss(batch):
        return (network(batch[0]) - batch[1]).square().mean()

    options.setdefault("generator", seeded())
    return train(network, loss, batches, steps=steps, settings=settings, progress=False, **options)


def validated(network, **options):
    x = torch.rand(50, 3, generator=seeded(9))
    return Validation(lambda: float((network(x) - x @ TRUTH.T).square().mean()), larger_is_better=False, **options)


def same_state(a, b):
    return all(torch.equal(p, q) for p, q in zip(a.state_dict().values(), b.state_dict().values(), strict=True))


def breaking_off(step):
    def batches(now, generator):
        if now == step:
            raise KeyboardInterrupt
        return examples(now, generator)

    return batches


@pytest.mark.parametrize("settings", [OneCycle(0.02), Sgd(0.05)])
@pytest.mark.parametrize("stop", [3, 20, 27, 59])
def test_an_interrupted_run_ends_in_the_same_bits_as_one_that_was_not(tmp_path, settings, stop):
    whole, parts = Noisy(), Noisy()
    log = fit(whole, settings=settings, validation=validated(whole, every=7, patience=None))
    kept = Checkpoint(tmp_path / "run.pt", "noisy", every=10)
    with pytest.raises(KeyboardInterrupt):
        fit(parts, settings=settings, batches=breaking_off(stop), checkpoint=kept,
            validation=validated(parts, every=7, patience=None))  # fmt: skip
    again = Noisy()
    resumed = fit(again, settings=settings, checkpoint=kept, validation=validated(again, every=7, patience=None))
    assert same_state(whole, again)
    assert resumed == log
    assert [path.name for path in tmp_path.iterdir()] == ["run.pt"]


def test_a_finished_run_is_not_run_again_and_leaves_the_generator_where_it_was_left(tmp_path):
    kept = Checkpoint(tmp_path / "run.pt", "noisy")
    first, second, one, two = Noisy(), Noisy(), seeded(), seeded()
    log = fit(first, checkpoint=kept, generator=one)
    assert fit(second, checkpoint=kept, generator=two, batches=breaking_off(0)) == log
    assert same_state(first, second)
    assert torch.equal(torch.rand(3, generator=one), torch.rand(3, generator=two))


def test_a_seed_decides_everything_and_the_global_generator_is_left_alone():
    a, b, other = Noisy(), Noisy(), Noisy()
    torch.manual_seed(1)
    before = torch.get_rng_state()
    log = fit(a)
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(2)
    assert fit(b) == log
    assert same_state(a, b)
    fit(other, generator=seeded(1))
    assert not same_state(a, other)


def test_the_first_losses_of_sgd_are_those_worked_out_by_hand():
    """One weight w = 1, loss w² / 2, so the gradient is w; rate .1, momentum .5, decay .2: each step the velocity is
    .5 v + 1.2 w. Then 1, 1 - .12 = .88, v = .06 + 1.056 -> .88 - .1 * (.6 + 1.056) = .7144.
    """
    network = nn.Linear(1, 1, bias=False)
    nn.init.ones_(network.weight)
    log = train(
        network,
        lambda _: network.weight.square().sum() / 2,
        lambda *_: None,
        steps=3,
        settings=Sgd(0.1, 0.5, 0.2),
        generator=seeded(),
        progress=False,
    )
    assert log.losses == pytest.approx([1 / 2, 0.88**2 / 2, 0.7144**2 / 2], rel=1e-6)


def test_weight_decay_leaves_biases_alone_and_frozen_parameters_are_not_touched():
    network = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    network[1].requires_grad_(False)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    loss = lambda _: 0 * sum(p.sum() for p in network.parameters())  # noqa: E731
    train(network, loss, lambda *_: None, steps=1, settings=Sgd(0.1, 0, 0.5), generator=seeded(), progress=False)
    after = network.state_dict()
    torch.testing.assert_close(after["0.weight"], before["0.weight"] * 0.95)
    for name in ("0.bias", "1.weight", "1.bias"):
        assert torch.equal(after[name], before[name]), name


def test_training_stops_when_validation_no_longer_improves_and_the_best_is_restored():
    network, scores, states = Noisy(), iter([0.1, 0.5, 0.4, 0.3, 0.45, 0.9]), []

    def score():
        assert not network.training
        assert not torch.is_grad_enabled()
        states.append({name: value.clone() for name, value in network.state_dict().items()})
        return next(scores)

    log = fit(network, validation=Validation(score, every=5, patience=3))
    assert log.stopped_early
    assert log.steps == 25  # looks at 5, 10 (best), 15, 20, 25
    assert log.best_step == 10
    assert log.validation == [(5, 0.1), (10, 0.5), (15, 0.4), (20, 0.3), (25, 0.45)]
    assert all(torch.equal(value, states[1][name]) for name, value in network.state_dict().items())
    assert not network.training


def test_without_patience_training_goes_on_and_the_last_step_is_looked_at():
    network, scores = Noisy(), iter([3.0, 1.0, 2.0])
    log = fit(network, steps=12, validation=Validation(lambda: next(scores), 5, None, larger_is_better=False))
    assert [step for step, _ in log.validation] == [5, 10, 12]
    assert (log.best_step, log.stopped_early) == (10, False)


def test_training_learns():
    network = Noisy()
    log = fit(network, steps=400)
    assert np.mean(log.losses[-50:]) < 0.2 * np.mean(log.losses[:10])


def test_curve_is_the_mean_of_each_run_of_steps():
    ends, means = TrainingLog(losses=[1.0, 3.0, 5.0, 7.0, 10.0]).curve(2)
    assert ends.tolist() == [2, 4, 5]
    assert means.tolist() == [2, 6, 10]
    assert TrainingLog().curve()[0].size == 0


def test_every_epoch_sees_every_row_once_in_another_order_and_a_step_is_always_the_same():
    rows = training.shuffled(10, 5, seeded())
    epochs = [torch.cat([rows(step), rows(step + 1)]).tolist() for step in (0, 2, 4)]
    assert all(sorted(epoch) == list(range(10)) for epoch in epochs)
    assert len({tuple(epoch) for epoch in epochs}) == 3
    again = training.shuffled(10, 5, seeded())
    assert again(4).tolist() == rows(4).tolist()
    assert sorted(training.shuffled(3, 5, seeded())(7).tolist()) == [0, 1, 2]
    assert len(training.shuffled(11, 5, seeded())(1)) == 5


def test_a_loss_that_is_not_finite_stops_with_the_step_and_keeps_the_weights():
    network = Noisy()

    def batches(step, generator):
        x, y = examples(step, generator)
        return x, y * (math.nan if step == 4 else 1)

    with pytest.raises(UserError, match="loss of step 5 is nan"):
        fit(network, batches=batches)
    assert all(p.isfinite().all() for p in network.parameters())


def test_a_validation_that_is_not_finite_and_a_run_of_no_steps_are_refused():
    with pytest.raises(UserError, match="validation after step 3 is nan"):
        fit(Noisy(), validation=Validation(lambda: math.nan, every=3))
    with pytest.raises(UserError, match="0 steps"):
        fit(Noisy(), steps=0)


def test_a_checkpoint_of_another_run_is_refused(tmp_path):
    kept = Checkpoint(tmp_path / "run.pt", "margin 0.2")
    fit(Noisy(), checkpoint=kept)
    wider = Noisy()
    wider.hidden = nn.Linear(3, 9)
    for words, call in {
        "its recipe is 'margin 0.2', expected 'margin 0.4'": lambda: fit(
            Noisy(), checkpoint=replace(kept, recipe="margin 0.4")
        ),
        "its settings is .*60 steps.*61 steps": lambda: fit(Noisy(), checkpoint=kept, steps=61),
        "its settings is .*OneCycle.*Sgd": lambda: fit(Noisy(), checkpoint=kept, settings=Sgd()),
        "its start is": lambda: fit(Noisy(), checkpoint=kept, generator=seeded(1)),
        "another run: its start": lambda: fit(wider, checkpoint=kept),
    }.items():
        with pytest.raises(UserError, match=words):
            call()


@pytest.mark.parametrize(
    "damage", ["emptied", "another file", "cut", "flipped at 3", "flipped at 5000", "flipped at -9"]
)
def test_a_damaged_checkpoint_is_reported_and_training_begins_anew(tmp_path, said, damage):
    path = tmp_path / "run.pt"
    undisturbed = fit(Noisy(), checkpoint=Checkpoint(path))
    content = bytearray(path.read_bytes())
    if damage.startswith("flipped"):
        content[int(damage.split()[-1])] ^= 1
    path.write_bytes({"emptied": b"", "another file": b"a diary", "cut": content[:1000]}.get(damage, content))
    damaged = path.read_bytes()
    assert fit(Noisy(), checkpoint=Checkpoint(path)) == undisturbed
    assert "run.pt: a damaged checkpoint, set aside as run.pt.damaged; training begins anew" in said
    assert (tmp_path / "run.pt.damaged").read_bytes() == damaged


def test_a_checkpoint_that_cannot_be_written_is_reported(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot be written"):
        fit(Noisy(), checkpoint=Checkpoint(tmp_path / "file" / "run.pt"))


def test_a_checkpoint_may_be_a_path_as_text_and_what_is_none_is_refused(tmp_path):
    log = fit(Noisy(), steps=3, checkpoint=Checkpoint(str(tmp_path / "run.pt")))
    assert fit(Noisy(), steps=3, checkpoint=Checkpoint(tmp_path / "run.pt")).losses == log.losses
    with pytest.raises(UserError, match="path is NoneType"):
        Checkpoint(None)
    for every in (0, -1, 2.5, "5"):
        with pytest.raises(UserError, match="every="):
            Checkpoint(tmp_path / "run.pt", every=every)


@pytest.mark.parametrize("generator", [0, None, np.random.default_rng(0)])
def test_a_seed_in_place_of_a_generator_is_refused(generator):
    with pytest.raises(UserError, match=r"generator is .*; expected one, such as torch\.Generator"):
        fit(Noisy(), generator=generator)
