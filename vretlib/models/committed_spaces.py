"""The CML and AMD networks in ``data/weights``, each with the log of its training (thesis §7.3.2).

The words that the texts are read by are not in the file: they are those of the training paintings, which are drawn or
read anew. Therefore the networks belong to the paintings and the image vectors that they learned from.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save as serialised
from torch import Tensor

from vretlib import outputs
from vretlib.errors import UserError
from vretlib.features.weights import committed_file
from vretlib.models import cards
from vretlib.models.cross_modal import CrossModal
from vretlib.models.cross_modal_training import CrossModalRecipe, CrossModalTask, TrainedCrossModal
from vretlib.models.training import TrainingLog

NAME = "common_spaces"
Spaces = dict[tuple[str, int], TrainedCrossModal]
"""By row of Tables 7.4 and 7.5, and seed."""
_LOSSES = ".losses"


def file() -> Path:
    """The file of the project."""
    return committed_file(NAME)


def save(spaces: Spaces, out: Path) -> None:
    """Write networks and their losses, all as float16; equal networks make equal files."""
    tensors: dict[str, Tensor] = {}
    for (name, seed), one in spaces.items():
        prefix = f"{name}.{seed}"
        tensors |= {f"{prefix}.{key}": value.half().contiguous() for key, value in one.network.state_dict().items()}
        tensors[prefix + _LOSSES] = torch.tensor(one.log.losses).half()
    outputs.write(out, serialised(tensors))


def validations(spaces: Spaces) -> dict[str, dict[str, dict[str, float]]]:
    """The validations of every training for the card: the median rank by name, seed and number of steps."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    for (name, seed), one in spaces.items():
        found.setdefault(name, {})[str(seed)] = {str(step): value for step, value in one.log.validation}
    return found


def read(tasks: Mapping[str, CrossModalTask], path: Path | None = None) -> Spaces:
    """The networks of a file, by default the project's, in evaluation mode.

    Parameters
    ----------
    tasks: what each network learned from, whose words it reads.

    Raises
    ------
    UserError: no file with its card, or one that does not fit the tasks.
    """
    path = path or file()
    card = cards.read(path)
    try:
        recipe = CrossModalRecipe(**card["recipe"] | {"sizes": tuple(card["recipe"]["sizes"])})
        with safe_open(path, framework="pt") as opened:
            tensors = {key: opened.get_tensor(key).float() for key in opened.keys()}  # noqa: SIM118
        return {
            (name, seed): TrainedCrossModal(
                _network(task, recipe, tensors, f"{name}.{seed}."),
                _log(tensors[f"{name}.{seed}{_LOSSES}"], card["curve"][name][str(seed)]),
            )
            for name, task in tasks.items()
            for seed in card["seeds"]
        }
    except Exception as error:  # whatever a file can hold
        raise UserError(f"{path}: no networks for these texts ({error!r}). Restore it, or train it anew.") from error


def _network(task: CrossModalTask, recipe: CrossModalRecipe, tensors: Mapping[str, Tensor], prefix: str) -> CrossModal:
    network = task.network(recipe, torch.Generator())
    own = {key.removeprefix(prefix): value for key, value in tensors.items() if key.startswith(prefix)}
    network.load_state_dict({key: value for key, value in own.items() if f".{key}" != _LOSSES})
    return network.eval()


def _log(losses: Tensor, curve: Mapping[str, float]) -> TrainingLog:
    validation = [(int(step), value) for step, value in curve.items()]
    best = min(validation, key=lambda pair: pair[1])[0]
    return TrainingLog(losses.tolist(), validation, best)
