"""Encoders of the two parts of a text, its comment and its title: BOW, MLP and LSTM (thesis §7.3.2).

An encoder reads one of two forms: a `Bag` has one vector for each text, such as its tf-idf; `Sequences` have the
vectors of the sentences of each text, or the numbers of its words, one after another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import sparse
from torch import Tensor, nn
from torch.nn.functional import normalize

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.models.temporal_encoder import pad
from vretlib.models.word_table import WordTable

EncoderKind = Literal["BOW", "MLP", "LSTM"]


@dataclass(frozen=True, eq=False)
class Bag:
    """One vector for each text: float32 (n, d), in scipy's sparse rows; a dense array is made sparse."""

    x: sparse.csr_array = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse vectors that are not finite."""
        x = self.x if sparse.issparse(self.x) else arrays.matrix(self.x, "text vectors")
        rows = sparse.csr_array(x, dtype=np.float32)
        if not np.isfinite(rows.data).all():
            raise UserError("text vectors hold NaN or infinity; expected finite numbers")
        object.__setattr__(self, "x", rows)

    def __len__(self) -> int:
        return self.x.shape[0]

    @property
    def d(self) -> int:
        """Dimensions of a vector."""
        return self.x.shape[1]

    def rows(self, ids: NDArray[np.int64]) -> sparse.csr_array:
        """The vectors of some texts, float32 (b, d)."""
        return self.x[ids]

    @property
    def checksum(self) -> str:
        """SHA-256 of the numbers, for cache keys."""
        return digest(self.x.data, self.x.indices, self.x.indptr, self.x.shape)


@dataclass(frozen=True, eq=False)
class Sequences:
    """Several steps for each text: text i has the steps ``offsets[i]:offsets[i + 1]``, at least one.

    Attributes
    ----------
    steps: float32 (N, d), the vectors of sentences; or int64 (N,), the numbers of words.
    offsets: int64 (n + 1,).
    words: number of different words; 0 if the steps are vectors.
    """

    steps: NDArray = field(repr=False)
    offsets: NDArray[np.int64] = field(repr=False)
    words: int = 0

    def __post_init__(self) -> None:
        """Refuse texts without a step, because an LSTM that has read nothing says nothing of a text."""
        words = arrays.whole(self.words, "words", 0)
        steps = arrays.ids(self.steps, "words", below=words) if words else arrays.matrix(self.steps, "sentence vectors")
        offsets = arrays.offsets(self.offsets, "offsets", len(steps))
        empty = np.flatnonzero(np.diff(offsets) == 0)
        if len(empty):
            raise UserError(f"text {empty[0]} has no step; expected at least one: a zero vector, or an unknown word")
        object.__setattr__(self, "steps", steps)
        object.__setattr__(self, "offsets", offsets)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def d(self) -> int:
        """Dimensions of a vector, or for words the number of different words."""
        return self.words or self.steps.shape[1]

    def rows(self, ids: NDArray[np.int64]) -> tuple[Tensor, NDArray[np.int64]]:
        """The steps of some texts one after another, and the range of each, int64 (b, 2)."""
        starts, lengths = self.offsets[ids], np.diff(self.offsets)[ids]
        ends = np.cumsum(lengths)
        first = ends - lengths
        within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(first, lengths)
        steps = self.steps[np.repeat(starts, lengths) + within]
        return torch.from_numpy(steps), np.stack([first, ends], axis=1)

    @property
    def checksum(self) -> str:
        """SHA-256 of the numbers, for cache keys."""
        return digest(self.steps, self.offsets, (self.words,))


EncodedTexts = Bag | Sequences


class BagOfWords(nn.Module):
    """BOW: the vector itself, unchanged."""

    def __init__(self, d: int) -> None:
        super().__init__()
        self.size = d

    def forward(self, x: sparse.csr_array) -> Tensor:
        """The vectors (b, d), unchanged but dense."""
        return torch.from_numpy(x.toarray())


class Perceptron(nn.Module):
    """MLP: a fully connected layer, tanh and l2 normalisation."""

    def __init__(self, d: int, size: int) -> None:
        super().__init__()
        self.size = size
        self.layer = WordTable(d, size)

    def forward(self, x: sparse.csr_array) -> Tensor:
        """Encoded texts (b, size), of length 1, from vectors (b, d)."""
        return normalize(torch.tanh(self.layer(x)))


class Recurrent(nn.Module):
    """LSTM: the l2-normalised last state of a recurrent network that reads the steps. Words pass an embedding first.

    It reads 50 evenly spread steps of a text that has more, see `vretlib.models.temporal_encoder.pad`.
    """

    def __init__(self, d: int, size: int, *, words: int = 0) -> None:
        super().__init__()
        self.size = size
        self.embedding = nn.Embedding(words, size) if words else None
        self.lstm = nn.LSTM(size if words else d, size)

    def forward(self, given: tuple[Tensor, NDArray[np.int64]]) -> Tensor:
        """Encoded texts (b, size), of length 1, from the steps and ranges of b texts."""
        steps, ranges = given
        rows, length = pad(ranges)
        states, _ = self.lstm((self.embedding(steps) if self.embedding else steps)[rows])
        return normalize(states[length - 1, torch.arange(len(length))])


def encoder(kind: EncoderKind, part: EncodedTexts, size: int) -> BagOfWords | Perceptron | Recurrent:
    """A new encoder of the given kind for a part of the texts; `first_weights` draws its weights from a generator.

    Parameters
    ----------
    size: dimensions of the encoded text; BOW keeps the vector's own.

    Raises
    ------
    UserError: an LSTM for single vectors, or another encoder for sequences.
    """
    arrays.choice(kind, "kind", ("BOW", "MLP", "LSTM"))
    if (kind == "LSTM") != isinstance(part, Sequences):
        raise UserError(f"{kind} cannot read {type(part).__name__}; LSTM reads Sequences, BOW and MLP read a Bag")
    if isinstance(part, Sequences):
        return Recurrent(part.d, arrays.whole(size, "size", 1), words=part.words)
    return BagOfWords(part.d) if kind == "BOW" else Perceptron(part.d, arrays.whole(size, "size", 1))


def first_weights(network: nn.Module, generator: torch.Generator) -> None:
    """Draw all weights anew as torch does, but from the given generator instead of the global one of all threads."""
    own = torch.Generator().manual_seed(int(torch.randint(2**62, (), generator=generator)))
    for module in network.modules():
        if isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, generator=own)
        elif isinstance(module, nn.LSTM):
            _draw(module.parameters(), module.hidden_size, own)
        elif isinstance(module, nn.Linear):
            _draw(module.parameters(), module.in_features, own)
        elif isinstance(module, WordTable):  # in the order of nn.Linear's weights
            _draw((module.weight.T, module.bias), module.in_features, own)


def _draw(parameters: Iterable[Tensor], size: int, generator: torch.Generator) -> None:
    for x in parameters:
        x.data.copy_(torch.empty(x.shape).uniform_(-(size**-0.5), size**-0.5, generator=generator))


def digest(*parts: NDArray | tuple[int, ...] | str) -> str:
    """SHA-256 of arrays and plain values."""
    found = hashlib.sha256()
    for part in parts:
        found.update(np.ascontiguousarray(part).tobytes() if isinstance(part, np.ndarray) else repr(part).encode())
    return found.hexdigest()
