"""One vector for each image of a collection from its local features: bags of words, VLAD, Fisher vectors (§2.1.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA

from vretlib.errors import NoExampleError
from vretlib.features import encoding, unit_vectors
from vretlib.features.local import LocalFeatures
from vretlib.features.local_sets import LocalSet

Vectors = NDArray[np.float32]
Ids = NDArray[np.int64]

LEARN_FROM = 40_000
"""Features that words and mixture are learned from; more would change little."""
SIFT_DIMENSIONS = 64
"""Of reduced SIFT, as Perronnin et al. (2010) and Jégou et al. (2012) reduce it."""


@dataclass(frozen=True, eq=False)
class LocalEncoders:
    """What turns the local features of an image into one vector, learned from a set of images.

    ``words`` are learned on SIFT as it is; ``centres`` and ``mixture`` on SIFT reduced by ``axes`` (see `reduced`).
    """

    words: encoding.Vocabulary
    idf: NDArray[np.float64]
    axes: PCA
    centres: encoding.Vocabulary
    mixture: encoding.Mixture

    def reduced(self, features: LocalFeatures) -> Vectors:
        """Descriptors with fewer dimensions, by PCA, as VLAD and Fisher vectors use them (Jégou et al., 2012)."""
        if not len(features.descriptors):
            return np.zeros((0, self.axes.n_components_), np.float32)
        return np.asarray(self.axes.transform(features.descriptors), np.float32)

    @property
    def encoders(self) -> dict[str, Callable[[LocalFeatures], Vectors]]:
        """Functions from the features of an image to a vector of length 1, by name.

        VLAD has the signed square root that the Fisher vector has (Jégou et al., 2012).
        """
        return {
            "BOW": lambda f: unit_vectors.l2(encoding.bow(f.descriptors, self.words)),
            "BOW, tf-idf": lambda f: unit_vectors.l2(encoding.bow(f.descriptors, self.words, idf=self.idf)),
            "VLAD": lambda f: encoding.vlad(self.reduced(f), self.centres, normalisation="power"),
            "Fisher vector": lambda f: encoding.fisher_vector(self.reduced(f), self.mixture),
        }

    def encode(self, name: str, images: Iterable[LocalFeatures]) -> Vectors:
        """One row per image (n, d) by the encoder of this name."""
        return np.stack([self.encoders[name](features) for features in images])


def learn(
    features: LocalSet, *, n_words: int, n_centres: int, seed: int, name: str = "the training set"
) -> LocalEncoders:
    """Encoders learned from the local features of a set of images, of which `LEARN_FROM` are drawn.

    SIFT is reduced to `SIFT_DIMENSIONS`, or to as many as there are features to learn from. Messages call the set by
    its ``name``.

    Raises
    ------
    NoExampleError: fewer features than words or centres.
    """
    rng = np.random.default_rng(seed)
    n, needed = len(features.descriptors), max(n_words, n_centres, 2)
    if n < needed:
        raise NoExampleError(
            f"{name} has {n} local features in {len(features)} images, and {needed} are needed for "
            f"n_words={n_words} and n_centres={n_centres}"
        )
    drawn = features.descriptors[np.sort(rng.choice(n, min(n, LEARN_FROM), replace=False))]
    words = encoding.Vocabulary.learn(drawn, n_words, seed=seed)
    axes = PCA(min(SIFT_DIMENSIONS, len(drawn)), svd_solver="covariance_eigh").fit(drawn)
    reduced = axes.transform(drawn)
    return LocalEncoders(
        words,
        encoding.inverse_document_frequency([encoding.bow(image.descriptors, words) for image in features]),
        axes,
        encoding.Vocabulary.learn(reduced, n_centres, seed=seed),
        encoding.Mixture.learn(reduced, n_centres, seed=seed),
    )


@dataclass(frozen=True, eq=False)
class TypicalWords:
    """The word ``of_feature`` of every feature of a set of images, and the ``chosen`` words: those typical of some."""

    vocabulary: encoding.Vocabulary
    features: LocalSet
    of_feature: NDArray[np.int64] = field(repr=False)
    chosen: list[int]


def typical_words(vocabulary: encoding.Vocabulary, features: LocalSet, images: Ids, n: int) -> TypicalWords:
    """The n words most typical of some of the images: which the largest share of them has beyond the share of all.

    Raises
    ------
    NoExampleError: no features, or no images.
    """
    if not len(features.descriptors) or not len(images):
        raise NoExampleError("no image has a local feature" if len(images) else "the query has nothing to find")
    of_feature = vocabulary.assign(features.descriptors)
    has_word = np.zeros((len(features), len(vocabulary)), np.bool_)
    has_word[features.image, of_feature] = True
    surplus = has_word[images].mean(axis=0) - has_word.mean(axis=0)
    chosen = [int(word) for word in np.argsort(-surplus, kind="stable")[:n]]
    return TypicalWords(vocabulary, features, of_feature, chosen)
