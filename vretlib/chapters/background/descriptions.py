"""Every description of the page, of the same queries, database and lessons, made once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.decomposition import PCA

from vretlib import images
from vretlib.chapters.background import deep, local
from vretlib.chapters.background.collection import Lessons
from vretlib.datasets.landmarks.collection import LandmarkCollection
from vretlib.errors import NoExampleError
from vretlib.features import encoding, image_features, pooling, unit_vectors, whitening
from vretlib.features.backbones import Backbone
from vretlib.features.local import LocalFeatures
from vretlib.features.whitening import Whitening

Vectors = NDArray[np.float32]

LEARN_FROM = 40_000
"""Features, drawn from those of the lessons, that words and mixture are learned from; more would change little here."""
SIFT_DIMENSIONS = 64
"""Of reduced SIFT, as Perronnin et al. (2010) and Jégou et al. (2012) reduce it."""


@dataclass(frozen=True, eq=False)
class Description:
    """One kind of vector for every image: queries ``xq`` (nq, d), database ``xb`` (nb, d), lessons ``xt`` (nt, d).

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
    """SIFT of the three sets, what was learned from that of the lessons, and the encodings by name.

    ``words`` are learned on SIFT as it is; ``centres`` and ``mixture`` on SIFT reduced by ``axes`` (see `reduced`).
    """

    queries: local.LocalSet
    database: local.LocalSet
    lessons: local.LocalSet
    words: encoding.Vocabulary
    axes: PCA
    centres: encoding.Vocabulary
    mixture: encoding.Mixture
    encodings: dict[str, Description] = field(repr=False)

    def reduced(self, features: LocalFeatures) -> Vectors:
        """Descriptors with fewer dimensions, by PCA, as VLAD and Fisher vectors use them (Jégou et al., 2012)."""
        return _reduced(features, self.axes)


@dataclass(frozen=True, eq=False)
class DeepDescriptions:
    """Pooled maps of the three sets, the whitening learned from those of the lessons, and the descriptions by name."""

    queries: image_features.ImageFeatures
    database: image_features.ImageFeatures
    lessons: image_features.ImageFeatures
    whitening: Whitening
    descriptions: dict[str, Description] = field(repr=False)


def describe_local(
    searched: LandmarkCollection, learned_from: Lessons, *, longest: int, n_words: int, n_centres: int, seed: int
) -> LocalDescriptions:
    """BOW, VLAD and Fisher vectors on RootSIFT, all of length 1; what they need is learned from the lessons.

    VLAD has the signed square root that the Fisher vector has (Jégou et al., 2012). SIFT is reduced to
    `SIFT_DIMENSIONS`, or to as many as there are features to learn from.

    Raises
    ------
    NoExampleError: the lessons have fewer features than words or centres.
    """
    boxes = [query.box for query in searched.queries]
    queries = local.extract([query.path for query in searched.queries], longest=longest, boxes=boxes)
    database = local.extract(searched.images, longest=longest)
    lessons = local.extract(learned_from.images, longest=longest)
    rng = np.random.default_rng(seed)
    n = len(lessons.descriptors)
    if n < (least := max(n_words, n_centres, 2)):
        raise NoExampleError(
            f"{learned_from.name} has {n} local features in {len(lessons)} images, and {least} are needed for "
            f"n_words={n_words} and n_centres={n_centres}"
        )
    some = lessons.descriptors[np.sort(rng.choice(n, min(n, LEARN_FROM), replace=False))]
    words = encoding.Vocabulary.learn(some, n_words, seed=seed)
    axes = PCA(min(SIFT_DIMENSIONS, len(some)), svd_solver="covariance_eigh").fit(some)
    fewer = axes.transform(some)
    centres = encoding.Vocabulary.learn(fewer, n_centres, seed=seed)
    mixture = encoding.Mixture.learn(fewer, n_centres, seed=seed)
    idf = encoding.inverse_document_frequency([encoding.bow(f.descriptors, words) for f in lessons])
    encoders: dict[str, Callable[[LocalFeatures], Vectors]] = {
        "BOW": lambda f: unit_vectors.l2(encoding.bow(f.descriptors, words)),
        "BOW, tf-idf": lambda f: unit_vectors.l2(encoding.bow(f.descriptors, words, idf=idf)),
        "VLAD": lambda f: encoding.vlad(_reduced(f, axes), centres, normalisation="power"),
        "Fisher vector": lambda f: encoding.fisher_vector(_reduced(f, axes), mixture),
    }
    sets = (queries, database, lessons)
    encodings = {name: _encoded(name, encode, sets, longest) for name, encode in encoders.items()}
    return LocalDescriptions(*sets, words, axes, centres, mixture, encodings)


