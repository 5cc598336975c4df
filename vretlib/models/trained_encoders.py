"""Temporal encoders that are trained once and kept in the cache (thesis §6.1.3 and §6.2.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import get_args

import torch

from vretlib.errors import UserError
from vretlib.models import parallel_trainings, temporal_training
from vretlib.models.checkpoint import Checkpoint
from vretlib.models.optimisation import OneCycle, Settings
from vretlib.models.temporal_encoder import RecurrentCell, TemporalEncoder
from vretlib.models.temporal_training import Adam
from vretlib.models.trained import trained
from vretlib.models.training import TrainingLog
from vretlib.models.training_shots import TrainingShots


@dataclass(frozen=True)
class EncoderRecipe:
    """The options of a training; margin, share of positive pairs and sizes are the thesis'.

    Attributes
    ----------
    steps: maximum number of steps; the best of twenty validations on held-out shots is kept.
    settings: settings of the optimiser.
    rotation_augmented: see `vretlib.models.temporal_training.train_encoder`; not in the thesis.
    seed: decides the first weights and the order of the pairs.
    """

    steps: int
    settings: Settings
    rotation_augmented: bool = False
    seed: int = 0


def settings(schedule: str, learning_rate: float, batch_size: int) -> Settings:
    """The optimiser of a schedule: "constant" is Adam as in the thesis, "one cycle" is for runs of minutes.

    Raises
    ------
    UserError: an unknown schedule.
    """
    schedules: dict[str, Settings] = {
        "constant": Adam(learning_rate, batch_size),
        "one cycle": OneCycle(learning_rate, 0.0, batch_size),
    }
    if schedule not in schedules:
        raise UserError(f"schedule={schedule!r}: expected one of {', '.join(map(repr, schedules))}")
    return schedules[schedule]


@dataclass(frozen=True, eq=False)
class TrainedEncoder:
    """A trained encoder and the log of its training."""

    encoder: TemporalEncoder
    log: TrainingLog = field(repr=False)


@dataclass(frozen=True, eq=False)
class EncoderSet:
    """Encoders of both cells, and rotation-augmented LSTMs, one of each for every seed.

    Attributes
    ----------
    plain, augmented: the encoders of each cell, in the order of the seeds.
    note: a sentence that says where they learned, and from what.
    """

    plain: dict[RecurrentCell, tuple[TemporalEncoder, ...]] = field(repr=False)
    augmented: dict[RecurrentCell, tuple[TemporalEncoder, ...]] = field(repr=False)
    note: str


def train(
    cell: RecurrentCell,
    shots: TrainingShots,
    recipe: EncoderRecipe,
    held_out: TrainingShots | None = None,
    *,
    progress: bool = False,
) -> TrainedEncoder:
    """An encoder that learns from shots; its state has as many dimensions as the embeddings.

    It is kept in the cache, and an interrupted training goes on: see `vretlib.models.trained`.

    Parameters
    ----------
    held_out: the shots that decide which look is the best; None holds the last of ``shots`` out.

    Raises
    ------
    UserError: too few shots, see `TrainingShots.split`.
    """
    d = shots.x.shape[1]
    generator = torch.Generator().manual_seed(recipe.seed)
    encoder = TemporalEncoder(cell, d=d, hidden=d, generator=generator)

    def fit(checkpoint: Checkpoint) -> TrainingLog:
        learned, validated = shots.split() if held_out is None else (shots, held_out)
        return temporal_training.train_encoder(
            encoder, learned.x, learned.ranges, rotation_augmented=recipe.rotation_augmented, steps=recipe.steps,
            generator=generator, settings=recipe.settings, checkpoint=checkpoint, progress=progress,
            validation=temporal_training.validation(
                encoder, validated.x, validated.ranges, every=max(1, recipe.steps // 20), patience=None
            ),
        )  # fmt: skip

    key = {"cell": cell, "d": d, "shots": shots.checksum, **asdict(recipe), "settings": repr(recipe.settings)}
    if held_out is not None:
        key["held_out"] = held_out.checksum
    log, _ = trained("temporal-encoder", key, encoder, fit)
    return TrainedEncoder(encoder, log)


def train_both(shots: TrainingShots, recipe: EncoderRecipe) -> dict[RecurrentCell, TrainedEncoder]:
    """An encoder of each cell, trained in parallel."""
    cells = get_args(RecurrentCell)
    models = parallel_trainings.in_threads(lambda cell: train(cell, shots, recipe), cells)
    return dict(zip(cells, models, strict=True))


def train_set(
    shots: TrainingShots, recipe: EncoderRecipe, seeds: Sequence[int], held_out: TrainingShots | None = None
) -> tuple[EncoderSet, dict[tuple[RecurrentCell, bool, int], TrainingLog]]:
    """Encoders of both cells and augmented LSTMs for every seed, and the logs by (cell, augmented, seed).

    ``recipe`` says the rest.
    """
    kinds: list[tuple[RecurrentCell, bool]] = [*((cell, False) for cell in get_args(RecurrentCell)), ("lstm", True)]
    wanted = [(cell, rotated, seed) for cell, rotated in kinds for seed in seeds]

    def one(what: tuple[RecurrentCell, bool, int]) -> TrainedEncoder:
        cell, rotated, seed = what
        return train(cell, shots, replace(recipe, rotation_augmented=rotated, seed=seed), held_out)

    models = dict(zip(wanted, parallel_trainings.in_threads(one, wanted), strict=True))
    plain, augmented = (
        {cell: tuple(models[cell, rotated, seed].encoder for seed in seeds) for cell, of in kinds if of == rotated}
        for rotated in (False, True)
    )
    note = f"trained here: {len(shots)} training clips, at most {recipe.steps:,} steps, {len(seeds)} seeds"
    return EncoderSet(plain, augmented, note), {key: model.log for key, model in models.items()}
