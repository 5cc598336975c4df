"""Learning CML and AMD: pairs of an image and a text, and which side learns (thesis §7.3.2 and §7.4.1).

The thesis does not say how pairs are drawn; they are drawn here as in the authors' code, SemArt. It says that Adam
trains all layers at once. The code has two groups of parameters: one learns while the other has a learning rate of 0,
and they swap when the validation has stopped improving (`Turns`). In the code the second group is the convolutional
network, which is not trained here; here the text side and the image side take turns.
"""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.evaluation import cross_modal
from vretlib.models.checkpoint import Checkpoint
from vretlib.models.cross_modal import ALPHA, DIMS, MARGIN, CrossModal, Samples, amd_loss, cml_loss
from vretlib.models.lazy_adam import LazyAdam
from vretlib.models.optimisation import Settings
from vretlib.models.text_encoders import EncoderKind
from vretlib.models.trained import trained
from vretlib.models.training import TrainingLog, Validation, shuffled, train
from vretlib.models.word_table import WordTable

POSITIVE = 0.2
"""Share of the authors' pairs whose image and text belong together."""


class TextImagePairs(NamedTuple):
    """Rows of texts and of images, int64 (b,), and 1 where both are of one sample, else 0."""

    texts: NDArray[np.int64]
    images: NDArray[np.int64]
    y: NDArray[np.int64]


def draw_pairs(
    texts: NDArray[np.int64], n: int, generator: torch.Generator, positive: float = POSITIVE
) -> TextImagePairs:
    """A pair for each text: its own image with the probability ``positive``, otherwise any other of ``n`` images.

    The other image may show the same thing or be of the same class: this is not checked, as in the authors' code.
    """
    rows = arrays.ids(texts, "texts", below=arrays.whole(n, "n", 2, what="samples, so that there are others"))
    positive = arrays.number(positive, "positive", minimum=0, maximum=1)
    rng = np.random.default_rng(int(torch.randint(2**62, (), generator=generator)))
    y = (rng.random(len(rows)) < positive).astype(np.int64)
    others = (rows + 1 + rng.integers(n - 1, size=len(rows))) % n
    return TextImagePairs(rows, np.where(y == 1, rows, others), y)


@dataclass(frozen=True)
class BothSides:
    """Adam on both sides at once; where words are many, a step leaves out those that its texts lack, see `LazyAdam`."""

    learning_rate: float = 0.0001
    batch_size: int = 32

    def start(self, network: nn.Module, steps: int) -> tuple[Optimizer, LRScheduler | None]:
        """The optimiser of all parameters that are not frozen; its learning rate is constant."""
        return LazyAdam(network, self.learning_rate, steps), None


@dataclass
class Turns:
    """Adam on one side of the network at a time; see the head of this module.

    Attributes
    ----------
    learning_rate: learning rate of the side whose turn it is; 0.0001 in the authors' code.
    batch_size: 28 in the authors' code, although the thesis says 32.
    patience: validations without a new best after which the other side has its turn; the authors have 1, later 3.
    schedule: the schedule of the training in progress.
    """

    learning_rate: float = 0.0001
    batch_size: int = 28
    patience: int = 1
    schedule: _Turn | None = field(default=None, repr=False, compare=False)

    def start(self, network: nn.Module, steps: int) -> tuple[Optimizer, LRScheduler | None]:  # noqa: ARG002
        """The optimiser of two groups of parameters, and its schedule; the text side begins, as for the authors.

        Raises
        ------
        UserError: the network is not a `CrossModal`, which has the two sides.
        """
        if not isinstance(network, CrossModal):
            raise UserError(f"{type(network).__name__} has no sides that could take turns; expected a CrossModal")
        for table in network.modules():
            if isinstance(table, WordTable):
                table.move_together()
        groups = [{"params": side, "lr": self.learning_rate} for side in network.sides()]
        optimiser = torch.optim.Adam(groups, lr=self.learning_rate)
        self.schedule = _Turn(optimiser, self.learning_rate, self.patience)
        return optimiser, self.schedule

    def judge(self, rank: float) -> None:
        """Count a validation; after ``patience`` of them without a new best, the other side learns."""
        if self.schedule:
            self.schedule.judge(rank)


class _Turn(LRScheduler):
    """Which side learns; all of it is in ``state_dict``, so that an interrupted training continues where it was."""

    def __init__(self, optimiser: Optimizer, rate: float, patience: int) -> None:
        self.rate, self.patience = rate, patience
        self.side, self.best, self.waited = 0, float("inf"), 0
        super().__init__(optimiser)

    def get_lr(self) -> list[float | Tensor]:
        return [self.rate if side == self.side else 0.0 for side in (0, 1)]

    def judge(self, rank: float) -> None:
        self.best, self.waited = (rank, 0) if rank < self.best else (self.best, self.waited + 1)
        if self.waited >= self.patience:
            self.side, self.waited = 1 - self.side, 0


