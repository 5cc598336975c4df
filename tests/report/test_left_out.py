"""What a page does when its data hold no example of what a figure or table shows."""

import json
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from vretlib import report
from vretlib.errors import NoExampleError, UserError
from vretlib.parameters import Chosen
from vretlib.report import collected


def half(n: int) -> int:
    if n % 2:
        raise NoExampleError(f"{n} has no half")
    return n // 2


def test_an_attempt_gives_what_was_made_or_why_it_cannot_be_had() -> None:
    assert report.attempt(half, 6) == 3
    assert repr(report.attempt(half, 3)) == "Left out: 3 has no half."


def test_what_needs_something_that_is_missing_is_missing_for_the_same_reason() -> None:
    missing = report.attempt(half, 3)
    assert report.attempt(half, missing) == missing
    assert report.attempt(int, 1, base=missing) == missing


def test_other_errors_are_raised() -> None:
    def wrong() -> None:
        raise UserError("no such file")

    with pytest.raises(UserError, match="no such file"):
        report.attempt(wrong)


def test_a_chapter_shows_and_keeps_the_sentence_in_the_place_of_figure_table_and_check(tmp_path: Path) -> None:
    chapter = report.Chapter(Chosen("99_test", results_dir=str(tmp_path)), data="nothing")
    missing = report.LeftOut("no image has a corner")
    assert chapter.figure(missing, "three_patches", caption="Three.") == missing
    assert chapter.table("Corners", missing) == missing
    assert chapter.compare("thesis", "5.1", missing) == missing
    assert repr(chapter.check_all()) == (
        "Corners: not checked, the table is left out\nTable 5.1: not checked, the table is left out"
    )
    kept = collected.read(tmp_path / "99_test")
    assert [entry["title"] for entry in kept.left_out] == ["three patches", "Corners", "Table 5.1"]
    assert {entry["why"] for entry in kept.left_out} == {"no image has a corner"}
    assert not kept.figures
    assert not kept.tables


def test_a_later_run_that_has_the_example_no_longer_says_so(tmp_path: Path) -> None:
    report.Chapter(Chosen("99_test", results_dir=str(tmp_path)), data="nothing").table("A", report.LeftOut("nothing"))
    again = report.Chapter(Chosen("99_test", results_dir=str(tmp_path)), data="nothing")
    again.table("A", pd.DataFrame({"x": [1.0]}, index=["row"]))
    again.figure(plt.figure(), "b", caption="Empty.")
    kept = collected.read(tmp_path / "99_test")
    assert not kept.left_out
    assert json.loads((tmp_path / "99_test" / "tables" / "a.json").read_text())["title"] == "A"


def test_a_page_can_ask_whether_it_has_what_it_needs() -> None:
    found, missing = report.attempt(half, 4), report.attempt(half, 3)
    assert report.has(found)
    assert report.has()
    assert not report.has(found, missing)
