"""Parameters that chapters with an object detector share: its weights, and the size of an image in the network."""

from __future__ import annotations

from typing import Annotated, Protocol, TypeVar

from vretlib.parameters.places import Place

DetectorWeights = Annotated[
    str, Place("a file (.safetensors)", folder=False, names=("embedded", "random"), endings=(".safetensors",))
]
"""Weights of a detector: this project's own, untrained ones, or a file."""


class _HasSides(Protocol):
    @property
    def short_side(self) -> int: ...
    @property
    def long_side(self) -> int: ...


Sided = TypeVar("Sided", bound=_HasSides)


def check_sides(chosen: Sided) -> Sided:
    """The parameters as they are; ValueError where the long side is shorter than the short one."""
    short, long = chosen.short_side, chosen.long_side
    if long < short:
        raise ValueError(f"short_side={short} and long_side={long}: expected a long side that is no shorter")
    return chosen
