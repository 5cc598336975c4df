import numpy as np
import pytest

from vretlib import parallel
from vretlib.errors import UserError
from vretlib.search import _products, exact

METRICS = ("cosine", "euclidean", "inner_product")


def brute_force(xq, xb, metric):
    """All scores in double precision, with numpy's own sums, rounded to float32."""
    xq, xb = np.asarray(xq, np.float64), np.asarray(xb, np.float64)
    if metric == "euclidean":
        return -np.sqrt(((xq[:, None] - xb[None]) ** 2).sum(axis=2)).astype(np.float32)
    if metric == "cosine":
        norms = np.linalg.norm(xq, axis=1)[:, None] * np.linalg.norm(xb, axis=1)
        return np.divide(xq @ xb.T, norms, out=np.zeros_like(norms), where=norms > 0).astype(np.float32)
    return (xq @ xb.T).astype(np.float32)


def small_integers(rng, n, d):
    """Vectors whose products and squared distances float32 holds exactly, so that ties abound and are real."""
    return rng.integers(-2, 3, (n, d)).astype(np.float32)


@pytest.mark.parametrize("metric", ["euclidean", "inner_product"])
@pytest.mark.parametrize("nq", [1, 3, 40])  # one pass, one pass, matrix products
@pytest.mark.parametrize(("nb", "d", "k"), [(1, 1, 1), (50, 3, 50), (5000, 7, 20), (9001, 33, 100)])
def test_equals_a_stable_sort_of_all_scores_where_ties_abound(metric, nq, nb, d, k):
    rng = np.random.default_rng(nb + nq)
    xq, xb = small_integers(rng, nq, d), small_integers(rng, nb, d)
    expected = brute_force(xq, xb, metric)
    order = np.argsort(-expected, axis=1, kind="stable")[:, :k]
    scores, ids = exact.knn(xq, xb, k, metric)
    np.testing.assert_array_equal(ids, order)
    np.testing.assert_array_equal(scores, np.take_along_axis(expected, order, axis=1))
    assert scores.dtype == np.float32
    assert ids.dtype == np.int64


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("nq", [2, 30])
def test_finds_the_best_of_random_vectors_of_very_different_lengths(metric, nq):
    rng = np.random.default_rng(nq)
    xq, xb = rng.standard_normal((nq, 64)), rng.standard_normal((20_000, 64))
    xq, xb = (x * 10.0 ** rng.uniform(-3, 3, (len(x), 1)) for x in (xq, xb))
    xq, xb = xq.astype(np.float32), xb.astype(np.float32)
    expected = brute_force(xq, xb, metric)
    scores, ids = exact.knn(xq, xb, 50, metric)
    np.testing.assert_allclose(scores, -np.sort(-expected, axis=1)[:, :50], rtol=3e-7)
    np.testing.assert_allclose(scores, np.take_along_axis(expected, ids, axis=1), rtol=3e-7)
    assert all(len(set(row)) == 50 for row in ids.tolist())


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("scale", [1e-30, 1e-18, 1e-6, 1e12, 1e17])
def test_vectors_whose_float32_products_underflow_or_overflow_are_searched_all_the_same(metric, scale):
    rng = np.random.default_rng(5)
    xq = (scale * rng.standard_normal((9, 16))).astype(np.float32)
    xb = np.concatenate([rng.standard_normal((500, 16)), scale * rng.standard_normal((500, 16))]).astype(np.float32)
    expected = brute_force(xq, xb, metric)
    scores, ids = exact.knn(xq, xb, 30, metric)
    np.testing.assert_allclose(scores, -np.sort(-expected, axis=1)[:, :30], rtol=3e-7, atol=0)
    np.testing.assert_allclose(scores, np.take_along_axis(expected, ids, axis=1), rtol=3e-7, atol=0)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("angle", ["near", "orthogonal"])
