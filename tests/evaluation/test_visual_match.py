import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.evaluation import visual_match as vm

# By hand: the retrieved frame has features at 0, 3, 10 and 20, the true frame at 0.5, 2 and 11.
RETRIEVED = np.array([[0.0], [3.0], [10.0], [20.0]])
TRUTH = np.array([[0.5], [2.0], [11.0]])


def test_score_of_a_pair_worked_by_hand():
    distances, ids = vm.nearest(RETRIEVED, TRUTH)
    np.testing.assert_array_equal(distances, [0.5, 1, 1, 9])
    np.testing.assert_array_equal(ids, [0, 1, 2, 2])
    assert vm.score(RETRIEVED, TRUTH, 1.5) == 0.75


def test_a_distance_equal_to_the_threshold_is_no_match():
    assert vm.score(RETRIEVED, TRUTH, 1.0) == 0.25


def test_score_is_a_share_of_the_retrieved_frames_features_so_it_is_not_symmetric():
    one_feature = np.array([[0.5]])
    assert vm.score(one_feature, TRUTH, 0.1) == 1.0
    assert vm.score(TRUTH, one_feature, 0.1) == pytest.approx(1 / 3)


def test_several_features_may_match_the_same_one():
    assert vm.score(np.zeros((4, 2)), np.zeros((1, 2)), 0.5) == 1.0


def test_the_nearest_feature_agrees_with_brute_force_over_all_pairs_and_over_blocks(monkeypatch):
    rng = np.random.default_rng(3)
    xi, xj = rng.random((57, 8)), rng.random((31, 8))
    expected = np.array([[np.linalg.norm(a - b) for b in xj] for a in xi])
    monkeypatch.setattr(vm, "_ROWS_AT_ONCE", 10)
    distances, ids = vm.nearest(xi, xj)
    np.testing.assert_allclose(distances, expected.min(axis=1), rtol=1e-12)
    np.testing.assert_array_equal(ids, expected.argmin(axis=1))


def test_equally_near_features_go_to_the_smaller_number_and_no_feature_is_minus_one():
    assert vm.nearest(np.array([[1.0]]), np.array([[2.0], [0.0]]))[1] == [0]
    distances, ids = vm.nearest(np.array([[1.0]]), np.empty((0, 1)))
    assert (distances[0], ids[0]) == (np.inf, -1)


def test_integer_descriptors_do_not_wrap_around():
    assert vm.score(np.array([[0]], np.uint8), np.array([[255]], np.uint8), 250.0) == 0.0


@pytest.mark.parametrize(("n_i", "n_j"), [(0, 5), (5, 0), (0, 0)])
def test_a_frame_without_features_scores_zero(n_i, n_j):
    assert vm.score(np.zeros((n_i, 4)), np.zeros((n_j, 4)), 1.0) == 0.0


@pytest.mark.parametrize(
    ("retrieved", "truth", "message"),
    [
        (np.zeros((2, 3)), np.zeros((2, 4)), "3 and 4 dimensions"),
        (np.zeros(3), np.zeros((2, 3)), r"shape \(3,\)"),
        (np.zeros((2, 3)), np.full((2, 3), np.nan), "truth descriptors, row 0: NaN"),
    ],
)
def test_unusable_descriptors_are_refused(retrieved, truth, message):
    with pytest.raises(UserError, match=message):
        vm.score(retrieved, truth, 1.0)


def test_visual_match_is_strict():
    np.testing.assert_array_equal(vm.visual_match([0.1, 0.15, 0.16], tau=0.15), [False, False, True])


def test_recall_at_1_is_the_mean_over_queries():
    assert vm.recall_at_1([True, False, True, True]) == 0.75


def test_recall_of_no_queries_is_an_error():
    with pytest.raises(UserError, match="at least one query"):
        vm.recall_at_1([])


def test_a_nan_score_is_an_error_rather_than_no_match():
    with pytest.raises(UserError, match="NaN"):
        vm.visual_match([np.nan], tau=0.1)
