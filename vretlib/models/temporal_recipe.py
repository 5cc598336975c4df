"""The recipe of the temporal encoders in ``data/weights``.

``python -m vretlib weights temporal_encoders --out FILE`` runs it. Everything is drawn: clips of other films to learn
from, and a collection of yet other films and channels, of the kind that the page searches, to measure them on. No clip,
query or film that a page searches has a part in it. Neither these nor the test queries decide anything: the best of
twenty validations of a training is chosen on training clips that are held out.

The nine trainings take about a minute each. Drawing and describing the clips takes a quarter of an hour on two cores.
The learning curve, which the card keeps, takes longer still: the same trainings on fewer clips, and with twice the
steps (`temporal_curve`).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vretlib.evaluation.groups import by_query
from vretlib.features import backbones, image_features
from vretlib.features.backbones import Backbone
from vretlib.features.whitening import Whitening
from vretlib.models import cards, committed_encoders, trained_encoders
from vretlib.models.committed_encoders import NAME, Descriptors
from vretlib.models.temporal_curve import HELD_OUT, POINTS, CurvePoints, learning_curve
from vretlib.models.temporal_encoder import TemporalEncoder, sum_pool
from vretlib.models.trained_encoders import EncoderRecipe
from vretlib.models.training import TrainingLog
from vretlib.models.training_shots import TrainingShots
from vretlib.search.clip_search import ClipVectors
from vretlib.video import clip_features, clip_graphs, clip_shots, clip_sift, encoded_film
from vretlib.video.clip_shots import ClipShots

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class FairRecipe:
    """Sizes and options of the training.

    Attributes
    ----------
    films, clips: numbers of training films and of their clips in total; the last fifth of the clips is held out and
        says which of twenty validations of a training is kept.
    seeds: number of trainings of each encoder.
    steps, learning_rate, batch_size: see `vretlib.models.trained_encoders.settings`, whose one cycle is used.
    network, fps, image_side, threshold: the descriptors, and Th of Algorithm 3 for the validation clips.
    """

    films: int = 80
    clips: int = 1280
    seeds: int = 3
    steps: int = 1200
    learning_rate: float = 0.004
    batch_size: int = 256
    network: str = "vgg16"
    fps: float = 3.0
    image_side: int = 256
    threshold: float = 0.5

    def training(self, steps: int, seed: int) -> EncoderRecipe:
        """The training of one plain encoder."""
        settings = trained_encoders.settings("one cycle", self.learning_rate, self.batch_size)
        return EncoderRecipe(steps, settings, seed=seed)


class Searched(NamedTuple):
    """A collection for validation: its clips, and images to search with, each of a kind and with its relevant clips."""

    name: str
    clips: Sequence[Path]
    queries: Sequence[Path]
    kinds: Sequence[str]
    relevant: Sequence[NDArray[np.int64]]


def train(
    clips: Sequence[Path],
    searched: Searched,
    out: str | Path | None = None,
    *,
    seed: int = 0,
    recipe: FairRecipe = FairRecipe(),
    points: CurvePoints = POINTS,
    data: dict[str, Any] | None = None,
) -> Path:
    """The file of encoders of both cells and of augmented LSTMs, which are trained and written with their card.

    An interrupted run called again goes on where it was, and ends in the same weights.

    Parameters
    ----------
    clips: the training clips.
    searched: the collection that the encoders are measured on; it decides nothing.
    out: the safetensors file; ``data/weights/temporal_encoders.safetensors`` if None. The card lies beside it as .json.
    seed: seed of the first training; the others have the next ones.
    points: the trainings of the learning curve, which the card keeps and no file of weights.
    data: more about the clips, for the card.

    Raises
    ------
    UserError: too few clips, or what cannot be read or written.
    """
    out = Path(out) if out is not None else committed_encoders.file()
    backbone = backbones.load(recipe.network, "embedded")
    features = clip_features.describe(clips, backbone, fps=recipe.fps, longest=recipe.image_side)
    whitening = clip_features.whitening_of_clips(features, f"{len(clips)} clips of other films")
    graphs = clip_graphs.match_graphs(clip_sift.describe(clips, recipe.fps))
    shots = TrainingShots.of_clips(features.rmac(whitening), features.frames, graphs)
    learned, held_out = shots.split()
    seeds = [seed + i for i in range(recipe.seeds)]
    log.info(
        "%s: %s clips to learn from, %s held out, %s frames", NAME, len(learned), len(held_out), f"{len(shots.x):,}"
    )
    first = recipe.training(recipe.steps, seed)
    encoders, logs = trained_encoders.train_set(learned, first, seeds, held_out)
    committed_encoders.save(encoders, whitening, out)
    stored, whitening = committed_encoders.contents(out)  # as rounded as they will be used
    validation = ValidationClips.of(searched, backbone, recipe, whitening)
    own = {
        cell: [validation.measures(one, logs[cell, False, number]) for one, number in zip(some, seeds, strict=True)]
        for cell, some in stored.plain.items()
    }
    card = {
        "name": NAME,
        "descriptors": asdict(Descriptors(recipe.network, backbone.checksum, recipe.fps, recipe.image_side)),
        "data": {
            "clips": len(clips), "held_out": len(held_out), "frames": len(shots.x), **(data or {}),
            "sha256": shots.checksum,
        },
        "seed": seed,
        "seeds": seeds,
        "recipe": asdict(recipe),
        "steps": recipe.steps,
        "seconds": round(sum(one.seconds for one in logs.values())),
        "hardware": cards.hardware(),
        "accuracy": {
            "measure": f"mAP of {searched.name}, which decides nothing; one number for each seed",
            "sum of the frames of a shot": validation.score(sum_pool(validation.x, validation.shots.ranges)),
            **{
                f"{cell}{rotated}": _by_kind(map(validation.of_encoder, some))
                for rotated, by_cell in (("", stored.plain), (", rotation-augmented", stored.augmented))
                for cell, some in by_cell.items()
            },
        },
        "curve": {cell: _validations([logs[cell, False, one] for one in seeds]) for cell in encoders.plain},
        "learning": learning_curve(learned, held_out, first, seeds, points, validation.measures, own),
        "stored": "float16 matrices of the encoders, float32 vectors and whitening",
        "command": cards.command(NAME, seed),
    }  # fmt: skip
    cards.write(card, out)
    return out


@dataclass(frozen=True, eq=False)
class ValidationClips:
    """A collection for validation as R-MAC, and the shots of its clips."""

    searched: Searched
    x: NDArray[np.float32] = field(repr=False)
    xq: NDArray[np.float32] = field(repr=False)
    shots: ClipShots = field(repr=False)

    @classmethod
    def of(cls, searched: Searched, backbone: Backbone, recipe: FairRecipe, whitening: Whitening) -> ValidationClips:
        """Clips and queries, described and divided as the page does it."""
        features = clip_features.describe(searched.clips, backbone, fps=recipe.fps, longest=recipe.image_side)
        queries = encoded_film.of_queries(searched.queries, backbone, recipe.image_side)
        x, frames = features.rmac(whitening), features.frames
        shots = clip_shots.divide(clip_shots.detect(x, frames, recipe.threshold), frames)
        return cls(searched, x, image_features.rmac(queries, whitening), shots)

    def score(self, vectors: NDArray[np.float32]) -> dict[str, float]:
        """The mAP of each kind of query, from one vector per shot."""
        ranking = ClipVectors(self.xq, vectors, self.shots.offsets).ranking
        kinds = list(dict.fromkeys(self.searched.kinds))
        found = by_query(ranking, self.searched.relevant, self.searched.kinds, kinds, cut=100)
        return {kind: round(float(np.nanmean(found[f"{kind}|mAP"])), 4) for kind in kinds}

    def of_encoder(self, encoder: TemporalEncoder) -> dict[str, float]:
        """The mAP of each kind of query with an encoder."""
        return self.score(encoder.encode(self.x, self.shots.ranges))

    def measures(self, encoder: TemporalEncoder, log: TrainingLog) -> dict[str, float]:
        """The best look at an encoder's training, and its mAP of each kind of query."""
        return {HELD_OUT: max(of for _, of in log.validation), **self.of_encoder(encoder)}


def _validations(logs: Sequence[TrainingLog]) -> dict[str, list[float]]:
    """The validations of some trainings by the number of steps done: one value for each."""
    steps = [str(step) for step, _ in logs[0].validation]
    return {step: [round(log.validation[i][1], 4) for log in logs] for i, step in enumerate(steps)}


def _by_kind(scores: Iterable[dict[str, float]]) -> dict[str, list[float]]:
    """One number per seed for each kind of query."""
    every = list(scores)
    return {kind: [one[kind] for one in every] for kind in every[0]}
