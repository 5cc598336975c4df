"""The methods of paper 001's tables: each makes codes of the database, of query videos and of query images."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vretlib.datasets.faces.described import F32, DescribedFaces, VideoFrames
from vretlib.errors import NoExampleError
from vretlib.evaluation import hamming
from vretlib.models import parallel_trainings
from vretlib.models.hashing import bre, cca_itq, deep_training, deep_validation, itq, ksh, lsh, spectral, video_codes
from vretlib.models.hashing.hash_network import FLOOR, HIDDEN
from vretlib.models.hashing.hasher import Hasher
from vretlib.models.hashing.objectives import HvihWeights
from vretlib.models.hashing.video_batches import PRINTED, BatchSize
from vretlib.search import packed_codes

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
    floor: float = FLOOR


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
        return packed_codes.distances(packed_codes.pack(queries), packed_codes.pack(self.database))

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

    SH draws nothing at random and is trained with the first seed only. ``learn`` is a training set other than the
    database.
    """
    jobs = [(method, k, seed) for method in methods for k in bits for seed in (seeds[:1] if method == SH else seeds)]
    found = parallel_trainings.in_processes(partial(_train, faces, recipe, learn or faces.train), jobs)
    return {job: Codes(faces, *of_job) for job, of_job in zip(jobs, found, strict=True)}


def _train(faces: DescribedFaces, recipe: HashRecipe, learn: VideoFrames, job: Key) -> tuple[Hasher, Bits, Bits, Bits]:
    """Train one method and make its codes. A shallow method learns from frames, each with the person of its video."""
    method, k, seed = job
    hasher: Hasher
    if method in SHALLOW:
        rng = np.random.default_rng([seed, k])
        hasher = shallow = SHALLOW[method](learn.x, learn.persons[learn.video], k, rng)
        found = [video_codes.hard_vote(shallow.bits(f.x), f.video, f.n_videos) for f in (faces.train, faces.test)]
    else:
        objective = DEEP.get(method, "hvih")
        weights = VARIANTS.get(method, replace)(recipe.weights) if objective == "hvih" else None
        hasher = deep = deep_training.train(
            objective, learn.x, learn.video, learn.persons, k, seed, steps=recipe.steps, weights=weights,
            size=recipe.size, hidden=recipe.hidden, floor=recipe.floor,
        )  # fmt: skip
        found = [deep.video_bits(f.x, f.video, f.n_videos) for f in (faces.train, faces.test)]
    return hasher, found[0], found[1], hasher.bits(faces.test.stills)


def over_lambda2(
    faces: DescribedFaces, values: Sequence[float], k: int, seeds: Sequence[int], recipe: HashRecipe
) -> dict[float, list[Codes]]:
    """The codes of HVIH by weight of center alignment, one entry for each seed; all else is as in ``recipe``."""
    recipes = {value: recipe._replace(weights=replace(recipe.weights, lambda2=value)) for value in values}
    found = {value: trained(faces, ["HVIH"], [k], seeds, changed) for value, changed in recipes.items()}
    return {value: list(runs.values()) for value, runs in found.items()}


def learning_curves(faces: DescribedFaces, k: int, seed: int, recipe: HashRecipe) -> dict[str, list[tuple[int, float]]]:
    """The mAP of held-out training videos after some steps, for every deep method."""
    train = faces.train
    if np.bincount(train.persons).max() < 5:
        raise NoExampleError("no person has five training videos, of which every fifth could be held out")
    curve = partial(
        deep_validation.learning_curve, features=train.x, video=train.video, persons=train.persons, n_bits=k, seed=seed,
        steps=recipe.steps,
    )  # fmt: skip
    found = parallel_trainings.in_processes(curve, [*DEEP.values()])
    return dict(zip(DEEP, found, strict=True))


def precision_recall(runs: Runs, k: int, seed: int) -> dict[str, tuple[F64, F64]]:
    """Recall and precision within each Hamming radius, video to video, of every row of Table III."""
    found = {method: runs[method, k, seed] for method in (*SHALLOW, *DEEP)}
    return {m: hamming.precision_recall(c.distances(c.videos), c.faces.relevant)[:] for m, c in found.items()}
