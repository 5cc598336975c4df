"""Target scores of pairs, and the loss of a similarity (thesis eq 3.2)."""

import torch
from torch import Tensor

from vretlib import arrays, tensors
from vretlib.errors import UserError

RULES = ("thesis", "authors")


def target_scores(cosine: Tensor, match: Tensor, margin: float, rule: str = "thesis") -> Tensor:
    """Scores to be learned (n,): better than the cosine for a match, worse otherwise.

    Parameters
    ----------
    cosine: (n,) similarity of the two descriptors of each pair.
    match: (n,) bool, whether the two are alike (eq 3.3).
    margin: Δ, by how much to improve on the cosine.
    rule: ``"thesis"``: sim + Δ for a match, sim - Δ otherwise. ``"authors"``: their code has 2 sim - 1 in the place of
        sim, which is the same thing if its input holds (1 + cos) / 2 and is another target if it holds cosines; their
        data are lost, so that this cannot be decided. Neither is clipped to [-1, 1].

    Raises
    ------
    UserError: an unknown rule, tensors of other shapes or types, or a margin that is not finite.

    Examples
    --------
    >>> import torch
    >>> target_scores(torch.tensor([0.5, 0.5]), torch.tensor([True, False]), margin=0.25).tolist()
    [0.75, 0.25]
    """
    arrays.choice(rule, "rule", RULES)
    tensors.sized(match, "match", len(tensors.floats(cosine, "cosine", None)))
    if match.dtype != torch.bool:
        raise UserError(f"match is {match.dtype}; expected bool, True for a match")
    margin = arrays.number(margin, "margin")
    base = cosine if rule == "thesis" else 2 * cosine - 1
    return base + margin * (2 * match.to(base.dtype) - 1)


def similarity_loss(scores: Tensor, wanted: Tensor) -> Tensor:
    """Mean absolute difference between scores (n,) and `target_scores` (n,).

    Equation 3.2 is the term of one pair. The authors' layer sums it over a batch and their solver divides by the size
    of the batch.

    Raises
    ------
    UserError: other shapes: (n, 1) and (n,) would be compared all with all. A NaN gives a loss of NaN, which training
        reports.
    """
    tensors.floats(wanted, "wanted", len(tensors.floats(scores, "scores", None)))
    if not len(scores):
        raise UserError("no scores; expected at least one pair, since no pairs have no mean")
    return (scores - wanted).abs().mean()
