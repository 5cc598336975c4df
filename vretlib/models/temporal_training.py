"""Learning the temporal encoder: pairs of an image and a shot, and the margin loss (thesis §6.1.3 and §6.2.2)."""

from dataclasses import dataclass, replace
from typing import NamedTuple, Unpack

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn
from torch.nn.functional import cosine_similarity
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from vretlib import arrays, tensors
from vretlib.errors import UserError
from vretlib.models.temporal_encoder import TemporalEncoder, checked_shots, pack
from vretlib.models.training import TrainingLog, TrainingOptions, Validation, train

MARGIN = 0.1
"""Δ of the thesis."""
POSITIVE = 0.2
"""Share of the pairs of a batch that are positive in the thesis."""


@dataclass(frozen=True)
class Adam:
    """Adam (Kingma and Ba, 2015) with the thesis' numbers.

    Attributes
    ----------
    learning_rate: the same at each step.
    batch_size: pairs in a step.
    """

    learning_rate: float = 0.0001
    batch_size: int = 512

    def start(self, network: nn.Module, steps: int) -> tuple[Optimizer, LRScheduler | None]:  # noqa: ARG002
        """The optimiser of the parameters that are not frozen; its rate has no schedule."""
        learned = [p for p in network.parameters() if p.requires_grad]
        return torch.optim.Adam(learned, lr=self.learning_rate, fused=True), None


def margin_loss(u: Tensor, v: Tensor, y: Tensor, margin: float = MARGIN) -> Tensor:
    """Mean over pairs of y (1 - cos(u, v)) + (1 - y) max(0, cos(u, v) - Δ), eq 6.4.

    The thesis gives the loss of one pair and does not say whether a batch is summed or averaged. The choice hardly
    matters with Adam, whose steps do not depend on the scale of the gradient.

    Parameters
    ----------
    u, v: (n, d) image and shot embeddings.
    y: (n,) 1 where the image is of the shot, else 0 (eq 6.3).

    Raises
    ------
    UserError: no pairs, tensors of other shapes, or a margin that is not finite.
    """
    n, d = tensors.floats(u, "u", None, None).shape
    tensors.floats(v, "v", n, d)
    tensors.sized(y, "y", n)
    margin = arrays.number(margin, "margin")
    if not n:
        raise UserError("no pairs; expected at least one, since no pairs have no mean")
    cosine = cosine_similarity(u, v)
    y = y.to(cosine.dtype)
    return (y * (1 - cosine) + (1 - y) * (cosine - margin).clamp_min(0)).mean()


class ShotPairs(NamedTuple):
    """Pairs, int64 (n,) each: an image, as a row of the frame embeddings, a shot, and 1 for a positive pair."""

    frame: NDArray[np.int64]
    shot: NDArray[np.int64]
    y: NDArray[np.int64]


def draw_pairs(shots: NDArray[np.int64], n: int, generator: torch.Generator, positive: float = POSITIVE) -> ShotPairs:
    """``n`` random pairs; a share ``positive`` of them (rounded, at least one pair) has an image and its own shot.

    Every shot is equally likely in a pair. The image of a positive pair is a random frame of this shot, so the encoder
    reads it. The image of a negative pair is a random frame of any other shot, of any film. The thesis leaves both
    points open.

    Raises
    ------
    UserError: fewer than two shots.
    """
    shots, n = arrays.ranges(shots, "shots"), arrays.whole(n, "n", 1, what="pairs")
    positive = arrays.number(positive, "positive", minimum=0, maximum=1)
    if len(shots) < 2:
        raise UserError(
            f"{len(shots)} shots to learn from; expected at least 2, since a negative pair needs another shot"
        )
    rng = np.random.default_rng(int(torch.randint(2**62, (), generator=generator)))
    y = (np.arange(n) < max(1, round(n * positive))).astype(np.int64)
    shot = rng.integers(len(shots), size=n)
    other = (shot + 1 + rng.integers(len(shots) - 1, size=n)) % len(shots)
    start, stop = shots[np.where(y == 1, shot, other)].T
    return ShotPairs(rng.integers(start, stop), shot, y)


