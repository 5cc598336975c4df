"""Attributes as classes that a classifier can learn (AMD, thesis §7.3.2).

A value that occurs fewer than ten times in the training set belongs to the class `UNKNOWN`, as in the vocabularies that
the thesis' author published later: 11 types, 25 schools, 18 time frames and 350 authors of SemArt, each with UNK.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vretlib.datasets.paintings.collection import Painting

UNKNOWN = "UNK"
AT_LEAST = 10
"""Training paintings that a class must have."""


@dataclass(frozen=True)
class Classes:
    """The classes of one attribute, the most frequent first and `UNKNOWN` last."""

    attribute: str
    names: tuple[str, ...]

    @classmethod
    def of(cls, train: Sequence[Painting], attribute: str, at_least: int = AT_LEAST) -> Classes:
        """The classes of the training paintings; equally frequent ones are in the order of their names."""
        found = Counter(painting.attributes.get(attribute, UNKNOWN) for painting in train)
        kept = sorted((-n, name) for name, n in found.items() if n >= at_least and name != UNKNOWN)
        return cls(attribute, (*(name for _, name in kept), UNKNOWN))

    @cached_property
    def index(self) -> Mapping[str, int]:
        """Class -> its number."""
        return {name: number for number, name in enumerate(self.names)}

    def labels(self, paintings: Sequence[Painting]) -> NDArray[np.int64]:
        """The number of each painting's class, int64 (n,)."""
        unknown = len(self.names) - 1
        found = [self.index.get(painting.attributes.get(self.attribute, UNKNOWN), unknown) for painting in paintings]
        return np.array(found, np.int64)
