"""Agreement of two orders against scipy's Kendall and against values worked out by hand."""

import numpy as np
import pytest
from scipy import stats

from vretlib.report.measured import Measured
from vretlib.report.order import order

N = 50


def found(columns, stands_for=None):
    """The order of columns of (published, obtained) pairs; rows are named a, b, c, ..."""
    named = [(chr(97 + i), name, pair) for name, pairs in columns.items() for i, pair in enumerate(pairs)]
    theirs, ours = ({(row, name): pair[side] for row, name, pair in named} for side in (0, 1))
    return order(theirs, ours, sorted({row for row, *_ in named}), list(columns), stands_for)


def measured(value, width=0.01):
    return Measured(value, value + width * np.linspace(-1, 1, N))


@pytest.mark.parametrize("seed", range(5))
def test_one_column_gives_kendalls_tau_b(seed):
    rng = np.random.default_rng(seed)
    theirs, ours = rng.integers(0, 5, 9) / 10, rng.integers(0, 5, 9) / 10
    expected = stats.kendalltau(theirs, ours, variant="b").statistic
    assert found({"mAP": list(zip(theirs.tolist(), ours.tolist(), strict=True))}).tau == pytest.approx(expected)


def test_pairs_of_several_columns_are_counted_together():
    same, opposite = [(0.1, 0.1), (0.2, 0.2), (0.3, 0.3)], [(0.1, 0.3), (0.2, 0.2), (0.3, 0.1)]
    result = found({"x": same, "y": opposite, "z": same})
    assert (result.tau, result.n_rows, result.n_pairs) == (pytest.approx(1 / 3), 3, 9)


def test_two_rows_have_no_order_and_missing_numbers_do_not_count():
    assert found({"x": [(0.1, 0.1), (0.2, 0.2)]}) is None
    assert found({"x": [(0.1, 0.1), (0.2, 0.2), (0.3, None), (None, 0.4)]}) is None


def test_a_reversed_pair_is_named_if_its_interval_does_not_hold_zero():
    sure = [(0.9, measured(0.5)), (0.8, measured(0.7)), (0.1, measured(0.1))]
    result = found({"mAP": sure})
    assert result.reversed_pairs == ("b above a in mAP",)
    assert result.tau == pytest.approx(1 / 3)
    assert "reversed beyond chance: b above a in mAP" in result.text


def test_a_reversed_pair_bears_the_name_of_the_data_it_was_obtained_on():
    sure = [(0.9, measured(0.5)), (0.8, measured(0.7)), (0.1, measured(0.1))]
    result = found({"OX5K|mAP": sure}, {"OX5K": "Town A"})
    assert result.reversed_pairs == ("b above a in Town A · mAP",)


def test_a_reversed_pair_within_chance_is_not_named():
    noise = np.random.default_rng(0).normal(0, 0.1, N)
    rows = [(0.9, Measured(0.5, 0.5 + noise)), (0.8, measured(0.51)), (0.1, measured(0.1))]
    result = found({"mAP": rows})
    assert result.reversed_pairs == ()
    low, high = result.interval
    assert (low, high) == (pytest.approx(1 / 3), pytest.approx(1.0))


def test_columns_that_are_not_measured_do_not_count_beside_measured_ones():
    quality = [(0.1, measured(0.1)), (0.2, measured(0.2)), (0.3, measured(0.3))]
    assert found({"R@1": quality, "MB": [(3.0, 1.0), (2.0, 2.0), (1.0, 3.0)]}).tau == 1


def test_ties_on_one_side_throughout_have_no_tau():
    result = found({"x": [(0.1, 0.5), (0.2, 0.5), (0.3, 0.5)]})
    assert np.isnan(result.tau)
    assert result.record()["tau"] is None
    assert "tied" in result.text


def test_rows_that_are_tied_in_every_resample_have_no_interval():
    record = found({"x": [(0.1, measured(0.5, 0)), (0.2, measured(0.5, 0)), (0.3, measured(0.5, 0))]}).record()
    assert (record["tau"], record["interval"]) == (None, None)
