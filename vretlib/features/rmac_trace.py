"""The steps of the R-MAC of a single image, to be shown or checked one by one (thesis §2.1.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray

from vretlib.features import pooling, unit_vectors
from vretlib.features.backbones import Backbone
from vretlib.features.regions import region_maxima, rmac_grid
from vretlib.features.whitening import Whitening
from vretlib.images import Pixels

Maps = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class RmacTrace:
    """Every step of the R-MAC of one image: its pixels, its maps (d, h, w), and regions of them with their levels."""

    image: Pixels = field(repr=False)
    maps: Maps = field(repr=False)
    grid: NDArray[np.int64] = field(repr=False)
    levels: NDArray[np.int64] = field(repr=False)

    @property
    def mac(self) -> NDArray[np.float32]:
        """MAC (d,)."""
        return pooling.mac(torch.from_numpy(self.maps)[None])[0].numpy()

    def regions(self, whitening: Whitening | None = None) -> NDArray[np.float32]:
        """One vector per region (R, d): its maxima (eqs 2.5, 2.6), l2, and whitening and l2 if there is one."""
        maxima = region_maxima(torch.from_numpy(self.maps)[None], self.grid)[0]
        vectors = unit_vectors.l2(maxima.numpy())
        return vectors if whitening is None else whitening.apply(vectors)

    def rmac(self, whitening: Whitening | None = None) -> NDArray[np.float32]:
        """R-MAC (d,): the sum of the region vectors, l2."""
        return unit_vectors.l2(self.regions(whitening).sum(axis=0))


def trace_rmac(image: Pixels, network: Backbone, levels: int = 3) -> RmacTrace:
    """The steps of the R-MAC of an RGB image (h, w, 3) of the size at which it is described."""
    maps = maps_of(image, network)[network.last_maps]
    height, width = maps.shape[1:]
    up_to = [len(rmac_grid(height, width, levels=level)) for level in range(1, levels + 1)]
    grid = rmac_grid(height, width, levels=levels)
    return RmacTrace(image, maps, grid, np.repeat(np.arange(1, levels + 1), np.diff([0, *up_to])))


def trace_images(images: Mapping[str, Pixels], network: Backbone) -> dict[str, RmacTrace]:
    """`trace_rmac` of some images, by name."""
    return {name: trace_rmac(image, network) for name, image in images.items()}


def maps_of(image: Pixels, network: Backbone, *taps: str) -> dict[str, Maps]:
    """Maps (d, h, w) of one image at each tap; by default at the one that R-MAC pools."""
    found = network.maps(network.prepare(image)[None], taps or [network.last_maps])
    return {tap: volume[0].cpu().numpy() for tap, volume in found.items()}
