"""The content of a painting: a setting, and things and people in it. Picture and comment are both made from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Traits = Mapping[str, Any]
"""Visible properties of a thing by name."""


@dataclass(frozen=True)
class Setting:
    """The setting of a scene.

    Attributes
    ----------
    kind: ``plain hills mountains forest coast sea river winter rocks city`` outdoors, ``room church`` indoors, or
        ``gold dark curtain heaven paper`` behind figures.
    time: ``day evening night storm dawn``, outdoors.
    colour: colour of a wall or curtain.
    horizon: height at which the ground begins.
    """

    kind: str
    time: str = "day"
    colour: str = "brown"
    horizon: float = 0.55


@dataclass(frozen=True)
class Thing:
    """A thing or a person.

    Attributes
    ----------
    kind: what it is, a function of `things` or `people`.
    x: its middle, as a share of the width.
    y: its foot, as a share of the height.
    size: its height, in the same unit.
    traits: other visible properties by name: colours, a pose, a beard.
    role: who it is, such as ``Virgin``; empty if the kind says it already.
    """

    kind: str
    x: float
    y: float
    size: float
    traits: Traits = field(default_factory=dict)
    role: str = ""


Content = tuple[Setting, list[Thing]]
"""A setting, and the things in it from the far to the near."""


@dataclass(frozen=True)
class Scene:
    """A scene of one of the types of Table 7.2.

    Attributes
    ----------
    type, theme: such as ``religious`` and ``annunciation``.
    things: from the far to the near.
    wide: width over height.
    """

    type: str
    theme: str
    setting: Setting
    things: tuple[Thing, ...]
    wide: float = 0.8
