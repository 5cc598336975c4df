"""Face videos as features of frames."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from vretlib.datasets.faces.collection import FaceSet, FaceVideos
from vretlib.errors import NoExampleError, UserError
from vretlib.evaluation import hamming
from vretlib.features import face_network
from vretlib.features.face_network import FaceNetwork
from vretlib.features.unit_vectors import l2
from vretlib.models.hashing.principal import principal

F32 = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class VideoFrames:
    """The frames of some videos as vectors.

    Attributes
    ----------
    x: float32 (n_frames, d).
    video: (n_frames,), the video of each frame, in ascending order.
    persons: (n_videos,), the person in each video.
    maps: float32 (n_frames, channels, 4, 4), what the network's last convolutions read, from which a second stage of
        training learns (8 kB a frame with the project's network); None if they were not asked for.
    """

    x: F32 = field(repr=False)
    video: NDArray[np.int64] = field(repr=False)
    persons: NDArray[np.int64] = field(repr=False)
    maps: F32 | None = field(default=None, repr=False)

    @property
    def n_videos(self) -> int:
        """Number of videos."""
        return len(self.persons)

    @property
    def middle(self) -> NDArray[np.int64]:
        """The row of the middle frame of each video (the later of two), (n_videos,)."""
        length = np.bincount(self.video, minlength=self.n_videos)
        return np.cumsum(length) - length + length // 2

    @property
    def stills(self) -> F32:
        """The vector of the middle frame of each video, (n_videos, d)."""
        return self.x[self.middle]

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
    def without_maps(self) -> DescribedFaces:
        """Only the features."""
        return DescribedFaces(self.name, replace(self.train, maps=None), replace(self.test, maps=None))

    @property
    def relevant(self) -> NDArray[np.bool_]:
        """(n_test, n_train): whether two videos show the same person."""
        return self.test.persons[:, None] == self.train.persons


def described(faces: FaceSet, network: FaceNetwork, *, maps: bool = False) -> DescribedFaces:
    """A collection as features of the network, and as its maps if they are asked for; kept in the cache.

    Raises
    ------
    UserError: training frames whose features vary along less than two directions, from which no method can learn.
    """
    train, test = (of_network(part, network, maps=maps) for part in (faces.train, faces.test))
    if (n := _directions(train.x)) < 2:
        raise UserError(
            f"{faces.name}: its {len(train.x)} training frames vary along {n} direction{'s' * (n != 1)} only; expected "
            "frames that differ in two or more (different pictures of each person)"
        )
    return DescribedFaces(faces.name, train, test)


def _directions(x: F32) -> int:
    """The number of directions along which vectors vary; 2 stands for all numbers above it."""
    try:
        return principal(x, 2).directions.shape[1]
    except UserError:  # all are equal
        return 0


def of_network(videos: FaceVideos, network: FaceNetwork, *, maps: bool = False) -> VideoFrames:
    """Frames as features of the network, and as its maps if they are asked for; kept in the cache."""
    found, video = face_network.describe_videos(videos.frames, network, as_maps=maps)
    if not maps:
        return VideoFrames(found, video, videos.persons)
    return VideoFrames(face_network.features_of_maps(found, network), video, videos.persons, found)


def unseen(faces: DescribedFaces, *, share: float = 0.5, seed: int = 0) -> tuple[VideoFrames, DescribedFaces]:
    """Training videos of some people and a collection of all other people: the protocol with unseen people.

    Parameters
    ----------
    share: the share of the people to learn from; at least two people are on either side.
    seed: the seed of the division.

    Returns
    -------
    learn: the training videos of the people to learn from.
    others: the other people; their training videos are the database and their test videos the queries.

    Raises
    ------
    NoExampleError: fewer than four people in training, or no query that shows one of the others.
    UserError: a share outside 0 to 1.
    """
    people = np.unique(faces.train.persons)
    if len(people) < 4:
        raise NoExampleError(f"{faces.name}: {len(people)} people; the protocol with unseen people needs four or more")
    if not 0 < share < 1:
        raise UserError(f"share={share}; expected the part of the people to learn from, above 0 and below 1")
    n = min(max(2, round(share * len(people))), len(people) - 2)
    seen = np.sort(np.random.Generator(np.random.PCG64([seed, 41])).permutation(people)[:n])
    rest = np.setdiff1d(people, seen)
    queries = _of_people(faces.test, rest)
    if not queries.n_videos:
        raise NoExampleError(
            f"{faces.name}: no test video shows one of the {len(rest)} people who are not learned from"
        )
    others = DescribedFaces(f"{faces.name}, unseen people", _of_people(faces.train, rest), queries)
    return _of_people(faces.train, seen), others


def _of_people(frames: VideoFrames, people: NDArray[np.int64]) -> VideoFrames:
    """The videos of some people, given in ascending order; in the result people and videos are counted from 0."""
    kept = np.isin(frames.persons, people)
    rows = kept[frames.video]
    video = (np.cumsum(kept) - 1)[frames.video[rows]]
    persons = np.searchsorted(people, frames.persons[kept]).astype(np.int64)
    return VideoFrames(frames.x[rows], video, persons, None if frames.maps is None else frames.maps[rows])


def by_means(database: VideoFrames, asked: VideoFrames) -> NDArray[np.float64]:
    """Average precision of each video that is asked for, by the cosine of mean vectors; ties in database order."""
    order = np.argsort(-(asked.means @ database.means.T), axis=1, kind="stable")
    return hamming.stable_average_precisions(np.argsort(order, axis=1), asked.persons[:, None] == database.persons)


def variation(frames: VideoFrames) -> float:
    """The variance between the mean vectors of a person's videos, over that between the frames of a video, on average.

    Raises
    ------
    NoExampleError: no two frames of a video differ, so that there is nothing to compare with.
    """
    by_video = [frames.x[frames.video == video] for video in range(frames.n_videos)]
    within = np.mean([one.var(axis=0).sum() for one in by_video])
    if within == 0:
        raise NoExampleError("no video has two frames that differ")
    middles = np.stack([one.mean(axis=0) for one in by_video])
    by_person = [middles[frames.persons == person] for person in np.unique(frames.persons)]
    return float(np.mean([one.var(axis=0).sum() for one in by_person]) / within)


def pixels(videos: FaceVideos) -> VideoFrames:
    """Frames as grey values less the mean of the frame, one row for each frame, float32."""
    crops, video = videos.all_frames()
    grey = crops[..., 0].astype(np.float32)
    for colour in (1, 2):  # this is many times as fast as ``mean`` over an axis of three
        grey += crops[..., colour]
    grey /= 3
    rows = grey.reshape(len(crops), -1)
    return VideoFrames(rows - rows.mean(axis=1, keepdims=True), video, videos.persons)
