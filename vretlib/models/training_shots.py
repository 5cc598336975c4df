"""The training data of a temporal encoder: frame embeddings of shots, one shot for each training clip."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vretlib.errors import UserError
from vretlib.features.match_graph import MatchGraph
from vretlib.video.sampled_frames import SampledFrames

HELD_OUT = 0.2
"""The share of the shots that is held out, from the end of the list; the thesis holds 10 of 50 films out."""
FEWEST = 4
"""Minimum number of shots; two of them are held out."""


@dataclass(frozen=True, eq=False)
class TrainingShots:
    """Frame embeddings of shots, one shot after another.

    Attributes
    ----------
    x: float32 (n, d).
    ranges: int64 (S, 2), half-open ranges of rows of ``x``.
    clips: int64 (S,), the clip of each shot.
    """

    x: NDArray[np.float32] = field(repr=False)
    ranges: NDArray[np.int64] = field(repr=False)
    clips: NDArray[np.int64] = field(repr=False)

    def __len__(self) -> int:
        return len(self.ranges)

    @classmethod
    def of_clips(
        cls, x: NDArray[np.float32], frames: SampledFrames, graphs: Sequence[MatchGraph] | None = None
    ) -> TrainingShots:
        """One shot per clip: the sampled frames that its match graph keeps, or without graphs all of them.

        ``x`` (n, d) are the embeddings of all sampled frames.
        """
        kept = [
            np.arange(rows.start, rows.stop) if graphs is None else rows.start + graphs[i].kept
            for i, rows in enumerate(map(frames.rows, range(frames.n_clips)))
        ]
        return cls._joined(x, kept, np.arange(frames.n_clips))

    @property
    def checksum(self) -> str:
        """Checksum of embeddings and ranges, the data of the training."""
        content = hashlib.sha256(np.ascontiguousarray(self.x).tobytes())
        content.update(np.ascontiguousarray(self.ranges).tobytes())
        return content.hexdigest()[:20]

    def split(self) -> tuple[TrainingShots, TrainingShots]:
        """Training shots, and the last `HELD_OUT` of all shots, at least two, for validation.

        Raises
        ------
        UserError: fewer than `FEWEST` shots.
        """
        n = len(self) - max(2, round(HELD_OUT * len(self)))
        if len(self) < FEWEST:
            raise UserError(
                f"{len(self)} clips to learn from; expected at least {FEWEST}, two of which say when to stop"
            )
        return self.take(np.arange(n)), self.take(np.arange(n, len(self)))

    def draw(self, n: int, seed: int = 0) -> TrainingShots:
        """``n`` of the shots, or all if there are fewer, drawn at random, in their order."""
        return self.take(np.sort(np.random.default_rng(seed).permutation(len(self))[:n]))

    def take(self, numbers: NDArray[np.int64]) -> TrainingShots:
        """The shots of these numbers."""
        return self._joined(self.x, [np.arange(*self.ranges[i]) for i in numbers], self.clips[numbers])

    @classmethod
    def _joined(
        cls, x: NDArray[np.float32], rows: Sequence[NDArray[np.int64]], clips: NDArray[np.int64]
    ) -> TrainingShots:
        lengths = np.array([len(some) for some in rows])
        stops = np.cumsum(lengths)
        return cls(x[np.concatenate(rows)], np.stack([stops - lengths, stops], axis=1), clips)
