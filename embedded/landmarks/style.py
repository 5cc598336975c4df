"""Styles of architecture, which several buildings share.

A family (`families`) draws styles; a style draws designs (`design`), one per building. Two buildings of one style have
the same materials, windows and ornaments and differ in size, number of bays, towers, doors and details: they are
distractors that are hard to distinguish.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from numpy.random import Generator

from embedded.texture import Colour

T = TypeVar("T")


def pick(rng: Generator, items: Sequence[T]) -> T:
    """One of the items; an item that is listed several times is more likely."""
    return items[int(rng.integers(len(items)))]


def span(rng: Generator, low: float, high: float) -> float:
    """A number between two others."""
    return low + (high - low) * float(rng.random())


@dataclass(frozen=True)
class Opening:
    """A kind of window: its ``shape`` (`paint.outline`), its size in shares of bay and storey, and its dress."""

    shape: str
    width: float
    height: float
    frame: str
    panes: tuple[int, int]
    extra: str = "none"


@dataclass(frozen=True)
class BuildingStyle:
    """The properties that buildings of one style share. Materials are keys of `paint.MATERIALS`; lengths in metres."""

    family: str
    wall: str
    wall_colour: Colour
    base: str
    base_colour: Colour
    trim: Colour
    sash: Colour
    glass: Colour
    door: Colour
    roof: str
    roof_colour: Colour
    window: Opening
    ground: str
    ground_window: Opening
    crown: str
    order: str
    bay: float
    storey: float
    storeys: tuple[int, int]
    bays: tuple[int, int]
    pitch: float
    tops: tuple[str, ...]
    massings: tuple[str, ...]
    caps: tuple[str, ...]
    centres: tuple[str, ...]
