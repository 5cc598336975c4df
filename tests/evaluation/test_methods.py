"""Methods under test, variants of them, and their time."""

import time

import pandas as pd
import pytest

from vretlib.errors import UserError
from vretlib.evaluation import methods
from vretlib.evaluation.methods import Method, Variant


def test_variants_are_rows_in_the_order_given_and_missing_scores_are_nan() -> None:
    table = methods.compare([Variant("b", lambda: {"R@1": 0.5}), Variant("a", lambda: {"R@1": 0.25, "mAP": 1.0})])
    expected = pd.DataFrame({"R@1": [0.5, 0.25], "mAP": [float("nan"), 1.0]}, index=["b", "a"])
    pd.testing.assert_frame_equal(table, expected)


def test_two_variants_of_one_name_are_refused() -> None:
    with pytest.raises(UserError, match="'a'"):
        methods.compare([Variant("a", dict), Variant("a", dict)])


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
