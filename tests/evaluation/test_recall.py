import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.evaluation.recall import hit_rate_at, median_rank, precision_at, recall_at

# Three queries over six items; junk-free the second list is 4, 0, 1, 2, 3 and its positives are at ranks 2 and 5.
RANKINGS = [[0, 1, 2, 3, 4, 5], [5, 4, 0, 1, 2, 3], [5, 4, 3, 2, 1, 0]]
POSITIVES = [[0, 2], [0, 3], [0]]
JUNK = [[], [5], []]


def test_three_readings_of_recall_at_k_by_hand():
    np.testing.assert_array_equal(hit_rate_at(RANKINGS, POSITIVES, 3, JUNK), [1, 1, 0])
    np.testing.assert_allclose(precision_at(RANKINGS, POSITIVES, 3, JUNK), [2 / 3, 1 / 3, 0])
    np.testing.assert_allclose(recall_at(RANKINGS, POSITIVES, 3, JUNK), [1, 1 / 2, 0])


def test_junk_moves_ranks_up():
    np.testing.assert_array_equal(hit_rate_at(RANKINGS, POSITIVES, 2), [1, 0, 0])
    np.testing.assert_array_equal(hit_rate_at(RANKINGS, POSITIVES, 2, JUNK), [1, 1, 0])


def test_all_three_agree_with_counting_on_random_lists():
    rng = np.random.default_rng(2)
    rankings = [rng.permutation(40)[: rng.integers(5, 41)] for _ in range(60)]
    positives = [rng.choice(40, rng.integers(1, 10), replace=False) for _ in rankings]
    for k in (1, 5, 10, 60):
        hits = np.array([len(set(r[:k].tolist()) & set(p.tolist())) for r, p in zip(rankings, positives, strict=True)])
        np.testing.assert_array_equal(hit_rate_at(rankings, positives, k), hits > 0)
        np.testing.assert_allclose(precision_at(rankings, positives, k), hits / k)
        np.testing.assert_allclose(recall_at(rankings, positives, k), hits / [len(p) for p in positives])


def test_median_rank_counts_from_one():
    result = median_rank(RANKINGS, POSITIVES, JUNK)
    np.testing.assert_array_equal(result.per_query, [1, 2, 6])
    assert result.value == 2.0


def test_a_positive_missing_from_a_short_list_has_rank_infinity():
    assert median_rank([[1, 2], [0, 1], [3, 0]], [[0], [0], [0]]).value == 2.0
    assert median_rank([[1, 2], [0, 1]], [[0], [0]]).value == np.inf


def test_queries_without_positives_are_nan_and_reported():
    rankings, positives = [[0, 1], [0, 1], [1, 0]], [[0], [], [0]]
    for measure in (hit_rate_at, precision_at, recall_at):
        np.testing.assert_array_equal(measure(rankings, positives, 1), [1, np.nan, 0])
    result = median_rank(rankings, positives)
    assert result.value == 1.5
    np.testing.assert_array_equal(result.without_positives, [1])
    with pytest.raises(UserError, match="none of 1 queries has positives"):
        median_rank([[0]], [[]])


def test_no_place_is_an_error():
    with pytest.raises(UserError, match="k=0"):
        precision_at(RANKINGS, POSITIVES, 0)


@pytest.mark.parametrize("k", [1.5, np.nan, np.inf, "2", None, True, -1])
def test_k_is_a_number_of_places(k):
    for measure in (hit_rate_at, precision_at, recall_at):
        with pytest.raises(UserError, match="k="):
            measure([[2, 0, 1]], [[0]], k)
