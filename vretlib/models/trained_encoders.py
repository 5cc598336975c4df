"""Temporal encoders, trained once and kept in the cache (thesis §6.1.3 and §6.2.2)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, get_args

import torch
from safetensors.torch import load_file, save_file

from vretlib import cache, paths
from vretlib.errors import UserError
from vretlib.models import temporal_training, training
from vretlib.models.checkpoint import Checkpoint
from vretlib.models.optimisation import OneCycle, Settings
from vretlib.models.temporal_encoder import Cell, TemporalEncoder
from vretlib.models.temporal_training import MARGIN, POSITIVE, Adam
from vretlib.models.training import TrainingLog
from vretlib.models.training_shots import TrainingShots

Say = Callable[[str], None]


@dataclass(frozen=True)
class EncoderRecipe:
    """How a temporal encoder is trained; margin and share of positive pairs are the thesis' by default.

    Attributes
    ----------
    steps: at most; the best of twenty looks at held-out shots is kept.
    settings: the optimiser's.
    hidden: size of the state; None is as many as the embedding has dimensions, as in the thesis.
    forget_bias: see `vretlib.models.temporal_encoder.TemporalEncoder`.
    rotation_augmented: see `vretlib.models.temporal_training.train_encoder`; not in the thesis.
    """

    steps: int
    settings: Settings
    hidden: int | None = None
    margin: float = MARGIN
    positive: float = POSITIVE
    forget_bias: float | None = 1.0
    rotation_augmented: bool = False
    seed: int = 0


def settings(schedule: str, learning_rate: float, batch_size: int) -> Settings:
    """How to step: "constant", Adam as in the thesis, or "one cycle", for runs of minutes on two cores."""
    schedules: dict[str, Settings] = {
        "constant": Adam(learning_rate, batch_size),
        "one cycle": OneCycle(learning_rate, 0.0, batch_size),
    }
    if schedule not in schedules:
        raise UserError(f"schedule={schedule!r}: expected one of {', '.join(map(repr, schedules))}")
    return schedules[schedule]


@dataclass(frozen=True, eq=False)
class Learned:
    """A trained encoder and how it was trained."""

    encoder: TemporalEncoder
    log: TrainingLog = field(repr=False)


def train(
    cell: Cell, shots: TrainingShots, recipe: EncoderRecipe, *, say: Say = print, progress: bool = False
) -> Learned:
    """An encoder of shots, trained once and kept in the cache; an interrupted run goes on from its checkpoint."""
    d = shots.x.shape[1]
    generator = torch.Generator().manual_seed(recipe.seed)
    encoder = TemporalEncoder(cell, d=d, hidden=recipe.hidden or d, forget_bias=recipe.forget_bias, generator=generator)
    how = asdict(recipe) | {"settings": repr(recipe.settings)}
    how["rotate"] = how.pop("rotation_augmented")
    key: dict[str, Any] = {"cell": cell, "d": d, "shots": shots.checksum, **how}
    words = json.dumps(key, sort_keys=True)
    name = f"temporal-{hashlib.sha256(words.encode()).hexdigest()[:20]}.pt"
    checkpoint = Checkpoint(paths.CACHE / "training" / name, recipe=words)

    def build(folder: Path) -> None:
        learned, held_out = shots.split()
        log = temporal_training.train_encoder(
            encoder, learned.x, learned.ranges, margin=recipe.margin, positive=recipe.positive,
            rotation_augmented=recipe.rotation_augmented, steps=recipe.steps,
            generator=generator, settings=recipe.settings, checkpoint=checkpoint, progress=progress,
            validation=temporal_training.validation(
                encoder, held_out.x, held_out.ranges, every=max(1, recipe.steps // 20), patience=None
            ),
        )  # fmt: skip
        save_file(encoder.state_dict(), folder / "encoder.safetensors")
        (folder / "log.json").write_text(json.dumps(asdict(log)))
        checkpoint.path.unlink(missing_ok=True)

    folder = cache.stage("temporal-encoder", key, build, say=say)
    encoder.load_state_dict(load_file(folder / "encoder.safetensors"))
    return Learned(encoder.eval(), TrainingLog(**json.loads((folder / "log.json").read_text())))


def train_both(shots: TrainingShots, recipe: EncoderRecipe, *, say: Say = print) -> dict[Cell, Learned]:
    """Both cells, side by side."""
    cells = get_args(Cell)
    learned = training.several(lambda cell: train(cell, shots, recipe, say=say), cells)
    return dict(zip(cells, learned, strict=True))
