"""Vectors brought to length 1, as numpy arrays or as tensors."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vretlib import arrays, tensors
from vretlib.errors import UserError

_NORMS = 1e-11, 1e15  # outside, torch takes its smallest norm instead, or float32 squares overflow

TensorOrArray = TypeVar("TensorOrArray", Tensor, NDArray[Any])


def l2(x: TensorOrArray) -> TensorOrArray:
    """Each vector along the last axis divided by its Euclidean norm; a zero vector stays zero.

    Raises
    ------
    UserError: no real vectors, NaN or infinity.
    """
    if isinstance(x, Tensor):
        return _unit(tensors.finite(tensors.floats(x, "x", *[None] * max(x.ndim, 1)), "x"))
    given = arrays.array(x, "x")
    if given.dtype.kind not in "fiub" or not given.ndim:
        raise UserError(f"x is {given.dtype} of shape {given.shape}; expected real vectors (..., d)")
    floats = given if given.dtype.kind == "f" else given.astype(np.float32)
    if not arrays.all_finite(floats):
        raise UserError(f"x of shape {given.shape}: NaN or infinity; expected finite numbers")
    return arrays.unit(floats)


def _unit(x: Tensor) -> Tensor:
    """As `vretlib.arrays.unit`, with gradients."""
    if x.itemsize < 4:  # norms of 16 bits overflow, or are nothing
        return _unit(x.float()).to(x.dtype)
    norms = torch.linalg.vector_norm(x.detach(), dim=-1, keepdim=True)
    doubtful = ~((norms > _NORMS[0]) & (norms < _NORMS[1]))
    if x.shape[-1] and doubtful.any():
        largest = x.detach().abs().amax(-1, keepdim=True)
        x = x / torch.where(doubtful & (largest > 0), largest, 1)
    return torch.nn.functional.normalize(x, dim=-1)
