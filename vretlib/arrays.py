"""Checks of the arrays and numbers that public functions are given.

Each function returns an array that kernels may rely on (dtype, shape, contiguous memory, finite numbers, ids within
their range) or raises a `UserError` with the argument's name, what was found and what is expected. Whole numbers and
booleans become floats if floats are expected. Text, objects, complex numbers, dates, sparse matrices and arrays with
masked entries are never accepted as numbers.
"""

import math
import operator
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from vretlib.errors import UserError

_NORMS = 1e-15, 1e15  # outside, float32 squares lose digits or overflow
_INT64, _FLOAT32 = 2**63 - 1, float(np.finfo(np.float32).max)
_AT_ONCE = 1 << 20  # numbers looked at together: they stay in the cache


def array(x: ArrayLike, name: str) -> NDArray:
    """``x`` as an array of any dtype and shape; a `UserError` if numpy cannot read it or entries are masked."""
    try:
        if isinstance(x, np.ma.MaskedArray) and np.ma.is_masked(x):
            raise UserError(f"{name} has masked entries; expected a number in every place: fill or drop them")
        return np.asarray(x)
    except (TypeError, ValueError, RuntimeError) as error:  # ragged lists; tensors that numpy cannot share
        reason = str(error).splitlines()[0][:120]
        raise UserError(f"{name} cannot be read as an array ({reason}); expected rows of numbers") from None


def like(given: Any, result: NDArray) -> Any:
    """``result`` as a tensor where ``given`` is a torch tensor, otherwise the array itself.

    Torch is not imported for this, because a caller with a tensor has imported it already.
    """
    torch = sys.modules.get("torch")
    return torch.from_numpy(result) if torch is not None and isinstance(given, torch.Tensor) else result


def matrix(
    x: ArrayLike, name: str, *, dtype: DTypeLike | None = np.float32, n: int | None = None, d: int | None = None,
    like: str = "expected", at_least: int = 0, finite: bool = True,
) -> NDArray:  # fmt: skip
    """Vectors as a contiguous float array (n, d) with d ≥ 1; copied only if necessary.

    Parameters
    ----------
    dtype: None leaves the array and its numbers unchecked, for databases that are read block by block.
    n, d: the expected shape, where it is known.
    like: for messages, the thing that has d dimensions.
    at_least: minimum number of rows.
    finite: whether NaN, infinity and numbers beyond the dtype are errors.
    """
    given = array(x, name)
    if given.ndim != 2 or given.shape[1] == 0 or given.dtype.kind not in "fiub":
        raise UserError(f"{name} is {given.dtype} of shape {given.shape}; expected real vectors (n, {d or 'd'})")
    if d is not None and given.shape[1] != d:
        raise UserError(f"{name} has {given.shape[1]} dimensions, {like} {d}; describe both the same way")
    _rows(given, name, n, at_least)
    if dtype is None:
        return given
    return as_floats(given, name, dtype) if finite else _contiguous(given, dtype)


def vector(
    x: ArrayLike, name: str, *, dtype: DTypeLike = np.float64, n: int | None = None, at_least: int = 0
) -> NDArray:
    """Finite numbers as a contiguous float array (n,); a `UserError` for another shape or type, NaN or infinity."""
    given = array(x, name)
    if given.size == 0 and given.ndim == 1:
        given = given.astype(dtype)
    if given.ndim != 1 or given.dtype.kind not in "fiub":
        raise UserError(f"{name} is {given.dtype} of shape {given.shape}; expected real numbers ({n or 'n'},)")
    _rows(given, name, n, at_least)
    return as_floats(given, name, dtype)


def codes(
    x: ArrayLike, name: str, *, n_bytes: int | None = None, n: int | None = None, at_least: int = 0
) -> NDArray[np.uint8]:
    """Binary codes as a contiguous array (n, bytes), bytes ≥ 1; a `UserError` unless they are uint8 of that shape."""
    given = array(x, name)
    if given.ndim != 2 or given.dtype != np.uint8 or given.shape[1] == 0:
        raise UserError(
            f"{name}: expected binary codes as uint8 (n, bytes), got {given.dtype} {given.shape}; "
            "pack bits with np.packbits"
        )
    if n_bytes is not None and given.shape[1] != n_bytes:
        raise UserError(
            f"{name} has {given.shape[1]} bytes per code, the database {n_bytes}; describe both the same way"
        )
    _rows(given, name, n, at_least)
    return np.ascontiguousarray(given)


def ids(
    x: ArrayLike, name: str, *, n: int | None = None, below: int | None = None, minimum: int = 0
) -> NDArray[np.int64]:
    """Whole numbers as int64 (n,) from ``minimum`` to below ``below``; a `UserError` for others and other shapes."""
    given = array(x, name)
    if given.size == 0 and given.ndim == 1:
        given = given.astype(np.int64)
    if given.ndim != 1 or given.dtype.kind not in "iu":
        raise UserError(f"{name} is {given.dtype} of shape {given.shape}; expected whole numbers ({n or 'n'},)")
    _rows(given, name, n, 0)
    if given.size:
        low, high, maximum = int(given.min()), int(given.max()), (2**63 if below is None else below) - 1
        if low < minimum or high > maximum:
            expected = f"numbers from {minimum}" if below is None else f"{minimum} to {maximum}"
            raise UserError(f"{name} holds {low if low < minimum else high}; expected {expected}")
    return np.ascontiguousarray(given, np.int64)


