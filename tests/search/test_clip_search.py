from itertools import pairwise

import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.search import clip_search
from vretlib.search.clip_search import clip_scores


def test_scores_are_the_largest_cosine_of_each_clip(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    xq, xb = rng.normal(size=(23, 8)), rng.normal(size=(40, 8)) * rng.uniform(0.1, 9, (40, 1))
    offsets = [0, 3, 4, 20, 40]
    expected = [
        [max(q @ v / np.linalg.norm(q) / np.linalg.norm(v) for v in xb[a:b]) for a, b in pairwise(offsets)] for q in xq
    ]
    np.testing.assert_allclose(clip_scores(xq, xb, offsets), expected, atol=1e-6)
    monkeypatch.setattr(clip_search, "_PRODUCTS", 100)  # two queries at a time
    np.testing.assert_allclose(clip_scores(xq, xb, offsets), expected, atol=1e-6)


def test_a_clip_without_vectors_ranks_last() -> None:
    scores = clip_scores([[1.0, 0.0]], [[-1.0, 0.0], [1.0, 1.0]], [0, 0, 1, 2, 2])
    np.testing.assert_allclose(scores, [[-np.inf, -1, np.sqrt(0.5), -np.inf]], atol=1e-6)
    assert clip_scores([[1.0, 0.0]], np.empty((0, 2)), [0, 0]).tolist() == [[-np.inf]]
    assert clip_scores(np.empty((0, 2)), [[1.0, 0.0]], [0, 1]).shape == (0, 1)


def test_inner_products_are_cosines_of_unit_vectors() -> None:
    x = np.random.default_rng(3).normal(size=(30, 5))
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    both = [clip_scores(x[:9], x[9:], [0, 4, 21], metric) for metric in ("cosine", "inner_product")]  # type: ignore[arg-type]
    np.testing.assert_allclose(*both, atol=1e-6)
    assert clip_scores([[2.0]], [[3.0], [1.0]], [0, 1, 2], "inner_product").tolist() == [[6, 2]]
    with pytest.raises(UserError, match="metric="):
        clip_scores([[2.0]], [[3.0]], [0, 1], "l1")  # type: ignore[arg-type]


def test_zero_vectors_have_cosine_0() -> None:
    assert clip_scores([[0.0, 0.0], [1.0, 0.0]], [[0.0, 0.0]], [0, 1]).tolist() == [[0], [0]]


@pytest.mark.parametrize(
    ("xq", "xb", "offsets", "says"),
    [
        ([[1.0]], [[1.0, 2.0]], [0, 1], "dimensions"),
        ([[1.0]], [[1.0]], [0, 2], "offsets"),
        ([[1.0]], [[1.0]], [1, 1], "offsets"),
        ([[np.nan]], [[1.0]], [0, 1], "finite"),
        ([1.0], [[1.0]], [0, 1], "shape"),
    ],
)
def test_what_does_not_fit_is_refused(xq: list, xb: list, offsets: list, says: str) -> None:
    with pytest.raises(UserError, match=says):
        clip_scores(xq, xb, offsets)


@pytest.mark.parametrize("metric", ["cosine", "inner_product"])
def test_what_is_no_number_has_no_score(metric):
    x = np.ones((3, 4))
    for bad in (np.nan, np.inf, 1e300):
        spoilt = np.where(np.arange(12).reshape(3, 4) == 5, bad, x)
        for xq, xb in ((spoilt, x), (x, spoilt)):
            with pytest.raises(UserError, match=r"row 1: (NaN|beyond)"):
                clip_scores(xq, xb, [0, 1, 3], metric)


def test_lengths_of_very_large_and_very_small_vectors_do_not_matter():
    x = np.array([[3.0, 4.0], [4.0, 3.0]])
    for scale in (1e-30, 1e30):
        np.testing.assert_allclose(clip_scores(x * scale, x, [0, 1, 2]), [[1, 0.96], [0.96, 1]], rtol=1e-6)
    with pytest.raises(UserError, match="beyond float32"):
        clip_scores(x * 1e30, x * 1e30, [0, 2], "inner_product")


def test_a_clip_is_as_good_as_its_best_vector() -> None:
    axes = np.eye(8, dtype=np.float32)
    xb = np.concatenate([axes[[0, 1]], 0.5 * axes[[2, 2]]])
    vectors = clip_search.ClipVectors(axes[[1]], xb, np.array([0, 2, 3, 4]))
    assert vectors.scores.tolist() == [[1, 0, 0]]
    assert vectors.ranking.tolist() == [[0, 1, 2]]
    assert vectors.n_bytes == 4 * 8 * 4
    assert vectors.best_row(0, 0) == 1
    with pytest.raises(UserError, match="clip 1 has no vectors"):
        clip_search.ClipVectors(axes[[1]], xb, np.array([0, 4, 4])).best_row(0, 1)


def test_each_query_looks_in_its_own_range() -> None:
    x = np.eye(4)
    assert clip_search.nearest_in(x[[3, 3, 0]], x, [[0, 4], [0, 2], [1, 3]]).tolist() == [3, 0, 1]
