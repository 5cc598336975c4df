"""One vector of a feature map: MAC, SPoC, CroW and R-MAC (thesis §2.1.3).

All vectors have Euclidean norm 1, or are zero where the maps are zero. They are compared by inner product.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vretlib import arrays, tensors
from vretlib.errors import UserError
from vretlib.features.regions import region_maxima, rmac_grid
from vretlib.features.unit_vectors import l2

if TYPE_CHECKING:
    from vretlib.features.whitening import Whitening

RmacRule = Literal["tolias", "cirtorch"]
"""The vectors of the sum: only regions, as in Tolias' code and the thesis, or regions and MAC, as in Radenović's
cirtorch. On a square map cirtorch counts the whole map twice, because it is also the region of level 1.
"""


_ROWS = 1 << 15  # regions whitened together: 64 MiB at 512 dimensions


def mac(maps: Tensor) -> Tensor:
    """Maximum activations of convolutions (Tolias et al., 2016): each filter's largest response, l2-normalised.

    ``maps`` (n, d, h, w) gives float32 (n, d).

    Raises
    ------
    UserError: no floats (n, d, h, w), no filter or no cell in the maps, or NaN or infinity.
    """
    return l2(tensors.maps(maps).amax((2, 3)).float())


def spoc(maps: Tensor) -> Tensor:
    """Sum-pooled convolutions (Babenko and Lempitsky, 2015) without their centre prior, l2-normalised.

    ``maps`` (n, d, h, w) gives float32 (n, d).

    Raises
    ------
    UserError: no floats (n, d, h, w), no filter or no cell in the maps, or NaN or infinity.
    """
    return l2(tensors.maps(maps).sum((2, 3), dtype=torch.float32))


def crow(maps: Tensor) -> Tensor:
    """Sums weighted by place and by filter (CroW; Kalantidis et al., 2016, with a = b = 2 as there), l2-normalised.

    A place has the root of its share of the response: its sum over all filters, divided by the norm of these sums. A
    filter has the logarithm of 1 / its share of the places where filters respond, so that what responds everywhere
    counts less. A filter without response stays 0, as in the authors' code. ``maps`` (n, d, h, w), after ReLU, gives
    float32 (n, d).
    """
    x = tensors.maps(maps).float()
    places = x.sum(1).flatten(1)  # (n, h * w)
    places = l2(places).sqrt().unflatten(1, x.shape[2:])
    responds = (x > 0).float().mean((2, 3))  # (n, d)
    rare = torch.log(responds.sum(1, keepdim=True) / responds.clamp_min(1e-12))
    return l2((x * places[:, None]).sum((2, 3)) * torch.where(responds > 0, rare, 0))


def rmac(maps: Tensor, whitening: Whitening | None = None, *, levels: int = 3, rule: RmacRule = "tolias") -> Tensor:
    """Regional maximum activations of convolutions (Tolias et al., 2016; thesis §2.1.3).

    The steps are: maximum in each region of `vretlib.features.regions.rmac_grid`, l2, whitening, l2, sum, l2;
    without a whitening: maximum, l2, sum, l2.

    A region without any response is a zero vector. Without a whitening it adds nothing. A whitening maps it to minus
    the whitened mean, and it counts like any other region, as in Tolias' code.

    Parameters
    ----------
    maps: (n, d, h, w), after ReLU.
    whitening: learned on l2-normalised region vectors of *other* images.
    levels: sizes of regions.
    rule: see `RmacRule`. Both use Tolias' regions; cirtorch's own single precision places them differently on
        26 of the 2,025 sizes up to 45 × 45, and it adds 1e-6 to each norm, which is not done here.

    Returns
    -------
    float32 (n, d).
    """
    check_rule(rule)
    _check_whitening(whitening)
    tensors.maps(maps)
    vectors = region_maxima(maps, rmac_grid(maps.shape[2], maps.shape[3], levels))
    if rule == "cirtorch":
        vectors = torch.cat([vectors, maps.amax((2, 3))[:, None]], 1)
    vectors = l2(vectors.float())
    return l2((vectors if whitening is None else whitening.apply(vectors)).sum(1))


def sum_regions(
    vectors: NDArray[np.float32],
    offsets: NDArray[np.int64],
    whitening: Whitening | None = None,
    *,
    more: NDArray[np.float32] | None = None,
) -> NDArray[np.float32]:
    """R-MAC of images from stored region vectors: whitening, l2, sum over each image's regions, l2.

    ``vectors`` are processed in blocks, so they may be a memory-mapped file of any size.

    Parameters
    ----------
    vectors: float32 (N, d), l2-normalised maxima of regions.
    offsets: int64 (n + 1,): image i has the rows ``offsets[i]:offsets[i + 1]``.
    more: float32 (n, d), one more vector per image that is whitened and added: with MAC, cirtorch's rule.

    Returns
    -------
    float32 (n, d). An image without regions gets a zero vector.

    Raises
    ------
    UserError: other shapes or types, NaN or infinity, or offsets that are not ascending from 0 to N.
    """
    _check_whitening(whitening)
    vectors = arrays.matrix(vectors, "region vectors", dtype=None)
    offsets = arrays.offsets(offsets, f"offsets of {len(vectors)} region vectors", len(vectors))
    if more is not None:
        more = arrays.matrix(
            more, "more", dtype=None, n=len(offsets) - 1, d=vectors.shape[1], like="the region vectors"
        )
    width = vectors.shape[1] if whitening is None else len(whitening.eigenvalues)
    sums = np.zeros((len(offsets) - 1, width), np.float32)
    for images in _blocks(offsets):
        rows = arrays.as_floats(vectors[offsets[images.start] : offsets[images.stop]], "region vectors")
        filled = np.flatnonzero(np.diff(offsets[images.start : images.stop + 1]))
        if len(filled):
            starts = offsets[images][filled] - offsets[images.start]
            sums[images][filled] = np.add.reduceat(_whitened(rows, whitening), starts, axis=0)
        if more is not None:
            sums[images] += _whitened(arrays.as_floats(more[images], "more"), whitening)
    return l2(sums)


def _blocks(offsets: NDArray[np.int64]) -> list[slice]:
    """Slices of whole images with about `_ROWS` regions each."""
    targets = np.arange(0, offsets[-1], _ROWS)
    cuts = np.unique(np.concatenate([[0], np.searchsorted(offsets, targets), [len(offsets) - 1]]))
    return [slice(a, b) for a, b in pairwise(cuts)]


def _whitened(x: NDArray[np.float32], whitening: Whitening | None) -> NDArray[np.float32]:
    return x if whitening is None else whitening.apply(x)


def _check_whitening(whitening: Any) -> None:
    if whitening is not None and not hasattr(whitening, "eigenvalues"):
        raise UserError(f"whitening is {type(whitening).__name__}; expected one, as learn_whitening gives it")


def check_rule(rule: str) -> None:
    """Raise a `UserError` unless it is one of `RmacRule`."""
    arrays.choice(rule, "rule", get_args(RmacRule))
