"""Face videos, with which other videos of the same people are searched for (paper 001).

`collection` defines a set and `embedded` draws one; other modules read YTC, UMDFaces, YouTube Faces and folders.
"""

from vretlib.datasets.faces.collection import FaceSet, FaceVideos, stills
from vretlib.datasets.faces.source import load

__all__ = ["FaceSet", "FaceVideos", "load", "stills"]
