"""Landmark collections in the form of Oxford5k, Paris6k and LANDMARKS (thesis section 3.3.1).

`source.load` makes a study from a notebook's parameters, `source.collection` a single collection.
"""

from vretlib.datasets.landmarks.collection import LandmarkCollection, LandmarkQuery, LandmarkStudy
from vretlib.datasets.landmarks.source import load
from vretlib.datasets.landmarks.targets import TargetImages, target_images
from vretlib.models.labelled_images import LabelledImages

__all__ = [
    "LabelledImages",
    "LandmarkCollection",
    "LandmarkQuery",
    "LandmarkStudy",
    "TargetImages",
    "load",
    "target_images",
]
