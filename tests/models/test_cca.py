"""Both versions of CCA, against Gong et al.'s eigenproblem as printed, hand-worked values and scikit-learn."""

import numpy as np
import pytest
from scipy import linalg
from sklearn.cross_decomposition import CCA

from vretlib.errors import UserError
from vretlib.models import cca


@pytest.fixture(scope="module")
def pairs():
    """Two views (200, 6) and (200, 9) of four hidden numbers, each clearer than the next."""
    rng = np.random.default_rng(3)
    hidden = rng.normal(size=(200, 4)) * [4, 2, 1, 0.5]
    views = (hidden @ rng.normal(size=(4, d)) + rng.normal(size=(200, d)) for d in (6, 9))
    return tuple(view.astype(np.float32) for view in views)


def cosines(a, b):
    a, b = (side / np.linalg.norm(side, axis=1, keepdims=True) for side in (a, b))
    return a @ b.T


def test_one_number_in_each_view_worked_out_by_hand():
    """x = -1, 0, 1 and y = -1, 1, 0: variances 1 and 1, covariance 1/2, so ρ = .5 without regularisation."""
    x, y = np.array([[-1], [0], [1]]), np.array([[-1], [1], [0]])
    found = cca.normalised(x, y, dims=1, regularisation=1e-9)
    np.testing.assert_allclose(found.correlations, [0.5], atol=1e-6)
    np.testing.assert_array_equal(found.images([[2.0]]), -found.images([[-3.0]]))
    half = cca.normalised(x, y, dims=1, regularisation=1.0)
    np.testing.assert_allclose(half.correlations, [0.5 / 2])  # every variance is 1 + 1


def test_normalised_is_the_generalised_eigenproblem_of_gong_et_al(pairs):
    """(C + rI) w = λ (blockdiag + rI) w, the projections of each view by λ^p, and then cosines."""
    x, y = (side.astype(np.float64) for side in pairs)
    both = np.cov(np.hstack([x, y]).T) + 1e-4 * np.eye(15)
    within = linalg.block_diag(both[:6, :6], both[6:, 6:])
    values, vectors = linalg.eigh(both, within)
    values, vectors = values[::-1][:4], vectors[:, ::-1][:, :4]
    found = cca.normalised(*pairs, dims=4)
    np.testing.assert_allclose(1 + found.correlations, values, atol=1e-9)
    expected = cosines((x - x.mean(0)) @ vectors[:6] * values**4, (y - y.mean(0)) @ vectors[6:] * values**4)
    np.testing.assert_allclose(found.images(x) @ found.texts(y).T, expected, atol=1e-5)


def test_the_larger_view_may_be_either(pairs):
    x, y = pairs
    one, other = cca.normalised(x, y, dims=5), cca.normalised(y, x, dims=5)
    np.testing.assert_allclose(one.images(x) @ one.texts(y).T, (other.images(y) @ other.texts(x).T).T, atol=1e-5)


def test_correlations_are_those_of_the_projections(pairs):
    for found in (cca.normalised(*pairs, dims=4, regularisation=1e-9), cca.as_authors(*pairs, dims=4)):
        along = [(side - mean) @ by for side, mean, by in zip(
            pairs, (found.image_mean, found.text_mean), (found.image_map, found.text_map), strict=True)]  # fmt: skip
        measured = [np.corrcoef(a, b)[0, 1] for a, b in zip(along[0].T, along[1].T, strict=True)]
        np.testing.assert_allclose(found.correlations, measured, atol=1e-6)


@pytest.mark.filterwarnings("ignore:Maximum number of iterations")
def test_as_authors_gives_the_scores_of_scikit_learn_when_it_has_converged(pairs):
    x, y = pairs
    rng = np.random.default_rng(4)
    new = rng.normal(size=(50, 6)).astype(np.float32), rng.normal(size=(50, 9)).astype(np.float32)
    theirs = CCA(4, tol=0, max_iter=20_000).fit(x.astype(np.float64), y.astype(np.float64))
    found = cca.as_authors(x, y, dims=4)
    for a, b in (pairs, new):
        scores_x, scores_y = theirs.transform(a.astype(np.float64), b.astype(np.float64))
        np.testing.assert_allclose(np.abs((a - found.image_mean) @ found.image_map), np.abs(scores_x), atol=1e-5)
        np.testing.assert_allclose(np.abs((b - found.text_mean) @ found.text_map), np.abs(scores_y), atol=1e-5)
        np.testing.assert_allclose(found.images(a) @ found.texts(b).T, cosines(scores_x, scores_y), atol=1e-5)


def test_as_authors_leaves_constant_columns_and_repeated_ones_alone(pairs):
    x, y = pairs
    wide = np.hstack([x, np.full((200, 1), 7, np.float32), x[:, :2]])
    one, other = cca.as_authors(x, y, dims=4), cca.as_authors(wide, y, dims=4)
    np.testing.assert_allclose(one.correlations, other.correlations, atol=1e-9)


def test_the_two_versions_weigh_the_same_directions_differently(pairs):
    one, other = cca.normalised(*pairs, dims=4, regularisation=1e-9), cca.as_authors(*pairs, dims=4)
    directions = [m / np.linalg.norm(m, axis=0) for m in (one.image_map, other.image_map)]
    np.testing.assert_allclose(np.abs((directions[0] * directions[1]).sum(0)), 1, atol=1e-3)
    assert (
        np.abs(one.images(pairs[0]) @ one.texts(pairs[1]).T - other.images(pairs[0]) @ other.texts(pairs[1]).T).max()
        > 0.1
    )


def test_at_most_as_many_directions_as_correlate(pairs):
    assert cca.normalised(*pairs, dims=128).dims == 6
    with pytest.raises(UserError, match="no direction"):
        cca.normalised(np.ones((5, 2)), np.arange(10).reshape(5, 2))


@pytest.mark.parametrize(
    ("images", "texts", "message"),
    [
        (np.ones((1, 3)), np.ones((1, 2)), "at least 2"),
        (np.ones((4, 3)), np.ones((5, 2)), "5 rows"),
        (np.array([[1.0, np.nan], [0, 1]]), np.ones((2, 2)), "NaN"),
    ],
)
def test_pairs_that_cannot_be_used_are_refused(images, texts, message):
    for fit in (cca.normalised, cca.as_authors):
        with pytest.raises(UserError, match=message):
            fit(images, texts)
