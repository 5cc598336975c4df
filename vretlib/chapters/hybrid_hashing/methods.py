"""The methods of paper 001's tables: each makes codes of the database, of query videos and of query images."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from vretlib.datasets.faces.described import F32, DescribedFaces, VideoFrames
from vretlib.errors import NoExampleError
from vretlib.evaluation import hamming
from vretlib.models import training
from vretlib.models.hashing import bre, cca_itq, deep_training, deep_validation, itq, ksh, lsh, spectral, video_codes
from vretlib.models.hashing.hash_network import HIDDEN
from vretlib.models.hashing.hasher import Hasher
from vretlib.models.hashing.objectives import HvihWeights
from vretlib.models.hashing.video_batches import PRINTED, BatchSize

Bits = NDArray[np.bool_]
F64 = NDArray[np.float64]
Shallow = Callable[[F32, NDArray[np.int64], int, np.random.Generator], Hasher]

SH = "SH [39]"
SHALLOW: dict[str, Shallow] = {
    "LSH [14]": lambda x, _, k, rng: lsh.fit(x, k, rng),
    SH: lambda x, _, k, rng: spectral.fit(x, k),  # noqa: ARG005
    "ITQ [15]": lambda x, _, k, rng: itq.fit(x, k, rng),
    "SITQ [15]": cca_itq.fit,
    "BRE [21]": lambda x, _, k, rng: bre.fit(x, k, rng),
    "KSH [28]": ksh.fit,
}
DEEP = {
    "DNNH [22]": "dnnh", "DSH [26]": "dsh", "HashNet [6]": "hashnet", "SSDH [42]": "ssdh", "DVC [31]": "dvc",
    "HVIH": "hvih",
}  # fmt: skip
"""Rows of Table III and the objectives that they minimise."""
STRATEGIES = {
    "single-image": "SSDH [42]", "single-video": "single-video", "joint image and video": "joint image and video",
    "joint image and video ++": "HVIH",
}  # fmt: skip
"""Rows of Table II, and the method of each: two of them are rows of Table III as well."""
VARIANTS: dict[str, Callable[[HvihWeights], HvihWeights]] = {
    "single-video": lambda weights: replace(weights, lambda2=0.0, frame=0.0),
    "joint image and video": lambda weights: replace(weights, lambda2=0.0),
}
"""The weights that HVIH has in the other two rows."""


class HashRecipe(NamedTuple):
    """How deep methods are trained; ``weights`` are those of HVIH's losses, the rest as in `deep_training.train`."""

    weights: HvihWeights
    steps: int = deep_training.STEPS
    size: BatchSize = PRINTED
    hidden: int = HIDDEN


@dataclass(frozen=True, eq=False)
class Codes:
    """What one method with one code length and one seed makes of a collection.

    ``database``, ``videos`` and ``stills`` are codes (n, K) of training videos, test videos, and one frame of each test
    video.
    """

    faces: DescribedFaces = field(repr=False)
    hasher: Hasher = field(repr=False)
    database: Bits = field(repr=False)
    videos: Bits = field(repr=False)
    stills: Bits = field(repr=False)

    def distances(self, queries: Bits) -> NDArray[np.unsignedinteger[Any]]:
        """Hamming distances (n_queries, n_database)."""
        return hamming.distances(hamming.pack(queries), hamming.pack(self.database))

    @cached_property
    def to_videos(self) -> F64:
        """Average precision of each query video, ties in database order."""
        return hamming.average_precision(self.distances(self.videos), self.faces.relevant)

    @cached_property
    def to_stills(self) -> F64:
        """Average precision of each query image."""
        return hamming.average_precision(self.distances(self.stills), self.faces.relevant)


Key = tuple[str, int, int]  # method, code length, seed
Runs = dict[Key, Codes]


def trained(
    faces: DescribedFaces, methods: Sequence[str], bits: Sequence[int], seeds: Sequence[int], recipe: HashRecipe,
    learn: VideoFrames | None = None,
) -> Runs:  # fmt: skip
    """The codes of each method with each length and seed; trainings run side by side.

    SH draws nothing at random and has the first seed alone. ``learn`` has other videos to learn from than those of the
    database.
    """
    jobs = [(method, k, seed) for method in methods for k in bits for seed in (seeds[:1] if method == SH else seeds)]
    with threadpool_limits(1, user_api="blas"):  # BLAS threads of several trainings wait for one another
        return dict(zip(jobs, training.several(lambda job: codes(faces, job, recipe, learn), jobs), strict=True))


def codes(faces: DescribedFaces, job: Key, recipe: HashRecipe, learn: VideoFrames | None = None) -> Codes:
    """Train one method and make its codes. A shallow method learns from frames, each with the person of its video."""
    method, k, seed = job
    train = learn or faces.train
    if method in SHALLOW:
        rng = np.random.default_rng([seed, k])
        shallow = SHALLOW[method](train.x, train.persons[train.video], k, rng)
        return _coded(faces, shallow, lambda f: video_codes.hard_vote(shallow.bits(f.x), f.video, f.n_videos))
    weights = recipe.weights if method == "HVIH" else VARIANTS[method](recipe.weights) if method in VARIANTS else None
    deep = deep_training.train(
        DEEP.get(method, "hvih"), train.x, train.video, train.persons, k, seed, weights=weights, steps=recipe.steps,
        size=recipe.size, hidden=recipe.hidden,
    )  # fmt: skip
    return _coded(faces, deep, lambda f: deep.video_bits(f.x, f.video, f.n_videos))


def _coded(faces: DescribedFaces, hasher: Hasher, of_videos: Callable[[VideoFrames], Bits]) -> Codes:
    return Codes(faces, hasher, of_videos(faces.train), of_videos(faces.test), hasher.bits(faces.test.stills))


def over_lambda2(
    faces: DescribedFaces, values: Sequence[float], k: int, seeds: Sequence[int], recipe: HashRecipe
) -> dict[float, list[Codes]]:
    """HVIH with other weights of center alignment, everything else as it is, by weight: one entry for each seed."""
    recipes = {value: recipe._replace(weights=replace(recipe.weights, lambda2=value)) for value in values}
    found = {value: trained(faces, ["HVIH"], [k], seeds, changed) for value, changed in recipes.items()}
    return {value: list(runs.values()) for value, runs in found.items()}


def learning_curves(faces: DescribedFaces, k: int, seed: int, recipe: HashRecipe) -> dict[str, list[tuple[int, float]]]:
    """The mAP of held-out training videos after some steps, for every deep method."""
    train = faces.train
    if np.bincount(train.persons).max() < 5:
        raise NoExampleError("no person has five training videos, of which every fifth could be held out")
    found = training.several(
        lambda of: deep_validation.learning_curve(
            of, train.x, train.video, train.persons, k, seed, steps=recipe.steps
        ),
        DEEP.values(),
    )  # fmt: skip
    return dict(zip(DEEP, found, strict=True))


def precision_recall(runs: Runs, k: int, seed: int) -> dict[str, tuple[F64, F64]]:
    """Recall and precision within each Hamming radius, video to video, of every row of Table III."""
    found = {method: runs[method, k, seed] for method in (*SHALLOW, *DEEP)}
    return {m: hamming.precision_recall(c.distances(c.videos), c.faces.relevant)[:] for m, c in found.items()}
