"""Adam that leaves out words, beside torch's Adam on dense products."""

import numpy as np
import pytest
import torch
from scipy import sparse
from torch import nn

from vretlib.errors import UserError
from vretlib.models import training
from vretlib.models.checkpoint import Checkpoint
from vretlib.models.cross_modal_training import BothSides
from vretlib.models.lazy_adam import LazyAdam
from vretlib.models.text_encoders import first_weights
from vretlib.models.word_table import WordTable

WORDS, DIMS, STEPS, RATE = 80, 6, 400, 0.003
LOOKS = (1, 2, 37, STEPS)
NEVER, ONCE = 78, 79
"""A word that no text has, and one that the texts of the first step have."""


def zipf(step, _generator=None):
    """Texts of a step, (4, WORDS), whose words follow Zipf's law, and the gradients (4, DIMS) of their products."""
    rng = np.random.default_rng([7, step])
    often = 1 / np.arange(1, NEVER + 1)
    x = np.zeros((4, WORDS), np.float32)
    for row in x:
        row[rng.choice(NEVER, 5, p=often / often.sum())] = rng.random(5) + 0.1
    x[:, ONCE] = step == 0
    return sparse.csr_array(x), torch.from_numpy(rng.normal(size=(4, DIMS)))


def everywhere(step):
    """Texts that have all words in each step."""
    rng = np.random.default_rng([8, step])
    x = rng.random((4, WORDS), np.float32) + 0.1
    return sparse.csr_array(x), torch.from_numpy(rng.normal(size=(4, DIMS)))


def table():
    made = WordTable(WORDS, DIMS)
    first_weights(made, torch.Generator().manual_seed(1))
    return made


def lazily(network, steps=STEPS):
    return LazyAdam(network, RATE, steps, at_least=WORDS)


def linear(dtype):
    made = nn.Linear(WORDS, DIMS)
    first_weights(made, torch.Generator().manual_seed(1))
    return made.to(dtype)


def taught(network, optimiser, batches, steps, after=lambda _: None):
    """Take ``steps``; ``after`` is given the number of each one."""
    for step in range(steps):
        x, gradient = batches(step)
        lazy = isinstance(network, WordTable)
        out = network(x) if lazy else network(torch.from_numpy(x.toarray()).to(network.weight))
        optimiser.zero_grad()
        (out * gradient.to(out)).sum().backward()
        optimiser.step()
        after(step + 1)
    return network


def with_torch(dtype, batches):
    """Weights and bias after each of LOOKS, from torch's Adam on dense products."""
    network, found = linear(dtype), {}

    def look(step):
        if step in LOOKS:
            found[step] = network.weight.detach().double().T.clone(), network.bias.detach().double().clone()

    taught(network, torch.optim.Adam(network.parameters(), lr=RATE), batches, STEPS, look)
    return found


@pytest.mark.parametrize("batches", [zipf, everywhere])
def test_weights_are_as_near_to_exact_ones_as_those_of_torch(batches):
    """Exact is Adam in float64. In float32 both round each weight once a step, and a dozen smaller numbers."""
    lazy, exact, rounded = table(), *(with_torch(dtype, batches) for dtype in (torch.float64, torch.float32))

    def look(step):
        if step in LOOKS:
            state = lazy.state_dict()
            for name, right, near in zip(("weight", "bias"), exact[step], rounded[step], strict=True):
                limit = 2 * max((near - right).abs().max(), 2**-24 * right.abs().max())
                assert (state[name] - right).abs().max() <= limit

    taught(lazy, lazily(lazy), batches, STEPS, look)
    assert torch.equal(lazy.weight[NEVER], table().weight[NEVER]) == (batches is zipf)


def test_a_replay_ends_where_nothing_moves_and_leaves_out_nothing():
    """Brute force for the word of the first step alone: all later steps, one after another."""
    lazy, kept = table(), []
    optimiser = lazily(lazy)
    state = optimiser.tables[0]

    def look(step):
        if step == 1:
            kept.extend(x[ONCE].copy() for x in (state.weight, state.mean, state.root))

    taught(lazy, optimiser, zipf, STEPS, look)
    w, mean, root = kept
    moving = []
    for step in range(2, STEPS + 1):
        corrected = np.sqrt(1 - 0.999**step)
        up = np.float32(RATE * corrected / (1 - 0.9**step)) * np.float32(0.9 ** (step - 1))
        moved = w - up * mean / (np.float32(0.999 ** ((step - 1) / 2)) * root + np.float32(1e-8 * corrected))
        moving.append((moved != w).any())
        w = moved
    np.testing.assert_array_equal(lazy.state_dict()["weight"][ONCE], w)
    assert all(moving[:50])
    assert not any(moving[300:])


