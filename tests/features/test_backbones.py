"""Taps of seven networks: where they are, how large, and that reading them computes what torchvision computes."""

import numpy as np
import pytest
import torch
import torchvision
from torch import nn

from vretlib.errors import UserError
from vretlib.features import backbones, weights

SMALL = ("squeezenet1_1", "mobilenet_v2", "resnet50", "alexnet", "vgg16")
LOADED: dict[str, backbones.Backbone] = {}


def random(name: str) -> backbones.Backbone:
    if name not in LOADED:
        LOADED[name] = backbones.load(name, "random")
    return LOADED[name]


def images(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("name", SMALL)
def test_the_last_tap_is_what_the_network_itself_puts_out(name):
    backbone, batch = random(name), images(2, 3, 70, 97)
    with torch.no_grad():
        torch.testing.assert_close(backbone.maps(batch, ["logits"])["logits"], backbone.network(batch))


@pytest.mark.parametrize(
    ("name", "tap", "channels", "stride"),
    [
        ("vgg16", "conv1_1", 64, 1), ("vgg16", "conv1_2", 64, 1), ("vgg16", "pool1", 64, 2),
        ("vgg16", "conv2_2", 128, 2),
        ("vgg16", "conv3_3", 256, 4), ("vgg16", "conv4_3", 512, 8), ("vgg16", "conv5_3", 512, 16),
        ("vgg16", "pool5", 512, 32), ("resnet50", "layer1", 256, 4), ("resnet50", "layer2", 512, 8),
        ("resnet50", "layer3", 1024, 16), ("resnet50", "layer4", 2048, 32), ("mobilenet_v2", "features", 1280, 32),
        ("mobilenet_v2", "block3", 24, 4),
    ],
)  # fmt: skip
def test_maps_have_the_channels_and_the_stride_of_the_papers(name, tap, channels, stride):
    maps = random(name).maps(images(1, 3, 64, 128), [tap])[tap]
    assert maps.shape == (1, channels, 64 // stride, 128 // stride)
    assert random(name).channels(tap) == channels


def test_strides_that_do_not_divide_round_as_the_layers_do():
    assert random("alexnet").maps(images(1, 3, 224, 224), ["pool5"])["pool5"].shape == (1, 256, 6, 6)
    assert random("squeezenet1_1").maps(images(1, 3, 224, 224), ["features"])["features"].shape == (1, 512, 13, 13)


@pytest.mark.parametrize(
    ("name", "sizes"),
    [
        ("vgg16", {"fc6": 4096, "fc7": 4096, "logits": 1000}),
        ("alexnet", {"fc6": 4096, "fc7": 4096, "logits": 1000}),
        ("resnet50", {"pool5": 2048, "logits": 1000}),
    ],
)
def test_taps_after_the_maps_are_vectors(name, sizes):
    found = random(name).maps(images(2, 3, 64, 64), list(sizes))
    assert {tap: tuple(value.shape) for tap, value in found.items()} == {tap: (2, n) for tap, n in sizes.items()}


@pytest.mark.parametrize("tap", ["conv3_2", "fc6", "fc7"])
def test_taps_named_after_a_layer_with_a_relu_are_read_after_it(tap):
    assert random("vgg16").maps(images(1, 3, 32, 32), [tap])[tap].min() == 0


def test_a_resnets_pool5_is_the_mean_of_its_last_maps():
    found = random("resnet50").maps(images(2, 3, 64, 96), ["layer4", "pool5"])
    torch.testing.assert_close(found["pool5"], found["layer4"].mean((2, 3)))


def test_several_taps_are_the_same_as_one_at_a_time_and_come_in_the_order_asked_for():
    backbone, batch = random("squeezenet1_1"), images(1, 3, 64, 64)
    taps = ["features", "conv1", "fire4"]
    together = backbone.maps(batch, taps)
    assert list(together) == taps
    for tap in taps:
        torch.testing.assert_close(together[tap], backbone.maps(batch, [tap])[tap])


def test_nothing_deeper_than_the_deepest_tap_is_computed():
    backbone, ran = random("squeezenet1_1"), []
    handles = [
        module.register_forward_hook(lambda *_, place=place: ran.append(place))
        for place, module in enumerate(backbone.network.features)
    ]
    try:
        backbone.maps(images(1, 3, 64, 64), ["fire2", "conv1"])
    finally:
        for handle in handles:
            handle.remove()
    assert ran == [0, 1, 2, 3]


@pytest.mark.parametrize("name", backbones.NAMES)
def test_every_tap_names_a_module_of_the_network_and_the_last_maps_are_a_tap(name):
    with torch.device("meta"):
        backbone = backbones.Backbone(name, torchvision.models.get_model(name), weights.RANDOM)
    assert backbone.last_maps in backbone.taps
    assert backbone.taps[-1] == "logits"


def test_a_gradient_flows_when_training_and_not_otherwise():
    backbone, batch = backbones.load("squeezenet1_1", "random"), images(1, 3, 64, 64)
    assert not backbone.maps(batch, ["fire2"])["fire2"].requires_grad
    backbone.train = True
    assert backbone.network.training
    backbone.maps(batch, ["fire2"])["fire2"].sum().backward()
    assert next(backbone.network.parameters()).grad is not None
    backbone.train = False
    assert not backbone.network.training


def test_memory_format_and_autocast_change_the_values_no_more_than_rounding_does():
    backbone, batch = backbones.load("squeezenet1_1", "random"), images(1, 3, 64, 64)
    plain = backbone.maps(batch, ["features"])["features"]
    backbone.network.to(memory_format=torch.channels_last)
    other = backbone.maps(batch.to(memory_format=torch.channels_last), ["features"])["features"]
    torch.testing.assert_close(other, plain)
    with torch.autocast("cpu", torch.bfloat16):
        coarse = backbone.maps(batch, ["features"])["features"]
    assert nn.functional.cosine_similarity(coarse.float().flatten(), plain.flatten(), dim=0) > 0.999


def test_preparing_removes_the_mean_and_standard_deviation_of_imagenet():
    image = np.zeros((2, 3, 3), np.uint8)
    image[0, 0] = (255, 0, 51)
    prepared = random("squeezenet1_1").prepare(image)
    assert prepared.shape == (3, 2, 3)
    expected = [(1 - 0.485) / 0.229, -0.456 / 0.224, (0.2 - 0.406) / 0.225]
    torch.testing.assert_close(prepared[:, 0, 0], torch.tensor(expected))


def test_a_batch_is_the_images_prepared_one_by_one_in_their_own_memory_layout():
    pictures = list(np.random.default_rng(0).integers(0, 256, (3, 5, 4, 3), dtype=np.uint8))
    network = random("squeezenet1_1")
    batch = network.prepare_batch(pictures)
    mean, std = (np.array(v) for v in (backbones.MEAN, backbones.STD))
    expected = ((np.stack(pictures) / 255 - mean) / std).transpose(0, 3, 1, 2)
    np.testing.assert_allclose(batch.numpy(), expected, rtol=1e-5, atol=1e-6)
    assert torch.equal(torch.stack([network.prepare(picture) for picture in pictures]), batch)
    assert batch.is_contiguous(memory_format=torch.channels_last)


@pytest.mark.parametrize(
    "image", [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 4), np.uint8), np.zeros((4, 4, 3), np.float32)]
)
def test_what_is_not_an_rgb_image_is_refused(image):
    with pytest.raises(UserError, match="expected RGB"):
        random("squeezenet1_1").prepare(image)


