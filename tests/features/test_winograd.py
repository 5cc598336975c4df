"""The short way to a 3 × 3 convolution: what it computes, and when it is taken."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from vretlib.features import winograd
from vretlib.features.winograd import WinogradConv2d


def normal(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def layer(inputs: int = 64, outputs: int = 64, **options: object) -> nn.Conv2d:
    made = nn.Conv2d(inputs, outputs, 3, **({"padding": 1} | options))
    made.weight.data = normal(*made.weight.shape, seed=1)
    return made


def read(network: nn.Module, x: torch.Tensor) -> torch.Tensor:
    with torch.inference_mode():
        return network(x)


@pytest.mark.parametrize("size", [(1, 1), (1, 7), (3, 2), (4, 4), (5, 9), (6, 6), (17, 30)])
@pytest.mark.parametrize("channels", [(64, 64), (64, 96), (130, 70)])
def test_it_is_the_convolution_in_double_precision_to_float32s_rounding(size, channels):
    inputs, outputs = channels
    x, weight, bias = normal(2, inputs, *size), normal(outputs, inputs, 3, 3, seed=1), normal(outputs, seed=2)
    found = winograd.convolution(x, winograd.transformed(weight), bias)
    exact = functional.conv2d(x.double(), weight.double(), bias.double(), padding=1)
    assert found.shape == exact.shape
    assert found.dtype == torch.float32
    assert (found - exact).abs().max() < 2e-5 * exact.abs().max()


def test_one_bright_pixel_shows_the_filter_turned_round():
    x, weight = torch.zeros(1, 64, 9, 11), torch.zeros(64, 64, 3, 3)
    x[0, 5, 4, 7] = 1
    weight[3, 5] = torch.arange(1.0, 10.0).reshape(3, 3)
    found = winograd.convolution(x, winograd.transformed(weight), None)
    expected = torch.zeros(9, 11)
    expected[3:6, 6:9] = torch.tensor([[9.0, 8, 7], [6, 5, 4], [3, 2, 1]])
    torch.testing.assert_close(found[0, 3], expected, atol=2e-5, rtol=0)
    assert found[0, torch.arange(64) != 3].abs().max() == 0


def test_many_tiles_and_any_memory_format_give_the_same():
    x, weight = normal(3, 64, 90, 70), winograd.transformed(normal(64, 64, 3, 3, seed=1))
    contiguous = winograd.convolution(x, weight, None)
    last = winograd.convolution(x.to(memory_format=torch.channels_last), weight, None)
    assert torch.equal(contiguous, last)
    assert last.is_contiguous(memory_format=torch.channels_last)


def test_the_number_of_threads_changes_nothing():
    x, weight = normal(3, 64, 90, 70), winograd.transformed(normal(64, 64, 3, 3, seed=1))
    before, found = torch.get_num_threads(), []
    try:
        for threads in (1, 2, 3):
            torch.set_num_threads(threads)
            found.append(winograd.convolution(x, weight, None))
    finally:
        torch.set_num_threads(before)
    assert torch.equal(found[0], found[1])
    assert torch.equal(found[0], found[2])


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_what_is_not_finite_stays_so(wrong):
    x = normal(1, 64, 8, 8)
    x[0, 0, 2, 2] = wrong
    found = winograd.convolution(x, winograd.transformed(normal(64, 64, 3, 3, seed=1)), None)
    assert not found[0, :, 1:4, 1:4].isfinite().any()


def test_reading_takes_the_short_way_and_learning_does_not(monkeypatch):
    taken: list[int] = []
    real = winograd.convolution
    monkeypatch.setattr(winograd, "convolution", lambda *given: taken.append(1) or real(*given))
    network, x = layer(), normal(1, 64, 10, 10)
    plain = network(x)
    winograd.quicken(network)
    assert isinstance(network, WinogradConv2d)
    assert torch.equal(network(x), plain)
    assert plain.requires_grad
    assert not taken
    torch.testing.assert_close(read(network, x), plain.detach(), atol=1e-3, rtol=1e-4)
    assert taken == [1]
    with torch.autocast("cpu", torch.bfloat16):
        assert read(network, x).dtype == torch.bfloat16
    assert read(network.double(), x.double()).dtype == torch.float64
    assert taken == [1]


@pytest.mark.parametrize(
    "other",
    [
        layer(padding=0), layer(stride=2), layer(dilation=2, padding=2), layer(groups=2), layer(inputs=63),
        layer(outputs=63), layer(padding_mode="reflect"), nn.Conv2d(64, 64, 1), nn.Conv2d(64, 64, 5, padding=2),
    ],
)  # fmt: skip
def test_layers_that_the_short_way_does_not_fit_are_left_alone(other):
    winograd.quicken(other)
    assert type(other) is nn.Conv2d


def test_names_of_parameters_stay_and_changed_weights_are_seen():
    network = nn.Sequential(layer(), nn.ReLU())
    names, x = list(network.state_dict()), normal(1, 64, 10, 10)
    winograd.quicken(network)
    assert list(network.state_dict()) == names
    before = read(network, x)
    with torch.no_grad():
        network[0].weight.neg_()
    bias = network[0].bias.detach().reshape(1, -1, 1, 1)
    after = functional.conv2d(x, network[0].weight, network[0].bias, padding=1).relu()
    torch.testing.assert_close(read(network, x), after.detach(), atol=1e-3, rtol=1e-4)
    assert not torch.allclose(before, read(network, x), atol=float(bias.abs().max()))
