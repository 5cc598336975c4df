"""3 × 3 convolutions by Winograd's minimal filtering F(4 × 4, 3 × 3): a quarter of the multiplications.

A tile of 4 × 4 results needs 6 × 6 inputs. Both are polynomials' coefficients, so the tile can be had from products of
values at six points in each direction, 36 instead of 144 for each pair of channels [Lavin and Gray, Fast Algorithms
for Convolutional Neural Networks, CVPR 2016, section 4.2]. The points 0, ±1, ±2 and ∞ keep float32's rounding near
that of the convolution itself: some 1e-5 of the largest result.

Products are matrix products of torch, one for each of the 36 values; the ways there and back are loops over channels.
These are compiled to round as they are written: with fused multiplications code that numba has just compiled rounds
otherwise than the same code from its cache, and is no faster.
"""

from __future__ import annotations

import numba
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from vretlib.parallel import parallel_map

F32 = NDArray[np.float32]

FEWEST = 64
"""Channels on either side from which on this is worth its ways there and back."""

_SHARES = 4  # of the work for each thread: cores are not equally quick

_FILTER = torch.tensor(
    [[1 / 4, 0, 0], [-1 / 6, -1 / 6, -1 / 6], [-1 / 6, 1 / 6, -1 / 6],
     [1 / 24, 1 / 12, 1 / 6], [1 / 24, -1 / 12, 1 / 6], [0, 0, 1]], dtype=torch.float64, device="cpu",
)  # fmt: skip
"""Values of a filter's polynomial at the six points: the paper's G."""


class WinogradConv2d(nn.Conv2d):
    """A convolution that takes the short way where there is one, and torch's everywhere else.

    The short way is for inference in float32 on a CPU. Parameters and their names are those of `torch.nn.Conv2d`.
    """

    _values: tuple[tuple[int, int], Tensor] | None = None

    def forward(self, x: Tensor) -> Tensor:
        """Maps (n, channels, h, w) to (n, out_channels, h, w), channels last if the short way was taken."""
        otherwise = torch.is_grad_enabled() or torch.is_autocast_enabled("cpu")
        if otherwise or x.device.type != "cpu" or x.dtype != torch.float32:
            return super().forward(x)
        return convolution(x, self._filters(), self.bias)

    def _filters(self) -> Tensor:
        """`transformed` filters, until the weight changes."""
        version = self.weight.data_ptr(), self.weight._version
        if self._values is None or self._values[0] != version:
            self._values = version, transformed(self.weight)
        return self._values[1]


def quicken(network: nn.Module) -> None:
    """Let every convolution of a network for which it is worth it take the short way, in place.

    These are the 3 × 3 convolutions of stride 1 with a border of zeros and `FEWEST` channels or more on both sides.
    """
    for module in network.modules():
        if type(module) is nn.Conv2d and _suits(module):
            module.__class__ = WinogradConv2d


def _suits(layer: nn.Conv2d) -> bool:
    plain = (layer.kernel_size, layer.stride, layer.padding, layer.dilation) == ((3, 3), (1, 1), (1, 1), (1, 1))
    wide = min(layer.in_channels, layer.out_channels) >= FEWEST
    return plain and wide and layer.groups == 1 and layer.padding_mode == "zeros"


def transformed(weight: Tensor) -> Tensor:
    """The 36 values of filters (out, in, 3, 3), as `convolution` takes them: float32 (36, in, out)."""
    values = torch.einsum("ai,oqij,bj->abqo", _FILTER, weight.detach().double(), _FILTER)
    return values.reshape(36, weight.shape[1], weight.shape[0]).float().contiguous()


