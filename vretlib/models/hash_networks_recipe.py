"""The recipe of the hash networks in ``data/weights``: Table II's rows of paper 001, trained in both stages.

``python -m vretlib weights hash_networks --out FILE`` runs it. The first stage is that of notebook 10. The second has
as many steps at a tenth of the rate, as the printed schedule lowers it, and tunes the last two convolutions of the face
network with the hash layers. Number and rate were fixed beforehand and nothing was chosen by results: the card has the
mAP of held-out training videos over the steps of both stages (one further training of each row, in which every fifth
video is held out), and that of the queries at the end.

Each training is kept in the cache and goes on from its checkpoint if it is interrupted.
"""

from __future__ import annotations

import hashlib
import logging
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import nn

from vretlib.evaluation import hamming
from vretlib.models import cards, committed_hash_networks, parallel_trainings
from vretlib.models.committed_hash_networks import NAME, Hashers
from vretlib.models.hashing import deep_validation, hash_recipe
from vretlib.models.hashing.deep_training import LOWER, STEPS, DeepHasher
from vretlib.models.hashing.hash_recipe import Frames, HashRecipe
from vretlib.models.hashing.objectives import HvihWeights
from vretlib.search import packed_codes

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class BothStages:
    """What is trained.

    Attributes
    ----------
    objectives: names as of `HashRecipe.train`, here the rows of Table II.
    n_bits: bits of a code.
    seeds: number of seeds.
    first, second: steps of the stages.
    """

    objectives: tuple[str, ...] = ("ssdh", "single-video", "joint", "hvih")
    n_bits: int = 48
    seeds: int = 3
    first: int = STEPS
    second: int = STEPS


def train(
    learn: Frames, asked: Frames, front: nn.Module, out: Path, *, seed: int = 0, recipe: BothStages = BothStages(),
    data: dict[str, Any] | None = None,
) -> Path:  # fmt: skip
    """The path of hash networks that are trained in both stages and written with their card.

    Parameters
    ----------
    learn, asked: frames of training videos and of queries, with maps; no query has part in the training.
    front: the layers that compute features from maps; they are not changed.
    out: the safetensors file; the card lies beside it as .json.
    seed: the first of the seeds.
    data: the parameters of the page to which the networks belong, for the card.
    """
    began = time.monotonic()
    how = HashRecipe(HvihWeights(), recipe.first).with_second_stage(front, recipe.second)
    seeds = [seed + i for i in range(recipe.seeds)]
    jobs = [(objective, one) for objective in recipe.objectives for one in seeds]

    def train_job(job: tuple[str, int]) -> DeepHasher:
        return how.train(job[0], learn, recipe.n_bits, job[1])

    def curve(objective: str) -> list[tuple[int, float]]:
        return deep_validation.of_recipe(objective, how, learn, recipe.n_bits, seed)

    hashers = dict(zip(jobs, parallel_trainings.in_threads(train_job, jobs), strict=True))
    log.info("%s: %s trainings done", NAME, len(jobs))
    curves = dict(zip(recipe.objectives, parallel_trainings.in_threads(curve, recipe.objectives), strict=True))
    committed_hash_networks.save(hashers, out)
    card = {
        "name": NAME,
        "objectives": recipe.objectives,
        "n_bits": recipe.n_bits,
        "seed": seed,
        "seeds": seeds,
        "data": {
            "videos": len(learn.persons), "frames": len(learn.x), "people": len(np.unique(learn.persons)),
            "queries": len(asked.persons), "sha256": hashlib.sha256(learn.x.data).hexdigest(),
        },
        "parameters": data or {},
        "recipe": asdict(recipe) | {"lower": LOWER},
        "steps": recipe.first + recipe.second,
        "seconds": round(time.monotonic() - began),
        "hardware": cards.hardware(),
        "curve": {name: {str(step): round(value, 4) for step, value in of} for name, of in curves.items()},
        "loss": {
            f"{objective}, seed {one}": {
                str(int(step)): round(float(value), 3) for step, value in zip(*hasher.log.curve(50), strict=True)
            }
            for (objective, one), hasher in hashers.items()
        },
        "stored": "float16",
        "command": cards.command(NAME, seed),
    }  # fmt: skip
    cards.write(card, out)
    stored = committed_hash_networks.read(learn, front, out)
    card["accuracy"] = {"trained": accuracies(hashers, learn, asked), "stored": accuracies(stored, learn, asked)}
    cards.write(card, out)
    log.info("%s: %.1f MiB, %s", out, out.stat().st_size / 2**20, card["accuracy"])
    return out


def accuracies(hashers: Hashers, database: Frames, asked: Frames) -> dict[str, list[float]]:
    """The mAP of query videos by objective, for each seed: expected over the orders of ties."""
    wanted = asked.persons[:, None] == database.persons
    found: dict[str, list[float]] = {}
    for (objective, _), hasher in hashers.items():
        near = packed_codes.distances(*(_packed(hasher, part) for part in (asked, database)))
        average = hamming.expected_average_precisions(near, wanted)
        found.setdefault(objective, []).append(round(float(np.nanmean(average)), 4))
    return found


def _packed(hasher: DeepHasher, frames: Frames) -> NDArray[np.uint8]:
    return packed_codes.pack(hash_recipe.video_bits(hasher, frames))
