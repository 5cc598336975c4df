"""The card beside a file of weights: its data, its training and its accuracy."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from vretlib import outputs
from vretlib.checksums import checksum
from vretlib.errors import UserError

Card = dict[str, Any]


def write(card: Card, weights: Path) -> None:
    """Put the card of a file of weights beside it, as .json, with the file's checksum and size."""
    card = card | {"sha256": checksum(weights), "bytes": weights.stat().st_size}
    outputs.write(weights.with_suffix(".json"), json.dumps(card, indent=1) + "\n")


def read(weights: Path) -> Card:
    """The card of a file of weights; UserError without one, or if it describes another file."""
    path = weights.with_suffix(".json")
    try:
        card: Card = json.loads(path.read_text())
        described = card["sha256"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(
            f"{path}: not a readable card ({error!r}). Restore it, or train {weights.stem} anew."
        ) from error
    if not weights.is_file() or checksum(weights) != described:
        raise UserError(f"{weights}: not the file that {path.name} describes. Restore both, or train it anew.")
    return card


def other_parameters(weights: Path, given: Mapping[str, Any]) -> str:
    """The parameters of a page that differ from those on the card of a file of weights; empty if none do."""
    return differences(given, read(weights)["parameters"])


def differences(given: Mapping[str, Any], learned: Mapping[str, Any]) -> str:
    """What of ``learned`` has another value in ``given``, by name; empty if nothing has."""
    return "; ".join(f"{key}={given[key]!r} instead of {of!r}" for key, of in learned.items() if given[key] != of)


def command(name: str, seed: int) -> str:
    """The command that makes such a file again, in the current folder."""
    return f"python -m vretlib weights {name} --seed {seed} --out {name}.safetensors"


def hardware() -> str:
    """A description of the machine."""
    capability = torch.backends.cpu.get_cpu_capability()
    return f"{os.cpu_count()} cores, {capability}, {torch.get_num_threads()} threads, torch {torch.__version__}"
