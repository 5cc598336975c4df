import numpy as np
import pytest
import torch
from torchvision.ops import roi_pool

from vretlib.errors import UserError
from vretlib.features import region_bins


@pytest.mark.parametrize(("height", "width", "d"), [(14, 19, 6), (1, 1, 3), (3, 40, 2)])
def test_bins_are_those_of_torchvision_bit_for_bit(height: int, width: int, d: int) -> None:
    generator = torch.Generator().manual_seed(0)
    maps = torch.randn(d, height, width, generator=generator)
    boxes = torch.rand(80, 4, generator=generator) * torch.tensor([width, height, width, height]) * 10
    boxes[:, 2:] += boxes[:, :2]  # some reach outside
    expected = roi_pool(maps[None], [boxes], 7, 1 / 16)
    found, maxima, sums = region_bins.pool(maps.permute(1, 2, 0).numpy(), boxes.numpy())
    np.testing.assert_array_equal(found, expected.permute(0, 2, 3, 1).numpy())
    np.testing.assert_array_equal(maxima, expected.amax((2, 3)).numpy())
    np.testing.assert_allclose(sums, expected.sum((2, 3)).numpy(), atol=1e-4)


def test_a_region_by_hand() -> None:
    # 64 to 127 pixels round to the cells 4 and 8 of 16: five cells for two bins, 4 to 6 and 6 to 8 inclusive.
    maps = np.arange(10, dtype=np.float32).reshape(1, 10, 1)
    found, maxima, sums = region_bins.pool(maps, np.array([[64, 0, 127, 3]], np.float32), bins=2)
    assert found[0, :, :, 0].tolist() == [[6, 8], [6, 8]]  # one row is in both rows of bins
    assert (maxima.item(), sums.item()) == (8, 28)


def test_no_regions_and_wrong_shapes() -> None:
    found, maxima, _ = region_bins.pool(np.zeros((2, 3, 4), np.float32), np.zeros((0, 4), np.float32))
    assert (found.shape, maxima.shape) == ((0, 7, 7, 4), (0, 4))
    with pytest.raises(UserError, match="expected"):
        region_bins.pool(np.zeros((3, 4), np.float32), np.zeros((0, 4), np.float32))
