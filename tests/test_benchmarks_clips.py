"""A quick run of the benchmarks of chapter 6: what is compared must agree, and memory must not grow with the film."""

import pytest

from tests import quick_benchmarks


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    return quick_benchmarks.rows(tmp_path_factory.mktemp("bench"), "temporal_encoder", "film_description")


def test_packed_batches_give_what_one_shot_at_a_time_gives(rows):
    goals = [row["goal"] for row in rows["temporal_encoder"] if row["subject"].startswith("difference")]
    assert [goal["wanted"] for goal in goals] == [1e-5, 1e-5]
    assert all(goal["reached"] for goal in goals)


def test_each_target_is_judged(rows):
    wanted = [row["goal"]["wanted"] for subject in rows.values() for row in subject if row["goal"]]
    assert wanted == [5, 1e-5, 5, 1e-5, 1.1, 0.85, 0.5]


def test_a_longer_film_does_not_keep_its_pictures_in_memory(rows):
    """18 seconds more: 54 pictures of 640 × 360 that nobody needs twice, 37 MB."""
    (long,) = (row for row in rows["film_description"] if row["method"].endswith("as long"))
    assert long["goal"]["obtained"] < 1


def test_the_film_is_described_at_three_frames_a_second(rows):
    whole = next(row for row in rows["film_description"] if row["method"] == "all of it")
    assert whole["settings"]["frames described"] == 72
