"""Parameters of a file, matched with the names that a network has for them.

The same network is saved in many ways: inside a checkpoint beside its epoch, under ``module.`` by DataParallel, under
``backbone.`` by a model around it, without its classifier or with one for other classes, or as a plain sequence of its
layers. All of these fit a network that is used without its classifier, and are recognised here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from vretlib.errors import UserError

State = dict[str, Tensor]

WRAPPERS = ("state_dict", "model_state_dict", "model", "network", "net", "backbone", "encoder", "weights", "params")
"""Entries of a checkpoint under which a network's state dict may stand, the usual ones first."""

HEADS = ("classifier", "fc")
"""Modules that end a network: everything else is needed for maps."""

_DEPTH = 4  # wrappers inside wrappers


def unwrapped(loaded: Any, where: str) -> State:
    """The tensors by name in what a file holds: the state dict itself, or the one inside a checkpoint.

    Other entries (an epoch, an optimiser) are ignored.

    Raises
    ------
    UserError: there is no state dict, or more than one under names that do not say which is meant.
    """
    for _ in range(_DEPTH):
        if not isinstance(loaded, Mapping):
            break
        tensors = {key: value for key, value in loaded.items() if isinstance(value, Tensor) and isinstance(key, str)}
        if tensors:
            return tensors
        inner = {key: value for key, value in loaded.items() if isinstance(value, Mapping) and value}
        known = [name for name in WRAPPERS if name in inner]
        if not known and len(inner) != 1:
            break
        loaded = inner[known[0]] if known else next(iter(inner.values()))
    raise UserError(f"{where}: expected a state dict: nothing but tensors by name. Save network.state_dict() alone.")


def matched(state: State, network: nn.Module) -> tuple[State, list[str]]:
    """The tensors of a file under the network's own names, and the names in the file that the network does not have.

    Raises
    ------
    UserError: under several prefixes (``student.``, ``teacher.``) the file holds a whole network each.
    """
    own = list(network.state_dict())
    body = [key for key in own if not is_head(key) and not key.endswith("num_batches_tracked")]
    best: dict[str, str] = {}
    before = ""
    for rename in _namings(network):
        names = {key: renamed for key in own if (renamed := rename(key)) is not None}
        whole = []
        for prefix in _prefixes(state, names.values()):
            found = {key: prefix + name for key, name in names.items() if prefix + name in state}
            whole += [prefix] if all(key in found for key in body) else []
            if len(found) > len(best):
                best, before = found, prefix
        if len(whole) > 1:
            prefixes = ", ".join(repr(prefix) for prefix in whole)
            raise UserError(f"it holds several networks, under {prefixes}. Save the one that is meant alone.")
        if whole:
            break
    used = set(best.values())
    others = [name.removeprefix(before) for name in state if name.startswith(before) and name not in used]
    return {key: state[name] for key, name in best.items()}, others


def is_head(key: str) -> bool:
    """Whether a parameter belongs to the classifier."""
    return key.split(".", 1)[0] in HEADS


def fault(tensor: Tensor, expected: Tensor) -> str:
    """The reason, in words, why a tensor cannot be a network's parameter; empty if it can."""
    if tensor.shape != expected.shape:
        return f"expected shape {tuple(expected.shape)}, found shape {tuple(tensor.shape)}"
    if tensor.layout != torch.strided or tensor.is_quantized:
        return f"found {str(tensor.layout).removeprefix('torch.')} numbers, expected dense ones"
    if tensor.is_meta:
        return "found a shape without numbers"
    if expected.is_floating_point():
        if not tensor.is_floating_point():
            return f"found {str(tensor.dtype).removeprefix('torch.')}, expected floating-point numbers"
        if not torch.isfinite(tensor.float()).all():
            return "holds NaN or infinity"
    elif tensor.is_complex() or tensor.is_floating_point():
        return f"found {str(tensor.dtype).removeprefix('torch.')}, expected a whole number"
    return ""


def _namings(network: nn.Module) -> Iterator[Callable[[str], str | None]]:
    """The names that files may have for a parameter: its own, without ``features.``, or by its place in a sequence."""
    yield lambda key: key
    yield lambda key: key.removeprefix("features.") if key.startswith("features.") else None
    place = {name: str(number) for number, (name, _) in enumerate(network.named_children())}
    yield lambda key: ".".join([place[key.split(".", 1)[0]], *key.split(".", 1)[1:]])


def _prefixes(state: State, names: Iterable[str]) -> list[str]:
    """The prefixes of the network's names in the file, shortest first: whole components, or nothing."""
    first = next(iter(names), "")
    found = {key[: -len(first)] for key in state if first and key.endswith(f".{first}")}
    return sorted({"", *found}, key=lambda prefix: (len(prefix), prefix))