def offsets(x: ArrayLike, name: str, total: int, *, groups: int = 0) -> NDArray[np.int64]:
    """Offsets int64 of ``groups`` or more groups of rows, ascending from 0 to ``total``; else a `UserError`."""
    edges = ids(x, name)
    if len(edges) < groups + 1 or edges[0] != 0 or edges[-1] != total or (np.diff(edges) < 0).any():
        more = f", and at least {groups} of them" if groups else ""
        raise UserError(f"{name}: expected where groups begin and end, ascending from 0 to {total}, the rows{more}")
    return edges


def ranges(x: ArrayLike, name: str, n: int | None = None) -> NDArray[np.int64]:
    """Half-open ranges as int64 (m, 2), not empty, not negative, within ``n`` if it is known; else a `UserError`."""
    given = array(x, name)
    if given.size == 0:
        return np.empty((0, 2), np.int64)
    if given.ndim != 2 or given.shape[1] != 2 or given.dtype.kind not in "iu":
        raise UserError(f"{name} is {given.dtype} of shape {given.shape}; expected whole numbers (n, 2)")
    maximum = 2**62 if n is None else n
    wrong = (given[:, 0] < 0) | (given[:, 0] >= given[:, 1]) | (given[:, 1] > maximum)
    if wrong.any():
        row = int(wrong.argmax())
        within = "0 <= start < stop" + ("" if n is None else f" <= {n}")
        raise UserError(f"{name}, row {row}: {given[row].tolist()}; expected {within}")
    return np.ascontiguousarray(given, np.int64)


def flags(x: ArrayLike, name: str, *, n: int | None = None) -> NDArray[np.bool_]:
    """Flags as bool (n,), also from numbers that are 0 or 1; a `UserError` for any other value, type or shape."""
    given = array(x, name)
    if given.size == 0 and given.ndim == 1:
        given = given.astype(np.bool_)
    if given.ndim != 1 or given.dtype.kind not in "fiub" or not ((given == 0) | (given == 1)).all():
        raise UserError(f"{name} is {given.dtype} of shape {given.shape}; expected True or False ({n or 'n'},)")
    _rows(given, name, n, 0)
    return given.astype(np.bool_)


def labels(x: ArrayLike, name: str = "labels", *, n: int | None = None) -> NDArray:
    """Classes (n,): whole numbers or text; a `UserError` for fractions, other types and other shapes."""
    given = array(x, name)
    if given.dtype == object and all(isinstance(label, str) for label in given.ravel()):
        given = given.astype(np.str_)
    whole = given.dtype.kind != "f" or bool((given == np.rint(given)).all() and np.isfinite(given).all())
    if given.ndim != 1 or given.dtype.kind not in "fiubUS" or not whole:
        raise UserError(f"{name} is {given.dtype} of shape {given.shape}; expected one class for each image")
    _rows(given, name, n, 0)
    return given


def whole(value: Any, name: str, minimum: int, maximum: int | None = None, what: str = "") -> int:
    """A whole number from ``minimum`` to ``maximum``, else a `UserError`; ``what`` explains it in messages."""
    try:
        if isinstance(value, bool | np.bool_):
            raise TypeError
        number_ = operator.index(value)
    except (TypeError, RuntimeError):  # a tensor without numbers
        number_ = None
    if number_ is None or not minimum <= number_ <= (_INT64 if maximum is None else maximum):
        limits = f"at least {minimum}" if maximum is None else f"{minimum} to {maximum}"
        raise UserError(f"{name}={value!r}: expected {limits}, a whole number{what and ': '}{what}")
    return number_


def wholes(minimum: int, **values: Any) -> None:
    """Check that several numbers, by name, are whole and at least ``minimum``."""
    for name, value in values.items():
        whole(value, name, minimum)


def number(
    value: Any, name: str, *, minimum: float = -math.inf, above: float = -math.inf, maximum: float = math.inf,
    infinite: bool = False, what: str = "",
) -> float:  # fmt: skip
    """A real number ≥ ``minimum``, > ``above`` and ≤ ``maximum``, finite unless ``infinite``; else a `UserError`."""
    try:
        if isinstance(value, bool | np.bool_ | str | bytes):
            raise TypeError
        found = float(value)
    except (TypeError, ValueError, OverflowError, RuntimeError):
        found = math.nan
    within = minimum <= found <= maximum and (found > above or above == -math.inf)
    if not within or (math.isinf(found) and not infinite):
        limits = [f"above {above:g}"] * (above > -math.inf) + [f"at least {minimum:g}"] * (minimum > -math.inf)
        limits += [f"at most {maximum:g}"] * (maximum < math.inf)
        expected = f"a number {' and '.join(limits)}" if limits else "a finite number"
        raise UserError(f"{name}={value!r}: expected {expected}{what and ': '}{what}")
    return found


