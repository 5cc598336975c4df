"""Training of the deep methods on stored features of the shared face network (paper 001, section III-C).

The paper's first stage fixes the network and trains the layers behind it; the second fine-tunes the whole network at a
lower rate. `train` runs the first stage on stored features. It also runs the second one if it is given the layers in
front of the hash layers. They are the last layers of the network; those before them stay as they are.

The paper takes 100,000 steps of SGD. On stored features, every method learned more in 300 steps of Adam with a
one-cycle learning rate than in 300 steps of SGD with the printed momentum, weight decay and schedule. All methods are
therefore trained with Adam. The learning rates in `vretlib.models.hashing.deep_methods` were chosen by one rule,
see `vretlib.models.hashing.deep_validation`.
"""

from __future__ import annotations

import copy
import hashlib
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.models import training
from vretlib.models.checkpoint import Checkpoint
from vretlib.models.hashing import deep_methods, video_codes
from vretlib.models.hashing.deep_methods import METHODS, DeepMethod
from vretlib.models.hashing.hash_network import FLOOR, HIDDEN, HashNetwork, SymmetricWhitening
from vretlib.models.hashing.hasher import MOST_BITS
from vretlib.models.hashing.objectives import HvihWeights
from vretlib.models.hashing.stored_frames import Drawn, StoredFrames
from vretlib.models.hashing.video_batches import PRINTED, BatchSize
from vretlib.models.optimisation import OneCycle
from vretlib.models.trained import trained
from vretlib.models.training import TrainingLog, Validation

STEPS = 3000
"""Steps of the first stage, see `vretlib.models.hashing.deep_validation`."""
LOWER = 0.1
"""Rate of the second stage, as a share of the first's."""


@dataclass(frozen=True, eq=False)
class DeepHasher:
    """A trained deep method; a `vretlib.models.hashing.hasher.Hasher`.

    Attributes
    ----------
    objective: name of the method in `METHODS`.
    n_bits: K, the bits of a code.
    network: the trained layers.
    log: the log of the training; the steps of a second stage follow those of the first.
    """

    objective: str
    n_bits: int
    network: HashNetwork = field(repr=False)
    log: TrainingLog = field(repr=False)

    def project(self, x: ArrayLike) -> NDArray[np.float32]:
        """The values before the threshold, float32 (n, K), of features (n, d), or of inputs of the layers in front.

        Raises
        ------
        UserError: another number of dimensions than in training, NaN or infinity.
        """
        if self.network.front is None:
            d = len(self.network.mean)
            return self.network.project(arrays.matrix(x, "features", d=d, like="the hash layers take"))
        given = arrays.array(x, "maps")
        if given.ndim != 4 or given.dtype.kind not in "fiub":
            raise UserError(f"maps are {given.dtype} of shape {given.shape}; expected (n, channels, h, w)")
        return self.network.project(arrays.as_floats(given, "maps"))

    def bits(self, x: ArrayLike) -> NDArray[np.bool_]:
        """Codes (n, K) of features (n, d): ``project(x) > 0``, where the sigmoid is above ½."""
        return self.project(x) > 0

    def video_bits(self, features: ArrayLike, video: ArrayLike, n_videos: int) -> NDArray[np.bool_]:
        """Codes of videos, (n_videos, K), from the features of all frames and the video of each, (n_frames,).

        Methods of single images take a majority vote, see `video_codes.hard_vote`. DVC and HVIH take the relaxed code
        of eq 2, and a bit is 1 where it is ½ or more.
        """
        values = self.project(features)
        if METHODS[self.objective].pooled:
            return video_codes.mean_sigmoid(values, video, n_videos) >= 0.5
        return video_codes.hard_vote(values > 0, video, n_videos)


class SecondStage(NamedTuple):
    """The layers in front that are fine-tuned with the hash layers, and the number of steps.

    ``front`` computes features from its inputs, and `train` then takes these inputs instead of features. For example,
    `vretlib.features.face_network.FaceNetwork.last_block` reads `vretlib.features.face_network.maps`. ``front`` itself
    is not changed.
    """

    front: nn.Module
    steps: int


def train(
    objective: str, features: ArrayLike, video: ArrayLike, persons: ArrayLike | None, n_bits: int, seed: int = 0, *,
    steps: int = STEPS, rate: float | None = None, weights: HvihWeights | None = None,
    size: BatchSize = PRINTED, hidden: int = HIDDEN, floor: float = FLOOR,
    second: SecondStage | None = None,
) -> DeepHasher:  # fmt: skip
    """A hasher trained by one method; it is kept in the cache, and an interrupted training is continued.

    Parameters
    ----------
    objective: a name of `METHODS`.
    features: (n_frames, d) of all frames of all training videos; with ``second``, the inputs of its front.
    video: (n_frames,) the video of each frame, 0 to n_videos − 1.
    persons: (n_videos,) who is seen in each video, as numbers or text.
    n_bits: K.
    seed: decides the first weights and the batches.
    steps, rate: number of steps and learning rate of the first stage; the rate is the method's own if None.
    weights: weights of HVIH's terms other than the printed ones, for Figure 6; only with the objective "hvih".
    size: numbers of videos and frames of a batch; that of videos is a multiple of 3.
    hidden, floor: see `HashNetwork` and `SymmetricWhitening.of`.

    Raises
    ------
    UserError: an unknown objective; no labels; videos of one person only; a video without frames; NaN; frames that are
        all equal; bits outside 1 to `MOST_BITS`; ``weights`` for another method than HVIH.
    """
    frames = StoredFrames.of(features, video, persons)
    if (frames.x == frames.x[0]).all():
        raise UserError(f"features: all {len(frames.x)} frames are equal; expected frames that differ")
    method = chosen(objective, rate, weights)
    n_bits = arrays.whole(n_bits, "n_bits", 1, MOST_BITS, "bits of a code")
    steps = arrays.whole(steps, "steps", 1)
    hidden, size = arrays.whole(hidden, "hidden", 1), BatchSize(*size)
    floor, seed = arrays.number(floor, "floor", above=0), arrays.whole(seed, "seed", 0)
    network = first_network(
        frames, method, n_bits, seed, hidden=hidden, floor=floor, front=second.front if second else None
    )
    generator = torch.Generator().manual_seed(seed)

    def fit(checkpoint: Checkpoint) -> TrainingLog:
        return in_stages(network, frames, method, steps, generator, second=second, size=size, checkpoint=checkpoint)

    key = {
        "objective": objective, "n_bits": n_bits, "seed": seed, "steps": steps, "rate": method.rate,
        "weights": asdict(weights) if weights else None, "frames": frames.checksum, "size": [*size],
        "hidden": hidden, "floor": floor,
        "second": [second.steps, _content(second.front)] if second else None,
    }  # fmt: skip
    log, _ = trained("deep-hashing", key, network, fit, level=logging.DEBUG)
    return DeepHasher(objective, n_bits, network, log)


