"""A quick run of the benchmarks of evaluation, of exact cosine search and of tf-idf: what is compared must agree."""

import pytest

from tests import quick_benchmarks

pytest.importorskip("faiss")

SUBJECTS = ("evaluation", "cosine", "intervals", "tfidf")


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    return quick_benchmarks.rows(tmp_path_factory.mktemp("bench"), *SUBJECTS)


def test_the_loop_and_the_arrays_give_the_same_average_precision(rows):
    (difference,) = (row["goal"] for row in rows["evaluation"] if row["subject"].startswith("largest difference"))
    assert difference["reached"]
    assert {row["method"] for row in rows["evaluation"] if row["unit"] == "µs/query"} == {
        "vretlib: average_precisions",
        "the classic loop over ranks",
        "numpy: isin and cumsum per query",
    }


def test_every_exact_method_finds_the_same_neighbours(rows):
    """All but a few: where float32 sums tie or nearly tie, the others may keep another one in the last place."""
    for n_queries in ("1 query", "100 queries"):
        methods = [row for row in rows["cosine"] if row["subject"].endswith(n_queries)]
        assert len(methods) == 6
        assert min(row["settings"]["neighbours shared with vretlib"] for row in methods) >= 0.999


def test_intervals_are_as_wide_as_scipys(rows):
    (apart,) = (row["goal"] for row in rows["intervals"] if row["unit"] == "%")
    assert apart["reached"]


def test_tfidf_is_scikit_learns(rows):
    (apart,) = (row["goal"] for row in rows["tfidf"] if row["unit"] == "1e-12")
    assert apart["reached"]


def test_each_target_is_judged(rows):
    goals = [row["goal"] for subject in rows.values() for row in subject if row["goal"]]
    assert [goal["wanted"] for goal in goals] == [50, 1e-12, 1.2, 1.2, 1000, 5, 1, 1, 1]
