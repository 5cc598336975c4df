"""The recipes of the hash networks in ``data/weights``: paper 001's deep methods, after one stage of training and two.

``python -m vretlib weights hash_layers_a --out FILE`` runs one. ``hash_layers_a`` and ``hash_layers_b`` have all rows
after the first stage, on one drawn set each; ``hash_sweep_a`` and ``hash_sweep_b`` have HVIH with the weights of center
alignment of Figure 6, in the same way; ``hash_known_people`` and ``hash_new_people`` have two rows, on half of the
people of set "a" each; ``hash_networks`` has Table II's rows after both stages, on set "a". The first stage is that of
notebook 10: the same trainings, on the same frames. The second has a tenth of the steps at a tenth of the rate, as the
printed schedule lowers it, and tunes the last two convolutions of the face network with the hash layers. Rates were
chosen by held-out training videos, see `deep_validation`. The card has the mAP of such videos over the steps (one
further training of each row, with the longest code and the first seed, in which every fifth video is held out), and
that of the queries at the end.

Each training is kept in the cache and goes on from its checkpoint if it is interrupted.
"""

from __future__ import annotations

import logging
import time
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from torch import nn

from vretlib.models import cards, committed_hash_networks, parallel_trainings
from vretlib.models.committed_hash_networks import BOTH_STAGES, LAYERS, PEOPLE, SWEEP, HashKey
from vretlib.models.hashing import deep_methods, deep_validation, hash_recipe
from vretlib.models.hashing.deep_training import LOWER, STEPS, DeepHasher
from vretlib.models.hashing.hash_recipe import Frames, HashRecipe
from vretlib.models.hashing.objectives import HvihWeights

log = logging.getLogger(__name__)

SECOND = STEPS // 10
"""Steps of a second stage."""


@dataclass(frozen=True)
class HashTrainings:
    """What is trained.

    Attributes
    ----------
    objectives: names as of `HashRecipe.train`.
    bits: code lengths.
    n_seeds: number of seeds.
    first, second: steps of the stages; without a second stage 0.
    """

    objectives: tuple[str, ...]
    bits: tuple[int, ...] = (12, 24, 36, 48)
    n_seeds: int = 3
    first: int = STEPS
    second: int = 0


RECIPES = {
    **dict.fromkeys(LAYERS.values(), HashTrainings(tuple(deep_methods.METHODS))),
    **dict.fromkeys(SWEEP.values(), HashTrainings(tuple(map(hash_recipe.with_lambda2, hash_recipe.SWEPT)))),
    **dict.fromkeys(PEOPLE.values(), HashTrainings(("ssdh", "hvih"), bits=(48,))),
    BOTH_STAGES: HashTrainings(("ssdh", "single-video", "joint", "hvih"), bits=(48,), second=SECOND),
}


def train(
    name: str, learn: Frames, asked: Frames, front: nn.Module, out: Path, recipe: HashTrainings, *, seed: int = 0,
    database: Frames | None = None, data: dict[str, Any] | None = None,
) -> Path:  # fmt: skip
    """The path of hash networks that are trained and written with their card.

    Parameters
    ----------
    name: one of `RECIPES`, for the card.
    learn, asked: frames of training videos and of queries, with maps for a second stage; no query has part in the
        training.
    front: the layers that compute features from maps, for a second stage; they are not changed.
    out: the safetensors file; the card lies beside it as .json.
    seed: the first of the seeds.
    database: what the queries search for the numbers on the card; the training videos if None.
    data: the parameters of the page to which the networks belong, for the card.
    """
    began = time.monotonic()
    how = HashRecipe(HvihWeights(), recipe.first).with_second_stage(front, recipe.second)
    seeds = [seed + i for i in range(recipe.n_seeds)]
    jobs = [(objective, k, one) for objective in recipe.objectives for k in recipe.bits for one in seeds]

    large = recipe.second > 0  # maps are too large to be copied to processes
    in_parallel = parallel_trainings.in_threads if large else parallel_trainings.in_processes
    hashers = dict(zip(jobs, in_parallel(partial(_trained, how, learn), jobs), strict=True))
    log.info("%s: %s trainings done", name, len(jobs))
    curve = partial(deep_validation.of_recipe, recipe=how, learn=learn, n_bits=max(recipe.bits), seed=seed)
    curves = dict(zip(recipe.objectives, in_parallel(curve, recipe.objectives), strict=True))
    committed_hash_networks.save(hashers, out)
    card = {
        "name": name,
        "objectives": recipe.objectives,
        "bits": recipe.bits,
        "seed": seed,
        "seeds": seeds,
        "data": committed_hash_networks.learned_from(learn, asked) | _searched(database),
        "parameters": data or {},
        "recipe": asdict(recipe) | {"lower": LOWER},
        "steps": recipe.first + recipe.second,
        "seconds": round(time.monotonic() - began),
        "hardware": cards.hardware(),
        "curve": {row: {str(step): round(value, 4) for step, value in of} for row, of in curves.items()},
        "loss": {
            f"{objective}, {n_bits} bits, seed {one}": {
                str(int(step)): round(float(value), 3) for step, value in zip(*hasher.log.curve(50), strict=True)
            }
            for (objective, n_bits, one), hasher in hashers.items()
        },
        "stored": "float16",
        "command": cards.command(name, seed),
    }  # fmt: skip
    cards.write(card, out)
    stored = committed_hash_networks.read(learn, front if recipe.second else None, out)
    card["accuracy"] = {
        when: committed_hash_networks.accuracies(of, database or learn, asked)
        for when, of in (("trained", hashers), ("stored", stored))
    }
    cards.write(card, out)
    log.info("%s: %.1f MiB", out, out.stat().st_size / 2**20)
    return out


def _searched(database: Frames | None) -> dict[str, dict[str, int]]:
    return {"searched": committed_hash_networks.numbers(database)} if database else {}


def _trained(how: HashRecipe, learn: Frames, job: HashKey) -> DeepHasher:
    objective, n_bits, seed = job
    return how.train(objective, learn, n_bits, seed)
