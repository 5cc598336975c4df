"""Thesis chapter 2: features, similarity and evaluation, every one of them on the same queries.

`describe_local` and `describe_deep` describe a collection in eight ways; `local` and `deep` take single images apart,
`example` the query that the page follows;
`by_hand` holds calculations that fit on paper; `compare` sets descriptions against similarities, `axioms` asks which
of these are metrics, and `protocols` scores one ranking in several ways.
"""

from vretlib.chapters.background import axioms, by_hand, compare, deep, local, pictures, protocols
from vretlib.chapters.background.collection import (
    Lessons,
    check_sizes,
    example_ids,
    facts,
    followed_in,
    kinds,
    lessons,
    one_per_landmark,
    searched_in,
)
from vretlib.chapters.background.deep import RmacTrace, trace_rmac
from vretlib.chapters.background.descriptions import (
    DeepDescriptions,
    Description,
    LocalDescriptions,
    describe_deep,
    describe_local,
)
from vretlib.chapters.background.example import (
    Example,
    bags,
    count_matches,
    example,
    features_of,
    in_context,
    near_miss,
    rmac_traces,
    telling_words,
    told_matches,
    vlads,
)

__all__ = [
    "DeepDescriptions",
    "Description",
    "Example",
    "Lessons",
    "LocalDescriptions",
    "RmacTrace",
    "axioms",
    "bags",
    "by_hand",
    "check_sizes",
    "compare",
    "count_matches",
    "deep",
    "describe_deep",
    "describe_local",
    "example",
    "example_ids",
    "facts",
    "features_of",
    "followed_in",
    "in_context",
    "kinds",
    "lessons",
    "local",
    "near_miss",
    "one_per_landmark",
    "pictures",
    "protocols",
    "rmac_traces",
    "searched_in",
    "telling_words",
    "told_matches",
    "trace_rmac",
    "vlads",
]
