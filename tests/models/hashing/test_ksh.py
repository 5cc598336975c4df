"""KSH: the matrix of pairs is never made, yet every step is that of the formulas."""

import numpy as np
import pytest
from scipy import linalg

from vretlib.errors import UserError
from vretlib.models.hashing import ksh


def dense(persons, n_bits, codes=()):
    s = n_bits * np.where(persons[:, None] == persons, 1.0, -1.0)
    return s - sum((np.outer(y, y) for y in codes), np.zeros_like(s))


def small(seed=0, n=60, m=12, n_persons=4):
    rng = np.random.default_rng(seed)
    persons = rng.integers(0, n_persons, n)
    kernel = rng.standard_normal((n_persons, m))[persons] + rng.standard_normal((n, m))
    return kernel - kernel.mean(axis=0), persons


def sigmoid(values):
    return 2 / (1 + np.exp(-values)) - 1


def test_products_with_the_residual_are_those_of_the_dense_matrix():
    rng, (_, persons) = np.random.default_rng(1), small()
    residual = ksh._Residual(persons, 7)
    learned = rng.choice([-1.0, 1.0], (2, len(persons)))
    for y in learned:
        residual.remove(y)
    s, y = dense(persons, 7, learned), rng.standard_normal(len(persons))
    np.testing.assert_allclose(residual.times(y), s @ y, atol=1e-9)
    assert residual.gain(y) == pytest.approx(y @ s @ y)


def test_the_first_bit_of_the_relaxation_is_the_leading_generalised_eigenvector():
    kernel, persons = small()
    weights, gains = ksh._learn(kernel, persons, 1, 0, 1e-2)
    s = dense(persons, 1)
    _, vectors = linalg.eigh(kernel.T @ s @ kernel, kernel.T @ kernel)
    along = vectors[:, -1]
    scaled = along * np.sqrt(len(persons) / (along @ kernel.T @ kernel @ along))
    np.testing.assert_allclose(np.abs(weights[:, 0]), np.abs(scaled), atol=1e-8)
    y = np.where(kernel @ scaled > 0, 1, -1)
    assert gains[0] == pytest.approx([y @ s @ y / len(persons)] * 2)


def test_every_bit_keeps_the_better_of_both_codes_and_leaves_the_rest_to_the_next():
    kernel, persons = small(n_persons=5)
    weights, gains = ksh._learn(kernel, persons, 6, 500, 1e-2)
    codes = np.where(kernel @ weights > 0, 1.0, -1.0).T
    for bit in range(6):
        s = dense(persons, 6, codes[:bit])
        assert gains[bit, 1] == pytest.approx(codes[bit] @ s @ codes[bit] / len(persons))
    assert (gains[:, 1] >= gains[:, 0]).all()
    assert (gains[:, 1] > gains[:, 0]).any()


def test_the_fit_of_codes_to_labels_improves_with_every_bit():
    """‖S₀ − Σ y yᵀ‖² falls by 2 yᵀ S y − l² with each bit: never rises while yᵀ S y ≥ l²/2."""
    kernel, persons = small()
    weights, gains = ksh._learn(kernel, persons, 8, 500, 1e-2)
    codes = np.where(kernel @ weights > 0, 1.0, -1.0).T
    left = [np.square(dense(persons, 8, codes[:bit])).sum() for bit in range(9)]
    for bit in range(8):
        expected = 2 * gains[bit, 1] * len(persons) - len(persons) ** 2
        assert left[bit] - left[bit + 1] == pytest.approx(expected)
    assert left[-1] < left[0]


def test_descent_is_that_of_the_formulas_with_dense_matrices():
    """Accelerated descent with doubling bounds, written with S and without any product that follows from others."""
    kernel, persons = small()
    s, n = dense(persons, 4), len(persons)
    start = np.random.default_rng(3).standard_normal(kernel.shape[1]) / 10

    def cost(w):
        return -sigmoid(kernel @ w) @ s @ sigmoid(kernel @ w)

    before, now, deltas, bound, costs = start, start, [0.0, 1.0], 1.0, [cost(start)]
    for _ in range(500):
        probe = now + (deltas[-2] - 1) / deltas[-1] * (now - before)
        y = sigmoid(kernel @ probe)
        gradient = -kernel.T @ ((s @ y) * (1 - y**2))
        while cost(probe - gradient / bound) > cost(probe) - gradient @ gradient / (2 * bound):
            bound *= 2
        before, now = now, probe - gradient / bound
        costs.append(cost(now))
        deltas.append((1 + np.sqrt(1 + 4 * deltas[-1] ** 2)) / 2)
        if abs(costs[-1] - costs[-2]) / n <= 1e-2:
            break
    found = start + ksh._descend(kernel, ksh._Residual(persons, 4), kernel @ start, 500, 1e-2)
    assert len(costs) > 5
    np.testing.assert_allclose(found, now, rtol=1e-6, atol=1e-8)
    assert cost(found) < cost(start)


