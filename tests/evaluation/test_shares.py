"""Intervals of shares against scipy and values that others printed."""

import pytest
from scipy.stats import binomtest

from vretlib.errors import UserError
from vretlib.evaluation import shares


@pytest.mark.parametrize(("right", "n"), [(0, 10), (3, 7), (62, 100), (100, 100)])
@pytest.mark.parametrize("level", [0.9, 0.95])
def test_wilsons_interval_is_that_of_scipy(right, n, level):
    expected = binomtest(right, n).proportion_ci(level, method="wilson")
    assert shares.wilson(right / n, n, level) == pytest.approx((expected.low, expected.high), abs=1e-12)


@pytest.mark.parametrize(
    ("a", "n_a", "b", "n_b", "low", "high"),
    [(56, 70, 48, 80, 0.0524, 0.3339), (9, 10, 3, 10, 0.1705, 0.8090), (10, 10, 0, 20, 0.6791, 1.0)],
)
def test_differences_are_those_of_newcombes_table_2(a, n_a, b, n_b, low, high):
    assert shares.difference(a / n_a, b / n_b, n_a, n_b) == pytest.approx((low, high), abs=6e-5)


def test_the_sign_turns_with_the_order():
    low, high = shares.difference(0.9, 0.7, 50, 80)
    assert shares.difference(0.7, 0.9, 80, 50) == pytest.approx((-high, -low))


@pytest.mark.parametrize(
    ("share", "n", "level"), [(1.2, 10, 0.95), (float("nan"), 10, 0.95), (0.5, 0, 0.95), (0.5, 10, 1)]
)
def test_what_is_no_share_no_number_or_no_level_is_refused(share, n, level):
    with pytest.raises(UserError):
        shares.wilson(share, n, level)
