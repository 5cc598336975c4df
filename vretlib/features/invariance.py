"""Local features with which points, descriptor, and what the descriptor follows can be told apart.

BRIEF looks at an upright patch of one size around a point, SIFT at a patch that is turned and scaled with the point. A
system of one may beat a system of the other because of where the points lie, because of what is measured around them,
or because of this. Here the combinations that tell the three apart are computed for an image. ORB's own descriptor is
among them for comparison; it differs from BRIEF in its pairs of pixels and in its patch as well.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

BRIEF = "BRIEF at ORB's corners"
MORE = "twice as many of them"
FOLLOWING = "ORB's own descriptor at ORB's corners"
ELSEWHERE = "BRIEF at SIFT's points"
UPRIGHT = "SIFT, upright and of one size, at SIFT's points"
SIFT = "SIFT at SIFT's points"


_ONE_SIZE = 8.06  # its descriptor has a patch of 48 pixels, as BRIEF has
_OCTAVE = 1 | 1 << 8  # where OpenCV's pyramid is blurred for that size: the second octave, first layer


def describe(luma: NDArray[np.uint8], n_features: int = 500) -> dict[str, NDArray[np.uint8 | np.float32]]:
    """The descriptors of a grey image by kind: BRIEF uint8 (n, 32), SIFT float32 (n, 128).

    The first kind is that of the thesis' system, the last that of its SIFT system. About ``n_features`` points are
    kept, the strongest, and twice as many for one kind. SIFT's values are OpenCV's, integers from 0 to 255.
    """
    brief = cv2.xfeatures2d.BriefDescriptorExtractor.create(bytes=32)
    orb, more = (cv2.ORB.create(nfeatures=n) for n in (n_features, 2 * n_features))
    sift = cv2.SIFT.create(nfeatures=n_features)
    corners, (points, of_sift) = orb.detect(luma), sift.detectAndCompute(luma, None)  # one pyramid for both steps
    upright = [cv2.KeyPoint(point.pt[0], point.pt[1], _ONE_SIZE, 0, point.response, _OCTAVE) for point in points]
    return {
        BRIEF: _codes(brief.compute(luma, corners)),
        MORE: _codes(brief.compute(luma, more.detect(luma))),
        FOLLOWING: _codes(orb.compute(luma, corners)),
        ELSEWHERE: _codes(brief.compute(luma, points)),
        UPRIGHT: _vectors(sift.compute(luma, upright)),
        SIFT: _vectors((points, of_sift)),
    }


def _codes(computed: tuple[Any, Any]) -> NDArray[np.uint8]:
    return np.empty((0, 32), np.uint8) if computed[1] is None else np.asarray(computed[1], np.uint8)


def _vectors(computed: tuple[Any, Any]) -> NDArray[np.float32]:
    return np.empty((0, 128), np.float32) if computed[1] is None else np.asarray(computed[1], np.float32)
