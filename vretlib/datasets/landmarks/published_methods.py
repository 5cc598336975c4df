"""Descriptions by methods of other papers, with which the thesis' Table 3.4 compares its own method."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from vretlib.datasets.landmarks.collection import LandmarkStudy
from vretlib.datasets.landmarks.described import F32, DescribedStudy, views
from vretlib.datasets.landmarks.training_sets import target_domains
from vretlib.features import image_features, whitening
from vretlib.features.backbones import Backbone
from vretlib.features.image_features import ImageFeatures

Describer = Callable[[ImageFeatures, ImageFeatures], F32]
"""Vectors of images, from their features and from those of the images that a whitening is learned on."""


def tolias(images: ImageFeatures, elsewhere: ImageFeatures) -> F32:
    """R-MAC (Tolias et al., 2016); its whitening is learned on other images than those that are searched."""
    return image_features.rmac(images, whitening.learn(elsewhere.regions, "another collection", floor=1e-6))


def spoc(images: ImageFeatures, elsewhere: ImageFeatures) -> F32:
    """SPoC (Babenko and Lempitsky, 2015), whitened, without the paper's weights that prefer an image's middle."""
    return whitening.learn(elsewhere.spoc, "another collection", floor=1e-6).apply(np.asarray(images.spoc))


def crow(images: ImageFeatures, elsewhere: ImageFeatures) -> F32:
    """CroW (Kalantidis et al., 2016), whitened, without its query expansion."""
    return whitening.learn(elsewhere.crow, "another collection", floor=1e-6).apply(np.asarray(images.crow))


METHODS: dict[str, Describer] = {
    "Babenko and Lempitsky, 2015": spoc,
    "Kalantidis et al., 2016": crow,
    "Tolias et al., 2016": tolias,
}
"""By their row of Table 3.4."""


def describe(
    study: LandmarkStudy, method: Describer, network: Backbone, *, image_size: int = 1024
) -> dict[str, DescribedStudy]:
    """Each target domain with the distractors, by its name; the whitening is learned on the *other* domain.

    The result is empty for a study with one target domain or none.
    """
    domains = target_domains(study)

    def of(collection_name: str) -> ImageFeatures:
        return image_features.extract(study.evaluation[collection_name].images, network, longest=image_size)

    described = {}
    for domain, other in zip(domains, reversed(domains), strict=True) if len(domains) == 2 else ():
        paths, boxes = views(study.evaluation[domain])
        queries = image_features.extract(paths, network, longest=image_size, boxes=boxes)
        far = image_features.extract(study.distractors, network, longest=image_size)
        xb, xq, xd = (method(part, of(other)) for part in (of(domain), queries, far))
        described[domain] = DescribedStudy("RMAC", {domain: xb}, {domain: xq}, xb[:0], xd)
    return described
