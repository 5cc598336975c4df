"""Fisher vectors of SIFT for Tables 6.1 and 6.4: of single frames, and of whole clips ("Scene FV").

Araujo and Girod's own are made differently in detail (FV* is binarised and compared asymmetrically). Kept here is what
matters for the comparison: the same local features, encoded frame by frame or clip by clip, 8 and 128 times as large as
R-MAC with the defaults and 128 dimensions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA
from threadpoolctl import threadpool_limits

from vretlib import cache, images
from vretlib.chapters.spatio_temporal_encoder.study import Described
from vretlib.errors import NoExampleError
from vretlib.features import encoding, local
from vretlib.parallel import n_threads
from vretlib.video import sampling

F32 = NDArray[np.float32]

SIDE = 640
"""Pixels of the longer side at most; smaller pictures stay as they are."""
FEATURES = 200
"""Strongest SIFT features of a picture."""

_PER_GAUSSIAN = 4

LEARN_FROM = 8_000
"""Features, drawn from those of the lessons, that axes and mixtures are learned from."""


@dataclass(frozen=True, eq=False)
class FisherVectors:
    """Single frames ``xb`` (n, d) and queries ``xq`` (nq, d); whole clips ``scenes`` (clips, D) and ``scene_xq``.

    Clip i has the rows ``offsets[i]:offsets[i + 1]`` of ``xb``.
    """

    xq: F32 = field(repr=False)
    xb: F32 = field(repr=False)
    offsets: NDArray[np.int64] = field(repr=False)
    scene_xq: F32 = field(repr=False)
    scenes: F32 = field(repr=False)


def fisher_vectors(
    queries: Sequence[Path],
    clips: Sequence[Path],
    lessons: Sequence[Path],
    *,
    fps: float,
    dimensions: int = 32,
    gaussians: int = 16,
    scene_gaussians: int = 256,
    seed: int = 0,
    say: Callable[[str], None] = print,
) -> FisherVectors:
    """Fisher vectors of sampled frames, kept in the cache; axes and mixtures are learned on the lessons' frames.

    A mixture has a Gaussian for each four features of the lessons at most; a line says so where that is fewer.

    Raises
    ------
    NoExampleError: the lessons have fewer than four features.
    """

    def build(folder: Path) -> None:
        # OpenCV leaves Python's lock; images and the small products of features are faster on one thread each.
        with ThreadPoolExecutor(n_threads()) as pool, local.one_opencv_thread(), threadpool_limits(1):
            seen = np.concatenate([d for found in pool.map(lambda path: _of_clip(path, fps), lessons) for d in found])
            # While one thread learns from the lessons, the others look at the queries.
            looked = pool.map(lambda path: _sift(images.resize(images.read(path), SIDE)), queries)
            if len(seen) < _PER_GAUSSIAN:
                raise NoExampleError(f"the clips to learn Fisher vectors from have {len(seen)} SIFT features")
            some = seen[np.sort(np.random.default_rng(seed).permutation(len(seen))[:LEARN_FROM])]
            axes = PCA(min(dimensions, len(some)), svd_solver="covariance_eigh").fit(some)
            few, many = (
                encoding.Mixture.learn(axes.transform(some), min(k, len(some) // _PER_GAUSSIAN), seed=seed)
                for k in (gaussians, scene_gaussians)
            )

            def encoded(found: Sequence[F32]) -> tuple[list[F32], F32]:
                reduced = [axes.transform(d) if len(d) else np.zeros((0, axes.n_components_)) for d in found]
                each = [encoding.fisher_vector(d, few) for d in reduced]
                return each, encoding.fisher_vector(np.concatenate(reduced), many)

            asked = list(pool.map(lambda found: encoded([found]), looked))
            searched = list(pool.map(lambda path: encoded(_of_clip(path, fps)), clips))
        np.savez(
            folder / "vectors.npz",
            xq=[vector for [vector], _ in asked],
            xb=[vector for vectors, _ in searched for vector in vectors],
            offsets=np.cumsum([0, *(len(vectors) for vectors, _ in searched)]),
            scene_xq=[scene for _, scene in asked],
            scenes=[scene for _, scene in searched],
            n_axes=axes.n_components_,
        )

    key = {
        "queries": [cache.checksum(path) for path in queries],
        "clips": [cache.checksum(path) for path in clips],
        "lessons": [cache.checksum(path) for path in lessons],
        "options": [float(fps), dimensions, gaussians, scene_gaussians, seed],
    }
    folder = cache.stage("clip-fisher-vectors", key, build, say=say)
    with np.load(folder / "vectors.npz") as kept:
        found = FisherVectors(**{name: kept[name] for name in ("xq", "xb", "offsets", "scene_xq", "scenes")})
        n_axes = int(kept["n_axes"])
    for asked, made in ((gaussians, found.xq), (scene_gaussians, found.scene_xq)):
        if (k := made.shape[1] // (2 * n_axes)) < asked:
            say(f"Fisher vectors of {k} Gaussians, not {asked}: the clips to learn from have too few features for more")
    return found


def fisher_of(
    described: Described,
    gaussians: tuple[int, int],
    *,
    fps: float,
    seed: int = 0,
    say: Callable[[str], None] = print,
) -> FisherVectors:
    """`fisher_vectors` of a described study, with so many Gaussians for a frame and for a scene."""
    queries, clips, lessons = (
        [thing.path for thing in some]
        for some in (described.collection.queries, described.collection.clips, described.lessons)
    )
    few, many = gaussians
    return fisher_vectors(queries, clips, lessons, fps=fps, gaussians=few, scene_gaussians=many, seed=seed, say=say)


def _of_clip(path: Path, fps: float) -> list[F32]:
    """Descriptors of each sampled frame."""
    return [_sift(frame.image) for frame in sampling.sampled(path, fps, longest=SIDE)]


def _sift(image: NDArray[np.uint8]) -> F32:
    luma = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)
    return local.sift(luma, n_features=FEATURES).descriptors
