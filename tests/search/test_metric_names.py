"""The six metrics of paper 000: three are distinct, and two of these rank alike on vectors of length 1."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from vretlib.errors import UserError
from vretlib.evaluation.ranking import rank
from vretlib.search.metric_names import METRIC_OF, metric_distances

RNG = np.random.default_rng(0)
XQ, XB = RNG.random((6, 32)), RNG.random((40, 32))

FORMULAS = {
    "Cosine": lambda x, y: 1 - (x @ y.T) / np.outer(np.linalg.norm(x, axis=1), np.linalg.norm(y, axis=1)),
    "Manhattan": lambda x, y: np.abs(x[:, None] - y).sum(axis=2),
    "Euclidian": lambda x, y: np.sqrt(((x[:, None] - y) ** 2).sum(axis=2)),
    "CityBlock": lambda x, y: cdist(x, y, "cityblock"),
    "L1": lambda x, y: np.linalg.norm(x[:, None] - y, ord=1, axis=2),
    "L2": lambda x, y: np.linalg.norm(x[:, None] - y, ord=2, axis=2),
}
"""Each from its own definition, so that the names coincide because the definitions do."""


@pytest.mark.parametrize("name", METRIC_OF)
def test_each_name_means_its_own_definition(name):
    np.testing.assert_allclose(metric_distances(name, XQ, XB), FORMULAS[name](XQ, XB), atol=1e-12)


def test_three_of_the_six_are_distinct():
    same = {
        frozenset(b for b in METRIC_OF if np.allclose(FORMULAS[a](XQ, XB), FORMULAS[b](XQ, XB), atol=1e-12))
        for a in METRIC_OF
    }
    assert same == {frozenset({"Cosine"}), frozenset({"Manhattan", "CityBlock", "L1"}), frozenset({"Euclidian", "L2"})}


def test_on_vectors_of_length_1_euclidean_ranks_as_cosine_and_l1_does_not():
    unit = [x / np.linalg.norm(x, axis=1, keepdims=True) for x in (XQ, XB)]
    by = {name: rank(-metric_distances(name, *unit)) for name in METRIC_OF}
    np.testing.assert_array_equal(by["Euclidian"], by["Cosine"])
    np.testing.assert_array_equal(by["L2"], by["Cosine"])
    assert (by["L1"] != by["Cosine"]).any()
    assert (rank(-metric_distances("L2", XQ, XB)) != rank(-metric_distances("Cosine", XQ, XB))).any()


def test_another_name_names_the_six():
    with pytest.raises(UserError, match="Cosine, Manhattan, Euclidian, CityBlock, L1, L2"):
        metric_distances("Chebyshev", XQ, XB)