def train_encoder(
    encoder: TemporalEncoder,
    x: ArrayLike,
    shots: ArrayLike,
    *,
    margin: float = MARGIN,
    positive: float = POSITIVE,
    rotation_augmented: bool = False,
    **how: Unpack[TrainingOptions],
) -> TrainingLog:
    """The log of training the temporal encoder on frame embeddings ``x`` (n, d), which do not change, and their shots.

    Every batch has new pairs. A shot that is in several pairs is encoded once.

    Parameters
    ----------
    margin, positive: see `margin_loss` and `draw_pairs`.
    rotation_augmented: rotate the space of all embeddings of each batch at random. This is not in the thesis. Whitened
        embeddings have no preferred direction, so a rotated film is as plausible as the film itself, and few clips
        stand for many.
    how: steps, generator, settings (by default `Adam`), validation, checkpoint, progress: see `training.train`.
    """
    frames = torch.from_numpy(arrays.matrix(x, "frame embeddings", d=encoder.d, like="the encoder takes"))
    ranges = checked_shots(shots, len(frames))
    settings = how.setdefault("settings", Adam())
    how.setdefault("description", f"temporal encoder, {encoder.cell}")
    if checkpoint := how.get("checkpoint"):
        recipe = (
            f"{checkpoint.recipe} margin {margin:g}, {positive:g} positive, {len(frames)} frames, {len(ranges)} shots"
            f"{', rotated' if rotation_augmented else ''}"
        )
        how["checkpoint"] = replace(checkpoint, recipe=recipe.strip())

    def batch(_: int, generator: torch.Generator) -> tuple[ShotPairs, Tensor | None]:
        pairs = draw_pairs(ranges, settings.batch_size, generator, positive)
        return pairs, random_rotation(frames.shape[1], generator) if rotation_augmented else None

    def loss(drawn: tuple[ShotPairs, Tensor | None]) -> Tensor:
        pairs, rotation = drawn
        x = frames if rotation is None else frames @ rotation
        unique, place = np.unique(pairs.shot, return_inverse=True)
        embedded = encoder(pack(x, ranges[unique]))[torch.from_numpy(place)]
        return margin_loss(x[torch.from_numpy(pairs.frame)], embedded, torch.from_numpy(pairs.y), margin)

    return train(encoder, loss, batch, **how)


def random_rotation(d: int, generator: torch.Generator) -> Tensor:
    """An orthogonal matrix (d, d) from the uniform distribution over all of them (Stewart, 1980)."""
    d = arrays.whole(d, "d", 1)
    q, r = torch.linalg.qr(torch.randn(d, d, generator=generator))
    return q * r.diagonal().sign()


def own_shot_first(encoder: TemporalEncoder, x: ArrayLike, shots: ArrayLike) -> float:
    """The share of frames whose own shot is the nearest of all shots, which is R@1 with the frames as queries.

    Raises
    ------
    UserError: no shots, or shots that are empty or not within the frames.
    """
    frames = arrays.matrix(x, "frame embeddings", d=encoder.d, like="the encoder takes")
    ranges = checked_shots(shots, len(frames))
    if not len(ranges):
        raise UserError("no shots; expected at least one, since no shots have no share")
    owner = np.repeat(np.arange(len(ranges)), ranges[:, 1] - ranges[:, 0])
    rows = np.concatenate([np.arange(start, stop) for start, stop in ranges])
    return float(((frames[rows] @ encoder.encode(frames, ranges).T).argmax(axis=1) == owner).mean())


def validation(
    encoder: TemporalEncoder, x: ArrayLike, shots: ArrayLike, *, every: int = 100, patience: int | None = 5
) -> Validation:
    """A validation that measures `own_shot_first` on shots that are not learned from."""
    return Validation(lambda: own_shot_first(encoder, x, shots), every, patience)
