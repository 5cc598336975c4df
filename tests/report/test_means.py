"""Tables of means over queries."""

import numpy as np
import pytest

from vretlib.report import Table
from vretlib.report.means import means


def test_cells_are_means_of_the_queries_that_count():
    table = means({("a", "Acc"): [1, 0, 0, 1], ("b", "Acc"): [1, np.nan, 1, 0]}, 0.1, "a")
    assert table.frame["Acc"].tolist() == [0.5, pytest.approx(2 / 3)]
    assert table.checks[0].tolerance == 0.1
    assert table.baseline == "a"
    low, high = table.bounds()
    assert (low <= table.frame).all(axis=None)
    assert (high >= table.frame).all(axis=None)


def test_a_cell_without_any_value_is_nan_and_rows_keep_their_order():
    table = means({("b", "x"): [1.0], ("a", "y"): [np.nan]})
    assert table.frame.index.tolist() == ["b", "a"]
    assert table.frame.isna().to_numpy().tolist() == [[False, True], [True, True]]
    assert table.checks == []


def test_values_of_several_seeds_give_their_mean_and_their_spread():
    table = means({("a", "AP"): [[0.0, 1.0], [1.0, 1.0]], ("b", "AP"): [0.5, 0.0]})
    assert table.frame["AP"].tolist() == [0.75, 0.25]
    assert table.spread == {("a", "AP"): [0.5, 1.0]}


def test_bands_have_the_ends_of_each_column_or_row_that_has_intervals():
    table = means({("a", "x"): [0.0, 1.0, 1.0], ("b", "x"): [0.0, 0.0, 1.0]})
    low, high = table.bounds()
    [(below, above)] = [table.bands()["x"]]
    assert (below.tolist(), above.tolist()) == (low["x"].tolist(), high["x"].tolist())
    assert table.bands(by="row")["b"][1].tolist() == [high.loc["b", "x"]]
    assert Table(table.frame).bands() == {}
