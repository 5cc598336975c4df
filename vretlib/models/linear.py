"""Linear similarity learned with the loss of the similarity network (row "Linear" of Table 3.2)."""

from typing import Unpack

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from vretlib import arrays, tensors
from vretlib.models.pair_training import train_on_pairs
from vretlib.models.pairs import random_pairs
from vretlib.models.simnet import as_descriptors, as_scores
from vretlib.models.training import TrainingLog, TrainingOptions


class Linear(nn.Module):
    """Bilinear similarity x·W y + b, which starts as the inner product: W = I, b = 0.

    The thesis learns "an affine transformation matrix to map a pair of vectors into a similarity score". An affine map
    of the concatenated pair, w·[x; y] + b, cannot be meant: the query would add the same number to all its scores, so
    that every query would get the same ranking. The bilinear form of eq 2.7 is affine in each of the two vectors and
    can rank. It also makes the row comparable with OASIS, which has the same model and another loss.

    Parameters
    ----------
    d: dimensions of a descriptor.
    """

    def __init__(self, d: int) -> None:
        super().__init__()
        self.d = arrays.whole(d, "d", 1)
        self.weight = nn.Parameter(torch.eye(d))
        self.bias = nn.Parameter(torch.zeros(1))

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        """Scores (n,) of pairs: queries ``x`` (n, d), database ``y`` (n, d)."""
        tensors.floats(y, "y", len(tensors.floats(x, "x", None, self.d)), self.d)
        x, y = x.to(self.weight.dtype), y.to(self.weight.dtype)
        return (x @ self.weight * y).sum(1) + self.bias

    def scores(self, xq: ArrayLike, xb: ArrayLike) -> NDArray[np.float32]:
        """Scores (nq, nb) of every query (nq, d) with every database descriptor (nb, d); a tensor where ``xq`` is."""
        queries, database = (as_descriptors(x, self.d, self.weight.device).to(self.weight.dtype) for x in (xq, xb))
        with torch.inference_mode():
            return as_scores(xq, (queries @ self.weight @ database.T + self.bias).float().cpu().numpy())

    def fit(
        self,
        descriptors: ArrayLike,
        labels: ArrayLike,
        *,
        n_pairs: int,
        margin: float = 0.2,
        rule: str = "thesis",
        **how: Unpack[TrainingOptions],
    ) -> TrainingLog:
        """The log of learning W and b from random pairs by eq 3.2; arguments as in `simnet_training.train_simnet`.

        Raises
        ------
        UserError: as in `simnet_training.train_simnet`.
        """
        margin = arrays.number(margin, "margin")
        how.setdefault("description", f"Linear, Δ = {margin:g}")
        labels = arrays.labels(labels, n=len(arrays.matrix(descriptors, "descriptors", dtype=None)))
        pairs = random_pairs(labels, n_pairs, how.get("generator"))
        return train_on_pairs(self, descriptors, pairs, margin=margin, rule=rule, **how)
