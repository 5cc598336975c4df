"""Batches of a training step: sets of frames of videos in triplets, single frames, or triplets of frames (001, III-C).

The paper prepares its batches before the training to save time. Here each batch is drawn from a
generator when it is needed, which takes a tenth of a millisecond.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays
from vretlib.errors import UserError

VIDEOS, FRAMES = 24, 10


class BatchSize(NamedTuple):
    """Videos in a batch (M), and frames drawn from each; methods of single images get as many frames in all."""

    videos: int = VIDEOS
    frames: int = FRAMES


PRINTED = BatchSize()
"""The paper's."""


Ids = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class TrainingVideos:
    """Videos to learn from: which rows are frames of which video, and who is seen in it.

    Attributes
    ----------
    persons: (n_videos,) int64, counted from 0 in ascending order of the labels that were given.
    names: the label of each person.
    rows: int64 (n_frames,), the rows of all frames, video by video; ``first[v]`` is where video v begins in it.
    """

    persons: Ids
    names: NDArray = field(repr=False)
    rows: Ids = field(repr=False)
    first: Ids = field(repr=False)

    @classmethod
    def of(cls, video: ArrayLike, persons: ArrayLike | None) -> TrainingVideos:
        """Training videos from the video of each frame (n_frames,), in any order, and the person of each (n_videos,).

        Raises
        ------
        UserError: no labels, videos of one person only, a video without frames, or an index without a video.
        """
        if persons is None:
            raise UserError("persons is None: deep methods learn from identities; give one for each video")
        labels = arrays.labels(persons, "persons")
        owner = arrays.ids(video, "video", below=len(labels))
        names, of = np.unique(labels, return_inverse=True)
        if len(names) < 2:
            raise UserError(f"videos of {len(names)} person; expected two or more, who can be told apart")
        frames = np.bincount(owner, minlength=len(labels))
        if not frames.all():
            raise UserError(
                f"video {int(frames.argmin())} has no frame; expected one or more for each of {len(labels)}"
            )
        first = np.concatenate([[0], np.cumsum(frames)])
        return cls(of.astype(np.int64), names, np.argsort(owner, kind="stable"), first)

    def __len__(self) -> int:
        return len(self.persons)

    @cached_property
    def by_person(self) -> tuple[Ids, Ids]:
        """The videos in the order of their persons, and where each person begins in that order, (n_persons + 1,)."""
        return _grouped(self.persons, len(self.names))

    @cached_property
    def frames_by_person(self) -> tuple[Ids, Ids]:
        """The places in ``rows`` in the order of their persons, and where each person begins, (n_persons + 1,)."""
        return _grouped(np.repeat(self.persons, np.diff(self.first)), len(self.names))

    def held_out(self, every: int = 5) -> NDArray[np.bool_]:
        """Flags (n_videos,): each ``every``-th video of a person is held out; a person's first two videos never are.

        A person with fewer videos than ``every`` has none held out.
        """
        every = arrays.whole(every, "every", 3)
        order = np.argsort(self.persons, kind="stable")
        starts = np.searchsorted(self.persons[order], self.persons[order])
        number = np.empty(len(self), np.int64)
        number[order] = np.arange(len(self)) - starts
        return number % every == every - 1


def set_triplets(videos: TrainingVideos, rng: np.random.Generator, m: int = VIDEOS) -> Ids:
    """The videos of a batch, (m,) int64: m/3 anchors, then the positive of each, then the negative of each.

    2m/3 people are drawn. Each of the first half gives an anchor and a positive, each of the other half a negative. The
    positive is another video of the person than the anchor, or the same one, with frames drawn anew, if there is no
    other. With fewer people than 2m/3, all are drawn, half of them (rounded down) are the first half, and people give
    several triplets in turn.

    Raises
    ------
    UserError: m is not a positive multiple of 3.
    """
    if arrays.whole(m, "m", 3, what="videos of a batch") % 3:
        raise UserError(f"m={m} videos: expected a multiple of 3, since triplets are drawn")
    n_persons, n = len(videos.names), m // 3
    pool = rng.permutation(n_persons)[: 2 * n]
    half = len(pool) // 2
    order, edges = videos.by_person
    same, other = np.resize(pool[:half], n), np.resize(pool[half:], n)
    start, count = edges[same], edges[same + 1] - edges[same]
    anchor = rng.integers(count)
    positive = (anchor + 1 + rng.integers(np.maximum(count - 1, 1))) % count
    negative = rng.integers(edges[other], edges[other + 1])
    return order[np.concatenate([start + anchor, start + positive, negative])]


def frames_of(videos: TrainingVideos, chosen: Ids, rng: np.random.Generator, n: int = FRAMES) -> Ids:
    """Rows of ``n`` random frames of each chosen video, (m, n) int64.

    No frame is drawn twice from a video that has ``n``. From a shorter video, its frames are drawn as evenly as
    possible: with ``n`` = 10, one frame ten times, or three frames 4, 3 and 3 times.
    """
    n = arrays.whole(n, "n", 1, what="frames of a video")
    start, length = videos.first[chosen], np.diff(videos.first)[chosen]
    keys = rng.random((len(chosen), int(length.max())))
    keys[np.arange(keys.shape[1]) >= length[:, None]] = 2.0  # places behind the last frame are sorted last
    order = keys.argsort(axis=1)
    place = np.arange(n) % length[:, None]
    return videos.rows[start[:, None] + np.take_along_axis(order, place, axis=1)]


def single_frames(videos: TrainingVideos, rng: np.random.Generator, n: int = VIDEOS * FRAMES) -> Ids:
    """Rows of ``n`` random frames, (n,) int64: each is as likely as any other, as in Table II's *single-image*."""
    return videos.rows[rng.integers(len(videos.rows), size=arrays.whole(n, "n", 1, what="frames"))]


def frame_triplets(videos: TrainingVideos, rng: np.random.Generator, n: int = VIDEOS * FRAMES // 3) -> Ids:
    """Rows of ``n`` anchors, positives and negatives, (3, n) int64, as DNNH takes them.

    Each anchor is any frame. Its positive is any frame of the same person, its negative any frame of another person.
    """
    n = arrays.whole(n, "n", 1, what="triplets")
    order, edges = videos.frames_by_person
    anchor = rng.integers(len(order), size=n)
    person = np.searchsorted(edges, anchor, side="right") - 1
    start, stop = edges[person], edges[person + 1]
    positive = rng.integers(start, stop)
    negative = (stop + rng.integers(len(order) - (stop - start))) % len(order)
    return videos.rows[order[np.stack([anchor, positive, negative])]]


def _grouped(persons: Ids, n_persons: int) -> tuple[Ids, Ids]:
    """The order of ascending persons, and where each person begins in that order; the last entry is its end."""
    order = np.argsort(persons, kind="stable")
    return order, np.searchsorted(persons[order], np.arange(n_persons + 1))
