"""Key frames of many clips by Algorithm 1 of paper 002, and the share of frames that they leave out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from vretlib.errors import UserError
from vretlib.video import cluster_key_frames
from vretlib.video.cluster_key_frames import KeyFrameOptions
from vretlib.video.colour_changes import Changes
from vretlib.video.described_clips import DescribedClips

Ids = NDArray[np.int64]
ClusterOn = Literal["descriptor", "maps"]

DEFAULTS = KeyFrameOptions()


@dataclass(frozen=True, eq=False)
class Selection:
    """Key frames of some of the described clips.

    Attributes
    ----------
    ids: int64 (c,), those clips, ascending.
    rows: int64 (k,), rows of the key frames, ascending.
    clips: int64 (k,), the clip of each key frame.
    stretches: int64 (s, 2), rows [start, stop) between two peaks; together they cover the clips' frames.
    stretch_clips: int64 (s,), the clip of each stretch.
    n_frames: number of sampled frames of these clips.
    """

    ids: Ids
    rows: Ids
    clips: Ids
    stretches: Ids
    stretch_clips: Ids
    n_frames: int

    @property
    def compression_ratio(self) -> float:
        """Share of frames that are no key frames, eq (3)."""
        return 1 - len(self.rows) / self.n_frames

    @property
    def per_clip(self) -> Ids:
        """Number of key frames of each of the clips, int64 (c,)."""
        return np.searchsorted(self.clips, self.ids, "right") - np.searchsorted(self.clips, self.ids)


def select(
    described: DescribedClips,
    ids: Sequence[int] | Ids,
    options: KeyFrameOptions = DEFAULTS,
    *,
    cluster_on: ClusterOn = "descriptor",
    changes: Changes | None = None,
) -> Selection:
    """The key frames of the clips with these ids, by Algorithm 1 on each clip.

    Parameters
    ----------
    cluster_on: the paper clusters "deep convolutional features", which may be the 512-d descriptor or the 7 × 7 × 512
        maps. The default is the descriptor, which the search compares too.
    changes: of colour, for all described clips; None takes those of ``described``.

    Raises
    ------
    UserError: no ids, or an unknown ``cluster_on``.
    """
    if cluster_on not in get_args(ClusterOn):
        raise UserError(f"cluster_on={cluster_on!r}: expected one of {', '.join(get_args(ClusterOn))}")
    changes = described.changes if changes is None else changes
    rows, clips, stretches, owners, n_frames = [], [], [], [], 0
    for clip in sorted(int(i) for i in ids):
        own = described.frames.rows(clip)
        maps = cluster_on == "maps"
        features = described.maps[own].reshape(own.stop - own.start, -1) if maps else described.descriptors[own]
        found = cluster_key_frames.key_frames(features, changes[clip], options)
        rows.append(own.start + found.ids)
        clips += [clip] * len(found.ids)
        edges = own.start + np.concatenate([[0], found.peaks + 1, [len(features)]])
        stretches.append(np.stack([edges[:-1], edges[1:]], axis=1))
        owners += [clip] * (len(edges) - 1)
        n_frames += len(features)
    if not rows:
        raise UserError("no clips to take key frames of; expected at least one")
    return Selection(
        np.unique(np.asarray(ids, np.int64)), np.concatenate(rows), np.array(clips, np.int64),
        np.concatenate(stretches), np.array(owners, np.int64), n_frames,
    )  # fmt: skip


def every_frame(described: DescribedClips, ids: Sequence[int] | Ids) -> Selection:
    """All sampled frames of the clips, as a selection that leaves out nothing."""
    chosen = np.unique(np.asarray(ids, np.int64))
    rows = np.flatnonzero(np.isin(described.frames.clip, chosen))
    clips = described.frames.clip[rows]
    return Selection(chosen, rows, clips, np.stack([rows, rows + 1], axis=1), clips, len(rows))


def n_key_frames(changes: Sequence[NDArray[np.float64]], theta: float) -> Ids:
    """Number of key frames of each clip, int64 (clips,), which only colour decides.

    This is the number of clusters (`vretlib.video.cluster_key_frames.n_clusters`). Where frames are equal a clip
    can have fewer key frames.
    """
    peaks = [len(cluster_key_frames.find_peaks(distances, theta)) for distances in changes]
    return np.array([cluster_key_frames.n_clusters(p, len(d) + 1) for p, d in zip(peaks, changes, strict=True)])
