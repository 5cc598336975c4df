"""What a similarity is learned from, and the part of it that is held out for validation."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from vretlib.evaluation import average_precision
from vretlib.evaluation.ranking import rank
from vretlib.models.labelled_images import learnable

HELD_OUT = 0.15
"""Share of the training images that is held out: data of the test must not decide when training stops."""

QUERIES = 100
"""Maximum number of queries at a validation; with all held-out images, validations would cost as much as training."""


@dataclass(frozen=True, eq=False)
class TrainingSet:
    """Images with their descriptors, float32 (n, d), and classes, int64 (n,).

    ``targets`` are the ids of those images that belong to a collection which is searched, by name of the collection.
    """

    name: str
    images: tuple[Path, ...]
    descriptors: NDArray[np.float32]
    labels: NDArray[np.int64]
    targets: Mapping[str, NDArray[np.int64]] = field(default_factory=dict)

    @property
    def d(self) -> int:
        """Dimension of the descriptors."""
        return self.descriptors.shape[1]

    @property
    def summary(self) -> str:
        """One line with the number of images, and of those of each target collection."""
        added = ", ".join(f"{len(ids)} of {domain}" for domain, ids in self.targets.items() if len(ids))
        return f"{self.name}: {len(self.labels):,} images" + (f", with {added}" if added else "")

    @cached_property
    def checksum(self) -> str:
        """SHA-256 of descriptors and labels."""
        data = np.ascontiguousarray(self.descriptors).tobytes() + self.labels.tobytes()
        return hashlib.sha256(data).hexdigest()

    @cached_property
    def images_checksum(self) -> str:
        """SHA-256 of the names and classes of the images.

        Their pixels have no part in it: a drawing may differ in the last bit on another processor.
        """
        lines = [f"{path.name} {label}" for path, label in zip(self.images, self.labels.tolist(), strict=True)]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def only(self, rows: NDArray[np.int64]) -> TrainingSet:
        """Some of the images, in the order of ``rows``."""
        images = tuple(self.images[row] for row in rows.tolist())
        return TrainingSet(self.name, images, self.descriptors[rows], self.labels[rows], self.targets)

    def split(self, generator: torch.Generator) -> tuple[TrainingSet, TrainingSet]:
        """Images for training, and images of the same classes for validation, as LAND5K is to LANDMARKS.

        No image is held out where the held-out images would have no two of a class, or where the rest would not suffice
        for training; training then goes to its last step.
        """
        order = torch.randperm(len(self.labels), generator=generator).numpy()
        n = round(HELD_OUT * len(order))
        kept, held_out = self.only(np.sort(order[n:])), self.only(np.sort(order[:n]))
        if n and np.bincount(held_out.labels).max() >= 2 and learnable(kept.labels):
            return kept, held_out
        return self, self.only(order[:0])


def held_out_queries(n: int) -> NDArray[np.int64]:
    """Ids of the held-out images that are queries at a validation: at most `QUERIES` of ``n``, evenly spaced."""
    return np.unique(np.linspace(0, n - 1, min(n, QUERIES)).round().astype(np.int64))


def held_out_map(
    scores: NDArray[np.float32], labels: NDArray[np.int64], queries: NDArray[np.int64] | None = None
) -> float:
    """Mean AP of images that search for their class among n; ``labels`` is (n,).

    ``scores`` is (queries, n), and ``queries`` holds the number of the image of each row; None stands for all n.
    """
    rows = np.arange(len(labels)) if queries is None else queries
    of_class = [np.flatnonzero(labels == labels[image]) for image in rows]
    positives = [np.setdiff1d(ids, image) for image, ids in zip(rows, of_class, strict=True)]
    junk = [np.array([image]) for image in rows]
    found = average_precision.average_precisions(rank(scores), positives, junk)
    return average_precision.mean(found).value
