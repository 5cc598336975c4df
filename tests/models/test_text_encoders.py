import numpy as np
import pytest
import torch
from scipy import sparse
from torch import nn

from vretlib.errors import UserError
from vretlib.models.text_encoders import Bag, Perceptron, Recurrent, Sequences, encoder, first_weights


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def test_sparse_and_dense_bags_give_the_same_rows():
    x = np.array([[0, 2, 0], [1, 0, 0], [0, 0, 0]], np.float32)
    for bag in (Bag(x), Bag(sparse.csr_array(x))):
        assert (len(bag), bag.d) == (3, 3)
        np.testing.assert_array_equal(bag.rows(np.array([2, 0])).toarray(), x[[2, 0]])


def test_the_steps_of_some_texts_stand_one_after_another():
    sentences = Sequences(np.arange(5, dtype=np.float32)[:, None], np.array([0, 2, 3, 5]))
    steps, ranges = sentences.rows(np.array([2, 0]))
    np.testing.assert_array_equal(steps[:, 0], [3, 4, 0, 1])
    np.testing.assert_array_equal(ranges, [[0, 2], [2, 4]])


def test_a_recurrent_encoder_is_torch_s_lstm_text_by_text():
    """One text at a time, and in another order."""
    part = Sequences(np.random.default_rng(0).normal(size=(9, 3)), np.array([0, 4, 5, 9]))
    network = Recurrent(3, 7)
    first_weights(network, seeded())
    ids = np.array([2, 1, 0])
    together = network(part.rows(ids))
    for found, i in zip(together, ids, strict=True):
        _, (state, _) = network.lstm(torch.from_numpy(part.steps[part.offsets[i] : part.offsets[i + 1]]))
        torch.testing.assert_close(found, state[0] / state[0].norm())


def test_fifty_evenly_spread_steps_of_a_long_text_are_read():
    steps = np.random.default_rng(1).normal(size=(130, 2)).astype(np.float32)
    network = Recurrent(2, 3)
    first_weights(network, seeded())
    every = np.arange(50) * 120 // 50
    read = (Sequences(x, np.array([0, len(x)])) for x in (steps[:120], steps[every]))
    long, picked = (network(one.rows(np.array([0]))) for one in read)
    torch.testing.assert_close(long, picked)
    beside = network(Sequences(steps, np.array([0, 120, 130])).rows(np.array([1, 0])))
    torch.testing.assert_close(beside[1:], picked)


def test_words_are_embedded_before_they_are_read():
    titles = Sequences(np.array([1, 2, 1]), np.array([0, 2, 3]), words=4)
    network = encoder("LSTM", titles, 5)
    assert network(titles.rows(np.array([0, 1]))).shape == (2, 5)


def test_a_perceptron_worked_out_by_hand():
    network = Perceptron(2, 2)
    with torch.no_grad():
        network.layer.weight.copy_(torch.tensor([[0.0, 1.0], [0.0, 0.0]]))
        network.layer.bias.zero_()
    torch.testing.assert_close(network(Bag([[5.0, 1.0]]).x), torch.tensor([[0.0, 1.0]]))


def test_first_weights_are_decided_by_the_seed_alone():
    networks = [nn.ModuleList([nn.Linear(3, 2), nn.LSTM(3, 2), nn.Embedding(3, 2)]) for _ in range(2)]
    for network in networks:
        torch.rand(3)
        first_weights(network, seeded(4))
    for a, b in zip(*(network.parameters() for network in networks), strict=True):
        torch.testing.assert_close(a, b, rtol=0, atol=0)


def test_a_checksum_sees_every_number():
    x = np.eye(3, dtype=np.float32)
    other = x.copy()
    other[0, 0] = 2
    sums = {Bag(x).checksum, Bag(other).checksum,
            Sequences(x, np.array([0, 1, 3])).checksum, Sequences(x, np.array([0, 2, 3])).checksum}  # fmt: skip
    assert len(sums) == 4
    assert Bag(sparse.csr_array(x)).checksum == Bag(x).checksum


def test_texts_that_cannot_be_read_are_refused():
    with pytest.raises(UserError, match="text 1 has no step"):
        Sequences(np.ones((2, 3)), np.array([0, 1, 1, 2]))
    with pytest.raises(UserError, match="NaN"):
        Bag(sparse.csr_array(np.array([[np.nan, 0]])))
    with pytest.raises(UserError, match="LSTM reads Sequences"):
        encoder("LSTM", Bag(np.eye(2)), 4)
