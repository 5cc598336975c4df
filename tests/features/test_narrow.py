"""Narrow networks are torchvision's in everything but their numbers of channels."""

import json
from dataclasses import asdict

import pytest
import torch
from torchvision.models import get_model

from vretlib.features import backbones, narrow, narrow_shape
from vretlib.features.weights import RANDOM

FULL = {
    "vgg16": narrow_shape.Narrow("vgg16", (64, 128, 256, 512, 512), 4096, 1000),
    "resnet50": narrow_shape.Narrow("resnet50", (64, 128, 256, 512), 0, 1000),
}


@pytest.mark.parametrize("name", FULL)
def test_with_the_full_widths_it_is_torchvisions_network_name_by_name(name):
    with torch.device("meta"):
        ours, theirs = narrow.build(FULL[name]).state_dict(), get_model(name).state_dict()
    assert {key: value.shape for key, value in ours.items()} == {key: value.shape for key, value in theirs.items()}
    assert list(ours) == list(theirs)


@pytest.mark.parametrize("name", FULL)
def test_with_the_full_widths_every_layer_is_torchvisions_strides_and_all(name):
    with torch.device("meta"):
        ours, theirs = (str(net).partition("\n")[2] for net in (narrow.build(FULL[name]), get_model(name)))
    assert ours == theirs


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("vgg16", {"conv1_2": (16, 64, 96), "conv4_3": (128, 8, 12)}),
        ("vgg16", {"pool5": (128, 2, 3), "fc6": (256,), "logits": (7,)}),
        ("resnet50", {"layer1": (64, 16, 24), "layer4": (512, 2, 3), "pool5": (512,), "logits": (7,)}),
    ],
)  # fmt: skip
def test_the_embedded_shapes_have_the_same_taps_with_fewer_channels(name, expected):
    backbone = backbones.Backbone(name, narrow.build(narrow_shape.shape_for(name, 7)), RANDOM)
    found = backbone.maps(torch.zeros(1, 3, 64, 96), list(expected))
    assert {tap: tuple(value.shape[1:]) for tap, value in found.items()} == expected


@pytest.mark.parametrize("name", FULL)
def test_a_shape_reads_back_from_json(name):
    assert narrow_shape.Narrow.of(json.loads(json.dumps(asdict(FULL[name])))) == FULL[name]
