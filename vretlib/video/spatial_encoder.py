"""The spatial encoder of thesis chapter 6: R-MAC of a frozen network, whitening as a fully connected layer (§6.2.2)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from vretlib.features import regions, unit_vectors
from vretlib.features.backbones import Backbone
from vretlib.features.whitening import Whitening
from vretlib.parallel import parallel_map, prefetch
from vretlib.video import clip_features, sampling
from vretlib.video.frames import Frame


def fully_connected(whitening: Whitening) -> nn.Linear:
    """The whitening as a layer: weight P and bias -P·mean, float32, frozen; the l2-normalisation is not part of it.

    The author's published matrices (keras_rmac's PCAmatrices.mat) have this form.
    """
    k, d = whitening.projection.shape
    layer = nn.Linear(d, k, device="meta").to_empty(device="cpu")
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(whitening.projection))
        layer.bias.copy_(torch.from_numpy(-whitening.projection @ whitening.mean))
    return layer.requires_grad_(False)


class SpatialEncoder(nn.Module):
    """Prepared images (n, 3, h, w) to image embeddings (n, d), l2-normalised.

    Last maps of the network, maxima of regions, l2, fully connected layer, l2, sum, l2.

    Parameters
    ----------
    backbone: stays frozen.
    whitening: learned on region vectors of *other* films than those to be searched.
    levels: sizes of regions.
    """

    def __init__(self, backbone: Backbone, whitening: Whitening, *, levels: int = 3) -> None:
        super().__init__()
        self.backbone, self.levels = backbone, levels
        self.network = backbone.network
        self.whitening = fully_connected(whitening).to(backbone.device)

    @property
    def d(self) -> int:
        """K of the thesis: dimensions of an embedding."""
        return self.whitening.out_features

    def forward(self, batch: Tensor) -> Tensor:
        maps = self.backbone.maps(batch, [self.backbone.last_maps])[self.backbone.last_maps]
        vectors = regions.region_maxima(maps, regions.rmac_grid(maps.shape[2], maps.shape[3], self.levels))
        return unit_vectors.l2(unit_vectors.l2(self.whitening(unit_vectors.l2(vectors.float()))).sum(1))

    def encode_video(
        self, path: str | Path, *, fps: float = 3.0, longest: int = 1024
    ) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
        """Times (n,) in seconds and embeddings (n, d) of a video's sampled frames, one film in one pass.

        The same numbers as :func:`vretlib.video.clip_features.describe` and its ``rmac``, up to rounding, but no
        region is kept: beside the embeddings memory holds a few batches. Decoding runs ahead in a thread.
        """

        def work(batch: list[Frame]) -> tuple[list[float], NDArray[np.float32]]:
            with torch.inference_mode():
                embedded = self(self.backbone.prepare_batch([frame.image for frame in batch]))
            return [frame.time for frame in batch], embedded.cpu().numpy()

        device = self.backbone.device
        seen = sampling.sampled(path, fps, longest=longest, threads=clip_features.decoders(device))
        frames = prefetch(clip_features.batches(seen, self.backbone.batch_pixels))
        times, embeddings = zip(*parallel_map(work, frames, device), strict=True)
        return np.concatenate(times), np.concatenate(embeddings)
