"""Hash functions in ``data/weights`` for a page: those of a file, if they belong to its frames and parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from vretlib.models import cards, committed_hash_networks, committed_kernel_hashers
from vretlib.models.committed_hash_networks import HashKey
from vretlib.models.hashing import deep_validation
from vretlib.models.hashing.hash_recipe import Frames, HashRecipe
from vretlib.models.hashing.hasher import Hasher


def find(
    name: str, learned: Frames, given: Mapping[str, Any], bits: Sequence[int], seeds: Sequence[int]
) -> tuple[dict[HashKey, Hasher], str]:
    """The hash functions of a file that needs no layers in front, or none and why they do not belong to a page.

    Parameters
    ----------
    name: of the file.
    learned: the training frames of the page.
    given: its parameters; with other ``models`` than "committed" no file belongs to it.
    bits, seeds: what it needs.

    Raises
    ------
    UserError: no file with its card, or one that does not fit its card.
    """
    file = committed_hash_networks.file(name)
    if why := _unused(file, learned, given, bits, seeds):
        return {}, why
    if name in committed_kernel_hashers.NAMES.values():
        found: Mapping[HashKey, Hasher] = committed_kernel_hashers.read(learned, file)
    else:
        found = committed_hash_networks.read(learned, None, file)
    return {one: of for one, of in found.items() if one[1] in bits and one[2] in seeds}, ""


def learning_curves(
    collections: Mapping[str, tuple[str, Frames]], objectives: Mapping[str, str], recipe: HashRecipe,
    given: Mapping[str, Any], n_bits: int, seed: int,
) -> dict[str, dict[str, list[tuple[int, float]]]]:  # fmt: skip
    """The mAP of held-out training videos over the steps, for each collection and each method of a page.

    The curves are those on the card of a collection's file if it belongs to the page, see `find`; else the methods are
    trained here, see `deep_validation.of_methods`.

    Parameters
    ----------
    collections: name of the file and training frames, by name of the collection.
    objectives: what each of the methods minimises, by its name.
    n_bits, seed: of the trainings; a card has those of its longest code and its first seed.

    Raises
    ------
    UserError: as of `find`.
    NoExampleError: no person of a collection has five videos.
    """
    found = {}
    for collection, (name, learned) in collections.items():
        file, kept = committed_hash_networks.file(name), dict[str, dict[str, float]]()
        if not _unused(file, learned, given, [n_bits], [seed]):
            card = cards.read(file)
            kept = card["curve"] if (n_bits, seed) == (max(card["bits"]), card["seed"]) else {}
        if kept:
            points = {row: kept[one].items() for row, one in objectives.items()}
            found[collection] = {row: [(int(step), score) for step, score in of] for row, of in points.items()}
        else:
            found[collection] = deep_validation.of_methods(objectives, recipe, learned, n_bits, seed)
    return found


def _unused(path: Path, learned: Frames, given: Mapping[str, Any], bits: Sequence[int], seeds: Sequence[int]) -> str:
    """Why a page does not use a file; empty if it does."""
    if given["models"] != "committed":
        return "as asked for"
    return committed_hash_networks.lacks(path, learned, given, bits, seeds)
