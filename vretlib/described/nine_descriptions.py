"""Nine descriptions of the images of one collection, and what a new image costs in each.

Four are made of SIFT features (BOW, VLAD, Fisher vector), five by a network (neural code, MAC, SPoC, R-MAC, plain and
whitened). Whatever is learned from examples is learned from training images.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from vretlib.datasets.landmarks.collection import LandmarkCollection
from vretlib.features import encoded_sets, image_features, local_sets, pooling, whitening
from vretlib.features.backbones import Backbone
from vretlib.features.local import LocalFeatures
from vretlib.features.local_sets import LocalSet

Vectors = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class TrainingImages:
    """Images that vocabularies, whitening and similarities are learned from.

    ``labels`` is None where none are known, or where they do not suffice to learn a similarity. ``places`` are the
    headings for where a similarity was learned and where it is used.
    """

    name: str
    images: tuple[Path, ...] = field(repr=False)
    labels: NDArray[np.int64] | None = field(repr=False)
    places: tuple[str, str] = ("training buildings", "new buildings")


@dataclass(frozen=True, eq=False)
class Description:
    """One vector per image: queries ``xq`` (nq, d), database ``xb`` (nb, d), training images ``xt`` (nt, d).

    ``describe`` takes one image file to its vector (d,), everything included: what a new image costs.
    """

    name: str
    xq: Vectors = field(repr=False)
    xb: Vectors = field(repr=False)
    xt: Vectors = field(repr=False)
    describe: Callable[[Path], Vectors] = field(repr=False)

    @property
    def d(self) -> int:
        """Numbers per image."""
        return int(self.xb.shape[1])


@dataclass(frozen=True, eq=False)
class LocalDescriptions:
    """SIFT of queries and database, the encoders that were learned, and the descriptions by name."""

    queries: LocalSet
    database: LocalSet
    encoders: encoded_sets.LocalEncoders
    descriptions: dict[str, Description] = field(repr=False)


@dataclass(frozen=True, eq=False)
class DeepDescriptions:
    """The regions (N, d) of the training images, the whitening learned from them, and the descriptions by name."""

    regions: Vectors = field(repr=False)
    whitening: whitening.Whitening
    descriptions: dict[str, Description] = field(repr=False)


def describe_local(
    searched: LandmarkCollection, training: TrainingImages, *, longest: int, n_words: int, n_centres: int, seed: int
) -> LocalDescriptions:
    """BOW, VLAD and Fisher vectors on RootSIFT, all of length 1, learned from the training images.

    Raises
    ------
    NoExampleError: the training images have fewer features than words or centres.
    """
    paths, boxes = [query.path for query in searched.queries], [query.box for query in searched.queries]
    queries = local_sets.extract(paths, longest=longest, boxes=boxes)
    database, taught = (local_sets.extract(part.images, longest=longest) for part in (searched, training))
    encoders = encoded_sets.learn(taught, n_words=n_words, n_centres=n_centres, seed=seed, name=training.name)

    def described(name: str, encode: Callable[[LocalFeatures], Vectors]) -> Description:
        xq, xb, xt = (encoders.encode(name, part) for part in (queries, database, taught))
        return Description(name, xq, xb, xt, lambda path: encode(local_sets.describe(path, longest=longest)))

    made = {name: described(name, encode) for name, encode in encoders.encoders.items()}
    return LocalDescriptions(queries, database, encoders, made)


def describe_deep(
    searched: LandmarkCollection, training: TrainingImages, network: Backbone, *, longest: int
) -> DeepDescriptions:
    """Neural codes, MAC, SPoC and R-MAC, the last plain and whitened; the whitening is learned from training images.

    There are no neural codes where the network's weights lack the layers that make a vector of its maps.
    """
    paths, boxes = [query.path for query in searched.queries], [query.box for query in searched.queries]
    parts = ((paths, boxes), (searched.images, None), (training.images, None))
    sets = [image_features.extract(part, network, boxes=some, longest=longest) for part, some in parts]
    white = whitening.learn(sets[2].regions, training.name, floor=1e-6)

    def described(name: str, vectors: Sequence[Vectors], describe: Callable[[Path], Vectors]) -> Description:
        xq, xb, xt = (np.array(part) for part in vectors)  # in memory: the library's are read from a file
        return Description(name, xq, xb, xt, describe)

    def pooled(name: str, vectors: Sequence[Vectors], pool: Callable[[torch.Tensor], torch.Tensor]) -> Description:
        return described(name, vectors, lambda path: image_features.pool_image(path, network, pool, longest=longest))

    def coded(tap: str) -> Description:
        options: dict[str, Any] = {"backbone": network, "tap": tap, "side": network.image_side}
        vectors = [image_features.neural_codes(part, boxes=some, **options) for part, some in parts]
        return described(f"neural code ({tap})", vectors, partial(image_features.neural_code, **options))

    plain, whitened = ([image_features.rmac(part, w) for part in sets] for w in (None, white))
    made = (
        *([coded(tap)] if (tap := image_features.code_tap(network)) else []),
        pooled("MAC", [part.mac for part in sets], pooling.mac),
        pooled("SPoC", [part.spoc for part in sets], pooling.spoc),
        pooled("R-MAC", plain, pooling.rmac),
        pooled("R-MAC, whitened", whitened, partial(pooling.rmac, whitening=white)),
    )
    return DeepDescriptions(sets[2].regions, white, {x.name: x for x in made})
