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

__all__ = [
    "face_retrieval",
    "hybrid_hashing",
    "instance_search",
    "key_frames",
    "thesis_art",
    "thesis_encoder",
    "thesis_images",
    "thesis_video",
]
