"""A quick run of the search benchmark proves its code; the speeds it finds mean nothing."""

import json
import math
import subprocess
import sys

import pytest
from click.testing import CliRunner

from benchmarks import Row
from benchmarks.__main__ import main
from vretlib import paths

pytest.importorskip("faiss")
search = pytest.importorskip("benchmarks.search")


@pytest.fixture(scope="module")
def quick_run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bench")
    command = [sys.executable, "-m", "benchmarks", "--only", "search", "--quick", "--output", str(folder)]
    done = subprocess.run(command, cwd=paths.ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


def test_every_row_has_its_fields_and_plain_settings(quick_run):
    folder, _ = quick_run
    content = json.loads((folder / "search.json").read_text())
    assert set(content) == {"options", "environment", "rows"}
    assert content["options"]["quick"] is True
    for row in content["rows"]:
        assert set(row) == {"subject", "method", "value", "unit", "settings", "goal"}
        assert math.isfinite(row["value"])
        assert all(isinstance(value, int | float | str) for value in row["settings"].values())
        if row["goal"]:
            assert set(row["goal"]) == {"wanted", "obtained", "text", "at_most", "reached"}


def test_every_target_of_the_subject_is_judged_and_printed(quick_run):
    folder, printed = quick_run
    rows = json.loads((folder / "search.json").read_text())["rows"]
    judged = [row["subject"] for row in rows if row["goal"]]
    for subject in ("exact 1-NN", "exact 10-NN", "approximate 1-NN at recall 0.95", "memory of the index"):
        assert any(name.startswith(subject) for name in judged), subject
        assert subject in printed


def test_exact_search_agrees_with_faiss(quick_run):
    folder, _ = quick_run
    rows = json.loads((folder / "search.json").read_text())["rows"]
    exact = [row["settings"]["same distances"] for row in rows if row["subject"].startswith("exact")]
    assert exact
    assert set(exact) == {1.0}


def test_picture_is_left_and_nothing_half_written(quick_run):
    folder, _ = quick_run
    assert sorted(path.name for path in folder.iterdir()) == ["search.json", "search.png"]


def test_a_subject_that_does_not_exist_names_those_that_do():
    done = CliRunner().invoke(main, ["--only", "sorting"])
    assert done.exit_code == 2
    assert "search" in done.output


def test_speed_at_a_recall_is_read_between_settings_that_are_worth_it():
    """From 400 at .9 to 100 at 1: 200 half way, on a log scale. A setting that is slower and worse is left out."""
    rows = [
        Row("s", "m", speed, "queries/s", {"recall": recall}) for recall, speed in [(1.0, 100), (0.9, 400), (0.92, 50)]
    ]
    recalls, speeds = search.curve(rows, "m")
    assert recalls.tolist() == [0.9, 1.0]
    assert search.speed_at(0.95, recalls, speeds) == pytest.approx(200, abs=1e-9)
    assert search.speed_at(0.95, recalls[:1], speeds[:1]) == 0
