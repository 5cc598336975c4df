"""Images to search clips with: frames of the clips themselves, as in paper 002, or the photographs of a collection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vretlib import cache
from vretlib import images as files
from vretlib.checksums import checksum
from vretlib.datasets.clips.collection import Clip, ClipQuery
from vretlib.errors import UserError
from vretlib.images import Pixels
from vretlib.parallel import threaded_map
from vretlib.video import frames
from vretlib.video.packets import packet_index

Ids = NDArray[np.int64]

FRAMES = "frames"
"""The kind of paper 002's queries, "captured by OpenCV" from the videos."""


@dataclass(frozen=True, eq=False)
class QueryImages:
    """Images of one kind, and the clips that each of them should find.

    Attributes
    ----------
    kind: "frames", or a kind of the collection.
    images: RGB, uint8 (h, w, 3).
    relevant: ids of clips, at least one for each image.
    numbers: int64 (n,), the number of the frame in its clip; -1 for photographs.
    files, levels: the files and levels of photographs, as the user knows them; empty for frames.
    """

    kind: str
    images: tuple[Pixels, ...]
    relevant: tuple[Ids, ...]
    numbers: Ids
    files: tuple[Path, ...] = ()
    levels: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.images)


def drawn_frames(clips: Sequence[Clip], ids: Sequence[int] | Ids, n: int, *, seed: int) -> QueryImages:
    """``n`` random frames: for each, first one of the clips with these ids is drawn, then one of all its frames.

    A clip may be drawn several times. The frame may be a key frame: the paper does not say that it is taken out of the
    database. Kept in the cache.

    Raises
    ------
    UserError: ``n`` is below 1.
    """
    if n < 1:
        raise UserError(f"n_frames={n}: expected at least 1 frame to look for")
    rng = np.random.default_rng(seed)
    owners = np.sort(rng.choice(np.asarray(ids, np.int64), n))
    numbers = np.array([rng.integers(packet_index(clips[i].path).n_frames) for i in owners], np.int64)

    def build(folder: Path) -> None:
        def write_frames(clip: int) -> None:
            own = np.flatnonzero(owners == clip)
            found = frames.read(clips[clip].path, numbers[own], colour="rgb")
            for i in own.tolist():
                files.write(folder / f"{i}.png", found[int(numbers[i])])

        list(threaded_map(write_frames, np.unique(owners).tolist()))  # decoding and writing release Python's lock

    key = {
        "clips": [checksum(clips[i].path) for i in np.unique(owners)],
        "owners": owners.tolist(),
        "numbers": numbers.tolist(),
    }
    folder = cache.stage("drawn-frames", key, build)
    images = tuple(files.read(folder / f"{i}.png") for i in range(n))
    return QueryImages(FRAMES, images, tuple(owners[i : i + 1] for i in range(n)), numbers)


def photographs(queries: Sequence[ClipQuery], name: str = "") -> QueryImages:
    """The images of a collection's queries, all of one kind; tables call the kind ``name``, or by its own name.

    Raises
    ------
    UserError: no queries, or queries of several kinds.
    """
    kinds = {query.kind for query in queries}
    if len(kinds) != 1:
        raise UserError(f"queries of {len(kinds)} kinds; expected those of one, such as collection.of_kind('SI2V')")
    return QueryImages(
        name or kinds.pop(),
        tuple(files.read(query.path) for query in queries),
        tuple(query.relevant for query in queries),
        np.full(len(queries), -1),
        tuple(query.file for query in queries),
        tuple(query.level for query in queries),
    )
