"""The deep methods by name: what a batch is, what is minimised, and how a video gets its code (paper 001, III and IV).

Methods of single images hash each frame, and a video gets the majority of its frames' bits (section IV-D). DVC and HVIH
pool frames before the hash layer. That layer is linear, so its value for the mean feature is the mean of its values for
the features, and DVC's code of a video is HVIH's eq 2.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from torch import Tensor

from vretlib.models.hashing import objectives
from vretlib.models.hashing.hash_network import HashNetwork
from vretlib.models.hashing.objectives import HvihWeights

Draw = Literal["sets", "frames", "triplets"]
Loss = Callable[[HashNetwork, Tensor, Tensor, float], Tensor]
"""Of a network, values before the threshold, people, and the share of the steps that are done."""

CONTINUED = 10_000
"""Iterations over which HashNet's β grows for its authors; a training of fewer steps runs through the same values."""


@dataclass(frozen=True)
class DeepMethod:
    """How a deep method learns.

    Attributes
    ----------
    draw: what a batch holds: "sets" are (M, F) frames of videos in triplets, "frames" are (n,) single frames, and
        "triplets" are (3, n) frames.
    loss: the function that is minimised.
    pooled: whether a video's code is computed by eq 2 instead of a majority vote.
    rate: learning rate, chosen as `vretlib.models.hashing.deep_validation` says.
    divided: see `HashNetwork`.
    """

    draw: Draw
    loss: Loss
    pooled: bool
    rate: float
    divided: bool = False


def _dnnh(_: HashNetwork, before: Tensor, persons: Tensor, done: float) -> Tensor:  # noqa: ARG001
    anchor, positive, negative = before.sigmoid()
    return objectives.dnnh(anchor, positive, negative)


def _dsh(_: HashNetwork, before: Tensor, persons: Tensor, done: float) -> Tensor:  # noqa: ARG001
    return objectives.dsh(before, persons, alpha=2 * objectives.DSH_ALPHA)  # matches the official gradient


def _hashnet(_: HashNetwork, before: Tensor, persons: Tensor, done: float) -> Tensor:
    half = len(before) // 2  # the two independent batches of the official code
    h = (objectives.continuation(done * CONTINUED) * before).tanh()
    return objectives.hashnet(h[:half], persons[:half], h[half:], persons[half:])


def _ssdh(network: HashNetwork, before: Tensor, persons: Tensor, done: float) -> Tensor:  # noqa: ARG001
    codes = before.sigmoid()
    return objectives.ssdh(codes, network.people(codes), persons)


def _dvc(_: HashNetwork, before: Tensor, persons: Tensor, done: float) -> Tensor:  # noqa: ARG001
    return objectives.dvc(before.mean(1).sigmoid(), persons)


def hvih(weights: HvihWeights) -> Loss:
    """HVIH's loss with the given weights of its terms; Table II and Figure 6 need others than the printed ones."""

    def loss(network: HashNetwork, before: Tensor, persons: Tensor, done: float) -> Tensor:  # noqa: ARG001
        return objectives.hvih(before, network.people.weight, persons, weights)

    return loss


PRINTED = HvihWeights()
_HVIH = DeepMethod("sets", hvih(PRINTED), True, 0.004)
METHODS: dict[str, DeepMethod] = {
    "dnnh": DeepMethod("triplets", _dnnh, False, 0.008, divided=True),
    "dsh": DeepMethod("frames", _dsh, False, 0.008),
    "hashnet": DeepMethod("frames", _hashnet, False, 0.004),
    "ssdh": DeepMethod("frames", _ssdh, False, 0.016),
    "dvc": DeepMethod("sets", _dvc, True, 0.008),
    "hvih": _HVIH,
    "joint": replace(_HVIH, loss=hvih(replace(PRINTED, lambda2=0.0))),
    "single-video": replace(_HVIH, loss=hvih(replace(PRINTED, lambda2=0.0, frame=0.0))),
}
"""Table III's rows, and Table II's: *single-image* is "ssdh" (their printed numbers agree), *joint image and video ++*
is "hvih"."""
