"""The pictures of notebook 02. Every function returns a figure."""

from vretlib.chapters.background.pictures.deep import (
    activation_maps,
    common_maxima,
    in_a_row,
    pooling,
    regions,
    squashed,
    whitening,
)
from vretlib.chapters.background.pictures.local import (
    encoded,
    histograms,
    keypoints,
    matched,
    shared_words,
    three_patches,
    words,
)
from vretlib.chapters.background.pictures.rankings import (
    SHOWN,
    all_ranks,
    by_landmark,
    collection_sheet,
    overview,
    precision_recall,
    protocol_scatter,
    rankings,
)

__all__ = [
    "SHOWN",
    "activation_maps",
    "all_ranks",
    "by_landmark",
    "collection_sheet",
    "common_maxima",
    "encoded",
    "histograms",
    "in_a_row",
    "keypoints",
    "matched",
    "overview",
    "pooling",
    "precision_recall",
    "protocol_scatter",
    "rankings",
    "regions",
    "shared_words",
    "squashed",
    "three_patches",
    "whitening",
    "words",
]
