"""The numbers of Table 7.2 and of Figure 7.4, from whichever collection is loaded (thesis §7.2.2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vretlib.datasets.paintings.collection import Painting

FIELDS = ("Author", "Title", "Technique", "Date", "Type", "School", "TimeFrame")
"""The rows of Table 7.2."""


@dataclass(frozen=True)
class Field:
    """A row of Table 7.2: number of different values, of paintings that have one, and the most common value.

    The first in the alphabet is given where several values are equally common; it is empty if no painting has one.
    """

    values: int
    samples: int
    most_common: str


def field(paintings: Iterable[Painting], name: str) -> Field:
    """The row of Table 7.2 for one of `FIELDS`, or for any other attribute."""
    found = Counter(_values(paintings, name))
    common = min(found, key=lambda value: (-found[value], value), default="")
    return Field(len(found), found.total(), common)


def distribution(paintings: Iterable[Painting], name: str) -> dict[str, int]:
    """Value -> number of paintings, the most common first, then by name: a panel of Figure 7.4."""
    found = Counter(_values(paintings, name))
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def share_of_repeated_titles(paintings: Sequence[Painting]) -> float:
    """Share of the paintings with a title whose title another one has too (38.8 % in SemArt); NaN without titles."""
    found = Counter(_values(paintings, "Title"))
    return sum(n for n in found.values() if n > 1) / found.total() if found else float("nan")


def comment_lengths(paintings: Iterable[Painting]) -> NDArray[np.int64]:
    """Words of each comment between spaces, int64 (n,); almost 70 % of SemArt's have 100 or fewer."""
    return np.array([len(painting.comment.split()) for painting in paintings], np.int64)


def _values(paintings: Iterable[Painting], name: str) -> list[str]:
    found = (painting.title if name == "Title" else painting.attributes.get(name, "") for painting in paintings)
    return [value for value in found if value]
