import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.evaluation.ranking import find_positives, rank


def test_descending_scores_and_smaller_id_first_among_equals():
    scores = np.array([[0.5, 0.9, 0.5, 0.9, -1.0], [0.0, -0.0, 0.0, 0.0, 0.0]], np.float32)
    rankings = rank(scores)
    np.testing.assert_array_equal(rankings, [[1, 3, 0, 2, 4], [0, 1, 2, 3, 4]])
    assert rankings.dtype == np.int64


@pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.float32, np.float64])
def test_any_real_dtype_ranks_as_sorting_pairs_does(dtype):
    scores = np.random.default_rng(1).integers(0, 9, (3, 200)).astype(dtype)
    expected = [sorted(range(200), key=lambda i, row=row: (-int(row[i]), i)) for row in scores]
    np.testing.assert_array_equal(rank(scores), expected)


@pytest.mark.parametrize("dtype", [np.int64, np.uint64])
def test_whole_numbers_that_double_precision_cannot_tell_apart_are_ranked(dtype):
    limits = np.iinfo(dtype)
    assert rank(np.array([[limits.min, limits.max - 1, limits.max, limits.min + 1]], dtype)).tolist() == [[2, 1, 3, 0]]


def test_infinities_take_their_places():
    np.testing.assert_array_equal(rank([[0.0, -np.inf, np.inf]]), [[2, 0, 1]])


def test_an_excluded_item_is_left_out_and_the_rest_keep_their_order():
    scores = np.random.default_rng(2).random((4, 6))
    left_out = np.array([5, 0, 2, 2])
    expected = [[i for i in row if i != out] for row, out in zip(rank(scores), left_out, strict=True)]
    np.testing.assert_array_equal(rank(scores, left_out), expected)


def test_no_query_gives_no_ranking():
    assert rank(np.zeros((0, 7))).shape == (0, 7)
    assert rank(np.zeros((0, 7)), exclude=np.zeros(0, np.int64)).size == 0


@pytest.mark.parametrize(
    ("scores", "exclude", "says"),
    [
        ([1.0, 2.0], None, r"shape \(2,\)"),
        ([[1.0, 2.0], [1.0, np.nan]], None, "query 1 and item 1 is NaN"),
        ([[1.0, 2.0]], [2], "expected 0 to 1"),
        ([[1.0, 2.0]], [-1], "expected 0 to 1"),
        ([[1.0, 2.0]], [0, 1], "one for each of 1"),
    ],
)
def test_bad_scores_say_what_was_expected(scores, exclude, says):
    with pytest.raises(UserError, match=says):
        rank(scores, exclude)


def test_junk_is_taken_out_before_ranks_are_counted():
    (found,) = find_positives([[3, 0, 1, 4, 2]], [[2, 0]], [[3]])
    np.testing.assert_array_equal(found.ranks, [0, 3])
    assert found.n_positives == 2


def test_positives_missing_from_a_short_list_are_counted_and_have_no_rank():
    (found,) = find_positives([[7, 1]], [[1, 90, 0]])
    np.testing.assert_array_equal(found.ranks, [1])
    assert found.n_positives == 3


def test_a_positive_given_twice_is_one_positive():
    assert find_positives([[0, 1]], [[1, 1]])[0].n_positives == 1


def test_queries_do_not_leak_into_each_other():
    """The same memory serves all queries: what one called positive or junk must be forgotten for the next."""
    rankings = [[0, 1, 2, 3, 4, 5], [1, 0], [0, 1, 2, 3, 4, 5]]
    first, second, third = find_positives(rankings, [[5], [], [1]], [[0, 1], [], []])
    np.testing.assert_array_equal(first.ranks, [3])
    assert second.n_positives == 0
    np.testing.assert_array_equal(third.ranks, [1])
    assert third.n_positives == 1


@pytest.mark.parametrize(
    ("rankings", "positives", "junk", "says"),
    [
        ([[0, 1, 0]], [[1]], None, "query 0: id 0 is twice in the ranking"),
        ([[0, 1, 1]], [[1]], [[0]], "id 1 is twice"),
        ([[0, 1], [5, 5]], [[1], [5]], [[], [5]], "query 1: id 5 is positive and junk"),
        ([[0, 1], [5, 5]], [[1], []], [[], [5]], "query 1: id 5 is twice"),
        ([[0, -1]], [[0]], None, "query 0: ranking holds -1"),
        ([[0, 1]], [[-3]], None, "positives holds -3"),
        ([[0, 1]], [[2**40]], None, "positives holds 1099511627776"),
        ([[0, 1]], [[0]], [[1.5]], "junk is float64"),
        ([[0, 1]], [[True, False]], None, "positives is bool"),
        ([0, 1], [[0], [0]], None, r"ranking is int64 of shape \(\)"),
        ([[0, 1]], [[0], [1]], None, "1 rankings, 2 sets of positives, 1 of junk"),
    ],
)
def test_bad_ids_say_what_was_expected(rankings, positives, junk, says):
    with pytest.raises(UserError, match=says):
        find_positives(rankings, positives, junk)
