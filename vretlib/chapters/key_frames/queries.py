"""What is looked for: frames of the clips themselves, as in paper 002, and the photographs of a clip collection."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from vretlib import cache
from vretlib import images as files
from vretlib.chapters.key_frames.clips import pooled
from vretlib.datasets.clips.collection import Clip, ClipQuery
from vretlib.errors import UserError
from vretlib.features.backbones import Backbone
from vretlib.parallel import n_threads, parallel_map
from vretlib.video import clip_features, frames
from vretlib.video.packets import packet_index

F32 = NDArray[np.float32]
Ids = NDArray[np.int64]
Pixels = NDArray[np.uint8]

FRAMES = "frames"
"""The kind of queries of paper 002: "captured by OpenCV" from the videos."""


@dataclass(frozen=True, eq=False)
class Queries:
    """Images of one kind, and the clips that each of them should find.

    Attributes
    ----------
    kind: "frames", or a kind of the collection.
    images: RGB.
    relevant: ids of clips, at least one for each image.
    numbers: int64 (n,), the frame that the image is, in the only relevant clip; -1 for photographs.
    files, levels: of photographs, as the user knows them; none for frames.
    """

    kind: str
    images: tuple[Pixels, ...]
    relevant: tuple[Ids, ...]
    numbers: Ids
    files: tuple[Path, ...] = ()
    levels: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.images)


def drawn_frames(
    clips: Sequence[Clip], ids: Sequence[int] | Ids, n: int, *, seed: int, say: Callable[[str], None] = print
) -> Queries:
    """``n`` frames of some of the clips: a clip at random, and one of all its frames at random; clips may come again.

    The frame may be a key frame: the paper says nothing of taking it out of the database. Kept in the cache.

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
        def draw(clip: int) -> None:
            asked = np.flatnonzero(owners == clip)
            seen = frames.read(clips[clip].path, numbers[asked], color="rgb")
            for i in asked.tolist():
                files.write(folder / f"{i}.png", seen[int(numbers[i])])

        with ThreadPoolExecutor(n_threads()) as pool:  # decoding and writing leave Python's lock
            list(pool.map(draw, np.unique(owners).tolist()))

    key = {"clips": [cache.checksum(clips[i].path) for i in np.unique(owners)], "owners": owners.tolist()}
    folder = cache.stage("drawn-frames", key | {"numbers": numbers.tolist()}, build, say=say)
    pictures = tuple(files.read(folder / f"{i}.png") for i in range(n))
    return Queries(FRAMES, pictures, tuple(owners[i : i + 1] for i in range(n)), numbers)


def photographs(queries: Sequence[ClipQuery]) -> Queries:
    """The images of a collection's queries, all of one kind."""
    kinds = {query.kind for query in queries}
    if len(kinds) != 1:
        raise UserError(f"queries of {len(kinds)} kinds; expected those of one, such as collection.of_kind('SI2V')")
    return Queries(
        kinds.pop(),
        tuple(files.read(query.path) for query in queries),
        tuple(query.relevant for query in queries),
        np.full(len(queries), -1),
        tuple(query.file for query in queries),
        tuple(query.level for query in queries),
    )


@dataclass(frozen=True, eq=False)
class DescribedQueries:
    """Queries with their maps float32 (n, d, h, w) and descriptors (n, d), as those of the clips' frames."""

    queries: Queries
    maps: F32
    descriptors: F32

    def __len__(self) -> int:
        return len(self.maps)


def describe(
    queries: Queries, backbone: Backbone, *, side: int = 224, say: Callable[[str], None] = print
) -> DescribedQueries:
    """The images through the network, one at a time as a user asks. Kept in the cache."""

    def build(folder: Path) -> None:
        found = parallel_map(lambda image: maps_of(image, backbone, side), queries.images, backbone.device)
        np.save(folder / "maps.npy", np.concatenate(list(found)))

    digest = hashlib.sha256()
    for image in queries.images:
        digest.update(repr(image.shape).encode() + np.ascontiguousarray(image).tobytes())
    key: dict[str, Any] = {"images": digest.hexdigest(), "network": backbone.name, "weights": backbone.checksum}
    folder = cache.stage("query-maps", key | {"side": side}, build, say=say)
    maps = np.load(folder / "maps.npy", mmap_mode="r")
    return DescribedQueries(queries, maps, pooled(maps))


def maps_of(image: Pixels, backbone: Backbone, side: int) -> F32:
    """The last maps (1, d, h, w) of one image, squeezed to a square as the clips' frames are."""
    shrinks = min(image.shape[:2]) >= side
    square = cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    with torch.inference_mode():
        found: F32 = clip_features.through(backbone, (backbone.last_maps,), [square])[backbone.last_maps].numpy()
    return found
