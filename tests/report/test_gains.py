"""Gains over a baseline, worked out by hand."""

import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.report.gains import cells_of, gain
from vretlib.report.measured import Measured
from vretlib.report.numbers import Style

TWO = Style(2)
RANGE = np.linspace(-0.05, 0.05, 101)


def test_a_gain_is_a_difference_on_both_sides():
    found = gain((0.8, 0.5), (0.7, 0.6), "higher", TWO, "0.70")
    assert (found.text, round(found.published, 9), round(found.obtained, 9)) == ("+0.30 → +0.10", 0.3, 0.1)


def test_a_gain_is_a_quotient_where_lower_is_better():
    assert gain((10.0, 425.0), (5.0, 20.0), "lower", TWO, "5.00").text == "×0.0235 → ×0.25"


def test_a_number_that_the_paper_does_not_print_leaves_its_side_open():
    assert gain((None, 0.5), (0.7, 0.6), "higher", TWO, "0.70").text == "– → +0.10"
    assert gain(None, (0.7, 0.6), "higher", TWO, "0.70").text == "+0.10"
    assert gain((0.8, 0.5), (None, 0.6), "higher", TWO, "") is None
    assert gain((0.8, "many"), (0.7, "few"), "higher", TWO, "") is None


@pytest.mark.parametrize(("lead", "better"), [(0.1, True), (0.01, None), (-0.1, False)])
@pytest.mark.parametrize("direction", ["higher", "lower"])
def test_better_and_worse_need_an_interval_on_one_side(lead, better, direction):
    ours = Measured(0.5 + lead, 0.5 + lead + RANGE)
    found = gain(None, (ours, 0.5), direction, TWO, "")
    assert found.better is (better if direction == "higher" or better is None else not better)


def test_without_resamples_nothing_is_beyond_chance():
    found = gain(None, (0.9, 0.1), "higher", TWO, "")
    assert found.better is None
    assert found.interval is None


def test_a_baseline_may_differ_by_column_and_an_outer_heading_covers_inner_ones():
    rows, columns = ("a", "b"), ("R@1|B=10", "R@1|B=50", "Mem")
    assert cells_of("a", rows, columns, "t") == {column: ("a", column) for column in columns}
    assert cells_of({"R@1": "b"}, rows, columns, "t") == {c: ("b", c) for c in ("R@1|B=10", "R@1|B=50")}
    assert cells_of("", rows, columns, "t") == {}


def test_a_baseline_may_have_its_number_in_another_column():
    found = cells_of({"R@1": ("a", "R@1|all B")}, ("a", "b"), ("R@1|all B", "R@1|B=10"), "t")
    assert found == dict.fromkeys(("R@1|all B", "R@1|B=10"), ("a", "R@1|all B"))


@pytest.mark.parametrize("baseline", ["c", {"R@5": "a"}, {"Mem": "c"}, {"Mem": ("a", "R@5")}])
def test_a_baseline_that_is_not_there_is_an_error(baseline):
    with pytest.raises(UserError, match="baseline"):
        cells_of(baseline, ("a", "b"), ("R@1", "Mem"), "t")
