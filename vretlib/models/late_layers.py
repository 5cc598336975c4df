"""The last layers of a network as a network of their own: trained alone, they cost a fraction of the whole."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext

import torch
from torch import Tensor, nn

from vretlib.errors import UserError
from vretlib.features.backbones import TAPS, Backbone


class LateLayers:
    """What a VGG16 or AlexNet does after one of its taps; its images are the maps (channels, h, w) at that tap.

    The layers are those of ``backbone`` itself, which is therefore trained with them.

    Parameters
    ----------
    after: the tap whose maps are read, such as ``"pool3"``.

    Raises
    ------
    UserError: a network that is no chain of convolutions, or a tap that is not before its last maps.
    """

    def __init__(self, backbone: Backbone, after: str) -> None:
        places = {tap: path for tap, path in TAPS[backbone.name].items() if path.startswith("features.")}
        self.name, self.last_maps = backbone.name, backbone.last_maps
        layers = getattr(backbone.network, "features", None)
        if after not in places or not isinstance(layers, nn.Sequential) or after == self.last_maps:
            raise UserError(f"layers after {after!r} of {backbone.name}: expected one of {', '.join(places) or 'none'}")
        first, last = (int(places[tap].removeprefix("features.")) + 1 for tap in (after, self.last_maps))
        self.network: nn.Module = layers[first:last]
        self._channels = backbone.channels(self.last_maps)
        self.train = False

    @property
    def device(self) -> torch.device:
        """The device of the layers."""
        return next(self.network.parameters()).device

    def channels(self, tap: str) -> int:
        """Number of channels of the last maps, the only tap."""
        self._known([tap])
        return self._channels

    def maps(self, batch: Tensor, taps: Sequence[str]) -> dict[str, Tensor]:
        """The last maps (n, channels, h, w) of a batch of maps; gradients are kept if ``train`` is true."""
        self._known(taps)
        with nullcontext() if self.train else torch.inference_mode():
            return dict.fromkeys(taps, self.network(batch.to(self.device)))

    def _known(self, taps: Sequence[str]) -> None:
        if other := [tap for tap in taps if tap != self.last_maps]:
            raise UserError(f"tap {other[0]!r}: the late layers of {self.name} have {self.last_maps} alone")
