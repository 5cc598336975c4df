"""Key frames of many clips, and what is left of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vretlib.chapters.key_frames.clips import Changes, DescribedClips
from vretlib.errors import UserError
from vretlib.video import cluster_key_frames
from vretlib.video.cluster_key_frames import KeyFrameOptions

Ids = NDArray[np.int64]
ClusterOn = Literal["descriptor", "maps"]

DEFAULTS = KeyFrameOptions()

THETAS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4, 1.6, 1.8, 2.0, 2.4, 2.8, 3.2, 4.0)
"""Of Figure 4, whose own are not printed; 1.4 and 2, which the text names, are among them."""


@dataclass(frozen=True, eq=False)
class Selection:
    """Key frames of some of the described clips.

    Attributes
    ----------
    ids: of those clips, ascending.
    rows: int64 (k,), rows of the key frames, ascending.
    clips: int64 (k,), the clip of each.
    stretches: int64 (s, 2), rows [start, stop) between peaks, which cover the clips' frames.
    stretch_clips: int64 (s,), the clip of each.
    n_frames: sampled frames of these clips.
    """

    ids: Ids
    rows: Ids
    clips: Ids
    stretches: Ids
    stretch_clips: Ids
    n_frames: int

    @property
    def compression_ratio(self) -> float:
        """Eq (3): the share of frames that is gone."""
        return 1 - len(self.rows) / self.n_frames

    @property
    def per_clip(self) -> Ids:
        """Number of key frames of each of the clips."""
        return np.searchsorted(self.clips, self.ids, "right") - np.searchsorted(self.clips, self.ids)


def select(
    described: DescribedClips,
    ids: Sequence[int] | Ids,
    options: KeyFrameOptions = DEFAULTS,
    *,
    cluster_on: ClusterOn = "descriptor",
    changes: Changes | None = None,
) -> Selection:
    """Algorithm 1 on each of the clips.

    Parameters
    ----------
    cluster_on: the paper clusters "deep convolutional features", which may be the 512-d descriptor or the 7 × 7 × 512
        maps. The default is the descriptor, by which key frames are searched.
    changes: of colour; None takes those of ``described``.
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
    """All sampled frames of the clips: what compression starts from."""
    chosen = np.unique(np.asarray(ids, np.int64))
    rows = np.flatnonzero(np.isin(described.frames.clip, chosen))
    clips = described.frames.clip[rows]
    return Selection(chosen, rows, clips, np.stack([rows, rows + 1], axis=1), clips, len(rows))


def compression_by_rate(changes: dict[str, Changes], theta: float) -> pd.DataFrame:
    """Key frames and compression ratio for each rate of sampling, of which only colour needs to be known.

    The number of key frames is that of clusters (:func:`vretlib.video.cluster_key_frames.n_clusters`); equal frames can
    make it smaller.
    """
    rows = {}
    for name, of_clips in changes.items():
        frames = np.array([len(d) + 1 for d in of_clips])
        peaks = [len(cluster_key_frames.find_peaks(d, theta)) for d in of_clips]
        keys = sum(cluster_key_frames.n_clusters(p, n) for p, n in zip(peaks, frames.tolist(), strict=True))
        rows[name] = {
            "Frames": int(frames.sum()),
            "Key frames": keys,
            "Key frames per clip": keys / len(frames),
            "Compression ratio": 1 - keys / frames.sum(),
        }
    return pd.DataFrame.from_dict(rows, orient="index")
