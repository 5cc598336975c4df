"""SIFT of many images, what a patch is worth, and matches between two images (thesis §2.1.1)."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vretlib import cache, images
from vretlib.datasets.landmarks.collection import Box
from vretlib.errors import NoExampleError, UserError
from vretlib.features import local
from vretlib.features.local import LocalFeatures
from vretlib.parallel import n_threads
from vretlib.progress import progress_bar

Image = NDArray[np.uint8]

_IMAGES_AT_ONCE = 64  # whose features are multiplied with the query's in one product
RATIO = 0.8
"""A match's nearest neighbour is closer than this share of the second nearest (Lowe, 2004)."""


@dataclass(frozen=True, eq=False)
class LocalSet:
    """RootSIFT of a list of images: ``xy`` float32 (N, 2), ``descriptors`` float32 (N, 128), image after image.

    Those of image i are rows ``offsets[i]`` up to ``offsets[i + 1]``.
    """

    xy: NDArray[np.float32] = field(repr=False)
    descriptors: NDArray[np.float32] = field(repr=False)
    offsets: NDArray[np.int64] = field(repr=False)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, i: int) -> LocalFeatures:
        rows = slice(*self.offsets[i : i + 2])
        return LocalFeatures(self.xy[rows], self.descriptors[rows])

    def __iter__(self) -> Iterator[LocalFeatures]:
        return (self[i] for i in range(len(self)))

    @property
    def image(self) -> NDArray[np.int64]:
        """The image of every feature."""
        return np.repeat(np.arange(len(self)), np.diff(self.offsets))


def shown(path: Path, longest: int, box: Box | None = None) -> Image:
    """An image as the descriptions see it: cut to the box, if there is one, in the size that the whole image has.

    The box is cut before resizing and shrunk by the same factor as the whole image, so that a landmark has one size
    in the query and in the database.
    """
    image = images.read(path)
    if box is None:
        return images.resize(image, longest)
    part = images.crop(image, box)
    factor = min(1.0, longest / max(image.shape[:2]))
    return images.resize(part, max(1, round(factor * max(part.shape[:2]))))


def grey(image: Image) -> Image:
    """Luma of an RGB image."""
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)


def describe(path: Path, longest: int, box: Box | None = None) -> LocalFeatures:
    """RootSIFT of one image."""
    return local.sift(grey(shown(path, longest, box)))


def extract(paths: Sequence[Path], *, longest: int, boxes: Sequence[Box | None] | None = None) -> LocalSet:
    """RootSIFT of every image, kept in the cache."""
    asked = [None] * len(paths) if boxes is None else list(boxes)
    if len(asked) != len(paths):
        raise UserError(f"{len(asked)} boxes for {len(paths)} images; expected one per image, or None")
    key = {"images": [cache.checksum(path) for path in paths], "boxes": asked, "longest": longest}

    def build(out: Path) -> None:
        with ThreadPoolExecutor(n_threads()) as pool, local.one_opencv_thread():
            looked = pool.map(lambda path, box: describe(path, longest, box), paths, asked)
            found = list(progress_bar(looked, desc="sift", total=len(paths), unit="image", leave=False))
        np.savez(
            out / "sift.npz",
            xy=np.concatenate([f.xy for f in found]),
            descriptors=np.concatenate([f.descriptors for f in found]),
            offsets=np.cumsum([0, *(len(f.xy) for f in found)]),
        )

    folder = cache.stage(
        "background_sift",
        key,
        build,
    )
    with np.load(folder / "sift.npz") as kept:
        return LocalSet(kept["xy"], kept["descriptors"], kept["offsets"])


def partners(a: LocalFeatures, b: LocalFeatures, ratio: float = RATIO) -> NDArray[np.int64]:
    """For each feature of ``a`` the nearest of ``b`` if it passes the ratio test, else -1."""
    return _passed(a.descriptors @ b.descriptors.T, ratio)


def match_counts(query: LocalFeatures, database: LocalSet, ratio: float = RATIO) -> NDArray[np.float32]:
    """Matches of the query's features in every image, (nb,): a similarity that needs no vector per image."""
    counts = np.zeros(len(database), np.float32)
    for start in range(0, len(database), _IMAGES_AT_ONCE):
        stops = database.offsets[start : start + _IMAGES_AT_ONCE + 1]
        cosines = query.descriptors @ database.descriptors[stops[0] : stops[-1]].T
        for i, columns in enumerate(np.split(cosines, stops[1:-1] - stops[0], axis=1), start):
            counts[i] = np.count_nonzero(_passed(columns, ratio) >= 0)
    return counts


