"""Labelled training photographs in memory, some of each class held out to measure the accuracy."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vretlib import images
from vretlib.checksums import checksum
from vretlib.errors import UserError
from vretlib.models.labelled_images import LabelledImages


@dataclass(frozen=True, eq=False)
class Photographs:
    """Photographs with their classes.

    Attributes
    ----------
    pixels: uint8 (h, w, 3) each, of different shapes.
    labels: int64 (n,).
    held_out: bool (n,), True for photographs that are held out.
    checksum: SHA-256 of all labels and files, in order.
    """

    pixels: tuple[NDArray[np.uint8], ...]
    labels: Tensor
    held_out: NDArray[np.bool_]
    checksum: str


def load(data: LabelledImages, *, longest: int, held_out: int, seed: int) -> Photographs:
    """The photographs of labelled images, some of each class held out.

    Parameters
    ----------
    longest: the longer side of a photograph, in pixels; smaller images stay as they are.
    held_out: number of held-out photographs of each class, drawn from the seed, class after class, so that more
        classes change nothing for the earlier ones.

    Raises
    ------
    UserError: a class has no training photographs, or an image cannot be read.
    """
    rng = np.random.default_rng(seed)
    apart = np.zeros(len(data), bool)
    for label, of_class in enumerate(data.classes):
        members = np.flatnonzero(data.labels == label)
        if len(members) <= held_out:
            raise UserError(
                f"class {of_class}: {len(members)} images; expected more than the {held_out} that are held out. "
                "Add images, or hold out fewer."
            )
        apart[rng.choice(members, held_out, replace=False)] = True
    content = hashlib.sha256(data.labels.tobytes())
    for path in data.images:
        content.update(bytes.fromhex(checksum(path)))
    pixels = tuple(images.resize(images.read(path), longest) for path in data.images)
    return Photographs(pixels, torch.from_numpy(data.labels), apart, content.hexdigest())
