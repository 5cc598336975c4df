"""A quick run of the benchmark of regions: what is compared must agree."""

import pytest

from tests import quick_benchmarks


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    return quick_benchmarks.rows(tmp_path_factory.mktemp("bench"), "regions")["regions"]


def values(rows, subject):
    return {row["method"]: row["value"] for row in rows if row["subject"].startswith(subject)}


def test_float16_takes_half_the_bytes_and_scores_hardly_change(rows):
    sizes = values(rows, "bytes of an image's regions")
    assert sizes == {"float16": 300 * 64 * 2, "float32": 300 * 64 * 4}
    agreement = values(rows, "regions as float16")
    assert agreement["largest difference of a score"] < 1000
    assert agreement["images with the same best region"] > 80


def test_fisher_vectors_are_those_of_scikit_image(rows):
    (ours,) = (row for row in rows if row["subject"].startswith("Fisher") and row["goal"])
    assert ours["settings"]["largest difference"] < 1e-5


def test_fisher_vectors_take_less_than_the_regions_they_are_made_of(rows):
    ours, all_at_once = values(rows, "memory for Fisher vectors").values()
    assert ours < all_at_once


def test_the_index_gives_the_products_of_the_matrix(rows):
    found = [row["settings"]["largest difference"] for row in rows if row["subject"].startswith("cosines")]
    assert len(found) == 3
    assert max(found) < 1e-5


def test_each_target_is_judged(rows):
    assert [row["goal"]["wanted"] for row in rows if row["goal"]] == [20, 20, 20, 1e-3, 1.15, 1, 1024, 1]
