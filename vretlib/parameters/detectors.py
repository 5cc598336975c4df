"""Parameters that chapters with an object detector share: its weights, and the size of an image in the network."""

from __future__ import annotations

from typing import Annotated

from vretlib.parameters.places import Place

DetectorWeights = Annotated[
    str, Place("a file (.safetensors)", folder=False, names=("embedded", "random"), endings=(".safetensors",))
]
"""Weights of a detector: this project's own, untrained ones, or a file."""


def check_sides(short_side: int, long_side: int) -> None:
    """Raise ValueError where the long side is shorter than the short one."""
    if long_side < short_side:
        raise ValueError(f"short_side={short_side} and long_side={long_side}: expected a long side that is no shorter")