def through(backbone: backbones.Backbone, tap: str, x: torch.Tensor) -> None:
    """The layers up to a tap, without the check of the image's size."""
    with torch.no_grad():
        for _, step in backbone._steps[: backbone._place[tap] + 1]:
            x = step(x)


@pytest.mark.parametrize("name", SMALL)
def test_the_minimum_side_is_the_smallest_that_the_layers_take(name):
    backbone = random(name)
    for tap in backbone.taps:
        side = backbone.minimum_side(tap)
        assert min(backbone.maps(images(1, 3, side, side), [tap])[tap].shape) > 0
        if side > 1:
            with pytest.raises(RuntimeError, match=r"small|greater than"):
                through(backbone, tap, images(1, 3, side - 1, side - 1))


def test_an_image_of_one_pixel_is_refused_with_the_minimum_side():
    with pytest.raises(UserError, match=r"1 x 1 pixels: vgg16 needs at least 32 pixels on each side to reach pool5"):
        random("vgg16").maps(images(1, 3, 1, 1), ["pool5"])
    with pytest.raises(UserError, match=r"200 x 16 pixels"):
        random("vgg16").maps(images(1, 3, 200, 16), ["pool5"])


def test_an_unknown_backbone_or_tap_is_refused_with_the_names_there_are():
    with pytest.raises(UserError, match="alexnet, vgg16, resnet50, resnet101, resnet152, squeezenet1_1, mobilenet_v2"):
        backbones.load("vgg19")
    with pytest.raises(UserError, match=r"conv6_1.*conv1_1, conv1_2, pool1.*fc6, fc7, logits"):
        random("vgg16").maps(images(1, 3, 32, 32), ["conv6_1"])


def test_random_weights_are_the_same_every_time_and_leave_the_global_generator_alone():
    before = torch.get_rng_state()
    first, second = (backbones.load("squeezenet1_1", "random").network.state_dict() for _ in range(2))
    assert torch.equal(torch.get_rng_state(), before)
    assert all(torch.equal(first[key], second[key]) for key in first)
