"""Sentences as vectors: a small stand-in, learned only on the training comments, for a pre-trained sentence model.

The thesis' recurrent encoder reads skip-thought vectors of 2,400 dimensions (Kiros et al., 2015), whose weights are not
part of this project. Here a sentence is the tf-idf of its words, brought to fewer dimensions by the leading singular
vectors of the training sentences (latent semantic analysis, Deerwester et al., 1990). It knows which words occur
together in these comments, but not the order of words, nor the language outside these comments. A pre-trained model is
read by `vretlib.features.sentence_files`; `steps` takes either.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import svds
from sklearn.utils.extmath import svd_flip

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.features import text
from vretlib.features.text import TfIdf

F32 = NDArray[np.float32]

_END = re.compile(r"(?<=[^\W\d_]{3}[.!?])\s+")
"""A sentence ends with a mark after three letters or more; shorter ones are abbreviations."""


def split(comment: str) -> list[str]:
    """The sentences of a comment that contain a word, in their order."""
    return [sentence for sentence in _END.split(comment) if text.words(sentence)]


@dataclass(frozen=True, eq=False)
class SentenceVectors:
    """Sentences as vectors of one length; made by `learn`.

    Attributes
    ----------
    tf_idf: of the words of a sentence.
    axes: float32 (words, d), orthonormal columns. The component of largest magnitude is positive, which fixes the sign
        that the decomposition leaves open: a network that learned from these vectors is right only for them.
    """

    tf_idf: TfIdf = field(repr=False)
    axes: F32 = field(repr=False)

    @classmethod
    def learn(cls, comments: Sequence[str], d: int = 128) -> SentenceVectors:
        """A model of at most ``d`` dimensions, and of fewer than there are words or sentences, but of at least one.

        Raises
        ------
        UserError: no word occurs often enough, see `vretlib.features.text.WordList.of`, or fewer than two sentences.
        """
        d = arrays.whole(d, "d", 1)
        sentences = [sentence for comment in comments for sentence in split(comment)]
        if len(sentences) < 2:
            raise UserError(f"{len(sentences)} sentences to learn from; expected at least 2")
        tf_idf, x = TfIdf.learn(sentences, "thesis", "comments")
        d = min(d, min(x.shape) - 1)
        if d < 1:
            return cls(tf_idf, np.ones((x.shape[1], 1), np.float32))
        start = np.random.default_rng(0).normal(size=min(x.shape))
        left, _, axes = svds(sparse.csr_matrix(x), k=d, v0=start)
        _, axes = svd_flip(left, axes, u_based_decision=False)
        return cls(tf_idf, np.ascontiguousarray(axes[::-1].T, np.float32))

    @property
    def d(self) -> int:
        """Dimensions of a vector."""
        return self.axes.shape[1]

    def vectors(self, sentences: Sequence[str]) -> F32:
        """Vectors of sentences, float32 (n, d), of length 1; zero without a word of the vocabulary."""
        x = self.tf_idf.apply(sentences) @ self.axes.astype(np.float64)
        return arrays.unit(np.asarray(x)).astype(np.float32)


class SentenceEncoder(Protocol):
    """What makes vectors of sentences: `SentenceVectors`, or `vretlib.features.bert.SentenceModel`."""

    @property
    def d(self) -> int:
        """Dimensions of a vector."""

    def vectors(self, sentences: Sequence[str]) -> F32:
        """Vectors of sentences, float32 (n, d), of length 1 or zero."""


def steps(encoder: SentenceEncoder, comments: Sequence[str]) -> tuple[F32, NDArray[np.int64]]:
    """Vectors (N, d) of the sentences of all comments, and where each comment begins, int64 (n + 1,).

    A comment without a sentence has one zero vector.
    """
    sentences = [split(comment) for comment in comments]
    found = encoder.vectors([sentence for some in sentences for sentence in some])
    ends = np.cumsum([0, *(max(1, len(some)) for some in sentences)])
    rows = np.zeros((ends[-1], encoder.d), np.float32)
    rows[np.concatenate([start + np.arange(len(some)) for start, some in zip(ends, sentences, strict=False)])] = found
    return rows, ends
