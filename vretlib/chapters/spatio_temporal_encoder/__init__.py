"""Thesis chapter 6: the spatio-temporal encoder.

`describe` takes clips and queries through the spatial encoder, `shots` divides clips, `learn` cleans training clips and
trains temporal encoders, `methods` holds whatever finds clips, `fisher` the Fisher vectors that it is compared with,
`film` searches the shots of one film, and `tables` lays out what the chapter prints.
"""

from vretlib.chapters.spatio_temporal_encoder import examples, film, learn, methods, pictures, shots, tables, variants
from vretlib.chapters.spatio_temporal_encoder.fisher import FisherVectors, fisher_of, fisher_vectors
from vretlib.chapters.spatio_temporal_encoder.learn import Learned, Recipe, graphs, train, train_both, training_shots
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
from vretlib.chapters.spatio_temporal_encoder.shots import ShotSet, three_ways
from vretlib.chapters.spatio_temporal_encoder.study import Described, describe, lessons_of
from vretlib.models.optimisation import OneCycle
from vretlib.models.temporal_training import Adam
from vretlib.video.shot_boundaries import THRESHOLD
from vretlib.video.spatial_encoder import fully_connected

__all__ = [
    "CUT",
    "SETS",
    "THRESHOLD",
    "Adam",
    "Described",
    "FisherVectors",
    "Learned",
    "Method",
    "OneCycle",
    "Recipe",
    "ShotSet",
    "describe",
    "encoded",
    "examples",
    "film",
    "fisher_of",
    "fisher_vectors",
    "fully_connected",
    "graphs",
    "learn",
    "lessons_of",
    "methods",
    "pictures",
    "pooled",
    "scores",
    "shots",
    "single_frames",
    "table",
    "tables",
    "three_ways",
    "train",
    "train_both",
    "training_shots",
    "variants",
]
