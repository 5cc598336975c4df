"""The axioms of a metric, counted on distances of a few points."""

import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.models import metric_axioms as axioms


def on_a_line(*places: float) -> np.ndarray:
    x = np.array(places)
    return np.abs(x[:, None] - x[None, :])


def test_distances_on_a_line_break_no_axiom() -> None:
    assert axioms.violations(on_a_line(0, 1, 3, 7.5)).tolist() == [0, 0, 0, 0]


def test_each_broken_axiom_is_counted_over_ordered_pairs_or_triples() -> None:
    d = np.array([[0, 1, 5], [1, 0, 1], [5, 1, 0.0]])  # from the first to the third by the second takes 2, not 5
    assert axioms.violations(d)["triangle inequality"] == pytest.approx(2 / 6)
    assert axioms.worst_triangle(d) in [(0, 1, 2), (2, 1, 0)]
    assert axioms.sides(d).tolist() == [5, 1, 1, -3]
    d[0, 2] = 4
    assert axioms.violations(d)["symmetry"] == pytest.approx(2 / 9)
    d[0, 1] = -1
    assert axioms.violations(d)["non-negativity"] == pytest.approx(1 / 9)


def test_identity_fails_for_a_distance_from_itself_and_for_two_things_at_distance_zero() -> None:
    assert axioms.violations(on_a_line(0, 0, 1))["identity"] == pytest.approx(2 / 9)
    same = np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1]], bool)
    assert axioms.violations(on_a_line(0, 0, 1), same)["identity"] == 0
    assert axioms.violations(on_a_line(0, 2) + np.diag([1, 0]))["identity"] == pytest.approx(1 / 4)


def test_two_things_have_no_triangle() -> None:
    assert np.isnan(axioms.violations(on_a_line(0, 1))["triangle inequality"])
    with pytest.raises(UserError, match="triangle"):
        axioms.worst_triangle(on_a_line(0, 1))
