"""The hash networks in ``data/weights``: the first stage of paper 001's training on both drawn sets, and both stages.

A file holds what codes need and training changes: the layers behind the face network, and after a second stage its last
convolutions too (paper 001, section III-C), all as float16. The whitening is computed from the training frames.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import save as serialised
from torch import Tensor, nn

from vretlib import outputs
from vretlib.errors import UserError
from vretlib.evaluation import hamming
from vretlib.features.weights import committed_file
from vretlib.models import cards
from vretlib.models.hashing.deep_methods import METHODS
from vretlib.models.hashing.deep_training import DeepHasher, through
from vretlib.models.hashing.hash_network import HashNetwork, SymmetricWhitening
from vretlib.models.hashing.hash_recipe import OF_HVIH, Frames, maps_of, video_bits
from vretlib.models.hashing.hasher import Hasher
from vretlib.models.training import TrainingLog
from vretlib.search import packed_codes

LAYERS = {"a": "hash_layers_a", "b": "hash_layers_b"}
"""The file of the first stage, by the drawn set that it learned from."""
SWEEP = {"a": "hash_sweep_a", "b": "hash_sweep_b"}
"""The same for the weights of center alignment in Figure 6 other than the printed one."""
PEOPLE = {"known": "hash_known_people", "new": "hash_new_people"}
"""The file of a first stage that learned from one half of the people of set "a": those whom queries show, or others."""
BOTH_STAGES = "hash_networks"
"""The file of both stages, which learned from set "a"."""
HashKey = tuple[str, int, int]
"""Objective, bits of a code, seed."""
Hashers = dict[HashKey, DeepHasher]
_STORED = ("front.", "full.", "hash.")


def file(name: str) -> Path:
    """The file of the project with this name."""
    return committed_file(name)


def save(hashers: Hashers, out: Path) -> None:
    """Write what codes need of hashers, as float16; equal hashers make equal files."""
    tensors = {
        _prefix(one) + key: value.half().contiguous()
        for one, hasher in hashers.items()
        for key, value in hasher.network.state_dict().items()
        if key.startswith(_STORED)
    }
    outputs.write(out, serialised(tensors))


def numbers(frames: Frames) -> dict[str, int]:
    """How many videos, frames and people there are, for a card."""
    return {"videos": len(frames.persons), "frames": len(frames.x), "people": len(np.unique(frames.persons))}


def learned_from(learn: Frames, asked: Frames) -> dict[str, Any]:
    """What a card says of the frames that hash functions learned from, and of the queries that test them."""
    return {
        **numbers(learn), "queries": len(asked.persons), "sha256": hashlib.sha256(learn.x.data).hexdigest(),
    }  # fmt: skip


def accuracies(hashers: Mapping[HashKey, Hasher], database: Frames, asked: Frames) -> dict[str, list[float]]:
    """The mAP of query videos by objective and code length, for each seed: expected over the orders of ties."""
    wanted = asked.persons[:, None] == database.persons
    found: dict[str, list[float]] = {}
    for (objective, n_bits, _), hasher in hashers.items():
        codes = (packed_codes.pack(video_bits(hasher, part)) for part in (asked, database))
        average = hamming.expected_average_precisions(packed_codes.distances(*codes), wanted)
        found.setdefault(f"{objective}, {n_bits} bits", []).append(round(float(np.nanmean(average)), 4))
    return found


def lacks(
    path: Path, learned: Frames, given: Mapping[str, Any], bits: Sequence[int] = (), seeds: Sequence[int] = ()
) -> str:
    """Why a page cannot use a file; empty if it can.

    Parameters
    ----------
    learned: the training frames of the page.
    given, bits, seeds: its parameters, and the code lengths and seeds that it needs.

    Raises
    ------
    UserError: no file with its card, or a card that lacks something.
    """
    card = cards.read(path)
    needed = {"bits": bits, "seeds": seeds}
    try:
        missing = {name: sorted({*wanted} - {*card[name]}) for name, wanted in needed.items()}
        return (
            cards.other_parameters(path, given)
            or other_frames(card, learned)
            or "; ".join(f"no {name} {of}" for name, of in missing.items() if of)
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise UserError(f"{path}: its card is incomplete ({error!r}). Restore both, or train them anew.") from error


def read(learned: Frames, front: nn.Module | None, path: Path) -> Hashers:
    """The hashers of a file.

    Parameters
    ----------
    learned: the frames that they were trained on; with maps if ``front`` is given.
    front: the layers that a second stage started from, which are not changed; None if there was none.

    Raises
    ------
    UserError: no file with its card, or one that does not fit the front, or the frames by their numbers of videos,
        frames, people and dimensions.
    """
    card = cards.read(path)
    inputs = torch.from_numpy(learned.x if front is None else maps_of(learned))
    try:
        if other := other_frames(card, learned):
            raise ValueError(other)
        whitening = SymmetricWhitening.of(inputs if front is None else through(front, inputs))
        with safe_open(path, framework="pt") as opened:
            tensors = {key: opened.get_tensor(key).float() for key in opened.keys()}  # noqa: SIM118
        keys = [(name, k, seed) for name in card["objectives"] for k in card["bits"] for seed in card["seeds"]]
        return {one: _hasher(one, whitening, front, tensors) for one in keys}
    except Exception as error:  # whatever a file can hold
        raise UserError(f"{path}: no such hash networks ({error!r}). Restore it, or train it anew.") from error


def other_frames(card: cards.Card, learned: Frames) -> str:
    """How a page's numbers of frames, videos and people differ from those of a card; empty if they do not.

    Raises
    ------
    KeyError: the card lacks them.
    """
    of_card = card["data"]
    return "; ".join(
        f"{n} {what} instead of {of_card[what]}" for what, n in numbers(learned).items() if n != of_card[what]
    )


def _hasher(
    one: HashKey, whitening: SymmetricWhitening, front: nn.Module | None, tensors: Mapping[str, Tensor]
) -> DeepHasher:
    """A hasher without the classifier of people, which codes do not need."""
    name, n_bits, _ = one
    objective, prefix = "hvih" if name in OF_HVIH else name, _prefix(one)
    state = {key.removeprefix(prefix): value for key, value in tensors.items() if key.startswith(prefix)}
    network = HashNetwork(
        whitening, n_bits, 1, torch.Generator(), hidden=len(state["full.bias"]), divided=METHODS[objective].divided,
        front=copy.deepcopy(front),
    )  # fmt: skip
    found = network.load_state_dict(state, strict=False)
    if other := [*found.unexpected_keys, *(key for key in found.missing_keys if key.startswith(_STORED))]:
        raise ValueError(f"{other} are missing or belong to another network")
    return DeepHasher(objective, n_bits, network.eval(), TrainingLog())


def _prefix(one: HashKey) -> str:
    return "{}.{}.{}.".format(*one)
