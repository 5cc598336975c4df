"""Temporal encoders, trained once and kept in the cache (thesis §6.1.3 and §6.2.2)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import get_args

import torch

from vretlib.errors import UserError
from vretlib.models import temporal_training, training
from vretlib.models.checkpoint import Checkpoint
from vretlib.models.optimisation import OneCycle, Settings
from vretlib.models.temporal_encoder import Cell, TemporalEncoder
from vretlib.models.temporal_training import Adam
from vretlib.models.trained import trained
from vretlib.models.training import TrainingLog
from vretlib.models.training_shots import TrainingShots


@dataclass(frozen=True)
class EncoderRecipe:
    """How a temporal encoder is trained; margin, share of positive pairs and sizes are the thesis'.

    Attributes
    ----------
    steps: at most; the best of twenty looks at held-out shots is kept.
    settings: the optimiser's.
    rotation_augmented: see `vretlib.models.temporal_training.train_encoder`; not in the thesis.
    seed: of the first weights and of the order of the pairs.
    """

    steps: int
    settings: Settings
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
class TrainedEncoder:
    """A trained encoder and how it was trained."""

    encoder: TemporalEncoder
    log: TrainingLog = field(repr=False)


def train(cell: Cell, shots: TrainingShots, recipe: EncoderRecipe, *, progress: bool = False) -> TrainedEncoder:
    """An encoder of shots, whose state has as many dimensions as the embeddings; see `vretlib.models.trained`.

    Raises
    ------
    UserError: too few shots, see `TrainingShots.split`.
    """
    d = shots.x.shape[1]
    generator = torch.Generator().manual_seed(recipe.seed)
    encoder = TemporalEncoder(cell, d=d, hidden=d, generator=generator)

    def fit(checkpoint: Checkpoint, _: Path) -> TrainingLog:
        learned, held_out = shots.split()
        return temporal_training.train_encoder(
            encoder, learned.x, learned.ranges, rotation_augmented=recipe.rotation_augmented, steps=recipe.steps,
            generator=generator, settings=recipe.settings, checkpoint=checkpoint, progress=progress,
            validation=temporal_training.validation(
                encoder, held_out.x, held_out.ranges, every=max(1, recipe.steps // 20), patience=None
            ),
        )  # fmt: skip

    key = {"cell": cell, "d": d, "shots": shots.checksum, **asdict(recipe), "settings": repr(recipe.settings)}
    log, _ = trained("temporal-encoder", key, encoder, fit)
    return TrainedEncoder(encoder, log)


def train_both(shots: TrainingShots, recipe: EncoderRecipe) -> dict[Cell, TrainedEncoder]:
    """Both cells, trained in parallel."""
    cells = get_args(Cell)
    models = training.several(lambda cell: train(cell, shots, recipe), cells)
    return dict(zip(cells, models, strict=True))
