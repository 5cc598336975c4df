"""The temporal encoders in ``data/weights``, with the whitening of the frames that they read.

An encoder is of use only behind the whitening that it learned behind: another one turns the space. So both are in one
file, as the thesis has them in one network, whose first layer is the whitening (§6.2.2).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import get_args

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import save as serialised
from torch import Tensor

from vretlib import outputs
from vretlib.errors import UserError
from vretlib.features.weights import committed_file
from vretlib.features.whitening import Whitening
from vretlib.models import cards
from vretlib.models.cards import Card
from vretlib.models.temporal_encoder import RecurrentCell, TemporalEncoder
from vretlib.models.trained_encoders import EncoderSet

NAME = "temporal_encoders"
_HEADER = "encoders"
_PLAIN, _AUGMENTED = "plain", "augmented"
_WHITENING = ("mean", "eigenvalues", "eigenvectors")


@dataclass(frozen=True)
class Descriptors:
    """What decides the descriptors of frames: the network, the checksum of its weights, and the sampling.

    ``fps`` is the number of sampled frames a second, ``image_side`` the pixels of their longer side.
    """

    network: str
    weights: str
    fps: float
    image_side: int


@dataclass(frozen=True, eq=False)
class Committed:
    """Encoders, the whitening and the kind of descriptors that they read, and the card of their training."""

    encoders: EncoderSet
    whitening: Whitening
    descriptors: Descriptors
    card: Card

    @property
    def curve(self) -> dict[str, dict[int, list[float]]]:
        """The validation of plain encoders by cell and number of steps, one value for each seed.

        A value is the share of held-out frames whose own shot is the nearest, `temporal_training.own_shot_first`.
        """
        return {cell: {int(number): of for number, of in some.items()} for cell, some in self.card["curve"].items()}

    def learning(self, by: str, measure: str) -> dict[str, dict[int, list[float]]]:
        """The learning curve of plain encoders by cell and number of ``"clips"`` or ``"steps"``; a value for each seed.

        ``measure`` is `temporal_curve.HELD_OUT`, or a kind of query of the card's validation, whose mAP it is.
        """
        curve = self.card["learning"][by]
        return {cell: {int(number): of[measure] for number, of in some.items()} for cell, some in curve.items()}


def file() -> Path:
    """The file of the project."""
    return committed_file(NAME)


def chosen(encoders: str, descriptors: Descriptors) -> Committed | str:
    """The committed encoders, or why they are not used.

    They are used if ``encoders`` is "committed" and if they learned from such descriptors.
    """
    if encoders != "committed":
        return "as asked for"
    learned, mine = cards.read(file())["descriptors"], asdict(descriptors)
    differ = [f"{key} {value}, here {mine[key]}" for key, value in learned.items() if mine[key] != value]
    return f"the committed encoders read other descriptors ({'; '.join(differ)})" if differ else read()


def save(encoders: EncoderSet, whitening: Whitening, out: Path) -> None:
    """Write encoders and whitening as a safetensors file: an encoder's matrices as float16, all else as float32.

    Equal encoders make equal files, byte by byte.
    """
    tensors: dict[str, Tensor] = {
        f"whitening.{name}": torch.from_numpy(np.ascontiguousarray(getattr(whitening, name), np.float32))
        for name in _WHITENING
    }
    kinds = {_PLAIN: encoders.plain, _AUGMENTED: encoders.augmented}
    for kind, by_cell in kinds.items():
        for cell, some in by_cell.items():
            for number, encoder in enumerate(some):
                for key, value in encoder.state_dict().items():
                    stored = value.half() if value.ndim > 1 else value
                    tensors[f"{kind}.{cell}.{number}.{key}"] = stored.detach().contiguous()
    header = {"n": whitening.n, "source": whitening.source, "encoders": len(next(iter(encoders.plain.values())))}
    outputs.write(out, serialised(tensors, {_HEADER: json.dumps(header)}))


def read(path: Path | None = None) -> Committed:
    """The encoders of a file and its card, by default those of the project.

    Raises
    ------
    UserError: no file with its card, or one that holds something else.
    """
    path = path or file()
    card = cards.read(path)
    try:
        data, steps = card["data"], card["steps"]
        descriptors = Descriptors(**card["descriptors"])
        n = f"{data['clips'] - data['held_out']} training clips and {data['held_out']} held out"
    except (KeyError, TypeError) as error:
        raise UserError(f"{path}: its card is of other weights ({error!r}). Restore it, or train it anew.") from error
    encoders, whitening = contents(path)
    seeds = len(encoders.plain["lstm"])
    note = f"committed, {path.name}: {n}, {steps:,} steps, {seeds} seeds"
    return Committed(replace(encoders, note=note), whitening, descriptors, card)


def contents(path: Path) -> tuple[EncoderSet, Whitening]:
    """The encoders and the whitening of a file that `save` wrote; `UserError` for another file."""
    try:
        with safe_open(path, framework="pt") as opened:
            tensors = {key: opened.get_tensor(key) for key in opened.keys()}  # noqa: SIM118
            header = json.loads((opened.metadata() or {})[_HEADER])
        mean, values, vectors = (tensors[f"whitening.{name}"].double().numpy() for name in _WHITENING)
        whitening = Whitening(mean, values, vectors, n=header["n"], source=header["source"])
        plain, augmented = (
            {
                cell: tuple(_encoder(cell, tensors, f"{kind}.{cell}.{number}.") for number in range(header["encoders"]))
                for cell in get_args(RecurrentCell)
                if f"{kind}.{cell}.0.last.bias" in tensors
            }
            for kind in (_PLAIN, _AUGMENTED)
        )
    except Exception as error:  # whatever a header can say
        raise UserError(
            f"{path}: not a file of temporal encoders ({error!r}). Restore it, or train it anew."
        ) from error
    return EncoderSet(plain, augmented, path.name), whitening


def _encoder(cell: RecurrentCell, tensors: Mapping[str, Tensor], prefix: str) -> TemporalEncoder:
    state = {key.removeprefix(prefix): value.float() for key, value in tensors.items() if key.startswith(prefix)}
    d, hidden = state["last.weight"].shape
    encoder = TemporalEncoder(cell, generator=torch.Generator(), d=d, hidden=hidden)
    encoder.load_state_dict(state)
    return encoder.eval()
