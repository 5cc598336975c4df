"""RootSIFT of many images, and its matches between images (Lowe, 2004; thesis §2.1.1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from vretlib import cache
from vretlib.checksums import checksum
from vretlib.errors import UserError
from vretlib.features import local
from vretlib.features.image_features import read_view
from vretlib.features.local import LocalFeatures
from vretlib.images import Box, Pixels
from vretlib.parallel import threaded_map
from vretlib.progress import progress_bar

RATIO = 0.8
"""A match's nearest neighbour is closer than this share of the distance to the second nearest (Lowe, 2004)."""
_IMAGES_AT_ONCE = 64  # whose features are multiplied with the query's in one product


@dataclass(frozen=True, eq=False)
class LocalSet:
    """RootSIFT of a list of images: ``xy`` float32 (N, 2), ``descriptors`` float32 (N, 128), image after image.

    Those of image i are rows ``offsets[i]`` up to ``offsets[i + 1]``.
    """

    xy: NDArray[np.float32] = field(repr=False)
    descriptors: NDArray[np.float32] = field(repr=False)
    offsets: NDArray[np.int64] = field(repr=False)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, i: int) -> LocalFeatures:
        rows = slice(*self.offsets[i : i + 2])
        return LocalFeatures(self.xy[rows], self.descriptors[rows])

    def __iter__(self) -> Iterator[LocalFeatures]:
        return (self[i] for i in range(len(self)))

    @property
    def image(self) -> NDArray[np.int64]:
        """The image of every feature."""
        return np.repeat(np.arange(len(self)), np.diff(self.offsets))


def describe(path: Path, box: Box | None = None, *, longest: int) -> LocalFeatures:
    """RootSIFT of one image, or of what a box of it shows; sizes as in `vretlib.features.image_features.read_view`."""
    return local.sift(grey(read_view(path, box, longest=longest)))


def grey(image: Pixels) -> NDArray[np.uint8]:
    """Luma (h, w) of an RGB image."""
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)


def extract(paths: Sequence[Path], *, longest: int, boxes: Sequence[Box | None] | None = None) -> LocalSet:
    """RootSIFT of every image, kept in the cache.

    Raises
    ------
    UserError: an image that cannot be read, boxes that are not one for each image.
    """
    asked = [None] * len(paths) if boxes is None else list(boxes)
    if len(asked) != len(paths):
        raise UserError(f"{len(asked)} boxes for {len(paths)} images; expected one per image, or None")
    key = {"images": [checksum(path) for path in paths], "boxes": asked, "longest": longest}

    def build(out: Path) -> None:
        with local.one_opencv_thread():
            described = threaded_map(lambda of: describe(*of, longest=longest), zip(paths, asked, strict=True))
            found = list(progress_bar(described, desc="sift", total=len(paths), unit="image", leave=False))
        np.savez(
            out / "sift.npz",
            xy=np.concatenate([f.xy for f in found]),
            descriptors=np.concatenate([f.descriptors for f in found]),
            offsets=np.cumsum([0, *(len(f.xy) for f in found)]),
        )

    with np.load(cache.stage("sift", key, build) / "sift.npz") as kept:
        return LocalSet(kept["xy"], kept["descriptors"], kept["offsets"])


def match(a: LocalFeatures, b: LocalFeatures, ratio: float = RATIO) -> NDArray[np.int64]:
    """The nearest feature of ``b`` to each of ``a``, by number, int64 (n,); -1 if it fails the ratio test."""
    return _passed(a.descriptors @ b.descriptors.T, ratio)


def count_matches(query: LocalFeatures, database: LocalSet, ratio: float = RATIO) -> NDArray[np.float32]:
    """The number of matches of the query's features in every image, (nb,): a similarity without vectors of images."""
    counts = np.zeros(len(database), np.float32)
    for start in range(0, len(database), _IMAGES_AT_ONCE):
        stops = database.offsets[start : start + _IMAGES_AT_ONCE + 1]
        cosines = query.descriptors @ database.descriptors[stops[0] : stops[-1]].T
        for i, columns in enumerate(np.split(cosines, stops[1:-1] - stops[0], axis=1), start):
            counts[i] = np.count_nonzero(_passed(columns, ratio) >= 0)
    return counts


def _passed(cosines: NDArray[np.float32], ratio: float) -> NDArray[np.int64]:
    """The best column of each row of cosines between unit vectors, -1 where the second best is too near to it."""
    if cosines.shape[1] < 2:
        return np.full(len(cosines), -1, np.int64)
    rows, nearest = np.arange(len(cosines)), cosines.argmax(axis=1)
    squared = 2 - 2 * cosines  # distances
    first = squared[rows, nearest]
    squared[rows, nearest] = np.inf
    return np.where(first < ratio**2 * squared.min(axis=1), nearest, -1)
