"""Bootstrap intervals against brute force over drawn indices, scipy, and values worked out by hand."""

import numpy as np
import pytest
from scipy import stats

from vretlib.errors import UserError
from vretlib.evaluation.intervals import Resampling, ends, of_unanimous


def drawn(resampling: Resampling) -> np.ndarray:
    """The queries of every resample as indices (resamples, queries), from how often each query counts."""
    values = np.eye(resampling.n_queries)
    shares = resampling.values(values)  # the mean of a unit vector is the share of its query
    counts = np.rint(shares * resampling.n_queries).astype(int)
    return np.stack([np.repeat(np.arange(resampling.n_queries), row) for row in counts])


def test_every_resample_has_as_many_queries_as_there_are():
    indices = drawn(Resampling(7, n=50))
    assert indices.shape == (50, 7)
    assert len({tuple(row) for row in indices}) > 40


@pytest.mark.parametrize(("statistic", "of"), [("mean", np.nanmean), ("median", np.nanmedian)])
def test_values_are_those_of_drawing_the_queries_one_by_one(statistic, of):
    rng = np.random.default_rng(1)
    x = rng.normal(size=(3, 8))
    x[1, 2] = np.nan
    resampling = Resampling(8, n=200)
    expected = np.array([[of(row[chosen]) for row in x] for chosen in drawn(resampling)])
    np.testing.assert_allclose(resampling.values(x, statistic), expected, atol=1e-12)


def test_the_interval_of_a_mean_agrees_with_scipys_percentile_bootstrap():
    x = np.random.default_rng(2).beta(2, 1, size=120)
    ours = Resampling(120, n=20_000).interval(x)[0]
    theirs = stats.bootstrap((x,), np.mean, n_resamples=20_000, method="percentile", rng=3).confidence_interval
    np.testing.assert_allclose(ours, theirs, atol=0.05 * (theirs[1] - theirs[0]))


def test_the_interval_of_a_mean_is_as_wide_as_the_normal_approximation():
    x = np.random.default_rng(4).normal(size=2000)
    low, high = Resampling(2000, n=4000).interval(x)[0]
    assert (high - low) == pytest.approx(2 * 1.96 * x.std() / np.sqrt(2000), rel=0.05)


def test_a_constant_lead_is_certain_however_much_the_queries_differ():
    base = np.array([0.0, 0.5, 1.0, 0.2])
    np.testing.assert_allclose(Resampling(4).difference([base + 0.1], base), [[0.1, 0.1]])


def test_the_difference_of_two_rows_is_resampled_with_the_same_queries():
    rng = np.random.default_rng(5)
    base = rng.normal(size=60)
    better = base + rng.normal(0.1, 0.05, size=60)
    resampling = Resampling(60)
    paired = resampling.difference(better, base)[0]
    np.testing.assert_allclose(paired, resampling.interval(better - base)[0], atol=1e-12)
    assert paired[0] > 0
    assert resampling.interval(better)[0, 0] < resampling.interval(base)[0, 1]


@pytest.mark.parametrize("bad", [np.zeros((2, 9)), np.zeros(8), [["a"] * 9], np.full(9, np.inf)])
def test_a_baseline_of_other_queries_or_rows_is_named(bad):
    with pytest.raises(UserError, match="baseline"):
        Resampling(9, n=10).difference(np.ones((3, 9)), bad)


def test_a_row_without_any_value_has_no_interval():
    assert np.isnan(Resampling(3).interval([[np.nan] * 3])).all()
    assert np.isnan(Resampling(3).interval([[np.nan] * 3], "median")).all()


def test_a_resample_without_value_is_left_out_of_the_interval():
    resampling = Resampling(2, n=400)
    x = np.array([np.nan, 0.5])
    assert np.isnan(resampling.values(x)).any()  # both draws were the query without value
    np.testing.assert_array_equal(resampling.interval(x), [[0.5, 0.5]])


def test_blocks_of_resamples_do_not_change_the_values(monkeypatch):
    x = np.random.default_rng(6).normal(size=(2, 9))
    whole = Resampling(9, n=101).values(x)
    monkeypatch.setattr("vretlib.evaluation.intervals._AT_ONCE", 9 * 10)
    np.testing.assert_array_equal(Resampling(9, n=101).values(x), whole)


def test_ends_are_the_quantiles_of_the_level():
    values = np.arange(101.0)
    np.testing.assert_allclose(ends(values, 0.9), [5, 95])
    np.testing.assert_allclose(ends(np.stack([values, 2 * values], axis=1), 0.5), [[25, 50], [75, 150]])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n_queries": 0}, "n_queries=0"),
        ({"n_queries": 3, "n": 0}, "n=0"),
        ({"n_queries": 3, "level": 95}, "level=95"),
        ({"n_queries": 3, "seed": -1}, "seed=-1"),
    ],
)
def test_what_cannot_be_resampled_is_named(arguments, message):
    with pytest.raises(UserError, match=message):
        Resampling(**arguments)


@pytest.mark.parametrize("bad", [[1, 2], [[1, 2], [3, 4]], ["a", "b", "c"], [1, 2, np.inf], np.zeros((1, 1, 3))])
def test_values_of_other_queries_or_of_no_numbers_are_refused(bad):
    with pytest.raises(UserError, match="per_query"):
        Resampling(3).values(bad)


def test_an_unknown_statistic_is_refused():
    with pytest.raises(UserError, match="mode"):
        Resampling(3).values([1, 2, 3], "mode")


def test_what_is_not_finite_is_left_out_of_the_ends():
    np.testing.assert_array_equal(ends([[1.0, np.nan], [np.inf, np.nan], [1.0, np.nan]]), [[1, np.nan], [1, np.nan]])


@pytest.mark.parametrize("n", [1, 40, 150])
@pytest.mark.parametrize("level", [0.9, 0.95])
@pytest.mark.parametrize("share", [0, 1])
def test_the_interval_of_queries_that_agree_is_scipys_exact_one(share, n, level):
    exact = stats.binomtest(share * n, n).proportion_ci(level, method="exact")
    np.testing.assert_allclose(of_unanimous(share, n, level), exact, atol=1e-12)


def test_the_rule_of_three_lies_inside_the_interval_of_queries_that_agree():
    low, high = of_unanimous(0, 150)
    assert low == 0 < 3 / 150 < high < 4 / 150


@pytest.mark.parametrize(("share", "n", "level"), [(0.5, 10, 0.95), (np.nan, 10, 0.95), (1, 0, 0.95), (1, 10, 1.0)])
def test_only_a_share_of_none_or_all_has_a_closed_interval(share, n, level):
    with pytest.raises(UserError):
        of_unanimous(share, n, level)
