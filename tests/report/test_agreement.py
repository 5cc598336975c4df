"""One line per table on the agreement of two orders: recorded by pages, read by the first page and the index."""

import pytest

from vretlib import paths, report
from vretlib.parameters import Chosen
from vretlib.report import agreement, collected, index, published

FIELDS = {
    "tau": -0.2,
    "interval": [-0.6, 0.4],
    "rows": 3,
    "pairs": 3,
    "reversed": ["a", "b", "c", "d", "e"],
    "text": "",
}
CERTAIN = {"tau": 1.0, "interval": None, "rows": 4, "pairs": 6, "reversed": [], "text": ""}


def text(fields, heading):
    return agreement.table({("05_codes", "Table 1"): fields})[heading].item()


def test_tau_stands_with_its_interval():
    assert text(FIELDS, "Kendall's τ") == "−0.20 [−0.60, 0.40]"
    assert text(CERTAIN, "Kendall's τ") == "1.00"
    assert text(CERTAIN | {"tau": None}, "Kendall's τ") == "all tied"


def test_three_reversed_pairs_are_named_and_the_others_counted():
    assert text(FIELDS, "reversed beyond chance") == "a; b; c; and 2 more"
    assert text(FIELDS | {"reversed": []}, "reversed beyond chance") == "none"


def test_without_an_interval_nothing_is_said_about_chance():
    assert text(CERTAIN, "reversed beyond chance") == "not known: nothing is averaged over queries"


def test_nothing_recorded_is_an_empty_table(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "RECORDED", tmp_path)
    assert agreement.recorded() == {}
    assert agreement.table({}).empty


@pytest.fixture
def page(tmp_path, monkeypatch):
    """A page that shows Table 5.1 with the printed numbers as obtained ones, which agree in every pair."""
    monkeypatch.setattr(paths, "RECORDED", tmp_path / "recorded")
    chapter = report.Chapter(Chosen("05_codes", results_dir=str(tmp_path)), data="films")
    table = published.table("thesis", "5.1")
    chapter.compare("thesis", "5.1", report.Table(table, baseline="Bi-BruteForce"))
    return chapter


def test_a_page_records_only_while_numbers_are_recorded(page, monkeypatch):
    page.footer()
    assert agreement.recorded() == {}
    monkeypatch.setenv("VRETLIB_RECORD", "1")
    page.footer()
    [(place, fields)] = agreement.recorded().items()
    assert place == ("05_codes", "Table 5.1")
    assert fields["tau"] == 1


def test_the_index_shows_the_line_of_this_run(page, tmp_path):
    entries = [index.Entry("Codes", collected.read(tmp_path / "05_codes"))]
    [line] = index.agreements(entries)
    assert line[:3] == ("05_codes", "Table 5.1", "1.00")
    index.write(entries, tmp_path / "index.html")
    assert "Is the order of the methods" in (tmp_path / "index.html").read_text(encoding="utf-8")
