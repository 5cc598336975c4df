"""One network from pixels to a similarity score: MAC and a similarity network (thesis section 3.3.5).

It is trained in two stages, as in the thesis: the similarity is learned from descriptors of convolutions that stay as
they are (`EndToEnd.describe`, `simnet_training.train_simnet`); `fine_tune` then learns everything at once.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple, Unpack

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from vretlib import arrays, tensors
from vretlib.errors import UserError
from vretlib.features import backbones
from vretlib.features.backbones import Backbone
from vretlib.features.pooling import mac
from vretlib.models.late_layers import LateLayers
from vretlib.models.optimisation import Sgd
from vretlib.models.pair_training import pair_loss
from vretlib.models.pairs import Pairs, pairs_within, sample_classes
from vretlib.models.simnet import SimNet
from vretlib.models.training import TrainingLog, TrainingOptions, train

Images = Sequence[Tensor]
"""Prepared images (3, h, w), see `Backbone.prepare`; they may differ in shape."""

_AT_ONCE = 16  # images described together where nothing is learned


class EndToEnd(nn.Module):
    """The last convolutional map, max-pooled and l2-normalised (MAC), and a similarity network on two of them.

    The convolutional network behaves as in evaluation even while it is trained: the statistics of a batch
    normalisation stay those it was trained with, as batches of a few classes would spoil them.

    Parameters
    ----------
    backbone: shared by both images; trained in place. With `LateLayers`, images are the maps at its tap.
    simnet: of as many dimensions as the tap has channels.
    tap: where the maps are read; None is the backbone's last.
    """

    def __init__(self, backbone: Backbone | LateLayers, simnet: SimNet, tap: str | None = None) -> None:
        super().__init__()
        backbones.check(backbone)
        self.backbone, self.tap = backbone, tap or backbone.last_maps
        if backbone.channels(self.tap) != simnet.d:
            raise UserError(
                f"{self.tap} of {backbone.name} has {backbone.channels(self.tap)} channels and the similarity network "
                f"takes descriptors of {simnet.d}; build it with d={backbone.channels(self.tap)}"
            )
        self.convolutions = backbone.network.to(memory_format=torch.channels_last)  # a third faster than the default
        self.simnet = simnet

    def train(self, mode: bool = True) -> "EndToEnd":
        """The model itself, with gradients if ``mode``; its convolutions stay in evaluation mode in both cases."""
        super().train(mode)
        self.backbone.train = mode
        self.convolutions.eval()
        return self

    def forward(self, queries: Images, database: Images) -> Tensor:
        """Scores (n,) of pairs of images."""
        scores: Tensor = self.simnet(self.descriptors(queries), self.descriptors(database))
        return scores

    def descriptors(self, images: Images) -> Tensor:
        """MAC (n, d) of a batch, with gradients in training mode; images of one shape go through together."""
        places: dict[torch.Size, list[int]] = {}
        for place, image in enumerate(images):
            places.setdefault(tensors.floats(image, f"image {place}", None, None, None).shape, []).append(place)
        if not places:
            return self.simnet.first.weight.new_zeros(0, self.simnet.d)
        stacked = (torch.stack([images[i] for i in group]) for group in places.values())
        batches = (batch.contiguous(memory_format=torch.channels_last) for batch in stacked)
        found = torch.cat([mac(self.backbone.maps(batch, [self.tap])[self.tap]) for batch in batches])
        return found[torch.tensor([i for group in places.values() for i in group]).argsort()]

    def describe(self, images: Images) -> NDArray[np.float32]:
        """MAC (n, d) of any number of images, without gradients."""
        self.eval()
        with torch.inference_mode():
            starts = range(0, max(1, len(images)), _AT_ONCE)
            blocks = [self.descriptors([images[i] for i in range(s, min(s + _AT_ONCE, len(images)))]) for s in starts]
        return torch.cat(blocks).cpu().numpy()


class _Batch(NamedTuple):
    ids: Tensor  # images
    pairs: Pairs  # of places in `ids`


def fine_tune(
    model: EndToEnd,
    images: Images,
    labels: ArrayLike,
    *,
    classes: int = 5,
    per_class: int = 5,
    margin: float = 0.2,
    rule: str = "thesis",
    **how: Unpack[TrainingOptions],
) -> TrainingLog:
    """The log of stage 2, which learns the convolutions and the similarity together.

    A batch is some images of some classes, each described once; the pairs are taken from within it, as many matches as
    non-matches. The cosine of eq 3.2 is that of the descriptors as they are at the moment, taken as a constant:
    otherwise the loss could fall by moving its own target. The thesis takes about 200,000 pairs in 5,000 steps and
    does not say how batches are made.

    Parameters
    ----------
    images, labels: read one at a time, so ``images`` may load them when asked.
    classes, per_class: number of classes of a batch, and maximum of images of each.
    how: see `training.train`. ``settings.batch_size`` counts pairs: there are as many as the batch of images has, if
        that is fewer. The checkpoint's recipe gets labels and arguments added, not the images.

    Raises
    ------
    UserError: the number of labels is not that of the images, or as `pairs.sample_classes` or `training.train`.
    """
    labels, margin = arrays.labels(labels), arrays.number(margin, "margin")
    images = arrays.entries(images, "images")
    if len(labels) != len(images):
        raise UserError(f"{len(images)} images and {len(labels)} labels: expected one label for each image")
    n_pairs = how.get("settings", Sgd()).batch_size
    how.setdefault("description", f"end to end, Δ = {margin:g}")
    if checkpoint := how.get("checkpoint"):
        data = hashlib.sha256("\n".join(map(str, labels)).encode()).hexdigest()[:16]
        batch = f"{classes} x {per_class} images, labels {data}"
        recipe = f"{checkpoint.recipe} end to end, margin {margin:g}, targets of the {rule}, {batch}"
        how["checkpoint"] = replace(checkpoint, recipe=recipe.strip())

    def draw(_: int, generator: torch.Generator) -> _Batch:
        ids = sample_classes(labels, classes, per_class, generator)
        return _Batch(ids, pairs_within(labels[ids], n_pairs, generator))

    def loss(batch: _Batch) -> Tensor:
        x = model.descriptors([images[i] for i in batch.ids.tolist()])
        return pair_loss(model.simnet, x, batch.pairs, margin, rule)

    return train(model, loss, draw, **how)
