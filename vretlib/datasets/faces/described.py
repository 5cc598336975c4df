"""Face videos as features of frames."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vretlib.datasets.faces.collection import FaceSet, FaceVideos
from vretlib.features import face_network
from vretlib.features.face_network import FaceNetwork
from vretlib.features.unit_vectors import l2

F32 = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class VideoFrames:
    """The frames of some videos as vectors.

    Attributes
    ----------
    x: float32 (n_frames, d).
    video: (n_frames,), the video of each frame, in ascending order.
    persons: (n_videos,), the person in each video.
    """

    x: F32 = field(repr=False)
    video: NDArray[np.int64] = field(repr=False)
    persons: NDArray[np.int64] = field(repr=False)

    @property
    def n_videos(self) -> int:
        """Number of videos."""
        return len(self.persons)

    @property
    def stills(self) -> F32:
        """The vector of the middle frame of each video (the later of two), (n_videos, d)."""
        length = np.bincount(self.video, minlength=self.n_videos)
        return self.x[np.cumsum(length) - length + length // 2]

    @property
    def means(self) -> F32:
        """The mean vector of each video, (n_videos, d), of length 1."""
        first = np.searchsorted(self.video, np.arange(self.n_videos))  # every video has a frame
        return l2(np.add.reduceat(self.x, first, axis=0, dtype=np.float64).astype(np.float32))


@dataclass(frozen=True, eq=False)
class DescribedFaces:
    """A collection as vectors of frames: the training videos are the database, the test videos are the queries."""

    name: str
    train: VideoFrames
    test: VideoFrames

    @property
    def relevant(self) -> NDArray[np.bool_]:
        """(n_test, n_train): whether two videos show the same person."""
        return self.test.persons[:, None] == self.train.persons


def described(faces: FaceSet, network: FaceNetwork) -> DescribedFaces:
    """A collection as features of the network, kept in the cache."""
    return DescribedFaces(faces.name, of_network(faces.train, network), of_network(faces.test, network))


def of_network(videos: FaceVideos, network: FaceNetwork) -> VideoFrames:
    """Frames as features of the network, kept in the cache."""
    x, video = face_network.describe_videos(videos.frames, network)
    return VideoFrames(x, video, videos.persons)


def pixels(videos: FaceVideos) -> VideoFrames:
    """Frames as grey values less the mean of the frame, one row for each frame, float32."""
    crops, video = videos.all_frames()
    grey = crops[..., 0].astype(np.float32)
    for colour in (1, 2):  # this is many times as fast as ``mean`` over an axis of three
        grey += crops[..., colour]
    grey /= 3
    rows = grey.reshape(len(crops), -1)
    return VideoFrames(rows - rows.mean(axis=1, keepdims=True), video, videos.persons)
