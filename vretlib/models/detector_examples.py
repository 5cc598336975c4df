"""Training examples of a detector, which are images with boxes, and query images as such examples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from vretlib import images
from vretlib.errors import UserError
from vretlib.features import detector as detectors
from vretlib.images import Box, Pixels
from vretlib.models.detection_set import DetectionSet


@dataclass(frozen=True, eq=False)
class Example:
    """An image at the size of the network's input, and its target in the form that torchvision's parts take.

    ``row`` identifies the image; a mirrored image has a ``row`` of its own. ``labels`` count from 1.
    """

    row: int
    pixels: Pixels
    boxes: Tensor
    labels: Tensor

    def mirrored(self, row: int) -> Example:
        """The image and its boxes with left and right exchanged."""
        x1, y1, x2, y2 = self.boxes.unbind(1)
        last = self.pixels.shape[1] - 1
        return Example(row, self.pixels[:, ::-1], torch.stack([last - x2, y1, last - x1, y2], 1), self.labels)


def of_queries(
    paths_of_images: Sequence[Path], boxes: Sequence[Box | None], labels: Sequence[int], classes: tuple[str, ...],
    name: str = "the queries",
) -> DetectionSet:  # fmt: skip
    """A training set of query images with one box each; a box of None is the whole image.

    Raises
    ------
    UserError: lengths that differ, a class without an example, or a box that is not inside its image.
    """
    if not len(paths_of_images) == len(boxes) == len(labels):
        raise UserError(
            f"{len(paths_of_images)} images, {len(boxes)} boxes and {len(labels)} labels; expected as many of each"
        )
    missing = sorted(set(range(len(classes))) - set(labels))
    if missing or not set(labels) <= set(range(len(classes))):
        what = f"class {classes[missing[0]]!r} has no example" if missing else f"labels up to {max(labels)}"
        raise UserError(f"{what}; expected examples of each of {len(classes)} classes, labelled from 0")
    whole = [images.size(path) for path in paths_of_images]
    cut = [
        images.inside(box, *size) if box is not None else (0.0, 0.0, size[0] - 1.0, size[1] - 1.0)
        for box, size in zip(boxes, whole, strict=True)
    ]
    return DetectionSet(
        name,
        tuple(paths_of_images),
        tuple(np.array([box], np.float32) for box in cut),
        tuple(np.array([label], np.int64) for label in labels),
        classes,
        description="boxes of queries",
        licence="",
    )


def load(examples: DetectionSet, short_side: int, long_side: int) -> list[Example]:
    """All images in memory, at the size of the network's input.

    Raises
    ------
    UserError: no images, or a box that has no area or is not inside its image.
    """
    if not len(examples.images):
        raise UserError(f"{examples.name} has no images; expected at least one to learn from")
    found: list[Example] = []
    for path, boxes, labels in zip(examples.images, examples.boxes, examples.labels, strict=True):
        whole = images.read(path)
        height, width = whole.shape[:2]
        for box in boxes:
            x1, y1, x2, y2 = images.inside(tuple(float(v) for v in box), width, height)  # type: ignore[arg-type]
            if x1 == x2 or y1 == y2:
                raise UserError(f"{path}: box {x1:g} {y1:g} {x2:g} {y2:g} has no area; a detector cannot learn it")
        pixels = detectors.rescale(whole, short_side, long_side)
        scale = np.array([pixels.shape[k] / whole.shape[k] for k in (1, 0, 1, 0)], np.float32)
        found.append(Example(len(found), pixels, torch.from_numpy(boxes * scale), torch.from_numpy(labels) + 1))
    return found
