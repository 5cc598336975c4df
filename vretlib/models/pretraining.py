"""The recipe of the embedded weights: narrow networks that learn to classify generated buildings.

No evaluation uses these buildings. The classes serve to train features; the accuracy in the card is that on held-out
photographs.
``python -m vretlib weights vgg16 --out FILE`` runs it.
"""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from torchvision.models import VGG

from vretlib import images, paths
from vretlib.errors import UserError
from vretlib.features import backbones, narrow, narrow_shape
from vretlib.features import weights as weights_of
from vretlib.features.folding import fold_batch_norm
from vretlib.models import augmentation, cards
from vretlib.models import photographs as photographs_of
from vretlib.models.augmentation import Views
from vretlib.models.checkpoint import Checkpoint
from vretlib.models.labelled_images import LabelledImages
from vretlib.models.optimisation import OneCycle
from vretlib.models.photographs import Photographs
from vretlib.models.training import TrainingLog, shuffled
from vretlib.models.training import train as minimise

log = logging.getLogger(__name__)

CHECKPOINT_EVERY = 50  # steps


@dataclass(frozen=True)
class PretrainingRecipe:
    """The training of a network from random weights.

    Attributes
    ----------
    n_classes, per_class: generated buildings, and photographs of each.
    held_out: photographs of each class, drawn by the seed, that are held out to measure the accuracy.
    longest: longer side of the photographs when they are kept in memory, in pixels.
    steps: batches of the training.
    sides: sides of the views, small ones first, each for an equal share of the steps: at first, coarse views teach as
        much as fine ones in a fraction of the time. The last is the ``image_side`` of the network.
    easy: share of the steps, at the beginning, that use one class of three only. Three in a row share a style
        (`vretlib.datasets.landmarks.embedded.pretraining`), and styles are easier to tell apart than classes: with all
        classes at once, nothing is learned during many hundreds of steps.
    smoothing: of the labels.
    """

    n_classes: int = 120
    per_class: int = 30
    held_out: int = 4
    longest: int = 256
    steps: int = 1600
    sides: tuple[int, ...] = (64, 64, 80, 96)
    easy: float = 1 / 3
    optimisation: OneCycle = OneCycle(learning_rate=0.002, weight_decay=0.05, batch_size=32)  # noqa: RUF009 (frozen)
    smoothing: float = 0.1
    dropout: float = 0.2
    views: Views = field(default_factory=Views)


RECIPES = {"vgg16": PretrainingRecipe(), "resnet50": PretrainingRecipe(steps=2000, sides=(80, 80, 96, 112), easy=0.5)}
"""Training takes 11 minutes for vgg16 and 13 for resnet50 on two shared cores."""


def train(
    name: str,
    data: LabelledImages,
    out: str | Path | None = None,
    *,
    seed: int = 0,
    recipe: PretrainingRecipe | None = None,
    progress: bool = True,
) -> Path:
    """The file of a narrow network, which is trained and written with its card.

    The same call continues an interrupted run from its last checkpoint, which is in the cache, and ends in the same
    weights.

    Parameters
    ----------
    name: "vgg16" or "resnet50".
    data: the training images.
    out: the safetensors file; ``data/weights/<name>.safetensors`` if None. The card lies beside it as .json.
    recipe: `RECIPES[name]` if None.
    progress: whether to show a bar with the loss.

    Raises
    ------
    UserError: the name is another one, a class has too few images, or a file cannot be read or written.
    """
    recipe = recipe or RECIPES[_known(name)]
    out = Path(out) if out is not None else weights_of.embedded_file(_known(name))
    photographs = load_photographs(data, recipe, seed)
    shape = narrow_shape.shape_for(_known(name), len(data.classes))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = narrow.build(shape, batch_norm=True, dropout=recipe.dropout)
    log.info("%s: %s photographs of %s classes", name, int((~photographs.held_out).sum()), len(data.classes))
    trained = _learn(network, photographs, recipe, seed, _identity(name, recipe, seed, photographs.checksum), progress)
    stored = fold_batch_norm(network, shape) if name == "vgg16" else network
    weights_of.save(stored.state_dict(), out, shape, recipe.sides[-1])
    measured = accuracy(name, out, photographs)
    card = {
        "name": name,
        "shape": asdict(shape),
        "image_side": recipe.sides[-1],
        "data": {
            "name": data.name,
            "images": len(data),
            "held_out": int(photographs.held_out.sum()),
            "sha256": photographs.checksum,
        },
        "seed": seed,
        "recipe": asdict(recipe),
        "steps": trained.steps,
        "seconds": round(trained.seconds),
        "hardware": cards.hardware(),
        "accuracy": measured,
        "stored": "float16 matrices and filters, float32 vectors",
        "command": cards.command(name, seed),
    }
    cards.write(card, out)
    log.info("%s: %.1f MiB, held-out accuracy %.3f", out, out.stat().st_size / 2**20, measured["held_out"])
    return out


