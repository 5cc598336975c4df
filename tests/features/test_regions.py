"""R-MAC's regions against an independent reading of Tolias' MATLAB code, and their maxima against plain slices."""

from fractions import Fraction
from math import floor

import numpy as np
import pytest
import torch

from vretlib.errors import UserError
from vretlib.features.regions import region_maxima, rmac_grid

TIES = {(3, 11): 6, (5, 9): 3, (6, 22): 6, (10, 18): 3, (12, 44): 6, (15, 27): 3, (20, 36): 3, (25, 45): 3}
"""Shapes where two numbers of squares are equally good in exact arithmetic, and MATLAB's doubles prefer the second."""


def exactly(height: int, width: int) -> list[tuple[int, int, int, int]]:
    """The MATLAB code line by line, in rational numbers; ties by `TIES`, else the first."""
    w = min(height, width)
    steps = range(2, 8)
    shifts = [Fraction(max(height, width) - w, step - 1) for step in steps]
    misses = [abs((w * w - w * b) / Fraction(w * w) - Fraction(2, 5)) for b in shifts]
    cells = TIES.get((min(height, width), max(height, width)), 2 + misses.index(min(misses)))
    more_columns, more_rows = (cells - 1) * (width > height), (cells - 1) * (height > width)
    regions = []
    for level in (1, 2, 3):
        side = floor(Fraction(2 * w, level + 1))
        half = floor(Fraction(side, 2) - 1)
        starts = []
        for length, n in ((height, level + more_rows), (width, level + more_columns)):
            b = Fraction(length - side, n - 1) if n > 1 else Fraction(0)
            starts.append([floor(half + k * b) - half for k in range(n)])
        if side > 0:
            regions += [(y, x, y + side, x + side) for y in starts[0] for x in starts[1]]
    return regions


def test_every_shape_up_to_45_by_45_is_placed_as_in_the_matlab_code():
    for height in range(1, 46):
        for width in range(1, 46):
            got = rmac_grid(height, width)
            assert got.dtype == np.int64
            assert [tuple(row) for row in got.tolist()] == exactly(height, width), (height, width)


@pytest.mark.parametrize(
    ("shape", "n"),
    [((7, 7), 14), ((14, 14), 14), ((24, 32), 20), ((32, 24), 20), ((30, 40), 20), ((16, 32), 26)],
)
def test_number_of_regions(shape, n):
    assert rmac_grid(*shape).shape == (n, 4)


def test_starts_on_a_map_of_768_by_1024_pixels():
    grid = rmac_grid(24, 32)
    by_side = {side: grid[grid[:, 2] - grid[:, 0] == side] for side in (24, 16, 12)}
    assert [sorted(set(by_side[side][:, 1])) for side in (24, 16, 12)] == [[0, 8], [0, 8, 16], [0, 6, 13, 20]]
    assert [sorted(set(by_side[side][:, 0])) for side in (24, 16, 12)] == [[0], [0, 8], [0, 6, 12]]
    assert [len(by_side[side]) for side in (24, 16, 12)] == [2, 6, 12]


@pytest.mark.parametrize(("shape", "cells"), TIES.items())
def test_exact_ties_are_decided_as_doubles_do(shape, cells):
    assert len(rmac_grid(*shape, levels=1)) == len(rmac_grid(*shape[::-1], levels=1)) == cells


def test_order_is_levels_then_rows_then_columns():
    assert rmac_grid(4, 4, levels=2).tolist() == [[0, 0, 4, 4], [0, 0, 2, 2], [0, 2, 2, 4], [2, 0, 4, 2], [2, 2, 4, 4]]


def test_levels_without_cells_are_left_out():
    assert rmac_grid(1, 1).tolist() == [[0, 0, 1, 1]]
    assert {tuple(row[2:] - row[:2]) for row in rmac_grid(1, 9)} == {(1, 1)}


def test_a_map_without_cells_is_refused():
    with pytest.raises(UserError, match="0 × 5"):
        rmac_grid(0, 5)


@pytest.mark.parametrize("memory_format", [torch.contiguous_format, torch.channels_last])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize(("height", "width"), [(9, 12), (7, 7), (1, 3), (18, 10)])
def test_maxima_are_those_of_plain_slices(memory_format, dtype, height, width):
    maps = torch.randn(3, 5, height, width, generator=torch.Generator().manual_seed(0))
    maps = maps.to(dtype, memory_format=memory_format)
    grid = rmac_grid(height, width)
    got = region_maxima(maps, grid)
    assert got.dtype == dtype
    for i, (y0, x0, y1, x1) in enumerate(grid):
        assert torch.equal(got[:, i], maps[:, :, y0:y1, x0:x1].flatten(2).max(2).values)


def test_any_regions_will_do_in_any_order():
    maps = torch.arange(12.0).view(1, 1, 3, 4)
    assert region_maxima(maps, np.array([[1, 1, 3, 2], [0, 0, 1, 1], [1, 1, 3, 2]])).flatten().tolist() == [9, 0, 9]
    assert region_maxima(maps, np.zeros((0, 4), np.int64)).shape == (1, 0, 1)


@pytest.mark.parametrize("bad", [torch.nan, torch.inf, -torch.inf])
def test_maps_that_are_not_finite_are_refused(bad):
    maps = torch.zeros(1, 1, 4, 4)
    maps[0, 0, 0, 0] = bad
    with pytest.raises(UserError, match="NaN or infinity"):
        region_maxima(maps, rmac_grid(4, 4, levels=2))


def test_finite_maps_whose_sum_overflows_are_answered():
    maps = torch.full((1, 1, 4, 4), 3e38)
    assert region_maxima(maps, np.array([[0, 0, 2, 2]])).item() == maps[0, 0, 0, 0].item()


def test_gradient_goes_to_the_greatest_cell_of_each_region():
    maps = torch.tensor([[[[1.0, 5.0], [2.0, 3.0]]]], requires_grad=True)
    region_maxima(maps, np.array([[0, 0, 2, 2], [1, 0, 2, 2]])).sum().backward()
    assert maps.grad is not None
    assert maps.grad.flatten().tolist() == [0, 1, 0, 1]


@pytest.mark.parametrize("region", [[0, 0, 0, 2], [0, 2, 1, 2], [-1, 0, 1, 1], [0, 0, 4, 1], [0, 0, 1, 5]])
def test_a_region_that_is_empty_or_reaches_out_is_refused(region):
    with pytest.raises(UserError, match="inside"):
        region_maxima(torch.zeros(1, 2, 3, 4), np.array([[0, 0, 1, 1], region]))
