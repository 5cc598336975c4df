"""Fine-tuning of a detector on the boxes of queries (paper 003, section 3.2), kept in the cache."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from vretlib.checksums import checksum
from vretlib.errors import UserError
from vretlib.features.detector_network import Detector
from vretlib.models import detector_training
from vretlib.models.checkpoint import Checkpoint
from vretlib.models.detection_set import DetectionSet
from vretlib.models.detector_training import Layers, SgdWithDrop
from vretlib.models.optimisation import OneCycle
from vretlib.models.trained import trained
from vretlib.models.training import TrainingLog

STRATEGIES: dict[int, Layers] = {1: "fully connected", 2: "after conv2"}
"""The fine-tuning strategies of paper 003."""
OPTIMISERS: dict[str, OneCycle | SgdWithDrop] = {
    "one-cycle": OneCycle(learning_rate=0.002, weight_decay=0.05, batch_size=2), "sgd": SgdWithDrop(),
}  # fmt: skip
"""As this project's detectors were trained, with their normalisation, and as the paper has it: one image a step."""
CHECKPOINT_EVERY = 100  # steps


@dataclass(frozen=True)
class QueryTuning:
    """How a detector learns the objects in query boxes.

    Attributes
    ----------
    strategy: 1 learns the fully connected layers only, 2 all layers after conv2.
    steps: the paper takes 5,000, each of one image; 2,500 steps of two images see as many.
    optimiser: a key of `OPTIMISERS`. In few steps, a narrow network learns more with "one-cycle", with which the
        project's detectors were trained; see `vretlib.models.detector_recipe`.
    short_side, long_side: size of the images, see `vretlib.features.detector.describe`.
    seed: decides the new last layer and the order of the images.
    """

    strategy: int = 2
    steps: int = 2500
    optimiser: Literal["one-cycle", "sgd"] = "one-cycle"
    short_side: int = 224
    long_side: int = 400
    seed: int = 0


def fine_tune(
    detector: Detector, examples: DetectionSet, tuning: QueryTuning, *, progress: bool = False
) -> tuple[Detector, TrainingLog]:
    """A detector of the objects in query boxes, and the log of its training; kept in the cache.

    The last layer is new, for the classes of the examples; all others start with the detector's weights. An interrupted
    training continues from its last checkpoint.

    Raises
    ------
    UserError: another strategy or optimiser, or what `vretlib.models.detector_training.train` refuses.
    """
    if tuning.strategy not in STRATEGIES:
        raise UserError(
            f"strategy={tuning.strategy!r}; expected 1 (fully connected layers) or 2 (all layers after conv2)"
        )
    if tuning.optimiser not in OPTIMISERS:
        raise UserError(f"optimiser={tuning.optimiser!r}; expected {' or '.join(OPTIMISERS)}")
    key = {
        "detector": [detector.name, detector.checksum, detector.regions],
        "images": [checksum(path) for path in examples.images],
        "boxes": [row.tolist() for row in examples.boxes],
        "labels": [row.tolist() for row in examples.labels],
        "classes": list(examples.classes),
        "tuning": tuning,
        "settings": repr(OPTIMISERS[tuning.optimiser]),
    }
    tuned = detector.with_classes(examples.classes, tuning.seed)

    def train(checkpoint: Checkpoint) -> TrainingLog:
        settings = OPTIMISERS[tuning.optimiser]
        learned, losses = detector_training.train(
            tuned, examples, layers=STRATEGIES[tuning.strategy], steps=tuning.steps, seed=tuning.seed,
            settings=settings, normalise=isinstance(settings, OneCycle), short_side=tuning.short_side,
            long_side=tuning.long_side, progress=progress, checkpoint=replace(checkpoint, every=CHECKPOINT_EVERY),
        )  # fmt: skip
        tuned.load_state_dict(learned.state_dict())
        return TrainingLog(losses.tolist())

    log, folder = trained("detector-fine-tuned", key, tuned, train)
    tuned.weights = f"fine-tuned here (strategy {tuning.strategy}, {tuning.steps:,} steps) from {detector.weights}"
    tuned.checksum = checksum(folder / "network.safetensors")
    return tuned, log
