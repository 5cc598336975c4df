"""Thesis chapter 2: features, similarity and evaluation, every one of them on the same queries.

`describe_local` and `describe_deep` describe a collection in eight ways; `local` and `deep` take single images apart;
`by_hand` holds calculations that fit on paper; `compare` sets descriptions against similarities, `axioms` asks which
of these are metrics, and `protocols` scores one ranking in several ways.
"""

from vretlib.chapters.background import axioms, by_hand, compare, deep, local, pictures, protocols
from vretlib.chapters.background.collection import (
    Lessons,
    example_ids,
    facts,
    kinds,
    lessons,
    one_per_landmark,
    searched_in,
)
from vretlib.chapters.background.deep import Seen, see
from vretlib.chapters.background.descriptions import (
    DeepDescriptions,
    Description,
    LocalDescriptions,
    describe_deep,
    describe_local,
)

__all__ = [
    "DeepDescriptions",
    "Description",
    "Lessons",
    "LocalDescriptions",
    "Seen",
    "axioms",
    "by_hand",
    "compare",
    "deep",
    "describe_deep",
    "describe_local",
    "example_ids",
    "facts",
    "kinds",
    "lessons",
    "local",
    "one_per_landmark",
    "pictures",
    "protocols",
    "searched_in",
    "see",
]
