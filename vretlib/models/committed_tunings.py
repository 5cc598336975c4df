"""The detectors in ``data/weights`` that are fine-tuned to the queries of a drawn collection (paper 003, section 3.2).

A file holds the layers that the training changed; the other layers are those of the detector that it started from. It
is useful only for the queries that it was trained on, because it knows only their objects: `tuned` takes it for these,
and trains a detector for any others.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save as serialised

from vretlib import outputs
from vretlib.errors import UserError
from vretlib.features import weights as weights_of
from vretlib.features.detector_network import Detector, fill
from vretlib.models import cards, query_tuning
from vretlib.models.detection_set import DetectionSet
from vretlib.models.query_tuning import OPTIMISERS, QueryTuning
from vretlib.models.training import TrainingLog

_LAYERS, _BOXES, _LOSSES = "layers.", "boxes", "losses"


def name_of(collection: str, strategy: int) -> str:
    """The name of the weights of a collection, such as "detector_town_a_ft1"."""
    return f"detector_{collection.lower().replace(' ', '_')}_ft{strategy}"


def file(collection: str, strategy: int) -> Path:
    """The path of the project's weights for a collection; they exist for the drawn collections of chapter 11."""
    return weights_of.committed_file(name_of(collection, strategy))


def committed(detector: Detector, examples: DetectionSet, tuning: QueryTuning) -> Path | None:
    """The file of the detector of the objects in query boxes, if the project has it and it `fits`."""
    path = file(examples.name, tuning.strategy)
    return path if path.is_file() and fits(path, detector, examples, tuning) else None


def tuned(detector: Detector, examples: DetectionSet, tuning: QueryTuning) -> tuple[Detector, TrainingLog]:
    """A detector of the objects in query boxes: the committed one if it `fits`, else one that is trained now.

    Returns
    -------
    The detector, and the log of its training.

    Raises
    ------
    UserError: a committed file that is damaged, and what `vretlib.models.query_tuning.fine_tune` refuses.
    """
    if path := committed(detector, examples, tuning):
        return read(path, detector)
    return query_tuning.fine_tune(detector, examples, tuning)


def learned_from(detector: Detector, examples: DetectionSet, tuning: QueryTuning) -> dict[str, Any]:
    """Everything that must be equal for weights to fit, except the boxes of the queries.

    Pixels are not compared, because a drawing may differ in the last bit on another processor. Collections drawn with
    other seeds or sizes differ in their boxes.
    """
    lines = [f"{path.name} {labels.tolist()}" for path, labels in zip(examples.images, examples.labels, strict=True)]
    return {
        "detector": detector.checksum,
        "regions": detector.regions,
        "images": hashlib.sha256("\n".join(lines).encode()).hexdigest(),
        "classes": list(examples.classes),
        "tuning": asdict(tuning),
        "settings": repr(OPTIMISERS[tuning.optimiser]),
    }


def fits(path: Path, detector: Detector, examples: DetectionSet, tuning: QueryTuning) -> bool:
    """Whether the weights of a file were trained in this way on these queries; boxes may differ by a pixel."""
    card = cards.read(path)
    if card["learned_from"] != learned_from(detector, examples, tuning):
        return False
    learned, mine = weights_of.read(path, "embedded").state[_BOXES].numpy(), np.concatenate(examples.boxes)
    return learned.shape == mine.shape and bool(np.allclose(learned, mine, rtol=0, atol=1))


def save(before: Detector, after: Detector, boxes: NDArray[np.float32], losses: NDArray[np.float64], out: Path) -> None:
    """Write the layers of ``after`` that differ from ``before``, the boxes (n, 4) it learned, and each step's loss.

    Matrices and filters are stored as float16, vectors as float32. Equal detectors make equal files, byte by byte.
    """
    old = before.state_dict()
    changed = {
        _LAYERS + key: (value.half() if value.ndim > 1 else value).detach().cpu().contiguous()
        for key, value in after.state_dict().items()
        if value.shape != old[key].shape or not torch.equal(value, old[key])
    }
    others = {_BOXES: torch.from_numpy(boxes), _LOSSES: torch.from_numpy(losses.astype(np.float32))}
    outputs.write(out, serialised(changed | others))


def read(path: Path, detector: Detector) -> tuple[Detector, TrainingLog]:
    """The detector of a file, completed by the one that its training started from, and the log of that training.

    Raises
    ------
    UserError: no such file or card, a file that holds something else, or another detector to start from.
    """
    card, found = cards.read(path), weights_of.read(path, "committed")
    try:
        said, losses = card["learned_from"], found.state[_LOSSES].tolist()
        after = detector.with_classes(said["classes"])
    except (KeyError, TypeError) as error:
        raise UserError(f"{path}: no weights of a fine-tuned detector ({error!r}). Restore it.") from error
    if said["detector"] != detector.checksum:
        raise UserError(f"{path}: starts from another detector than {detector.weights}. Give the one on its card.")
    layers = {key.removeprefix(_LAYERS): value for key, value in found.state.items() if key.startswith(_LAYERS)}
    fill(after, after.state_dict() | layers, str(path))
    after.weights, after.checksum = f"{found.description}, {len(losses):,} steps", found.checksum
    return after.eval(), TrainingLog(losses)
