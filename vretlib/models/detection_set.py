"""Images with boxes and classes, to train and test detectors on."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class DetectionSet:
    """n images with the boxes of what they show.

    Attributes
    ----------
    boxes: n arrays float32 (k, 4), x1, y1, x2, y2 in pixels of the image as read, from 0, the far corner included; k
        may be 0 and differs from image to image.
    labels: n arrays int64 (k,), positions in ``classes``, which have no entry for the background.
    """

    name: str
    images: tuple[Path, ...]
    boxes: tuple[NDArray[np.float32], ...]
    labels: tuple[NDArray[np.int64], ...]
    classes: tuple[str, ...]
    description: str
    licence: str

    def __len__(self) -> int:
        return len(self.images)
