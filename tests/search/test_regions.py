"""Re-ranking by regions and query expansion, against values worked by hand and a loop over images."""

import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.evaluation.ranking import rank
from vretlib.search.regions import expand, rerank, rerank_by_class


def collection(n=30, r=9, d=24, nq=4, seed=0):
    rng = np.random.default_rng(seed)
    regions = rng.standard_normal((n, r, d)) * rng.uniform(0.1, 50, (n, r, 1))
    rankings = np.stack([rng.permutation(n) for _ in range(nq)])
    return rng.standard_normal((nq, d)), regions, rng.integers(0, r + 1, n), rankings


def by_a_loop(xq, regions, n_regions, ranking, n_top):
    """The authors' steps in double precision: cosines of one image at a time, a stable sort of the first N."""
    rankings, boxes, scores = [], [], []
    for q, ids in zip(xq, ranking, strict=True):
        found = []
        for i in ids[:n_top]:
            x = regions[i, : n_regions[i]].astype(np.float64)
            cosines = x @ q / (np.linalg.norm(x, axis=1) * np.linalg.norm(q))
            found.append((cosines.max(), int(cosines.argmax())) if len(x) else (-np.inf, -1))
        order = sorted(range(len(found)), key=lambda place: -found[place][0])
        rankings.append([*ids[:n_top][order], *ids[n_top:]])
        boxes.append([found[place][1] for place in order])
        scores.append([found[place][0] for place in order])
    return np.array(rankings), np.array(boxes), np.array(scores)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("n_top", [12, 1000])
def test_the_first_images_are_ordered_as_by_a_loop_over_images(dtype, n_top):
    xq, regions, n_regions, ranking = collection()
    regions = regions.astype(dtype)
    found = rerank(xq, regions, n_regions, ranking, n_top)
    rankings, boxes, scores = by_a_loop(xq, regions, n_regions, ranking, n_top)
    np.testing.assert_array_equal(found.ranking, rankings)
    np.testing.assert_array_equal(found.region, boxes)
    np.testing.assert_allclose(found.scores, scores, atol=1e-7)
    assert found.region.shape == (4, min(n_top, 30))


@pytest.mark.parametrize("layout", ["strided", "other byte order"])
def test_how_float16_lies_in_memory_changes_nothing(layout):
    xq, regions, n_regions, ranking = collection()
    half = regions.astype(np.float16)
    other = np.repeat(half, 2, axis=1)[:, ::2] if layout == "strided" else half.astype(">f2")
    ours, theirs = rerank(xq, half, n_regions, ranking, 9), rerank(xq, other, n_regions, ranking, 9)
    np.testing.assert_array_equal(ours.ranking, theirs.ranking)
    np.testing.assert_array_equal(ours.scores, theirs.scores)


def test_every_number_of_sixteen_bits_is_read_as_numpy_reads_it():
    """Subnormal numbers and negative zero too: a region of one number per kind has the cosine sign(q x)."""
    every = np.arange(1 << 16, dtype=np.uint16).view(np.float16)
    every = every[np.isfinite(every)]
    regions = np.stack([every, np.ones_like(every)], axis=1)[:, None]
    wide = regions[:, 0].astype(np.float64)
    found = rerank([[1.0, 0.0]], regions, np.ones(len(every), int), [np.arange(len(every))], len(every))
    cosines = wide[:, 0] / np.linalg.norm(wide, axis=1)
    np.testing.assert_allclose(found.scores[0], cosines[found.ranking[0]], rtol=1e-6, atol=1e-12)


def test_the_tail_stays_and_images_of_equal_score_keep_their_order():
    regions = np.array([[[1.0, 0]], [[0, 1.0]], [[3.0, 0]], [[0, 2.0]], [[1.0, 0]]])
    found = rerank([[1.0, 0]], regions, [1] * 5, [[3, 2, 1, 0, 4]], n_top=4)
    assert found.ranking.tolist() == [[2, 0, 3, 1, 4]]
    assert found.scores.tolist() == [[1, 1, 0, 0]]


def test_of_equal_regions_the_first_is_the_best_and_what_follows_the_regions_is_not_read():
    regions = np.array([[[0, 1.0], [2.0, 0], [1.0, 0], [np.nan, np.nan]]])
    assert rerank([[1.0, 0]], regions, [3], [[0]]).region.tolist() == [[1]]


def test_an_image_without_regions_comes_last_of_the_first_images_and_has_no_box():
    regions = np.array([[[1.0, 0]], [[-1.0, 0]], [[1.0, 0]]])
    found = rerank([[1.0, 0]], regions, [0, 1, 1], [[0, 1, 2]], n_top=2)
    assert found.ranking.tolist() == [[1, 0, 2]]
    assert found.region.tolist() == [[0, -1]]
    assert found.scores.tolist() == [[-1, -np.inf]]
    boxes = found.boxes(np.arange(12).reshape(3, 1, 4))
    np.testing.assert_array_equal(boxes, [[[4, 5, 6, 7], [np.nan] * 4]])


def test_no_image_has_a_region():
    found = rerank([[1.0, 0]], np.zeros((2, 0, 2)), [0, 0], [[1, 0]])
    assert found.ranking.tolist() == [[1, 0]]
    assert np.isnan(found.boxes(np.zeros((2, 0, 4)))).all()
    assert rerank_by_class(np.zeros((2, 0, 3)), [0, 0], [1], [[1, 0]]).region.tolist() == [[-1, -1]]