def test_directions_that_the_descent_leaves_out_do_not_matter(monkeypatch):
    kernel, persons = small()
    weak = 1e-5 * np.random.default_rng(5).standard_normal((len(kernel), 3))
    kernel = np.hstack([kernel, weak - weak.mean(axis=0)])
    seen, descend = [], ksh._descend

    def counted(single, *rest):
        seen.append(single.shape[1])
        return descend(single, *rest)

    monkeypatch.setattr(ksh, "_descend", counted)
    _, found = ksh._learn(kernel, persons, 4, 500, 1e-2)
    monkeypatch.setattr(ksh, "_SMALLEST_SINGLE", 0.0)
    _, with_all = ksh._learn(kernel, persons, 4, 500, 1e-2)
    assert seen == [12] * 4 + [15] * 4
    np.testing.assert_allclose(found, with_all, rtol=1e-6)


def test_gradient_of_the_smooth_objective_is_that_of_finite_differences():
    kernel, persons = small()
    residual, w = ksh._Residual(persons, 4), np.random.default_rng(3).standard_normal(kernel.shape[1]) / 10
    y = sigmoid(kernel @ w)
    gradient = (residual.times(y) * (1 - y * y)) @ kernel  # of y'Sy: dy/dv is (1 - y²)/2, and the product rule gives 2
    for j in range(3):
        step = np.zeros_like(w)
        step[j] = 1e-6
        change = residual.gain(sigmoid(kernel @ (w + step))) - residual.gain(sigmoid(kernel @ (w - step)))
        assert gradient[j] == pytest.approx(change / 2e-6, rel=1e-6)


def test_kernel_of_new_vectors_uses_training_scale_and_mean(faces, rng):
    hasher = ksh.fit(faces.x, faces.labels, 3, rng, n_anchors=10)
    x, anchors = faces.x.astype(np.float64), hasher.anchors
    squares = np.square(x[:, None] - anchors).sum(axis=2)
    assert hasher.sigma == pytest.approx(squares.mean())
    mean = np.exp(-squares / (2 * squares.mean())).mean(axis=0)
    new = np.square(faces.new_x[:, None].astype(np.float64) - anchors).sum(axis=2)
    expected = (np.exp(-new / (2 * squares.mean())) - mean) @ hasher.weights
    np.testing.assert_allclose(hasher.project(faces.new_x), expected, rtol=1e-4, atol=1e-5)


def test_equal_anchors_do_not_break_the_eigenproblem(faces, rng):
    """Frames of a still face: the authors' matrix of the kernel is singular then."""
    x, labels = np.tile(faces.x[::10], (4, 1)), np.tile(faces.labels[::10], 4)
    hasher = ksh.fit(x, labels, 5, rng)
    assert np.isfinite(hasher.project(x)).all()
    assert (hasher.gains[:, 1] >= hasher.gains[:, 0]).all()


def test_labelled_vectors_of_one_identity_are_refused(faces):
    mostly = np.zeros(240, int)
    mostly[0] = 1
    with pytest.raises(UserError, match="labels hold 1 identity"):
        ksh.fit(faces.x, mostly, 3, np.random.default_rng(0), n_labelled=2)


def test_vectors_with_an_identity_each_are_learned_from():
    """The matrix of the relaxation is a multiple of the identity, of which LAPACK may return no leading eigenvector."""
    for n in (8, 30):
        x = np.random.default_rng(0).normal(size=(n, 6)).astype(np.float32)
        hasher = ksh.fit(x, np.arange(n), 4, np.random.default_rng(0))
        assert np.isfinite(hasher.project(x)).all()
        assert len(np.unique(hasher.bits(x), axis=0)) > 1


def test_the_full_solution_is_taken_only_where_the_subset_returns_none(monkeypatch):
    matrix = np.random.default_rng(0).standard_normal((9, 9))
    matrix, asked, eigh, empty = matrix + matrix.T, [], linalg.eigh, [False, True]
    expected = eigh(matrix)[1][:, -1]

    def noted(given, **subset):
        asked.append(bool(subset))
        values, vectors = eigh(given, **subset)
        return (values[:0], vectors[:, :0]) if subset and empty.pop(0) else (values, vectors)

    monkeypatch.setattr(ksh.linalg, "eigh", noted)
    for calls in ([True], [True, True, False]):
        found = ksh._leading(matrix)
        assert asked == calls
        assert found.shape == (9, 1)
        assert abs(found[:, 0] @ expected) == pytest.approx(1)


@pytest.mark.parametrize("scale", [1e20, 1e30, 1e-24, 1e-30])
@pytest.mark.filterwarnings("error")
def test_large_and_small_vectors_that_differ_are_not_called_equal(faces, scale):
    x = faces.x.astype(np.float64)
    fitted = ksh.fit((x * scale).astype(np.float32), faces.labels, 3, np.random.default_rng(0))
    assert fitted.sigma == pytest.approx(scale**2 * ksh.fit(x, faces.labels, 3, np.random.default_rng(0)).sigma)
    with pytest.raises(UserError, match="240 vectors are equal"):
        ksh.fit(np.full((240, 6), scale), faces.labels, 3, np.random.default_rng(0))
