"""Learning from pairs of descriptors by eq 3.2, for any network that takes two descriptors."""

import hashlib
from dataclasses import replace
from typing import Unpack

import torch
from numpy.typing import ArrayLike
from torch import Tensor, nn
from torch.nn.functional import cosine_similarity

from vretlib import arrays, tensors
from vretlib.errors import UserError
from vretlib.models.optimisation import Sgd
from vretlib.models.pairs import Pairs
from vretlib.models.similarity_loss import similarity_loss, target_scores
from vretlib.models.simnet import as_descriptors
from vretlib.models.training import TrainingLog, TrainingOptions, shuffled, train


def train_on_pairs(
    network: nn.Module,
    descriptors: ArrayLike,
    pairs: Pairs,
    *,
    margin: float,
    rule: str = "thesis",
    **how: Unpack[TrainingOptions],
) -> TrainingLog:
    """The log of minimising eq 3.2 over given pairs, in a new order each time all have been seen.

    Parameters
    ----------
    network: takes queries (n, d) and database descriptors (n, d), gives scores (n,).
    descriptors: (images, d); the ids of the pairs are its rows.
    margin, rule: the target scores, see `similarity_loss.target_scores`.
    how: see `training.train`. The checkpoint's recipe gets these arguments added to it.

    Raises
    ------
    UserError: descriptors of another shape, or with NaN or infinity; pairs that `check_pairs` refuses, or none; a
        margin that is not finite, an unknown rule, and the errors of `training.train`.
    """
    x, margin = _descriptors(network, descriptors), arrays.number(margin, "margin")
    check_pairs(pairs, len(x))
    rows = shuffled(pairs.n, how.get("settings", Sgd()).batch_size, how.get("generator"))
    if checkpoint := how.get("checkpoint"):
        data = hashlib.sha256(x.cpu().numpy().tobytes())
        for part in pairs:
            data.update(part.numpy().tobytes())
        recipe = f"{checkpoint.recipe} margin {margin:g}, targets of the {rule}, data {data.hexdigest()[:16]}"
        how["checkpoint"] = replace(checkpoint, recipe=recipe.strip())
    return train(
        network,
        lambda batch: pair_loss(network, x, batch, margin, rule),
        lambda step, _: pairs.take(rows(step)),
        **how,
    )


def pair_loss(network: nn.Module, x: Tensor, pairs: Pairs, margin: float, rule: str = "thesis") -> Tensor:
    """Mean of eq 3.2 over pairs of rows of ``x``. The target scores are constants, whether ``x`` is learned or not.

    Raises
    ------
    UserError: ``x`` is no tensor of floats (n, d), pairs that `check_pairs` refuses, or none, a margin that is not
        finite, or an unknown rule.
    """
    check_pairs(pairs, len(tensors.floats(x, "x", None, None)))
    query, database = x[pairs.i], x[pairs.j]
    cosine = cosine_similarity(query.detach(), database.detach())
    return similarity_loss(network(query, database), target_scores(cosine, pairs.match.to(x.device), margin, rule))


def check_pairs(pairs: Pairs, n_descriptors: int) -> Pairs:
    """The pairs, or a `UserError` where their parts differ in length or an id has no descriptor."""
    if not isinstance(pairs, Pairs):
        raise UserError(f"pairs is {type(pairs).__name__}; expected Pairs, such as `random_pairs` draws")
    n_descriptors = arrays.whole(n_descriptors, "n_descriptors", 0)
    tensors.ids(pairs.i, "pairs.i", len(pairs.i), n_descriptors)
    tensors.ids(pairs.j, "pairs.j", len(pairs.i), n_descriptors)
    if tensors.sized(pairs.match, "pairs.match", len(pairs.i)).dtype != torch.bool:
        raise UserError(f"pairs.match is {pairs.match.dtype}; expected bool")
    return pairs


def _descriptors(network: nn.Module, descriptors: ArrayLike) -> Tensor:
    return as_descriptors(descriptors, getattr(network, "d", None), next(network.parameters()).device)
