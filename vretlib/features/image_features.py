"""Vectors of images from a network: MAC, SPoC, CroW, the region maxima of R-MAC, and neural codes (thesis §2.1.3).

Everything is computed once and cached under a key of the images' bytes, the network and the options. Results are
written to disk as they are computed and read from there, so memory holds a few images at a time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, get_args

import cv2
import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from vretlib import arrays, cache
from vretlib import images as files
from vretlib.checksums import checksum
from vretlib.errors import UserError
from vretlib.features import backbones, image_stream, pooling, regions, unit_vectors
from vretlib.features.backbones import Backbone
from vretlib.features.image_stream import LayerReader, Precision, View
from vretlib.features.whitening import Whitening
from vretlib.images import Box, Pixels

F32 = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class ImageFeatures:
    """MAC, SPoC, CroW and region maxima of n images: float32, all rows l2-normalised, mapped from disk for reading.

    Attributes
    ----------
    mac, spoc, crow: (n, d), see `vretlib.features.pooling.mac`, `vretlib.features.pooling.spoc` and
        `vretlib.features.pooling.crow`.
    regions: (N, d), the maxima of each image's regions in the order of `vretlib.features.regions.rmac_grid`,
        not whitened. A region without response is a zero row.
    offsets: int64 (n + 1,): image i has the rows ``offsets[i]:offsets[i + 1]`` of ``regions``.
    """

    mac: F32
    spoc: F32
    crow: F32
    regions: F32
    offsets: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.mac)


def extract(
    images: Sequence[Path],
    backbone: Backbone,
    *,
    tap: str | None = None,
    longest: int = 1024,
    upscale: bool = False,
    boxes: Sequence[Box | None] | None = None,
    levels: int = 3,
    precision: Precision = "float32",
    progress: bool = False,
) -> ImageFeatures:
    """Pooled features of each image.

    A box is cut out first and then scaled by the factor of its whole image, so that an object has the same size in
    query and database. Tolias' code, which scales nothing, and cirtorch agree with this.

    Parameters
    ----------
    images: files; none at all gives arrays without rows.
    tap: a layer with maps; None takes ``backbone.last_maps``, as the thesis does.
    longest: the longer side in pixels, 1024 in the thesis (section 3.3.2); the shape is kept.
    upscale: whether smaller images are enlarged to it, as the author's code for chapter 6 (keras_rmac) does. The
        default only shrinks, as cirtorch does.
    boxes: (x1, y1, x2, y2), or None for the whole image, for each image.
    levels: sizes of regions.
    precision: "bfloat16" runs the network in 16 bits: R-MAC then has a cosine of .9999 to float32's before whitening
        but only .997 to .999 after it, and it is faster only on processors with matrix instructions for 16 bits
        (``python -m benchmarks --only descriptors``).
    progress: show a bar with images per second.

    Returns
    -------
    The features of n images, in the order of ``images``.

    Raises
    ------
    UserError: an image that cannot be read or is too small for the layer, a box outside its image, a layer without
        maps, a descriptor with NaN or infinity. The message names the image. Also one path instead of a list, and a
        ``longest`` or ``levels`` that is no whole number above 0, an unknown ``precision`` or tap, or another number of
        boxes than of images.
    """
    arrays.wholes(1, longest=longest, levels=levels)
    backbones.check(backbone)
    tap = tap or backbone.last_maps

    def load(view: View) -> Pixels:
        return read_view(view.path, view.box, longest=longest, upscale=upscale)

    def pool(values: Sequence[Tensor]) -> list[Tensor]:
        (maps,) = values
        if maps.ndim != 4:
            raise UserError(f"tap {tap!r} of {backbone.name} is a vector; expected a layer with maps, or neural_codes")
        grid = regions.rmac_grid(maps.shape[2], maps.shape[3], levels)
        maxima = unit_vectors.l2(regions.region_maxima(maps, grid).float())
        return [*(pool(maps)[:, None] for pool in (pooling.mac, pooling.spoc, pooling.crow)), maxima]

    layer = LayerReader(backbone, (tap,), precision, load, pool)
    options = {"longest": longest, "upscale": upscale, "levels": levels}
    folder = _stage("features", image_stream.views(images, boxes), layer, dict.fromkeys(_ROWS, tap), options, progress)
    offsets = np.concatenate([[0], np.cumsum(np.load(folder / "counts.npy"))]).astype(np.int64)
    mac, spoc, crow, maxima = (np.load(folder / f"{name}.npy", mmap_mode="r") for name in _ROWS)
    return ImageFeatures(mac, spoc, crow, maxima, offsets)


_ROWS = ("mac", "spoc", "crow", "regions")


def rmac(features: ImageFeatures, whitening: Whitening | None = None, *, rule: pooling.RmacRule = "tolias") -> F32:
    """R-MAC of each image, float32 (n, d), as `vretlib.features.pooling.rmac` makes it from maps.

    ``whitening`` is one that was learned on the regions of *other* images.
    """
    pooling.check_rule(rule)
    more = features.mac if rule == "cirtorch" else None
    return pooling.sum_regions(features.regions, features.offsets, whitening, more=more)


def neural_codes(
    images: Sequence[Path],
    backbone: Backbone,
    tap: str,
    *,
    side: int = 224,
    boxes: Sequence[Box | None] | None = None,
    precision: Precision = "float32",
    progress: bool = False,
) -> F32:
    """Neural codes (Babenko et al., 2014): the values of one layer, l2-normalised, float32 (n, d).

    The image, or its box, is resized to ``side`` × ``side`` pixels whatever its shape, as in that work. A layer of maps
    is flattened, filter by filter. Other parameters and errors as in `extract`.
    """
    return codes_of_layers(images, backbone, [tap], side=side, boxes=boxes, precision=precision, progress=progress)[tap]


def codes_of_layers(
    images: Sequence[Path],
    backbone: Backbone,
    taps: Sequence[str],
    *,
    side: int = 224,
    boxes: Sequence[Box | None] | None = None,
    precision: Precision = "float32",
    progress: bool = False,
) -> dict[str, F32]:
    """The neural codes of several layers, from one pass through the network; see `neural_codes`."""
    backbones.check(backbone)
    side = arrays.whole(side, "side", 1)

    def load(view: View) -> Pixels:
        return squeeze(_cut(files.read(view.path), view.box), side)

    def pool(values: Sequence[Tensor]) -> list[Tensor]:
        return [unit_vectors.l2(of.flatten(1).float())[:, None] for of in values]

    layers = LayerReader(backbone, tuple(taps), precision, load, pool)
    rows = {tap: tap for tap in taps}
    folder = _stage("neural-codes", image_stream.views(images, boxes), layers, rows, {"side": side}, progress)
    return {tap: np.load(folder / f"{tap}.npy") for tap in taps}


def pool_image(path: Path, backbone: Backbone, pool: Callable[[Tensor], Tensor], *, longest: int) -> F32:
    """One image from its file to the vector (d,) that ``pool`` makes of its maps (1, d, h, w)."""
    batch = backbone.prepare(read_view(path, longest=longest))[None]
    return pool(backbone.maps(batch, [backbone.last_maps])[backbone.last_maps])[0].cpu().numpy()


def neural_code(path: Path, backbone: Backbone, tap: str, *, side: int = 224) -> F32:
    """One image from its file to its neural code (d,); see `neural_codes`."""
    batch = backbone.prepare(squeeze(files.read(path), side))[None]
    return unit_vectors.l2(backbone.maps(batch, [tap])[tap].flatten(1))[0].cpu().numpy()


def code_tap(network: Backbone) -> str | None:
    """The layer of neural codes: fc6 where the network has one (Babenko et al., 2014), else its last vector, if any."""
    vectors = network.taps[network.taps.index(network.last_maps) + 1 :]
    return "fc6" if "fc6" in vectors else vectors[-1] if vectors else None


def read_view(path: Path, box: Box | None = None, *, longest: int, upscale: bool = False) -> Pixels:
    """An image, or what a box of it shows, as it is described: RGB uint8 (h, w, 3), in the scale of the whole image.

    The scale is the one that makes the longer side of the whole image ``longest`` pixels; without ``upscale`` smaller
    images stay as they are. Errors as in `extract`.
    """
    whole = files.read(path)
    part = _cut(whole, box)
    side = max(1, round(longest * max(part.shape[:2]) / max(whole.shape[:2])))
    return files.resize(part, side, upscale=upscale)


def squeeze(image: Pixels, side: int) -> Pixels:
    """An image resized to ``side`` × ``side`` pixels whatever its shape: what a neural code is computed from."""
    shrinks = min(image.shape[:2]) >= side
    return cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)


def _cut(image: Pixels, box: Box | None) -> Pixels:
    return image if box is None else files.crop(image, box)


def _stage(
    name: str,
    views: list[View],
    layer: LayerReader,
    rows: Mapping[str, str],
    options: Mapping[str, int],
    progress: bool,
) -> Path:
    """A folder with an array for each of ``rows``, which have the layer of each, and ``counts``.

    Counts are the rows that each image has in the last array.
    """
    if layer.precision not in get_args(Precision):
        raise UserError(f"precision={layer.precision!r}; expected one of {', '.join(map(repr, get_args(Precision)))}")

    def build(folder: Path) -> None:
        counts = []
        with ExitStack() as stack:
            out = [_Rows(stack.enter_context(open(folder / f"{row}.npy", "wb"))) for row in rows]
            for vectors in image_stream.stream(views, layer, progress=progress):
                for file, some in zip(out, vectors, strict=True):
                    file.append(some)
                counts.append(len(vectors[-1]))
            for file, tap in zip(out, rows.values(), strict=True):
                if not views:
                    file.append(np.zeros((0, layer.backbone.channels(tap)), np.float32))
                file.complete()
        np.save(folder / "counts.npy", np.array(counts, np.int64))

    content = json.dumps([[_checksum(path), box] for path, box in views], default=lambda box: box.tolist())
    key = {
        "images": hashlib.sha256(content.encode()).hexdigest(),
        "network": layer.backbone.name,
        "weights": layer.backbone.checksum,
        "taps": layer.taps,
        "precision": layer.precision,
        **options,
    }
    return cache.stage(name, key, build)


def _checksum(path: Path) -> str:
    try:
        return checksum(path)
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror}); expected an image file") from error


class _Rows:
    """An .npy file of float32 rows that is written row by row; the header gets their number at the end."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._n, self._d = file, 0, 0

    def append(self, rows: F32) -> None:
        if not self._d:
            self._d = rows.shape[1]
            self._header()
        self._file.write(np.ascontiguousarray(rows, "<f4").tobytes())
        self._n += len(rows)

    def complete(self) -> None:
        self._file.seek(0)
        self._header()

    def _header(self) -> None:
        """Write the header; its length does not change, because numpy leaves room for the number of rows to grow."""
        header = {"descr": "<f4", "fortran_order": False, "shape": (self._n, self._d)}
        np.lib.format.write_array_header_1_0(self._file, header)
