"""Scores of pairs of frames; each frame is decoded and described once (thesis section 4.3.2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from vretlib import cache
from vretlib.checksums import checksum
from vretlib.errors import NoExampleError
from vretlib.evaluation import visual_match
from vretlib.features import local
from vretlib.features.local import LocalFeatures
from vretlib.parallel import threaded_map
from vretlib.video import frames
from vretlib.video.archive import Film

MAX_DISTANCE = 0.35
"""Distance of RootSIFT descriptors below which two features match; notebook 04 chooses it on the embedded films."""
TAU = 0.2
"""Score above which two frames are a visual match. Notebook 04 shows that it fits the pairs of the embedded films; the
page's own rule chooses the middle of an interval of scores that are as good, which holds this one."""

WIDTH = 480  # pixels to which frames are brought for the comparison
N_FEATURES = 500  # strongest SIFT features of a frame
FRAMES_AT_ONCE = 800  # frames that are compared together, 200 MB of descriptors: films are decoded once for all of them
FRAMES_KEPT = 4000  # frames whose descriptors stay in memory as whole numbers, 70 KB each

PAIR = ["retrieved_movie", "retrieved_frame", "true_movie", "true_frame"]
"""Columns that name a pair of frames."""

FrameName = tuple[str, int]
Pair = tuple[str, int, str, int]


class ComparedFrames(NamedTuple):
    """Features of a retrieved frame (n of them) and of the true frame, as `visual_match.nearest` compares them."""

    retrieved: LocalFeatures
    truth: LocalFeatures
    distances: NDArray[np.float64]
    """(n,), distance of each feature of the retrieved frame to the nearest feature of the true frame."""
    nearest: NDArray[np.int64]
    """(n,), number of that feature of the true frame."""


def describe_frame(luma: NDArray[np.uint8]) -> LocalFeatures:
    """The `N_FEATURES` strongest RootSIFT features of a frame resized to `WIDTH` pixels, as the protocol compares them.

    They replace the SURF features of the thesis, without which OpenCV's packages are built.
    """
    return local.sift(frames.resize(luma, WIDTH), n_features=N_FEATURES)


def _whole_numbers(luma: NDArray[np.uint8]) -> LocalFeatures:
    """The features of `describe_frame` before the root: uint8 descriptors, a quarter of the memory."""
    found = local.sift(frames.resize(luma, WIDTH), n_features=N_FEATURES, root=False)
    return LocalFeatures(found.xy, found.descriptors.astype(np.uint8))


