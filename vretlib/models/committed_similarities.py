"""The similarity networks of notebook 03 in ``data/weights``, each with the log of its training (thesis chapter 3).

A network belongs to the vectors that it learned from. The file holds a sample of the vectors of each training set, so
that its networks are used with these vectors alone, which may differ by the rounding of another processor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.torch import save as serialised
from torch import Tensor, nn

from vretlib import outputs
from vretlib.errors import UserError
from vretlib.features.weights import committed_file
from vretlib.models import cards
from vretlib.models.cards import Card
from vretlib.models.training import TrainingLog
from vretlib.models.training_set import TrainingSet

NAME = "similarity_networks"
N_SAMPLED, ROUNDING = 8, 2e-3
"""Half of the vectors of a sample, and how far one of their numbers may lie from the file's; another image size moves
them more."""

Settings = Mapping[str, Any]
"""What decides a training, by name: `trained_similarities.SimilarityRecipe.deciding`, or all settings in `save`."""

Key = Mapping[str, Any]
"""Which network of these it is, such as ``{"what": "SimNet", "margin": 0.2, "rule": "thesis"}``."""


class StoredSimilarity(NamedTuple):
    """A network for the file; one that learned from no images has no ``examples``."""

    settings: Settings
    examples: TrainingSet | None
    key: Key
    network: nn.Module
    log: TrainingLog


def file() -> Path:
    """The file of the project."""
    return committed_file(NAME)


def save(entries: Sequence[StoredSimilarity], out: Path) -> Card:
    """Write networks, and return the part of the card that says what they are and from which sets they learned.

    Matrices and losses are stored as float16, vectors as float32. Equal networks make equal files, byte by byte.
    """
    tensors: dict[str, Tensor] = {}
    sets: list[TrainingSet] = []
    networks, first = [], dict(entries[0].settings)
    for place, (settings, examples, key, network, log) in enumerate(entries):
        if examples is not None and examples not in sets:
            sets.append(examples)
        tensors |= {f"{place}.{name}": _stored(value) for name, value in network.state_dict().items()}
        tensors[f"{place}.losses"] = torch.tensor(log.losses).half()
        changed = {name: value for name, value in settings.items() if first[name] != value}
        networks.append(
            {**key, "set": None if examples is None else sets.index(examples), "changed": changed,
             "validation": [[step, round(score, 4)] for step, score in log.validation], "best_step": log.best_step}
        )  # fmt: skip
    tensors |= {f"set {k}": torch.from_numpy(_sample(one)) for k, one in enumerate(sets)}
    outputs.write(out, serialised(tensors))
    learned = [{"name": one.name, "n": len(one.labels), "d": one.d, "images": one.images_checksum} for one in sets]
    return {"settings": first, "sets": learned, "networks": networks}


def load_into(
    network: nn.Module, settings: Settings, examples: TrainingSet | None, key: Key, path: Path | None = None
) -> TrainingLog | None:
    """The log of a network of the file, whose weights ``network`` now has; None if the file has no such network.

    Raises
    ------
    UserError: no file with its card, or one that does not fit its card.
    """
    path = path or file()
    card = cards.read(path)
    for place, one in enumerate(card["networks"]):
        its = card["settings"] | one["changed"]
        same = all(one.get(name) == value for name, value in key.items())
        same = same and all(its[name] == value for name, value in settings.items())
        if same and _learned_from(path, card, one, examples):
            try:
                with safe_open(path, framework="pt") as opened:
                    network.load_state_dict(
                        {name: opened.get_tensor(f"{place}.{name}").float() for name in network.state_dict()}
                    )
                    losses = opened.get_tensor(f"{place}.losses").float().tolist()
            except Exception as error:  # whatever a file can hold
                raise UserError(
                    f"{path}: network {place} does not fit its card ({error!r}). Restore both, or train it anew."
                ) from error
            return TrainingLog(losses, [(step, score) for step, score in one["validation"]], one["best_step"])
    return None


def lacks(settings: Settings, examples: TrainingSet, path: Path | None = None) -> str:
    """Why the file has no network for a training set; empty if it has some with these settings.

    Raises
    ------
    UserError: as of `load_into`.
    """
    path = path or file()
    card = cards.read(path)
    if differ := cards.differences(settings, {name: card["settings"][name] for name in settings}):
        return f"the committed networks were trained with other settings: {differ}"
    if not any(_learned_from(path, card, {"set": k}, examples) for k in range(len(card["sets"]))):
        return "the committed networks learned from other images, or from other vectors of them"
    return ""


def _learned_from(path: Path, card: Card, one: Mapping[str, Any], examples: TrainingSet | None) -> bool:
    """Whether a network of the card learned from these images and vectors."""
    if examples is None or one["set"] is None:
        return examples is one["set"]
    learned = card["sets"][one["set"]]
    if (learned["n"], learned["d"], learned["images"]) != (len(examples.labels), examples.d, examples.images_checksum):
        return False
    with safe_open(path, framework="np") as opened:
        return bool(np.allclose(_sample(examples), opened.get_tensor(f"set {one['set']}"), rtol=0, atol=ROUNDING))


def _sample(examples: TrainingSet) -> NDArray[np.float32]:
    """Some vectors, evenly spaced, and the last ones, which are of target images if the set has any."""
    n = len(examples.labels)
    spread = np.linspace(0, n - 1, min(N_SAMPLED, n)).round().astype(np.int64)
    return np.ascontiguousarray(examples.descriptors[np.concatenate([spread, np.arange(max(0, n - N_SAMPLED), n)])])


def _stored(value: Tensor) -> Tensor:
    return (value.half() if value.ndim > 1 else value).detach().contiguous()
