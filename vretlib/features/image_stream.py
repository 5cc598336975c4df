"""Any number of images through a network, a few at a time.

Images of one shape go through together in batches, several batches run at once, and a thread reads the next images.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.features.backbones import Backbone
from vretlib.images import Box, Pixels
from vretlib.parallel import parallel_map, prefetch
from vretlib.progress import progress_bar

Precision = Literal["float32", "bfloat16"]
VectorList = list[NDArray[np.float32]]

# Images and pixels that are read together, at least, and sorted by shape. Paintings of 144 pixels have 150 shapes: with
# a quarter of the pixels, batches have two images in place of seven, and R-MAC takes half as much time again.
_WINDOW, _PIXELS = 32, 1 << 24


class View(NamedTuple):
    """An image file, or the part of it in a box."""

    path: Path
    box: Box | None


def views(images: Sequence[Path], boxes: Sequence[Box | None] | None) -> list[View]:
    """Images with their boxes; without boxes, all are whole.

    Raises
    ------
    UserError: one path instead of a list, no list of files, or the number of boxes is not that of the images.
    """
    if isinstance(images, str | PathLike):
        raise UserError(f"images is one path, {str(images)!r}; expected a list of paths")
    images = arrays.entries(images, "images")
    boxes = boxes if boxes is None else list(arrays.entries(boxes, "boxes"))
    wrong = next((path for path in images if not isinstance(path, str | PathLike)), None)
    if wrong is not None:
        raise UserError(f"images holds {type(wrong).__name__}; expected paths of files")
    if boxes is not None and len(boxes) != len(images):
        raise UserError(f"{len(boxes)} boxes for {len(images)} images; expected one (or None) for each")
    return [View(Path(path), box) for path, box in zip(images, boxes or [None] * len(images), strict=True)]


@dataclass(frozen=True)
class LayerReader:
    """Layers of a network, how images are read for them, and how vectors are made of their values.

    Attributes
    ----------
    taps: the layers; all are read in one pass.
    load: reads a view at the size that goes into the network.
    pool: takes a batch of values of each layer, in the order of ``taps``, to tensors whose first axis is the image.
    """

    backbone: Backbone
    taps: tuple[str, ...]
    precision: Precision
    load: Callable[[View], Pixels]
    pool: Callable[[Sequence[Tensor]], list[Tensor]]

    def __str__(self) -> str:
        return f"{', '.join(self.taps)} of {self.backbone.name}"


def stream(images: Sequence[View], layer: LayerReader, *, progress: bool) -> Iterator[VectorList]:
    """The vectors that ``layer.pool`` makes of each image, in the order of ``images``.

    The network runs on ``channels_last`` memory: on a CPU the fastest of the forms in 32 bits that
    ``python -m benchmarks --only descriptors`` compares.

    Raises
    ------
    UserError: an image that cannot be read, or is too small for the layer; a vector with NaN or infinity. The message
        names the image.
    """
    backbone = layer.backbone
    if backbone.network.training:
        raise UserError(f"{backbone.name} is in training mode; set backbone.train = False to describe images with it")
    with progress_bar(total=len(images), unit="image", desc=str(layer), progress=progress) as bar:
        for window in prefetch(_windows(images, layer), depth=1):
            found: dict[int, VectorList] = {}
            parts = list(_by_shape([pixels for _, pixels in window], backbone.batch_pixels))
            looks = ([window[i] for i in part] for part in parts)
            through = parallel_map(partial(_through, layer), looks, backbone.device)
            for part, vectors in zip(parts, through, strict=True):
                found |= zip(part, vectors, strict=True)
                bar.update(len(part))
            yield from (found[i] for i in range(len(window)))


def _windows(images: Sequence[View], layer: LayerReader) -> Iterator[list[tuple[View, Pixels]]]:
    """Windows of images with their pixels."""
    smallest = max(map(layer.backbone.minimum_side, layer.taps))
    window: list[tuple[View, Pixels]] = []
    n_pixels = 0
    for view in images:
        window.append((view, _look(view, layer, smallest)))
        n_pixels += window[-1][1].size // 3
        if len(window) >= _WINDOW and n_pixels >= _PIXELS:
            yield window
            window, n_pixels = [], 0
    if window:
        yield window


def _look(view: View, layer: LayerReader, smallest: int) -> Pixels:
    try:
        pixels = layer.load(view)
    except UserError as error:
        if str(view.path) in str(error):
            raise
        raise UserError(f"{view.path}: {error}") from error
    height, width = pixels.shape[:2]
    if min(height, width) < smallest:
        what = "the image" if view.box is None else "its box"
        raise UserError(
            f"{view.path}: {what} is {width} × {height} pixels; {layer} needs at least {smallest} on each side. "
            "Use a larger one, or a shallower tap."
        )
    return pixels


def _by_shape(window: list[Pixels], pixels: int) -> Iterator[list[int]]:
    """Batches of image numbers: images of one shape, at most ``pixels`` pixels together."""
    shapes: dict[tuple[int, ...], list[int]] = {}
    for i, image in enumerate(window):
        shapes.setdefault(image.shape, []).append(i)
    for (height, width, _), numbers in shapes.items():
        n = max(1, pixels // (height * width))
        yield from (numbers[start : start + n] for start in range(0, len(numbers), n))


def _through(layer: LayerReader, images: list[tuple[View, Pixels]]) -> list[VectorList]:
    """The vectors of each image of a batch."""
    backbone, device = layer.backbone, layer.backbone.device
    batch = backbone.prepare_batch([pixels for _, pixels in images])
    with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16, enabled=layer.precision == "bfloat16"):
        values = [*backbone.maps(batch, layer.taps).values()]
    with torch.inference_mode():
        finite = torch.stack([of.flatten(1).isfinite().all(1) for of in values]).all(0).cpu()
        if not finite.all():
            view = images[int(finite.int().argmin())][0]
            raise UserError(
                f"{view.path}: its descriptor ({layer}) has NaN or infinity; expected finite numbers. "
                f"Check the weights: {backbone.weights}"
            )
        found = [vectors.cpu() for vectors in layer.pool(values)]
    return [[vectors[i].numpy() for vectors in found] for i in range(len(images))]
