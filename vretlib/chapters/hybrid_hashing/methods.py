"""The methods of paper 001's tables: each makes codes of the database, of query videos and of query images."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vretlib.chapters.hybrid_hashing.inputs import HEADINGS
from vretlib.datasets.faces.described import F32, DescribedFaces, VideoFrames
from vretlib.datasets.faces.hashed import F64, Codes, Packed, hashed
from vretlib.errors import NoExampleError
from vretlib.evaluation import hamming
from vretlib.features.face_network import FaceNetwork
from vretlib.models import committed_hash_networks, parallel_trainings
from vretlib.models.committed_hash_networks import BOTH_STAGES, LAYERS, Hashers
from vretlib.models.hashing import bre, cca_itq, hash_recipe, itq, ksh, lsh, spectral
from vretlib.models.hashing.hash_recipe import HashRecipe
from vretlib.models.hashing.hasher import Hasher

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


def all_methods(
    faces: Mapping[str, DescribedFaces], bits: Sequence[int], seeds: Sequence[int], recipe: HashRecipe,
    given: Mapping[str, Any],
) -> tuple[dict[str, Runs], str]:  # fmt: skip
    """The codes of all methods on each collection, by its heading, and a sentence that says where networks learned.

    With ``models`` "committed" in ``given``, the parameters of the page, the layers of the deep methods are those in
    ``data/weights`` if these learned from such frames with such parameters. All else is trained here.
    """
    files = dict(zip(HEADINGS.values(), map(committed_hash_networks.file, LAYERS.values()), strict=True))
    why = "as asked for"
    if given["models"] == "committed":
        pairs = zip(files.values(), faces.values(), strict=False)  # other collections have other parameters
        found = (committed_hash_networks.lacks(file, one.train, given, bits, seeds) for file, one in pairs)
        why = next(filter(None, found), "")
    rows = [*SHALLOW, *DEEP, *VARIANTS] if why else [*SHALLOW]
    runs = {heading: train_all(one, rows, bits, seeds, recipe) for heading, one in faces.items()}
    if why:
        steps = recipe.steps + (recipe.second.steps if recipe.second else 0)
        return runs, f"trained here, {steps:,} steps: {why}"
    for heading, one in faces.items():
        known = committed_hash_networks.read(one.train, None, files[heading])
        runs[heading] |= _runs(one, {job: of for job, of in known.items() if job[1] in bits and job[2] in seeds})
    return runs, f"committed: {' and '.join(file.name for file in files.values())}"


def both_stages(faces: DescribedFaces, network: FaceNetwork, given: Mapping[str, Any]) -> Runs:
    """The codes of the committed networks of both stages, which belong to the given parameters of the page alone."""
    file = committed_hash_networks.file(BOTH_STAGES)
    if why := committed_hash_networks.lacks(file, faces.train, given):
        raise NoExampleError(f"{file.stem} were trained with other parameters ({why}); second_steps trains such here")
    return _runs(faces, committed_hash_networks.read(faces.train, network.last_block(), file))


def _runs(faces: DescribedFaces, hashers: Hashers) -> Runs:
    rows = {objective: row for row, objective in (DEEP | VARIANTS).items()}
    jobs = [(rows[name], k, seed) for name, k, seed in hashers]
    return dict(zip(jobs, hashed(faces, [*hashers.values()]), strict=True))


def over_lambda2(
    runs: Runs, values: Sequence[float], k: int, seeds: Sequence[int], recipe: HashRecipe
) -> dict[float, list[Codes]]:
    """The codes of HVIH by weight of center alignment, one entry for each seed; all else is as in ``recipe``.

    ``runs`` has those with the weight of the recipe.
    """
    faces = runs["HVIH", k, seeds[0]].faces
    found = {}
    for value in values:
        changed = recipe._replace(weights=replace(recipe.weights, lambda2=value))
        here = runs if changed == recipe else train_all(faces, ["HVIH"], [k], seeds, changed)
        found[value] = [here["HVIH", k, seed] for seed in seeds]
    return found


def precision_recall(runs: Runs, k: int, seed: int) -> dict[str, tuple[F64, F64]]:
    """Recall and precision within each Hamming radius, video to video, of every row of Table III."""
    found = {method: runs[method, k, seed] for method in (*SHALLOW, *DEEP)}
    return {m: hamming.precision_recall(c.distances(c.videos), c.faces.relevant)[:] for m, c in found.items()}
