"""The recipe of the networks in ``data/weights`` that bring paintings and texts into one space (thesis chapter 7).

``python -m vretlib weights common_spaces --out FILE`` runs it. A training is that of notebook 07 with more steps, and
recurrent encoders are trained with each seed too. Each is judged twenty times on the validation paintings and the best
state is kept, as in the thesis; no test painting has a part in anything. The card has all validations of all trainings,
and the median rank of test texts, which decides nothing.

Each training is kept in the cache and goes on from its checkpoint if it is interrupted.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from vretlib.evaluation import cross_modal
from vretlib.models import cards, committed_spaces, cross_modal_training, parallel_trainings
from vretlib.models.committed_spaces import NAME, Spaces
from vretlib.models.cross_modal import Samples
from vretlib.models.cross_modal_training import CrossModalRecipe, CrossModalTask

log = logging.getLogger(__name__)

STEPS, SEEDS = 6000, 3


def train(
    tasks: Mapping[str, tuple[CrossModalTask, Samples]],
    out: Path,
    recipe: CrossModalRecipe,
    *,
    seeds: int = SEEDS,
    data: dict[str, Any] | None = None,
) -> Path:
    """The path of networks that are trained and written with their card.

    Parameters
    ----------
    tasks: what each network learns, and the samples that it is tested on, by name.
    out: the safetensors file; the card lies beside it as .json.
    recipe: of the first seed; the others follow it.
    data: the parameters of the page to which the networks belong, for the card.
    """
    began = time.monotonic()
    numbers = [recipe.seed + i for i in range(seeds)]
    jobs = {(name, seed): (tasks[name][0], replace(recipe, seed=seed)) for name in tasks for seed in numbers}
    parallel_trainings.in_processes(_keep, list(jobs.values()))
    found = {job: cross_modal_training.learn(*what) for job, what in jobs.items()}
    committed_spaces.save(found, out)
    first = next(iter(tasks.values()))
    card = {
        "name": NAME,
        "networks": list(tasks),
        "seed": recipe.seed,
        "seeds": numbers,
        "data": {
            "learned": len(first[0].learned), "held_out": len(first[0].held_out), "tested": len(first[1]),
            "sha256": first[0].learned.checksum,
        },
        "parameters": data or {},
        "recipe": asdict(recipe),
        "steps": recipe.steps,
        "seconds": round(time.monotonic() - began),
        "hardware": cards.hardware(),
        "curve": committed_spaces.validations(found),
        "stored": "float16",
        "command": cards.command(NAME, recipe.seed),
    }  # fmt: skip
    cards.write(card, out)
    stored = committed_spaces.read({name: task for name, (task, _) in tasks.items()}, out)
    card["accuracy"] = {"trained": _ranks(found, tasks), "stored": _ranks(stored, tasks)}
    cards.write(card, out)
    log.info("%s: %.1f MiB, %s", out, out.stat().st_size / 2**20, card["accuracy"])
    return out


def _keep(job: tuple[CrossModalTask, CrossModalRecipe]) -> None:
    """Train a network, which the cache then holds: networks cannot be sent from one process to another."""
    cross_modal_training.learn(*job)


def _ranks(spaces: Spaces, tasks: Mapping[str, tuple[CrossModalTask, Samples]]) -> dict[str, list[float]]:
    """The median rank of the painting of each test text by name, for each seed."""
    found: dict[str, list[float]] = {}
    for (name, _), one in spaces.items():
        tested = tasks[name][1]
        ranks = cross_modal.ranks(one.network.texts(tested), one.network.images(tested.images))
        found.setdefault(name, []).append(float(np.median(ranks)))
    return found
