"""The similarity network: a score for a pair of descriptors that need not be a metric (thesis section 3.2.2).

A stack of fully connected layers reads the two descriptors side by side, the query first, and ends in one number.
Nothing makes it symmetric: ``net(x, y)`` and ``net(y, x)`` differ, as they do in the thesis.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from vretlib import arrays, tensors
from vretlib.errors import UserError

ARCHITECTURES = {"A": (1024, 1024), "B": (4096, 4096), "C": (8192, 8192), "D": (4096, 4096, 4096)}
"""Widths of the hidden layers in Table 3.1; B is the thesis' choice."""

_BLOCK_BYTES = 2**24  # of activations of one layer: large enough for the product, small beside the weights of B


class SimNet(nn.Module):
    """Fully connected layers with a ReLU after each but the last, on a concatenated pair.

    Parameters
    ----------
    d: dimensions of a descriptor.
    widths: width of each hidden layer, see `ARCHITECTURES`. Without any, the network is an affine map of the
        concatenation.
    init: ``"authors"``: weights from N(0, 0.01²), biases 0, as in the authors' code. ``"kaiming"``: weights from N(0,
        2/fan-in), biases 0, which keeps the size of the signal from layer to layer and so starts faster.
    generator: draws the weights.
    """

    def __init__(
        self,
        d: int,
        widths: Sequence[int] = ARCHITECTURES["B"],
        *,
        init: str = "authors",
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__()
        arrays.choice(init, "init", _INIT)
        d = arrays.whole(d, "d", 1)
        widths = [arrays.whole(width, "widths", 1) for width in arrays.entries(widths, "widths")]
        self.d, self.widths = d, tuple(widths)
        first, *others = (nn.Linear(*sizes) for sizes in pairwise((2 * d, *widths, 1)))
        self.first, self.others = first, nn.ModuleList(others)
        for layer in (first, *others):
            nn.init.normal_(layer.weight, std=_INIT[init](layer.in_features), generator=generator)
            nn.init.zeros_(layer.bias)

    @property
    def n_parameters(self) -> int:
        """Weights and biases."""
        return sum(p.numel() for p in self.parameters())

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        """Scores (n,) of pairs: queries ``x`` (n, d), database ``y`` (n, d); larger is more alike, without bounds."""
        tensors.floats(y, "y", len(tensors.floats(x, "x", None, self.d)), self.d)
        return self._after_first(self.first(torch.cat([x, y], dim=1).to(self.first.weight.dtype)))

    def scores(self, xq: ArrayLike, xb: ArrayLike) -> NDArray[np.float32]:
        """Scores (nq, nb) of every query (nq, d) with every database descriptor (nb, d); a tensor where ``xq`` is.

        The first layer is linear in the concatenation, W [x; y] = W_q x + W_b y, so each half is computed once per
        item and a pair costs an addition. The other layers see blocks of pairs, so that memory is bounded
        whatever nq and nb are.

        Raises
        ------
        UserError: descriptors that are not (n, d) or not finite, or a score beyond float32.
        """
        first = self.first.weight
        queries, database = (as_descriptors(x, self.d, first.device).to(first.dtype) for x in (xq, xb))
        scores = torch.empty(len(queries), len(database), device=first.device)
        rows = max(1, _BLOCK_BYTES // (4 * max(self.widths, default=1)))
        b_step = max(1, min(len(database), rows))
        q_step = max(1, rows // b_step)
        with torch.inference_mode():
            of_queries = torch.addmm(self.first.bias, queries, first[:, : self.d].T)
            of_database = database @ first[:, self.d :].T
            for q in range(0, len(queries), q_step):
                for b in range(0, len(database), b_step):
                    pairs = of_queries[q : q + q_step, None] + of_database[None, b : b + b_step]
                    block = scores[q : q + q_step, b : b + b_step]
                    block.copy_(self._after_first(pairs.flatten(0, 1)).view(block.shape))
        return as_scores(xq, scores.cpu().numpy())

    def _after_first(self, hidden: Tensor) -> Tensor:
        """The scores that follow from the first layer's output (n, width), which is overwritten."""
        for layer in self.others:
            hidden = layer(hidden.relu_())
        return hidden.squeeze(1)


def as_descriptors(x: ArrayLike | Tensor, d: int | None = None, device: torch.device | None = None) -> Tensor:
    """Descriptors (n, d) as a float32 tensor; UserError if they have another shape or are not finite."""
    d = None if d is None else arrays.whole(d, "d", 1)
    if isinstance(x, Tensor):
        tensor = tensors.sized(x, "descriptors", *[None] * x.ndim).detach().to(device, torch.float32)
    else:
        given = arrays.array(x, "descriptors")
        if given.dtype.kind not in "fiub":
            raise UserError(
                f"descriptors are {given.dtype} of shape {given.shape}; expected real numbers (n, {d or 'd'})"
            )
        with np.errstate(over="ignore"):  # reported as infinity
            tensor = torch.from_numpy(np.ascontiguousarray(given, np.float32)).to(device)
    if tensor.ndim != 2 or tensor.shape[1] != (d or tensor.shape[1]) or not tensor.shape[1]:
        raise UserError(
            f"descriptors of shape {tuple(tensor.shape)}: expected (n, {d or 'd'}); "
            "describe both sides in the same way, or build the similarity for these"
        )
    finite = tensor.isfinite().all(dim=1)
    if not finite.all():
        row = int(finite.logical_not().nonzero()[0])
        raise UserError(f"descriptor {row} holds NaN or infinity; expected finite numbers: describe that image again")
    return tensor


def as_scores(given: ArrayLike, scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scores of the kind of ``given``; a `UserError` for NaN and infinity, which huge descriptors or weights give."""
    if not arrays.all_finite(scores):
        raise UserError("a score is NaN or beyond float32; expected smaller descriptors: scale them, or train again")
    return arrays.like(given, scores)


_INIT: dict[str, Callable[[int], float]] = {"authors": lambda _: 0.01, "kaiming": lambda fan_in: (2 / fan_in) ** 0.5}
