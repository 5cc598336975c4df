"""Checkpoints, from which an interrupted training goes on."""

import hashlib
import io
import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from vretlib import arrays, outputs
from vretlib.errors import UserError

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Checkpoint:
    """A file to continue from.

    Attributes
    ----------
    path: training goes on from this file if it exists. It stays when training is over; a finished run is not repeated.
    recipe: what is trained on what, in words. A checkpoint of another recipe, start, settings or number of steps is
        refused.
    every: steps between two checkpoints; the last step is always kept.

    Raises
    ------
    UserError: no path of a file, or no whole number of steps.
    """

    path: Path
    recipe: str = ""
    every: int = 500

    def __post_init__(self) -> None:
        if not isinstance(self.path, str | os.PathLike):
            raise UserError(f"path is {type(self.path).__name__}; expected the path of a checkpoint")
        object.__setattr__(self, "path", Path(self.path))
        arrays.whole(self.every, "every", 1, what="steps between two checkpoints")

    def save(self, state: dict[str, Any], run: dict[str, str]) -> None:
        """Write the file in one step.

        The file holds the 32 bytes of the SHA-256 of the rest, and then what `torch.save` writes.

        Raises
        ------
        UserError: the file cannot be written.
        """
        content = io.BytesIO()
        torch.save({"run": run, **state}, content)
        outputs.write(self.path, hashlib.sha256(content.getbuffer()).digest() + content.getvalue())

    def load(self, run: dict[str, str], device: torch.device) -> dict[str, Any] | None:
        """The state of the same run; None without a file, or with a damaged one, which is reported and set aside.

        Raises
        ------
        UserError: the checkpoint is of another run, or cannot be read.
        """
        try:
            content = self.path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise UserError(f"{self.path}: cannot read the checkpoint ({error}); give another path") from error
        if hashlib.sha256(content[32:]).digest() != content[:32]:
            aside = self.path.with_name(f"{self.path.name}.damaged")
            os.replace(self.path, aside)
            log.warning("%s: a damaged checkpoint, set aside as %s; training begins anew", self.path.name, aside.name)
            return None
        state: dict[str, Any] = torch.load(io.BytesIO(content[32:]), weights_only=True, map_location=device)
        found = state.pop("run")
        for what, mine in run.items():
            if found[what] != mine:
                raise UserError(
                    f"{self.path}: a checkpoint of another run: its {what} is {found[what]!r}, expected {mine!r}; "
                    "give another path, or delete it to train from the start"
                )
        return state


def identity(network: nn.Module, generator: torch.Generator, settings: str, recipe: str) -> dict[str, str]:
    """What two equal runs have in common; ``start`` stands for the first weights and the seed."""
    start = hashlib.sha256(generator.get_state().numpy().tobytes())
    for name, value in network.state_dict().items():
        start.update(name.encode())
        start.update(value.detach().cpu().contiguous().view(-1).view(torch.uint8).numpy().tobytes())
    return {"recipe": recipe, "settings": settings, "start": start.hexdigest()}