def test_no_queries_and_a_query_of_zeros():
    regions = np.ones((2, 1, 2))
    assert rerank(np.zeros((0, 2)), regions, [1, 1], np.zeros((0, 2), int)).ranking.shape == (0, 2)
    found = rerank(np.zeros((1, 2)), regions, [1, 1], [[1, 0]])
    assert found.ranking.tolist() == [[1, 0]]
    assert found.scores.tolist() == [[0, 0]]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_a_region_that_is_read_and_is_no_number_is_named(dtype):
    regions = np.ones((3, 2, 2), dtype)
    regions[1, 1] = np.inf
    with pytest.raises(UserError, match="image 1, region 1"):
        rerank([[1.0, 1.0]], regions, [2, 2, 2], [[0, 1, 2]])
    assert rerank([[1.0, 1.0]], regions, [2, 2, 2], [[0, 2, 1]], n_top=2).ranking.tolist() == [[0, 2, 1]]


def test_an_id_outside_and_other_dimensions_are_refused():
    with pytest.raises(UserError, match="ranking holds 2"):
        rerank([[1.0, 0]], np.ones((2, 1, 2)), [1, 1], [[0, 2]])
    with pytest.raises(UserError, match="xq has 3 dimensions, regions have 2"):
        rerank([[1.0, 0, 0]], np.ones((2, 1, 2)), [1, 1], [[0, 1]])
    with pytest.raises(UserError, match="n_regions holds 2"):
        rerank([[1.0, 0]], np.ones((2, 1, 2)), [1, 2], [[0, 1]])


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_the_highest_score_of_the_query_s_class_orders_the_first_images(dtype):
    rng = np.random.default_rng(1)
    scores, n_regions = rng.random((20, 6, 5)).astype(dtype), rng.integers(0, 7, 20)
    classes, ranking = np.array([3, 0]), np.stack([rng.permutation(20) for _ in range(2)])
    found = rerank_by_class(scores, n_regions, classes, ranking, n_top=8)
    for c, ids, new, boxes in zip(classes, ranking, found.ranking, found.region, strict=True):
        best = {i: max(scores[i, : n_regions[i], c + 1], default=-1) for i in ids[:8]}
        assert new.tolist() == [*sorted(ids[:8], key=lambda i: -best[i]), *ids[8:]]
        for i, box in zip(new[:8], boxes, strict=True):
            assert scores[i, box, c + 1] == best[i] if n_regions[i] else box == -1


def test_a_class_that_the_scores_do_not_have_is_refused():
    with pytest.raises(UserError, match="classes_of_queries holds 2; expected 0 to 1"):
        rerank_by_class(np.zeros((1, 1, 3)), [1], [2], [[0]])


def test_a_class_score_that_is_no_number_is_named():
    scores = np.array([[[0.5, 0.5]], [[np.nan, np.nan]]])
    with pytest.raises(UserError, match="scores, image 1, region 0"):
        rerank_by_class(scores, [1, 1], [0], [[0, 1]])


def test_an_expanded_query_is_the_mean_of_the_query_and_the_first_images():
    """By hand: (1, 0) + (1, 0) + (0, 1) = (2, 1), of length √5; without the query's own image (1, 0) + (0, 1)."""
    xb = [[3.0, 0], [0, 1.0], [0, -1.0]]
    twice = expand([[1.0, 0]], xb, [[0, 1, 2]], m=2)
    np.testing.assert_allclose(twice, [[2 / 5**0.5, 1 / 5**0.5]], rtol=1e-6)
    once = expand([[2.0, 0]], xb, [[0, 1, 2]], m=1, own=[0])
    np.testing.assert_allclose(once, [[0.5**0.5, 0.5**0.5]], rtol=1e-6)
    np.testing.assert_array_equal(expand([[1.0, 0]], xb, [[0, 1, 2]], m=2, own=[-1]), twice)


def test_a_ranking_shorter_than_m_is_used_as_a_whole_and_vectors_that_cancel_give_zero():
    assert expand([[0, 1.0]], [[0, 5.0], [0, -1.0]], [[1]], m=5).tolist() == [[0, 0]]
    assert expand([[0, 1.0]], [[0, 5.0]], np.zeros((1, 0), int)).tolist() == [[0, 1]]


def test_expansion_after_re_ranking_takes_the_first_of_the_new_list():
    xq, regions, n_regions, ranking = collection(seed=2)
    xb = regions[:, 0]
    found = rerank(xq, regions, n_regions, ranking, 10)
    unit = xb / np.linalg.norm(xb, axis=1, keepdims=True)
    sums = xq / np.linalg.norm(xq, axis=1, keepdims=True) + unit[found.ranking[:, :5]].sum(axis=1)
    new = expand(xq, xb, found.ranking)
    np.testing.assert_allclose(new, sums / np.linalg.norm(sums, axis=1, keepdims=True), rtol=1e-6)
    assert (rank(new @ unit.T) != ranking).any()


def test_only_images_that_are_read_must_be_numbers():
    xb = np.array([[1.0, 0], [np.nan, 0]])
    assert expand([[1.0, 0]], xb, [[0]]).tolist() == [[1, 0]]
    with pytest.raises(UserError, match="NaN"):
        expand([[1.0, 0]], xb, [[0, 1]])
