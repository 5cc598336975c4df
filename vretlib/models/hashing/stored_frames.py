"""Stored features of the frames of videos, from which batches of a deep method are drawn."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import NamedTuple, Self

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.models.hashing import video_batches
from vretlib.models.hashing.deep_methods import Draw
from vretlib.models.hashing.video_batches import PRINTED, BatchSize, TrainingVideos


class Drawn(NamedTuple):
    """A batch: inputs (M, F, ...), (n, ...) or (3, n, ...), as the method draws them, and their persons.

    ``persons`` are (M,), (n,) or (3, n): the person of each video or of each frame.
    """

    x: Tensor
    persons: Tensor


@dataclass(frozen=True, eq=False)
class StoredFrames:
    """The inputs of the trained layers, (n_frames, ...), the video of each frame, and the videos."""

    x: Tensor = field(repr=False)
    video: NDArray[np.int64] = field(repr=False)
    videos: TrainingVideos

    @classmethod
    def of(cls, x: ArrayLike, video: ArrayLike, persons: ArrayLike | None) -> Self:
        """Stored frames from features (n, d) or maps (n, c, h, w), the video of each, and the person of each video.

        Raises
        ------
        UserError: NaN, numbers of rows that differ, or what `TrainingVideos.of` refuses.
        """
        given = arrays.array(x, "features")
        if given.ndim < 2 or given.dtype.kind not in "fiub" or 0 in given.shape[1:]:
            raise UserError(f"features are {given.dtype} of shape {given.shape}; expected real numbers (n_frames, d)")
        owner = arrays.ids(video, "video", n=len(given))
        return cls(torch.from_numpy(arrays.as_floats(given, "features")), owner, TrainingVideos.of(owner, persons))

    @property
    def checksum(self) -> str:
        """SHA-256 of the features, and of their videos and persons."""
        content = hashlib.sha256(self.x.numpy().data)
        content.update(f"{tuple(self.x.shape)}".encode())
        content.update(self.video.data)
        content.update(self.videos.persons.data)
        return content.hexdigest()

    def part(self, chosen: NDArray[np.bool_]) -> Self:
        """The frames of the videos that the flags (n_videos,) choose; a person without a chosen video is left out."""
        rows = np.flatnonzero(chosen[self.video])
        owner = (np.cumsum(chosen) - 1)[self.video[rows]]
        return type(self).of(self.x[rows].numpy(), owner, self.videos.names[self.videos.persons[chosen]])

    def draw(self, how: Draw, generator: torch.Generator, size: BatchSize = PRINTED) -> Drawn:
        """A random batch."""
        n = size.videos * size.frames
        rng = np.random.default_rng(int(torch.randint(2**62, (), generator=generator)))
        if how == "sets":
            chosen = video_batches.set_triplets(self.videos, rng, size.videos)
            rows, persons = video_batches.frames_of(self.videos, chosen, rng, size.frames), self.videos.persons[chosen]
        else:
            triplets = how == "triplets"
            rows = (
                video_batches.frame_triplets(self.videos, rng, n // 3)
                if triplets
                else video_batches.single_frames(self.videos, rng, n)
            )
            persons = self.videos.persons[self.video[rows]]
        return Drawn(self.x[torch.from_numpy(rows)], torch.from_numpy(persons))
