"""The collection for instance search that a chapter's parameters name: drawn, TRECVID's layout, or your own.

============  =================================================================================
``dataset``   ``root``
============  =================================================================================
embedded      not used
trecvid       holds key frames, query pictures, a topic list and qrels, see `trecvid`
folder        holds images, ``queries.csv`` and ``relevant.csv``, see `own`
============  =================================================================================
"""

from __future__ import annotations

from pathlib import Path

from vretlib.datasets.landmarks.collection import LandmarkCollection
from vretlib.errors import UserError

DATASETS = ("embedded", "trecvid", "folder")


def load(dataset: str, *, root: str | Path = "", seed: int = 0, **sizes: int) -> LandmarkCollection:
    """A collection for instance search; ``sizes`` are those of `embedded.embedded`, which other sources ignore.

    Raises
    ------
    UserError: ``dataset`` is not one of `DATASETS`, ``root`` is empty or holds no such collection, or a file of it is
        missing or cannot be read.
    """
    if dataset == "embedded":
        from vretlib.datasets.instances.embedded import embedded

        return embedded(seed=seed, **sizes)
    if dataset not in DATASETS:
        raise UserError(f"dataset={dataset!r} is not known; expected one of {', '.join(map(repr, DATASETS))}")
    if not str(root):
        raise UserError(f"data_root is empty; with dataset={dataset!r} it must be the folder that holds the images")
    if dataset == "trecvid":
        from vretlib.datasets.instances import trecvid

        return trecvid.read(root)
    from vretlib.datasets.instances import own

    return own.read(root)
