"""Where an interrupted training goes on."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from vretlib.errors import UserError


@dataclass(frozen=True)
class Checkpoint:
    """A file to continue from.

    Attributes
    ----------
    path: if it is there, training goes on from it. It stays when training is over, and a finished run is not run again.
    recipe: what is trained on what, in words. A checkpoint of another recipe, start, settings or number of steps is
        refused.
    every: steps between two checkpoints; the last step is always kept.
    """

    path: Path
    recipe: str = ""
    every: int = 500

    def save(self, state: dict[str, Any], run: dict[str, str]) -> None:
        """Write under a temporary name first: what has the final name is whole, or the one before."""
        partial = self.path.with_name(self.path.name + ".partial")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            torch.save({"run": run, **state}, partial)
            os.replace(partial, self.path)
        except (OSError, RuntimeError) as error:  # torch reports some failures to write as RuntimeError
            raise UserError(
                f"{self.path}: cannot write the checkpoint ({error}); free some space or give another path"
            ) from error

    def load(self, run: dict[str, str], device: torch.device) -> dict[str, Any] | None:
        """The state of the same run, None if there is no file; UserError if it is unreadable or of another run."""
        if not self.path.exists():
            return None
        try:
            state: dict[str, Any] = torch.load(self.path, weights_only=True, map_location=device)
            found = state.pop("run")
        except Exception as error:  # torch raises many kinds on what is not its own file
            raise UserError(
                f"{self.path}: not a readable checkpoint ({type(error).__name__}); delete it to train from the start"
            ) from error
        for what, mine in run.items():
            if found[what] != mine:
                raise UserError(
                    f"{self.path}: a checkpoint of another run: its {what} is {found[what]!r}, expected {mine!r}; "
                    "give another path, or delete it to train from the start"
                )
        return state


def identity(network: nn.Module, generator: torch.Generator, settings: str, recipe: str) -> dict[str, str]:
    """What makes two runs the same run; ``start`` stands for the first weights and the seed."""
    start = hashlib.sha256(generator.get_state().numpy().tobytes())
    for name, value in network.state_dict().items():
        start.update(name.encode())
        start.update(value.detach().cpu().contiguous().view(-1).view(torch.uint8).numpy().tobytes())
    return {"recipe": recipe, "settings": settings, "start": start.hexdigest()}
