"""Printed keys: the headings of a row or a column joined by ``|``, and what goes by them."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

import pandas as pd

from vretlib.errors import UserError

T = TypeVar("T")


def flat(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame under flat printed keys: levels joined by ``|``, empty levels left out. The cells are not touched."""
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


def lookup(mapping: Mapping[str, T], key: str) -> T | None:
    """What a mapping holds for a key or, failing that, for its outer headings: ``"R@1"`` stands for ``"R@1|B=10"``."""
    while key not in mapping and "|" in key:
        key = key.rpartition("|")[0]
    return mapping.get(key)


def covers(name: str, keys: Iterable[str]) -> bool:
    """Whether a name, as :func:`lookup` reads it, stands for any of the keys."""
    return any(key == name or key.startswith(f"{name}|") for key in keys)


def _key(label: object) -> str:
    return "|".join(str(part) for part in label if part != "") if isinstance(label, tuple) else str(label)
