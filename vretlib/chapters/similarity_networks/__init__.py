"""Thesis chapter 3: similarities that are learnt instead of chosen, and what they know that the cosine does not.

`describe` turns a study's images into vectors, `training_sets` says what is learnt from, `learn` trains each similarity
once and keeps it, `evaluate` ranks by any of them, `tables` composes the tables and figures of the thesis, `end_to_end`
reaches down to the pixels, and `examples` and `pictures` show single pairs.
"""

from vretlib.chapters.similarity_networks import examples, learn, pictures
from vretlib.chapters.similarity_networks.descriptions import FEATURES, check_sizes, describe, main_set, networks
from vretlib.chapters.similarity_networks.end_to_end import Tuning, tune
from vretlib.chapters.similarity_networks.evaluate import Cosine
from vretlib.chapters.similarity_networks.learn import Recipe
from vretlib.chapters.similarity_networks.tables import (
    figure_3_4,
    figure_3_5,
    map_on_unseen,
    others,
    table_3_1,
    table_3_2,
    table_3_3,
    table_3_4,
    table_3_5,
    text_and_code,
    whitening_sources,
)
from vretlib.chapters.similarity_networks.training_set import check, judged, sufficient_targets, training_sets
from vretlib.models.pairs import warm_up_pairs

__all__ = [
    "FEATURES",
    "Cosine",
    "Recipe",
    "Tuning",
    "check",
    "check_sizes",
    "describe",
    "examples",
    "figure_3_4",
    "figure_3_5",
    "judged",
    "learn",
    "main_set",
    "map_on_unseen",
    "networks",
    "others",
    "pictures",
    "sufficient_targets",
    "table_3_1",
    "table_3_2",
    "table_3_3",
    "table_3_4",
    "table_3_5",
    "text_and_code",
    "training_sets",
    "tune",
    "warm_up_pairs",
    "whitening_sources",
]
