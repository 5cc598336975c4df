"""Comparisons: their margin, their direction with and without an interval, and the sizes that a claim states."""

import math

import numpy as np
import pytest

from vretlib.report.measured import Measured
from vretlib.report.predicates.comparisons import (
    HOLDS,
    REVERSED,
    UNDECIDED,
    Comparison,
    StatedSize,
    cut_off,
    in_unit,
    limit,
    rounded,
)
from vretlib.report.predicates.vocabulary import gain, magnitude, near


def measured(value: float, low: float, high: float) -> Measured:
    """A number whose 95 % interval is ``low`` to ``high``: that many equal steps, and a tail on either side."""
    middle = np.linspace(low, high, 951)
    return Measured(value, np.concatenate([np.full(25, low - 1), middle, np.full(25, high + 1)]))


class TestMargin:
    @pytest.mark.parametrize(
        ("relation", "left", "right", "margin"),
        [(">", 0.5, 0.4, 0.1), (">", 0.4, 0.4, 0), ("<", 14, 16, 2), ("<=", 16, 14, -2), (">=", 16, 16, 0)],
    )
    def test_it_is_positive_in_the_direction_of_the_relation(self, relation, left, right, margin):
        assert Comparison("", left, relation, right).margin == pytest.approx(margin)

    def test_of_a_likeness_it_is_what_is_left_of_the_slack(self):
        assert Comparison("", 0.9, "≈", 0.95, 0.08).margin == pytest.approx(0.03)
        assert Comparison("", 0.85, "≈", 0.95, 0.08).margin == pytest.approx(-0.02)

    def test_relative_margin_is_a_part_of_the_right_hand_number(self):
        assert Comparison("", 0.6, ">", 0.5).relative == pytest.approx(0.2)
        assert Comparison("", 0.6, ">", 0.0).relative == pytest.approx(1.0)
        assert Comparison("", 0.0, ">=", 0.0).relative == 0


class TestDirection:
    @pytest.mark.parametrize(
        ("relation", "left", "right", "direction"),
        [
            (">", 0.5, 0.4, HOLDS),
            (">", 0.4, 0.5, REVERSED),
            (">", 0.4, 0.4, UNDECIDED),
            ("<", 0.4, 0.5, HOLDS),
            ("<", 0.4, 0.4, UNDECIDED),
            (">=", 0.4, 0.4, HOLDS),
            ("<=", 0.4, 0.4, HOLDS),
            ("<=", 0.5, 0.4, REVERSED),
            ("≈", 0.46, 0.5, HOLDS),
            ("≈", 0.44, 0.5, REVERSED),
        ],
    )
    def test_two_plain_numbers_decide_alone_and_a_tie_is_not_better(self, relation, left, right, direction):
        comparison = Comparison("", left, relation, right, 0.05)
        assert comparison.interval is None
        assert comparison.direction == direction
        assert comparison.holds is (direction == HOLDS)

    def test_rounding_of_floats_does_not_decide_a_tie(self):
        assert 0.1 + 0.2 > 0.3
        assert Comparison("", 0.1 + 0.2, ">", 0.3).direction == UNDECIDED

    @pytest.mark.parametrize(
        ("relation", "low", "high", "direction"),
        [
            (">", 0.01, 0.2, HOLDS),
            (">", -0.01, 0.2, UNDECIDED),
            (">", -0.2, -0.01, REVERSED),
            ("<", 0.01, 0.2, REVERSED),
            ("<", -0.2, 0.01, UNDECIDED),
            ("<", -0.2, -0.01, HOLDS),
            (">", 0.0, 0.2, UNDECIDED),
            (">=", 0.0, 0.2, HOLDS),
            (">=", -0.1, 0.2, UNDECIDED),
            ("<=", -0.2, 0.0, HOLDS),
            ("<=", 0.1, 0.2, REVERSED),
        ],
    )
    def test_the_interval_of_the_difference_decides(self, relation, low, high, direction):
        comparison = Comparison("", 0.5 + measured(0.1, low, high), relation, 0.5)
        assert comparison.interval == pytest.approx((low, high), abs=1e-6)
        assert comparison.direction == direction

    @pytest.mark.parametrize(
        ("low", "high", "direction"),
        [
            (-0.04, 0.04, HOLDS),
            (-0.04, 0.06, UNDECIDED),
            (-0.20, 0.20, UNDECIDED),
            (0.02, 0.20, UNDECIDED),
            (0.06, 0.20, REVERSED),
            (-0.20, -0.06, REVERSED),
        ],
    )
    def test_numbers_are_alike_only_if_the_whole_interval_lies_within_the_slack(self, low, high, direction):
        assert Comparison("", measured(0, low, high), "≈", 0.0, 0.05).direction == direction

    def test_the_difference_is_paired(self):
        right = measured(0.5, 0.3, 0.7)
        left = right + 0.01  # better by as much in every resample
        assert Comparison("", left, ">", right).direction == HOLDS
        assert Comparison("", left, ">", 0.5).direction == UNDECIDED

    def test_a_gain_carries_the_interval_of_its_quotient(self):
        old = Measured(0.5, [0.4, 0.5, 0.6])
        comparison = magnitude("", gain(old * 1.2, old), 0.2, to=0.05, over=0)
        assert comparison.interval == pytest.approx((0.2, 0.2))
        assert comparison.direction == HOLDS

    def test_resamples_without_a_number_leave_no_interval(self):
        assert Comparison("", Measured(0.5, [math.nan, math.nan]), ">", 0.4).interval is None

    def test_the_text_shows_the_interval(self):
        text = str(Comparison("A against B", measured(0.6, 0.55, 0.65), ">", 0.5))
        assert text == "A against B: 0.6 > 0.5, difference +0.05 to +0.15"


