"""Numbers that carry their resamples."""

import numpy as np
import pytest

from vretlib.report.measured import Measured

A, B = [0.6, 0.8, 0.7], [0.5, 0.4, 0.6]


def test_a_measured_number_is_a_float():
    a = Measured(0.7, A)
    assert isinstance(a, float)
    assert a == 0.7
    assert f"{a:.1f}" == "0.7"
    assert max(a, 0.1) is a


@pytest.mark.parametrize("do", [lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a * b, lambda a, b: a / b])
def test_arithmetic_combines_the_resamples_one_by_one(do):
    found = do(Measured(0.7, A), Measured(0.5, B))
    assert float(found) == do(0.7, 0.5)
    np.testing.assert_allclose(found.resampled, do(np.array(A), np.array(B)))


@pytest.mark.parametrize("do", [lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a * b, lambda a, b: a / b])
@pytest.mark.parametrize("other", [2, 0.5, np.float64(0.5), np.int64(3)])
def test_a_plain_number_is_the_same_in_every_resample_on_either_side(do, other):
    for found, expected in (
        (do(Measured(0.7, A), other), do(np.array(A), other)),
        (do(other, Measured(0.7, A)), do(other, np.array(A))),
    ):
        assert isinstance(found, Measured)
        np.testing.assert_allclose(found.resampled, expected)


def test_a_ratio_less_one_keeps_its_resamples():
    gain = Measured(0.9, [0.8, 1.0]) / Measured(0.6, [0.4, 0.5]) - 1
    assert float(gain) == pytest.approx(0.5)
    np.testing.assert_allclose(gain.resampled, [1.0, 1.0])


def test_negation_turns_the_interval_round():
    low, high = (-Measured(0.0, np.arange(101.0))).interval
    assert (low, high) == pytest.approx((-97.5, -2.5))


ALL, NONE = (
    Measured(1.0, [1.0, 1.0], bounds=(0.9, 1.0)),
    Measured(0.0, [0.0, 0.0], bounds=(0.0, 0.2)),
)


def test_bounds_take_the_place_of_resamples_that_are_all_equal():
    assert ALL.interval == (0.9, 1.0)


def test_bounds_follow_a_plain_number_through_arithmetic():
    assert (ALL - 0.95).interval == pytest.approx((-0.05, 0.05))
    assert (1 - NONE).interval == pytest.approx((0.8, 1.0))
    assert (-NONE).interval == pytest.approx((-0.2, 0.0))
    assert (2 * ALL).interval == pytest.approx((1.8, 2.0))


def test_two_bounded_numbers_have_the_widest_interval_that_their_bounds_allow():
    assert (ALL - NONE).interval == pytest.approx((0.7, 1.0))
    assert (ALL - ALL).interval == pytest.approx((-0.1, 0.1))


def test_beside_resamples_that_differ_bounds_play_no_part():
    found = ALL - Measured(0.5, [0.4, 0.6])
    assert found.bounds is None
    np.testing.assert_allclose(found.resampled, [0.6, 0.4])


def test_a_quotient_without_end_has_no_bounds():
    assert (ALL / Measured(0.1, [0.1, 0.1], bounds=(0.0, 0.2))).bounds is None
