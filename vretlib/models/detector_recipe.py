"""The recipes of the detectors in ``data/weights``, trained on drawn scenes: see `embedded.scenes`.

``python -m vretlib weights detector_vgg16_c --out FILE`` runs one. The convolutions of "vgg16" start with the weights
of the embedded VGG16, as the papers' start with weights from ImageNet; their first two groups are not trained, as in
Faster R-CNN. "zf" starts with random weights, because the project has no such network. Two things differ from the
papers to keep the training on processors short: the optimiser, and batch normalisation that is folded into the
convolutions at the end. With batch normalisation, a short trial on a part of P reached three times the mean average
precision.
"""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from vretlib import checksums, paths
from vretlib.errors import UserError
from vretlib.features import detector_files
from vretlib.features import weights as weights_of
from vretlib.features.detector_network import Detector, fill
from vretlib.models import cards, detector_measures, detector_training
from vretlib.models.checkpoint import Checkpoint
from vretlib.models.detection_set import DetectionSet
from vretlib.models.detector_training import Layers
from vretlib.models.optimisation import OneCycle

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class DetectorRecipe:
    """The training of a detector.

    Attributes
    ----------
    network, trained_on: "vgg16" or "zf"; "P" or "C".
    layers: the layers that are trained, see `vretlib.models.detector_training.train`.
    steps: number of steps, each of ``settings.batch_size`` images.
    short_side, long_side: size of the images.
    """

    network: str
    trained_on: Literal["P", "C"]
    layers: Layers
    steps: int
    settings: OneCycle = OneCycle(learning_rate=0.002, weight_decay=0.05, batch_size=2)  # noqa: RUF009 (frozen)
    short_side: int = 224
    long_side: int = 400


RECIPES = {
    "detector_zf_p": DetectorRecipe("zf", "P", "all", 3000),
    "detector_vgg16_p": DetectorRecipe("vgg16", "P", "after conv2", 3200),
    "detector_vgg16_c": DetectorRecipe("vgg16", "C", "after conv2", 5500),
}


def start(network: str, classes: tuple[str, ...], seed: int = 0) -> Detector:
    """The detector that a training starts from: random weights, except for the convolutions of "vgg16"."""
    detector = Detector.untrained(detector_files.embedded_shape(network, classes), seed)
    if network == "vgg16":
        found = weights_of.read(weights_of.embedded_file("vgg16"), "embedded")
        own = {key: value for key, value in found.state.items() if key.startswith("features.")}
        fill(detector, detector.state_dict() | own, found.description)
        detector.weights, detector.checksum = f"start from {found.description}", found.checksum
    return detector


def train(
    name: str,
    learned: DetectionSet,
    held_out: DetectionSet,
    out: str | Path,
    *,
    seed: int = 0,
    recipe: DetectorRecipe | None = None,
    data: dict[str, Any] | None = None,
    device: str = "cpu",
    progress: bool = True,
) -> Path:
    """The path of a detector that is trained and written with its card.

    The same call continues an interrupted run from its last checkpoint, which is in the cache, and ends in the same
    weights.

    Parameters
    ----------
    name: a name of `RECIPES`, or with ``recipe`` any name for the card.
    learned, held_out: scenes to learn from, and scenes to measure on.
    out: the safetensors file. The card lies beside it as .json.
    recipe: `RECIPES[name]` if None.
    data: more about the scenes, for the card.
    device: where the network is trained and measured, "cpu", "cuda" or "cuda:N".

    Raises
    ------
    UserError: an unknown name, or what `vretlib.models.detector_training.train` refuses.
    """
    if recipe is None and name not in RECIPES:
        raise UserError(f"{name!r}: there are recipes for {', '.join(RECIPES)}. Choose one of these.")
    recipe, out = recipe or RECIPES[name], Path(out)
    begin = start(recipe.network, learned.classes, seed).to(device)
    content = checksum(learned)
    identity = hashlib.sha256(json.dumps([asdict(recipe), seed, content, begin.checksum]).encode()).hexdigest()
    sizes = {"short_side": recipe.short_side, "long_side": recipe.long_side}
    before = detector_measures.measure(begin, held_out, **sizes)
    log.info("%s: %s pictures; untrained: recall %.3f", name, len(learned), before.recall)
    trained, losses = detector_training.train(
        begin, learned, layers=recipe.layers, steps=recipe.steps, seed=seed, settings=recipe.settings, normalise=True,
        checkpoint=Checkpoint(paths.CACHE / "detectors" / f"{identity[:20]}.pt", identity, 200), progress=progress,
        **sizes,
    )  # fmt: skip
    detector_files.save(trained, out)
    stored = detector_files.read(out, recipe.network).to(device)
    after = detector_measures.measure(stored, held_out, **sizes)
    window = max(1, recipe.steps // 20)
    ends = np.arange(window, recipe.steps + 1, window)
    cards.write(
        {
            "name": name,
            "shape": asdict(stored.shape),
            "data": {
                "learned": learned.name, "images": len(learned), "boxes": sum(map(len, learned.boxes)),
                "held_out": len(held_out), "held_out_boxes": sum(map(len, held_out.boxes)), **(data or {}),
                "sha256": content,
            },
            "start": begin.weights,
            "seed": seed,
            "recipe": asdict(recipe),
            "hardware": cards.hardware(),
            "device": device,
            "accuracy": {
                "measure": f"on {len(held_out)} held-out scenes, at an IoU of {detector_measures.OVERLAP}",
                "recall_at_300": round(after.recall, 4),
                "recall_at_300_untrained": round(before.recall, 4),
                "mean_overlap": round(after.mean_overlap, 4),
                "mean_overlap_untrained": round(before.mean_overlap, 4),
                "map": round(after.map, 4),
                "average_precision": {name: round(value, 4) for name, value in after.by_class.items()},
            },
            "loss": {int(end): round(float(losses[end - window : end].mean()), 3) for end in ends},
            "stored": "float16 matrices and filters, float32 vectors",
            "command": cards.command(name, seed),
        },
        out,
    )  # fmt: skip
    log.info("%s: %.1f MiB, recall %.3f, mAP %.3f", out, out.stat().st_size / 2**20, after.recall, after.map)
    return out


def checksum(examples: DetectionSet) -> str:
    """SHA-256 of the images, boxes and labels of a set."""
    content = hashlib.sha256(json.dumps(examples.classes).encode())
    for path, boxes, labels in zip(examples.images, examples.boxes, examples.labels, strict=True):
        content.update(checksums.checksum(path).encode())
        content.update(np.ascontiguousarray(boxes).tobytes() + np.ascontiguousarray(labels).tobytes())
    return content.hexdigest()
