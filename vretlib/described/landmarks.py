"""A landmark study described by vectors, under each of the five features of Figure 3.4 of the thesis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vretlib.datasets.landmarks.collection import LandmarkCollection, LandmarkStudy
from vretlib.errors import UserError
from vretlib.features import backbones, image_features, image_sizes, unit_vectors, whitening
from vretlib.features.backbones import Backbone
from vretlib.features.whitening import Whitening
from vretlib.images import Box

F32 = NDArray[np.float32]

FINETUNED = "RMAC-finetuned"
"""R-MAC of a network that was fine-tuned for retrieval on other landmarks; the thesis prints [26]."""

FEATURES = ("VGG16", "RES50", "MAC", "RMAC", FINETUNED)
"""The rows of Figure 3.4, in its order."""

FINETUNED_WEIGHTS = "embedded-fine-tuned"
"""The stand-in for the VGG16 of Radenović et al. (2016), fine-tuned for retrieval on landmarks that no test uses."""


@dataclass(frozen=True, eq=False)
class DescribedStudy:
    """A study under one feature; all vectors are l2-normalised float32 rows of one dimension.

    Attributes
    ----------
    database, queries: by evaluation set, in the order of its images and queries.
    training, distractors: (0, d) where the study has none, or where they were not requested.
    """

    feature: str
    database: Mapping[str, F32]
    queries: Mapping[str, F32]
    training: F32
    distractors: F32

    @property
    def d(self) -> int:
        """Dimension of the vectors."""
        return self.training.shape[1]


def networks(backbone: str, weights: str, device: str = "cpu") -> dict[str, Backbone]:
    """The networks behind `FEATURES`, by feature; those without such weights are absent.

    MAC and R-MAC come from ``backbone`` with ``weights``. VGG16 and RES50 are neural codes of those two networks, with
    the same kind of weights; the path of a file gives one network, and therefore only MAC and R-MAC.
    """
    main = backbones.load(backbone, weights, device=device)
    found = {"MAC": main, "RMAC": main}
    if weights in ("embedded", "imagenet"):
        found["VGG16"] = main if backbone == "vgg16" else backbones.load("vgg16", weights, device=device)
        found["RES50"] = backbones.load("resnet50", weights, device=device)
    if weights == "embedded" and backbone == "vgg16":
        found[FINETUNED] = backbones.load("vgg16", FINETUNED_WEIGHTS, device=device)
    return {feature: found[feature] for feature in FEATURES if feature in found}


def check_sizes(study: LandmarkStudy, network: Backbone, *, image_size: int) -> None:
    """Check, before any image is described, that all can be read and are large enough for the network.

    Distractors, of which there may be a hundred thousand, are checked when they are described.

    Raises
    ------
    UserError: the first image that cannot be read or is too small.
    """
    for collection in study.evaluation.values():
        image_sizes.check(collection.images, network, longest=image_size)
        paths, boxes = views(collection)
        image_sizes.check(paths, network, longest=image_size, boxes=boxes)
    if study.training is not None:
        image_sizes.check(study.training.images, network, longest=image_size)


def describe(
    study: LandmarkStudy,
    feature: str,
    network: Backbone,
    *,
    image_size: int = 1024,
    training: bool = True,
    distractors: bool = False,
    whitened_on: str | None = "PA6K",
) -> DescribedStudy:
    """Vectors of every image of a study.

    R-MAC is whitened with a PCA learned on the database of ``whitened_on``, for all sets alike: PARIS6K in the thesis
    (section 3.3.2), or what stands for it; with None it is not whitened. A study without that set uses its training
    images.
    MAC is as in section 3.3.5: maxima, l2-normalised. Neural codes are the outputs of the layer before the classifier,
    of the whole image resized to the square that the network was trained on (224 × 224 pixels with ImageNet's weights;
    section 2.1.3).

    Raises
    ------
    UserError: the feature is unknown, or as `whitening_of`.
    """
    others = study.distractors if distractors else ()
    training_images = study.training.images if study.training and training else ()
    learned: Whitening | None = None
    if feature in ("VGG16", "RES50"):
        tap = "fc7" if feature == "VGG16" else "pool5"

        def vectors(images: Sequence[Path], boxes: Sequence[Box | None] | None = None) -> F32:
            return image_features.neural_codes(
                images, network, tap, side=network.image_side, boxes=boxes, progress=True
            )

    elif feature in FEATURES:
        if feature != "MAC" and whitened_on is not None:
            learned = whitening_of(study, network, whitened_on, image_size=image_size)

        def vectors(images: Sequence[Path], boxes: Sequence[Box | None] | None = None) -> F32:
            found = image_features.extract(images, network, longest=image_size, boxes=boxes, progress=True)
            return unit_vectors.l2(found.mac) if feature == "MAC" else image_features.rmac(found, learned)

    else:
        raise UserError(f"feature {feature!r} is not known; expected one of {', '.join(FEATURES)}")
    database = {name: vectors(collection.images) for name, collection in study.evaluation.items()}
    d = next(iter(database.values())).shape[1]
    empty = np.zeros((0, d), np.float32)
    return DescribedStudy(
        feature,
        database,
        {name: vectors(*views(collection)) for name, collection in study.evaluation.items()},
        vectors(training_images) if training_images else empty,
        vectors(others) if others else empty,
    )


def views(collection: LandmarkCollection) -> tuple[list[Path], list[Box | None]]:
    """Query images and their boxes."""
    return [query.path for query in collection.queries], [query.box for query in collection.queries]


def whitening_of(study: LandmarkStudy, network: Backbone, name: str = "PA6K", *, image_size: int = 1024) -> Whitening:
    """PCA whitening of region vectors, learned on one evaluation set, or without it on the training images.

    Raises
    ------
    UserError: the study has no training images, and lacks the evaluation set or is the reader's own.
    """
    name = study.named(name)
    if name in study.evaluation and not study.own:
        images = study.evaluation[name].images
    elif study.training is not None:
        name, images = study.training.name, study.training.images
    else:
        raise UserError(
            f"the study has neither {name} nor training images; expected one of them, to learn the whitening from"
        )
    found = image_features.extract(images, network, longest=image_size, progress=True)
    return whitening.learn(found.regions, name, floor=1e-6)  # a small network's filters may never respond
