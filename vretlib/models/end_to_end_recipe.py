"""The recipe of the descriptor and similarity network in ``data/weights`` (thesis §3.3.5).

``python -m vretlib weights end_to_end --out FILE`` runs it, on the photographs and from the network of notebook 03. The
similarity network is trained alone first, with the settings of that page. Then both are trained together, at the size
at which images are searched: the layers behind pool4 and the similarity network. The best of 24 validations on training
images that are held out is kept. No query has a part in any decision.
"""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch

from vretlib.features.backbones import Backbone
from vretlib.models import cards, committed_end_to_end
from vretlib.models.cards import Card
from vretlib.models.committed_end_to_end import NAME
from vretlib.models.trained_end_to_end import MARGIN, EndToEndRecipe, train_end_to_end
from vretlib.models.trained_similarities import SimilarityRecipe, trained_simnet
from vretlib.models.training_set import TrainingSet

log = logging.getLogger(__name__)


ALONE = SimilarityRecipe(
    width=384, optimiser="one-cycle", batch_size=200, warm_up_steps=1000, steps=400, n_pairs=60_000
)
TOGETHER = EndToEndRecipe(steps=1200, learning_rate=0.0001, image_size=256, validations=24, frozen="pool4")


@dataclass(frozen=True)
class AloneThenTogetherRecipe:
    """The two trainings: ``alone`` of the similarity network, and ``together`` of both."""

    alone: SimilarityRecipe = ALONE
    together: EndToEndRecipe = TOGETHER


def train(
    examples: TrainingSet,
    network: Backbone,
    out: str | Path | None = None,
    *,
    seed: int = 0,
    recipe: AloneThenTogetherRecipe = AloneThenTogetherRecipe(),
    data: dict[str, Any] | None = None,
) -> Path:
    """The file of a descriptor and a similarity, which are trained together and written with their card.

    An interrupted run called again goes on where it was, and ends in the same weights.

    Parameters
    ----------
    examples: training images with their MAC descriptors of ``network``.
    out: the safetensors file; ``data/weights/end_to_end.safetensors`` if None. The card lies beside it as .json.
    seed: decides everything random.
    data: more about the images, for the card.

    Raises
    ------
    NoExampleError: the images do not suffice, see `train_end_to_end`.
    """
    out = Path(out) if out is not None else committed_end_to_end.file()
    alone = replace(recipe.alone, seed=seed)
    _, held_out = examples.split(torch.Generator().manual_seed(seed))
    n = len(held_out.labels)
    log.info("%s: %d photographs, %d held out", NAME, len(examples.labels) - n, n)
    before = trained_simnet(alone, examples, MARGIN).log
    both = train_end_to_end(network, examples, alone, recipe.together)
    committed_end_to_end.save(network, both.network, both.similarity.network, out)
    wanted = committed_end_to_end.learned_from(network, examples, recipe.together.image_size)
    card: Card = {
        "name": NAME,
        "learned_from": asdict(wanted),
        "data": {"images": len(examples.labels), "held_out": len(held_out.labels), **(data or {})},
        "seed": seed,
        "recipe": {"alone": recipe.alone.settings_by_name, "together": asdict(recipe.together)},
        "steps": recipe.together.steps,
        "best_step": both.log.best_step,
        "seconds": round(both.log.seconds),
        "hardware": cards.hardware(),
        "accuracy": {
            "measure": "mAP of held-out training images that search among themselves, before rounding to float16",
            "before": round(max(score for _, score in before.validation), 4),
            "held_out": round(max(score for _, score in both.log.validation), 4),
        },
        "curve": [[step, round(score, 4)] for step, score in both.log.validation],
        "losses": [round(loss, 4) for loss in both.log.losses],
        "stored": "changed layers and similarity network: float16 matrices and filters, float32 vectors",
        "command": cards.command(NAME, seed),
    }
    cards.write(card, out)
    found = card["accuracy"]
    log.info("%s: mAP of held-out images %.4f, %.4f before", out, found["held_out"], found["before"])
    return out
