"""The losses of the deep methods of paper 001: functions of relaxed codes and identities, as their authors coded them.

Each function takes tensors and returns one number. Where the authors' code and their text differ, the function follows
the code and says so. D is the squared Euclidean distance throughout; between binary codes it is the Hamming distance.
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, softplus

from vretlib import arrays, tensors
from vretlib.errors import UserError

DSH_ALPHA = 0.01
"""The authors' weight of DSH's regulariser for CIFAR-10."""
CONSTRAINTS = ("ssdh", "printed")
_LINEAR = 15.0  # HashNet's code replaces log(1 + exp(x)) by x above this value


def dnnh(anchor: Tensor, positive: Tensor, negative: Tensor, margin: float = 1.0) -> Tensor:
    """DNNH (Lai et al., 2015): mean over triplets of max(0, margin + D(a, p) − D(a, n)).

    The paper has a piece-wise threshold after the sigmoid, which the public code (caffe-dnnh) lacks. The gradient
    in that code is twice the gradient of the loss that it prints, which has the effect of a doubled learning rate.

    Parameters
    ----------
    anchor, positive, negative: (n, K) codes in [0, 1], one row for each triplet.
    """
    n, k = _codes(anchor, "anchor")
    tensors.floats(positive, "positive", n, k)
    tensors.floats(negative, "negative", n, k)
    return (margin + _apart(anchor, positive) - _apart(anchor, negative)).clamp_min(0).mean()


def dsh(u: Tensor, labels: Tensor, *, margin: float | None = None, alpha: float = DSH_ALPHA) -> Tensor:
    """DSH (Liu et al., 2016): a contrastive loss of pairs, and a regulariser of each bit.

    A similar pair costs ½ D, any other ½ max(margin − D, 0), averaged over all N (N − 1) / 2 pairs of a batch. The
    regulariser is ``alpha`` times the sum of abs(abs(u) − 1) over bits, averaged over codes. In the official code the
    gradient of the pairs is half of this loss's, while that of the regulariser is not halved: to learn as that code
    does, give twice its ``alpha``.

    Parameters
    ----------
    u: (N, K) outputs without a squashing function; the bit is u > 0.
    labels: (N,) int64 identities.
    margin: 2 K if None, as the authors have it for ±1 codes.
    alpha: weight of the regulariser.

    Raises
    ------
    UserError: other shapes, or fewer than two codes.
    """
    n, k = _codes(u, "u", at_least=2)
    apart, same = _distances(u), _same(labels, n)
    pairs = torch.where(same, apart, ((2 * k if margin is None else margin) - apart).clamp_min(0))
    each_once = (pairs.sum() - pairs.diagonal().sum()) / 2
    return each_once / (n * (n - 1)) + alpha * (u.abs() - 1).abs().sum() / n


def hashnet(
    h: Tensor, labels: Tensor, others: Tensor, other_labels: Tensor, *, alpha: float | None = None,
    positive_weight: float = 1.0,
) -> Tensor:  # fmt: skip
    """HashNet (Cao et al., 2017): weighted cross entropy of the pairs between two independent batches.

    A pair is similar with the probability sigmoid(alpha ⟨h, h'⟩). The paper weighs similar and dissimilar pairs by how
    rare they are; the official code multiplies similar pairs by ``class_num``, whose default is 1, and divides by the
    sum of weights.

    Parameters
    ----------
    h, others: (n, K) and (n', K) codes tanh(β z), see `continuation`.
    labels, other_labels: (n,) and (n',) int64 identities.
    alpha: 10 / K if None, as in the code.
    positive_weight: weight of a similar pair; that of a dissimilar pair is 1.
    """
    n, k = _codes(h, "h")
    _codes(tensors.floats(others, "others", None, k), "others")
    tensors.sized(labels, "labels", n)
    tensors.sized(other_labels, "other_labels", len(others))
    likely = (10 / k if alpha is None else alpha) * (h @ others.T)
    similar = (labels[:, None] == other_labels).to(h.dtype)
    weight = 1 + (positive_weight - 1) * similar
    return (weight * (softplus(likely, threshold=_LINEAR) - similar * likely)).sum() / weight.sum()


def continuation(iteration: float) -> float:
    """β of HashNet's tanh(β z) at iteration i of the authors' code: √(1 + 0.005 i), updated every 200 iterations."""
    iteration = arrays.number(iteration, "iteration", minimum=0)
    return float((1 + 0.005 * (iteration // 200 * 200)) ** 0.5)


def ssdh(codes: Tensor, logits: Tensor, labels: Tensor) -> Tensor:
    """SSDH (Yang et al., 2018): cross entropy, − Σ (b − ½)² / (2NK), and Σ (mean b − ½)² / (2N); weights 1, 1, 1.

    The second term pushes each bit to 0 or 1; the third favours codes with as many zeros as ones.

    Parameters
    ----------
    codes: (N, K) sigmoid codes.
    logits: (N, C) scores of a linear classifier of the codes.
    labels: (N,) int64 identities, 0 to C − 1.
    """
    n, k = _codes(codes, "codes")
    tensors.floats(logits, "logits", n, None)
    tensors.ids(labels, "labels", n, logits.shape[1])
    binary = (codes - 0.5).square().sum() / (2 * n * k)
    balanced = (codes.mean(1) - 0.5).square().sum() / (2 * n)
    return cross_entropy(logits, labels) - binary + balanced


def dvc(videos: Tensor, labels: Tensor, margin: float = 2.0) -> Tensor:
    """DVC (Qiao et al., 2016): a smooth upper bound of the triplet loss, over all pairs of videos of a person.

    For each such pair J = D_ij + log Σ_k [exp(margin − D_ik) + exp(margin − D_jk)], where k runs over the videos of
    other people; the loss is the mean of max(J, 0) / 2 over pairs. The lifted structure loss has the same J and squares
    max(J, 0); the laboratory's code (DHH) does not.

    Parameters
    ----------
    videos: (M, K) sigmoid codes of videos, pooled before the hash layer.
    labels: (M,) int64 identities.

    Raises
    ------
    UserError: other shapes; a batch without two videos of one person, or without another person.
    """
    n, _ = _codes(videos, "videos", at_least=3)
    apart, same = _distances(videos), _same(labels, n)
    i, j = torch.triu(same, diagonal=1).nonzero(as_tuple=True)
    if not len(i) or bool(same.all()):
        raise UserError("DVC compares two videos of one person with those of others; the batch lacks one or the other")
    away = (margin - apart).masked_fill(same, -torch.inf).logsumexp(1)
    bound = apart[i, j] + torch.logaddexp(away[i], away[j])
    return bound.clamp_min(0).mean() / 2


@dataclass(frozen=True)
class HvihWeights:
    """Weights of HVIH's terms and the margin m, as printed in paper 001, section IV-B.

    ``frame`` multiplies eq 3, which has no weight in eq 7. ``lambda2=0`` gives Table II's *joint image and video*. With
    ``frame=0`` as well, it gives *single-video*, where frames have no codes and eq 6 acts only on videos.
    ``constraint`` is the rule of `binary_constraint`.
    """

    lambda1: float = 1.0
    lambda2: float = 0.01
    lambda3: float = 1.0
    beta: float = 0.1
    gamma: float = 0.5
    margin: float = 2.0
    frame: float = 1.0
    constraint: str = "ssdh"


def hvih(before: Tensor, theta: Tensor, persons: Tensor, weights: HvihWeights = HvihWeights()) -> Tensor:
    """HVIH's loss, eq 7: L_frame + λ1 L_video + λ2 L_vca + λ3 L_bsc.

    Eq 6 is printed for frames; "in practice" it also acts on videos, with a weight that is not given; here it is λ3.

    Parameters
    ----------
    before: (M, F, K) frames of M videos before the sigmoid: M/3 anchors, then their positives, then their negatives.
    theta: (C, K) hyperplanes of eq 3.
    persons: (M,) int64 identities, 0 to C − 1.

    Raises
    ------
    UserError: other shapes, videos without frames, or M not a multiple of 3.
    """
    m, _, k = _of_videos(before, "before")
    tensors.floats(theta, "theta", None, k)
    if m % 3:
        raise UserError(f"{m} videos; expected as many anchors as positives as negatives")
    frames, videos = before.sigmoid(), before.mean(1).sigmoid()  # eqs 1 and 2
    anchor, positive, negative = videos.view(3, m // 3, k)
    video = triplet_loss(anchor, positive, negative, weights.margin, weights.beta, weights.gamma)
    loss = weights.lambda1 * video + weights.lambda3 * binary_constraint(videos, weights.constraint)
    if weights.frame:
        loss = loss + weights.frame * frame_loss(frames, theta, persons)
        loss = loss + weights.lambda3 * binary_constraint(frames, weights.constraint)
    return loss + weights.lambda2 * center_alignment(videos, frames) if weights.lambda2 else loss


def frame_loss(frames: Tensor, theta: Tensor, persons: Tensor) -> Tensor:
    """Eq 3 with the − log that the print lacks: − log softmax of the right person, averaged over frames, then videos.

    As printed, the loss is the probability of the right person, which the training would make small.

    Parameters
    ----------
    frames: (M, F, K) codes of frames.
    theta, persons: as for `hvih`; eq 3 has no bias.
    """
    m, f, k = _of_videos(frames, "frames")
    tensors.floats(theta, "theta", None, k)
    tensors.ids(persons, "persons", m, len(theta))
    return cross_entropy((frames @ theta.T).flatten(0, 1), persons.repeat_interleave(f))


def triplet_loss(
    anchor: Tensor, positive: Tensor, negative: Tensor, margin: float = 2.0, beta: float = 0.1, gamma: float = 0.5
) -> Tensor:
    """Eq 4: mean over set triplets of β max(d(a, p) − d(a, n) + m, 0) + γ d(a, p), for (n, K) codes of videos.

    The paper introduces the margin as "m in (5)", but it belongs to eq 4. d is the Hamming distance, here D of
    the relaxed codes, as in the laboratory's code. That code enumerates all triplets of a batch; the paper uses the
    M/3 that were drawn.
    """
    n, k = _codes(anchor, "anchor")
    tensors.floats(positive, "positive", n, k)
    tensors.floats(negative, "negative", n, k)
    near = _apart(anchor, positive)
    return (beta * (near - _apart(anchor, negative) + margin).clamp_min(0) + gamma * near).mean()


def center_alignment(videos: Tensor, frames: Tensor, p: float = 2.0) -> Tensor:
    """Eq 5 (VCA): mean over videos of the p-norm, not squared, between a video's code and its frames' mean code.

    Parameters
    ----------
    videos, frames: (M, K) and (M, F, K) codes.
    """
    m, k = _codes(videos, "videos")
    _of_videos(tensors.floats(frames, "frames", m, None, k), "frames")
    return torch.linalg.vector_norm(videos - frames.mean(1), arrays.number(p, "p", above=0), dim=-1).mean()


def binary_constraint(codes: Tensor, rule: str = "ssdh") -> Tensor:
    """Eq 6: mean over codes (..., K) of ½ ((mean b − ½)² − ‖b − ½‖²).

    Parameters
    ----------
    rule: ``"printed"``: the second norm is a sum over the K bits while the first is one number. With λ3 = 1 it
        outweighs all other terms: every code we have seen it learn was the same for all videos. ``"ssdh"``: the second
        norm is divided by K, as in the official SSDH, from which the paper takes the term; HVIH's own code is not
        public.
    """
    arrays.choice(rule, "rule", CONSTRAINTS)
    if not codes.numel():
        raise UserError(f"codes of shape {tuple(codes.shape)}; expected at least one code of at least one bit")
    bits = (codes - 0.5).square()
    decided = bits.mean(-1) if rule == "ssdh" else bits.sum(-1)
    return ((codes.mean(-1) - 0.5).square() - decided).mean() / 2


def _codes(x: Tensor, name: str, at_least: int = 1) -> tuple[int, int]:
    n, k = tensors.floats(x, name, None, None).shape
    if n < at_least or not k:
        raise UserError(f"{name} of shape {(n, k)}; expected at least {at_least} codes of at least one bit")
    return n, k


def _of_videos(x: Tensor, name: str) -> tuple[int, int, int]:
    m, f, k = tensors.floats(x, name, None, None, None).shape
    if not (m and f and k):
        raise UserError(f"{name} of shape {(m, f, k)}; expected at least one video of at least one frame and one bit")
    return m, f, k


def _same(labels: Tensor, n: int) -> Tensor:
    """Whether each two rows have the same label, bool (n, n)."""
    tensors.sized(labels, "labels", n)
    return labels[:, None] == labels


def _apart(a: Tensor, b: Tensor) -> Tensor:
    return (a - b).square().sum(-1)


def _distances(x: Tensor) -> Tensor:
    """D of all pairs of rows, (n, n)."""
    squares = x.square().sum(1)
    return (squares[:, None] + squares - 2 * (x @ x.T)).clamp_min(0)
