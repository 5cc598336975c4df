"""Paintings as vectors of several networks, and their texts as bags, sentences and words (thesis §7.3.2)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vretlib.datasets.paintings.classes import Classes
from vretlib.datasets.paintings.collection import Painting, Paintings, comments, titles
from vretlib.features import image_features, sentence_files, text, whitening
from vretlib.features import sentences as sentence_vectors
from vretlib.features.backbones import Backbone
from vretlib.features.sentences import SentenceEncoder, SentenceVectors
from vretlib.models.cross_modal import Samples
from vretlib.models.text_encoders import Bag, EncodedTexts, EncoderKind, Sequences

F32 = NDArray[np.float32]
log = logging.getLogger(__name__)

PRINTED = {"vgg16": "VGG16", "resnet50": "ResNet50", "resnet152": "ResNet152"}
"""The thesis' names of networks; others keep their own."""
FLOOR = 1e-4  # of the whitening's eigenvalues: a narrow network has channels that respond to next to nothing


@dataclass(frozen=True, eq=False)
class Three:
    """Vectors of the three parts, float32 (n, d) each."""

    train: F32 = field(repr=False)
    val: F32 = field(repr=False)
    test: F32 = field(repr=False)

    @property
    def d(self) -> int:
        """Dimensions of a vector."""
        return self.train.shape[1]


def images(paintings: Paintings, networks: Sequence[Backbone], *, side: int, region_side: int) -> dict[str, Three]:
    """The rows of Table 7.3: the last layers of each network, and its R-MAC.

    Parameters
    ----------
    side: the side in pixels of the squares to which paintings are resized for the last layers, as in the authors' code.
    region_side: the longer side in pixels of paintings for R-MAC, whose aspect ratio is kept. The whitening is learned
        on the training paintings only.
    """
    found = layers(paintings, networks, side=side)
    paths = [painting.image for painting in paintings.all]
    for network in networks:
        features = image_features.extract(paths, network, longest=region_side)
        own = features.regions[: features.offsets[len(paintings.train)]]
        learned = whitening.learn(np.asarray(own), "regions of the training paintings", floor=FLOOR)
        name = PRINTED.get(network.name, network.name).replace("ResNet", "Res")
        found[f"RMAC {name}"] = _three(paintings, image_features.rmac(features, learned))
    return found


def layers(paintings: Paintings, networks: Sequence[Backbone], *, side: int) -> dict[str, Three]:
    """The last layers of each network: the rows of Table 7.3 without R-MAC; see `images`."""
    paths = [painting.image for painting in paintings.all]
    found: dict[str, Three] = {}
    for network in networks:
        name = PRINTED.get(network.name, network.name)
        taps = {tap: f" {label}" for tap, label in (("fc6", "FC1"), ("fc7", "FC2"), ("logits", "FC3"))}
        taps = taps if network.name == "vgg16" else {"logits": ""}
        of_layers = image_features.codes_of_layers(
            paths, network, [tap for tap in taps if tap in network.taps], side=side
        )
        found |= {f"{name}{taps[tap]}": _three(paintings, x) for tap, x in of_layers.items()}
    return found


def _three(paintings: Paintings, x: F32) -> Three:
    ends = np.cumsum([len(paintings.train), len(paintings.val)])
    return Three(*np.split(np.asarray(x, np.float32), ends))


@dataclass(frozen=True, eq=False)
class Texts:
    """The texts of a collection in each form that an encoder reads; made by `texts`.

    Attributes
    ----------
    comments, titles: tf-idf, learned on the training texts.
    cca_words: the number of comment words in the input of CCA, the most frequent ones.
    sentences: vectors of sentences for the recurrent encoder.
    """

    paintings: Paintings = field(repr=False)
    comments: text.TfIdf = field(repr=False)
    titles: text.TfIdf = field(repr=False)
    cca_words: int
    sentences: SentenceEncoder = field(repr=False)

    def samples(
        self, part: Sequence[Painting], x: F32, com: EncoderKind, att: EncoderKind, classes: Classes | None = None
    ) -> Samples:
        """Samples of a part for a network whose text encoders are of these kinds."""
        labels = classes.labels(part) if classes else None
        return Samples(x, self._comments(part, com), self._titles(part, att), labels)

    def bags(self, part: Sequence[Painting], *, titles_too: bool) -> F32:
        """The input of CCA, dense float32 (n, d): tf-idf of comments and, with ``titles_too``, of titles beside it."""
        n = min(self.cca_words, self.comments.vocabulary.size)
        found = [text.weighted(text.counts(comments(part), self._few[0]), self._few[1])]
        assert found[0].shape[1] == n
        if titles_too and self.titles.vocabulary.size:
            found.append(self.titles.apply(titles(part)))
        return np.hstack([one.toarray() for one in found]).astype(np.float32)

    def as_authors(self, part: Sequence[Painting]) -> F32:
        """The input of the authors' CCA, dense float32 (n, d): tf-idf of comments and titles counted together."""
        few = self._few[0]
        counted = [text.counts_as_authors(comments(p), titles(p), few) for p in (self.paintings.train, part)]
        return text.weighted(counted[1], text.inverse_frequency(counted[0])).toarray().astype(np.float32)

    @cached_property
    def _few(self) -> tuple[text.WordList, NDArray[np.float64]]:
        words = text.WordList(self.comments.vocabulary.words[: self.cca_words])
        return words, text.inverse_frequency(text.counts(comments(self.paintings.train), words))

    def _comments(self, part: Sequence[Painting], kind: EncoderKind) -> EncodedTexts:
        if kind == "LSTM":
            return Sequences(*sentence_vectors.steps(self.sentences, comments(part)))
        return Bag(self.comments.apply(comments(part)))

    def _titles(self, part: Sequence[Painting], kind: EncoderKind) -> EncodedTexts:
        if kind != "LSTM" and not self.titles.vocabulary.size:
            return Bag(np.zeros((len(part), 1), np.float32))
        if kind != "LSTM":
            return Bag(self.titles.apply(titles(part)))
        index = self.titles.vocabulary.index  # 0 stands for all other words
        numbers = [[1 + index.get(word, -1) for word in text.words(title)] or [0] for title in titles(part)]
        ends = np.cumsum([0, *map(len, numbers)])
        return Sequences(np.concatenate(numbers).astype(np.int64), ends, words=len(index) + 1)


TRAINED_HERE = "trained here"
"""The sentence vectors that are learned on the training comments."""


def texts(
    paintings: Paintings, rule: str, cca_words: int, sentence_dims: int, sentences: str | Path = TRAINED_HERE
) -> Texts:
    """Vocabularies, idf and sentence vectors of the training texts; ``rule`` as in `vretlib.features.text`.

    Parameters
    ----------
    sentences: `TRAINED_HERE`, in ``sentence_dims`` dimensions, or the path of a pre-trained model, which has its own.

    Raises
    ------
    UserError: the errors of `vretlib.features.text.TfIdf.learn` and of `vretlib.features.sentence_files.read`.
    """
    first, second = comments(paintings.train), titles(paintings.train)
    titled = any(text.words(title) for title in second)
    if not titled:
        log.info("%s: no training painting has a title; the models read comments alone", paintings.name)
    return Texts(
        paintings,
        text.TfIdf.learn(first, rule, "comments")[0],
        text.TfIdf.learn(second, rule, "titles")[0] if titled else text.TfIdf(text.WordList(()), np.zeros(0)),
        cca_words,
        SentenceVectors.learn(first, sentence_dims) if sentences == TRAINED_HERE else sentence_files.read(sentences),
    )