def _reduced(features: LocalFeatures, axes: PCA) -> Vectors:
    if not len(features.descriptors):
        return np.zeros((0, axes.n_components_), np.float32)
    return np.asarray(axes.transform(features.descriptors), np.float32)


def _encoded(
    name: str, encode: Callable[[LocalFeatures], Vectors], sets: tuple[local.LocalSet, ...], longest: int
) -> Description:
    xq, xb, xt = (np.stack([encode(features) for features in part]) for part in sets)
    return Description(name, xq, xb, xt, lambda path: encode(local.describe(path, longest)))


def describe_deep(
    searched: LandmarkCollection, learned_from: Lessons, network: Backbone, *, longest: int
) -> DeepDescriptions:
    """Neural codes, MAC, SPoC and R-MAC, the last plain and whitened; the whitening is learned from the lessons.

    Without neural codes if the network's weights lack what makes a vector of its maps.
    """
    paths = [query.path for query in searched.queries]
    boxes = [query.box for query in searched.queries]
    queries = image_features.extract(paths, network, boxes=boxes, longest=longest)
    database = image_features.extract(searched.images, network, longest=longest)
    lessons = image_features.extract(learned_from.images, network, longest=longest)
    white = whitening.learn(lessons.regions, learned_from.name, floor=1e-6)
    tap = deep.code_tap(network)

    def coded(tap: str) -> Description:
        codes = [
            image_features.neural_codes(these, network, tap, side=network.image_side, boxes=some)
            for these, some in ((paths, boxes), (searched.images, None), (learned_from.images, None))
        ]

        def code(path: Path) -> Vectors:
            batch = network.prepare(deep.squeezed(images.read(path), network.image_side))[None]
            return unit_vectors.l2(network.maps(batch, [tap])[tap].flatten(1))[0].cpu().numpy()

        return Description(f"neural code ({tap})", *_in_memory(codes), code)

    def pooled(pool: Callable[[torch.Tensor], torch.Tensor]) -> Callable[[Path], Vectors]:
        def describe(path: Path) -> Vectors:
            batch = network.prepare(local.shown(path, longest))[None]
            return pool(network.maps(batch, [network.last_maps])[network.last_maps])[0].cpu().numpy()

        return describe

    sets = (queries, database, lessons)
    by_regions = partial(pooling.rmac, whitening=white)
    plain, whitened = ([image_features.rmac(part, w) for part in sets] for w in (None, white))
    made = (
        *([coded(tap)] if tap else []),
        Description("MAC", *_in_memory([part.mac for part in sets]), pooled(pooling.mac)),
        Description("SPoC", *_in_memory([part.spoc for part in sets]), pooled(pooling.spoc)),
        Description("R-MAC", *_in_memory(plain), pooled(pooling.rmac)),
        Description("R-MAC, whitened", *_in_memory(whitened), pooled(by_regions)),
    )
    return DeepDescriptions(*sets, white, {x.name: x for x in made})


def _in_memory(sets: Sequence[Vectors]) -> tuple[Vectors, Vectors, Vectors]:
    """Queries, database and lessons as arrays of their own; the library's are read from a file as they are needed."""
    xq, xb, xt = (np.array(part) for part in sets)
    return xq, xb, xt
