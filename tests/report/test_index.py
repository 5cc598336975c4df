import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt

from vretlib import paths, report
from vretlib.parameters import Chosen
from vretlib.report import collected, index, published


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a chapter writes through vretlib.report: a table, a figure, a check that is not met, two claims."""
    root = tmp_path_factory.mktemp("results")
    recorded = tmp_path_factory.mktemp("recorded")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths, "RECORDED", recorded)
        patch.setenv("VRETLIB_RECORD", "1")
        chosen = Chosen("05_codes", results_dir=str(root))
        first = report.Chapter(chosen, data="films <drawn>")
        first.keep("Sizes", checked(1.0))
        first.check_all()
        patch.delenv("VRETLIB_RECORD")
        chapter = report.Chapter(chosen, data="films <drawn>")
        chapter.keep("Sizes", checked(2.0))
        chapter.keep("Speed", checked(2.0))
        chapter.check_all()
        table = published.table("thesis", "5.1")
        without = table.drop(index="Bi-BruteForce")
        chapter.compare("thesis", "5.1", report.Table(without, reasons={"Bi-BruteForce": "left out here"}))
        figure, axes = plt.subplots()
        axes.plot([1, 2])
        chapter.figure(figure, "line", title="Fig 5.4", caption="Falls & rises.", data={"y": np.array([1, 2])})
        chapter.claims("004-15", "004-17")
    return root


def checked(value: float) -> report.Table:
    frame = pd.DataFrame({"a": [1.0], "b": [value]}, index=["row"])
    return report.Table(frame, checks=[report.Check(frame, 0.1)])


def test_counts_are_those_of_the_chapter(folder: Path) -> None:
    results = collected.read(folder / "05_codes")
    n_published = int(published.table("thesis", "5.1").notna().to_numpy().sum())
    obtained, total = results.cells
    assert total == n_published
    assert 0 < obtained < total  # the row of brute force is missing
    assert results.within == (1, 2)  # the other table has no record and counts for nothing
    assert results.directions == {"holds": 1, "not testable": 1}  # 004-15 needs brute force, whose row is missing
    assert index.claims(results) == "1 hold"


def test_the_page_shows_tables_figures_checks_and_claims(folder: Path) -> None:
    entry = index.Entry(
        "Codes",
        collected.read(folder / "05_codes"),
        "notebooks/05_codes.html",
        "notebooks/05_codes.ipynb",
        90,
    )
    index.write([entry], folder / "index.html")
    html = (folder / "index.html").read_text()
    for part in (
        "left out here",
        "Falls &amp; rises.",
        "films &lt;drawn&gt;",
        "Sizes: 1 of 2",
        "004-15",
        "1.5 minutes",
        "2 judged; on the numbers of this run: direction holds 1, undecided 0, holds in part 0, reversed 0,",
        "✓ direction holds (4 of 4 hold)",
    ):
        assert part in html
    linked = {path for path in re.findall(r'(?:src|href)="([^"#]+)"', html) if not path.startswith("notebooks/")}
    assert len(linked) >= 5
    assert [path for path in linked if not (folder / path).is_file()] == []
    assert "http" not in html.replace("http://www.w3.org", "")


def test_a_chapter_that_left_nothing_has_an_empty_row(tmp_path: Path) -> None:
    entry = index.Entry("Later", collected.read(tmp_path / "09_later"), state="not run")
    assert index.board(entry) == ("09_later", "", "", "", "", "not run")
    index.write([entry], tmp_path / "index.html")
    assert "Not run in this folder yet" in (tmp_path / "index.html").read_text()


def test_a_failure_is_shown_first_and_escaped(tmp_path: Path) -> None:
    entry = index.Entry("X", collected.read(tmp_path / "01_x"), failure="cell 3: Error: <b>", traceback="line <1>")
    assert index.board(entry)[-1] == "cell 3: Error: <b>"
    index.write([entry], tmp_path / "index.html")
    assert "line &lt;1&gt;" in (tmp_path / "index.html").read_text()
