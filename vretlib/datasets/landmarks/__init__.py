"""Landmark collections: the shape of Oxford5k, Paris6k and LANDMARKS (thesis section 3.3.1)."""

from vretlib.datasets.landmarks.collection import (
    LabelledImages,
    LandmarkCollection,
    LandmarkQuery,
    LandmarkStudy,
)

__all__ = ["LabelledImages", "LandmarkCollection", "LandmarkQuery", "LandmarkStudy"]
