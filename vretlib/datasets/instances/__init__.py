"""Collections for instance search: key frames, and queries for small objects, each a picture with a box.

They have the form of a landmark collection (`vretlib.datasets.landmarks`), whose "landmarks" are the objects; the
pictures of the queries are not in the database.
"""

from vretlib.datasets.instances.source import DATASETS, load

__all__ = ["DATASETS", "load"]
