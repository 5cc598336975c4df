"""The methods of paper 001's tables: each makes codes of the database, of query videos and of query images."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vretlib.datasets.faces.described import F32, DescribedFaces, VideoFrames
from vretlib.errors import NoExampleError
from vretlib.evaluation import hamming
from vretlib.features.face_network import FaceNetwork
from vretlib.models import committed_hash_networks, parallel_trainings
from vretlib.models.hashing import bre, cca_itq, deep_validation, hash_recipe, itq, ksh, lsh, spectral
from vretlib.models.hashing.hash_recipe import HashRecipe
from vretlib.models.hashing.hasher import Hasher
from vretlib.search import packed_codes

Packed = NDArray[np.uint8]
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
VARIANTS = {"single-video": "single-video", "joint image and video": "joint"}
"""Rows of Table II that are not in Table III, and their objectives."""
STRATEGIES = {
    "single-image": "SSDH [42]", "single-video": "single-video", "joint image and video": "joint image and video",
    "joint image and video ++": "HVIH",
}  # fmt: skip
"""Rows of Table II, and the method of each: two of them are rows of Table III as well."""


@dataclass(frozen=True, eq=False)
class Codes:
    """What one method with one code length and one seed makes of a collection.

    ``database``, ``videos`` and ``stills`` are packed codes of training videos, test videos, and one frame of each test
    video.
    """

    faces: DescribedFaces = field(repr=False)
    hasher: Hasher = field(repr=False)
    database: Packed = field(repr=False)
    videos: Packed = field(repr=False)
    stills: Packed = field(repr=False)

    @property
    def frames(self) -> F32:
        """What the hasher reads of the frames of test videos: features, or maps after a second stage."""
        return hash_recipe.inputs(self.hasher, self.faces.test)

    def distances(self, queries: Packed) -> NDArray[np.unsignedinteger[Any]]:
        """Hamming distances (n_queries, n_database)."""
        return packed_codes.distances(queries, self.database)

    @cached_property
    def to_videos(self) -> F64:
        """Average precision of each query video, ties in database order."""
        return hamming.stable_average_precisions(self.distances(self.videos), self.faces.relevant)

    @cached_property
    def to_stills(self) -> F64:
        """Average precision of each query image."""
        return hamming.stable_average_precisions(self.distances(self.stills), self.faces.relevant)

    @cached_property
    def expected(self) -> F64:
        """Average precision of each query video, the mean over all orders of ties."""
        return hamming.expected_average_precisions(self.distances(self.videos), self.faces.relevant)


RunKey = tuple[str, int, int]  # method, code length, seed
Runs = dict[RunKey, Codes]


def train_all(
    faces: DescribedFaces, methods: Sequence[str], bits: Sequence[int], seeds: Sequence[int], recipe: HashRecipe,
    learn: VideoFrames | None = None,
) -> Runs:  # fmt: skip
    """The codes of each method with each length and seed; trainings run side by side.

    SH draws nothing at random and is trained with the first seed only. ``learn`` is a training set other than the
    database.
    """
    jobs = [(method, k, seed) for method in methods for k in bits for seed in (seeds[:1] if method == SH else seeds)]
    read = faces if recipe.second else faces.without_maps
    found = parallel_trainings.in_processes(partial(_train, read, recipe, learn or read.train), jobs)
    return {job: Codes(faces, hasher, *codes) for job, (hasher, codes) in zip(jobs, found, strict=True)}


def _train(
    faces: DescribedFaces, recipe: HashRecipe, learn: VideoFrames, job: RunKey
) -> tuple[Hasher, tuple[Packed, Packed, Packed]]:
    """A trained method and its codes. A shallow method learns from frames, each with the person of its video."""
    method, k, seed = job
    rng = np.random.default_rng([seed, k])
    if method in SHALLOW:
        hasher = SHALLOW[method](learn.x, learn.persons[learn.video], k, rng)
    else:
        hasher = recipe.train((DEEP | VARIANTS)[method], learn, k, seed)
    return hasher, hash_recipe.codes(hasher, faces.train, faces.test)


def both_stages(faces: DescribedFaces, network: FaceNetwork, given: Mapping[str, Any]) -> Runs:
    """The codes of the committed networks of both stages, which belong to the given parameters of the page alone."""
    committed_hash_networks.made_for(given)
    found = committed_hash_networks.read(faces.train, network.last_block())
    rows = {objective: row for row, objective in (DEEP | VARIANTS).items()}
    return {
        (rows[name], one.n_bits, seed): Codes(faces, one, *hash_recipe.codes(one, faces.train, faces.test))
        for (name, seed), one in found.items()
    }


def over_lambda2(
    faces: DescribedFaces, values: Sequence[float], k: int, seeds: Sequence[int], recipe: HashRecipe
) -> dict[float, list[Codes]]:
    """The codes of HVIH by weight of center alignment, one entry for each seed; all else is as in ``recipe``."""
    recipes = {value: recipe._replace(weights=replace(recipe.weights, lambda2=value)) for value in values}
    found = {value: train_all(faces, ["HVIH"], [k], seeds, changed) for value, changed in recipes.items()}
    return {value: list(runs.values()) for value, runs in found.items()}


def learning_curves(faces: DescribedFaces, k: int, seed: int, recipe: HashRecipe) -> dict[str, list[tuple[int, float]]]:
    """The mAP of held-out training videos after some steps, for every deep method."""
    train = faces.train
    if np.bincount(train.persons).max() < 5:
        raise NoExampleError("no person has five training videos, of which every fifth could be held out")
    curve = partial(deep_validation.of_recipe, recipe=recipe, learn=train, n_bits=k, seed=seed)
    found = parallel_trainings.in_processes(curve, [*DEEP.values()])
    return dict(zip(DEEP, found, strict=True))


def precision_recall(runs: Runs, k: int, seed: int) -> dict[str, tuple[F64, F64]]:
    """Recall and precision within each Hamming radius, video to video, of every row of Table III."""
    found = {method: runs[method, k, seed] for method in (*SHALLOW, *DEEP)}
    return {m: hamming.precision_recall(c.distances(c.videos), c.faces.relevant)[:] for m, c in found.items()}
