import tracemalloc

import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.search import similarity
from vretlib.search.similarity import METRICS, distances, scores

X = [[1.0, 2.0, 2.0], [0.0, 0.0, 3.0]]
Y = [[1.0, 2.0, 2.0], [-2.0, -4.0, -4.0], [4.0, 0.0, -3.0], [0.0, 0.0, 0.0]]


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        ("l1", [[0, 15, 10, 5], [4, 13, 10, 3]]),
        ("euclidean", [[0, 9, 38**0.5, 3], [6**0.5, 69**0.5, 52**0.5, 3]]),
        ("cosine", [[0, 2, 1 + 2 / 15, 1], [1 / 3, 5 / 3, 1.6, 1]]),
    ],
)
def test_distances_by_hand(metric, expected):
    np.testing.assert_allclose(distances(X, Y, metric), expected, rtol=1e-15, atol=1e-15)


def test_scores_are_the_cosine_or_negative_distances():
    np.testing.assert_allclose(scores(X, Y, "cosine"), 1 - distances(X, Y, "cosine"), rtol=1e-6, atol=1e-7)
    for metric in ("l1", "euclidean"):
        np.testing.assert_allclose(scores(X, Y, metric), -distances(X, Y, metric), rtol=1e-6)
    assert scores(X, Y, "l1").dtype == np.float32


def test_hamming_counts_places_that_differ_packed_or_not():
    rng = np.random.default_rng(1)
    xq, xb = rng.random((4, 37)) < 0.5, rng.random((50, 37)) < 0.5
    expected = (xq[:, None] != xb[None]).sum(axis=2)
    for pack in (lambda x: x, lambda x: np.packbits(x, axis=1), lambda x: x.astype(np.uint8)):
        np.testing.assert_array_equal(distances(pack(xq), pack(xb), "hamming"), expected)
        np.testing.assert_array_equal(scores(pack(xq), pack(xb), "hamming"), -expected)


@pytest.mark.parametrize("metric", METRICS)
def test_blocks_do_not_change_the_result(metric, monkeypatch):
    rng = np.random.default_rng(2)
    xq, xb = rng.standard_normal((5, 16)), rng.standard_normal((103, 16))
    if metric == "hamming":
        xq, xb = xq > 0, xb > 0
    whole = scores(xq, xb, metric)
    monkeypatch.setattr(similarity, "_NUMBERS_AT_ONCE", 160)
    np.testing.assert_array_equal(scores(xq, xb, metric), whole)


@pytest.mark.parametrize("metric", ["l1", "euclidean", "cosine"])
def test_axioms_hold_for_copies_far_from_the_origin(metric):
    """A distance from |x|² + |y|² − 2xy would leave some 1e-5 between copies here."""
    x = 1000 + np.random.default_rng(3).standard_normal((6, 64)).astype(np.float32)
    table = distances(x, x, metric)
    np.testing.assert_allclose(np.diag(table), 0, atol=1e-15)
    np.testing.assert_array_equal(table, table.T)
    assert (table >= 0).all()


def test_l1_needs_little_memory_beside_its_result():
    xq, xb = np.ones((50, 512), np.float32), np.ones((20_000, 512), np.float32)
    tracemalloc.start()
    result = scores(xq, xb, "l1")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak - result.nbytes < 100 * 2**20  # all differences at once would be 2 GiB


@pytest.mark.parametrize("metric", METRICS)
def test_no_query_or_no_item_gives_an_empty_table(metric):
    some, none = np.ones((3, 8), np.uint8), np.ones((0, 8), np.uint8)
    assert scores(none, some, metric).shape == (0, 3)
    assert scores(some, none, metric).shape == (3, 0)


@pytest.mark.parametrize(
    ("xq", "xb", "metric", "says"),
    [
        (X, Y, "angle", "metric='angle': expected one of cosine, euclidean, l1, hamming"),
        (X, [[1.0, 2.0]], "l1", "xq is float64 of 3 dimensions, xb float64 of 2"),
        (X[0], Y, "cosine", r"xq is float64 of shape \(3,\); cosine expects real numbers"),
        (X, [[0, 0, 0], [1, 1, 1], [1, np.nan, 1]], "euclidean", "xb, row 2: NaN or infinity"),
        ([[0, np.inf, 0]], Y, "cosine", "xq, row 0: NaN or infinity"),
        (X, Y, "hamming", "xq is float64 of shape .*; hamming expects bool or uint8"),
        (np.ones((2, 8), bool), np.ones((2, 8), np.uint8), "hamming", "xq is bool of 8 dimensions, xb uint8"),
        (np.ones((2, 8), np.uint16), np.ones((2, 8), np.uint16), "hamming", "uint16"),
    ],
)
def test_bad_input_says_what_was_expected(xq, xb, metric, says):
    with pytest.raises(UserError, match=says):
        scores(xq, xb, metric)


def test_a_bad_row_of_a_later_block_is_named_by_its_place_in_the_database(monkeypatch):
    monkeypatch.setattr(similarity, "_NUMBERS_AT_ONCE", 30)
    xb = np.zeros((40, 3))
    xb[37, 1] = np.nan
    with pytest.raises(UserError, match="xb, row 37"):
        scores(X, xb, "cosine")
