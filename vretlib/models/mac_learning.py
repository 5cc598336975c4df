"""Learning MAC, the maxima of a network's last maps, from labelled photographs and hard negatives.

The method is that of Radenović et al. (2016): the contrastive loss on queries, photographs of the same landmark, and
hard negatives, which are searched anew before every epoch. Here a negative brings photographs of its own landmark
along, so that all pairs of a batch can be learned from. These are many times as many pairs for the same work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from vretlib import arrays, images, paths, tensors
from vretlib.errors import UserError
from vretlib.evaluation import average_precision
from vretlib.evaluation.ranking import rank
from vretlib.features import backbones, pooling
from vretlib.images import Pixels
from vretlib.models import augmentation
from vretlib.models.augmentation import Views
from vretlib.models.checkpoint import Checkpoint
from vretlib.models.contrastive import contrastive_loss, hard_negatives
from vretlib.models.optimisation import OneCycle
from vretlib.models.pretraining import normalised
from vretlib.models.training import TrainingLog, Validation
from vretlib.models.training import train as minimise

_AT_ONCE = 32  # images described together


@dataclass(frozen=True)
class FineTuningRecipe:
    """The fine-tuning of a network.

    Attributes
    ----------
    n_classes, per_class: generated buildings, and photographs of each.
    held_out: the number of classes that are held out, from the end of the list; the network of the best epoch on them
        is kept. A multiple of three, so that their styles are held out as well.
    longest: longer side of the photographs in memory and in the validation.
    mined_at: longer side of the photographs in the search for hard negatives.
    side: of the views of the training. Views are 0.8 to 1 times the shorter side, so that buildings are about as
        large in them as in photographs of `longest`.
    margin: τ of the contrastive loss.
    pool: random photographs that are searched for hard negatives in an epoch.
    negatives: hard negatives of a query, each of another class.
    together: photographs of a class in a batch: the query or the negative, and others of its class.
    queries: in an epoch; ``optimisation.batch_size`` of them, with their negatives, are a step.
    frozen: number of layers of the convolutional part, from the first, that are not trained: those before conv3_1.
    """

    n_classes: int = 150
    per_class: int = 12
    held_out: int = 30
    longest: int = 256
    mined_at: int = 192
    side: int = 160
    margin: float = 0.75
    pool: int = 240
    negatives: int = 4
    together: int = 4
    queries: int = 48
    epochs: int = 8
    frozen: int = 10
    optimisation: OneCycle = OneCycle(learning_rate=0.0002, weight_decay=0.0005, batch_size=2)  # noqa: RUF009 (frozen)
    views: Views = field(default_factory=lambda: Views(crop=(0.8, 1.0)))

    @property
    def steps_per_epoch(self) -> int:
        """Steps between two searches for hard negatives."""
        return self.queries // self.optimisation.batch_size


class Learner:
    """The network, its training photographs and its held-out photographs."""

    def __init__(
        self,
        photographs: Sequence[Pixels],
        labels: NDArray[np.int64],
        apart: NDArray[np.bool_],
        recipe: FineTuningRecipe,
        weights: str | Path = "embedded",
    ) -> None:
        sizes = np.unique(labels[~apart], return_counts=True)[1]
        if not apart.any() or len(sizes) <= recipe.negatives or sizes.min() < recipe.together:
            raise UserError(
                f"{len(sizes)} classes to learn from, the smallest of {min(sizes, default=0)} photographs, and "
                f"{len(np.unique(labels[apart]))} held out: expected at least {recipe.negatives + 1} of at least "
                f"{recipe.together}, and 1. Give more photographs."
            )
        self.recipe = recipe
        self.backbone = backbones.load("vgg16", weights)
        self.maps: nn.Sequential = self.backbone.network.features.to(memory_format=torch.channels_last)  # type: ignore[assignment]
        self.maps[: recipe.frozen].requires_grad_(False)
        self.photographs = [p for p, held in zip(photographs, apart, strict=True) if not held]
        self.labels = labels[~apart]
        self.held_out_photographs = [p for p, held in zip(photographs, apart, strict=True) if held]
        self.held_out_labels = labels[apart]
        self.mined = torch.empty(0)

    def describe(self, photographs: Sequence[Pixels], longest: int) -> NDArray[np.float32]:
        """MAC (n, d) of whole photographs; those of one shape go through together."""
        small = [images.resize(photograph, longest) for photograph in photographs]
        found: dict[int, Tensor] = {}
        with torch.inference_mode():
            for shape in sorted({image.shape for image in small}):
                of_shape = [i for i, image in enumerate(small) if image.shape == shape]
                for first in range(0, len(of_shape), _AT_ONCE):
                    ids = of_shape[first : first + _AT_ONCE]
                    pixels = torch.from_numpy(np.stack([small[i] for i in ids])).permute(0, 3, 1, 2)
                    found.update(zip(ids, pooling.mac(self.maps(normalised(pixels / 255))), strict=True))
        return torch.stack([found[i] for i in range(len(small))]).numpy()

    def score(self) -> float:
        """Mean average precision of MAC on the classes held out."""
        return mean_average_precision(
            self.describe(self.held_out_photographs, self.recipe.longest), self.held_out_labels
        )

    def mine(self, generator: torch.Generator) -> Tensor:
        """Ids (queries, (1 + negatives) × together): queries and hard negatives, each with others of its class."""
        recipe = self.recipe
        query = torch.randperm(len(self.labels), generator=generator)[: recipe.queries]
        pool = torch.randperm(len(self.labels), generator=generator)[: recipe.pool]
        xq, xb = (self.describe([self.photographs[i] for i in ids], recipe.mined_at) for ids in (query, pool))
        found = hard_negatives(xq, self.labels[query], xb, self.labels[pool], recipe.negatives)
        chosen = torch.cat([query[:, None], pool[torch.from_numpy(found)]], 1)
        return torch.cat([self.with_others(i, generator) for i in chosen.flatten().tolist()]).view(len(query), -1)

    def with_others(self, image: int, generator: torch.Generator) -> Tensor:
        """The image and random others of its class, ``together`` in all."""
        others = torch.from_numpy(np.flatnonzero(self.labels == self.labels[image]))
        others = others[others != image]
        some = others[torch.randperm(len(others), generator=generator)[: self.recipe.together - 1]]
        return torch.cat([torch.tensor([image]), some])

    def learn(self, seed: int, identity: str, progress: bool) -> TrainingLog:
        """The log of fine-tuning the network in place, which leaves it in the state of its best epoch."""
        recipe, per_epoch = self.recipe, self.recipe.steps_per_epoch

        def batches(step: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
            if step % per_epoch == 0:  # training is only ever resumed here: see the checkpoint
                self.mined = self.mine(generator)
            rng = np.random.default_rng(int(torch.randint(2**62, (), generator=generator)))
            ids = self.mined.chunk(per_epoch)[step % per_epoch].flatten()
            photographs = [self.photographs[i] for i in ids]
            views = augmentation.random_views(photographs, recipe.side, recipe.views, rng)
            return normalised(views), torch.from_numpy(self.labels)[ids]

        def loss(batch: tuple[Tensor, Tensor]) -> Tensor:
            views, labels = batch
            return batch_loss(pooling.mac(self.maps(views)), labels, recipe.margin)

        return minimise(
            self.maps, loss, batches, steps=recipe.epochs * per_epoch, generator=torch.Generator().manual_seed(seed),
            settings=recipe.optimisation, validation=Validation(self.score, every=per_epoch, patience=None),
            checkpoint=Checkpoint(paths.CACHE / "fine-tuning" / f"{identity[:20]}.pt", identity, per_epoch),
            description="fine-tuning", progress=progress,
        )  # fmt: skip


def batch_loss(x: Tensor, labels: Tensor, margin: float) -> Tensor:
    """Contrastive loss of all pairs of a batch: descriptors (n, d) and their classes (n,)."""
    tensors.sized(labels, "labels", len(tensors.floats(x, "x", None, None)))
    i, j = torch.triu_indices(len(x), len(x), offset=1)
    return contrastive_loss(x[i], x[j], labels[i] == labels[j], margin)


def mean_average_precision(x: NDArray[np.float32], labels: NDArray[np.int64]) -> float:
    """Mean AP of images (n, d) that search for the others of their class; images without others are left out."""
    x = arrays.matrix(x, "x", at_least=1)
    labels = arrays.labels(labels, n=len(x))
    everything = np.arange(len(x))
    positives = [np.flatnonzero((labels == label) & (everything != i)) for i, label in enumerate(labels)]
    ranking = rank(x @ x.T, exclude=everything)
    return average_precision.mean(average_precision.average_precisions(ranking, positives)).value
