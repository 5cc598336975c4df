"""The drawn collections of chapter 11, for its page and for the weights that are fine-tuned to their queries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vretlib.datasets import instances, landmarks
from vretlib.datasets.landmarks import LandmarkCollection

TOWNS_ALONE: dict[str, Any] = {
    "classes": 1, "per_class": 1, "validation_per_class": 2, "validation_queries": 0, "distractors": 0,
}  # fmt: skip
"""Sizes of what is drawn with the towns and not searched; the towns are those of notebook 02."""


def drawn(seed: int, sizes: Mapping[str, Any], scene_sizes: Mapping[str, Any]) -> dict[str, LandmarkCollection]:
    """Two towns and the key frames of "Shelf and street", by name.

    Parameters
    ----------
    sizes: sizes of the towns that replace the defaults, see `vretlib.datasets.landmarks.embedded`.
    scene_sizes: sizes of the key frames that replace the defaults, see `vretlib.datasets.instances.embedded`.

    Raises
    ------
    UserError: a size or seed that one of these two does not accept.
    """
    towns = landmarks.load("embedded", seed=seed, **{**TOWNS_ALONE, **sizes}).evaluation
    scenes = instances.load("embedded", seed=seed, **scene_sizes)
    return {one.name: one for one in (towns["Town A"], towns["Town B"], scenes)}
