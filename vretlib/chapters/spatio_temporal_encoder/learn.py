"""Training data: clips cleaned by the match graph; and the temporal encoders, trained once and kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, get_args

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file

from vretlib import cache, paths
from vretlib.errors import UserError
from vretlib.features.match_graph import MatchGraph
from vretlib.models import temporal_training, training
from vretlib.models.checkpoint import Checkpoint
from vretlib.models.optimisation import OneCycle, Settings
from vretlib.models.temporal_encoder import Cell, TemporalEncoder
from vretlib.models.temporal_training import MARGIN, POSITIVE, Adam
from vretlib.models.training import TrainingLog
from vretlib.video.sampled_frames import SampledFrames

F32 = NDArray[np.float32]
Ids = NDArray[np.int64]
Say = Callable[[str], None]

HELD_OUT = 0.2
"""Share of the clips, the last ones, that say when to stop; the thesis holds 10 of 50 movies out."""


@dataclass(frozen=True, eq=False)
class TrainingData:
    """Frame embeddings (n, d) of shots one after another, their ranges (S, 2), and the clip of each."""

    x: F32 = field(repr=False)
    ranges: Ids = field(repr=False)
    clips: Ids = field(repr=False)

    def __len__(self) -> int:
        return len(self.ranges)

    @property
    def checksum(self) -> str:
        """Of everything that is learned from."""
        content = hashlib.sha256(np.ascontiguousarray(self.x).tobytes())
        content.update(np.ascontiguousarray(self.ranges).tobytes())
        return content.hexdigest()[:20]

    def split(self) -> tuple[TrainingData, TrainingData]:
        """Shots to learn from, and the last `HELD_OUT` of them, at least two, to look at while learning."""
        n = len(self) - max(2, round(HELD_OUT * len(self)))
        if n < 2:
            raise UserError(f"{len(self)} clips to learn from; expected at least 4, two of them to say when to stop")
        return self._part(0, n), self._part(n, len(self))

    def some(self, n: int, seed: int = 0) -> TrainingData:
        """``n`` of the shots, drawn at random, in their order."""
        drawn = np.sort(np.random.default_rng(seed).permutation(len(self))[:n])
        lengths = (self.ranges[:, 1] - self.ranges[:, 0])[drawn]
        stops = np.cumsum(lengths)
        x = np.concatenate([self.x[start:stop] for start, stop in self.ranges[drawn]])
        return TrainingData(x, np.stack([stops - lengths, stops], axis=1), self.clips[drawn])

    def _part(self, start: int, stop: int) -> TrainingData:
        first, last = int(self.ranges[start, 0]), int(self.ranges[stop - 1, 1])
        return TrainingData(self.x[first:last], self.ranges[start:stop] - first, self.clips[start:stop])


def training_shots(x: F32, frames: SampledFrames, cleaned: Sequence[MatchGraph] | None) -> TrainingData:
    """One shot per clip: the frames that cleaning keeps, or with None all of them."""
    rows, lengths = [], []
    for i in range(frames.n_clips):
        part = frames.rows(i)
        kept = np.arange(part.stop - part.start) if cleaned is None else cleaned[i].kept
        rows.append(part.start + kept)
        lengths.append(len(kept))
    stops = np.cumsum(lengths)
    return TrainingData(x[np.concatenate(rows)], np.stack([stops - lengths, stops], axis=1), np.arange(len(lengths)))


@dataclass(frozen=True)
class Recipe:
    """How a temporal encoder is trained; margin and share of positives are the thesis' by default.

    Attributes
    ----------
    steps: at most; a held-out part of the clips stops earlier.
    settings: how to step.
    hidden: size of the state; None is as many as the embedding has dimensions, as in the thesis.
    forget_bias: see `vretlib.models.temporal_encoder.TemporalEncoder`.
    rotate: see `vretlib.models.temporal_training.train_encoder`; not in the thesis.
    """

    steps: int
    settings: Settings
    hidden: int | None = None
    margin: float = MARGIN
    positive: float = POSITIVE
    forget_bias: float | None = 1.0
    rotate: bool = False
    seed: int = 0

    @property
    def turned(self) -> Recipe:
        """The same with rotated lessons."""
        return replace(self, rotate=True)


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


def train(cell: Cell, shots: TrainingData, recipe: Recipe, *, say: Say = print, progress: bool = False) -> Learned:
    """An encoder of shots, trained once and kept in the cache; an interrupted run goes on from its checkpoint."""
    d = shots.x.shape[1]
    generator = torch.Generator().manual_seed(recipe.seed)
    encoder = TemporalEncoder(cell, d=d, hidden=recipe.hidden or d, forget_bias=recipe.forget_bias, generator=generator)
    key: dict[str, Any] = {
        "cell": cell, "d": d, "shots": shots.checksum, **asdict(recipe), "settings": repr(recipe.settings),
    }  # fmt: skip
    words = json.dumps(key, sort_keys=True)
    name = f"temporal-{hashlib.sha256(words.encode()).hexdigest()[:20]}.pt"
    checkpoint = Checkpoint(paths.CACHE / "training" / name, recipe=words)

    def build(folder: Path) -> None:
        learned, held_out = shots.split()
        log = temporal_training.train_encoder(
            encoder, learned.x, learned.ranges, margin=recipe.margin, positive=recipe.positive,
            rotate=recipe.rotate, steps=recipe.steps,
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


def train_both(shots: TrainingData, recipe: Recipe, *, say: Say = print) -> dict[Cell, Learned]:
    """Both cells, side by side."""
    cells = get_args(Cell)
    learned = training.several(lambda cell: train(cell, shots, recipe, say=say), cells)
    return dict(zip(cells, learned, strict=True))