def _passed(cosines: NDArray[np.float32], ratio: float) -> NDArray[np.int64]:
    """The best column of each row of cosines between unit vectors, -1 where the second best is too near to it."""
    if cosines.shape[1] < 2:
        return np.full(len(cosines), -1, np.int64)
    rows, nearest = np.arange(len(cosines)), cosines.argmax(axis=1)
    squared = 2 - 2 * cosines  # distances
    first = squared[rows, nearest]
    squared[rows, nearest] = np.inf
    return np.where(first < ratio**2 * squared.min(axis=1), nearest, -1)


def telling_words(word_of: NDArray[np.integer], features: LocalSet, positives: NDArray[np.int64], n: int) -> list[int]:
    """The n words that tell most about some images: in the largest share of them beyond that of all images."""
    if not len(word_of) or not len(positives):
        raise NoExampleError("no image has a local feature" if len(positives) else "the query has nothing to find")
    seen = np.zeros((len(features), int(word_of.max()) + 1), np.bool_)
    seen[features.image, word_of] = True
    return [int(w) for w in np.argsort(seen.mean(axis=0) - seen[positives].mean(axis=0), kind="stable")[:n]]


class Corners:
    """Where an image has a corner, an edge, and nothing: by the eigenvalues of its structure tensor."""

    def __init__(self, luma: Image, side: int = 25) -> None:
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

    def patch(self, name: str, dx: int = 0, dy: int = 0) -> Image:
        """The patch about one of the places, moved by (dx, dy)."""
        (x, y), r = self.places[name], self.side // 2
        return self.luma[y + dy - r : y + dy + r + 1, x + dx - r : x + dx + r + 1]

    def surface(self, name: str, reach: int = 10) -> NDArray[np.float64]:
        """Root mean squared difference of pixels between the patch and itself moved by up to ``reach`` pixels."""
        moves = range(-reach, reach + 1)
        still = self.patch(name).astype(np.float64)
        return np.array([[np.sqrt(np.mean((still - self.patch(name, dx, dy)) ** 2)) for dx in moves] for dy in moves])


def sensitivity(luma: Image, seed: int = 0, side: int = 17) -> pd.DataFrame:
    """How far changes of an image move its patches: by pixels, and by SIFT.

    Changes in rows. Each number is the mean distance between a patch and itself after the change, as a share of the
    mean distance between two different patches: 0 is unmoved, 1 is as far away as any other patch.
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
        there = _turned(spots, luma.shape[1]) if name.startswith("turned") else spots
        after = _patches(now, there, side), _sift_at(now, there)
        moved = [_distances(a, b).mean() / d for a, b, d in zip(before, after, apart, strict=True)]
        rows[name] = dict(zip(("pixels", "SIFT"), moved, strict=True))
    return pd.DataFrame.from_dict(rows, orient="index")


def _inside(xy: tuple[float, float], shape: tuple[int, ...], margin: int) -> bool:
    return margin <= xy[0] < shape[1] - margin and margin <= xy[1] < shape[0] - margin


def _turned(spots: Sequence[cv2.KeyPoint], width: int) -> list[cv2.KeyPoint]:
    """The same spots after `numpy.rot90`, which turns against the clock; OpenCV's angles run with it."""
    return [
        cv2.KeyPoint(k.pt[1], width - 1 - k.pt[0], k.size, (k.angle - 90) % 360, k.response, k.octave) for k in spots
    ]


def _patches(luma: Image, spots: Sequence[cv2.KeyPoint], side: int) -> NDArray[np.float64]:
    cut = [cv2.getRectSubPix(luma, (side, side), k.pt).ravel() for k in spots]
    return np.array(cut, np.float64)


def _sift_at(luma: Image, spots: Sequence[cv2.KeyPoint]) -> NDArray[np.float64]:
    _, descriptors = cv2.SIFT.create().compute(luma, spots)
    return np.asarray(descriptors, np.float64)


def _distances(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.linalg.norm(a - b, axis=1)
