"""Clips as sampled frames, each with the last maps of a network and their mean (paper 002, sections 3.2 and 3.3).

Query images go through the network in the same way, so that their maps can be compared with those of frames.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from vretlib import cache
from vretlib.features import channel_index
from vretlib.features.backbones import Backbone
from vretlib.features.image_features import squeeze
from vretlib.images import Pixels
from vretlib.parallel import parallel_map
from vretlib.video import clip_features, packets, sampled_frames
from vretlib.video.colour_changes import Changes, colour_changes
from vretlib.video.colour_histogram import HistogramOptions
from vretlib.video.sampled_frames import SampledFrames

F32 = NDArray[np.float32]

_ROWS = 256  # maps in memory at a time


@dataclass(frozen=True, eq=False)
class DescribedClips:
    """Sampled frames of clips. Row i of every array that has one row per frame belongs to the same frame.

    Attributes
    ----------
    clips: the video files.
    seconds: float64 (clips,), their lengths.
    frames: the sampled frames.
    maps: float32 (n, d, h, w), the network's last maps, mapped from disk.
    changes: changes of colour by the default histogram between adjacent sampled frames.
    """

    clips: tuple[Path, ...]
    seconds: NDArray[np.float64]
    frames: SampledFrames
    maps: F32
    changes: Changes

    @cached_property
    def descriptors(self) -> F32:
        """Mean of each channel, float32 (n, d)."""
        return mean_descriptors(self.maps)

    @property
    def hours(self) -> float:
        """Total length of all clips in hours."""
        return float(self.seconds.sum() / 3600)

    def images(self, rows: Sequence[int] | NDArray[np.int64], width: int = 200) -> list[Pixels]:
        """The frames of these rows in RGB, at most ``width`` pixels wide, in the order of ``rows``."""
        return sampled_frames.pictures(self.frames, self.clips, rows, width)


def describe(
    clips: Sequence[Path],
    backbone: Backbone,
    *,
    fps: float,
    side: int = 224,
) -> DescribedClips:
    """The sampled frames of each clip with their maps, kept in the cache; frames are resized to squares.

    Parameters
    ----------
    clips: video files, at least one.
    fps: sampled frames a second.
    side: side of the squares in pixels.

    Raises
    ------
    UserError: no clips, a video that cannot be read, or maps with NaN or infinity.
    """
    tap = backbone.last_maps
    sampled, maps = clip_features.layers(clips, backbone, (tap,), fps=fps, side=side)
    [changes] = colour_changes(clips, [(HistogramOptions(), fps)])
    seconds = np.array([packets.packet_index(path).duration for path in clips])
    return DescribedClips(tuple(clips), seconds, sampled, maps[tap], changes)


def describe_images(images: Sequence[Pixels], backbone: Backbone, *, side: int = 224) -> F32:
    """The last maps of RGB images resized as frames are, float32 (n, d, h, w), mapped from the cache.

    Each image goes through the network separately, as a user's photograph does.
    """

    def build(folder: Path) -> None:
        found = parallel_map(lambda image: maps_of(image, backbone, side), images, backbone.device)
        np.save(folder / "maps.npy", np.concatenate(list(found)))

    digest = hashlib.sha256()
    for image in images:
        digest.update(repr(image.shape).encode() + np.ascontiguousarray(image).tobytes())
    key = {"images": digest.hexdigest(), "network": backbone.name, "weights": backbone.checksum, "side": side}
    maps: F32 = np.load(cache.stage("query-maps", key, build) / "maps.npy", mmap_mode="r")
    return maps


def maps_of(image: Pixels, backbone: Backbone, side: int = 224) -> F32:
    """The last maps of one RGB image resized as frames are, float32 (1, d, h, w)."""
    tap, square = backbone.last_maps, squeeze(image, side)
    with torch.inference_mode():
        found: F32 = clip_features.layer_values(backbone, (tap,), [square])[tap].numpy()
    return found


def mean_descriptors(maps: F32) -> F32:
    """Mean of each channel over all positions, float32 (n, d), of maps (n, d, h, w): eq (1) of paper 002."""
    parts = (torch.from_numpy(np.array(maps[start : start + _ROWS])) for start in range(0, len(maps), _ROWS))
    return np.concatenate([channel_index.mean_descriptor(part).numpy() for part in parts])
