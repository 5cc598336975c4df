"""Patches of a grey image: where they are unique, and how far changes of the image move them (thesis §2.1.1)."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vretlib.errors import NoExampleError
from vretlib.images import Pixels


class ExamplePlaces:
    """The places of a corner, an edge and nothing in an image, by the eigenvalues of its structure tensor.

    Raises
    ------
    NoExampleError: the image has no corner far from its edges.
    """

    def __init__(self, luma: Pixels, side: int = 25) -> None:
        self.luma, self.side = luma, side
        smooth = cv2.GaussianBlur(luma, (0, 0), 1.5)
        small, large = np.moveaxis(cv2.cornerEigenValsAndVecs(smooth, side, 3)[..., :2], 2, 0)
        small, large = np.minimum(small, large), np.maximum(small, large)
        inside = np.zeros(luma.shape, np.bool_)
        inside[side:-side, side:-side] = True
        if not inside.any() or small[inside].max() <= 1e-4 * max(large.max(), 1e-12):
            raise NoExampleError(
                f"the image, {luma.shape[1]} x {luma.shape[0]} pixels, has no corner far from its edges"
            )
        scores = {"corner": small, "edge": large - 8 * small, "plain": -cv2.blur(large, (2 * side, 2 * side))}
        best = {name: np.where(inside, score, -np.inf).argmax() for name, score in scores.items()}
        self.places = {name: divmod(int(k), luma.shape[1])[::-1] for name, k in best.items()}
        """(x, y) of the best example of each."""

    def patch(self, name: str, dx: int = 0, dy: int = 0) -> Pixels:
        """The patch about one of the places, moved by (dx, dy)."""
        (x, y), r = self.places[name], self.side // 2
        return self.luma[y + dy - r : y + dy + r + 1, x + dx - r : x + dx + r + 1]

    def surface(self, name: str, reach: int = 10) -> NDArray[np.float64]:
        """Root mean squared difference of pixels between the patch and itself moved by up to ``reach`` pixels."""
        moves = range(-reach, reach + 1)
        still = self.patch(name).astype(np.float64)
        return np.array([[np.sqrt(np.mean((still - self.patch(name, dx, dy)) ** 2)) for dx in moves] for dy in moves])


def sensitivity(luma: Pixels, seed: int = 0, side: int = 17) -> pd.DataFrame:
    """How far changes of an image (rows) move its patches, as pixels and as SIFT (columns).

    Each number is the mean distance between a patch and itself after the change, as a share of the
    mean distance between two different patches: 0 is unmoved, 1 is as far away as any other patch.

    Raises
    ------
    NoExampleError: fewer than two SIFT features, or features on equal patches.
    """
    noise = np.random.default_rng(seed).normal(0, 12, luma.shape)
    x = luma.astype(np.float64)
    changed = {
        "half as bright": 0.5 * x,
        "half the contrast": 0.5 * x + 64,
        "noise (σ = 12)": x + noise,
        "blur (σ = 1.5)": cv2.GaussianBlur(x, (0, 0), 1.5),
        "moved by 2 pixels": np.roll(x, 2, axis=1),
        "turned by 90°": np.rot90(x),
    }
    tool = cv2.SIFT.create()
    spots = [k for k in tool.detect(luma, None) if _inside(k.pt, luma.shape, side)]
    if len(spots) < 2:
        raise NoExampleError("the image has fewer than two SIFT features")
    before = _patches(luma, spots, side), _sift_at(luma, spots)
    apart = [_distances(v, np.roll(v, 1, axis=0)).mean() for v in before]
    if not min(apart) > 0:
        raise NoExampleError("the image's SIFT features lie on equal patches")
    rows = {}
    for name, values in changed.items():
        now = np.clip(values, 0, 255).astype(np.uint8)
        there = _rotated(spots, luma.shape[1]) if name.startswith("turned") else spots
        after = _patches(now, there, side), _sift_at(now, there)
        moved = [_distances(a, b).mean() / d for a, b, d in zip(before, after, apart, strict=True)]
        rows[name] = dict(zip(("pixels", "SIFT"), moved, strict=True))
    return pd.DataFrame.from_dict(rows, orient="index")


def _inside(xy: tuple[float, float], shape: tuple[int, ...], margin: int) -> bool:
    return margin <= xy[0] < shape[1] - margin and margin <= xy[1] < shape[0] - margin


def _rotated(spots: Sequence[cv2.KeyPoint], width: int) -> list[cv2.KeyPoint]:
    """The same spots after `numpy.rot90`, which rotates against the clock; OpenCV's angles run with it."""
    return [
        cv2.KeyPoint(k.pt[1], width - 1 - k.pt[0], k.size, (k.angle - 90) % 360, k.response, k.octave) for k in spots
    ]


def _patches(luma: Pixels, spots: Sequence[cv2.KeyPoint], side: int) -> NDArray[np.float64]:
    cut = [cv2.getRectSubPix(luma, (side, side), k.pt).ravel() for k in spots]
    return np.array(cut, np.float64)


def _sift_at(luma: Pixels, spots: Sequence[cv2.KeyPoint]) -> NDArray[np.float64]:
    _, descriptors = cv2.SIFT.create().compute(luma, spots)
    return np.asarray(descriptors, np.float64)


def _distances(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.linalg.norm(a - b, axis=1)
