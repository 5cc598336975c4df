"""BERT as a sentence model: the encoder of Devlin et al. (2019), and one vector for each sentence.

Most sentence models that one can download have this form (Reimers and Gurevych, 2019): the mean of BERT's outputs over
the word pieces of a sentence, scaled to length 1. `vretlib.features.sentence_files` reads them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from vretlib import arrays, cache

F32 = NDArray[np.float32]

ACTIVATIONS: Mapping[str, Callable[[Tensor], Tensor]] = {
    "gelu": functional.gelu, "gelu_new": partial(functional.gelu, approximate="tanh"), "relu": functional.relu,
}  # fmt: skip
"""By the names that configurations give them."""
WORDS, PLACES, KINDS = (f"embeddings.{name}_embeddings.weight" for name in ("word", "position", "token_type"))

_TOGETHER = 64  # sentences of one length that go through the network together


@dataclass(frozen=True, eq=False)
class Bert:
    """The network.

    Attributes
    ----------
    weights: float32 tensors by BERT's names, such as ``encoder.layer.0.output.dense.bias``.
    layers, heads, epsilon, activation: as the configuration states them.
    """

    weights: Mapping[str, Tensor] = field(repr=False)
    layers: int
    heads: int
    epsilon: float = 1e-12
    activation: str = "gelu"

    @property
    def d(self) -> int:
        """Dimensions of an output."""
        return self.weights[WORDS].shape[1]

    def states(self, pieces: Tensor) -> Tensor:
        """The outputs, float32 (b, length, d), for the numbers of word pieces, int64 (b, length), all of one kind."""
        w, (b, length) = self.weights, pieces.shape
        x = self._normed(w[WORDS][pieces] + w[PLACES][:length] + w[KINDS][0], "embeddings.LayerNorm")
        for layer in (f"encoder.layer.{k}" for k in range(self.layers)):
            q, k, v = (
                self._linear(x, f"{layer}.attention.self.{name}").view(b, length, self.heads, -1).transpose(1, 2)
                for name in ("query", "key", "value")
            )
            attended = functional.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(b, length, -1)
            attended = self._linear(attended, f"{layer}.attention.output.dense")
            x = self._normed(x + attended, f"{layer}.attention.output.LayerNorm")
            inner = ACTIVATIONS[self.activation](self._linear(x, f"{layer}.intermediate.dense"))
            x = self._normed(x + self._linear(inner, f"{layer}.output.dense"), f"{layer}.output.LayerNorm")
        return x

    def _linear(self, x: Tensor, name: str) -> Tensor:
        return functional.linear(x, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])

    def _normed(self, x: Tensor, name: str) -> Tensor:
        return functional.layer_norm(
            x, x.shape[-1:], self.weights[f"{name}.weight"], self.weights[f"{name}.bias"], self.epsilon
        )


@dataclass(frozen=True, eq=False)
class SentenceModel:
    """A pre-trained sentence model; made by `vretlib.features.sentence_files.read`.

    Attributes
    ----------
    name: of its file or folder, for readers.
    checksum: of everything that decides its vectors, for the keys of what is kept.
    network: BERT.
    pieces: gives the numbers of the word pieces of some texts, the marks at both ends included.
    pooling: "mean" of the outputs, or "first", the output of the mark at the beginning.
    """

    name: str
    checksum: str
    network: Bert
    pieces: Callable[[Sequence[str]], list[list[int]]] = field(repr=False)
    pooling: str = "mean"

    @property
    def d(self) -> int:
        """Dimensions of a vector."""
        return self.network.d

    def vectors(self, sentences: Sequence[str]) -> F32:
        """Vectors of sentences, float32 (n, d), of length 1; computed once and kept in the cache.

        A sentence without a word piece has a vector of zeros. What is beyond the model's longest sentence is not read.
        """
        given = [str(sentence) for sentence in arrays.entries(sentences, "sentences")]
        text = "\0".join(given).encode("utf-8", "surrogatepass")
        key = {"model": self.checksum, "sentences": hashlib.sha256(text).hexdigest()}

        def build(folder: Path) -> None:
            np.save(folder / "vectors.npy", self.computed(given))

        folder = cache.stage("sentences", key, build, uses=[self.pieces])
        return np.load(folder / "vectors.npy")

    def computed(self, sentences: Sequence[str]) -> F32:
        """The vectors of sentences, computed without the cache, once for each different sentence.

        Sentences of one length go together, so that nothing is padded.
        """
        different = sorted(set(sentences))
        place = {sentence: row for row, sentence in enumerate(different)}
        numbers = self.pieces(different)
        lengths = np.array([len(found) for found in numbers], np.int64)
        result = np.zeros((len(numbers), self.d), np.float32)
        with torch.inference_mode():
            for length in np.unique(lengths[lengths > 0]):
                rows = np.flatnonzero(lengths == length)
                for some in np.array_split(rows, -(-len(rows) // _TOGETHER)):
                    states = self.network.states(torch.tensor([numbers[row] for row in some]))
                    pooled = states.mean(dim=1) if self.pooling == "mean" else states[:, 0]
                    result[some] = functional.normalize(pooled).numpy()
        return result[[place[sentence] for sentence in sentences]]
