"""DFSE's encoding: a short Fisher vector of the places of a network's last maps.

The paper cites Perronnin and says "using the FV", 64 numbers. Gaussians and reductions are not given; here the channels
of each place are reduced by PCA, a mixture of Gaussians is learned on them, and the Fisher vector, with signed square
root and length 1, is reduced by PCA to as many numbers as the index has.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA
from threadpoolctl import threadpool_limits

from vretlib.errors import NoExampleError, UserError
from vretlib.features.fisher import FisherEncoder

F32 = NDArray[np.float32]

GAUSSIANS, LOCAL_DIMENSIONS = 8, 32
_PLACES = 20_000  # to learn on


@dataclass(frozen=True, eq=False)
class FisherEncoding:
    """From maps to short vectors."""

    places: FisherEncoder
    vectors: PCA

    @classmethod
    def learn(
        cls,
        maps: F32,
        d: int,
        *,
        seed: int,
        gaussians: int = GAUSSIANS,
        local_dimensions: int = LOCAL_DIMENSIONS,
    ) -> FisherEncoding:
        """Learn everything on maps (n, channels, h, w) of frames, best of other clips than those searched.

        ``d`` is the number of dimensions of the result; at least that many frames are needed, and as many places in
        them as there are Gaussians and dimensions of a place.

        Raises
        ------
        NoExampleError: too few frames or places to learn on.
        UserError: maps of another shape, or of too few channels.
        """
        if maps.ndim != 4 or maps.shape[1] < local_dimensions:
            raise UserError(
                f"maps of shape {maps.shape}: expected (n, channels, h, w) of at least {local_dimensions} channels"
            )
        places, least = len(maps) * maps.shape[2] * maps.shape[3], max(gaussians, local_dimensions)
        if len(maps) < d or places < least:
            raise NoExampleError(
                f"DFSE learns on at least {d} frames with {least} places in their maps; there are {len(maps)} with "
                f"{places}"
            )
        rng = np.random.default_rng(seed)
        local = np.moveaxis(maps, 1, -1).reshape(-1, maps.shape[1])
        drawn = local[np.sort(rng.permutation(len(local))[:_PLACES])]
        with threadpool_limits(1):
            encoder = FisherEncoder.learn(drawn, gaussians, dimensions=local_dimensions, seed=seed)
            vectors = PCA(d, svd_solver="full").fit(_fisher_vectors(maps, encoder))
        return cls(encoder, vectors)

    def encode(self, maps: F32) -> F32:
        """Maps (n, channels, h, w) to (n, d)."""
        return np.asarray(self.vectors.transform(_fisher_vectors(maps, self.places)), np.float32)


def _fisher_vectors(maps: F32, encoder: FisherEncoder) -> F32:
    """A Fisher vector per frame, of the places of its maps."""
    return np.stack([encoder.encode(image.reshape(len(image), -1).T) for image in maps])