def chosen(objective: str, rate: float | None, weights: HvihWeights | None) -> DeepMethod:
    """The method with this name, with another rate or other weights of HVIH's terms if they are given.

    Raises
    ------
    UserError: an unknown objective, weights for another objective than "hvih", or a rate that is not above 0.
    """
    arrays.choice(objective, "objective", METHODS)
    method = METHODS[objective]
    if weights is not None:
        if objective != "hvih":
            raise UserError(f"weights are those of HVIH's terms; objective={objective!r} has none: leave them out")
        method = replace(method, loss=deep_methods.hvih(weights))
    return method if rate is None else replace(method, rate=arrays.number(rate, "rate", above=0))


def first_network(
    frames: StoredFrames, method: DeepMethod, n_bits: int, seed: int, *, hidden: int = HIDDEN,
    floor: float = FLOOR, front: nn.Module | None = None,
) -> HashNetwork:  # fmt: skip
    """The network with its first weights.

    Raises
    ------
    UserError: the frames, after ``front`` if it is given, are not (n_frames, d).
    """
    features = frames.x if front is None else through(front, frames.x)
    if features.ndim != 2:
        raise UserError(f"features of shape {tuple(features.shape)}; expected (n_frames, d), or a second stage")
    generator = torch.Generator().manual_seed(seed)
    own = copy.deepcopy(front) if front is not None else None
    return HashNetwork(
        SymmetricWhitening.of(features, floor), n_bits, len(frames.videos.names), generator, hidden=hidden,
        divided=method.divided, front=own,
    )  # fmt: skip


@torch.no_grad()
def through(front: nn.Module, x: Tensor) -> Tensor:
    """The features that the layers in front compute from their inputs (n, ...)."""
    return torch.cat([front(part) for part in x.split(256)])


def in_stages(
    network: HashNetwork, frames: StoredFrames, method: DeepMethod, steps: int, generator: torch.Generator, *,
    second: SecondStage | None = None, size: BatchSize = PRINTED, checkpoint: Checkpoint | None = None,
    validation: Validation | None = None,
) -> TrainingLog:  # fmt: skip
    """The log of training the layers behind the front on what it computes, and then all layers if there is a second
    stage.
    """
    before = replace(frames, x=network.whitened(frames.x if second is None else through(second.front, frames.x)))
    learn = partial(minimise, network, generator=generator, size=size, validation=validation)
    log = learn(network.codes, before, method, steps, checkpoint=checkpoint)
    if second is None:
        return log
    later = checkpoint and replace(checkpoint, path=checkpoint.path.with_suffix(".second.pt"))
    more = learn(network, frames, _later(method), second.steps, checkpoint=later)
    if later:
        later.path.unlink(missing_ok=True)
    validated = [*log.validation, *((log.steps + step, score) for step, score in more.validation)]
    return TrainingLog([*log.losses, *more.losses], validated, seconds=log.seconds + more.seconds)


def _later(method: DeepMethod) -> DeepMethod:
    """The method in the second stage: a lower rate, and what grows during the training (HashNet's β) at its end."""

    def loss(network: HashNetwork, before: Tensor, persons: Tensor, done: float) -> Tensor:  # noqa: ARG001
        return method.loss(network, before, persons, 1.0)

    return replace(method, rate=LOWER * method.rate, loss=loss)


def minimise(
    network: HashNetwork, layers: Callable[[Tensor], Tensor], frames: StoredFrames, method: DeepMethod, steps: int,
    generator: torch.Generator, *, size: BatchSize = PRINTED, checkpoint: Checkpoint | None = None,
    validation: Validation | None = None,
) -> TrainingLog:  # fmt: skip
    """The log of training ``layers`` in place on stored frames: ``codes`` on whitened features, or the network."""

    def batch(step: int, generator: torch.Generator) -> tuple[Drawn, float]:
        return frames.draw(method.draw, generator, size), step / steps

    def loss(drawn: tuple[Drawn, float]) -> Tensor:
        (x, persons), done = drawn
        rows = persons.ndim if method.draw != "sets" else 2
        before = layers(x.flatten(0, rows - 1)).unflatten(0, x.shape[:rows])
        return method.loss(network, before, persons, done)

    return training.train(
        network, loss, batch, steps=steps, generator=generator, settings=OneCycle(method.rate, 0.0),
        checkpoint=checkpoint, validation=validation, progress=False,
    )  # fmt: skip


def _content(front: nn.Module) -> str:
    content = hashlib.sha256(repr(front).encode())
    for value in front.state_dict().values():
        content.update(value.detach().cpu().contiguous().numpy())
    return content.hexdigest()
