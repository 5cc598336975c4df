"""The trainings of the hash functions in ``data/weights``: the drawn faces and the parameters of notebook 10."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from vretlib.datasets.faces import embedded
from vretlib.described.faces import DescribedFaces, described, unseen
from vretlib.features import face_network
from vretlib.features.face_network import FaceNetwork
from vretlib.models import committed_kernel_hashers, hash_networks_recipe
from vretlib.models.committed_hash_networks import PEOPLE
from vretlib.models.hashing.deep_training import STEPS

HASHED: dict[str, Any] = {
    "dataset": "embedded", "seed": 0, "sizes": {"people": 24, "train": 20, "test": 8, "shortest": 8, "longest": 16},
    "weights": "embedded", "steps": STEPS, "batch_videos": 24, "batch_frames": 10, "hidden": 256, "second_steps": 0,
    "lambda1": 1.0, "lambda2": 0.01, "lambda3": 1.0, "beta": 0.1, "gamma": 0.5, "margin": 2.0,
}  # fmt: skip
"""The parameters of notebook 10 to which the hash functions belong; the sizes are those of set "a"."""
SHARE = 0.5
"""The share of the people of set "a" from whom the functions of the protocol with new people learn."""


def networks(name: str, out: Path, *, seed: int) -> Path:
    """The file of hash networks, one of `hash_networks_recipe.RECIPES`."""
    network, recipe = face_network.load(), hash_networks_recipe.RECIPES[name]
    found, data = _faces(name, network, maps=recipe.second > 0), HASHED
    learn = found.train
    if name in PEOPLE.values():
        unseen_people, found = unseen(found, share=SHARE, seed=HASHED["seed"])
        learn, data = unseen_people if name == PEOPLE["new"] else found.train, HASHED | {"new_people_share": SHARE}
    database = found.train if learn is not found.train else None
    return hash_networks_recipe.train(
        name, learn, found.test, network.last_block(), out, recipe, seed=seed, database=database, data=data
    )


def kernel_hashers(name: str, out: Path, *, seed: int) -> Path:
    """The file of KSH's functions, one of `committed_kernel_hashers.NAMES`."""
    found = _faces(name, face_network.load(), maps=False)
    data = {parameter: HASHED[parameter] for parameter in ("dataset", "seed", "sizes", "weights")}
    return committed_kernel_hashers.train(name, found.train, found.test, out, seed=seed, data=data)


def _faces(name: str, network: FaceNetwork, *, maps: bool) -> DescribedFaces:
    """The drawn set "b" if the name of the weights ends with _b, else set "a", in its own sizes, as on the page."""
    drawn: Literal["a", "b"] = "b" if name.endswith("_b") else "a"
    return described(embedded.embedded(drawn, HASHED["seed"]), network, maps=maps)
