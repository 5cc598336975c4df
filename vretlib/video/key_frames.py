"""Key frames of a shot (Sun et al., 2008), for the Bi-KeyFrame-KdTree baseline of thesis §5.2.2.

"Key frames are chosen as the ones at the peaks of the distance curve between frames and a reference image computed for
each shot." The thesis leaves these points open:

- Reference: Sun et al. build a *temporally maximum occurrence frame*. Here each pixel has its most frequent luma of the
  shot, in 16 equal classes (the darkest class on ties), at the middle of the class.
- Distance: mean absolute difference of luma between thumbnail and reference, in grey levels. Sun et al. use colour,
  weighted by the frequency of colours; luma is used here because features are computed from luma.
- Peaks: every frame that is farther from the reference than both neighbours, the middle frame of a flat top, without
  smoothing and without a minimum height. Table 5.1 keeps 25 of 85 million features, 29 % of the frames; a random curve
  has a peak at every third frame, so that the thesis can hardly have smoothed it.
- A shot without a peak keeps its farthest frame, the first on ties, so that every shot has a key frame.
"""

import numpy as np
from scipy.signal import find_peaks

from vretlib.kernels import njit
from vretlib.video.described_film import DescribedFilm

CLASSES = 16
_BLOCK = 512  # thumbnails in memory at a time


def of_film(film: DescribedFilm) -> np.ndarray:
    """Numbers of a film's key frames, int64 (n,), ascending; at least one in every shot."""
    return key_frames(film.thumbnails, film.shots)


def key_frames(thumbnails: np.ndarray, shots: np.ndarray) -> np.ndarray:
    """Numbers of key frames, int64 (n,), ascending, from thumbnails uint8 (F, h, w) and shots int64 (S, 2)."""
    chosen = [start + peaks(distance_curve(thumbnails[start:stop])) for start, stop in shots.tolist()]
    return np.concatenate([np.empty(0, np.int64), *chosen])


def distance_curve(thumbnails: np.ndarray) -> np.ndarray:
    """Distance of each frame of a shot to the shot's reference image, float64 (n,), in grey levels."""
    reference = reference_image(thumbnails).astype(np.int64)
    blocks = [thumbnails[i : i + _BLOCK] for i in range(0, len(thumbnails), _BLOCK)]
    return np.concatenate([np.abs(block - reference).mean(axis=(1, 2)) for block in blocks])


def reference_image(thumbnails: np.ndarray) -> np.ndarray:
    """Most frequent luma of every pixel, uint8 (h, w), over the thumbnails uint8 (n, h, w) of a shot."""
    counts = np.zeros((*thumbnails.shape[1:], CLASSES), np.int32)
    for i in range(0, len(thumbnails), _BLOCK):
        _count(np.ascontiguousarray(thumbnails[i : i + _BLOCK]), counts)
    width = 256 // CLASSES
    return (counts.argmax(axis=2) * width + width // 2).astype(np.uint8)


def peaks(curve: np.ndarray) -> np.ndarray:
    """Positions of the local maxima of a curve, int64 (n,); the first maximum if there is no peak inside it."""
    found = find_peaks(curve)[0]
    return found.astype(np.int64) if len(found) else np.array([np.argmax(curve)], np.int64)


@njit(cache=True, nogil=True)
def _count(thumbnails, counts):  # type: ignore[no-untyped-def]
    n, height, width = thumbnails.shape
    classes = counts.shape[2]
    for i in range(n):
        for y in range(height):
            for x in range(width):
                counts[y, x, np.int64(thumbnails[i, y, x]) * classes // 256] += 1
