"""A quick run of the benchmarks of chapter 6: what is compared must agree, and memory must not grow with the film."""

import json
import subprocess
import sys

import pytest

from vretlib import paths


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bench")
    subjects = ("temporal_encoder", "film_description")
    asked = [part for subject in subjects for part in ("--only", subject)]
    command = [sys.executable, "-m", "benchmarks", *asked, "--quick", "--output", str(folder)]
    done = subprocess.run(command, cwd=paths.ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return {name: json.loads((folder / f"{name}.json").read_text())["rows"] for name in subjects}


def test_packed_batches_give_what_one_shot_at_a_time_gives(rows):
    goals = [row["goal"] for row in rows["temporal_encoder"] if row["subject"].startswith("difference")]
    assert [goal["wanted"] for goal in goals] == [1e-5, 1e-5]
    assert all(goal["reached"] for goal in goals)


def test_each_target_is_judged(rows):
    wanted = [row["goal"]["wanted"] for subject in rows.values() for row in subject if row["goal"]]
    assert wanted == [5, 1e-5, 5, 1e-5, 1.1, 0.85, 1.1]


def test_a_film_three_times_as_long_takes_hardly_more_memory(rows):
    short, long = (row["value"] for row in rows["film_description"] if row["subject"].startswith("highest memory"))
    assert long < 1.1 * short


def test_the_film_is_described_at_three_frames_a_second(rows):
    whole = next(row for row in rows["film_description"] if row["method"] == "all of it")
    assert whole["settings"]["frames described"] == 36
