"""Vectors brought to length 1, as numpy arrays or as tensors."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vretlib import arrays, tensors
from vretlib.errors import UserError

TensorOrArray = TypeVar("TensorOrArray", Tensor, NDArray[Any])


def l2(x: TensorOrArray) -> TensorOrArray:
    """Each vector along the last axis divided by its Euclidean norm; a zero vector stays zero.

    Raises
    ------
    UserError: no real vectors, NaN or infinity.
    """
    if isinstance(x, Tensor):
        numbers = tensors.finite(tensors.floats(x, "x", *[None] * max(x.ndim, 1)), "x")
        return torch.nn.functional.normalize(numbers, dim=-1)
    given = arrays.array(x, "x")
    if given.dtype.kind not in "fiub" or not given.ndim:
        raise UserError(f"x is {given.dtype} of shape {given.shape}; expected real vectors (..., d)")
    floats = given if given.dtype.kind == "f" else given.astype(np.float32)
    if not arrays.all_finite(floats):
        raise UserError(f"x of shape {given.shape}: NaN or infinity; expected finite numbers")
    return arrays.unit(floats)
