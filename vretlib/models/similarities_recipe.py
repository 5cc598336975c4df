"""The recipe of the similarity networks in ``data/weights``: those of notebook 03 (thesis chapter 3).

``python -m vretlib weights similarity_networks --out FILE`` runs it. Each training is that of the page, with the page's
settings. The file has the networks that the page shows, not those from which they start; OASIS and the page's own
training from pixels are not in it. The state with the highest mAP among held-out training images is kept; no query has
a part in any decision.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import torch

from vretlib.models import cards, committed_similarities
from vretlib.models.cards import Card
from vretlib.models.committed_similarities import NAME, StoredSimilarity
from vretlib.models.parallel_trainings import in_threads
from vretlib.models.trained_similarities import SimilarityRecipe, TrainedSimilarity, generator_of
from vretlib.models.training_set import TrainingSet, held_out_map, held_out_queries
from vretlib.progress import progress_bar

log = logging.getLogger(__name__)


class SimilarityTraining(NamedTuple):
    """A training: its recipe, its images (None for a warm-up), and the function that runs it."""

    recipe: SimilarityRecipe
    examples: TrainingSet | None
    train: Callable[[], TrainedSimilarity]


def train(trainings: Sequence[SimilarityTraining], out: Path, *, data: dict[str, Any] | None = None) -> Path:
    """The path of networks that are trained and written with their card.

    Each training is kept in the cache, so that an interrupted run goes on where it was.

    Parameters
    ----------
    trainings: the first one's recipe is that of the card; the others say what they change.
    out: the safetensors file; the card lies beside it as .json.
    data: the parameters of the page to which the networks belong, for the card.
    """
    began, recipe = time.monotonic(), trainings[0].recipe
    done = in_threads(lambda one: one.train(), trainings)
    trained = list(progress_bar(done, total=len(trainings), desc=NAME, unit="network"))
    stored = [
        StoredSimilarity(training.recipe.settings_by_name, training.examples, one.key, one.network, one.log)
        for training, one in zip(trainings, trained, strict=True)
    ]
    found = committed_similarities.save(stored, out)
    card: Card = {
        "name": NAME,
        **found,
        "data": data or {},
        "seed": recipe.seed,
        "seconds": round(time.monotonic() - began),
        "hardware": cards.hardware(),
        "stored": "float16 matrices, losses; float32 vectors",
        "command": cards.command(NAME, recipe.seed),
    }
    cards.write(card, out)
    card["accuracy"] = {
        "measure": "mAP of held-out training images that search among themselves, by set: from, to",
        **_accuracy(trainings, trained, out, len(found["sets"])),
    }
    cards.write(card, out)
    log.info("%s: %.1f MiB, %s", out, out.stat().st_size / 2**20, card["accuracy"])
    return out


def _accuracy(
    trainings: Sequence[SimilarityTraining], trained: Sequence[TrainedSimilarity], out: Path, n_sets: int
) -> dict[str, Any]:
    """Lowest and highest held-out mAP of the networks of each set, and by how much storing them changes one at most."""
    by_set: list[list[float]] = [[] for _ in range(n_sets)]
    moved = [0.0]
    sets = list(dict.fromkeys(training.examples for training in trainings if training.examples is not None))
    for training, one in zip(trainings, trained, strict=True):
        if training.examples is None:
            continue
        best = dict(one.log.validation)[one.log.best_step] if one.log.best_step is not None else float("nan")
        by_set[sets.index(training.examples)].append(round(best, 4))
        committed_similarities.load_into(
            one.network, training.recipe.deciding(one.key["what"]), training.examples, one.key, out
        )
        held_out = training.examples.split(generator_of(training.recipe))[1]
        if len(held_out.labels):
            x, queries = held_out.descriptors, held_out_queries(len(held_out.labels))
            with torch.inference_mode():
                moved.append(abs(held_out_map(one.scores(x[queries], x), held_out.labels, queries) - best))
    return {"held_out": [[min(of), max(of)] for of in by_set], "moved_by_storing": round(max(moved), 4)}
