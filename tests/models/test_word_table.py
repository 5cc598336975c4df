import numpy as np
import pytest
import torch
from scipy import sparse
from torch import nn

from vretlib.errors import UserError
from vretlib.models.text_encoders import first_weights
from vretlib.models.word_table import WordTable


def bags(n=5, words=7, seed=0):
    """Sparse rows, the first one empty."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, words)) * (rng.random((n, words)) < 0.4)
    x[0] = 0
    return sparse.csr_array(x.astype(np.float32))


def table_and_linear(words=7, dims=3):
    made = WordTable(words, dims), nn.Linear(words, dims)
    for layer in made:
        first_weights(layer, torch.Generator().manual_seed(3))
    return made


def test_it_starts_from_the_weights_that_torch_s_layer_would_have():
    table, linear = table_and_linear()
    torch.testing.assert_close(table.weight.T, linear.weight, rtol=0, atol=0)
    torch.testing.assert_close(table.bias, linear.bias, rtol=0, atol=0)
    assert table.weight.is_contiguous()


def test_products_and_gradients_are_those_of_torch_s_layer():
    table, linear = table_and_linear()
    x = bags()
    found, expected = table(x), linear(torch.from_numpy(x.toarray()))
    torch.testing.assert_close(found, expected)
    for out in (found, expected):
        (out.square().sum()).backward()
    torch.testing.assert_close(table.weight.grad.T, linear.weight.grad)
    torch.testing.assert_close(table.bias.grad, linear.bias.grad)


def test_parts_stand_one_beside_the_other():
    table, linear = table_and_linear()
    x = bags()
    torch.testing.assert_close(table(x[:, :4], x[:, 4:]), linear(torch.from_numpy(x.toarray())))


def test_texts_without_any_word_have_the_bias():
    table, _ = table_and_linear()
    torch.testing.assert_close(table(sparse.csr_array((2, 7), dtype=np.float32)), table.bias.expand(2, 3))


class Noted:
    """Notes which rows are asked for; None are all."""

    def __init__(self):
        self.asked = []

    def replay(self, rows=None):
        self.asked.append(rows if rows is None else set(rows.tolist()))


def test_rows_are_brought_up_to_date_before_they_are_read_or_kept():
    table, _ = table_and_linear()
    network, x = nn.Sequential(table), bags()
    noted = table.missed = Noted()
    network.train()
    assert noted.asked == []
    table(x[:, :4], x[:, 4:])
    network.eval()
    network.state_dict()
    assert noted.asked == [set(x.indices.tolist()), None, None]


def test_texts_of_another_vocabulary_are_refused():
    table, _ = table_and_linear()
    with pytest.raises(UserError, match="texts of 8 words; expected 7"):
        table(bags(words=8))
