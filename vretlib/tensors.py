"""Checks of the tensors that public functions are given, as `vretlib.arrays` for arrays.

Maps and vectors that are described or compared must be finite. Forward passes and losses are not checked for that,
because a check waits for the device: a NaN stays in its tensor and appears in the loss, at which a training stops.
"""

from typing import Any

import torch
from torch import Tensor

from vretlib.errors import UserError


def floats(x: Tensor, name: str, *shape: int | None) -> Tensor:
    """A dense tensor of floats with these sizes; None is any size.

    Raises
    ------
    UserError: it is not a dense tensor, not of floats of at least 16 bits, or has other sizes.
    """
    _dense(x, name)
    if not x.is_floating_point() or x.itemsize < 2:  # few of torch's functions take 8 bits
        raise UserError(f"{name} is {x.dtype}; expected floating-point numbers: convert it by .float()")
    return sized(x, name, *shape)


def sized(x: Tensor, name: str, *shape: int | None) -> Tensor:
    """A dense tensor of any type with these sizes; None is any size.

    Raises
    ------
    UserError: it is not a dense tensor of real numbers, or has other sizes.
    """
    _dense(x, name)
    fits = x.ndim == len(shape) and all(want in (None, size) for want, size in zip(shape, x.shape, strict=True))
    if not fits:
        expected = ", ".join("any" if size is None else str(size) for size in shape)
        raise UserError(f"{name} of shape {tuple(x.shape)}: expected ({expected})")
    return x


def finite(x: Tensor, name: str) -> Tensor:
    """A tensor of floats without NaN and infinity. Their sum decides; single numbers are read only if it overflows.

    Raises
    ------
    UserError: it has NaN or infinity.
    """
    numbers = x.detach()
    if not (numbers.sum(dtype=torch.promote_types(x.dtype, torch.float32)).isfinite() or numbers.isfinite().all()):
        raise UserError(f"{name} of shape {tuple(x.shape)}: NaN or infinity; expected finite numbers")
    return x


def maps(x: Tensor) -> Tensor:
    """Feature maps (n, channels, h, w) of finite floats, at least one cell each.

    Raises
    ------
    UserError: it is not a dense tensor of floats, has other dimensions, no channel or no cell, or NaN or infinity.
    """
    if isinstance(x, Tensor):
        _dense(x, "maps")
    if not isinstance(x, Tensor) or x.ndim != 4 or min(x.shape[1:]) < 1:
        shape = tuple(x.shape) if isinstance(x, Tensor) else type(x).__name__
        raise UserError(f"maps of shape {shape}: expected (n, channels, h, w), not empty; choose a layer with maps")
    return finite(floats(x, "maps", None, None, None, None), "maps")


def ids(x: Tensor, name: str, n: int | None, below: int) -> Tensor:
    """Whole numbers int64 (n,), each from 0 to below ``below``.

    Raises
    ------
    UserError: it is not a dense tensor int64 (n,), or a number is outside the range.
    """
    sized(x, name, n)
    if x.dtype != torch.int64:
        raise UserError(f"{name} is {x.dtype}; expected int64 ids")
    if x.numel() and not 0 <= int(x.min()) <= int(x.max()) < below:
        raise UserError(f"{name} runs from {int(x.min())} to {int(x.max())}; expected 0 to {below - 1}")
    return x


def generator(x: Any) -> torch.Generator:
    """The generator of random numbers itself; a `UserError` for anything else, such as a seed."""
    if not isinstance(x, torch.Generator):
        raise UserError(f"generator is {type(x).__name__}; expected one, such as torch.Generator().manual_seed(0)")
    return x


def _dense(x: Tensor, name: str) -> None:
    if not isinstance(x, Tensor):
        raise UserError(f"{name} is {type(x).__name__}; expected a tensor: torch.from_numpy makes one of an array")
    if x.is_meta:
        raise UserError(f"{name} is a tensor of shape {tuple(x.shape)} that holds no numbers (device meta)")
    if x.layout != torch.strided or x.is_complex() or x.is_nested or x.is_quantized:
        kind = "nested" if x.is_nested else x.layout
        raise UserError(f"{name} is {x.dtype}, {kind}; expected a dense tensor of real numbers")
