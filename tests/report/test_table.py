"""Tables with the values of single queries."""

import numpy as np
import pandas as pd
import pytest

from vretlib.errors import UserError
from vretlib.evaluation.intervals import Resampling
from vretlib.report.measured import Measured
from vretlib.report.table import Table

QUERIES = {("a", "R@1|B=1"): [1.0, 0.0, 1.0, 0.0], ("b", "R@1|B=1"): [1.0, 1.0, 1.0, 0.0]}


def frame(a=0.5, b=0.75):
    columns = pd.MultiIndex.from_tuples([("R@1", "B=1"), ("Mem", "")])
    return pd.DataFrame([[a, 10.0], [b, 20.0]], index=["a", "b"], columns=columns)


def test_cells_with_queries_carry_resamples_that_rows_share():
    cells = Table(frame(), per_query=QUERIES).measured()
    a, b = cells["R@1|B=1"]
    assert isinstance(a, Measured)
    assert not isinstance(cells.loc["a", "Mem"], Measured)
    np.testing.assert_array_equal((b - a).resampled, Resampling(4).values([0.0, 1.0, 0.0, 0.0])[:, 0])


def test_bounds_have_the_shape_of_the_frame():
    low, high = Table(frame(), per_query=QUERIES).bounds()
    assert low.columns.equals(frame().columns)
    assert low.loc["a", ("R@1", "B=1")] <= 0.5 <= high.loc["a", ("R@1", "B=1")]
    assert low[("Mem", "")].isna().all()


def test_a_median_is_resampled_as_one():
    table = Table(pd.DataFrame({"MR": [3.0]}, index=["a"]), per_query={("a", "MR"): [1, 3, 90]}, medians=("MR",))
    assert float(table.measured().loc["a", "MR"]) == 3


def test_a_query_without_value_is_left_out():
    table = Table(pd.DataFrame({"AP": [0.5]}, index=["a"]), per_query={("a", "AP"): [0.4, np.nan, 0.6]})
    assert isinstance(table.measured().loc["a", "AP"], Measured)


def test_the_interval_of_a_mean_over_seeds_holds_the_chance_of_queries_and_of_seeds():
    """Queries all alike: only the seeds vary, and the mean of three has a standard error of s / √3."""
    seeds = np.array([0.2, 0.5, 0.8])
    table = Table(pd.DataFrame({"AP": [0.5]}, index=["a"]), per_query={("a", "AP"): np.tile(seeds[:, None], 40)})
    number = table.measured().loc["a", "AP"]
    assert number.over == "queries and seeds"
    assert np.std(number.resampled) == pytest.approx(np.std(seeds, ddof=1) / np.sqrt(3), rel=0.05)


def test_seeds_of_two_rows_are_drawn_apart_and_their_queries_together():
    values = np.tile([[0.2], [0.5], [0.8]], 40)
    frame = pd.DataFrame({"AP": [0.5, 0.5]}, index=["a", "b"])
    cells = Table(frame, per_query={("a", "AP"): values, ("b", "AP"): values}).measured()["AP"]
    assert abs(np.corrcoef(cells["a"].resampled, cells["b"].resampled)[0, 1]) < 0.1
    of_queries = np.tile(np.random.default_rng(0).random(40), (3, 1))
    frame = pd.DataFrame({"AP": [of_queries.mean()] * 2}, index=["a", "b"])
    cells = Table(frame, per_query={("a", "AP"): of_queries, ("b", "AP"): of_queries}).measured()["AP"]
    np.testing.assert_allclose((cells["a"] - cells["b"]).resampled, 0, atol=1e-12)


@pytest.mark.parametrize(
    ("per_query", "message"),
    [
        ({("a", "R@1|B=1"): [1.0, 1.0]}, "the queries' values give 1"),
        ({("c", "R@1|B=1"): [1.0]}, "no cell"),
        ({("a", "R@1"): [1.0]}, "no cell"),
        ({("a", "R@1|B=1"): [1.0, 0.0], ("b", "R@1|B=1"): [1, 1, 1, 0]}, "as many in each row"),
        ({("a", "R@1|B=1"): [[[0.5]]]}, "as many in each row"),
        ({("a", "R@1|B=1"): []}, "as many in each row"),
    ],
)
def test_values_that_are_not_those_of_the_cell_are_refused(per_query, message):
    with pytest.raises(UserError, match=message):
        Table(frame(), per_query=per_query).measured()


def test_a_share_on_which_all_queries_agree_has_the_exact_interval():
    values = {("a", "R@1"): [1, 1, np.nan, 1], ("b", "R@1"): [0, 0, 0, 0], ("c", "R@1"): [0, 1, 0, 1]}
    cells = Table(pd.DataFrame({"R@1": [1.0, 0.0, 0.5]}, index=[*"abc"]), per_query=values).measured()["R@1"]
    assert cells["a"].interval == (pytest.approx(0.025 ** (1 / 3)), 1)
    assert cells["b"].interval == (0, pytest.approx(1 - 0.025 ** (1 / 4)))
    assert cells["c"].bounds is None


@pytest.mark.parametrize(("others", "medians"), [([1, 2, 9], ("x",)), ([1, 2, 3], ())])
def test_a_rank_of_one_for_all_queries_is_no_share(others, medians):
    per_query = {("a", "x"): [1, 1, 1], ("b", "x"): others}
    table = Table(pd.DataFrame({"x": [1.0, 2.0]}, index=["a", "b"]), per_query=per_query, medians=medians)
    assert table.measured().loc["a", "x"].bounds is None


def test_seeds_are_no_further_queries_of_a_share_on_which_all_agree():
    table = Table(pd.DataFrame({"R@1": [1.0]}, index=["a"]), per_query={("a", "R@1"): np.ones((3, 4))})
    assert table.measured().loc["a", "R@1"].bounds == (pytest.approx(0.025 ** (1 / 4)), 1)