class TestSize:
    def test_a_stated_number_allows_half_its_last_place(self):
        assert rounded("", 42.475, 42.5, to=0.1).inside
        assert not rounded("", 42.44, 42.5, to=0.1).inside

    @pytest.mark.parametrize(
        ("size", "inside"),
        [
            (rounded("", 0.12, 0.20, to=0.05, unit="%"), False),
            (rounded("", 0.26, 0.40, to=0.05, unit="%"), False),
            (StatedSize("", 1.03, 2, 3, "2 to 3 times", "times"), False),
            (StatedSize("", 2.77, 2, 3, "2 to 3 times", "times"), True),
            (rounded("", 0.0133, 0.05, to=0.01), False),
            (rounded("", 0.0493, 0.05, to=0.01), True),
            (rounded("", 7.6, 12.5, to=0.1), False),
            (rounded("", 128, 128, to=0), True),
            (rounded("", 127, 128, to=0), False),
            (cut_off("", 0.1158, 0.11, to=0.01), True),
            (rounded("", 0.1158, 0.11, to=0.01), False),
        ],
    )
    def test_no_stated_range_is_widened(self, size, inside):
        assert size.inside is inside

    def test_the_interval_of_the_number_does_not_bring_it_inside(self):
        size = rounded("", measured(0.12, 0.05, 0.19), 0.20, to=0.05, unit="%")
        assert not size.inside
        assert size.found == "12 % (95 % interval 5 to 19 %; stated 20 %)"

    def test_a_bound_is_a_comparison_and_a_size(self):
        above = limit("loss", 0.086, "<", 0.085, "%")
        assert above.direction == REVERSED
        assert [str(size) for size in above.sizes] == ["loss: 8.6 % (stated less than 8.5 %)"]
        assert not above.sizes[0].inside
        at = limit("loss", 0.085, "<", 0.085)
        assert not at.holds
        assert not at.sizes[0].inside
        assert limit("gap", 0.1, "<=", 0.1).sizes[0].inside

    def test_a_factor_in_the_right_direction_may_miss_its_size(self):
        factor = magnitude("memory", 7.645, 12.5, to=0.1, over=1, unit="times")
        assert factor.direction == HOLDS
        assert [size.found for size in factor.sizes] == ["7.645 times (stated 12.5 times)"]
        assert not factor.sizes[0].inside

    @pytest.mark.parametrize(
        ("number", "unit", "text"),
        [
            (0.2, "%", "20 %"),
            (-0.035, "%", "−3.5 %"),
            (-0.1, "", "−0.1"),
            (0.139, "points", "13.9 points"),
            (3.7, "s", "3.7 s"),
            (0.05, "", "0.05"),
            (25000, "", "25,000"),
        ],
    )
    def test_numbers_are_shown_in_their_unit(self, number, unit, text):
        assert in_unit(number, unit) == text


def test_numbers_that_round_to_the_same_multiple_are_near():
    assert near("", 0.833, 0.8334, 0.001).holds
    assert not near("", 0.833, 0.834, 0.001).holds
