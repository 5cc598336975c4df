"""The hash networks in ``data/weights`` that were trained in both stages of paper 001 (section III-C).

The file holds what the second stage changes: the last convolutions and the layers behind them, all as float16. What
stays the same is computed from the training frames: the whitening, and the classifier of people is not needed for
codes.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save as serialised
from torch import nn

from vretlib import outputs, paths
from vretlib.errors import NoExampleError, UserError
from vretlib.models import cards
from vretlib.models.hashing.deep_training import DeepHasher, through
from vretlib.models.hashing.hash_network import HashNetwork
from vretlib.models.hashing.hash_recipe import OF_HVIH, Frames, maps_of
from vretlib.models.training import TrainingLog

NAME = "hash_networks"
Hashers = dict[tuple[str, int], DeepHasher]
"""By objective and seed."""
_STORED = ("front.", "full.", "hash.")


def file() -> Path:
    """The file of the project."""
    return paths.DATA / "weights" / f"{NAME}.safetensors"


def save(hashers: Mapping[tuple[str, int], DeepHasher], out: Path) -> None:
    """Write what codes need of hashers with a tuned front, as float16; equal hashers make equal files."""
    tensors = {
        f"{objective}.{seed}.{key}": value.half().contiguous()
        for (objective, seed), hasher in hashers.items()
        for key, value in hasher.network.state_dict().items()
        if key.startswith(_STORED)
    }
    outputs.write(out, serialised(tensors))


def made_for(given: Mapping[str, Any]) -> None:
    """Check that the project's file was trained with the parameters of a page.

    Raises
    ------
    NoExampleError: a parameter that decides the first stage or the frames is another one; it is named.
    """
    if differ := cards.other_parameters(file(), given):
        raise NoExampleError(
            f"the networks of both stages in data/weights were trained with other parameters ({differ}); "
            "second_steps trains such networks here"
        )


def read(learned: Frames, front: nn.Module, path: Path | None = None) -> Hashers:
    """The hashers of a file.

    Parameters
    ----------
    learned: the frames that they were trained on, with maps.
    front: the layers that the second stage started from; they are not changed.

    Raises
    ------
    UserError: no file with its card, or one that does not fit the front or the frames.
    """
    path = path or file()
    card = cards.read(path)
    features = through(front, torch.from_numpy(maps_of(learned)))
    try:
        with safe_open(path, framework="pt") as opened:
            tensors = {key: opened.get_tensor(key).float() for key in opened.keys()}  # noqa: SIM118
        hashers = {}
        for objective in card["objectives"]:
            for seed in card["seeds"]:
                prefix = f"{objective}.{seed}."
                network = _network(features, front, card["n_bits"], tensors[f"{prefix}full.bias"].numel())
                state = {k.removeprefix(prefix): value for k, value in tensors.items() if k.startswith(prefix)}
                lacking = network.load_state_dict(state, strict=False).missing_keys
                if any(key.startswith(_STORED) for key in lacking):
                    raise ValueError(f"{lacking} are missing")
                of = "hvih" if objective in OF_HVIH else objective
                hashers[objective, seed] = DeepHasher(of, card["n_bits"], network.eval(), TrainingLog())
    except Exception as error:  # whatever a file can hold
        raise UserError(f"{path}: no such hash networks ({error!r}). Restore it, or train it anew.") from error
    return hashers


def _network(features: torch.Tensor, front: nn.Module, n_bits: int, hidden: int) -> HashNetwork:
    """A network whose whitening is that of the features; all weights are then read."""
    own = copy.deepcopy(front)
    return HashNetwork(features, n_bits, 1, torch.Generator(), hidden=hidden, front=own)
