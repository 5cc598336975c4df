"""A fully connected layer on sparse vectors, of which a step reads a few rows: one row of weights for each word."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import sparse
from torch import Tensor, nn
from torch.nn.functional import embedding_bag

from vretlib.errors import UserError


class MissedSteps(Protocol):
    """What an optimiser owes to the rows that its last steps left out, such as those of `LazyAdam`."""

    def replay(self, rows: NDArray[np.int64] | None = None) -> None:
        """Bring these rows of the weights up to date; all of them without ``rows``."""


class WordTable(nn.Module):
    """``nn.Linear`` for vectors that are nearly all 0, such as bags of words.

    The rows of a text's words are multiplied and added, and the gradient has only those rows. Weights are right in
    evaluation mode and in ``state_dict``, and where ``forward`` reads them. In between an optimiser may leave rows
    behind.

    Attributes
    ----------
    in_features, out_features: words and dims, as ``nn.Linear`` names them.
    weight: float32 (words, dims), the transpose of ``nn.Linear``'s.
    bias: float32 (dims,).
    missed: the steps that rows have missed; None if each step moves all weights. The gradient is sparse only with it.
    """

    def __init__(self, words: int, dims: int) -> None:
        super().__init__()
        self.in_features, self.out_features = words, dims
        self.weight, self.bias = nn.Parameter(torch.zeros(words, dims)), nn.Parameter(torch.zeros(dims))
        self.missed: MissedSteps | None = None
        self.register_state_dict_pre_hook(lambda table, *_: table.settle())

    def forward(self, *parts: sparse.csr_array) -> Tensor:
        """Products (b, dims) of the vectors (b, words), which may be given in parts that stand one beside the other.

        Raises
        ------
        UserError: the parts have another number of words in all.
        """
        starts = np.cumsum([0, *(part.shape[1] for part in parts)])
        if starts[-1] != self.in_features:
            raise UserError(f"texts of {starts[-1]} words; expected {self.in_features}, like the table's rows")
        rows = np.concatenate([part.indices + start for part, start in zip(parts, starts, strict=False)])
        ends = np.cumsum([0, *(part.nnz for part in parts)])
        bags = np.concatenate([part.indptr[:-1] + end for part, end in zip(parts, ends, strict=False)])
        if self.missed:
            self.missed.replay(rows)
        products = embedding_bag(
            torch.from_numpy(rows), self.weight, torch.from_numpy(bags), mode="sum", sparse=self.missed is not None,
            per_sample_weights=torch.from_numpy(np.concatenate([part.data for part in parts])),
        )  # fmt: skip
        return products.view(len(parts), parts[0].shape[0], self.out_features).sum(0) + self.bias

    def settle(self) -> None:
        """Bring all rows up to date."""
        if self.missed:
            self.missed.replay()

    def move_together(self) -> None:
        """Bring all rows up to date and leave none behind any more, until the next `LazyAdam`."""
        self.settle()
        self.missed = None

    def train(self, mode: bool = True) -> WordTable:
        """The table itself, as in torch; in evaluation mode all its rows are up to date."""
        if not mode:
            self.settle()
        return super().train(mode)
