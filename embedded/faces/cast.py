"""The people of the drawn sets and their tracks, each determined by a seed, a group and numbers."""

from __future__ import annotations

from numpy.random import PCG64, Generator

from embedded.faces.conditions import LEVELS
from embedded.faces.identity import Identity, identity
from embedded.faces.track import track
from embedded.raster import U8

GROUPS = {"a": (51, "a"), "b": (52, "b"), "development": (53, "development")}
"""Name of a group of people -> its number in seeds, and the level of its videos; no one is in two groups."""

RATES = (23, 29, 35)
"""Constant-quality numbers of the H.264 encoder, of which each track has one."""


def member(seed: int, group: str, number: int) -> Identity:
    """A person of a group."""
    return identity(Generator(PCG64([seed, GROUPS[group][0], number])))


def appearance(seed: int, group: str, number: int, video: int, n: tuple[int, int]) -> tuple[U8, int]:
    """One video of a member: its crops, uint8 (from n[0] to n[1], 64, 64, 3), and its position in `RATES`."""
    code, level = GROUPS[group]
    rng = Generator(PCG64([seed, code, number, video]))
    length, rate = int(rng.integers(n[0], n[1] + 1)), int(rng.integers(len(RATES)))
    return track(member(seed, group, number), rng, LEVELS[level], length), rate
