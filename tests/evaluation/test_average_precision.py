import itertools

import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.evaluation.average_precision import (
    average_precision,
    average_precisions,
    expected_average_precision,
    mean,
    steps,
)
from vretlib.evaluation.ranking import rank

RULES = ("trapezoid", "plain")


def per_rank_loop(ranking, positives, junk, rule):
    """The evaluation program of Oxford and Paris, rank by rank; with rule "plain", eq 2.12 in the same loop."""
    positives, junk = set(positives), set(junk)
    old_recall, old_precision, area, hits, rank_ = 0.0, 1.0, 0.0, 0, 0
    for item in ranking:
        if item in junk:
            continue
        hits += item in positives
        recall, precision = hits / len(positives), hits / (rank_ + 1)
        height = precision if rule == "plain" else (old_precision + precision) / 2
        area += (recall - old_recall) * height
        old_recall, old_precision = recall, precision
        rank_ += 1
    return area


def random_case(rng):
    n = int(rng.integers(2, 120))
    ids = rng.permutation(n)
    n_positives = int(rng.integers(1, n))
    n_junk = int(rng.integers(0, n - n_positives + 1))
    length = int(rng.integers(1, n + 1))  # many lists stop early
    return rng.permutation(n)[:length], ids[:n_positives], ids[n_positives : n_positives + n_junk]


@pytest.mark.parametrize("rule", RULES)
def test_every_random_list_agrees_with_the_loop_over_ranks(rule):
    rng = np.random.default_rng(0)
    cases = [random_case(rng) for _ in range(300)]
    expected = [per_rank_loop(*(part.tolist() for part in case), rule) for case in cases]
    np.testing.assert_allclose(average_precisions(*zip(*cases, strict=True), rule=rule), expected, rtol=0, atol=1e-13)


def test_the_toy_list_by_hand():
    """Junk-free the list is 0, 1, 4, 2 with positives at ranks 1 and 4.

    Trapezoid: (1 + 1)/2/2 + (1/3 + 2/4)/2/2; plain: (1 + 2/4)/2.
    """
    assert average_precision([3, 0, 1, 4, 2], [0, 2], [3]) == pytest.approx(17 / 24, abs=1e-15)
    assert average_precision([3, 0, 1, 4, 2], [0, 2], [3], rule="plain") == 0.75


@pytest.mark.parametrize("place", [2, 3, 10, 1000])
def test_a_lone_positive_that_is_not_first_has_exactly_half_of_the_plain_value(place):
    ranking = np.arange(2000)
    plain = average_precision(ranking, [place - 1], rule="plain")
    assert plain == 1 / place
    assert average_precision(ranking, [place - 1]) == plain / 2


def test_a_lone_positive_in_first_place_has_one_by_both_rules():
    for rule in RULES:
        assert average_precision([4, 1, 2], [4], rule=rule) == 1.0


@pytest.mark.parametrize("rule", RULES)
def test_all_positives_first_is_one_whatever_junk_lies_between(rule):
    assert average_precision([9, 0, 8, 1, 7, 2, 3], [0, 1, 2], [9, 8, 7], rule=rule) == pytest.approx(1, abs=1e-15)


def test_the_plain_value_exceeds_the_trapezoid_by_half_the_jumps_of_precision():
    """plain − trapezoid = 1/(2R) · sum over hits of (precision at the hit − precision just before)."""
    ranking, positives = np.random.default_rng(3).permutation(60), [4, 8, 15, 16, 23, 42]
    table = steps(ranking, positives)
    before = [1.0] + [line.precision for line in table[:-1]]
    jumps = sum(line.precision - old for line, old in zip(table, before, strict=True) if line.relevant)
    gap = average_precision(ranking, positives, rule="plain") - average_precision(ranking, positives)
    assert gap == pytest.approx(jumps / 12, abs=1e-15)
    assert gap > 0


def test_positives_that_a_short_list_misses_still_count():
    assert average_precision([5], [5, 6, 7, 8]) == 0.25
    assert average_precision([1, 2], [5]) == 0.0
    assert average_precision([], [5]) == 0.0


def test_junk_that_the_list_does_not_hold_changes_nothing():
    assert average_precision([0, 1, 2], [2], [50]) == average_precision([0, 1, 2], [2])


