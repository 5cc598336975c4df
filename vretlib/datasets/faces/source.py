"""The face videos that a chapter's parameters name.

==================  =====================================================  ====================
``dataset``         ``root``                                               ``load`` gives
==================  =====================================================  ====================
embedded            empty                                                  the two drawn sets
ytc                 a folder of clips, and their boxes: see `ytc`          that one
umdfaces            holds the lists ``*_ultraface.csv``                    that one
youtube_faces       is or holds ``frame_images_DB``                        that one
youtube_aligned     is or holds ``aligned_images_DB``                      that one
folder              ``person/video/frame``                                 that one
==================  =====================================================  ====================
"""

from __future__ import annotations

from pathlib import Path

from vretlib.datasets.faces import crops, own, umdfaces, youtube_faces, ytc
from vretlib.datasets.faces.collection import FaceSet
from vretlib.datasets.faces.tracks import Reading
from vretlib.errors import UserError

SOURCES = ("embedded", "ytc", "umdfaces", "youtube_faces", "youtube_aligned", "folder")


def load(
    dataset: str,
    *,
    root: str | Path = "",
    seed: int = 0,
    split: str | Path = "",
    boxes: str | Path = "",
    most: int = crops.MOST,
    **sizes: int,
) -> tuple[FaceSet, ...]:
    """The collections of a source: the two drawn ones, or the one of a real source.

    Parameters
    ----------
    dataset: one of `SOURCES`.
    root: the collection's folder; must be empty with ``"embedded"``.
    seed: the seed of the drawing, or of the division into training and test.
    split: a file that divides the videos, see `tracks.Reading`; not with ``"embedded"``.
    boxes: the list of boxes of YTC's first frames, unless it is beside the clips; not with other sources.
    most: frames that are read of a real video at most, evenly spread; drawn videos are read whole.
    sizes: numbers for `embedded.embedded`, the same for both sets; other sources do not use them.

    Raises
    ------
    UserError: another ``dataset``, a parameter that it does not use, an empty ``root``, or the errors of the reader.
    """
    if dataset not in SOURCES:
        raise UserError(f"dataset={dataset!r} is not known; expected one of {', '.join(map(repr, SOURCES))}")
    if str(boxes) and dataset != "ytc":
        raise UserError(f"boxes={str(boxes)!r}; only dataset='ytc' has a list of boxes; leave it empty")
    if dataset == "embedded":
        if str(root) or str(split):
            raise UserError(f"{str(root) or str(split)}: the embedded faces are drawn; leave data_root and split empty")
        from vretlib.datasets.faces.embedded import embedded

        return embedded("a", seed, **sizes), embedded("b", seed, **sizes)
    if not str(root):
        raise UserError(f"data_root is empty; with dataset={dataset!r} it must be the collection's folder")
    how = Reading(split=split, seed=seed, most=most)
    if dataset == "ytc":
        return (ytc.ytc(root, boxes, how),)
    readers = {
        "umdfaces": umdfaces.umdfaces,
        "youtube_faces": youtube_faces.youtube_faces,
        "youtube_aligned": youtube_faces.aligned,
        "folder": own.folders,
    }
    return (readers[dataset](root, how),)
