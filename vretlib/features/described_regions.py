"""The features of all images of a collection and of their regions, computed once and kept in the cache.

A collection of 1,000 images with 300 regions of 128 numbers takes 77 MB for each pooling: features of regions are
stored as float16 and l2-normalised, because every use of them starts with this normalisation.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import NDArray

from vretlib import cache, images
from vretlib.checksums import checksum
from vretlib.errors import UserError
from vretlib.features import detector as detectors
from vretlib.features import detector_files
from vretlib.features.detector import LONG_SIDE, PROPOSALS, SHORT_SIDE, RegionFeatures
from vretlib.features.detector_network import Detector
from vretlib.features.unit_vectors import l2
from vretlib.images import Box, Pixels
from vretlib.parallel import parallel_map
from vretlib.progress import progress_bar

F16 = NDArray[np.float16]
F32 = NDArray[np.float32]


class DetectorView(NamedTuple):
    """The size at which a detector sees an image, and its number of regions; see `vretlib.features.detector`."""

    short_side: int = SHORT_SIDE
    long_side: int = LONG_SIDE
    n_proposals: int = PROPOSALS


@dataclass(frozen=True, eq=False)
class DescribedRegions:
    """Features of n images with at most R regions each, mapped from disk for reading.

    Attributes
    ----------
    image: pooling -> (n, d), not normalised.
    boxes: (n, R, 4), regions of each image, best objectness first; see `RegionFeatures`. Rows from ``n_regions`` on are
        zero in all arrays.
    n_regions: (n,) int64.
    regions: pooling -> (n, R, d) float16, rows l2-normalised; a region without response is a zero row.
    scores: (n, R, 1 + classes) float16, softmax with the background in column 0; None if not asked for.
    query: pooling -> (n, d) of the box of each image, or of the whole map where the box is None; not
        normalised. Empty without boxes.
    """

    image: dict[str, F32]
    boxes: F32
    n_regions: NDArray[np.int64]
    regions: dict[str, F16]
    scores: F16 | None
    query: dict[str, F32]

    def __len__(self) -> int:
        return len(self.n_regions)


def describe_all(
    detector: Detector,
    paths: Sequence[Path | Pixels],
    *,
    short_side: int = SHORT_SIDE,
    long_side: int = LONG_SIDE,
    n_proposals: int = PROPOSALS,
    poolings: Sequence[str] = ("max", "sum"),
    boxes: Sequence[Box | None] | None = None,
    scores: bool = False,
    label: str = "",
    progress: bool = False,
) -> DescribedRegions:
    """`vretlib.features.detector.describe` of each image; parameters as there.

    Parameters
    ----------
    paths: files, or RGB frames (h, w, 3) uint8.
    boxes: boxes of queries, one for each image; None is the whole image.
    scores: whether to keep the scores of the classes.
    label: name of the collection, for messages.
    progress: show a bar with images per second.

    Raises
    ------
    UserError: an image that cannot be read, a box outside its image, or what `describe` refuses. The message names
        the image.
    """
    if boxes is not None and len(boxes) != len(paths):
        raise UserError(f"{len(boxes)} boxes for {len(paths)} images; expected one (or None) for each")
    if not len(paths) or not poolings:
        raise UserError(f"{len(paths)} images and {len(poolings)} poolings; expected at least one of each")
    detectors.check_options(short_side, long_side, n_proposals, poolings)
    key = {
        "images": _content(paths),
        "boxes": None if boxes is None else [None if box is None else [float(v) for v in box] for box in boxes],
        "detector": [detector.name, detector.checksum, detector.regions],
        "sizes": [short_side, long_side, n_proposals],
        "poolings": list(poolings),
        "scores": scores,
    }

    def one(number: int) -> RegionFeatures:
        box = None if boxes is None else boxes[number]
        source = paths[number]
        try:
            return detectors.describe(
                detector, source if isinstance(source, np.ndarray) else images.read(source), box=box,
                short_side=short_side, long_side=long_side, n_proposals=n_proposals, poolings=poolings, scores=scores,
            )  # fmt: skip
        except UserError as error:
            name = f"frame {number}" if isinstance(source, np.ndarray) else str(source)
            raise error if name in str(error) else UserError(f"{name}: {error}") from error

    def build(folder: Path) -> None:
        n, d = len(paths), detector.dimension
        shapes: dict[str, tuple[type, tuple[int, ...]]] = {
            "boxes": (np.float32, (n, n_proposals, 4)),
            "n_regions": (np.int64, (n,)),
        }
        shapes |= {f"image_{how}": (np.float32, (n, d)) for how in poolings}
        shapes |= {f"regions_{how}": (np.float16, (n, n_proposals, d)) for how in poolings}
        shapes |= {f"query_{how}": (np.float32, (n, d)) for how in poolings if boxes is not None}
        if scores:
            shapes["scores"] = (np.float16, (n, n_proposals, 1 + len(detector.classes)))
        out = {
            name: open_memmap(folder / f"{name}.npy", "w+", dtype=dtype, shape=shape)
            for name, (dtype, shape) in shapes.items()
        }
        found = parallel_map(one, range(n), detector.device, threads_each=1)
        for i, features in enumerate(progress_bar(found, total=n, unit="image", desc=label, progress=progress)):
            _store(out, i, features, poolings)
        for array in out.values():
            array.flush()

    folder = cache.stage("regions", key, build, uses=[detector, detector_files.read], label=label)

    def stored(name: str) -> NDArray[Any]:
        return np.load(folder / f"{name}.npy", mmap_mode="r")

    return DescribedRegions(
        {how: stored(f"image_{how}") for how in poolings},
        stored("boxes"),
        np.load(folder / "n_regions.npy"),
        {how: stored(f"regions_{how}") for how in poolings},
        stored("scores") if scores else None,
        {how: stored(f"query_{how}") for how in poolings if boxes is not None},
    )


def _store(out: Mapping[str, NDArray[Any]], i: int, features: RegionFeatures, poolings: Sequence[str]) -> None:
    """Put the features of image i into the arrays."""
    r = len(features.boxes)
    out["n_regions"][i] = r
    out["boxes"][i, :r] = features.boxes
    if "scores" in out:
        out["scores"][i, :r] = features.scores
    for how in poolings:
        out[f"image_{how}"][i] = features.image[how]
        out[f"regions_{how}"][i, :r] = l2(features.regions[how])
        if f"query_{how}" in out:
            out[f"query_{how}"][i] = (features.query or features.image)[how]


def _content(paths: Sequence[Path | Pixels]) -> str:
    """SHA-256 of the bytes of all files, or of the pixels of all frames."""
    content = hashlib.sha256()
    for number, source in enumerate(paths):
        if isinstance(source, np.ndarray):
            content.update(repr((source.shape, str(source.dtype))).encode())
            content.update(np.ascontiguousarray(source).data)
            continue
        try:
            content.update(checksum(Path(source)).encode())
        except OSError as error:
            raise UserError(f"{source}: image {number} cannot be read ({error.strerror}); give another file") from error
    return content.hexdigest()
