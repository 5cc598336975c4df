import numpy as np
import pytest
import torch

from vretlib.errors import UserError
from vretlib.models import simnet
from vretlib.models.linear import Linear
from vretlib.models.oasis import Oasis
from vretlib.models.simnet import ARCHITECTURES, SimNet


def unit(rng, *shape):
    x = rng.normal(size=shape).astype(np.float32)
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def small(widths=(32, 16), d=8, init="kaiming", seed=0):
    return SimNet(d, widths, init=init, generator=torch.Generator().manual_seed(seed))


def by_hand(d, widths):
    """Each layer has a weight for each input and a bias, for each of its outputs."""
    total, inputs = 0, 2 * d
    for outputs in (*widths, 1):
        total += (inputs + 1) * outputs
        inputs = outputs
    return total


@pytest.mark.parametrize(("name", "millions"), [("A", "2.10"), ("B", "20.98"), ("C", "75.5"), ("D", "37.8")])
def test_parameter_counts_are_those_of_table_3_1(name, millions):
    with torch.device("meta"):  # counted without their memory
        net = SimNet(512, ARCHITECTURES[name])
    assert net.n_parameters == by_hand(512, ARCHITECTURES[name])
    decimals = len(millions.split(".")[1])
    assert f"{net.n_parameters / 1e6:.{decimals}f}" == millions


def test_a_score_worked_out_by_hand():
    """d = 1, hidden units relu(x - y + 1) and relu(2y); the score is the first minus half the second, plus 3."""
    net = small((2,), d=1)
    with torch.no_grad():
        net.first.weight.copy_(torch.tensor([[1.0, -1.0], [0.0, 2.0]]))
        net.first.bias.copy_(torch.tensor([1.0, 0.0]))
        net.others[0].weight.copy_(torch.tensor([[1.0, -0.5]]))
        net.others[0].bias.fill_(3.0)
    assert net(torch.tensor([[2.0]]), torch.tensor([[1.0]])).tolist() == [4.0]  # 2 - 0.5 * 2 + 3
    assert net(torch.tensor([[1.0]]), torch.tensor([[2.0]])).tolist() == [1.0]  # 0 - 0.5 * 4 + 3: not symmetric
    np.testing.assert_array_equal(net.scores([[2.0], [1.0]], [[1.0], [2.0]]), [[4.0, 2.0], [3.0, 1.0]])


@pytest.mark.parametrize("widths", [(), (48,), (48, 24), (24, 48, 12)])
@pytest.mark.parametrize("block_bytes", [1, 5000, 2**24])
@pytest.mark.parametrize(("nq", "nb"), [(1, 1), (7, 53), (53, 7), (0, 4), (4, 0)])
def test_all_scores_equal_those_of_concatenated_pairs_whatever_the_blocks(monkeypatch, widths, block_bytes, nq, nb):
    monkeypatch.setattr(simnet, "_BLOCK_BYTES", block_bytes)
    rng = np.random.default_rng(nq)
    net, xq, xb = small(widths, 16), unit(rng, nq, 16), unit(rng, nb, 16)
    q, b = (torch.from_numpy(ids.ravel()) for ids in np.mgrid[:nq, :nb])
    with torch.no_grad():
        expected = net(torch.from_numpy(xq)[q], torch.from_numpy(xb)[b]).view(nq, nb)
    found = net.scores(xq, xb)
    assert found.dtype == np.float32
    assert found.shape == (nq, nb)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-5)


def test_scores_agree_with_float64_arithmetic_at_the_size_of_the_thesis_descriptors():
    rng = np.random.default_rng(0)
    net, xq, xb = small((512, 512), 512), unit(rng, 3, 512), unit(rng, 40, 512)
    x = np.concatenate([np.repeat(xq, 40, axis=0), np.tile(xb, (3, 1))], axis=1).astype(np.float64)
    layers = [net.first, *net.others]
    for number, layer in enumerate(layers):
        x = x @ layer.weight.detach().double().numpy().T + layer.bias.detach().double().numpy()
        x = np.maximum(x, 0) if number < len(layers) - 1 else x
    assert np.abs(x).max() > 0.1  # scores large enough for 1e-5 to mean something
    np.testing.assert_allclose(net.scores(xq, xb), x.reshape(3, 40), rtol=0, atol=1e-5)


