"""One film and photographs of its screen as R-MAC, and the film's shots: the last column of Table 6.2 of the thesis."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vretlib import arrays
from vretlib.features import image_features
from vretlib.features.backbones import Backbone
from vretlib.features.image_features import ImageFeatures
from vretlib.features.whitening import Whitening
from vretlib.search.clip_search import nearest_in
from vretlib.video import clip_features, clip_shots
from vretlib.video.archive import Film
from vretlib.video.clip_shots import ClipShots
from vretlib.video.frame_matcher import VisualMatcher
from vretlib.video.sampled_frames import SampledFrames

F32 = NDArray[np.float32]
Summary = Callable[[F32, NDArray[np.int64]], F32]
"""From frames (n, d) and ranges of their rows, int64 (S, 2), to one vector (d,) per range."""


@dataclass(frozen=True, eq=False)
class EncodedFilm:
    """A film, and photographs of its screen.

    Attributes
    ----------
    film: the film.
    shown: int64 (nq,), the number of the frame that each photograph shows.
    frames: the sampled frames of the film.
    x, xq: float32 (n, d) and (nq, d), R-MAC of sampled frames and of photographs.
    shots: the shots of the film, ranges of rows of ``x``.
    """

    film: Film
    shown: NDArray[np.int64] = field(repr=False)
    frames: SampledFrames = field(repr=False)
    x: F32 = field(repr=False)
    xq: F32 = field(repr=False)
    shots: ClipShots = field(repr=False)


def describe(
    film: Film, photographs: Sequence[Path], shown: Sequence[int], backbone: Backbone, whitening: Whitening, *,
    fps: float, longest: int, threshold: float,
) -> EncodedFilm:  # fmt: skip
    """A film and its photographs as R-MAC; ``threshold`` is Th of Algorithm 3, which finds the shots.

    Parameters
    ----------
    shown: the number of the frame that each photograph shows.
    fps, longest: sampled frames a second, and the pixels of their longer side.

    Raises
    ------
    UserError: ``shown`` has another length than ``photographs``; what cannot be read.
    """
    numbers = arrays.ids(shown, "shown", n=len(photographs))
    features = clip_features.describe([film.path], backbone, fps=fps, longest=longest)
    x, xq = features.rmac(whitening), image_features.rmac(of_queries(photographs, backbone, longest), whitening)
    shots = clip_shots.divide(clip_shots.detect(x, features.frames, threshold), features.frames)
    return EncodedFilm(film, numbers, features.frames, x, xq, shots)


def of_queries(images: Sequence[Path], backbone: Backbone, longest: int) -> ImageFeatures:
    """Features of images that are searched for among frames whose longer side has ``longest`` pixels.

    The thesis brings frames to 1024 and queries to 960 pixels (§6.2.2), and so does this in proportion.
    """
    return image_features.extract(images, backbone, longest=round(960 / 1024 * longest))


def first_answers_right(film: EncodedFilm, summaries: Sequence[Summary]) -> NDArray[np.bool_]:
    """Whether the first answer to each photograph is right, (summaries, nq); a row's mean is R@1.

    The film's shots are searched by their summaries. A shot is many frames: the answer is the frame of the best shot
    whose R-MAC is nearest to that of the photograph. It is right if it is a visual match of the frame that was
    photographed (section 4.3.2).
    """
    ranges = film.shots.ranges
    best = [(film.xq @ summarise(film.x, ranges).T).argmax(axis=1) for summarise in summaries]
    answers = [film.frames.numbers[nearest_in(film.xq, film.x, ranges[shots])] for shots in best]
    names, n = [film.film.name] * (len(film.xq) * len(answers)), len(answers)
    if not n:
        return np.zeros((0, len(film.xq)), np.bool_)
    matcher = VisualMatcher([film.film])  # one call: all summaries share the features of the frames
    _, right = matcher.match(names, np.concatenate(answers), names, np.tile(film.shown, n))
    return right.reshape(n, -1)
