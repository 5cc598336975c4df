"""A descriptor and its similarity network, trained together from pixels and kept in the cache (thesis §3.3.5)."""

from __future__ import annotations

import copy
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from vretlib import cache, images
from vretlib.errors import NoExampleError, UserError
from vretlib.features import image_sizes
from vretlib.features.backbones import Backbone
from vretlib.models import end_to_end
from vretlib.models.checkpoint import Checkpoint
from vretlib.models.end_to_end import EndToEnd
from vretlib.models.simnet import SimNet
from vretlib.models.trained import trained
from vretlib.models.trained_similarities import SimilarityRecipe, TrainedSimilarity, train_simnet
from vretlib.models.training import TrainingLog, Validation
from vretlib.models.training_set import TrainingSet, held_out_map

MARGIN = 0.2  # section 3.3.5
CLASSES = 5  # in a batch, with up to five images each


@dataclass(frozen=True)
class EndToEndRecipe:
    """The training of descriptor and similarity together, after that of the similarity alone.

    Attributes
    ----------
    steps: batches of images.
    learning_rate: smaller than for the similarity alone, whose descriptors must change slowly.
    image_size: longest side of a training image, in pixels.
    validations: looks at held-out images, the best of which is kept.
    """

    steps: int = 5_000
    learning_rate: float = 0.001
    image_size: int = 1024
    validations: int = 5


def train_end_to_end(
    network: Backbone, examples: TrainingSet, recipe: SimilarityRecipe, fine_tuning: EndToEndRecipe
) -> tuple[Backbone, TrainedSimilarity]:
    """The fine-tuned network and its similarity, in the state that was best on held-out training images.

    ``examples`` holds MAC descriptors of ``network``, which itself stays as it is.

    Raises
    ------
    NoExampleError: fewer than two classes have two images, of which batches are made; or an image is too small for the
        network at the size of ``fine_tuning``.
    """
    kept, _ = examples.split(torch.Generator().manual_seed(recipe.seed))
    if np.count_nonzero(np.bincount(kept.labels) >= 2) < 2:
        raise NoExampleError(f"{examples.name}: learning from pixels needs two classes with two images each")
    try:
        image_sizes.check(examples.images, network, longest=fine_tuning.image_size)
    except UserError as error:
        raise NoExampleError(f"learning from pixels at end_to_end_size={fine_tuning.image_size}: {error}") from error
    model = EndToEnd(copy.deepcopy(network), train_simnet(recipe, examples, MARGIN).network)
    model.to(network.device)

    def train(checkpoint: Checkpoint, _: Path) -> TrainingLog:
        generator = torch.Generator().manual_seed(recipe.seed)
        kept, held_out = examples.split(generator)
        score = partial(_score, model, held_out, fine_tuning.image_size)
        every = max(1, fine_tuning.steps // fine_tuning.validations)
        return end_to_end.fine_tune(
            model,
            _PreparedImages(kept.images, model.backbone, fine_tuning.image_size),
            kept.labels,
            margin=MARGIN,
            steps=fine_tuning.steps,
            generator=generator,
            settings=recipe.settings_at(fine_tuning.learning_rate),
            classes=min(CLASSES, int(np.count_nonzero(np.bincount(kept.labels) >= 2))),
            validation=Validation(score, every, patience=None) if len(held_out.labels) else None,
            checkpoint=checkpoint,
        )

    key = {"recipe": recipe, "fine_tuning": fine_tuning, "network": network.checksum, "data": examples.checksum}
    log, folder = trained("end-to-end", key, model, train, level=logging.DEBUG)
    model.backbone.checksum = cache.checksum(folder / "network.safetensors")  # another network describes differently
    return model.backbone, TrainedSimilarity(model.simnet, log)


def held_out_quality(
    network: Backbone, scored: SimNet, examples: TrainingSet, recipe: SimilarityRecipe, size: int
) -> float:
    """Mean AP of the held-out training images among themselves, by a similarity of the MAC of ``network``."""
    _, held_out = examples.split(torch.Generator().manual_seed(recipe.seed))
    return _score(EndToEnd(copy.deepcopy(network), scored), held_out, size)


def _score(model: EndToEnd, held_out: TrainingSet, size: int) -> float:
    x = model.describe(_PreparedImages(held_out.images, model.backbone, size))
    return held_out_map(model.simnet.scores(x, x), held_out.labels)


class _PreparedImages(Sequence[Tensor]):
    """Images as the network takes them, read on demand; the last thousand stay in memory."""

    def __init__(self, paths: Sequence[Path], backbone: Backbone, size: int) -> None:
        self._paths = paths

        @lru_cache(maxsize=1000)
        def prepared(place: int) -> Tensor:
            return backbone.prepare(images.resize(images.read(paths[place]), size)).to(backbone.device)

        self._prepared = prepared

    def __len__(self) -> int:
        return len(self._paths)

    def __getitem__(self, place: int | np.integer) -> Tensor:  # type: ignore[override]
        return self._prepared(int(place))
