"""The recipe of the two detectors in ``data/weights`` that are fine-tuned on faces (paper 000, section 2.4).

``python -m vretlib weights detector_vgg16_f-s --out FILE`` runs one. Both start from the detector "P" with a new last
layer, whose classes are people, and train all layers after conv2. The paper takes 20,000 steps of one picture each;
here 6,000 steps of two took 37 minutes of a processor. Settings are those with which P itself was trained. People,
pictures and steps were chosen by the mAP on held-out pictures of the same people, and by no ranking:

- 900 steps of one picture on 120 and 60 people, with 5 and 6 faces of each, momentum and no normalisation gave 0.
- 500 steps of this recipe on 20 people, who were alone in 20 pictures each, gave 0.14, hardly more than chance.
- Pairs show two people at the cost of one picture. With them and 1,500 steps, 12 people (F-F) gave 0.34, where shuffled
  names have 0.15, and 20 people (F-S) gave 0.11, where they have 0.09: too few steps.
- With 6,000 steps both tell their people apart: see ``map`` on the cards. 10,000 were begun first and stopped, because
  they took too long, before anything was measured.
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from vretlib import paths
from vretlib.features import detector_files
from vretlib.features.detector_network import Detector
from vretlib.models import cards, detector_measures, detector_recipe, detector_training
from vretlib.models.checkpoint import Checkpoint
from vretlib.models.detection_set import DetectionSet
from vretlib.models.optimisation import OneCycle

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class FaceTuning:
    """Steps and options of a fine-tuning, with batch normalisation that is folded into the convolutions at the end."""

    steps: int = 6000
    settings: OneCycle = OneCycle(learning_rate=0.002, weight_decay=0.05, batch_size=2)  # noqa: RUF009 (frozen)
    short_side: int = 224
    long_side: int = 400


NAMES = {"detector_vgg16_f-s": "F-S", "detector_vgg16_f-f": "F-F"}
"""Name of the weights -> the set of faces that they learn."""
TUNING = FaceTuning()
CHECKPOINT_EVERY = 100  # steps
SHUFFLES = 3
"""How often names are shuffled to know the mAP of a detector that knows nobody."""


def train(
    name: str, learned: DetectionSet, held_out: DetectionSet, out: str | Path, *, seed: int = 0,
    recipe: FaceTuning = TUNING, device: str = "cpu", progress: bool = True,
) -> Path:  # fmt: skip
    """The path of a detector that is fine-tuned from "P" on a set of faces and written with its card.

    The same call continues an interrupted run from its last checkpoint, which is in the cache.

    Parameters
    ----------
    learned, held_out: pictures to learn from, and others of the same people to measure on.
    out: the safetensors file. The card lies beside it as .json.
    device: where the network is trained and measured, "cpu", "cuda" or "cuda:N".

    Raises
    ------
    UserError: what `vretlib.models.detector_training.train` refuses.
    """
    out = Path(out)
    start = detector_files.load("vgg16", "P").to(device)
    content = detector_recipe.checksum(learned)
    identity = hashlib.sha256(json.dumps([asdict(recipe), seed, content, start.checksum]).encode()).hexdigest()
    sizes: dict[str, Any] = {"short_side": recipe.short_side, "long_side": recipe.long_side}
    begin, started = start.with_classes(learned.classes, seed), (time.perf_counter(), time.process_time())
    tuned, losses = detector_training.train(
        begin, learned, layers="after conv2", steps=recipe.steps, seed=seed, settings=recipe.settings,
        normalise=True, **sizes,
        checkpoint=Checkpoint(paths.CACHE / "detectors" / f"{identity[:20]}.pt", identity, CHECKPOINT_EVERY),
        progress=progress,
    )  # fmt: skip
    seconds, processor = time.perf_counter() - started[0], time.process_time() - started[1]
    detector_files.save(tuned, out)
    stored = detector_files.read(out, "vgg16").to(device)
    before, after = (detector_measures.measure(one, held_out, **sizes) for one in (begin, stored))
    window = max(1, recipe.steps // 20)
    ends = range(window, recipe.steps + 1, window)
    cards.write(
        {
            "name": name,
            "shape": asdict(tuned.shape),
            "data": {
                "learned": learned.name, "images": len(learned), "boxes": sum(map(len, learned.boxes)),
                "people": len(learned.classes), "held_out": len(held_out),
                "held_out_boxes": sum(map(len, held_out.boxes)), "sha256": content,
            },
            "start": {"file": "detector_vgg16_p", "sha256": start.checksum},
            "seed": seed,
            "recipe": asdict(recipe),
            "steps": recipe.steps,
            "seconds": round(seconds),
            "processor_seconds": round(processor),
            "hardware": cards.hardware(),
            "device": device,
            "accuracy": {
                "measure": f"on {len(held_out)} held-out pictures, at an IoU of {detector_measures.OVERLAP}",
                "recall_at_300": round(after.recall, 4),
                "recall_at_300_before": round(before.recall, 4),
                "mean_overlap": round(after.mean_overlap, 4),
                "mean_overlap_before": round(before.mean_overlap, 4),
                "map": round(after.map, 4),
                "map_of_shuffled_names": round(nameless_map(stored, held_out, seed, **sizes), 4),
            },
            "loss": {str(end): round(float(losses[end - window : end].mean()), 3) for end in ends},
            "stored": "float16 matrices and filters, float32 vectors",
            "command": cards.command(name, seed),
        },
        out,
    )  # fmt: skip
    log.info("%s: %.1f MiB, recall %.3f, mAP %.3f", out, out.stat().st_size / 2**20, after.recall, after.map)
    return out


def nameless_map(tuned: Detector, held_out: DetectionSet, seed: int, **sizes: int) -> float:
    """The mAP if the names of all boxes are shuffled, mean of `SHUFFLES`: what a detector has that knows nobody.

    ``sizes`` are those of `vretlib.models.detector_measures.measure`.
    """
    rng, ends = np.random.default_rng(seed), np.cumsum([len(labels) for labels in held_out.labels])[:-1]
    shuffled = [np.split(rng.permutation(np.concatenate(held_out.labels)), ends) for _ in range(SHUFFLES)]
    named = [replace(held_out, labels=tuple(labels)) for labels in shuffled]
    return float(np.mean([detector_measures.measure(tuned, one, **sizes).map for one in named]))
