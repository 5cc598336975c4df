import json

import matplotlib.pyplot as plt
import pytest

from vretlib import paths
from vretlib.errors import UserError
from vretlib.report import Chapter, published


@pytest.fixture
def chapter(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "RECORDED", tmp_path / "recorded")
    parameters = {"leaf_size": 100, "data_root": None}
    return Chapter(
        "05_binary_features", data="embedded films, seed 0", results_dir=tmp_path, seed=0, parameters=parameters
    )


def stored(chapter, name):
    return json.loads((chapter.folder / name).read_text(encoding="utf-8"))


def test_a_compared_table_is_kept_with_its_counts(chapter):
    obtained = published.table("thesis", "5.1").drop(index="SIFT-Aggregation-KdTree")
    chapter.compare("thesis", "5.1", obtained, reasons={"SIFT-Aggregation-KdTree": "needs sift=True"})
    about = stored(chapter, "tables/thesis_table_5.1.json")
    assert (about["published"], about["obtained"], about["missing"], about["extra"]) == (27, 21, 6, 0)
    assert about["reasons"]["needs sift=True"] >= 6
    assert all((chapter.folder / "tables" / file).exists() for file in about["files"].values())


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


def test_checks_are_kept_by_title_the_last_one_counts(chapter, monkeypatch):
    table = published.table("thesis", "6.3")
    chapter.check("Table 6.3", table, 0.01)
    monkeypatch.setenv("VRETLIB_RECORD", "1")
    chapter.check("Table 6.3", table, 0.01)
    assert (paths.RECORDED / "embedded/05_binary_features/table_6.3.json").exists()
    (check,) = stored(chapter, "checks.json")["checks"]
    assert check["line"] == "Table 6.3: 12 of 12 cells within tolerance"
    assert check["status"] == "within"


def test_claims_are_judged_on_what_was_compared(chapter):
    table = published.table("thesis", "5.1")
    table.loc["Bi-KdTree":, "R@1"] = 0.1
    chapter.compare("thesis", "5.1", table)
    chapter.claims("004-15")  # recall is similar for all methods on binary features
    (record,) = stored(chapter, "claims.json")["claims"]
    assert record["id"] == "004-15"
    assert record["published"]["status"] == "holds"
    assert record["obtained"]["status"] == "does not hold"


def test_the_footer_is_kept_with_the_seconds(chapter):
    chapter.footer(weights={"net": "12ab"})
    facts = stored(chapter, "provenance.json")
    assert facts["seconds"] >= 0
    assert facts["weights"] == {"net": "12ab"}


def test_a_new_run_forgets_what_the_run_before_listed(chapter, tmp_path):
    chapter.figure(plt.figure(), "old", caption="Old.")
    chapter.check("Table 6.3", published.table("thesis", "6.3"), 0.01)
    Chapter("05_binary_features", data="x", results_dir=tmp_path)
    assert [p.relative_to(chapter.folder).as_posix() for p in chapter.folder.rglob("*.json")] == ["chapter.json"]
    assert stored(chapter, "chapter.json")["data"] == "x"


def test_an_empty_results_dir_is_the_projects_own(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "RESULTS", tmp_path / "results")
    assert Chapter("04_image_to_video", data="x").folder == tmp_path / "results" / "04_image_to_video"


def test_a_name_that_is_no_file_name_is_refused(tmp_path):
    with pytest.raises(UserError, match="05_binary_features"):
        Chapter("Chapter 5", data="x", results_dir=tmp_path)


def test_a_results_dir_that_cannot_be_written_is_one_clear_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="results_dir"):
        Chapter("05_binary_features", data="x", results_dir=tmp_path / "file")


def test_data_of_the_reader_s_own_are_set_against_nothing_published(tmp_path):
    own = Chapter("05_binary_features", data="my films", results_dir=tmp_path, own_data=True)
    obtained = published.table("thesis", "5.1")
    own.compare("thesis", "5.1", obtained, reasons="not obtained")
    (file,) = (own.folder / "tables").glob("*.json")
    about = json.loads(file.read_text(encoding="utf-8"))
    assert about["title"] == "As Table 5.1"
    assert about["published"] == 0
    assert about["extra"] > 0
    assert "about their data" in repr(own.claims("004-15"))
    assert not (own.folder / "claims.json").exists()
