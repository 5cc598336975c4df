"""A descriptor and its similarity network, trained together from pixels and kept in the cache (thesis §3.3.5)."""

from __future__ import annotations

import copy
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save as serialised
from torch import Tensor

from vretlib import images
from vretlib.checksums import checksum
from vretlib.errors import NoExampleError, UserError
from vretlib.features import image_sizes
from vretlib.features.backbones import Backbone
from vretlib.models import end_to_end
from vretlib.models.checkpoint import Checkpoint
from vretlib.models.end_to_end import EndToEnd
from vretlib.models.late_layers import LateLayers
from vretlib.models.trained import trained
from vretlib.models.trained_similarities import SimilarityRecipe, TrainedSimilarity, trained_simnet
from vretlib.models.training import TrainingLog, Validation
from vretlib.models.training_set import TrainingSet, held_out_map, held_out_queries

MARGIN = 0.2  # section 3.3.5
CLASSES = 5  # in a batch, with up to five images each
CHECKPOINT_EVERY = 10  # steps, which take several seconds


@dataclass(frozen=True)
class EndToEndRecipe:
    """The training of descriptor and similarity together, after that of the similarity alone.

    Attributes
    ----------
    steps: batches of images.
    learning_rate: smaller than for the similarity alone, whose descriptors must change slowly.
    image_size: longest side of a training image, in pixels.
    validations: number of validations on held-out images; the best state is kept.
    frozen: the tap up to which the convolutions stay as they are, such as ``"pool3"``; ``"none"`` learns all, as
        in the thesis. The maps at that tap are computed once, so that a batch costs less: about a tenth for pool4.
    """

    steps: int = 5_000
    learning_rate: float = 0.001
    image_size: int = 1024
    validations: int = 5
    frozen: str = "none"


@dataclass(frozen=True, eq=False, repr=False)
class TrainedTogether:
    """A network with trained layers and the similarity that was trained with it; ``note`` says where, in one line."""

    network: Backbone
    similarity: TrainedSimilarity
    note: str

    def __str__(self) -> str:
        return self.note

    @property
    def log(self) -> TrainingLog:
        """The log of the training of both."""
        return self.similarity.log


def train_end_to_end(
    network: Backbone, examples: TrainingSet, recipe: SimilarityRecipe, fine_tuning: EndToEndRecipe
) -> TrainedTogether:
    """The fine-tuned network and its similarity, in the state that was best on held-out training images.

    ``examples`` holds MAC descriptors of ``network``, which itself stays as it is.

    Raises
    ------
    NoExampleError: fewer than two classes have two images, of which batches are made; an image is too small for the
        network at the size of ``fine_tuning``; or the network has no such layer as ``frozen``.
    """
    kept, _ = examples.split(torch.Generator().manual_seed(recipe.seed))
    if np.count_nonzero(np.bincount(kept.labels) >= 2) < 2:
        raise NoExampleError(f"{examples.name}: learning from pixels needs two classes with two images each")
    if fine_tuning.frozen not in ("none", *network.taps):
        raise NoExampleError(f"{network.name} has no layer {fine_tuning.frozen}; choose end_to_end_frozen='none'")
    try:
        image_sizes.check(examples.images, network, longest=fine_tuning.image_size)
    except UserError as error:
        raise NoExampleError(f"learning from pixels at end_to_end_size={fine_tuning.image_size}: {error}") from error
    tuned, scored = copy.deepcopy(network), trained_simnet(recipe, examples, MARGIN).network
    model = EndToEnd(LateLayers(tuned, fine_tuning.frozen) if fine_tuning.frozen != "none" else tuned, scored)
    model.to(network.device)

    def train(checkpoint: Checkpoint) -> TrainingLog:
        generator = torch.Generator().manual_seed(recipe.seed)
        kept, held_out = examples.split(generator)
        prepared = partial(_PreparedImages, backbone=network, size=fine_tuning.image_size, tap=fine_tuning.frozen)
        score = partial(_score, model, prepared(held_out.images), held_out.labels)
        every = max(1, fine_tuning.steps // fine_tuning.validations)
        return end_to_end.fine_tune(
            model,
            prepared(kept.images),
            kept.labels,
            margin=MARGIN,
            steps=fine_tuning.steps,
            generator=generator,
            settings=recipe.settings_at(fine_tuning.learning_rate),
            classes=min(CLASSES, int(np.count_nonzero(np.bincount(kept.labels) >= 2))),
            validation=Validation(score, every, patience=None) if len(held_out.labels) else None,
            checkpoint=replace(checkpoint, every=CHECKPOINT_EVERY),
        )

    key = {
        "start": hashlib.sha256(serialised(scored.state_dict())).hexdigest(),
        "settings": [repr(recipe.settings_at(fine_tuning.learning_rate)), recipe.seed],
        "fine_tuning": fine_tuning, "network": network.checksum, "data": examples.checksum,
    }  # fmt: skip
    log, folder = trained("end-to-end", key, model, train, level=logging.DEBUG)
    tuned.checksum = checksum(folder / "network.safetensors")  # another network describes differently
    return TrainedTogether(tuned, TrainedSimilarity(model.simnet, log), f"trained here: {log.steps:,} steps")


def _score(model: EndToEnd, prepared: Sequence[Tensor], labels: NDArray[np.int64]) -> float:
    x, queries = model.describe(prepared), held_out_queries(len(labels))
    return held_out_map(model.simnet.scores(x[queries], x), labels, queries)


class _PreparedImages(Sequence[Tensor]):
    """Images as the network takes them, or their maps at a tap, made on demand; the last thousands stay in memory."""

    def __init__(self, paths: Sequence[Path], backbone: Backbone, size: int, tap: str = "none") -> None:
        self._paths = paths

        @lru_cache(maxsize=1000 if tap == "none" else 4000)
        def prepared(place: int) -> Tensor:
            one = backbone.prepare_batch([images.resize(images.read(paths[place]), size)])  # channels last: the fastest
            return one[0] if tap == "none" else backbone.maps(one, [tap])[tap][0].clone()

        self._prepared = prepared

    def __len__(self) -> int:
        return len(self._paths)

    def __getitem__(self, place: int | np.integer) -> Tensor:  # type: ignore[override]
        return self._prepared(int(place))
