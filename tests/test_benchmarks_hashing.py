"""A quick run of the benchmark of hashing: what is compared must agree."""

import pytest

from tests import quick_benchmarks


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    return quick_benchmarks.rows(tmp_path_factory.mktemp("bench"), "hashing")["hashing"]


def test_counting_gives_the_average_precision_of_sorting(rows):
    (difference,) = (row["goal"] for row in rows if row["subject"].startswith("largest difference"))
    assert difference["reached"]


def test_every_ranking_is_the_same(rows):
    assert [row["settings"]["same"] for row in rows if row["subject"].startswith("ranking")] == [1.0] * 3


def test_training_gives_what_the_formulas_give_and_says_its_memory(rows):
    trained = [row for row in rows if row["subject"].startswith("training")]
    assert len(trained) == 12  # SH and ITQ at two sizes, BRE, KSH; each beside its formula
    for row in trained:
        assert row["settings"]["largest relative difference"] < 1e-6
        assert row["settings"]["peak MiB"] > 0


def test_bre_and_ksh_are_trained_to_their_end_by_both(rows):
    rounds, also, bits, of_formula = (row["settings"]["results"] for row in rows if "results" in row["settings"])
    assert rounds == also > 2
    assert bits == of_formula == 6


def test_each_target_is_judged(rows):
    assert [row["goal"]["wanted"] for row in rows if row["goal"]] == [50, 3, 1, 5, *[1] * 6]
