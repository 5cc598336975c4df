"""KSH's hash functions in ``data/weights``, learned on both drawn sets of faces, and how they are learned again.

KSH learns its bits one after another and takes the better of two codes for each. A rounding that is different on
another processor can turn this choice, and all later bits with it. The files save a page two minutes of a processor,
and its numbers do not depend on which processor it is. They hold the weights as float32 and the rows of the anchors;
the kernel is computed from the training frames.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file
from safetensors.numpy import save as serialised

from vretlib import outputs
from vretlib.errors import UserError
from vretlib.models import cards, committed_hash_networks, parallel_trainings
from vretlib.models.hashing import hash_recipe, ksh
from vretlib.models.hashing.hash_recipe import Frames
from vretlib.models.hashing.ksh import KernelHasher

NAMES = {"a": "ksh_a", "b": "ksh_b"}
"""The file of each drawn set."""
Trained = dict[tuple[str, int, int], KernelHasher]
"""By "ksh", bits of a code and seed, like `committed_hash_networks.Hashers`."""


def train(
    name: str, learn: Frames, asked: Frames, out: Path, *, bits: Sequence[int] = (12, 24, 36, 48), n_seeds: int = 3,
    seed: int = 0, data: dict[str, Any] | None = None,
) -> Path:  # fmt: skip
    """The path of hash functions that are learned and written with their card.

    Parameters
    ----------
    name: one of `NAMES`, for the card.
    learn, asked: frames of training videos and of queries; no query has part in the training.
    out: the safetensors file; the card lies beside it as .json.
    bits, n_seeds, seed: code lengths, and number and first of the seeds.
    data: the parameters of the page to which the functions belong, for the card.
    """
    began = time.monotonic()
    seeds = [seed + i for i in range(n_seeds)]
    jobs = [("ksh", k, one) for k in bits for one in seeds]
    found: Trained = dict(zip(jobs, parallel_trainings.in_processes(partial(_learned, learn), jobs), strict=True))
    tensors = {f"{k}.{one}.{part}": of for (_, k, one), hasher in found.items() for part, of in _parts(hasher).items()}
    outputs.write(out, serialised(tensors))
    card = {
        "name": name,
        "objectives": ["ksh"],
        "bits": bits,
        "seed": seed,
        "seeds": seeds,
        "data": committed_hash_networks.learned_from(learn, asked),
        "parameters": data or {},
        "seconds": round(time.monotonic() - began),
        "hardware": cards.hardware(),
        "stored": "float32",
        "command": cards.command(name, seed),
    }  # fmt: skip
    cards.write(card, out)
    stored = read(learn, out)
    card["accuracy"] = {
        when: committed_hash_networks.accuracies(of, learn, asked)
        for when, of in (("trained", found), ("stored", stored))
    }
    cards.write(card, out)
    return out


def _learned(learn: Frames, job: tuple[str, int, int]) -> KernelHasher:
    _, n_bits, seed = job
    return hash_recipe.without_network(ksh.fit, learn, n_bits, seed)


def _parts(hasher: KernelHasher) -> dict[str, np.ndarray]:
    return {"rows": hasher.rows, "weights": hasher.weights.astype(np.float32), "gains": hasher.gains}


def read(learned: Frames, path: Path) -> Trained:
    """The hash functions of a file.

    Parameters
    ----------
    learned: the frames that they were learned from.

    Raises
    ------
    UserError: no file with its card, or one that does not fit the frames by their numbers of videos, frames and people.
    """
    card = cards.read(path)
    try:
        if other := committed_hash_networks.other_frames(card, learned):
            raise ValueError(other)
        tensors = load_file(path)
        return {
            ("ksh", k, seed): KernelHasher.with_anchors(
                learned.x, tensors[f"{k}.{seed}.rows"], tensors[f"{k}.{seed}.weights"].astype(np.float64),
                tensors[f"{k}.{seed}.gains"],
            )
            for k in card["bits"] for seed in card["seeds"]
        }  # fmt: skip
    except Exception as error:  # whatever a file can hold
        raise UserError(f"{path}: no such hash functions ({error!r}). Restore it, or train it anew.") from error
