"""Random choices in the composition of a scene or a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from numpy.random import Generator

T = TypeVar("T")

CLOTH = ("red", "blue", "green", "yellow", "white", "black", "brown", "pink", "violet", "grey", "orange")


class Chance:
    """Choices of one random generator."""

    def __init__(self, rng: Generator) -> None:
        self.rng = rng

    def one(self, options: Sequence[T]) -> T:
        """One of several, each as likely."""
        return options[int(self.rng.integers(len(options)))]

    def weighted(self, options: Mapping[T, float]) -> T:
        """One of several, by weights."""
        at = float(self.rng.random()) * sum(options.values())
        for option, weight in options.items():
            at -= weight
            if at < 0:
                return option
        return next(reversed(list(options)))

    def some(self, options: Sequence[T], n: int) -> list[T]:
        """``n`` different ones in a random order."""
        return [options[int(i)] for i in self.rng.permutation(len(options))[:n]]

    def yes(self, share: float) -> bool:
        """True with this probability."""
        return bool(self.rng.random() < share)

    def near(self, value: float, spread: float = 0.02) -> float:
        """A number close to another one."""
        return value + float(self.rng.uniform(-spread, spread))

    def between(self, low: float, high: float) -> float:
        """A number from a range."""
        return float(self.rng.uniform(low, high))

    def whole(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, both included."""
        return int(self.rng.integers(low, high + 1))

    def cloth(self) -> str:
        """A colour of clothes."""
        return self.one(CLOTH)
