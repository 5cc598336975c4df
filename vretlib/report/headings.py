"""Printed keys (the headings of a row or a column, joined by ``|``), and look-ups by these keys."""

import math
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from vretlib.errors import UserError
from vretlib.report.measured import Measured

T = TypeVar("T")
Value = float | str | None


def flat(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with flat printed keys: levels joined by ``|`` without empty ones. The cells stay unchanged.

    Raises
    ------
    UserError: two rows or two columns have the same key.
    """
    result = frame.copy()
    for axis in ("index", "columns"):
        keys = [_key(label) for label in getattr(frame, axis)]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise UserError(
                f"table with {axis} {', '.join(twice)} more than once: give every row and column its own name"
            )
        setattr(result, axis, pd.Index(keys, dtype=object))
    return result


def cells_of(frame: pd.DataFrame, title: str) -> pd.DataFrame:
    """The frame with flat keys and cells of type float, str or None (empty); other types are a UserError."""
    result = flat(frame)
    columns = {
        column: [_value(cell, f"{title}, {row}, {column}") for row, cell in result[column].items()] for column in result
    }
    return pd.DataFrame(columns, index=result.index, columns=result.columns, dtype=object)


def lookup(mapping: Mapping[str, T], key: str) -> T | None:
    """The value of a key or, if missing, of its outer headings: ``"R@1"`` also applies to ``"R@1|B=10"``."""
    while key not in mapping and "|" in key:
        key = key.rpartition("|")[0]
    return mapping.get(key)


def covers(name: str, keys: Iterable[str]) -> bool:
    """Whether a name applies to any of the keys, as in `lookup`."""
    return any(key == name or key.startswith(f"{name}|") for key in keys)


def _key(label: object) -> str:
    return "|".join(str(part) for part in label if part != "") if isinstance(label, tuple) else str(label)


def _value(value: Any, where: str) -> Value:
    if value is None or value is pd.NA or value == "":
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, Measured):
        return value
    if isinstance(value, int | float | np.number | np.bool_):
        number = float(value)
        if math.isinf(number):
            raise UserError(f"{where}: {value} is not a number that a table can show; leave the cell empty and say why")
        return None if math.isnan(number) else number
    raise UserError(f"{where}: {value!r} is neither a number nor a text")
