"""Training images with a class each."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class LabelledImages:
    """Images with a class each: ``labels`` int64 (n,), positions in ``classes``."""

    name: str
    images: tuple[Path, ...]
    labels: NDArray[np.int64]
    classes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.images)


def learnable(labels: NDArray[np.int64]) -> bool:
    """Whether a similarity can be learned from such images: there are pairs of one class, and pairs of two classes."""
    sizes = np.bincount(labels) if len(labels) else np.zeros(0, np.int64)
    return bool(np.count_nonzero(sizes) >= 2 and sizes.max() >= 2)
