"""The papers' claims as functions from tables to comparisons: one module per paper, or per part of the thesis.

The import of this package fills ``TESTS``, from which `vretlib.report.claims` judges.
"""

from vretlib.report.predicates import (
    face_retrieval,
    hybrid_hashing,
    instance_search,
    key_frames,
    thesis_art,
    thesis_encoder,
    thesis_images,
    thesis_video,
)
from vretlib.report.predicates.comparisons import Comparison, StatedSize
from vretlib.report.predicates.vocabulary import ASKS, TESTS, Book, NeedsError, ScaleError, Test, UntestableError

MODULES = (
    face_retrieval,
    hybrid_hashing,
    key_frames,
    instance_search,
    thesis_images,
    thesis_video,
    thesis_encoder,
    thesis_art,
)

__all__ = [
    "ASKS",
    "MODULES",
    "TESTS",
    "Book",
    "Comparison",
    "NeedsError",
    "ScaleError",
    "StatedSize",
    "Test",
    "UntestableError",
]
