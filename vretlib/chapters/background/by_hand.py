"""Calculations small enough to follow with a pencil. The page sets each beside what the library says."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from vretlib.errors import UserError

POOLING = ("max", "sum", "mean")


def pool(values: ArrayLike, side: int = 2, how: str = "max") -> NDArray[np.float64]:
    """Pool a map (h, w) over squares of ``side`` that do not overlap (thesis Fig 2.3); h and w are multiples of it."""
    x = np.asarray(values, np.float64)
    if how not in POOLING:
        raise UserError(f"how={how!r}: choose one of {', '.join(POOLING)}")
    if x.ndim != 2 or x.shape[0] % side or x.shape[1] % side:
        raise UserError(f"a map of shape {x.shape}; expected two multiples of {side}")
    squares = x.reshape(x.shape[0] // side, side, x.shape[1] // side, side)
    pooled: NDArray[np.float64] = getattr(squares, how)(axis=(1, 3))
    return pooled


def one_response(network: nn.Module, image: Tensor, channel: int, row: int, column: int) -> pd.Series:
    """One number of the first convolution: by eq 2.1, term by term, and by the network.

    Parameters
    ----------
    network: anything that holds a convolution; the first one is taken.
    image: (3, h, w), prepared for the network.
    channel, row, column: which neuron of the layer, and where it stands.
    """
    layer = next(module for module in network.modules() if isinstance(module, nn.Conv2d))
    padding, stride, size = (_pair(v) for v in (layer.padding, layer.stride, layer.kernel_size))
    padded = nn.functional.pad(image, (padding[1], padding[1], padding[0], padding[0]))
    top, left = row * stride[0], column * stride[1]
    seen = padded[:, top : top + size[0], left : left + size[1]]
    bias = 0.0 if layer.bias is None else float(layer.bias[channel].detach())
    terms = (layer.weight[channel].detach() * seen).double()
    with torch.inference_mode():
        whole = layer(image[None])[0, channel, row, column]
    values = [terms.numel(), float(terms.sum()), bias, float(terms.sum()) + bias, float(whole)]
    return pd.Series(values, index=["weights", "Σ w·x", "b", "s by eq 2.1", "s by the network"])


def place_in(network: nn.Module, image: Tensor, row: int, column: int) -> tuple[int, int]:
    """Row and column of the first convolution's map, or the last ones where the map of this image is smaller."""
    layer = next(module for module in network.modules() if isinstance(module, nn.Conv2d))
    with torch.inference_mode():
        height, width = layer(image[None]).shape[-2:]
    return min(row, height - 1), min(column, width - 1)


def _pair(value: object) -> tuple[int, int]:
    assert isinstance(value, tuple)
    return int(value[0]), int(value[1])


class OasisStep(NamedTuple):
    """One update of eq 2.8: loss before it, step size τ, and the matrix after it."""

    loss: float
    step: float
    matrix: NDArray[np.float64]


def oasis_step(matrix: ArrayLike, x: ArrayLike, y: ArrayLike, z: ArrayLike, trade_off: float) -> OasisStep:
    """Eq 2.8 in closed form (Chechik et al., 2010): the nearest matrix that ranks y before z for x by a margin of 1.

    The loss is ``max(0, 1 - xᵀMy + xᵀMz)``, its gradient ``-x (y - z)ᵀ``, and ``τ = min(C, loss / ‖x (y - z)ᵀ‖²)``.
    """
    m, a, b, c = (np.asarray(v, np.float64) for v in (matrix, x, y, z))
    loss = max(0.0, 1.0 - float(a @ m @ b) + float(a @ m @ c))
    direction = np.outer(a, b - c)
    length = float((direction**2).sum())
    step = min(trade_off, loss / length) if length else 0.0
    return OasisStep(loss, step, m + step * direction)


def oasis_steps(x: ArrayLike, y: ArrayLike, z: ArrayLike, trade_offs: Sequence[float]) -> pd.DataFrame:
    """`oasis_step` from M = I in two dimensions, a row per trade-off C: τ, the loss before and after, the new M."""
    rows = {}
    for c in trade_offs:
        taken = oasis_step(np.eye(2), x, y, z, c)
        after = round(oasis_step(taken.matrix, x, y, z, c).loss, 12)  # what rounding leaves of a full correction
        rows[f"C = {c:g}"] = {
            "τ": taken.step,
            "loss|before": taken.loss,
            "loss|after": after,
            **{f"M|{i + 1}{j + 1}": taken.matrix[i, j] for i in range(2) for j in range(2)},
        }
    return pd.DataFrame.from_dict(rows, orient="index")
