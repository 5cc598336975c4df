"""Trainings side by side have the results of trainings one after the other."""

from functools import partial

import numpy as np
import pytest
import torch

from vretlib.errors import UserError
from vretlib.models import parallel_trainings
from vretlib.models.hashing import lsh

X = np.random.default_rng(0).normal(size=(30, 6)).astype(np.float32)


def rngs(n):
    return [np.random.default_rng(k) for k in range(n)]


def test_each_training_has_one_thread_and_results_come_in_the_order_of_the_items(monkeypatch):
    monkeypatch.setattr("vretlib.parallel.n_threads", lambda: 2)
    found = parallel_trainings.in_threads(lambda k: (k, torch.get_num_threads()), iter(range(6)))
    assert list(found) == [(k, 1) for k in range(6)]


@pytest.mark.parametrize("threads", [1, 2])
def test_results_come_in_the_order_of_the_items_whatever_the_number_of_processes(threads, monkeypatch):
    monkeypatch.setattr(parallel_trainings, "n_threads", lambda: threads)
    found = parallel_trainings.in_processes(partial(lsh.fit, X, 4), rngs(5))
    for hasher, rng in zip(found, rngs(5), strict=True):
        np.testing.assert_array_equal(hasher.bits(X), lsh.fit(X, 4, rng).bits(X))


def test_an_error_is_raised_to_the_caller_and_torch_keeps_its_threads(monkeypatch):
    monkeypatch.setattr(parallel_trainings, "n_threads", lambda: 1)
    before = torch.get_num_threads()
    with pytest.raises(UserError, match="n_bits"):
        parallel_trainings.in_processes(partial(lsh.fit, X, 0), rngs(2))
    assert torch.get_num_threads() == before


def test_nothing_to_train_is_no_result():
    assert parallel_trainings.in_processes(partial(lsh.fit, X, 4), []) == []