@dataclass(frozen=True)
class CrossModalRecipe:
    """How a CML or an AMD is trained; margin, α, learning rate, batch and dimensions are the thesis' by default.

    Attributes
    ----------
    steps: number of steps; the thesis has 120 epochs of five pairs for each text.
    training: "together" trains both sides at once, as §7.4.1 has it; "in turns" as the authors' code does.
    validations: their number, at equal steps; the network with the best median rank from text to image is kept.
    sizes: dimensions of encoded comments and titles, see `vretlib.models.cross_modal.CrossModal`.
    seed: decides the first weights and the pairs.
    """

    steps: int
    learning_rate: float = 0.0001
    batch_size: int = 32
    training: Literal["together", "in turns"] = "together"
    patience: int = 1
    margin: float = MARGIN
    alpha: float = ALPHA
    positive: float = POSITIVE
    dims: int = DIMS
    sizes: tuple[int, int] = (1024, 300)
    validations: int = 20
    seed: int = 0

    def settings(self) -> Settings:
        """New settings of the optimiser."""
        arrays.choice(self.training, "training", ("together", "in turns"))
        if self.training == "in turns":
            return Turns(self.learning_rate, self.batch_size, self.patience)
        return BothSides(self.learning_rate, self.batch_size)


@dataclass(frozen=True, eq=False)
class CrossModalTask:
    """What one network learns, and its form.

    Attributes
    ----------
    learned, held_out: samples to learn from, and to select the best look by.
    comment, title: kinds of the text encoders.
    classes: number of classes of the attribute that an AMD names; 0 for a CML.
    """

    learned: Samples = field(repr=False)
    held_out: Samples = field(repr=False)
    comment: EncoderKind = "BOW"
    title: EncoderKind = "BOW"
    classes: int = 0

    def network(self, recipe: CrossModalRecipe, generator: torch.Generator) -> CrossModal:
        """A network of this form with its first weights."""
        return CrossModal(
            self.learned, generator=generator, comment=self.comment, title=self.title, sizes=recipe.sizes,
            dims=recipe.dims, classes=self.classes,
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class TrainedCrossModal:
    """A trained network and how it was trained."""

    network: CrossModal
    log: TrainingLog = field(repr=False)


def fit(
    network: CrossModal,
    learned: Samples,
    held_out: Samples,
    recipe: CrossModalRecipe,
    *,
    generator: torch.Generator,
    checkpoint: Checkpoint | None = None,
    progress: bool = False,
) -> TrainingLog:
    """The log of a training in place; the network keeps the weights with the lowest median rank of held-out texts.

    With classifiers the loss is that of AMD, otherwise that of CML.

    Raises
    ------
    UserError: no labels for the classifiers, or fewer than two samples to learn from or to select by.
    """
    if network.n_classes and learned.labels is None:
        raise UserError("the classifiers have no labels to learn; give the samples labels")
    if min(len(learned), len(held_out)) < 2:
        raise UserError(
            f"{len(learned)} samples to learn from and {len(held_out)} to select by; expected at least 2 each"
        )
    settings = recipe.settings()
    order = shuffled(len(learned), recipe.batch_size, generator)
    images = torch.from_numpy(learned.images)
    labels = None if learned.labels is None else torch.from_numpy(learned.labels)

    def batch(step: int, source: torch.Generator) -> TextImagePairs:
        return draw_pairs(order(step).numpy(), len(learned), source, recipe.positive)

    def loss(pairs: TextImagePairs) -> Tensor:
        rows = torch.from_numpy(pairs.images)
        image, text = network.project_images(images[rows]), network.project_texts(learned, pairs.texts)
        y = torch.from_numpy(pairs.y)
        if not network.n_classes:
            return cml_loss(image.vectors, text.vectors, y, recipe.margin)
        assert labels is not None
        return amd_loss(
            image,
            text,
            y,
            labels[rows],
            labels[torch.from_numpy(pairs.texts)],
            margin=recipe.margin,
            alpha=recipe.alpha,
        )

    def median_rank() -> float:
        rank = float(np.median(cross_modal.ranks(network.texts(held_out), network.images(held_out.images))))
        if isinstance(settings, Turns):
            settings.judge(rank)
        return rank

    validation = Validation(
        median_rank, every=max(1, recipe.steps // recipe.validations), patience=None, larger_is_better=False
    )
    return train(
        network, loss, batch, steps=recipe.steps, generator=generator, settings=settings, validation=validation,
        checkpoint=checkpoint, description="AMD" if network.n_classes else "CML", progress=progress,
    )  # fmt: skip


def learn(task: CrossModalTask, recipe: CrossModalRecipe, *, level: int = logging.INFO) -> TrainedCrossModal:
    """A CML, or with classes an AMD, trained now or taken from the cache; see `vretlib.models.trained`."""
    generator = torch.Generator().manual_seed(recipe.seed)
    network = task.network(recipe, generator)

    def run(checkpoint: Checkpoint) -> TrainingLog:
        return fit(network, task.learned, task.held_out, recipe, generator=generator, checkpoint=checkpoint)

    key: dict[str, Any] = {
        "samples": [task.learned.checksum, task.held_out.checksum],
        "encoders": [task.comment, task.title],
        "classes": task.classes,
        **asdict(recipe),
        "sizes": list(recipe.sizes),
    }
    log, _ = trained("cross-modal", key, network, run, level=level)
    return TrainedCrossModal(network, log)
