"""The shapes of networks with fewer channels than the usual ones, as files of weights say them.

They stand apart from `vretlib.features.narrow`, which builds such networks, because a process takes three seconds to
import torchvision.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Narrow:
    """Numbers of channels and units of a network.

    Attributes
    ----------
    topology: "vgg16" or "resnet50".
    widths: channels of vgg16's five groups of convolutions (torchvision: 64, 128, 256, 512, 512), or of the inner
        convolutions of resnet50's four groups of bottlenecks (64, 128, 256, 512; each puts out four times as many).
    fully_connected: units of vgg16's fc6 and fc7 (4096); resnet50 has no such layers: 0.
    n_classes: number of classes of the last layer.
    """

    topology: str
    widths: tuple[int, ...]
    fully_connected: int
    n_classes: int

    @classmethod
    def of(cls, described: Mapping[str, Any]) -> Narrow:
        """The shape in a dict of `dataclasses.asdict`; KeyError, TypeError or ValueError for anything else."""
        widths = tuple(int(width) for width in described["widths"])
        return cls(str(described["topology"]), widths, int(described["fully_connected"]), int(described["n_classes"]))


EMBEDDED = {
    "vgg16": Narrow("vgg16", (16, 32, 64, 128, 128), fully_connected=256, n_classes=0),
    "resnet50": Narrow("resnet50", (16, 32, 64, 128), fully_connected=0, n_classes=0),
}
"""The shapes of the networks in ``data/weights``; they get their number of classes from the data."""


def shape_for(topology: str, n_classes: int) -> Narrow:
    """The embedded shape of "vgg16" or "resnet50" for a number of classes."""
    return replace(EMBEDDED[topology], n_classes=n_classes)
