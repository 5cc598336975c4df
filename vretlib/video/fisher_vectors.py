"""Fisher vectors of SIFT features for clips: one per sampled frame, and one per whole clip ("scene").

The Fisher vectors of Araujo and Girod, with which chapter 6 of the thesis compares, differ in detail: FV* is binarised
and compared asymmetrically. The comparison keeps what matters: the same local features, encoded frame by frame or clip
by clip, 8 and 128 times as large as R-MAC of 128 dimensions with the default sizes.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from vretlib import cache, images
from vretlib.checksums import checksum
from vretlib.errors import NoExampleError
from vretlib.features import local
from vretlib.features.fisher import FisherEncoder
from vretlib.parallel import threaded_map
from vretlib.video import sampling
from vretlib.video.clip_sift import SIDE, ClipSift

log = logging.getLogger(__name__)

F32 = NDArray[np.float32]

FEATURES = 200
"""Number of strongest SIFT features of a picture."""
LEARN_FROM = 8_000
"""Number of features, drawn from the training clips, from which PCA and mixtures are learned."""
_PER_GAUSSIAN = 4  # features to learn from, at least


@dataclass(frozen=True, eq=False)
class FisherVectors:
    """Fisher vectors of queries and clips; clip i has the rows ``offsets[i]:offsets[i + 1]`` of ``xb``.

    Attributes
    ----------
    xq, xb: float32 (nq, d) of queries and (n, d) of single frames.
    offsets: int64 (clips + 1,).
    scene_xq, scenes: float32 (nq, D) of queries and (clips, D) of whole clips, by a larger mixture.
    """

    xq: F32 = field(repr=False)
    xb: F32 = field(repr=False)
    offsets: NDArray[np.int64] = field(repr=False)
    scene_xq: F32 = field(repr=False)
    scenes: F32 = field(repr=False)


def describe(
    queries: Sequence[Path],
    clips: Sequence[Path],
    training: ClipSift,
    *,
    fps: float,
    gaussians: tuple[int, int] = (16, 256),
    dimensions: int = 32,
    seed: int = 0,
) -> FisherVectors:
    """Fisher vectors of images and of sampled frames of clips, kept in the cache.

    Parameters
    ----------
    queries: image files.
    clips: video files.
    training: features of other clips, from which PCA and both mixtures are learned.
    fps: sampled frames of ``clips`` a second.
    gaussians: number of Gaussians of a frame's mixture and of a scene's. A mixture has at most one Gaussian per four
        features of the training clips; a line of the log says where that reduces the number.
    dimensions: number of dimensions that PCA keeps of SIFT's 128.

    Raises
    ------
    NoExampleError: the training clips have fewer than four features.
    """

    def build(folder: Path) -> None:
        # OpenCV releases Python's lock; images and the small products of features are faster on one thread each.
        with local.one_opencv_thread(), threadpool_limits(1):
            frame_encoder, scene_encoder = _learn(training, gaussians, dimensions, seed)

            def encoded(frames: Sequence[F32]) -> tuple[list[F32], F32]:
                return [frame_encoder.encode(d) for d in frames], scene_encoder.encode(np.concatenate(frames))

            found_queries = list(threaded_map(lambda path: encoded([_of_image(path)]), queries))
            found_clips = list(threaded_map(lambda path: encoded(_of_clip(path, fps)), clips))
        np.savez(
            folder / "vectors.npz",
            xq=[vector for [vector], _ in found_queries],
            xb=[vector for vectors, _ in found_clips for vector in vectors],
            offsets=np.cumsum([0, *(len(vectors) for vectors, _ in found_clips)]),
            scene_xq=[scene for _, scene in found_queries],
            scenes=[scene for _, scene in found_clips],
            n_axes=frame_encoder.axes.n_components_,
        )

    key = {
        "queries": [checksum(path) for path in queries],
        "clips": [checksum(path) for path in clips],
        "training": training.key,
        "options": [float(fps), dimensions, *gaussians, seed],
    }
    folder = cache.stage("clip-fisher-vectors", key, build)
    with np.load(folder / "vectors.npz") as kept:
        found = FisherVectors(**{name: kept[name] for name in ("xq", "xb", "offsets", "scene_xq", "scenes")})
        n_axes = int(kept["n_axes"])
    for wanted, made in zip(gaussians, (found.xq, found.scene_xq), strict=True):
        if (n := made.shape[1] // (2 * n_axes)) < wanted:
            log.info(
                "Fisher vectors of %s Gaussians, not %s: the training clips have too few features for more", n, wanted
            )
    return found


def _learn(training: ClipSift, gaussians: tuple[int, int], dimensions: int, seed: int) -> list[FisherEncoder]:
    """The encoders of frames and of scenes, learned on at most `LEARN_FROM` of the features."""
    n = len(training.codes)
    if n < _PER_GAUSSIAN:
        raise NoExampleError(f"the clips to learn Fisher vectors from have {n} SIFT features")
    drawn = training.rows(np.sort(np.random.default_rng(seed).permutation(n)[:LEARN_FROM]))
    return [
        FisherEncoder.learn(drawn, min(k, len(drawn) // _PER_GAUSSIAN), dimensions=dimensions, seed=seed)
        for k in gaussians
    ]


def _of_image(path: Path) -> F32:
    """SIFT descriptors of an image."""
    return _sift(images.resize(images.read(path), SIDE))


def _of_clip(path: Path, fps: float) -> list[F32]:
    """SIFT descriptors of each sampled frame."""
    return [_sift(frame.image) for frame in sampling.sampled(path, fps, longest=SIDE)]


def _sift(image: NDArray[np.uint8]) -> F32:
    luma = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)
    return local.sift(luma, n_features=FEATURES).descriptors
