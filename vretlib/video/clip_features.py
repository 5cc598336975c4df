"""Features of the sampled frames of many videos by a network, computed once and kept in the cache.

A thread decodes ahead while the network is busy. Frames of one size are processed in batches, also across clips, and
several batches in parallel. Results go to disk as they come, so that memory holds a few batches, however long the
videos are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vretlib import arrays, cache, images
from vretlib.checksums import checksum
from vretlib.errors import UserError
from vretlib.features import backbones, pooling, regions, unit_vectors, whitening
from vretlib.features.backbones import Backbone
from vretlib.features.image_features import squeeze
from vretlib.features.whitening import Whitening
from vretlib.images import Pixels
from vretlib.parallel import parallel_map, prefetch
from vretlib.progress import progress_bar
from vretlib.video import sampling
from vretlib.video.sampled_frames import SampledFrames

F32 = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class ClipFeatures:
    """Region maxima of sampled frames, float32 and l2-normalised, mapped from disk for reading.

    Attributes
    ----------
    frames: the sampled frames.
    regions: (N, d), the maxima of each frame's regions in the order of `vretlib.features.regions.rmac_grid`.
    offsets: int64 (n + 1,): frame i has the rows ``offsets[i]:offsets[i + 1]`` of ``regions``.
    """

    frames: SampledFrames
    regions: F32
    offsets: NDArray[np.int64]

    @property
    def d(self) -> int:
        """Number of dimensions of a vector."""
        return int(self.regions.shape[1])

    def rmac(self, whitening: Whitening | None) -> F32:
        """R-MAC of every frame, (n, d), as `vretlib.features.pooling.rmac` makes it."""
        return pooling.sum_regions(self.regions, self.offsets, whitening)

    def regions_of(self, clip: int) -> F32:
        """Region vectors of all frames of one clip."""
        rows = self.frames.rows(clip)
        return self.regions[self.offsets[rows.start] : self.offsets[rows.stop]]


def describe(
    clips: Sequence[Path],
    backbone: Backbone,
    *,
    fps: float = 3.0,
    longest: int = 1024,
    levels: int = 3,
    tap: str | None = None,
    progress: bool = False,
) -> ClipFeatures:
    """Region maxima of the frames of each clip, kept in the cache.

    Parameters
    ----------
    clips: video files, at least one.
    fps: frames a second, 3 in the thesis (§6.2.2); see `vretlib.video.sampling.sampled_numbers`.
    longest: the longer side in pixels. The thesis says "1024 pixels width", its author's code scales the longer side to
        1024, which is the same for pictures that are wider than high. Smaller frames are not enlarged.
    levels, tap: as in `vretlib.features.image_features.extract`.

    Raises
    ------
    UserError: a video that cannot be read, frames too small for the layer, or a descriptor with NaN or infinity.
    """
    backbones.check(backbone)
    layer, longest = tap or backbone.last_maps, arrays.whole(longest, "longest", 1)

    def pool(values: Mapping[str, Tensor]) -> list[Tensor]:
        maps = values[layer]
        if maps.ndim != 4:
            raise UserError(f"tap {layer!r} of {backbone.name} is a vector; expected a layer with maps, or clip_layers")
        grid = regions.rmac_grid(maps.shape[2], maps.shape[3], levels)
        return [unit_vectors.l2(regions.region_maxima(maps, grid).float())]

    reader = _FrameReader(backbone, (layer,), lambda image: images.resize(image, longest), pool)
    options = {"longest": longest, "levels": levels}
    frames, [kept] = _stage("clip-features", clips, fps, reader, ("regions",), options, progress)
    return ClipFeatures(frames, kept.rows, kept.offsets)


def whitening_of_clips(features: ClipFeatures, source: str, clips: Iterable[int] | None = None) -> Whitening:
    """The whitening learned from the regions of all frames of the clips.

    Variances below a millionth of the largest are raised to it, since some filters of a small network hardly respond on
    some films.

    Parameters
    ----------
    source: description of the clips.
    clips: numbers of the clips; None takes all.

    Raises
    ------
    UserError: no clips, or all of their regions are the same, as those of black films are.
    """
    chosen = range(features.frames.n_clips) if clips is None else clips
    return whitening.learn((features.regions_of(i) for i in chosen), source, floor=1e-6)


def layers(
    clips: Sequence[Path],
    backbone: Backbone,
    taps: Sequence[str],
    *,
    fps: float = 1.0,
    side: int = 224,
    progress: bool = False,
) -> tuple[SampledFrames, dict[str, F32]]:
    """Values of some layers for each sampled frame, not normalised, kept in the cache.

    Parameters
    ----------
    clips, fps: as in `describe`.
    taps: names of layers, at least one.
    side: each frame becomes ``side`` × ``side`` pixels, whatever its shape.

    Returns
    -------
    The sampled frames, and by tap float32 (n, d), or (n, channels, h, w) for a layer of maps, mapped from disk.

    Raises
    ------
    UserError: the errors of `describe`, no tap, or ``side`` below 1.
    """
    backbones.check(backbone)
    side, taps = arrays.whole(side, "side", 1), arrays.entries(taps, "taps")
    if not len(taps):
        raise UserError("taps is empty; expected the name of at least one layer")

    def pool(values: Mapping[str, Tensor]) -> list[Tensor]:
        return [values[tap].float().unsqueeze(1) for tap in taps]

    reader = _FrameReader(backbone, tuple(taps), lambda image: squeeze(image, side), pool)
    frames, kept = _stage("clip-layers", clips, fps, reader, tuple(taps), {"side": side}, progress)
    return frames, {tap: some.rows for tap, some in zip(taps, kept, strict=True)}


class _FrameReader(NamedTuple):
    """The steps from a frame to its features: resize, apply the network, pool to tensors (n, rows, …)."""

    backbone: Backbone
    taps: tuple[str, ...]
    ready: Callable[[Pixels], Pixels]
    pool: Callable[[Mapping[str, Tensor]], list[Tensor]]


class _ClipFrame(NamedTuple):
    """A sampled frame: number of its clip, number of the frame, seconds, image."""

    clip: int
    number: int
    time: float
    image: Pixels


class _Kept(NamedTuple):
    rows: F32
    offsets: NDArray[np.int64]


def layer_values(backbone: Backbone, taps: Sequence[str], pixels: Sequence[Pixels]) -> dict[str, Tensor]:
    """Values of layers for images of one size."""
    return backbone.maps(backbone.prepare_batch(pixels), taps)


def decoding_threads(device: torch.device) -> int:
    """Number of decoding threads beside a network on a device, see `vretlib.video.sampling.sampled`."""
    return 1 if device.type == "cpu" else 0


def _sampled(clips: Sequence[Path], fps: float, reader: _FrameReader) -> Iterator[_ClipFrame]:
    for i, path in enumerate(clips):
        for number, time, image in sampling.sampled(path, fps, threads=decoding_threads(reader.backbone.device)):
            yield _ClipFrame(i, number, time, reader.ready(image))


class _HasImage(Protocol):
    @property
    def image(self) -> Pixels: ...


Pictured = TypeVar("Pictured", bound=_HasImage)


def batches(frames: Iterable[Pictured], pixels: int) -> Iterator[list[Pictured]]:
    """Batches of consecutive frames of one size, with at most ``pixels`` pixels in total or a single frame."""
    batch: list[Pictured] = []
    for frame in frames:
        size = frame.image.shape
        if batch and (batch[0].image.shape != size or (len(batch) + 1) * size[0] * size[1] > pixels):
            yield batch
            batch = []
        batch.append(frame)
    if batch:
        yield batch


def _stage(
    name: str,
    clips: Sequence[Path],
    fps: float,
    reader: _FrameReader,
    names: Sequence[str],
    options: Mapping[str, int],
    progress: bool,
) -> tuple[SampledFrames, list[_Kept]]:
    """The sampled frames and one array for each of `names`, kept in the cache."""
    clips, fps = arrays.entries(clips, "clips"), arrays.number(fps, "fps", above=0)
    if not len(clips):
        raise UserError("no clips to describe; expected at least one video")

    def work(batch: list[_ClipFrame]) -> tuple[list[_ClipFrame], list[Tensor]]:
        return batch, [values.cpu() for values in _pooled(reader, batch, clips)]

    def build(folder: Path) -> None:
        shapes: list[tuple[int, ...]] = []
        counts: list[list[int]] = [[] for _ in names]
        where: list[tuple[int, int, float]] = []
        with ExitStack() as stack:
            files = [stack.enter_context(open(folder / f"{part}.f32", "wb")) for part in names]
            bar = stack.enter_context(progress_bar(unit="frame", desc=reader.backbone.name, progress=progress))
            ready = prefetch(batches(_sampled(clips, fps, reader), reader.backbone.batch_pixels))
            for batch, found in parallel_map(work, ready, reader.backbone.device):
                shapes = [tuple(values.shape[2:]) for values in found]
                for file, count, values in zip(files, counts, found, strict=True):
                    file.write(np.ascontiguousarray(values.numpy(), "<f4").tobytes())
                    count += [values.shape[1]] * len(values)
                where += [(frame.clip, frame.number, frame.time) for frame in batch]
                bar.update(len(batch))
        clip, number, time = zip(*where, strict=True)
        np.savez(folder / "frames.npz", clip=clip, number=number, time=time)
        np.savez(folder / "counts.npz", *counts)
        np.savez(folder / "shapes.npz", *shapes)

    network = {"network": reader.backbone.name, "weights": reader.backbone.checksum, "taps": reader.taps}
    key = {"clips": [_checksum(path) for path in clips], "fps": float(fps), **network, **options}
    folder = cache.stage(name, key, build)
    with np.load(folder / "frames.npz") as kept:
        clip, number, time = kept["clip"], kept["number"], kept["time"]
    frames = SampledFrames(np.searchsorted(clip, np.arange(len(clips) + 1)), number, time)
    with np.load(folder / "counts.npz") as counts, np.load(folder / "shapes.npz") as shapes:
        return frames, [
            _Kept(
                np.memmap(folder / f"{part}.f32", "<f4", "r").reshape(-1, *shapes[f"arr_{i}"]),
                np.concatenate([[0], np.cumsum(counts[f"arr_{i}"])]),
            )
            for i, part in enumerate(names)
        ]


def _pooled(reader: _FrameReader, batch: Sequence[_ClipFrame], clips: Sequence[Path]) -> list[Tensor]:
    with torch.inference_mode():
        try:
            values = layer_values(reader.backbone, reader.taps, [frame.image for frame in batch])
            finite = torch.stack([one.flatten(1).isfinite().all(1) for one in values.values()]).all(0)
            if finite.all():
                return reader.pool(values)
        except UserError as error:
            raise UserError(f"{clips[batch[0].clip]}: {error}") from error
    frame = batch[int(finite.int().argmin())]
    raise UserError(
        f"{clips[frame.clip]}, frame {frame.number}: its descriptor has NaN or infinity; expected finite numbers. "
        f"Check the weights: {reader.backbone.weights}"
    )


def _checksum(path: Path) -> str:
    try:
        return checksum(path)
    except (OSError, TypeError, ValueError) as error:  # or no path
        reason = getattr(error, "strerror", None) or error
        raise UserError(f"{str(path)[:200]}: cannot be read ({reason}); expected a video file") from error
