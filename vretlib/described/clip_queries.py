"""Images to search clips with, as a network describes them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vretlib.datasets.clips.query_images import QueryImages
from vretlib.features.backbones import Backbone
from vretlib.video import described_clips


@dataclass(frozen=True, eq=False, kw_only=True)
class DescribedQueries(QueryImages):
    """Query images with their maps float32 (n, d, h, w) and descriptors (n, d), as the clips' frames have them."""

    maps: NDArray[np.float32]
    descriptors: NDArray[np.float32]


def described(queries: QueryImages, backbone: Backbone, *, side: int = 224) -> DescribedQueries:
    """The queries described by a network; parameters as in `vretlib.video.described_clips.describe_images`."""
    maps = described_clips.describe_images(queries.images, backbone, side=side)
    return DescribedQueries(**vars(queries), maps=maps, descriptors=described_clips.mean_descriptors(maps))