class VisualMatcher:
    """Scores of retrieved frames against true frames by eqs 4.5 and 4.6.

    The scores of a list of pairs are kept in the cache, and the features of the last few thousand frames in memory, so
    that a frame that several lists name is described once. Pairs are processed in the order of their true frames, a few
    hundred frames at a time, so that memory stays bounded.

    Parameters
    ----------
    films: the films that pairs name.
    tau, max_distance: the protocol's two thresholds, both strict.
    """

    def __init__(
        self,
        films: Sequence[Film],
        tau: float = TAU,
        max_distance: float = MAX_DISTANCE,
    ) -> None:
        self.films = {film.name: film.path for film in films}
        self.tau, self.max_distance = tau, max_distance
        self._scored: dict[Pair, float] = {}  # systems that are compared often return the same frames
        self._described: dict[FrameName, LocalFeatures] = {}

    def match(
        self,
        retrieved_movie: Sequence[str],
        retrieved_frame: ArrayLike,
        true_movie: Sequence[str],
        true_frame: ArrayLike,
    ) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Score of each pair and whether it is a visual match, (n,) both.

        A retrieved frame of -1 means that nothing was found: its score is 0 and it is no match, whatever its film.
        """
        columns = [np.asarray(c) for c in (retrieved_movie, retrieved_frame, true_movie, true_frame)]
        pairs = pd.DataFrame(dict(zip(PAIR, columns, strict=True)))
        names = _names(pairs)
        new = np.array([pair[1] >= 0 and pair not in self._scored for pair in names], dtype=np.bool_)
        found = self.scores(pairs[new], [self.max_distance])[:, 0]
        self._scored |= {pair: float(s) for pair, s in zip(_names(pairs[new]), found, strict=True)}
        scores = np.array([self._scored.get(pair, 0.0) for pair in names])
        return scores, visual_match.visual_match(scores, self.tau)

    def scores(self, pairs: pd.DataFrame, max_distances: Sequence[float]) -> NDArray[np.float64]:
        """Scores, (pairs, thresholds), of the pairs in the columns `PAIR` at several distance thresholds."""
        wanted = _names(pairs)
        unique = sorted(set(wanted), key=lambda pair: (pair[2:], pair[:2]))
        if not unique:
            return np.zeros((0, len(max_distances)))
        key = {
            "films": {name: self._checksums[name] for a, _, b, _ in unique for name in (a, b)},
            "pairs": unique,
            "max_distances": [float(d) for d in max_distances],
            "width": WIDTH,
            "n_features": N_FEATURES,
        }
        folder = cache.stage(
            "visual_match",
            key,
            lambda out: np.save(out / "scores.npy", self._computed(unique, max_distances)),
        )
        row = {pair: k for k, pair in enumerate(unique)}
        return np.asarray(np.load(folder / "scores.npy")[[row[pair] for pair in wanted]])

    def features(self, wanted: Sequence[FrameName]) -> dict[FrameName, LocalFeatures]:
        """Features of the frames that are named by film and frame number."""
        new = set(wanted) - self._described.keys()
        with local.one_opencv_thread():
            for name in sorted({movie for movie, _ in new}):
                numbers = sorted(number for movie, number in new if movie == name)
                images = frames.read(self.films[name], numbers, width=WIDTH)
                described = threaded_map(_whole_numbers, (images[number] for number in numbers))
                self._described |= {(name, number): f for number, f in zip(numbers, described, strict=True)}
        found = {frame: self._described[frame] for frame in wanted}
        for oldest in list(self._described)[: max(0, len(self._described) - FRAMES_KEPT)]:
            del self._described[oldest]
        return {frame: LocalFeatures(f.xy, local.root_sift(f.descriptors)) for frame, f in found.items()}

    def matched_pair(self, pair: Sequence[str | int]) -> ComparedFrames:
        """The features of both frames of a pair (the values of `PAIR`) and the distances between them.

        Raises
        ------
        NoExampleError: the retrieved frame has no features, so that there is nothing to compare.
        """
        a, i, b, j = str(pair[0]), int(pair[1]), str(pair[2]), int(pair[3])
        known = self.features([(a, i), (b, j)])
        retrieved, truth = known[a, i], known[b, j]
        if not len(retrieved.xy):
            raise NoExampleError(f"frame {i} of {a} has no feature")
        return ComparedFrames(retrieved, truth, *visual_match.nearest(retrieved.descriptors, truth.descriptors))

    def _computed(self, pairs: list[Pair], max_distances: Sequence[float]) -> NDArray[np.float64]:
        rows = []
        for part in _parts(pairs):
            known = self.features([frame for a, b, c, d in part for frame in ((a, b), (c, d))])
            for a, b, c, d in part:
                nearest, _ = visual_match.nearest(known[a, b].descriptors, known[c, d].descriptors)
                rows.append([visual_match.share_below(nearest, limit) for limit in max_distances])
        return np.array(rows, dtype=np.float64)

    @cached_property
    def _checksums(self) -> Mapping[str, str]:
        return {name: checksum(path) for name, path in self.films.items()}


def _names(pairs: pd.DataFrame) -> list[Pair]:
    return [(str(a), int(b), str(c), int(d)) for a, b, c, d in pairs[PAIR].itertuples(index=False, name=None)]


def _parts(pairs: list[Pair]) -> Iterator[list[Pair]]:
    """Parts of the list of pairs, each with at most FRAMES_AT_ONCE different frames."""
    part: list[Pair] = []
    needed: set[FrameName] = set()
    for pair in pairs:
        both = {pair[:2], pair[2:]}
        if part and len(needed | both) > FRAMES_AT_ONCE:
            yield part
            part, needed = [], set()
        part.append(pair)
        needed |= both
    if part:
        yield part
