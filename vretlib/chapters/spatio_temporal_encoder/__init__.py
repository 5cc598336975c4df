"""Thesis chapter 6: the spatio-temporal encoder."""

from vretlib.chapters.spatio_temporal_encoder import examples, film, learn, methods, pictures, study, tables, variants
from vretlib.chapters.spatio_temporal_encoder.learn import Learned, Recipe, train, train_both, training_shots
from vretlib.chapters.spatio_temporal_encoder.methods import (
    CUT,
    SETS,
    Method,
    encoded,
    pooled,
    scores,
    single_frames,
    table,
)
from vretlib.chapters.spatio_temporal_encoder.study import Described, describe, lessons_of, three_ways
from vretlib.models.optimisation import OneCycle
from vretlib.models.temporal_training import Adam
from vretlib.video.shot_boundaries import THRESHOLD

__all__ = [
    "CUT",
    "SETS",
    "THRESHOLD",
    "Adam",
    "Described",
    "Learned",
    "Method",
    "OneCycle",
    "Recipe",
    "describe",
    "encoded",
    "examples",
    "film",
    "learn",
    "lessons_of",
    "methods",
    "pictures",
    "pooled",
    "scores",
    "single_frames",
    "study",
    "table",
    "tables",
    "three_ways",
    "train",
    "train_both",
    "training_shots",
    "variants",
]
