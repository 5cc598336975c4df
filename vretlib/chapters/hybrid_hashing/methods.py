"""The methods of paper 001's tables: each makes codes of the database, of query videos and of query images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from vretlib.chapters.hybrid_hashing.inputs import HEADINGS
from vretlib.described.face_codes import F64, Codes, Packed, hashed
from vretlib.described.faces import DescribedFaces, VideoFrames
from vretlib.errors import NoExampleError
from vretlib.evaluation import hamming
from vretlib.features.face_network import FaceNetwork
from vretlib.models import committed_hash_networks, committed_hashers, parallel_trainings
from vretlib.models.committed_hash_networks import BOTH_STAGES, LAYERS, SWEEP, HashKey
from vretlib.models.committed_kernel_hashers import NAMES as KERNELS
from vretlib.models.hashing import hash_recipe, shallow_methods
from vretlib.models.hashing.hash_recipe import HashRecipe, with_lambda2
from vretlib.models.hashing.hasher import Hasher

SH = "SH [39]"
SHALLOW = {
    "LSH [14]": "lsh", SH: "sh", "ITQ [15]": "itq", "SITQ [15]": "sitq", "BRE [21]": "bre", "KSH [28]": "ksh",
}  # fmt: skip
DEEP = {
    "DNNH [22]": "dnnh", "DSH [26]": "dsh", "HashNet [6]": "hashnet", "SSDH [42]": "ssdh", "DVC [31]": "dvc",
    "HVIH": "hvih",
}  # fmt: skip
"""Rows of Table III, and their methods in `shallow_methods` and `deep_methods`."""
VARIANTS = {"single-video": "single-video", "joint image and video": "joint"}
"""Rows of Table II that are not in Table III, and their objectives."""
STRATEGIES = {
    "single-image": "SSDH [42]", "single-video": "single-video", "joint image and video": "joint image and video",
    "joint image and video ++": "HVIH",
}  # fmt: skip
"""Rows of Table II, and the method of each: two of them are rows of Table III as well."""
ROWS = {name: row for row, name in (SHALLOW | DEEP | VARIANTS).items()}
"""The row of each name of a file in ``data/weights``."""
SETS = dict(zip(HEADINGS.values(), "ab", strict=True))
"""The drawn set in the place of each of the paper's; other collections do not fit the parameters of any file."""


RunKey = tuple[str, int, int]  # method, code length, seed
Runs = dict[RunKey, Codes]


def train_all(
    faces: DescribedFaces, methods: Sequence[str], bits: Sequence[int], seeds: Sequence[int], recipe: HashRecipe,
    learn: VideoFrames | None = None,
) -> Runs:  # fmt: skip
    """The codes of each method with each length and seed; trainings run in parallel.

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
    if method in SHALLOW:
        hasher = hash_recipe.without_network(shallow_methods.METHODS[SHALLOW[method]], learn, k, seed)
    else:
        hasher = recipe.train((DEEP | VARIANTS)[method], learn, k, seed)
    return hasher, hash_recipe.codes(hasher, faces.train, faces.test)


def all_methods(
    faces: Mapping[str, DescribedFaces], bits: Sequence[int], seeds: Sequence[int], recipe: HashRecipe,
    given: Mapping[str, Any],
) -> tuple[dict[str, Runs], dict[str, str]]:  # fmt: skip
    """The codes of all methods on each collection, by its heading, and by file why it was not used; empty if it was.

    Files in ``data/weights`` have KSH, the layers of the deep methods, and those of Figure 6. All other methods of
    Tables II and III are trained here.
    """
    runs, unused = dict[str, Runs](), dict[str, str]()
    for heading, one in faces.items():
        drawn = SETS.get(heading, "a")
        files = {LAYERS[drawn]: bits, KERNELS[drawn]: bits, SWEEP[drawn]: bits}
        rows = (*SHALLOW, *DEEP, *VARIANTS)
        runs[heading], why = known_or_trained(one, rows, files, bits, seeds, recipe, given)
        unused |= why
    return runs, unused


def known_or_trained(
    faces: DescribedFaces, rows: Sequence[str], files: Mapping[str, Sequence[int]], bits: Sequence[int],
    seeds: Sequence[int], recipe: HashRecipe, given: Mapping[str, Any], learn: VideoFrames | None = None,
) -> tuple[Runs, dict[str, str]]:  # fmt: skip
    """As `train_all`, with what ``files`` have (the code lengths needed, by file); and why each file was not used."""
    known, unused = Runs(), {}
    for name, lengths in files.items():
        found, unused[name] = committed_hashers.find(name, learn or faces.train, given, lengths, seeds)
        known |= _runs(faces, found)
    rest = [row for row in rows if (row, bits[0], seeds[0]) not in known]
    return known | train_all(faces, rest, bits, seeds, recipe, learn), unused


def both_stages(faces: DescribedFaces, network: FaceNetwork, given: Mapping[str, Any]) -> Runs:
    """The codes of the committed networks of both stages, which belong only to the given parameters of the page."""
    file = committed_hash_networks.file(BOTH_STAGES)
    if why := committed_hash_networks.lacks(file, faces.train, given):
        raise NoExampleError(f"{file.stem} were trained with other parameters ({why}); second_steps trains such here")
    return _runs(faces, committed_hash_networks.read(faces.train, network.last_block(), file))


def _runs(faces: DescribedFaces, hashers: Mapping[HashKey, Hasher]) -> Runs:
    jobs = [(ROWS.get(name, name), k, seed) for name, k, seed in hashers]
    return dict(zip(jobs, hashed(faces, [*hashers.values()]), strict=True))


def over_lambda2(
    runs: Runs, values: Sequence[float], k: int, seeds: Sequence[int], recipe: HashRecipe
) -> dict[float, list[Codes]]:
    """The codes of HVIH by λ2, for each seed; all else is as in ``recipe``. What ``runs`` lacks is trained here."""
    faces = runs["HVIH", k, seeds[0]].faces
    found = {}
    for value in values:
        changed = recipe._replace(weights=replace(recipe.weights, lambda2=value))
        row = "HVIH" if changed == recipe else with_lambda2(value)
        here = runs
        if (row, k, seeds[0]) not in runs:
            row, here = "HVIH", train_all(faces, ["HVIH"], [k], seeds, changed)
        found[value] = [here[row, k, seed] for seed in seeds]
    return found


def precision_recall(runs: Runs, k: int, seed: int) -> dict[str, tuple[F64, F64]]:
    """Recall and precision within each Hamming radius, video to video, of every row of Table III."""
    found = {method: runs[method, k, seed] for method in (*SHALLOW, *DEEP)}
    return {m: hamming.precision_recall(c.distances(c.videos), c.faces.relevant)[:] for m, c in found.items()}
