"""A quick run of the benchmarks of paper 002: what is compared must agree, and bytes must be what is counted."""

import pytest

from tests import quick_benchmarks

pytest.importorskip("faiss")

SUBJECTS = ("coarse_to_fine", "bytes_per_hour")


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    return quick_benchmarks.rows(tmp_path_factory.mktemp("bench"), *SUBJECTS)


def test_agreement_with_exact_search_grows_with_the_candidates(rows):
    curve = [row["settings"] for row in rows["coarse_to_fine"] if "recall" in row["settings"]]
    assert curve
    ordered = sorted({(settings["m"], settings["recall"]) for settings in curve})
    assert [share for _, share in ordered] == sorted(share for _, share in ordered)
    assert ordered[-1][1] >= 0.95


def test_both_numbers_of_queries_have_a_goal(rows):
    assert sum(row["goal"] is not None for row in rows["coarse_to_fine"]) == 2


def test_bytes_are_vectors_times_their_size(rows):
    for row in rows["bytes_per_hour"]:
        counted = row["settings"]
        if "vectors an hour" in counted:
            assert row["value"] * 1e3 == pytest.approx(counted["vectors an hour"] * counted["bytes of a vector"])


def test_the_thesis_size_stands_beside_ours(rows):
    of = {row["method"]: row for row in rows["bytes_per_hour"]}
    assert of["printed: the thesis' method"]["value"] == pytest.approx(0.15e6 / 160)
    assert of["ch. 6: R-MAC, single frames"]["value"] == pytest.approx(3 * 3600 * 2.048, rel=0.1)
    assert of["002: Ours"]["value"] == pytest.approx(9 * of["002: DFSP"]["value"])