def test_scoring_holds_no_more_than_a_block_of_pairs(monkeypatch):
    monkeypatch.setattr(simnet, "_BLOCK_BYTES", 4 * 64 * 100)  # 100 pairs of 64 units
    net, seen = small((64, 8)), []
    net.others[0].register_forward_hook(lambda layer, args, out: seen.append(len(out)))
    net.scores(np.zeros((9, 8)), np.zeros((250, 8)))
    net.scores(np.zeros((250, 8)), np.zeros((9, 8)))
    assert max(seen) <= 100
    assert sum(seen) == 2 * 9 * 250


def test_weights_start_as_in_the_authors_code_and_from_the_seed():
    net = small((400, 300), 100, init="authors")
    assert all(not layer.bias.any() for layer in (net.first, *net.others))
    for layer in (net.first, net.others[0]):
        assert abs(float(layer.weight.mean().detach())) < 1e-4  # 5 standard errors and more
        assert abs(float(layer.weight.std().detach()) - 0.01) < 2e-4
    assert torch.equal(net.first.weight, small((400, 300), 100, init="authors").first.weight)
    assert not torch.equal(net.first.weight, small((400, 300), 100, init="authors", seed=1).first.weight)


def test_a_fresh_kaiming_network_keeps_the_size_of_the_signal():
    net = small((512, 512), 256)
    hidden = net.first(torch.randn(200, 512, generator=torch.Generator().manual_seed(1))).relu()
    hidden = net.others[0](hidden)
    assert 1 < float(hidden.square().mean().detach()) < 4  # 2 in expectation, before the ReLU halves it


def test_without_hidden_layers_every_query_ranks_the_database_in_the_same_way():
    """Why `linear.Linear` is bilinear: an affine map of the concatenated pair cannot rank."""
    rng = np.random.default_rng(3)
    order = small((), 16).scores(unit(rng, 20, 16), unit(rng, 50, 16)).argsort(axis=1)
    assert (order == order[0]).all()
    bent = small((32,), 16).scores(unit(rng, 20, 16), unit(rng, 50, 16)).argsort(axis=1)
    assert (bent != bent[0]).any()


@pytest.mark.parametrize(
    ("xb", "words"),
    [
        (np.zeros((2, 5)), r"shape \(2, 5\).*\(n, 8\)"),
        (np.zeros(8), r"shape \(8,\)"),
        (np.where(np.arange(16).reshape(2, 8) == 11, np.nan, 0), "descriptor 1 .*NaN"),
        (np.where(np.arange(16).reshape(2, 8) == 0, np.inf, 0), "descriptor 0 "),
    ],
)
def test_descriptors_that_do_not_fit_are_refused(xb, words):
    with pytest.raises(UserError, match=words):
        small().scores(np.zeros((1, 8)), xb)
    with pytest.raises(UserError, match=words):
        small().scores(xb, np.zeros((1, 8)))


@pytest.mark.parametrize("dtype", [torch.float64, torch.float16])
@pytest.mark.parametrize("make", [small, lambda: Linear(8)])
def test_a_network_of_another_precision_scores_too(make, dtype):
    x, y = unit(np.random.default_rng(1), 2, 5, 8)
    expected, found = make().scores(x, y), make().to(dtype).scores(x, y)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=0.01)


@pytest.mark.parametrize("make", [lambda: Linear(8), lambda: Oasis(8), lambda: spoilt(small())])
def test_a_score_that_is_no_number_is_refused(make):
    huge = np.full((2, 8), 1e30)
    with pytest.raises(UserError, match="a score is NaN or beyond float32"):
        make().scores(huge, huge)


def spoilt(net):
    with torch.no_grad():
        net.others[-1].bias.fill_(torch.nan)
    return net


def test_unknown_init_and_widths_of_nothing_are_refused():
    with pytest.raises(UserError, match=r"xavier.*authors, kaiming"):
        SimNet(4, (4,), init="xavier")
    with pytest.raises(UserError, match="widths"):
        SimNet(4, (4, 0))
