"""The descriptor and the index of paper 002: the last maps, pooled twice (section 3.3, Figure 3).

    maps k × h × w  →  mean over h × w  →  descriptor, k  →  mean of 8 consecutive channels  →  index, k / 8

VGG16 at 224 × 224 pixels gives 512 × 7 × 7 maps, a descriptor of 512 numbers and an index of 64. The printed equation
(1) has lost its sum; it is the mean over the s × t window. The paper compares both vectors by Euclidean distance and
mentions no normalisation, so neither is normalised, and a brighter picture has a longer vector.
"""

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from vretlib import arrays, tensors
from vretlib.errors import UserError

WIDTH = 8
"""Channels that are averaged for the index."""


def mean_descriptor(maps: Tensor) -> Tensor:
    """Mean over all places of each channel, eq (1): (n, k, h, w) gives float32 (n, k)."""
    return tensors.maps(maps).mean((2, 3), dtype=torch.float32)


def channel_index(descriptors: ArrayLike, width: int = WIDTH) -> NDArray[np.float32]:
    """Mean of each ``width`` consecutive channels: (n, k) gives float32 (n, k / width).

    Raises
    ------
    UserError: the width is not a divisor of k, or the descriptors have another shape, NaN or infinity.

    Examples
    --------
    >>> channel_index([[1.0, 3.0, 0.0, 8.0]], width=2).tolist()
    [[2.0, 4.0]]
    """
    x = arrays.matrix(descriptors, "descriptors")
    if x.shape[1] % arrays.whole(width, "width", 1):
        raise UserError(
            f"descriptors of shape {x.shape}, width={width}: expected (n, k) with k a multiple of the width; "
            "choose a width that divides the number of channels"
        )
    return x.reshape(len(x), x.shape[1] // width, width).mean(axis=2)
