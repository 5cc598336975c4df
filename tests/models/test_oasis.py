import numpy as np
import pytest
import torch
from scipy.optimize import minimize

from vretlib.errors import UserError
from vretlib.models.oasis import Oasis, _learn
from vretlib.models.pairs import random_triplets


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def one_update(M, c, x, y, z):
    M, losses = M.copy(), np.empty(1)
    _learn(M, c, np.array([x, y, z], float), *(np.array([row]) for row in range(3)), losses)
    return M, losses[0]


def test_an_update_worked_out_by_hand():
    """M = I, x = (1, 0), y = (0, 1), z = (1, 0): x·My = 0, x·Mz = 1, loss 2. V = x (y - z)ᵀ = [[-1, 1], [0, 0]] has
    ‖V‖² = 2, so tau = min(C, 1) and M = [[1 - tau, tau], [0, 1]].
    """
    x, y, z = (1, 0), (0, 1), (1, 0)
    M, loss = one_update(np.eye(2), 10.0, x, y, z)
    assert loss == 2
    np.testing.assert_allclose(M, [[0, 1], [0, 1]])
    M, _ = one_update(np.eye(2), 0.25, x, y, z)
    np.testing.assert_allclose(M, [[0.75, 0.25], [0, 1]])


def test_a_triplet_that_is_already_apart_by_one_changes_nothing():
    M, loss = one_update(np.eye(2), 1.0, (2, 0), (1, 0), (0.5, 3))  # x·y = 2, x·z = 1
    assert loss == 0
    np.testing.assert_array_equal(M, np.eye(2))


def test_equal_images_of_two_classes_change_nothing():
    M, loss = one_update(np.eye(2), 1.0, (1, 0), (0, 1), (0, 1))
    assert loss == 1
    np.testing.assert_array_equal(M, np.eye(2))


@pytest.mark.parametrize("c", [0.05, 0.3, 5.0])
@pytest.mark.parametrize("seed", range(4))
def test_the_update_solves_equation_2_8(c, seed):
    """Against a numeric optimum over the entries of M and the slack ξ."""
    rng = np.random.default_rng(seed)
    before, (x, y, z) = np.eye(3) + 0.2 * rng.normal(size=(3, 3)), rng.normal(size=(3, 3))
    found = minimize(
        lambda v: 0.5 * np.square(v[:9] - before.ravel()).sum() + c * v[9],
        np.append(before.ravel(), 5.0),
        jac=lambda v: np.append(v[:9] - before.ravel(), c),
        bounds=[(None, None)] * 9 + [(0, None)],
        constraints={
            "type": "ineq",
            "fun": lambda v: v[9] - 1 + x @ v[:9].reshape(3, 3) @ (y - z),
            "jac": lambda v: np.append(np.outer(x, y - z), 1),
        },
        method="SLSQP",
        options={"ftol": 1e-12, "maxiter": 500},
    )
    assert found.success
    M, _ = one_update(before, c, x, y, z)
    np.testing.assert_allclose(M, found.x[:9].reshape(3, 3), atol=1e-5)


def test_training_is_one_update_after_another(described):
    model, M, expected = Oasis(16), np.eye(16), []
    losses = model.fit(described.x, described.labels, n_triplets=200, generator=seeded(), progress=False)
    for ids in zip(*random_triplets(described.labels, 200, seeded()), strict=True):
        x, y, z = described.x[[int(i) for i in ids]].astype(float)
        V = np.outer(x, y - z)
        loss = max(0.0, 1 - x @ M @ (y - z))
        M += min(0.1, loss / np.square(V).sum()) * V
        expected.append(loss)
    np.testing.assert_allclose(model.M, M, atol=1e-12)
    np.testing.assert_allclose(losses, expected, atol=1e-12)


def test_scores_start_as_the_cosine_and_are_bilinear(described):
    xq, xb = described.new_x[:5], described.x[:30]
    model = Oasis(16)
    np.testing.assert_allclose(model.scores(xq, xb), xq @ xb.T, atol=1e-6)
    model.M = np.random.default_rng(0).normal(size=(16, 16))
    expected = [[q @ model.M @ b for b in xb.astype(float)] for q in xq.astype(float)]
    np.testing.assert_allclose(model.scores(xq, xb), expected, rtol=1e-5, atol=1e-5)
    assert model.scores(xq, xb).dtype == np.float32


def test_new_images_of_the_classes_are_separated_better_than_by_the_cosine(described):
    model = Oasis(16)
    losses = model.fit(described.x, described.labels, n_triplets=20_000, generator=seeded(), progress=False)
    assert losses[-1000:].mean() < 0.5 * losses[:1000].mean()
    same = described.new_labels[:, None] == described.labels[None]

    def right(scores):
        return same[np.arange(len(scores)), scores.argmax(axis=1)].mean()

    cosine = right(described.new_x @ described.x.T)
    assert right(model.scores(described.new_x, described.x)) > cosine + 0.1


def test_another_call_goes_on_from_where_the_first_ended(described):
    def fit(model, seed):
        return model.fit(described.x, described.labels, n_triplets=50, generator=seeded(seed), progress=False)

    model, other = Oasis(16), Oasis(16)
    fit(model, 0)
    other.M = model.M.copy()
    assert not np.array_equal(other.M, np.eye(16))
    np.testing.assert_array_equal(fit(model, 1), fit(other, 1))
    np.testing.assert_array_equal(model.M, other.M)


def test_bad_input_is_refused(described):
    with pytest.raises(UserError, match="c=0"):
        Oasis(4, 0)
    with pytest.raises(UserError, match=r"\(n, 8\)"):
        Oasis(8).fit(described.x, described.labels, n_triplets=1, generator=seeded())
    with pytest.raises(UserError, match=r"\(n, 8\)"):
        Oasis(8).scores(described.x, described.x)


@pytest.mark.parametrize("change", [-1, 1])
def test_labels_for_other_descriptors_are_refused(described, change):
    """The kernel would read rows that are not there, or learn from the wrong classes."""
    labels = np.resize(described.labels, len(described.x) - change)
    with pytest.raises(UserError, match="labels has"):
        Oasis(16).fit(described.x, labels, n_triplets=5, generator=seeded(), progress=False)
