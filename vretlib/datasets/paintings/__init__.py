"""Paintings with comments, titles and attributes, in the form of SemArt (thesis section 7.2).

`source.load` makes a collection from a notebook's parameters.
"""

from vretlib.datasets.paintings.collection import Painting, Paintings
from vretlib.datasets.paintings.source import load

__all__ = ["Painting", "Paintings", "load"]
