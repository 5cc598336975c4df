"""Learning a similarity network: warm-up, visual similarity, difficult pairs (thesis sections 3.2.3 and 3.3.2).

Each of the thesis' three stages is a call on the same network. `warm_up` teaches it the cosine, `train_simnet`
teaches it to do better than the cosine by a margin (SimNet), and `refine` teaches it to do so where it is still worse
(SimNet*).
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Unpack

import torch
from numpy.typing import ArrayLike
from torch import Tensor
from torch.nn.functional import normalize

from vretlib import arrays, tensors
from vretlib.models.optimisation import Sgd
from vretlib.models.pair_training import train_on_pairs
from vretlib.models.pairs import WARM_UP_KINDS, Pairs, difficult_pairs, random_pairs
from vretlib.models.similarity_loss import similarity_loss
from vretlib.models.simnet import SimNet, as_descriptors
from vretlib.models.training import TrainingLog, TrainingOptions, train

_AT_ONCE = 4096  # pairs scored together where nothing is learned


def warm_up(net: SimNet, *, kind: str = "known cosine", **how: Unpack[TrainingOptions]) -> TrainingLog:
    """The log of teaching a network to imitate the cosine on random vectors: Δ = 0, and every batch is new.

    Parameters
    ----------
    kind: ``"known cosine"`` as in the authors' code, or ``"independent"``; see `pairs.WARM_UP_KINDS`.
    how: steps, generator, settings, validation, checkpoint, progress: see `training.train`.

    Raises
    ------
    UserError: an unknown kind, and the errors of `training.train`.
    """
    draw, device = _drawing(kind), _device(net)
    n = how.get("settings", Sgd()).batch_size
    how.setdefault("description", "warm-up")
    if checkpoint := how.get("checkpoint"):
        how["checkpoint"] = replace(checkpoint, recipe=f"{checkpoint.recipe} warm-up, {kind}".strip())
    return train(
        net,
        lambda pairs: similarity_loss(net(*pairs[:2]), pairs[2]),
        lambda _, generator: [part.to(device) for part in draw(n, net.d, generator)],
        **how,
    )


def warm_up_quality(net: SimNet, n: int, generator: torch.Generator, kind: str = "known cosine") -> tuple[float, float]:
    """Mean squared error and correlation coefficient ρ of scores with cosines, on ``n`` random pairs (Table 3.1).

    Raises
    ------
    UserError: ``n`` below 2, or an unknown kind.
    """
    x, y, cosine = _drawing(kind)(arrays.whole(n, "n", 2, what="pairs"), net.d, generator)
    scores = _score_pairs(net, x, y).double()
    rho = torch.corrcoef(torch.stack([scores, cosine.double()]))[0, 1]
    return float((scores - cosine).square().mean()), float(rho)


def train_simnet(
    net: SimNet,
    descriptors: ArrayLike,
    labels: ArrayLike,
    *,
    margin: float,
    n_pairs: int,
    rule: str = "thesis",
    **how: Unpack[TrainingOptions],
) -> TrainingLog:
    """The log of learning visual similarity from classes: SimNet, without difficult pairs.

    Parameters
    ----------
    descriptors, labels: (n, d) and (n,): descriptors and classes of the images.
    margin: Δ of eq 3.2, 0.2 to 0.8 in the thesis.
    n_pairs: random pairs to learn from, half of them matches (`pairs.random_pairs`); almost a million in the thesis.
    rule: the target scores, see `similarity_loss.target_scores`.
    how: steps, generator, settings, validation, checkpoint, progress: see `training.train`. The pairs are passed over
        again until the steps are done.

    Raises
    ------
    UserError: descriptors or labels of another shape, NaN or infinity, labels or numbers of pairs from which
        `pairs.random_pairs` draws none, and the errors of `pair_training.train_on_pairs`.
    """
    margin = arrays.number(margin, "margin")
    how.setdefault("description", f"SimNet, Δ = {margin:g}")
    labels = arrays.labels(labels, n=len(as_descriptors(descriptors, net.d)))
    pairs = random_pairs(labels, n_pairs, how.get("generator"))
    return train_on_pairs(net, descriptors, pairs, margin=margin, rule=rule, **how)


def refine(
    net: SimNet,
    descriptors: ArrayLike,
    labels: ArrayLike,
    *,
    margin: float,
    n_pairs: int,
    n_images: int,
    limit: int | None = None,
    rule: str = "thesis",
    **how: Unpack[TrainingOptions],
) -> TrainingLog:
    """The log of training a converged network further with difficult pairs added (SimNet*).

    The thesis chooses "a new random set of images", scores "all possible pairs" and adds those that are worse than
    the cosine. There is no code for it, and it leaves open how many images and pairs, whether matches and non-matches
    are balanced, whether the first pairs are kept, and which margin applies. Here the images are drawn from all of
    ``descriptors`` without regard to class; both orders of a pair count; the difficult pairs join ``n_pairs`` random
    ones drawn as at first; and the margin applies to all.

    Parameters
    ----------
    n_images: size of the new random set.
    limit: maximum of difficult matches and of difficult non-matches, chosen at random; None keeps all. There are far
        more non-matches than matches among all pairs, and so among the difficult ones.
    margin, n_pairs, rule, how: see `train_simnet`.

    Raises
    ------
    UserError: the errors of `train_simnet` and of `find_difficult`.
    """
    margin = arrays.number(margin, "margin")
    how.setdefault("description", f"SimNet*, Δ = {margin:g}")
    difficult = find_difficult(net, descriptors, labels, n_images, how.get("generator"), limit)
    pairs = random_pairs(labels, n_pairs, how["generator"]) + difficult
    return train_on_pairs(net, descriptors, pairs, margin=margin, rule=rule, **how)


def find_difficult(
    net: SimNet,
    descriptors: ArrayLike,
    labels: ArrayLike,
    n_images: int,
    generator: torch.Generator,
    limit: int | None = None,
) -> Pairs:
    """The pairs among ``n_images`` random images for which the network is worse than the cosine, see `refine`.

    Raises
    ------
    UserError: descriptors or labels of another shape, NaN or infinity, ``n_images`` below 2 or above the number of
        descriptors, ``limit`` below 0, or a ``generator`` that is no `torch.Generator`.
    """
    x = as_descriptors(descriptors, net.d)
    labels = arrays.labels(labels, n=len(x))
    n_images = arrays.whole(n_images, "n_images", 2, len(x), "the number of descriptors at most")
    limit = None if limit is None else arrays.whole(limit, "limit", 0)
    ids = torch.randperm(len(x), generator=tensors.generator(generator))[:n_images].sort().values
    unit = normalize(x[ids])
    found = difficult_pairs(labels[ids], net.scores(x[ids], x[ids]), unit @ unit.T)
    found = Pairs(ids[found.i], ids[found.j], found.match)
    if limit is None:
        return found
    order = torch.randperm(found.n, generator=generator)
    match = found.match[order]
    kept = torch.cat([order[match][:limit], order[~match][:limit]])
    return found.take(kept.sort().values)


def _score_pairs(net: SimNet, x: Tensor, y: Tensor) -> Tensor:
    device = _device(net)
    with torch.inference_mode():
        blocks = zip(x.split(_AT_ONCE), y.split(_AT_ONCE), strict=True)
        return torch.cat([net(a.to(device), b.to(device)).cpu() for a, b in blocks])


def _drawing(kind: str) -> Callable[[int, int, torch.Generator], tuple[Tensor, Tensor, Tensor]]:
    arrays.choice(kind, "kind", WARM_UP_KINDS)
    return WARM_UP_KINDS[kind]


def _device(net: SimNet) -> torch.device:
    return next(net.parameters()).device
