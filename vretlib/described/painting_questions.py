"""Questions with ten paintings to choose from, as the thesis asked people (§7.4.3)."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays
from vretlib.datasets.paintings.collection import Painting
from vretlib.errors import NoExampleError
from vretlib.evaluation import cross_modal

TYPES = {"Land": "landscape", "Relig": "religious", "Myth": "mythological", "Genre": "genre", "Port": "portrait"}
"""Columns of Tables 7.6 and 7.7."""
POOL, QUESTIONS = 10, 100
"""Images to choose from, and texts of each level, in the thesis' human evaluation (§7.4.3)."""


@dataclass(frozen=True, eq=False)
class Questions:
    """Questions of one level: each pool has rows of the test set, the first of which is the text's own painting."""

    level: str
    pools: list[NDArray[np.int64]] = field(repr=False)
    types: list[str] = field(repr=False)

    def right(self, texts: ArrayLike, images: ArrayLike) -> dict[str, NDArray[np.float64]]:
        """An array (texts,) for each column of Table 7.6: 1 where a text finds its image, else 0; NaN: other types."""
        total = cross_modal.among(texts, images, self.pools)
        found = {column: np.where(np.array(self.types) == name, total, np.nan) for column, name in TYPES.items()}
        return {f"Text-to-Image|{column}": values for column, values in (found | {"Total": total}).items()}

    def choices(self, texts: ArrayLike, images: ArrayLike) -> NDArray[np.int64]:
        """The row of the test set that each text chooses from its pool, int64; a tie counts as wrong, as in `right`."""
        x, y = (arrays.unit(arrays.matrix(side, "vectors")) for side in (texts, images))
        others_first = [np.r_[pool[1:], pool[0]] for pool in self.pools]
        return np.array([pool[np.argmax(y[pool] @ x[pool[-1]])] for pool in others_first], np.int64)

    def shuffled(self, number: int) -> NDArray[np.int64]:
        """The pool of question ``number`` in a random order, which depends on ``number`` only."""
        return np.random.default_rng(number).permutation(self.pools[number])


def written(painting: Painting, longest: int = 560) -> tuple[str, str]:
    """The text of a question: the title, and attributes with the beginning of the comment (``longest`` characters)."""
    facts = [
        painting.attributes[name] for name in ("Author", "Type", "School", "TimeFrame") if name in painting.attributes
    ]
    known = f"({', '.join(facts)}) " if facts else ""
    return painting.title, textwrap.shorten(f"{known}{painting.comment}", longest, placeholder=" …")


def questions(test: Sequence[Painting], level: str, seed: int, n: int = QUESTIONS, size: int = POOL) -> Questions:
    """Questions as in §7.4.3: easy pools are drawn from all test paintings, difficult ones from those of one type.

    Raises
    ------
    NoExampleError: too few paintings for a pool.
    """
    rng = np.random.default_rng([seed, level == "difficult"])
    types = np.array([painting.attributes.get("Type", "").lower() for painting in test])
    alike = [np.flatnonzero(types == name) if level == "difficult" else np.arange(len(test)) for name in types]
    asked = [i for i in rng.permutation(len(test)) if len(alike[i]) >= size and (types[i] or level == "easy")][:n]
    if not asked:
        who = "no type has" if level == "difficult" else "there are no"
        raise NoExampleError(f"{who} {size} test paintings, as many as a question of the {level} level needs")
    pools = [np.r_[i, rng.choice(alike[i][alike[i] != i], size - 1, replace=False)] for i in asked]
    return Questions(level, pools, [str(types[i]) for i in asked])
