"""Learning descriptors from pairs of images: the contrastive loss, and negatives that are hard.

With these two Radenović et al. (2016), the thesis' reference [26], fine-tune a network for retrieval.
"""

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from vretlib import arrays, tensors
from vretlib.errors import UserError
from vretlib.evaluation.ranking import rank

_SMALLEST = 1e-12  # of a squared distance: the root has no slope at 0


def contrastive_loss(x: Tensor, y: Tensor, match: Tensor, margin: float) -> Tensor:
    """Mean contrastive loss: half the squared distance of a match, half the squared shortfall from a margin otherwise.

    Radenović et al. (2016), eq 3: ½ (match · d² + (1 − match) · max(0, τ − d)²), d the Euclidean distance. They add up
    the pairs, with five non-matches for each match. Here it is the mean of the matches' mean and the non-matches' mean.
    Nearly all vectors of a narrow network lie within the margin, and there a sum in which the non-matches outweigh the
    matches would be small if all distances were equal.

    Parameters
    ----------
    x, y: (n, d), the descriptors of n pairs, l2-normalised.
    match: (n,) bool, True for a match; both kinds must be present.
    margin: τ. Unit vectors without negative entries are at most √2 apart.

    Raises
    ------
    UserError: tensors of other shapes or types, only one kind of pair, or a margin that is not above 0.

    Examples
    --------
    >>> import torch
    >>> x, y = torch.tensor([[1.0, 0.0], [1.0, 0.0]]), torch.tensor([[0.6, 0.8], [0.6, 0.8]])  # 0.894 apart
    >>> round(contrastive_loss(x, y, torch.tensor([True, False]), margin=1.0).item(), 4)  # of 0.4 and 0.0056
    0.2028
    """
    n, d = tensors.floats(x, "x", None, None).shape
    tensors.floats(y, "y", n, d)
    if tensors.sized(match, "match", n).dtype != torch.bool:
        raise UserError(f"match is {match.dtype}; expected bool, True for a match")
    if bool(match.all()) or not bool(match.any()):
        raise UserError(f"match has {int(match.sum())} of {n} true; expected both kinds")
    margin = arrays.number(margin, "margin", above=0)
    squared = (x - y).square().sum(1).clamp_min(_SMALLEST)
    shortfall = (margin - squared[~match].sqrt()).clamp_min(0)
    return (squared[match].mean() + shortfall.square().mean()) / 4


def hard_negatives(
    xq: ArrayLike, query_labels: ArrayLike, xb: ArrayLike, labels: ArrayLike, n: int
) -> NDArray[np.int64]:
    """The images of other classes that are most similar to each query, at most one of each class.

    Several similar views of one building teach little more than one of them.

    Parameters
    ----------
    xq, xb: (nq, d) and (nb, d), l2-normalised descriptors of the queries and of the images to choose from.
    query_labels, labels: (nq,) and (nb,), their classes.
    n: number of negatives of a query; the images must have at least ``n`` classes beside that of any query.

    Returns
    -------
    Ids, int64 (nq, n), among the nb images, most similar first; ties go to the smaller id.

    Raises
    ------
    UserError: ``n`` is below 1 or above the number of other classes, or arrays that differ in length or dimension or
        have NaN or infinity.
    """
    base = arrays.matrix(xb, "xb", at_least=1)
    queries = arrays.matrix(xq, "xq", d=base.shape[1], like="xb")
    query_labels = arrays.labels(query_labels, "query_labels", n=len(queries))
    labels = arrays.labels(labels, n=len(base))
    n = arrays.whole(n, "n", 0)
    others = len(np.unique(labels)) - bool(np.isin(query_labels, labels).any())
    if not 1 <= n <= others:
        raise UserError(f"{n} hard negatives of {others} other classes: expected at least 1 and one of each at most")
    found = np.empty((len(query_labels), n), np.int64)
    for row, (label, ranking) in enumerate(zip(query_labels, rank(queries @ base.T), strict=True)):
        negatives = ranking[labels[ranking] != label]
        first_of_class = np.sort(np.unique(labels[negatives], return_index=True)[1])
        found[row] = negatives[first_of_class[:n]]
    return found