def accuracy(name: str, file: Path, photographs: Photographs) -> dict[str, Any]:
    """The accuracy of a stored network on central views.

    ``held_out`` and ``learned`` are fractions; ``right_of_held_out`` counts the correct held-out views of each class.
    """
    backbone = backbones.load(name, file)
    right = np.empty(len(photographs.pixels), bool)
    for rows in np.array_split(np.arange(len(right)), max(1, len(right) // 64)):
        views = augmentation.central_views([photographs.pixels[row] for row in rows], backbone.image_side)
        logits = backbone.maps(normalised(views), ["logits"])["logits"]
        right[rows] = (logits.argmax(1) == photographs.labels[rows]).numpy()
    apart, labels = photographs.held_out, photographs.labels.numpy()
    return {
        "held_out": round(float(right[apart].mean()), 4),
        "learned": round(float(right[~apart].mean()), 4),
        "right_of_held_out": np.bincount(labels[apart & right], minlength=labels.max() + 1).tolist(),
    }


class _WithMaxima(nn.Module):
    """A network and, for training only, a second classifier of the maxima of its last maps.

    MAC and R-MAC describe images by those maxima, and a loss close to the convolutions trains them sooner.
    """

    def __init__(self, network: nn.Module, n_classes: int) -> None:
        super().__init__()
        self.network = network
        vgg = isinstance(network, VGG)
        maps = network.get_submodule("features" if vgg else "layer4")
        channels = [m.out_channels for m in maps.modules() if isinstance(m, nn.Conv2d)][-1]
        self.head = nn.Linear(channels, n_classes)
        maps.register_forward_hook(self._keep)

    def _keep(self, module: nn.Module, inputs: object, maps: Tensor) -> None:  # noqa: ARG002 (torch's signature)
        self._maxima = maps.amax((2, 3))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return self.network(x), self.head(self._maxima)


def _learn(
    network: nn.Module, photographs: Photographs, recipe: PretrainingRecipe, seed: int, identity: str, progress: bool
) -> TrainingLog:
    generator = torch.Generator().manual_seed(seed)
    size, steps = recipe.optimisation.batch_size, recipe.steps
    everything = np.flatnonzero(~photographs.held_out)
    easy = everything[photographs.labels[everything].numpy() % 3 == 0]
    of_everything, of_easy = shuffled(len(everything), size, generator), shuffled(len(easy), size, generator)
    network.to(memory_format=torch.channels_last)  # a third faster here than the default

    @lru_cache(maxsize=1)
    def photographs_for(side: int) -> list[NDArray[np.uint8]]:
        """Photographs scaled so that no view shrinks them much further, which would alias."""
        return [images.resize(photograph, 2 * side) for photograph in photographs.pixels]

    def batches(step: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        rng = np.random.default_rng(int(torch.randint(2**62, (), generator=generator)))
        side = recipe.sides[step * len(recipe.sides) // steps]
        chosen = easy[of_easy(step).numpy()] if step < recipe.easy * steps else everything[of_everything(step).numpy()]
        views = augmentation.random_views([photographs_for(side)[row] for row in chosen], side, recipe.views, rng)
        return normalised(views), photographs.labels[chosen]

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        learner = _WithMaxima(network, len(photographs.labels.unique()))

    def loss(batch: tuple[Tensor, Tensor]) -> Tensor:
        views, labels = batch
        both = [cross_entropy(logits, labels, label_smoothing=recipe.smoothing) for logits in learner(views)]
        return torch.stack(both).mean()

    checkpoint = Checkpoint(paths.CACHE / "pretraining" / f"{identity[:20]}.pt", identity, CHECKPOINT_EVERY)
    return minimise(
        learner, loss, batches, steps=steps, generator=generator, settings=recipe.optimisation,
        checkpoint=checkpoint, description="pretraining", progress=progress,
    )  # fmt: skip


def normalised(views: Tensor) -> Tensor:
    """Views (n, 3, h, w) in [0, 1] as the networks take them: ImageNet's mean and std removed."""
    mean, std = (torch.tensor(values).view(3, 1, 1) for values in (backbones.MEAN, backbones.STD))
    return (views - mean) / std


def load_photographs(data: LabelledImages, recipe: PretrainingRecipe, seed: int) -> Photographs:
    """The training and held-out photographs of a recipe."""
    return photographs_of.load(data, longest=recipe.longest, held_out=recipe.held_out, seed=seed)


def _known(name: str) -> str:
    if name not in RECIPES:
        raise UserError(f"{name!r}: there are recipes for {' and '.join(RECIPES)}. Choose one of these.")
    return name


def _identity(name: str, recipe: PretrainingRecipe, seed: int, content: str) -> str:
    """A key of everything that decides the weights."""
    what = json.dumps([name, asdict(recipe), seed, content], sort_keys=True)
    return hashlib.sha256(what.encode()).hexdigest()
