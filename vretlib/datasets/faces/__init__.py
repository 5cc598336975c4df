"""Videos of faces, to be found again in other videos of the same people (paper 001).

`collection` says what a set is; `embedded` draws one, the other modules read YTC, UMDFaces, YouTube Faces and folders.
"""

from vretlib.datasets.faces.collection import FaceSet, FaceVideos, stills, unseen
from vretlib.datasets.faces.source import load

__all__ = ["FaceSet", "FaceVideos", "load", "stills", "unseen"]
