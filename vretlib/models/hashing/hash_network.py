"""The layers that are trained for a code: a fully connected layer and the hash layer behind the shared face network.

Features are whitened first, because the layers learn more in a few hundred steps if all directions of the input have
the same variance. Given more steps, they could learn the same from the features as they are. The whitening is the
symmetric one, which does not depend on the signs of eigenvectors. It needs many more feature vectors than dimensions.
With few vectors it amplifies noise; a large floor reduces it to a division by the root of the mean variance.
"""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

HIDDEN = 256
"""Units of the fully connected layer; the paper has "several" such layers and no numbers."""
FLOOR = 0.01
"""Added to the variances before whitening, as a share of their mean."""
PER_BIT = 10
"""Units of DNNH's fully connected layer for each bit; 50 in the public code."""


class SymmetricWhitening(NamedTuple):
    """The mean (d,) and the symmetric whitening (d, d) of training features."""

    mean: Tensor
    matrix: Tensor

    @classmethod
    def of(cls, features: Tensor, floor: float = FLOOR) -> Self:
        """The whitening of features (n, d), computed in float64.

        A variance v becomes v (1 + floor) / (v + floor · mean variance). With a floor of 100, almost nothing is
        whitened.
        """
        x = features.double()
        mean = x.mean(0)
        values, vectors = torch.linalg.eigh((x - mean).T @ (x - mean) / len(x))
        scale = ((1 + floor) / (values.clamp_min(0) + floor * values.mean().clamp_min(1e-12))).sqrt()
        return cls(mean.float(), ((vectors * scale) @ vectors.T).float())


class HashNetwork(nn.Module):
    """The layers from features (..., d) to the values before the threshold (..., K).

    The weights of the hash layer start as the paper's Gaussian numbers with a standard deviation of 0.01, those of the
    other layers as Caffe's "Xavier": uniform within ±√(3 / inputs). Biases start as 0.

    Parameters
    ----------
    whitening: of the training features.
    n_bits: K.
    n_persons: number of people, for the classifier θ that SSDH and HVIH learn with the codes; the other methods do
        not train it.
    generator: draws the first weights.
    hidden: units of the fully connected layer.
    divided: DNNH's "divide and encode": each bit reads `PER_BIT` units of its own, instead of ``hidden``
        units that all bits share.
    front: the layers that compute a feature from an input, for a second stage that fine-tunes them.
    """

    def __init__(
        self, whitening: SymmetricWhitening, n_bits: int, n_persons: int, generator: torch.Generator, *,
        hidden: int = HIDDEN, divided: bool = False, front: nn.Module | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        d = len(whitening.mean)
        hidden = PER_BIT * n_bits if divided else hidden
        self.front = front
        self.full = nn.Linear(d, hidden)
        self.hash: nn.Module = Divided(n_bits, generator) if divided else nn.Linear(hidden, n_bits)
        self.people = nn.Linear(n_bits, n_persons)
        self.mean: Tensor
        self.whitening: Tensor
        self.register_buffer("mean", whitening.mean)
        self.register_buffer("whitening", whitening.matrix)
        with torch.no_grad():
            for layer in (self.full, self.people):
                limit = (3 / layer.in_features) ** 0.5
                layer.weight.uniform_(-limit, limit, generator=generator)
                layer.bias.zero_()
            if isinstance(self.hash, nn.Linear):
                self.hash.weight.normal_(std=0.01, generator=generator)
                self.hash.bias.zero_()

    def forward(self, x: Tensor) -> Tensor:
        """Values before the threshold (n, K) of features (n, d), or of inputs (n, ...) of the front."""
        return self.head(x if self.front is None else self.front(x))

    def head(self, features: Tensor) -> Tensor:
        """Values before the threshold (n, K) of features (n, d)."""
        return self.codes(self.whitened(features))

    def whitened(self, features: Tensor) -> Tensor:
        """Features (n, d) as the trained layers read them."""
        return (features - self.mean) @ self.whitening

    def codes(self, whitened: Tensor) -> Tensor:
        """Values before the threshold (n, K) of whitened features: the layers of the first stage."""
        return self.hash(self.full(whitened).relu())

    @torch.inference_mode()
    def project(self, x: NDArray[np.float32], at_once: int = 4096) -> NDArray[np.float32]:
        """`forward` of many inputs, ``at_once`` at a time, as a float32 array (n, K)."""
        parts = [self(torch.from_numpy(x[start : start + at_once])) for start in range(0, max(1, len(x)), at_once)]
        return torch.cat(parts).numpy()


class Divided(nn.Module):
    """K layers of one output each, from (..., K · `PER_BIT`) to (..., K); weights start as those of the hash layer."""

    def __init__(self, n_bits: int, generator: torch.Generator) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(n_bits, PER_BIT).normal_(std=0.01, generator=generator))
        self.bias = nn.Parameter(torch.zeros(n_bits))

    def forward(self, x: Tensor) -> Tensor:
        """Values (..., K): the weighted sum of each bit's own units, plus its bias."""
        return (x.unflatten(-1, self.weight.shape) * self.weight).sum(-1) + self.bias
