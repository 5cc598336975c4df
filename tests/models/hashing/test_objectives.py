"""Each objective against values worked out by hand, plain loops over its formula, and finite differences."""

import math
from collections.abc import Callable
from itertools import combinations

import pytest
import torch
from torch import Tensor

from vretlib.errors import UserError
from vretlib.models.hashing import objectives
from vretlib.models.hashing.objectives import HvihWeights

N, K, C = 12, 5, 4
LABELS = torch.tensor([0, 0, 1, 1, 2, 2, 3, 0, 1, 2, 3, 3])


def codes(*shape: int, seed: int = 0) -> Tensor:
    return torch.rand(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def outputs(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def apart(a: Tensor, b: Tensor) -> float:
    return sum((float(x) - float(y)) ** 2 for x, y in zip(a, b, strict=True))


def minus_log_softmax(scores: list[float], right: int) -> float:
    return math.log(sum(math.exp(score) for score in scores)) - scores[right]


def test_dnnh_of_two_triplets_by_hand() -> None:
    """Distances 1 and 2 give max(0, 1 + 1 − 2) = 0; distances 1 and 0 give 2: a mean of 1."""
    a, p = torch.zeros(2, 2), torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    assert objectives.dnnh(a, p, torch.tensor([[1.0, 1.0], [0.0, 0.0]])).item() == 1.0


def test_dsh_of_three_codes_by_hand() -> None:
    """The margin is 2: the similar pair is 1 apart, the others 1 and 4: (1 + 1 + 0) / 6; |‖u‖ − 1| is 1, 0, 1."""
    u, labels = torch.tensor([[0.0], [1.0], [2.0]]), torch.tensor([0, 0, 1])
    assert objectives.dsh(u, labels, alpha=0.0).item() == pytest.approx(2 / 6)
    assert objectives.dsh(u, labels, alpha=0.3).item() == pytest.approx(2 / 6 + 0.3 * 2 / 3)
    assert objectives.dsh(u, labels, margin=5.0, alpha=0.0).item() == pytest.approx((1 + 4 + 1) / 6)


def test_hashnet_of_two_pairs_by_hand() -> None:
    """Alpha is 10: products 1 (similar) and −1 (other) give log(1 + e^10) − 10 and log(1 + e^−10), weights 3 and 1."""
    h, others = torch.ones(1, 1).double(), torch.tensor([[1.0], [-1.0]]).double()
    small = math.log1p(math.exp(-10))
    found = objectives.hashnet(h, torch.tensor([7]), others, torch.tensor([7, 8]), positive_weight=3.0)
    assert found.item() == pytest.approx((3 * small + small) / 4, rel=1e-9)


def test_ssdh_of_one_undecided_code_is_the_log_of_the_number_of_people() -> None:
    half = torch.full((1, 4), 0.5)
    assert objectives.ssdh(half, torch.zeros(1, 3), torch.tensor([1])).item() == pytest.approx(math.log(3))
    decided = torch.tensor([[1.0, 1.0, 1.0, 0.0]])  # − 4/4 / 8 and (1/4)² / 2
    assert objectives.ssdh(decided, torch.zeros(1, 3), torch.tensor([1])).item() == pytest.approx(
        math.log(3) - 1 / 8 + 1 / 32
    )


def test_dvc_of_a_pair_and_one_other_by_hand() -> None:
    """D is 1 in the pair, 0 and 1 to the other: J = 1 + log(e² + e¹), halved."""
    videos = torch.tensor([[0.0], [1.0], [0.0]])
    found = objectives.dvc(videos, torch.tensor([4, 4, 9]))
    assert found.item() == pytest.approx((1 + math.log(math.exp(2) + math.exp(1))) / 2)


def test_dvc_counts_no_pair_whose_bound_is_below_zero() -> None:
    videos = torch.tensor([[0.0], [0.0], [9.0]])
    assert objectives.dvc(videos, torch.tensor([0, 0, 1])).item() == 0.0


def test_eq_3_of_an_undecided_frame_is_the_log_of_the_number_of_people_and_falls_when_it_is_right() -> None:
    frames, persons = torch.ones(1, 1, 2), torch.tensor([0])
    theta = torch.zeros(5, 2)
    assert objectives.frame_loss(frames, theta, persons).item() == pytest.approx(math.log(5))
    theta[0] = 1.0  # the score of the own person is 2, of the others 0
    assert objectives.frame_loss(frames, theta, persons).item() == pytest.approx(math.log(math.exp(2) + 4) - 2)


def test_eq_4_of_binary_codes_counts_differing_bits() -> None:
    """d(a, p) = 1, d(a, n) = 2, so max(1 − 2 + 2, 0) = 1: 0.1 · 1 + 0.5 · 1."""
    a, p, n = (torch.tensor([row]) for row in ([0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [1.0, 1.0, 0.0]))
    assert objectives.triplet_loss(a, p, n).item() == pytest.approx(0.6)
    assert objectives.triplet_loss(a, a, 1 - a).item() == 0.0  # three bits apart, more than the margin


def test_eq_5_is_zero_where_a_video_lies_in_the_mean_of_its_frames_and_is_not_squared() -> None:
    frames = torch.tensor([[[0.0, 0.0], [1.0, 1.0]]])
    assert objectives.center_alignment(frames.mean(1), frames).item() == 0.0
    assert objectives.center_alignment(torch.tensor([[3.5, 4.5]]), frames).item() == pytest.approx(5.0)
    assert objectives.center_alignment(torch.tensor([[3.5, 4.5]]), frames, p=1.0).item() == pytest.approx(7.0)


def test_eq_5_has_a_gradient_where_the_norm_is_zero() -> None:
    frames = torch.zeros(1, 2, 3, requires_grad=True)
    objectives.center_alignment(frames.mean(1), frames).backward()
    assert frames.grad is not None
    assert frames.grad.isfinite().all()


def test_eq_6_is_lowest_for_balanced_bits() -> None:
    half, balanced, ones = (
        torch.tensor(row) for row in ([0.5, 0.5, 0.5, 0.5], [0.0, 1.0, 0.0, 1.0], [1.0, 1.0, 1.0, 1.0])
    )
    for rule, of_four, of_twelve in [("printed", -0.5, -1.5), ("ssdh", -0.125, -0.125)]:  # − 4 · ¼ / 2, by 4 or not
        assert objectives.binary_constraint(half, rule).item() == 0.0
        assert objectives.binary_constraint(balanced, rule).item() == pytest.approx(of_four)
        assert objectives.binary_constraint(ones, rule).item() == pytest.approx(of_four + 0.125)
        assert objectives.binary_constraint(balanced.repeat(3), rule).item() == pytest.approx(of_twelve)
    with pytest.raises(UserError, match="printed"):
        objectives.binary_constraint(half, "paper")


def test_every_objective_equals_plain_loops_over_its_formula() -> None:
    b, u, h = codes(N, K), 2 * outputs(N, K), outputs(N, K).tanh()
    label = LABELS.tolist()
    a, p, n = codes(3, 4, K)
    looped = sum(max(0.0, 1 + apart(a[i], p[i]) - apart(a[i], n[i])) for i in range(4)) / 4
    assert objectives.dnnh(a, p, n).item() == pytest.approx(looped, abs=1e-12)

    pairs = list(combinations(range(N), 2))
    terms = [apart(u[i], u[j]) if label[i] == label[j] else max(2 * K - apart(u[i], u[j]), 0) for i, j in pairs]
    rest = sum(abs(abs(float(value)) - 1) for value in u.flatten())
    assert objectives.dsh(u, LABELS, alpha=0.2).item() == pytest.approx(
        sum(terms) / 2 / len(pairs) + 0.2 * rest / N, abs=1e-12
    )

    total = weight = 0.0
    for i in range(N // 2):
        for j in range(N // 2, N):
            likely, s = 10 / K * float(h[i] @ h[j]), label[i] == label[j]
            w = 2.5 if s else 1.0
            total, weight = total + w * (math.log1p(math.exp(likely)) - s * likely), weight + w
    half = N // 2
    found = objectives.hashnet(h[:half], LABELS[:half], h[half:], LABELS[half:], positive_weight=2.5)
    assert found.item() == pytest.approx(total / weight, abs=1e-12)

    logits = outputs(N, C, seed=1)
    looped = sum(minus_log_softmax(logits[i].tolist(), label[i]) for i in range(N)) / N
    looped -= sum((float(x) - 0.5) ** 2 for x in b.flatten()) / (2 * N * K)
    looped += sum((sum(row) / K - 0.5) ** 2 for row in b.tolist()) / (2 * N)
    assert objectives.ssdh(b, logits, LABELS).item() == pytest.approx(looped, abs=1e-12)

    bounds = [
        apart(b[i], b[j])
        + math.log(sum(math.exp(2 - apart(b[x], b[k])) for x in (i, j) for k in range(N) if label[k] != label[i]))
        for i, j in pairs
        if label[i] == label[j]
    ]
    assert objectives.dvc(b, LABELS).item() == pytest.approx(
        sum(max(bound, 0) for bound in bounds) / (2 * len(bounds)), abs=1e-12
    )


@pytest.mark.parametrize(("rule", "share"), [("printed", 1.0), ("ssdh", 1 / K)])
def test_hvih_equals_plain_loops_over_equations_1_to_7(rule: str, share: float) -> None:
    m, f = 6, 3
    before, theta, persons = 2 * outputs(m, f, K), outputs(C, K, seed=2), torch.tensor([0, 1, 0, 1, 2, 3])
    w = HvihWeights(lambda1=0.7, lambda2=0.3, lambda3=0.2, beta=0.4, gamma=0.6, margin=1.5, constraint=rule)

    def sigmoid(values: list[float]) -> list[float]:
        return [1 / (1 + math.exp(-value)) for value in values]

    def distance(x: list[float], y: list[float]) -> float:
        return sum((s - t) ** 2 for s, t in zip(x, y, strict=True))

    def constraint(code: list[float]) -> float:
        return 0.5 * ((sum(code) / K - 0.5) ** 2 - share * distance(code, [0.5] * K))

    frames = [[sigmoid(row) for row in video] for video in before.tolist()]
    videos = [sigmoid([sum(column) / f for column in zip(*video, strict=True)]) for video in before.tolist()]
    eq3 = eq5 = eq6 = eq6_videos = 0.0
    for i in range(m):
        for code in frames[i]:
            scores = [sum(t * x for t, x in zip(row, code, strict=True)) for row in theta.tolist()]
            eq3 += minus_log_softmax(scores, int(persons[i])) / f / m
            eq6 += constraint(code) / f / m
        centre = [sum(column) / f for column in zip(*frames[i], strict=True)]
        eq5 += math.sqrt(distance(videos[i], centre)) / m
        eq6_videos += constraint(videos[i]) / m
    eq4 = 0.0
    for a, p, n in [(0, 2, 4), (1, 3, 5)]:
        near, far = distance(videos[a], videos[p]), distance(videos[a], videos[n])
        eq4 += (w.beta * max(near - far + w.margin, 0) + w.gamma * near) / 2
    eq7 = eq3 + w.lambda1 * eq4 + w.lambda2 * eq5 + w.lambda3 * (eq6 + eq6_videos)
    assert objectives.hvih(before, theta, persons, w).item() == pytest.approx(eq7, abs=1e-12)
    only_videos = HvihWeights(0.7, 0.0, 0.2, 0.4, 0.6, 1.5, frame=0.0, constraint=rule)
    assert objectives.hvih(before, theta, persons, only_videos).item() == pytest.approx(
        0.7 * eq4 + 0.2 * eq6_videos, abs=1e-12
    )


LOSSES: dict[str, tuple[Callable[..., Tensor], list[Tensor]]] = {
    "dnnh": (objectives.dnnh, [codes(4, K), codes(4, K, seed=1), codes(4, K, seed=2)]),
    "dsh": (lambda u: objectives.dsh(u, LABELS, alpha=0.1), [2 * outputs(N, K)]),
    "hashnet": (
        lambda x, y: objectives.hashnet(x.tanh(), LABELS, y.tanh(), LABELS, positive_weight=3.0),
        [outputs(N, K), outputs(N, K, seed=1)],
    ),
    "ssdh": (lambda b, logits: objectives.ssdh(b, logits, LABELS), [codes(N, K), outputs(N, C)]),
    "dvc": (lambda b: objectives.dvc(b, LABELS), [codes(N, K)]),
    "hvih": (
        lambda x, theta: objectives.hvih(x, theta, torch.arange(6) % C, HvihWeights(lambda2=0.5)),
        [outputs(6, 3, K), outputs(C, K, seed=1)],
    ),
}


@pytest.mark.parametrize("name", LOSSES)
def test_the_gradient_is_that_of_finite_differences(name: str) -> None:
    loss, inputs = LOSSES[name]
    assert torch.autograd.gradcheck(loss, [x.clone().requires_grad_() for x in inputs])


def test_hashnet_turns_steeper_as_the_authors_do() -> None:
    assert objectives.continuation(0) == objectives.continuation(199) == 1.0
    assert objectives.continuation(200) == pytest.approx(2**0.5)
    assert objectives.continuation(10_000) == pytest.approx(51**0.5)


def test_hashnet_is_finite_for_products_whose_exponential_is_not() -> None:
    h = torch.full((2, 400), 1.0)
    found = objectives.hashnet(h, torch.tensor([0, 1]), h, torch.tensor([0, 1]), alpha=1.0)
    assert found.item() == pytest.approx(200.0)  # the two pairs of different people have log(1 + e^400) = 400


@pytest.mark.parametrize("labels", [[1, 1, 1, 1], [0, 1, 2, 3]])
def test_dvc_needs_a_pair_and_another_person(labels: list[int]) -> None:
    with pytest.raises(UserError, match="batch lacks"):
        objectives.dvc(torch.rand(4, 3), torch.tensor(labels))


def test_other_shapes_and_identities_are_refused() -> None:
    with pytest.raises(UserError, match="as many anchors"):
        objectives.hvih(torch.zeros(4, 2, 3), torch.zeros(2, 3), torch.zeros(4, dtype=torch.int64))
    with pytest.raises(UserError, match="persons runs from"):
        objectives.frame_loss(torch.zeros(3, 2, 3), torch.zeros(2, 3), torch.tensor([0, 1, 2]))
    with pytest.raises(UserError, match="shape"):
        objectives.ssdh(torch.zeros(3, 2), torch.zeros(2, 2), torch.zeros(3, dtype=torch.int64))
    with pytest.raises(UserError, match="at least 2 codes"):
        objectives.dsh(torch.zeros(1, 2), torch.zeros(1, dtype=torch.int64))
    with pytest.raises(UserError, match="shape"):
        objectives.dnnh(torch.zeros(2, 3), torch.zeros(2, 3), torch.zeros(3, 3))


def test_losses_of_nothing_are_refused_and_not_nan() -> None:
    persons, theta = torch.tensor([0, 1, 0]), torch.zeros(2, 4)
    with pytest.raises(UserError, match="theta of shape"):
        objectives.frame_loss(torch.zeros(3, 2, 4), torch.zeros(4), persons)
    for loss in (objectives.hvih, objectives.frame_loss):
        with pytest.raises(UserError, match=r"of shape \(3, 0, 4\); expected at least one video of at least one frame"):
            loss(torch.zeros(3, 0, 4), theta, persons)
    with pytest.raises(UserError, match=r"frames of shape \(3, 0, 4\)"):
        objectives.center_alignment(torch.zeros(3, 4), torch.zeros(3, 0, 4))
    with pytest.raises(UserError, match=r"others of shape \(0, 4\); expected at least 1 codes"):
        objectives.hashnet(torch.zeros(3, 4), persons, torch.zeros(0, 4), persons[:0])
    for shape in ((0, 4), (3, 0), (3, 0, 4)):
        with pytest.raises(UserError, match="expected at least one code of at least one bit"):
            objectives.binary_constraint(torch.zeros(shape))


@pytest.mark.parametrize("iteration", [-1, -5000, math.nan])
def test_an_iteration_before_the_first_is_refused(iteration: float) -> None:
    with pytest.raises(UserError, match=r"iteration=.*at least 0"):
        objectives.continuation(iteration)
