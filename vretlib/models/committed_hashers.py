"""Hash functions in ``data/weights`` for a page: those of a file, if they belong to its frames and parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vretlib.models import committed_hash_networks, committed_kernel_hashers
from vretlib.models.committed_hash_networks import HashKey
from vretlib.models.hashing.hash_recipe import Frames
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
    if given["models"] != "committed":
        return {}, "as asked for"
    file = committed_hash_networks.file(name)
    if why := committed_hash_networks.lacks(file, learned, given, bits, seeds):
        return {}, why
    if name in committed_kernel_hashers.NAMES.values():
        found: Mapping[HashKey, Hasher] = committed_kernel_hashers.read(learned, file)
    else:
        found = committed_hash_networks.read(learned, None, file)
    return {one: of for one, of in found.items() if one[1] in bits and one[2] in seeds}, ""
