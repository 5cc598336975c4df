"""How the deep methods of a comparison are trained, all alike: one or two stages, on the same frames and batches.

Paper 001 describes its two stages for HVIH (section III-C) and gives the deep methods that it compares with "totally
the same backbone" (section IV-D), whose features they learn together with their codes. A second stage is therefore
that of all deep methods, and of the rows of Table II as well. Methods without a network take features as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from torch import nn

from vretlib.errors import UserError
from vretlib.models.hashing import deep_training, video_codes
from vretlib.models.hashing.deep_training import STEPS, DeepHasher, SecondStage
from vretlib.models.hashing.hash_network import FLOOR, HIDDEN
from vretlib.models.hashing.hasher import Hasher
from vretlib.models.hashing.objectives import HvihWeights
from vretlib.models.hashing.video_batches import PRINTED, BatchSize
from vretlib.search import packed_codes

Learned = TypeVar("Learned", bound=Hasher)
Fit = Callable[[NDArray[np.float32], NDArray[np.int64], int, np.random.Generator], Learned]
"""Makes a hash function of vectors (n, d), the person of each, a number of bits and a generator."""

SWEPT = (0.1, 1.0, 10.0)
"""The weights λ2 of center alignment in Figure 6 beside the printed one."""


def with_lambda2(value: float) -> str:
    """The name of HVIH with another λ2."""
    return f"hvih, λ2={value:g}"


OF_HVIH: dict[str, dict[str, Any]] = {
    "hvih": {},
    "joint": {"lambda2": 0.0},
    "single-video": {"lambda2": 0.0, "frame": 0.0},
    **{with_lambda2(value): {"lambda2": value} for value in SWEPT},
}
"""HVIH, its rows of Table II and the further values of Figure 6: the weights that are not the recipe's."""


class Frames(Protocol):
    """Frames of videos as features (n, d) and, for a second stage, as the maps (n, channels, h, w) before them."""

    @property
    def x(self) -> NDArray[np.float32]:
        """Features (n, d)."""

    @property
    def maps(self) -> NDArray[np.float32] | None:
        """Maps (n, channels, h, w) of which a second stage makes features; None where they were not kept."""

    @property
    def video(self) -> NDArray[np.int64]:
        """The video of each frame, (n,), numbered from 0."""

    @property
    def persons(self) -> NDArray[np.int64]:
        """The person of each video, (videos,)."""

    @property
    def middle(self) -> NDArray[np.int64]:
        """The row of the middle frame of each video."""


class HashRecipe(NamedTuple):
    """How deep methods are trained; ``weights`` are those of HVIH's losses, the rest as in `deep_training.train`."""

    weights: HvihWeights
    steps: int = STEPS
    size: BatchSize = PRINTED
    hidden: int = HIDDEN
    floor: float = FLOOR
    second: SecondStage | None = None

    def with_second_stage(self, front: nn.Module, steps: int) -> HashRecipe:
        """The recipe with a second stage of ``steps`` steps that tunes ``front`` too; unchanged if ``steps`` is 0."""
        return self._replace(second=SecondStage(front, steps)) if steps else self

    def reads(self, frames: Frames) -> NDArray[np.float32]:
        """What the trained layers read: maps if there is a second stage, else features."""
        return maps_of(frames) if self.second else frames.x

    def loss(self, objective: str) -> tuple[str, HvihWeights | None]:
        """The name of `deep_training.train` for a name of `OF_HVIH` or another, and the weights of HVIH's terms."""
        if objective not in OF_HVIH:
            return objective, None
        return "hvih", replace(self.weights, **OF_HVIH[objective])

    def train(self, objective: str, learn: Frames, n_bits: int, seed: int) -> DeepHasher:
        """A method trained on frames: a name of `OF_HVIH`, or another of `deep_methods.METHODS`.

        Raises
        ------
        UserError: as of `deep_training.train`; a second stage, and frames without maps.
        """
        name, weights = self.loss(objective)
        return deep_training.train(
            name, self.reads(learn), learn.video, learn.persons, n_bits, seed, steps=self.steps, weights=weights,
            size=self.size, hidden=self.hidden, floor=self.floor, second=self.second,
        )  # fmt: skip


def inputs(hasher: Hasher, frames: Frames) -> NDArray[np.float32]:
    """What a hasher reads of frames: maps (n, channels, h, w) if layers in front were tuned, else features (n, d).

    Raises
    ------
    UserError: it reads maps, and the frames have none.
    """
    tuned = isinstance(hasher, DeepHasher) and hasher.network.front is not None
    return maps_of(frames) if tuned else frames.x


def without_network(fit: Fit[Learned], learn: Frames, n_bits: int, seed: int) -> Learned:
    """A method without a network, trained on frames with the person of the video of each."""
    return fit(learn.x, learn.persons[learn.video], n_bits, np.random.default_rng([seed, n_bits]))


def video_bits(hasher: Hasher, frames: Frames) -> NDArray[np.bool_]:
    """Codes of videos (n_videos, K): see `DeepHasher.video_bits`; of a method without a network, by majority vote."""
    x, n_videos = inputs(hasher, frames), len(frames.persons)
    if isinstance(hasher, DeepHasher):
        return hasher.video_bits(x, frames.video, n_videos)
    return video_codes.hard_vote(hasher.bits(x), frames.video, n_videos)


def codes(
    hasher: Hasher, database: Frames, asked: Frames
) -> tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]]:
    """Packed codes of the database's videos, of the videos that are asked for, and of the middle frame of each."""
    stills = hasher.bits(inputs(hasher, asked)[asked.middle])
    found = (video_bits(hasher, database), video_bits(hasher, asked), stills)
    first, second, third = map(packed_codes.pack, found)
    return first, second, third


def maps_of(frames: Frames) -> NDArray[np.float32]:
    """The maps (n, channels, h, w) of frames; `UserError` if there are none."""
    if frames.maps is None:
        raise UserError("layers of a second stage read maps; these frames are features alone: describe them with maps")
    return frames.maps
