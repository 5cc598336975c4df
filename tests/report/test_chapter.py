import json

import matplotlib.pyplot as plt
import pytest

from vretlib import paths
from vretlib.errors import UserError
from vretlib.parameters import Chosen
from vretlib.report import Chapter, Check, Table, published


@pytest.fixture
def chapter(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "RECORDED", tmp_path / "recorded")
    chosen = Chosen(
        "05_binary_features", results_dir=str(tmp_path), deciding={"leaf_size": 100, "data_root": None, "seed": 0}
    )
    return Chapter(chosen, data="embedded films, seed 0")


def stored(chapter, name):
    return json.loads((chapter.folder / name).read_text(encoding="utf-8"))


def test_a_compared_table_is_kept_with_its_counts(chapter):
    obtained = published.table("thesis", "5.1").drop(index="SIFT-Aggregation-KdTree")
    chapter.compare("thesis", "5.1", Table(obtained, reasons={"SIFT-Aggregation-KdTree": "needs sift=True"}))
    about = stored(chapter, "tables/thesis_table_5.1.json")
    assert (about["published"], about["obtained"], about["missing"], about["extra"]) == (27, 21, 6, 0)
    assert about["reasons"]["needs sift=True"] >= 6
    assert all((chapter.folder / "tables" / file).exists() for file in about["files"].values())


def test_a_table_with_a_baseline_keeps_the_agreement_of_orders(chapter):
    table = published.table("thesis", "6.3")
    shown = chapter.compare("thesis", "6.3", Table(table, baseline="Sum-Pool, No SBD", better={"mAP": "higher"}))
    kept = stored(chapter, "tables/thesis_table_6.3.json")["agreement"]
    assert (kept["tau"], kept["interval"], kept["rows"]) == (1, None, 6)
    assert kept["text"] in repr(shown)


def test_tables_and_figures_are_numbered_in_the_order_of_the_page(chapter):
    table = published.table("thesis", "6.3")
    chapter.compare("thesis", "6.3", table)
    chapter.figure(plt.figure(), "empty", caption="Nothing.")
    chapter.table("Options", table, caption="Ours")
    orders = [
        stored(chapter, f)["order"]
        for f in ("tables/thesis_table_6.3.json", "figures/empty.json", "tables/options.json")
    ]
    assert orders == [1, 2, 3]


def test_every_table_is_checked_under_its_title_and_the_last_of_a_title_counts(chapter, monkeypatch):
    table = published.table("thesis", "6.3")
    chapter.compare("thesis", "6.3", Table(table, checks=[Check(table, 0.01)]))
    chapter.keep("Parts", Table(table, checks=[Check(table[:1], 0.01, part="first"), Check(table[1:], 0.01)]))
    chapter.keep("Parts", Table(table, checks=[Check(table[:2], 0.01, part="first")]))
    assert len(chapter.check_all().results) == 3
    monkeypatch.setenv("VRETLIB_RECORD", "1")
    lines = repr(chapter.check_all()).splitlines()
    assert lines[0] == "Table 6.3: 12 of 12 cells within tolerance"
    assert [line.split(":")[0] for line in lines] == ["Table 6.3", "Parts, first", "Parts"]
    assert (paths.RECORDED / "embedded/05_binary_features/table_6.3.json").exists()
    assert (paths.RECORDED / "embedded/05_binary_features/parts_first.json").exists()
    checks = stored(chapter, "checks.json")["checks"]
    assert [check["status"] for check in checks] == ["within"] * 3


def test_a_page_without_recorded_tables_says_so(chapter):
    assert repr(chapter.check_all()) == "no table is recorded"


def test_claims_are_judged_on_what_was_compared(chapter):
    table = published.table("thesis", "5.1")
    table.loc["Bi-KdTree":, "R@1"] = 0.1
    chapter.compare("thesis", "5.1", table)
    chapter.claims("004-15")  # recall is similar for all methods on binary features
    (record,) = stored(chapter, "claims.json")["claims"]
    assert record["id"] == "004-15"
    assert record["published"]["direction"] == "holds"
    assert record["obtained"]["direction"] == "reversed"


def test_verdicts_on_obtained_numbers_name_the_drawn_collections(chapter):
    chapter.compare("thesis", "6.3", Table(published.table("thesis", "6.3"), stands_for={"mAP": "mAP on Clips A"}))
    (judged,) = chapter.claims("004-28")
    assert "mAP on Clips A" in judged.obtained.comparisons[0].label
    assert "Clips" not in judged.published.comparisons[0].label


def test_the_footer_is_kept_with_the_seconds(chapter):
    chapter.footer(weights={"net": "12ab"})
    facts = stored(chapter, "provenance.json")
    assert facts["seconds"] >= 0
    assert facts["weights"] == {"net": "12ab"}


def test_a_new_run_forgets_what_the_run_before_listed(chapter, tmp_path):
    chapter.figure(plt.figure(), "old", caption="Old.")
    chapter.check_all()
    Chapter(Chosen("05_binary_features", results_dir=str(tmp_path)), data="x")
    assert [p.relative_to(chapter.folder).as_posix() for p in chapter.folder.rglob("*.json")] == ["chapter.json"]
    assert stored(chapter, "chapter.json")["data"] == "x"


def test_an_empty_results_dir_is_the_projects_own(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "RESULTS", tmp_path / "results")
    assert Chapter(Chosen("04_image_to_video"), data="x").folder == tmp_path / "results" / "04_image_to_video"


def test_a_name_that_is_no_file_name_is_refused(tmp_path):
    with pytest.raises(UserError, match="05_binary_features"):
        Chapter(Chosen("Chapter 5", results_dir=str(tmp_path)), data="x")


def test_a_results_dir_that_cannot_be_written_is_one_clear_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="results_dir"):
        Chapter(Chosen("05_binary_features", results_dir=str(tmp_path / "file")), data="x")


def test_data_of_the_reader_s_own_are_set_against_nothing_published(tmp_path):
    own = Chapter(Chosen("05_binary_features", results_dir=str(tmp_path)), data="my films", own_data=True)
    obtained = published.table("thesis", "5.1")
    own.compare("thesis", "5.1", Table(obtained, reasons="not obtained"))
    (file,) = (own.folder / "tables").glob("*.json")
    about = json.loads(file.read_text(encoding="utf-8"))
    assert about["title"] == "As Table 5.1"
    assert about["published"] == 0
    assert about["extra"] > 0
    assert "about their data" in repr(own.claims("004-15"))
    assert not (own.folder / "claims.json").exists()


def test_a_table_of_other_data_says_so(chapter):
    shown = chapter.table("Codes", published.table("thesis", "6.3"), data="Real photographs: coffee.")
    assert stored(chapter, "tables/codes.json")["data"] == "Real photographs: coffee"
    assert "embedded films" not in repr(shown)