def test_a_query_without_positives_is_nan_and_reported_by_the_mean():
    values = average_precisions([[0, 1], [1, 0], [0, 1]], [[0], [], [1]])
    summary = mean(values)
    assert summary.value == (1.0 + 0.25) / 2
    np.testing.assert_array_equal(summary.without_positives, [1])
    np.testing.assert_array_equal(summary.per_query, [1.0, np.nan, 0.25])


def test_a_mean_of_nothing_is_an_error():
    for nothing in ([], [np.nan, np.nan]):
        with pytest.raises(UserError, match=f"none of {len(nothing)} queries has positives"):
            mean(nothing)
    with pytest.raises(UserError, match=r"shape \(2, 1\)"):
        mean([[1.0], [0.5]])


@pytest.mark.parametrize("rule", RULES)
def test_steps_sum_to_the_average_precision(rule):
    rng = np.random.default_rng(7)
    for _ in range(50):
        case = random_case(rng)
        area = sum(line.area for line in steps(*case, rule=rule))
        assert area == pytest.approx(average_precision(*case, rule=rule), abs=1e-13)


def test_steps_of_the_toy_list_by_hand():
    lines = steps([3, 0, 1, 4, 2], [0, 2], [3])
    assert [line.rank for line in lines] == [1, 2, 3, 4]
    assert [line.id for line in lines] == [0, 1, 4, 2]
    assert [line.relevant for line in lines] == [True, False, False, True]
    assert [line.precision for line in lines] == pytest.approx([1, 1 / 2, 1 / 3, 1 / 2])
    assert [line.recall for line in lines] == [0.5, 0.5, 0.5, 1.0]
    assert [line.area for line in lines] == pytest.approx([1 / 2, 0, 0, 5 / 24])


def every_order_of_ties(scores):
    """Every ranking that a sort could give, by permuting each group of equal scores."""
    groups = [np.flatnonzero(scores == value) for value in sorted(set(scores.tolist()), reverse=True)]
    for orders in itertools.product(*(itertools.permutations(group.tolist()) for group in groups)):
        yield list(itertools.chain(*orders))


@pytest.mark.parametrize("rule", RULES)
def test_expected_value_is_the_mean_over_every_order_of_ties(rule):
    rng = np.random.default_rng(11)
    for _ in range(40):
        scores = rng.integers(0, 3, 7).astype(float)
        ids = rng.permutation(7)
        positives, junk = ids[: rng.integers(1, 5)].tolist(), ids[5 : rng.integers(5, 8)].tolist()
        orders = [per_rank_loop(order, positives, junk, rule) for order in every_order_of_ties(scores)]
        value = expected_average_precision(scores, positives, junk, rule=rule)
        assert value == pytest.approx(np.mean(orders), abs=1e-12)


@pytest.mark.parametrize("rule", RULES)
def test_expected_value_without_ties_is_the_value(rule):
    scores = np.random.default_rng(5).permutation(50) / 7
    expected = average_precision(rank(scores[None])[0], [3, 9, 30], [4], rule=rule)
    assert expected_average_precision(scores, [3, 9, 30], [4], rule=rule) == pytest.approx(expected, abs=1e-14)


def test_expected_value_of_everything_tied_by_hand():
    """One positive among three: ranks 1, 2, 3 are equally likely, (1 + 1/2 + 1/3)/3 plain, (1 + 1/4 + 1/6)/3 else."""
    assert expected_average_precision([5, 5, 5], [1], rule="plain") == pytest.approx(11 / 18)
    assert expected_average_precision([5, 5, 5], [1]) == pytest.approx(17 / 36)


def test_expected_value_without_positives_is_nan():
    assert np.isnan(expected_average_precision([1.0, 2.0], []))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: average_precision([0], [0], rule="interpolated"), "rule='interpolated': expected one of trapezoid"),
        (lambda: average_precision([0, 0], [0]), "twice"),
        (lambda: steps([0, 1], []), "no positives"),
        (lambda: expected_average_precision([0.1, np.nan], [0]), "without NaN"),
        (lambda: expected_average_precision([0.1, 0.2], [2]), "not among the 2 scores"),
        (lambda: expected_average_precision([0.1, 0.2], [0], [7]), "not among the 2 scores"),
        (lambda: expected_average_precision([0.1, 0.2], [0], [0]), "positive and junk"),
    ],
)
def test_bad_input_says_what_was_expected(call, says):
    with pytest.raises(UserError, match=says):
        call()
