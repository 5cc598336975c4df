"""Methods under test, variants of them, and their time."""

import time
from typing import Any

import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.evaluation import methods
from vretlib.evaluation.methods import Method, Variant


def test_variants_are_rows_in_the_order_given_each_with_its_own_columns() -> None:
    found = methods.compare(
        [Variant("b", lambda: {"R@1": [1, 0]}), Variant("a", lambda: {"R@1": [True, False], "mAP": [0.5, np.nan]})]
    )
    assert list(found) == [("b", "R@1"), ("a", "R@1"), ("a", "mAP")]
    assert found["b", "R@1"].tolist() == found["a", "R@1"].tolist() == [1.0, 0.0]
    np.testing.assert_array_equal(found["a", "mAP"], [0.5, np.nan])


def test_two_variants_of_one_name_are_refused() -> None:
    with pytest.raises(UserError, match="'a'"):
        methods.compare([Variant("a", dict), Variant("a", dict)])


@pytest.mark.parametrize("values", [[[1], [1, 2]], ["x"], 3.0, [[0.5, 1.0]], None, [1j]])
def test_values_that_are_not_one_number_per_query_are_refused(values: Any) -> None:
    with pytest.raises(UserError, match="a, mAP"):
        methods.compare([Variant("a", lambda: {"mAP": values})])


def test_values_are_copies() -> None:
    values = np.array([0.5, 1.0])
    found = methods.compare([Variant("a", lambda: {"mAP": values})])
    values[:] = 0
    assert found["a", "mAP"].tolist() == [0.5, 1.0]


def test_a_variant_has_a_function() -> None:
    with pytest.raises(UserError, match="scores of a is None"):
        Variant("a", None)  # type: ignore[arg-type]


def test_the_median_query_counts_and_the_first_call_does_not() -> None:
    seconds = {"compile": 0.2, "fast": 0.0, "slow": 0.05, "slower": 0.06}
    calls: list[str] = []

    def search(query: str) -> None:
        time.sleep(seconds["compile" if not calls else query])
        calls.append(query)

    found = methods.milliseconds(search, ["fast", "slow", "slower"])
    assert calls == ["fast", "fast", "slow", "slower"]
    assert 50 <= found < 150


def test_no_queries_have_no_time() -> None:
    with pytest.raises(UserError, match="no queries"):
        methods.milliseconds(print, [])


def test_a_method_is_what_it_costs_and_what_it_finds() -> None:
    method: Method[int, list[int]] = Method("sum", n_bytes=8, search=lambda query: [query + 1])
    assert method.search(1) == [2]
