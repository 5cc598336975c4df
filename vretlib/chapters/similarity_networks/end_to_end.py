"""Table 3.3's last row: MAC and its similarity network, learnt together from pixels (thesis section 3.3.5)."""

from __future__ import annotations

import copy
import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from vretlib import cache, images
from vretlib.chapters.similarity_networks import learn
from vretlib.chapters.similarity_networks.descriptions import Described, describe
from vretlib.chapters.similarity_networks.learn import Learnt, Recipe
from vretlib.chapters.similarity_networks.training_set import TrainingSet
from vretlib.datasets.landmarks import LandmarkStudy
from vretlib.errors import NoExampleError, UserError
from vretlib.features import image_sizes
from vretlib.features.backbones import Backbone
from vretlib.models import end_to_end
from vretlib.models.checkpoint import Checkpoint
from vretlib.models.end_to_end import EndToEnd
from vretlib.models.training import TrainingLog, Validation

MARGIN = 0.2  # section 3.3.5
LOOKS = 5  # at the held-out images
CLASSES = 5  # in a batch, with up to five images each


@dataclass(frozen=True)
class Tuning:
    """How everything is learnt at once, after the similarity alone.

    Attributes
    ----------
    steps: batches of images.
    learning_rate: lower than for the similarity alone, whose descriptors must not run away from it.
    image_size: longest side of a training image, in pixels.
    """

    steps: int = 5_000
    learning_rate: float = 0.001
    image_size: int = 1024


def tune(
    study: LandmarkStudy, network: Backbone, learning: TrainingSet, recipe: Recipe, tuning: Tuning, *, image_size: int
) -> tuple[Described, Learnt]:
    """The study described by the tuned network, and the tuned similarity; ``network`` itself stays as it is.

    ``learning`` holds MAC descriptors of ``network``; ``image_size`` is the size at which the study is described. The
    state that was best on held-out training images is kept.

    Raises
    ------
    NoExampleError: fewer than two classes have two images: a batch takes pairs of one class and of two. Or an image is
        too small for the network at the size of ``tuning``.
    """
    kept, _ = learn.split(learning, learn.generator_of(recipe))
    if np.count_nonzero(np.bincount(kept.labels) >= 2) < 2:
        raise NoExampleError(f"{learning.name}: learning from pixels needs two classes with two images each")
    try:
        image_sizes.check(learning.images, network, longest=tuning.image_size)
    except UserError as error:
        raise NoExampleError(f"learning from pixels at end_to_end_size={tuning.image_size}: {error}") from error
    model = EndToEnd(copy.deepcopy(network), learn.train_simnet(recipe, learning, MARGIN).network)
    model.to(network.device)
    key = {"recipe": recipe, "tuning": tuning, "network": network.checksum, "data": learning.checksum}
    checkpoint = learn.checkpoint_of("end-to-end", key)

    def build(folder: Path) -> None:
        log = _fine_tune(model, learning, recipe, tuning, checkpoint)
        save_file(model.state_dict(), folder / "model.safetensors")
        (folder / "log.json").write_text(json.dumps(asdict(log)))
        checkpoint.path.unlink(missing_ok=True)

    folder = cache.stage("end-to-end", key, build, level=logging.DEBUG)
    model.load_state_dict(load_file(folder / "model.safetensors"))
    model.eval()
    model.backbone.checksum = cache.checksum(folder / "model.safetensors")  # another network describes differently
    log = TrainingLog(**json.loads((folder / "log.json").read_text()))
    return describe(study, "MAC", model.backbone, image_size=image_size, training=False), Learnt(model.simnet, log)


def _fine_tune(
    model: EndToEnd, learning: TrainingSet, recipe: Recipe, tuning: Tuning, checkpoint: Checkpoint
) -> TrainingLog:
    generator = torch.Generator().manual_seed(recipe.seed)
    kept, held_out = learn.split(learning, generator)
    unseen = _Prepared(held_out.images, model.backbone, tuning.image_size)

    def score() -> float:
        found = model.describe(unseen)
        return learn.held_out_map(model.simnet.scores(found, found), held_out.labels)

    every = max(1, tuning.steps // LOOKS)
    validation = Validation(score, every, patience=None) if len(held_out.labels) else None
    return end_to_end.fine_tune(
        model,
        _Prepared(kept.images, model.backbone, tuning.image_size),
        kept.labels,
        margin=MARGIN,
        steps=tuning.steps,
        generator=generator,
        settings=recipe.settings_at(tuning.learning_rate),
        classes=min(CLASSES, int(np.count_nonzero(np.bincount(kept.labels) >= 2))),
        validation=validation,
        checkpoint=checkpoint,
    )


class _Prepared(Sequence[Tensor]):
    """Images as the network wants them, read when asked for; the last few hundred stay in memory."""

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