@pytest.mark.parametrize(("q_scale", "x_scale"), [(1, 1), (1, 1e-25), (1, 1e17), (1e-32, 1e-11), (1e17, 1e-10)])
def test_what_float32_products_cannot_tell_apart_comes_in_its_true_order(metric, angle, q_scale, x_scale):
    """A thousand vectors along the query or orthogonal to it, which differ by less than the error of a product.

    Some of the scales are such that float32 holds the vectors, but neither their squares nor their products.
    """
    rng = np.random.default_rng(6)
    query, noise = rng.standard_normal(512), rng.standard_normal((1000, 512))
    orthogonal = noise - np.outer(noise @ query, query) / (query @ query)
    xb = query + 1e-5 * noise if angle == "near" else orthogonal
    xq, xb = np.tile(q_scale * query, (20, 1)).astype(np.float32), (x_scale * xb).astype(np.float32)
    order = np.argsort(-brute_force(xq[:1], xb, metric), axis=1, kind="stable")[0, :10]
    for queries in (xq[:1], xq):
        ids = exact.knn(queries, xb, 10, metric)[1]
        np.testing.assert_array_equal(ids, np.repeat(order[None], len(queries), axis=0))


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("q_scale", [1, 1e2, 1e5])
@pytest.mark.parametrize("nq", [1, 40])
def test_of_scores_that_float32_makes_equal_the_smaller_id_comes_first(metric, q_scale, nq):
    """Beside a long query, short vectors are equally far; products tell them apart, and their order must not count."""
    rng = np.random.default_rng(0)
    xq, xb = q_scale * rng.normal(size=(nq, 7)), 0.01 * rng.normal(size=(3000, 7))
    everything = exact.knn(xq, xb, len(xb), metric)
    for k in (1, 30, 2000):
        for found, expected in zip(exact.knn(xq, xb, k, metric), everything, strict=True):
            np.testing.assert_array_equal(found, expected[:, :k])


def test_vectors_far_away_whose_squares_float32_rounds_come_in_their_true_order():
    """Neighbouring float32 numbers, 4,096 times each: the errors of their squares add up to more than they differ by.

    The query is so short that only the error of |x|² is left.
    """
    rng = np.random.default_rng(10)
    steps = rng.permutation(1000)
    xb = np.repeat((1 + steps * 2.0**-23).astype(np.float32)[:, None], 4096, axis=1)
    xq = np.full((20, 4096), 1e-9, np.float32)
    for queries in (xq[:1], xq):
        ids = exact.knn(queries, xb, 10, "euclidean")[1]
        np.testing.assert_array_equal(steps[ids], np.tile(np.arange(10), (len(queries), 1)))


@pytest.mark.parametrize("rows", [1, 2, 3, 8, 9])
def test_one_pass_leaves_no_row_out(rows):
    rng = np.random.default_rng(rows)
    queries, block = (small_integers(rng, n, 5) for n in (3, rows))
    products, squares = np.full((rows, 3), np.nan, np.float32), np.full(rows, np.nan, np.float32)
    _products.products_and_squares(queries, block, products, squares)
    np.testing.assert_array_equal(products, block @ queries.T)
    np.testing.assert_array_equal(squares, (block**2).sum(axis=1))


@pytest.mark.parametrize("metric", METRICS)
def test_one_query_and_many_and_any_number_of_threads_agree_to_the_bit(metric, monkeypatch):
    rng = np.random.default_rng(7)
    xb = np.tile(rng.standard_normal((1000, 48)).astype(np.float32), (30, 1))  # ties across blocks and threads
    xq = rng.standard_normal((25, 48)).astype(np.float32)  # one pass for one query, matrix products for all
    together = exact.knn(xq, xb, 40, metric)
    for n in (1, 3):
        monkeypatch.setattr(parallel, "n_threads", lambda n=n: n)
        one_by_one = [exact.knn(xq[i : i + 1], xb, 40, metric) for i in range(len(xq))]
        for whole, parts in zip(together, zip(*one_by_one, strict=True), strict=True):
            np.testing.assert_array_equal(whole, np.concatenate(parts))
    np.testing.assert_array_equal(together[1][:, 1:30], together[1][:, :1] + 1000 * np.arange(1, 30))


