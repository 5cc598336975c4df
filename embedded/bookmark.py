"""Photographs that are cut to the picture on the screen, as people take them to mark a place in a video."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from embedded.camera import SimulatedPhotograph

MARGIN = 12
"""Pixels of the room that the photograph keeps around the picture."""


def jpeg(photo: SimulatedPhotograph) -> bytes:
    """The part of a photograph that holds the screen's picture, as a JPEG."""
    first = _first(photo)
    last = np.ceil(photo.corners.max(axis=0)).astype(int) + MARGIN
    kept = photo.image[first[1] : last[1], first[0] : last[0]]
    bgr = np.ascontiguousarray(kept[..., ::-1])
    return bytes(cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, photo.quality])[1])


def corners(photo: SimulatedPhotograph) -> NDArray[np.float64]:
    """The corners of the screen's picture in the JPEG, (4, 2), counted as those of the photograph."""
    return photo.corners - _first(photo)


def _first(photo: SimulatedPhotograph) -> NDArray[np.int64]:
    """The upper left pixel (x, y) of the part that is kept."""
    return np.maximum(np.floor(photo.corners.min(axis=0)) - MARGIN, 0).astype(np.int64)
