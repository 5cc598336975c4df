"""Thesis chapter 5: image-to-video retrieval with binary features.

`describe_films` turns films into an `Archive`, `prepare_all` reads the photographs, the functions of `systems` index an
archive in the five ways of Table 5.1, `retrieve` finds frames, and `tables` lays out what the chapter prints.
"""

from vretlib.chapters.binary_features import examples, pictures, systems
from vretlib.chapters.binary_features.archive import (
    Archive,
    Photograph,
    check_outline,
    describe_film,
    describe_films,
    prepare,
    prepare_all,
)
from vretlib.chapters.binary_features.retrieve import Answers, matches, retrieve, retrieve_at, shot_votes
from vretlib.chapters.binary_features.tables import (
    BACKTRACKS,
    answers_of,
    compare_variants,
    figure_5_4,
    recall_by_level,
    table_5_1,
    table_5_2,
    variants,
)
from vretlib.search.binary_kdtree import BinaryKdTree
from vretlib.video.described_film import SIFT

__all__ = [
    "BACKTRACKS",
    "SIFT",
    "Answers",
    "Archive",
    "BinaryKdTree",
    "Photograph",
    "answers_of",
    "check_outline",
    "compare_variants",
    "describe_film",
    "describe_films",
    "examples",
    "figure_5_4",
    "matches",
    "pictures",
    "prepare",
    "prepare_all",
    "recall_by_level",
    "retrieve",
    "retrieve_at",
    "shot_votes",
    "systems",
    "table_5_1",
    "table_5_2",
    "variants",
]