def test_a_zero_vector_has_cosine_zero_and_distance_its_norm():
    xb = np.array([[-1.0, 0.0], [0.0, 0.0], [3.0, 4.0]])
    scores, ids = exact.knn([[1.0, 0.0], [0.0, 0.0]], xb, 3)
    np.testing.assert_array_equal(ids, [[2, 1, 0], [0, 1, 2]])
    np.testing.assert_array_equal(scores, np.array([[0.6, 0, -1], [0, 0, 0]], np.float32))
    np.testing.assert_array_equal(exact.knn([[0.0, 0.0]], xb, 3, "euclidean")[0], [[0, -1, -5]])


@pytest.mark.parametrize("nq", [1, 20])
def test_a_database_mapped_from_a_file_and_other_dtypes_are_read_as_float32(nq, tmp_path):
    rng = np.random.default_rng(8)
    xb, xq = rng.standard_normal((3000, 20)).astype(np.float16), rng.standard_normal((nq, 20))
    np.save(tmp_path / "xb.npy", xb)
    mapped = np.load(tmp_path / "xb.npy", mmap_mode="r")
    expected = exact.knn(xq.astype(np.float32), xb.astype(np.float32), 5)
    for given in (mapped, xb.astype(np.float64), np.asfortranarray(xb)):
        for one, other in zip(exact.knn(xq, given, 5), expected, strict=True):
            np.testing.assert_array_equal(one, other)


def test_no_query_gives_no_answer():
    scores, ids = exact.knn(np.zeros((0, 4)), np.ones((5, 4)), 2)
    assert scores.shape == ids.shape == (0, 2)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("nq", [1, 20])
def test_a_value_that_is_not_finite_names_its_row(value, metric, nq):
    rng = np.random.default_rng(9)
    xb, xq = rng.standard_normal((7000, 8)), rng.standard_normal((nq, 8))
    xb[4321, 3] = value
    with pytest.raises(UserError, match="xb, row 4321: NaN or infinity"):
        exact.knn(xq, xb, 5, metric)
    with pytest.raises(UserError, match=f"xq, row {nq - 1}: NaN or infinity"):
        exact.knn(np.where(np.arange(nq)[:, None] == nq - 1, value, xq), rng.standard_normal((9, 8)), 5, metric)


@pytest.mark.parametrize(
    ("xq", "xb", "k", "metric", "says"),
    [
        (np.ones((1, 3)), np.ones((2, 4)), 1, "cosine", "xq has 3 dimensions, xb 4"),
        (np.ones((1, 3)), np.ones((2, 3)), 3, "cosine", "k=3: expected 1 to 2"),
        (np.ones((1, 3)), np.ones((2, 3)), 0, "cosine", "k=0"),
        (np.ones((1, 3)), np.ones((0, 3)), 1, "cosine", "k=1: expected 1 to 0"),
        (np.ones(3), np.ones((2, 3)), 1, "cosine", r"xq is float64 of shape \(3,\)"),
        (np.ones((1, 3)), np.ones((2, 3), complex), 1, "cosine", "xb is complex128"),
        (np.ones((1, 3)), np.ones((2, 3)), 1, "manhattan", "metric='manhattan': expected one of cosine"),
        (np.ones((1, 3)), np.full((2, 3), 1e300), 1, "cosine", "xb, row 0: NaN or infinity, or"),
        (np.full((1, 3), 1e30), np.full((2, 3), 1e30), 1, "inner_product", "a score beyond float32"),
    ],
)
def test_bad_input_says_what_was_expected(xq, xb, k, metric, says):
    with pytest.raises(UserError, match=says):
        exact.knn(xq, xb, k, metric)
