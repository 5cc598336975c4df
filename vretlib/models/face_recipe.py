"""The recipe of the face network in ``data/weights``: it is trained to tell apart drawn people whom no page uses.

``python -m vretlib weights face_network --out FILE`` runs it. A tenth of the people are left out of training: their
videos show how well features find people whom the network has not seen. One video of every other person is held out to
measure the accuracy, by which the best of the validated states is kept.

The training is still short: 2,400 steps of 32 crops, about six minutes of one processor core, some ten views of each
crop. Its features are far from perfect, which suits a hashing experiment; all methods use the same features. Trials
were compared by the mAP over the 240 videos of the people who are left out of training:

- 560 steps on half the people at a rate of 0.006, with only the last eighth of the steps at 64 pixels, gave 0.194.
- 4,000 steps with the same shares of sides gave 0.282: the rate had fallen almost to 0 when the views became as large
  as the crops. The loss rose from 2.2 to 4.2 at that point, and few steps were left to adapt to them.
- 2,400 steps with two fifths at 64 pixels, this recipe, gave 0.338. The loss was still falling at the end.

Shorter trials, of 300 steps at 32 pixels, measured on 80 people whom they left out, gave 0.097 with a rate of 0.006
and 0.118 with 0.002. Weaker views (0.110), a softmax of cosines (0.114) and batches of 64 in half the steps (0.108)
changed less than that, and more people did not help in so few steps (0.089).
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, dropout

from vretlib import paths
from vretlib.errors import UserError
from vretlib.evaluation import average_precision as ap
from vretlib.evaluation import ranking
from vretlib.features import face_network
from vretlib.features.face_network import NAME, SIDE, FaceNetwork
from vretlib.models import augmentation, cards
from vretlib.models.augmentation import Views
from vretlib.models.checkpoint import Checkpoint
from vretlib.models.optimisation import OneCycle
from vretlib.models.training import TrainingLog, Validation, shuffled
from vretlib.models.training import train as minimise

log = logging.getLogger(__name__)

Crops = NDArray[np.uint8]


@dataclass(frozen=True)
class FaceRecipe:
    """Sizes and options of the training.

    Attributes
    ----------
    people, videos, frames: drawn people, videos of each, and frames of each video.
    apart: one person in this many is left out of training altogether.
    width: see `FaceNetwork.of_width`.
    steps: number of batches of the training.
    sides: sides of the views in pixels, small ones first, each for an equal share of the steps: at first, coarse
        views teach as much in a fraction of the time.
    smoothing: label smoothing of the cross entropy.
    dropped: share of the features that dropout sets to 0.
    """

    people: int = 400
    videos: int = 6
    frames: int = 4
    apart: int = 10
    width: float = 0.5
    steps: int = 2400
    sides: tuple[int, ...] = (24, 24, 32, 32, 32, 32, 64, 64, 64, 64)
    optimisation: OneCycle = OneCycle(learning_rate=0.003, weight_decay=0.05, batch_size=32)  # noqa: RUF009 (frozen)
    smoothing: float = 0.1
    dropped: float = 0.1
    views: Views = field(default_factory=lambda: Views(crop=(0.85, 1.0), stretch=1.1, turn=6.0, light=0.15))


RECIPE = FaceRecipe()
CHECKPOINT_EVERY = 50  # steps
LOOKS = 3
"""Validations of a training."""


@dataclass(frozen=True, eq=False)
class People:
    """The crops of each video, (n, side, side, 3) uint8, and the person of each video, (n_videos,) int64 from 0."""

    frames: Sequence[Crops] = field(repr=False)
    persons: NDArray[np.int64]

    def of(self, chosen: NDArray[np.bool_]) -> People:
        """The videos for which a flag is set."""
        return People([self.frames[i] for i in np.flatnonzero(chosen).tolist()], self.persons[chosen])

    @property
    def crops(self) -> tuple[Crops, NDArray[np.int64]]:
        """All crops, (n, side, side, 3), and the person of each, (n,)."""
        return np.concatenate(self.frames), np.repeat(self.persons, [len(crops) for crops in self.frames])

    @property
    def checksum(self) -> str:
        """SHA-256 of all crops and persons."""
        content = hashlib.sha256(np.ascontiguousarray(self.persons).data)
        for crops in self.frames:
            content.update(np.ascontiguousarray(crops).data)
        return content.hexdigest()


def train(
    people: People,
    out: str | Path | None = None,
    *,
    seed: int = 0,
    recipe: FaceRecipe = RECIPE,
    data: dict[str, Any] | None = None,
    progress: bool = True,
) -> Path:
    """The path of a face network that is trained and written with its card.

    The same call continues an interrupted run from its last checkpoint, which is in the cache, and ends in the same
    weights.

    Parameters
    ----------
    people: the development people; each needs two videos.
    out: the safetensors file; that of the project if None. The card lies beside it as .json.
    data: more about the people, for the card.

    Raises
    ------
    UserError: too few people or videos, or a file that cannot be written.
    """
    out = Path(out) if out is not None else face_network.file()
    learned, held_out, unseen = divide(people, recipe.apart)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        learner = _Learner(FaceNetwork.of_width(recipe.width, batch_norm=True), int(learned.persons.max()) + 1)
    what = json.dumps([asdict(recipe), seed, people.checksum], sort_keys=True)
    identity = hashlib.sha256(what.encode()).hexdigest()
    log.info("%s: %s videos to learn from, %s held out", NAME, len(learned.frames), len(held_out.frames))
    done = _learn(learner, learned, held_out, recipe, seed, identity, progress)
    face_network.save(learner.network.folded(), out)
    stored = face_network.load(out)
    n_held_out, crops = len(held_out.crops[1]), len(people.crops[1])
    card = {
        "name": NAME,
        "shape": {"topology": NAME, "widths": stored.filters},
        "image_side": SIDE,
        "data": {
            "images": crops, "held_out": n_held_out, "people": len(np.unique(people.persons)),
            "people_apart": len(np.unique(unseen.persons)), **(data or {}), "sha256": people.checksum,
        },
        "seed": seed,
        "recipe": asdict(recipe),
        "steps": done.steps,
        "seconds": round(done.seconds),
        "hardware": cards.hardware(),
        "accuracy": {
            "held_out": round(accuracy(stored, learner.people, held_out), 4),
            "map_of_people_apart": round(video_map(stored, unseen), 4),
            "map_of_people_learned": round(video_map(stored, people.of(np.isin(people.persons, learned.persons))), 4),
        },
        "curve": {str(step): round(value, 4) for step, value in done.validation},
        "loss": {str(int(step)): round(float(value), 3) for step, value in zip(*done.curve(100), strict=True)},
        "stored": "float16 filters, float32 vectors",
        "command": cards.command(NAME, seed),
    }  # fmt: skip
    cards.write(card, out)
    log.info("%s: %.1f MiB, %s", out, out.stat().st_size / 2**20, card["accuracy"])
    return out


def divide(people: People, apart: int) -> tuple[People, People, People]:
    """Videos to learn from, the last video of each of their people, and all videos of every ``apart``-th person.

    Raises
    ------
    UserError: fewer than two people to learn from, or a person with one video.
    """
    names, counts = np.unique(people.persons, return_counts=True)
    unseen = np.isin(people.persons, names[apart - 1 :: apart])
    if len(names) - len(names[apart - 1 :: apart]) < 2 or counts.min() < 2:
        raise UserError(f"{len(names)} people with {counts.min(initial=0)} videos and more; expected several with two")
    last = np.zeros(len(people.persons), bool)
    last[len(last) - 1 - np.unique(people.persons[::-1], return_index=True)[1]] = True
    found = np.full(int(names.max()) + 1, -1)
    seen = np.unique(people.persons[~unseen])
    found[seen] = np.arange(len(seen))
    learned, held_out = people.of(~unseen & ~last), people.of(~unseen & last)
    return (
        People(learned.frames, found[learned.persons]),
        People(held_out.frames, found[held_out.persons]),
        people.of(unseen),
    )


def accuracy(network: FaceNetwork, classifier: nn.Linear, people: People) -> float:
    """The share of crops whose person the classifier names correctly from the features."""
    crops, persons = people.crops
    with torch.no_grad():
        found = classifier(torch.from_numpy(face_network.describe(crops, network))).argmax(1)
    return float((found.numpy() == persons).mean())


def video_map(network: FaceNetwork, people: People) -> float:
    """MAP with each video as a query, which ranks all others by the cosine of the centred mean features."""
    crops, _ = people.crops
    owner = np.repeat(np.arange(len(people.frames)), [len(crops) for crops in people.frames])
    x = face_network.describe(crops, network).astype(np.float64)
    x -= x.mean(0)
    videos = np.stack([x[owner == number].mean(0) for number in range(len(people.frames))])
    videos /= np.linalg.norm(videos, axis=1, keepdims=True)
    own = np.arange(len(videos))
    order = ranking.rank(videos @ videos.T, exclude=own)
    relevant = [np.flatnonzero((people.persons == person) & (own != i)) for i, person in enumerate(people.persons)]
    return ap.mean(ap.average_precisions(order, relevant, rule="plain")).value


class _Learner(nn.Module):
    """A network, and a linear classifier of people that only the training needs."""

    def __init__(self, network: FaceNetwork, n_people: int) -> None:
        super().__init__()
        self.network = network
        self.people = nn.Linear(network.d, n_people)


def _learn(
    learner: _Learner, learned: People, held_out: People, recipe: FaceRecipe, seed: int, identity: str, progress: bool
) -> TrainingLog:
    generator = torch.Generator().manual_seed(seed)
    crops, persons = learned.crops
    rows_of = shuffled(len(crops), recipe.optimisation.batch_size, generator)
    learner.to(memory_format=torch.channels_last)

    def batches(step: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        rng = np.random.default_rng(int(torch.randint(2**62, (), generator=generator)))
        side = recipe.sides[step * len(recipe.sides) // recipe.steps]
        rows = rows_of(step).numpy()
        views = augmentation.random_views([crops[row] for row in rows], side, recipe.views, rng)
        return face_network.scaled(255 * views), torch.from_numpy(persons[rows])

    def loss(batch: tuple[Tensor, Tensor]) -> Tensor:
        views, labels = batch
        features = dropout(learner.network(views), recipe.dropped)
        return cross_entropy(learner.people(features), labels, label_smoothing=recipe.smoothing)

    checkpoint = Checkpoint(paths.CACHE / "pretraining" / f"{identity[:20]}.pt", identity, CHECKPOINT_EVERY)
    return minimise(
        learner, loss, batches, steps=recipe.steps, generator=generator, settings=recipe.optimisation,
        validation=Validation(lambda: accuracy(learner.network, learner.people, held_out),
                              max(1, recipe.steps // LOOKS), None),
        checkpoint=checkpoint, description=NAME, progress=progress,
    )  # fmt: skip
