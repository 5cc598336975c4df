"""Does a temporal encoder gain from more training clips, or from more steps? A learning curve of the fair recipe.

Every point is a whole training: with fewer clips at the recipe's number of steps, or with all clips at more steps. The
clips that say which look is kept, and those that are searched, are the same everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from vretlib.models import parallel_trainings, trained_encoders
from vretlib.models.temporal_encoder import RecurrentCell, TemporalEncoder
from vretlib.models.trained_encoders import EncoderRecipe, TrainedEncoder
from vretlib.models.training import TrainingLog
from vretlib.models.training_shots import TrainingShots

HELD_OUT = "held-out frames whose own shot is nearest"
"""Name of the share that decides which look is kept."""

ValuesBySeed = dict[str, dict[str, dict[str, list[float]]]]
"""Values by cell, number (of clips or steps) and measure, one for each seed."""


@dataclass(frozen=True)
class CurvePoints:
    """The trainings of a curve beside the recipe's own.

    Attributes
    ----------
    clips: numbers of training clips, at the recipe's steps; each seed draws its own clips, and a smaller set
        is part of each larger one.
    times: multiples of the recipe's steps, on all clips.
    """

    clips: tuple[int, ...] = (64, 128, 256, 512)
    times: tuple[int, ...] = (2,)


POINTS = CurvePoints()
"""The points of the curve of the committed encoders."""


def learning_curve(
    learned: TrainingShots,
    held_out: TrainingShots,
    recipe: EncoderRecipe,
    seeds: Sequence[int],
    points: CurvePoints,
    measure: Callable[[TemporalEncoder, TrainingLog], Mapping[str, float]],
    own: Mapping[RecurrentCell, Sequence[Mapping[str, float]]],
) -> dict[str, ValuesBySeed]:
    """The measures of plain encoders by the number of clips (``"clips"``) and of steps (``"steps"``).

    Both have the recipe's own training as their common point. A training that the cache has is not repeated, and an
    interrupted one goes on.

    Parameters
    ----------
    learned, held_out: shots to learn from, and those that say which look is kept.
    recipe: of a plain encoder; its seed is replaced by each of ``seeds``.
    measure: measures of an encoder and of the log of its training.
    own: the measures of the recipe's own trainings, one for each seed.
    """
    full = len(learned)
    more = [(n, recipe.steps) for n in points.clips] + [(full, k * recipe.steps) for k in points.times]
    wanted = [(cell, n, steps, seed) for cell in own for n, steps in more for seed in seeds]

    def one(what: tuple[RecurrentCell, int, int, int]) -> TrainedEncoder:
        cell, n, steps, seed = what
        shots = learned if n == full else learned.draw(n, seed)
        return trained_encoders.train(cell, shots, replace(recipe, steps=steps, seed=seed), held_out)

    trained = zip(wanted, parallel_trainings.in_threads(one, wanted), strict=True)
    measured = [(cell, n, steps, measure(model.encoder, model.log)) for (cell, n, steps, _), model in trained]
    measured += [(cell, full, recipe.steps, of) for cell, some in own.items() for of in some]
    return {
        "clips": _by_number([(cell, n, of) for cell, n, steps, of in measured if steps == recipe.steps]),
        "steps": _by_number([(cell, steps, of) for cell, n, steps, of in measured if n == full]),
    }


def _by_number(measured: Iterable[tuple[RecurrentCell, int, Mapping[str, float]]]) -> ValuesBySeed:
    """The measures by cell and number, ascending; those of the seeds in their order."""
    found: ValuesBySeed = {}
    for cell, number, of in sorted(measured, key=lambda one: one[1]):
        point = found.setdefault(cell, {}).setdefault(str(number), {})
        for name, value in of.items():
            point.setdefault(name, []).append(round(value, 4))
    return found
