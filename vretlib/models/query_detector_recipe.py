"""The recipes of the detectors in ``data/weights`` that are fine-tuned to the queries of chapter 11.

``python -m vretlib weights detector_town_a_ft2 --out FILE`` runs one. All start from the detector "C" and see 5,000
images, as many as the paper's networks: 45 passes over the queries of a town and their mirror images, 31 over those of
the scenes. The settings are those with which the detectors themselves were trained. No setting was chosen by a ranking.
"""

from __future__ import annotations

import logging
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from vretlib import images
from vretlib.errors import UserError
from vretlib.features import detector as detectors
from vretlib.features import detector_files
from vretlib.features.detector_network import Detector
from vretlib.models import cards, committed_tunings, query_tuning
from vretlib.models.detection_set import DetectionSet
from vretlib.models.query_tuning import OPTIMISERS, STRATEGIES, QueryTuning

log = logging.getLogger(__name__)

COLLECTIONS = ("Town A", "Town B", "Shelf and street")
RECIPES = {
    committed_tunings.name_of(collection, strategy): (collection, QueryTuning(strategy))
    for collection in COLLECTIONS for strategy in STRATEGIES
}  # fmt: skip
"""Name of the weights -> the collection whose queries they learn, and how."""


def train(
    name: str, queries: DetectionSet, views: DetectionSet, out: str | Path, *, seed: int = 0,
    tuning: QueryTuning | None = None, device: str = "cpu", progress: bool = True,
) -> Path:  # fmt: skip
    """The path of the layers that fine-tuning "C" to the queries of a collection changes, written with their card.

    The same call continues an interrupted run from its last checkpoint, which is in the cache.

    Parameters
    ----------
    queries: the training images with their boxes.
    views: held-out images of the same objects, for the card.
    tuning: the recipe's if None; its seed is ``seed``.
    device: where the network is trained and measured, "cpu", "cuda" or "cuda:N".

    Raises
    ------
    UserError: an unknown name, or what `vretlib.models.query_tuning.fine_tune` refuses.
    """
    if name not in RECIPES:
        raise UserError(f"{name!r}: there are recipes for {', '.join(RECIPES)}. Choose one of these.")
    out, start = Path(out), detector_files.load("vgg16", "C").to(device)
    tuning = replace(tuning or RECIPES[name][1], seed=seed)
    tuned, done = query_tuning.fine_tune(start, queries, tuning, progress=progress)
    learned, others = class_score(tuned, queries, tuning), class_score(tuned, views, tuning)
    losses, window = np.array(done.losses), max(1, tuning.steps // 20)
    ends = range(window, tuning.steps + 1, window)
    committed_tunings.save(start, tuned, np.concatenate(queries.boxes), losses, out)
    cards.write(
        {
            "name": name,
            "start": {"file": "detector_vgg16_c.safetensors", "sha256": start.checksum},
            "data": {
                "learned": queries.name, "images": len(queries), "classes": len(queries.classes), "views": len(views),
            },
            "learned_from": committed_tunings.learned_from(start, queries, tuning),
            "seed": seed,
            "recipe": asdict(tuning) | {"settings": asdict(OPTIMISERS[tuning.optimiser])},
            "passes": round(tuning.steps * OPTIMISERS[tuning.optimiser].batch_size / (2 * len(queries)), 1),
            "hardware": cards.hardware(),
            "device": device,
            "accuracy": {
                "measure": "mean over images of the score of the object's class in the best of 300 proposals",
                "views": round(others, 4),
                "learned": round(learned, 4),
            },
            "loss": {str(end): round(float(losses[end - window : end].mean()), 3) for end in ends},
            "stored": "the layers that changed: float16 matrices and filters, float32 vectors",
            "command": cards.command(name, seed),
        },
        out,
    )  # fmt: skip
    log.info("%s: %.1f MiB, class score %.3f", out, out.stat().st_size / 2**20, others)
    return out


def class_score(detector: Detector, shown: DetectionSet, tuning: QueryTuning) -> float:
    """Mean over images, each with one object, of the best probability of its class in 300 proposals."""
    best = []
    for path, labels in zip(shown.images, shown.labels, strict=True):
        described = detectors.describe(
            detector, images.read(path), short_side=tuning.short_side, long_side=tuning.long_side, poolings=("max",)
        )
        best.append(described.scores[:, 1 + int(labels[0])].max(initial=0))
    return float(np.mean(best))
