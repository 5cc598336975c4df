"""Values of the queries of two groups by hand."""

import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.evaluation.groups import by_query

RANKINGS, RELEVANT = [[0, 1, 2], [2, 0, 1]], [[0, 2], [0]]


def means(*given, **options) -> dict[str, float]:
    """The mean of each group's queries; NaN for a group without queries."""
    found = by_query(*given, **options)
    return {name: float(np.nanmean(of)) if not np.isnan(of).all() else np.nan for name, of in found.items()}


def test_groups_by_hand() -> None:
    """Query 0 wants 0 and 2, at ranks 1 and 3: (1 + 2/3) / 2. Query 1 wants 0, at rank 2: 1/2."""
    assert means(RANKINGS, RELEVANT, ["a", "b"], ["b", "a"]) == {
        "b|mAP": 0.5, "b|R@1": 0, "a|mAP": pytest.approx(5 / 6), "a|R@1": 1,
    }  # fmt: skip
    assert means(RANKINGS, RELEVANT, ["a", "a"], ["a"])["a|mAP"] == pytest.approx(2 / 3)


def test_a_cut_leaves_the_denominator_as_it_is() -> None:
    found = means(RANKINGS, RELEVANT, ["a", "b"], ["a", "b"], cut=1)
    assert (found["a|mAP"], found["b|mAP"]) == (0.5, 0)


def test_trapezoids_are_the_other_rule() -> None:
    """Rank 2 of one: half of the mean of 0 and 1/2."""
    assert means(RANKINGS[1:], RELEVANT[1:], ["b"], ["b"], rule="trapezoid")["b|mAP"] == 0.25


def test_a_group_without_queries_has_no_number() -> None:
    assert np.isnan(means(RANKINGS, RELEVANT, ["a", "a"], ["c"])["c|mAP"])


def test_a_query_without_a_group_is_refused() -> None:
    with pytest.raises(UserError, match="1 groups for 2 rankings"):
        means(RANKINGS, RELEVANT, ["a"], ["a"])


def test_values_of_queries_are_in_their_order_and_those_of_other_groups_are_missing() -> None:
    found = by_query(RANKINGS, RELEVANT, ["a", "b"], ["b"])
    np.testing.assert_array_equal(found["b|mAP"], [np.nan, 0.5])
    np.testing.assert_array_equal(found["b|R@1"], [np.nan, 0])
