"""Cells with their intervals, and tables of them."""

import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.real_runs import markdown


def test_a_mean_has_its_interval_over_queries():
    values = np.tile([0.0, 1.0], 200)
    text = markdown.mean(values)  # a share of 400 queries: 0.5 +- 1.96 * sqrt(.25 / 400) = .049
    assert text.startswith("0.50 [0.4")
    assert text.endswith("]")
    assert text[6:-1].split(", ")[1] in ("0.54", "0.55", "0.56")


def test_queries_without_value_are_left_out():
    assert markdown.mean([0.25, np.nan, 0.25]) == "0.25 [0.25, 0.25]"
    assert markdown.mean([np.nan]) == ""


def test_values_that_are_all_one_or_all_zero_have_the_exact_interval():
    assert markdown.mean([1, 1]) == "1.00 [0.16, 1.00]"  # .025 ** (1 / 2)
    assert markdown.mean(np.zeros(50)) == "0.00 [0.00, 0.07]"  # 1 - .025 ** (1 / 50)


def test_a_row_has_a_cell_for_each_heading():
    found = markdown.table("way", ["a", "b"], {"one": ["1", "2"]})
    assert found == "| way | a | b |\n| --- | --- | --- |\n| one | 1 | 2 |"
    with pytest.raises(UserError, match="1 cells"):
        markdown.table("way", ["a", "b"], {"one": ["1"]})
