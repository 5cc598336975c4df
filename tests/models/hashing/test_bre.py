"""BRE: coordinate steps against brute force over all thresholds."""

import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.models.hashing import bre


def objective(bits, first, second, targets):
    return 0.5 * np.square((bits[:, first] != bits[:, second]).mean(axis=0) - targets).sum()


def case(seed, n=25, n_bits=3):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, 4))
    kernel = x @ x.T
    first, second = bre._pairs(n, rng)
    extra = rng.integers(0, n, (2, 60))
    keep = extra[0] != extra[1]
    first, second = np.concatenate([first, extra[0][keep]]), np.concatenate([second, extra[1][keep]])
    targets = bre._targets(kernel, first, second, None)
    anchors = np.stack([rng.permutation(n)[:5] for _ in range(n_bits)])
    return kernel, first, second, targets, anchors, 0.1 * rng.standard_normal(anchors.shape)


def codes(kernel, anchors, weights):
    return np.stack([w @ kernel[a] for w, a in zip(weights, anchors, strict=True)]) > 0


@pytest.mark.parametrize("seed", range(8))
def test_a_step_is_the_best_of_all_thresholds(seed):
    """With a tolerance that ends after one round, and one bit: one weight at the best of all n + 1 intervals."""
    kernel, first, second, targets, anchors, weights = case(seed, n_bits=1)
    before = weights.copy()
    rng = np.random.default_rng(0)
    place = np.random.default_rng(0).integers(0, 5, 1)[0]
    found = bre._learn(kernel, anchors, weights, first, second, targets, 1e9, rng)
    slopes = kernel[anchors[0, place]]
    flips = np.sort(before[0, place] - (before[0] @ kernel[anchors[0]]) / slopes)
    candidates = np.concatenate([[flips[0] - 1], (flips[1:] + flips[:-1]) / 2, [flips[-1] + 1]])
    values = []
    for candidate in candidates:
        changed = before.copy()
        changed[0, place] = candidate
        values.append(objective(codes(kernel, anchors, changed), first, second, targets))
    assert found[-1] == pytest.approx(min(values), abs=1e-12)
    assert objective(codes(kernel, anchors, weights), first, second, targets) == pytest.approx(found[-1])
    if 0 < np.argmin(values) < len(flips):  # between two flips the weight is in the middle
        assert weights[0, place] == pytest.approx(candidates[np.argmin(values)])
    assert (np.delete(weights[0], place) == np.delete(before[0], place)).all()


@pytest.mark.parametrize("seed", range(3))
def test_the_objective_never_rises_and_is_that_of_the_codes(seed):
    kernel, first, second, targets, anchors, weights = case(seed)
    found = bre._learn(kernel, anchors, weights, first, second, targets, 0.0, np.random.default_rng(1))
    assert len(found) > 2
    assert (np.diff(found) <= 1e-9).all()
    assert objective(codes(kernel, anchors, weights), first, second, targets) == pytest.approx(found[-1])


def test_equal_points_flip_together(rng):
    """Between two equal flips there is no weight that turns one point only."""
    x = np.repeat(np.random.default_rng(2).standard_normal((8, 3)), 3, axis=0)
    hasher = bre.fit(x, 4, rng, n_anchors=4, tolerance=0)
    assert (np.diff(hasher.objective) <= 1e-9).all()


def test_distances_that_are_wanted(faces, rng):
    """½ ‖x − y‖² over its largest value, by plain loops; or whether identities differ."""
    x = faces.x[:30].astype(np.float64)
    first, second = np.array([0, 3, 7]), np.array([29, 8, 7])
    largest = max(np.square(a - b).sum() for a in x for b in x)
    expected = [np.square(x[i] - x[j]).sum() / largest for i, j in zip(first, second, strict=True)]
    assert bre._targets(x @ x.T, first, second, None) == pytest.approx(expected, abs=1e-12)
    assert bre._targets(x @ x.T, first, second, np.array([1] * 8 + [2] * 22)).tolist() == [1, 1, 0]


def test_a_twentieth_of_all_points_is_drawn_for_each_without_itself(rng):
    first, second = bre._pairs(200, rng)
    partners = [second[first == i] for i in range(200)]
    assert {len(p) for p in partners} <= {9, 10}
    assert all(len(set(p)) == len(p) and i not in p for i, p in enumerate(partners))


def test_scaling_each_vector_changes_training_but_not_the_rule_for_new_ones(faces, rng):
    hasher = bre.fit(faces.x, 6, rng)
    longer = hasher.mean + 3 * (faces.new_x - hasher.mean)
    np.testing.assert_array_equal(hasher.bits(longer), hasher.bits(faces.new_x))


def test_labels_bring_codes_of_one_identity_together(faces):
    def spread(hasher):
        bits = hasher.bits(faces.new_x)
        differing = (bits[:, None] != bits[None]).mean(axis=2)
        same = faces.new_labels[:, None] == faces.new_labels
        return differing[same].mean() / differing[~same].mean()

    unsupervised = bre.fit(faces.x, 16, np.random.default_rng(0))
    supervised = bre.fit(faces.x, 16, np.random.default_rng(0), labels=faces.labels)
    assert spread(supervised) < spread(unsupervised)


def test_bad_numbers_and_labels_are_refused(faces, rng):
    with pytest.raises(UserError, match="n_points=1"):
        bre.fit(faces.x, 4, rng, n_points=1)
    with pytest.raises(UserError, match="tolerance=-1"):
        bre.fit(faces.x, 4, rng, tolerance=-1)
    with pytest.raises(UserError, match="labels hold 1 identity"):
        bre.fit(faces.x, 4, rng, labels=faces.labels * 0)


def test_equal_vectors_are_refused(rng):
    with pytest.raises(UserError, match="all 5 vectors are equal"):
        bre.fit(np.full((5, 3), 0.1), 4, rng)
