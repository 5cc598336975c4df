"""The two poolings of paper 002, by hand and against a loop over the printed formula."""

import numpy as np
import pytest
import torch

from vretlib.errors import UserError
from vretlib.features.channel_index import channel_index, mean_descriptor


def test_each_channel_becomes_its_mean():
    maps = torch.tensor([[[[1.0, 2.0], [3.0, 6.0]], [[0.0, 0.0], [0.0, 4.0]]]])
    assert mean_descriptor(maps).tolist() == [[3.0, 1.0]]


def test_vgg16_maps_have_a_descriptor_of_512_and_an_index_of_64():
    maps = torch.rand(2, 512, 7, 7, generator=torch.Generator().manual_seed(0))
    descriptors = mean_descriptor(maps).numpy()
    index = channel_index(descriptors)
    assert (descriptors.shape, index.shape, index.dtype) == ((2, 512), (2, 64), np.float32)
    expected = [
        [np.mean([maps[i, c].mean().item() for c in range(8 * j, 8 * j + 8)]) for j in range(64)] for i in (0, 1)
    ]
    assert np.allclose(index, expected, atol=1e-6)


def test_a_black_frame_has_zeros():
    descriptor = mean_descriptor(torch.zeros(1, 16, 7, 7)).numpy()
    assert not descriptor.any()
    assert not channel_index(descriptor).any()


def test_half_precision_is_summed_in_single():
    maps = torch.full((1, 8, 200, 200), 0.1, dtype=torch.bfloat16)
    assert torch.allclose(mean_descriptor(maps), maps[0, 0, 0, 0].float())


def test_channels_that_are_no_multiple_of_the_width_are_refused():
    with pytest.raises(UserError, match="multiple"):
        channel_index(np.zeros((2, 12)))
    with pytest.raises(UserError, match="maps"):
        mean_descriptor(torch.zeros(2, 8))
