"""Networks that are trained once and kept: the cache holds their weights and the log of the training."""

import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict, is_dataclass
from functools import wraps
from pathlib import Path
from typing import Any

from safetensors.torch import load_file, save_file
from torch import nn

from vretlib import cache, paths
from vretlib.models.checkpoint import Checkpoint
from vretlib.models.training import TrainingLog


def trained(
    name: str,
    key: Mapping[str, Any],
    network: nn.Module,
    train: Callable[[Checkpoint], TrainingLog],
    *,
    level: int = logging.INFO,
) -> tuple[TrainingLog, Path]:
    """The log of a training, and the folder of what it kept; ``network`` has the trained weights, in evaluation mode.

    The network is trained now, unless the cache has it already. An interrupted training goes on from its checkpoint.

    Parameters
    ----------
    name: name of the stage in the cache.
    key: everything that decides the result, except the code: data, first weights, options; see `vretlib.cache.stage`.
    network: the network with its first weights.
    train: trains ``network`` in place and returns the log. It is given the checkpoint to go on from. Its module, and
        all of the project that this imports, belong to the key.
    level: level of the messages, see `vretlib.cache.stage`.
    """
    plain = {k: asdict(v) if is_dataclass(v) and not isinstance(v, type) else v for k, v in key.items()}
    recipe = json.dumps(plain, sort_keys=True)
    digest = hashlib.sha256(recipe.encode()).hexdigest()[:20]
    checkpoint = Checkpoint(paths.CACHE / "training" / f"{name}-{digest}.pt", recipe=recipe)

    @wraps(train)  # so that the key holds the code of ``train``, not only of this module
    def build(folder: Path) -> None:
        log = train(checkpoint)
        state = {name: tensor.contiguous() for name, tensor in network.state_dict().items()}  # channels_last is not
        save_file(state, folder / "network.safetensors")
        (folder / "log.json").write_text(json.dumps(asdict(log)))
        checkpoint.path.unlink(missing_ok=True)

    folder = cache.stage(name, key, build, level=level)
    network.load_state_dict(load_file(folder / "network.safetensors"))
    network.eval()
    return TrainingLog(**json.loads((folder / "log.json").read_text())), folder
