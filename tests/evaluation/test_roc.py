import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.evaluation.roc import choose_threshold, roc

# By hand: positives at .1 .3 .3 .6, negatives at .0 .1 .2
SCORES = np.array([0.3, 0.0, 0.6, 0.1, 0.1, 0.3, 0.2])
LABELS = np.array([True, False, True, False, True, True, False])


def test_rates_worked_by_hand_with_ties_counted_as_negative():
    tpr, fpr = roc(SCORES, LABELS, [0.0, 0.1, 0.2, 0.3, 0.6])
    np.testing.assert_array_equal(tpr, [4 / 4, 3 / 4, 3 / 4, 1 / 4, 0 / 4])
    np.testing.assert_array_equal(fpr, [2 / 3, 1 / 3, 0 / 3, 0 / 3, 0 / 3])


def test_rates_agree_with_counting_and_keep_the_order_of_the_thresholds():
    rng = np.random.default_rng(5)
    scores = rng.integers(0, 20, 200) / 20
    labels = rng.random(200) < scores
    thresholds = rng.permutation(np.arange(-1, 22) / 20)
    tpr, fpr = roc(scores, labels, thresholds)
    for k, tau in enumerate(thresholds):
        tp = sum(bool(s > tau and y) for s, y in zip(scores, labels, strict=True))
        fp = sum(bool(s > tau and not y) for s, y in zip(scores, labels, strict=True))
        assert tpr[k] == tp / labels.sum()
        assert fpr[k] == fp / (~labels).sum()


def test_choice_is_the_middle_of_the_thresholds_that_are_equally_good():
    # FPR is 0 from τ = .2 on; TPR stays 3/4 until τ reaches .3
    choice = choose_threshold(SCORES, LABELS, np.arange(61) / 100)
    assert (choice.tpr, choice.fpr) == (0.75, 0.0)
    assert (choice.low, choice.high) == (0.20, 0.29)
    assert choice.tau == pytest.approx(0.245)
    assert roc(SCORES, LABELS, [choice.tau]) == (0.75, 0.0)


def test_a_looser_bound_buys_recall():
    choice = choose_threshold(SCORES, LABELS, [0.0, 0.05, 0.1, 0.2], max_fpr=0.7)
    assert (choice.tpr, choice.fpr, choice.tau) == (1.0, 2 / 3, 0.025)


def test_order_of_thresholds_does_not_change_the_choice():
    thresholds = np.arange(61) / 100
    shuffled = np.random.default_rng(0).permutation(thresholds)
    assert choose_threshold(SCORES, LABELS, shuffled) == choose_threshold(SCORES, LABELS, thresholds)


def test_no_admissible_threshold_is_an_error():
    with pytest.raises(UserError, match=r"no threshold has FPR ≤ 0 \(lowest: 0.333\)"):
        choose_threshold(SCORES, LABELS, [0.0, 0.1])


@pytest.mark.parametrize(("labels", "missing"), [([True, True], "negative"), ([False, False], "positive")])
def test_a_roc_needs_both_kinds_of_pairs(labels, missing):
    with pytest.raises(UserError, match=f"no {missing} pair among 2"):
        roc([0.1, 0.2], labels, [0.1])


def test_mismatched_lengths_and_nan_are_errors():
    with pytest.raises(UserError, match="2 scores but 1 labels"):
        roc([0.1, 0.2], [True], [0.1])
    with pytest.raises(UserError, match="NaN"):
        roc([0.1, np.nan], [True, False], [0.1])


@pytest.mark.parametrize("label", [np.nan, 0.5, 2, -1, "yes", None])
def test_a_label_is_true_or_false(label):
    with pytest.raises(UserError, match="labels"):
        roc([0.1, 0.9, 0.5], [0, 1, label], [0.5])
    assert roc([0.1, 0.9], [0.0, 1.0], [0.5])[0].tolist() == [1.0]
