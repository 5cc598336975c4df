"""The late layers of a network: the same maps, the same weights, and gradients that stop at their input."""

import copy

import pytest
import torch

from vretlib.errors import UserError
from vretlib.features import backbones
from vretlib.features.backbones import Backbone
from vretlib.models.end_to_end import EndToEnd
from vretlib.models.late_layers import LateLayers
from vretlib.models.simnet import SimNet


@pytest.fixture
def network() -> Backbone:
    return copy.deepcopy(backbones.load("vgg16", "embedded"))


@pytest.mark.parametrize("after", ["pool1", "conv3_3", "pool3"])
def test_the_maps_at_a_tap_lead_to_the_last_maps_of_the_whole_network(network: Backbone, after: str) -> None:
    batch = torch.rand(2, 3, 64, 96, generator=torch.Generator().manual_seed(0))
    whole = network.maps(batch, [after, "pool5"])
    late = LateLayers(network, after)
    assert torch.allclose(late.maps(whole[after], ["pool5"])["pool5"], whole["pool5"], atol=1e-5)
    assert late.channels("pool5") == network.channels("pool5")


def test_training_them_trains_the_last_layers_of_the_network_and_no_others(network: Backbone) -> None:
    before = copy.deepcopy(network.network.state_dict())
    model = EndToEnd(LateLayers(network, "pool3"), SimNet(128, (8,), generator=torch.Generator().manual_seed(1)))
    optimiser = torch.optim.SGD(model.parameters(), lr=1.0)
    maps = [torch.rand(64, 8, 8, generator=torch.Generator().manual_seed(k)) for k in range(4)]
    model.train()
    model(maps[:2], maps[2:]).sum().backward()
    optimiser.step()
    after = network.network.state_dict()
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    layers = {int(name.split(".")[1]) for name in changed}
    assert layers == {17, 19, 21, 24, 26, 28}  # conv4_1 to conv5_3
    assert all(name.startswith("features.") for name in changed)


@pytest.mark.parametrize("after", ["pool5", "fc6", "nope"])
def test_a_tap_that_is_not_before_the_last_maps_is_an_error(network: Backbone, after: str) -> None:
    with pytest.raises(UserError, match=f"layers after '{after}' of vgg16: expected one of conv1_1"):
        LateLayers(network, after)


def test_a_network_that_is_no_chain_of_convolutions_is_an_error() -> None:
    with pytest.raises(UserError, match="of resnet50: expected one of none"):
        LateLayers(backbones.load("resnet50", "embedded"), "layer3")


def test_they_have_no_other_tap(network: Backbone) -> None:
    with pytest.raises(UserError, match="tap 'pool4': the late layers of vgg16 have pool5 alone"):
        LateLayers(network, "pool3").maps(torch.zeros(1, 64, 8, 8), ["pool4"])