def convolution(x: Tensor, filters: Tensor, bias: Tensor | None) -> Tensor:
    """A 3 × 3 convolution of stride 1 with a border of zeros.

    Parameters
    ----------
    x: float32 (n, channels, h, w), on the CPU; channels last is quickest.
    filters: of `transformed`. bias: (out,), or None.

    Returns
    -------
    float32 (n, out, h, w), channels last, without gradients. NaN and infinity spread to the tiles that see them.
    """
    n, channels, height, width = x.shape
    out = filters.shape[2]
    seen = x.detach().permute(0, 2, 3, 1).contiguous().numpy()
    made = np.empty((n, height, width, out), np.float32)
    added = np.zeros(out, np.float32) if bias is None else bias.detach().numpy()
    n_tiles = n * -(-height // 4) * -(-width // 4)
    at_once = max(64, min(256, 2**15 // max(channels, out)))  # so that their values stay in a core's cache
    share = at_once * -(-n_tiles // (at_once * _SHARES * torch.get_num_threads()))

    def work(start: int) -> None:
        values, products = torch.empty(at_once, 36, channels), torch.empty(at_once, 36, out)
        for first in range(start, min(start + share, n_tiles), at_once):
            some = min(at_once, n_tiles - first)
            _to_values(seen, first, values[:some].view(some, 6, 6 * channels).numpy())
            torch.bmm(values[:some].transpose(0, 1), filters, out=products[:some].transpose(0, 1))
            _to_maps(products[:some].view(some, 6, 6 * out).numpy(), first, added, made)

    for _ in parallel_map(work, range(0, n_tiles, share), x.device, threads_each=1):
        pass
    return torch.from_numpy(made).permute(0, 3, 1, 2)


@numba.njit(nogil=True, cache=True)
def _to_values(maps, first, values):  # type: ignore[no-untyped-def]
    """Six by six values of tile ``first + t`` of maps (n, h, w, channels) into ``values[t]``, (6, 6 channels)."""
    _, height, width, channels = maps.shape
    down, across = (height + 3) // 4, (width + 3) // 4
    window, half = np.empty((6, 6, channels), np.float32), np.empty((6, 6, channels), np.float32)
    for t in range(len(values)):
        image, place = divmod(first + t, down * across)
        _look(maps[image], 4 * (place // across) - 1, 4 * (place % across) - 1, window)
        for i in range(6):
            _six_points(window[i], half[i])
        _six_points(half.reshape(6, 6 * channels), values[t])


@numba.njit(nogil=True)
def _look(picture, top, left, window):  # type: ignore[no-untyped-def]
    """Copy the window, (6, 6, channels), whose corner is at (top, left); zeros where it reaches over the border."""
    height, width, channels = picture.shape
    for i in range(6):
        for j in range(6):
            y, x = top + i, left + j
            if 0 <= y < height and 0 <= x < width:
                for c in range(channels):
                    window[i, j, c] = picture[y, x, c]
            else:
                for c in range(channels):
                    window[i, j, c] = 0


@numba.njit(nogil=True)
def _six_points(a, b):  # type: ignore[no-untyped-def]
    """The transposed Lagrange basis of the points 0, 1, -1, 2, -2, ∞: the paper's Bᵀ, from (6, m) to (6, m)."""
    two, four, five = np.float32(2), np.float32(4), np.float32(5)
    for c in range(a.shape[1]):
        even, odd = a[4, c] - four * a[2, c], a[3, c] - four * a[1, c]
        wide_even, wide_odd = a[4, c] - a[2, c], two * (a[3, c] - a[1, c])
        b[0, c] = four * a[0, c] - five * a[2, c] + a[4, c]
        b[1, c] = even + odd
        b[2, c] = even - odd
        b[3, c] = wide_even + wide_odd
        b[4, c] = wide_even - wide_odd
        b[5, c] = four * a[1, c] - five * a[3, c] + a[5, c]


@numba.njit(nogil=True, cache=True)
def _to_maps(products, first, bias, maps):  # type: ignore[no-untyped-def]
    """Tile ``first + t`` of maps (n, h, w, out) from its products (6, 6 out), the bias added."""
    _, height, width, out = maps.shape
    down, across = (height + 3) // 4, (width + 3) // 4
    half, row = np.empty((4, 6, out), np.float32), np.empty((4, out), np.float32)
    for t in range(len(products)):
        image, place = divmod(first + t, down * across)
        top, left = 4 * (place // across), 4 * (place % across)
        _four_results(products[t], half.reshape(4, 6 * out))
        for i in range(min(4, height - top)):
            _four_results(half[i], row)
            for j in range(min(4, width - left)):
                for c in range(out):
                    maps[image, top + i, left + j, c] = row[j, c] + bias[c]


@numba.njit(nogil=True)
def _four_results(a, b):  # type: ignore[no-untyped-def]
    """Four results from values at six points: the paper's Aᵀ, from (6, m) to (4, m)."""
    two, four, eight = np.float32(2), np.float32(4), np.float32(8)
    for c in range(a.shape[1]):
        even, odd = a[1, c] + a[2, c], a[1, c] - a[2, c]
        wide_even, wide_odd = a[3, c] + a[4, c], a[3, c] - a[4, c]
        b[0, c] = a[0, c] + even + wide_even
        b[1, c] = odd + two * wide_odd
        b[2, c] = even + four * wide_even
        b[3, c] = odd + eight * wide_odd + a[5, c]