@pytest.mark.parametrize("root", [1e-12, 1e-8, 1e-4, 1])
def test_each_move_without_gradient_is_smaller_than_the_one_before(root):
    """For roots of the second moment far below ε, like it and far above it; the argument for ending a replay."""
    t = np.arange(1, 3000)
    for last in (1, 2, 10, 1000):
        later = t[last - 1 :]
        m, v = 0.9 ** (later - last), (root**2) * 0.999 ** (later - last)
        moves = m / (1 - 0.9**later) / (np.sqrt(v / (1 - 0.999**later)) + 1e-8)
        assert (moves[1:] < 0.95 * moves[:-1]).all()


def test_weights_that_are_read_in_each_step_end_in_the_same_bits():
    undisturbed, disturbed = table(), table()
    taught(undisturbed, lazily(undisturbed), zipf, 150)
    taught(disturbed, lazily(disturbed), zipf, 150, after=lambda _: disturbed.state_dict())
    for a, b in zip(undisturbed.state_dict().values(), disturbed.state_dict().values(), strict=True):
        torch.testing.assert_close(a, b, rtol=0, atol=0)


class AllTables(BothSides):
    """Small tables too."""

    def start(self, network, steps):
        return lazily(network, steps), None


@pytest.mark.parametrize("stop", [3, 50, 119])
def test_an_interrupted_training_ends_in_the_same_bits(tmp_path, stop):
    def fit(network, batches, checkpoint=None):
        return training.train(
            network, lambda batch: (network(batch[0]) * batch[1]).sum(), batches, steps=120, settings=AllTables(RATE),
            generator=torch.Generator().manual_seed(0), checkpoint=checkpoint, progress=False,
        )  # fmt: skip

    def breaking_off(step, generator):
        if step == stop:
            raise KeyboardInterrupt
        return zipf(step, generator)

    whole, again = table(), table()
    log = fit(whole, zipf)
    kept = Checkpoint(tmp_path / "run.pt", every=20)
    with pytest.raises(KeyboardInterrupt):
        fit(table(), breaking_off, kept)
    assert fit(again, zipf, kept) == log
    for a, b in zip(whole.parameters(), again.parameters(), strict=True):
        torch.testing.assert_close(a, b, rtol=0, atol=0)


def test_the_number_of_threads_changes_no_bit():
    found, before = [], torch.get_num_threads()
    try:
        for threads in (1, 2):
            torch.set_num_threads(threads)
            lazy = table()
            found.append(taught(lazy, lazily(lazy), zipf, 100).state_dict())
    finally:
        torch.set_num_threads(before)
    for a, b in zip(*(state.values() for state in found), strict=True):
        torch.testing.assert_close(a, b, rtol=0, atol=0)


def test_more_steps_than_it_was_made_for_are_refused():
    lazy = table()
    with pytest.raises(UserError, match=r"step 3 of LazyAdam\(steps=2\)"):
        taught(lazy, lazily(lazy, 2), zipf, 3)


def test_another_optimiser_takes_over_what_the_first_one_has_reached():
    lazy, kept = table(), table()
    taught(lazy, lazily(lazy), zipf, 20)
    lazily(lazy)
    taught(kept, lazily(kept), zipf, 20).settle()
    torch.testing.assert_close(lazy.weight, kept.weight, rtol=0, atol=0)


def test_small_tables_and_all_other_weights_are_torch_s():
    small, torchs = table(), table()
    taught(small, LazyAdam(small, RATE, STEPS, at_least=WORDS + 1), zipf, 30)
    taught(torchs, torch.optim.Adam(torchs.parameters(), lr=RATE, fused=True), zipf, 30)
    assert small.missed is None
    torch.testing.assert_close(small.weight, torchs.weight, rtol=0, atol=0)
