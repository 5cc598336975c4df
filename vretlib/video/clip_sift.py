"""SIFT of the sampled frames of clips, computed once for match graphs (§6.2.1) and for Fisher vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib import cache
from vretlib.checksums import checksum
from vretlib.features import local
from vretlib.parallel import threaded_map
from vretlib.video import sampling

SIDE = 640
"""Largest longer side of a frame in pixels; smaller frames are not resized."""
FEATURES = 300
"""Number of strongest features of a frame."""


@dataclass(frozen=True, eq=False)
class ClipSift:
    """SIFT of the sampled frames of clips.

    Attributes
    ----------
    codes: uint8 (N, 128), frame after frame, mapped from disk: SIFT as OpenCV gives it, whole numbers.
    frames: int64 (frames + 1,), frame j has the rows ``frames[j]:frames[j + 1]`` of ``codes``.
    clips: int64 (clips + 1,), clip i has the frames ``clips[i]:clips[i + 1]``.
    key: what decides the features, for the cache.
    """

    codes: NDArray[np.uint8] = field(repr=False)
    frames: NDArray[np.int64] = field(repr=False)
    clips: NDArray[np.int64] = field(repr=False)
    key: dict[str, Any] = field(repr=False)

    def __len__(self) -> int:
        return len(self.clips) - 1

    def rows(self, rows: ArrayLike) -> NDArray[np.float32]:
        """RootSIFT (n, 128) of these rows of ``codes``."""
        return local.root_sift(self.codes[np.asarray(rows, np.int64)].astype(np.float32))

    def of_clip(self, clip: int) -> list[NDArray[np.float32]]:
        """RootSIFT of each frame of a clip, (n, 128) each."""
        edges = self.frames[self.clips[clip] : self.clips[clip + 1] + 1]
        return [self.rows(np.arange(start, stop)) for start, stop in pairwise(edges)]


def describe(clips: Sequence[Path], fps: float) -> ClipSift:
    """The `FEATURES` strongest SIFT features of frames of some clips, ``fps`` a second, kept in the cache."""

    def build(folder: Path) -> None:
        # OpenCV releases Python's lock; images are faster on one thread each.
        with local.one_opencv_thread():
            found = list(threaded_map(lambda path: _of_clip(path, fps), clips))
        counts = [len(codes) for frames in found for codes in frames]
        every = [codes for frames in found for codes in frames]
        np.save(folder / "codes.npy", np.concatenate([np.empty((0, 128), np.uint8), *every]))
        clip_offsets = np.cumsum([0, *(len(frames) for frames in found)])
        np.savez(folder / "offsets.npz", frames=np.cumsum([0, *counts]), clips=clip_offsets)

    key = {"clips": [checksum(path) for path in clips], "fps": float(fps), "features": FEATURES, "side": SIDE}
    folder = cache.stage("clip-sift", key, build)
    with np.load(folder / "offsets.npz") as kept:
        return ClipSift(np.load(folder / "codes.npy", mmap_mode="r"), kept["frames"], kept["clips"], key)


def _of_clip(path: Path, fps: float) -> list[NDArray[np.uint8]]:
    luma = (cv2.cvtColor(frame.image, cv2.COLOR_RGB2GRAY) for frame in sampling.sampled(path, fps, longest=SIDE))
    found = (local.sift(np.asarray(image, np.uint8), n_features=FEATURES, root=False) for image in luma)
    return [features.descriptors.astype(np.uint8) for features in found]