def choice(value: Any, name: str, options: Iterable[str]) -> None:
    """Raise a `UserError` unless the value is one of the options."""
    options = tuple(options)
    if not isinstance(value, str) or value not in options:
        raise UserError(f"{name}={value!r}: expected one of {', '.join(options)}")


def entries(x: Any, name: str) -> Sequence[Any]:
    """A sequence (list, tuple, array), as of queries; a `UserError` for a single number or a text."""
    if isinstance(x, np.ndarray) and x.ndim:
        return list(x)
    listed = hasattr(x, "__len__") and hasattr(x, "__getitem__") and not isinstance(x, str | bytes | Mapping)
    if listed and getattr(x, "ndim", None) != 0:  # an array or tensor of one number has no length
        return x
    raise UserError(f"{name} is {type(x).__name__}; expected a list, such as one with an entry for each query")


def scores(x: ArrayLike, name: str, ndim: int | None) -> NDArray:
    """Real numbers of ``ndim`` dimensions (None: any), unchanged; infinity is accepted, NaN is a `UserError`."""
    given = array(x, name)
    if given.ndim != (given.ndim if ndim is None else ndim) or given.dtype.kind not in "fiub":
        raise UserError(f"{name}: {given.dtype} of shape {given.shape}; expected real numbers"
                        f"{'' if ndim is None else f' in {ndim} dimensions'}")  # fmt: skip
    if given.dtype.kind == "f" and np.isnan(given).any():
        place = tuple(int(i) for i in np.argwhere(np.isnan(given))[0])
        raise UserError(f"{name} has NaN at {place}; expected numbers without NaN")
    return given


def same_length(**arrays: Any) -> None:
    """Raise a `UserError` unless all arrays have the same number of rows; keywords are their names."""
    lengths = {name: len(x) for name, x in arrays.items()}
    if len(set(lengths.values())) > 1:
        found = ", ".join(f"{name} has {length}" for name, length in lengths.items())
        raise UserError(f"{found} rows; expected as many of each")


def as_floats(given: NDArray, name: str, dtype: DTypeLike = np.float32) -> NDArray:
    """An array of real numbers as contiguous floats, finite and within float32, so that float64 holds their squares.

    A `UserError` names the first row with another number.
    """
    floats = _contiguous(given, dtype)
    if not all_finite(floats) or (floats.itemsize > 4 and floats.size and np.abs(floats).max() > _FLOAT32):
        floats = _contiguous(floats, np.float32)
        row = int(np.flatnonzero(~np.isfinite(floats.reshape(len(floats), -1)).all(axis=1))[0])
        if np.isfinite(given[row]).all():
            raise UserError(f"{name}, row {row}: beyond float32; expected smaller numbers: scale all of them")
        raise UserError(f"{name}, row {row}: NaN or infinity; expected finite numbers: compute that row again")
    return floats


def all_finite(floats: NDArray) -> bool:
    """Whether no number is NaN or infinite: sums of blocks decide, single numbers are read only if a sum overflows."""
    flat = floats.reshape(-1)
    with np.errstate(over="ignore", invalid="ignore"):
        for start in range(0, flat.size, _AT_ONCE):
            block = flat[start : start + _AT_ONCE]
            if not (np.isfinite(block.sum()) or np.isfinite(block).all()):
                return False
    return True


def unit(vectors: NDArray) -> NDArray:
    """The vectors along the last axis divided by their Euclidean norms; a zero vector stays zero.

    If the dtype cannot hold the square of a norm, the vector is first divided by its largest number.
    """
    if vectors.dtype.itemsize < 4:
        return unit(vectors.astype(np.float32)).astype(vectors.dtype)
    with np.errstate(over="ignore", under="ignore"):
        norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    doubtful = ~((norms > _NORMS[0]) & (norms < _NORMS[1]))[..., 0]
    if doubtful.any():
        rows = vectors[doubtful]
        largest = np.abs(rows).max(axis=-1, keepdims=True, initial=0)
        vectors, norms = vectors.copy(), norms.copy()
        vectors[doubtful] = rows / np.where(largest > 0, largest, 1)
        norms[doubtful] = np.linalg.norm(vectors[doubtful], axis=-1, keepdims=True)
    return vectors / np.where(norms > 0, norms, 1)


def _contiguous(given: NDArray, dtype: DTypeLike) -> NDArray:
    with np.errstate(over="ignore", invalid="ignore"):  # what overflows becomes infinity, and is reported as that
        return np.ascontiguousarray(given, dtype)


def _rows(given: NDArray, name: str, n: int | None, at_least: int) -> None:
    if n is not None and len(given) != n:
        raise UserError(f"{name} has {len(given)} rows; expected one for each of {n}")
    if len(given) < at_least:
        raise UserError(f"{name} is empty or too short: {len(given)} rows; expected at least {at_least}")
