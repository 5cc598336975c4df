import csv
import io

import numpy as np
import pandas as pd
import pytest

from vretlib.errors import UserError
from vretlib.report import published, render
from vretlib.report.comparison import alone, with_published

FILMS = "embedded films, seed 0"


@pytest.fixture
def obtained() -> pd.DataFrame:
    """Table 5.1 as if recall had come out 0.05 lower throughout."""
    table = published.table("thesis", "5.1")
    table["R@1"] = table["R@1"] - 0.05
    return table


def test_each_cell_has_published_obtained_and_on_the_same_data_their_difference(obtained):
    comparison = with_published("thesis", "5.1", obtained, data=FILMS, same_data=True)
    cell = comparison.cells["Bi-KdTree", "R@1|B=50"]
    assert (cell.printed, cell.published, cell.shown, cell.difference) == ("0.94", 0.94, "0.89", "−0.05")
    assert comparison.counts == {"published": 27, "obtained": 27, "missing": 0, "extra": 0}


def test_numbers_of_different_data_are_not_subtracted(obtained):
    comparison = with_published("thesis", "5.1", obtained, data=FILMS, better={"R@1": "higher"})
    assert {cell.difference for cell in comparison.cells.values()} == {""}
    assert comparison.frame()["difference"].isna().all()


def test_a_remark_stands_behind_the_papers_caption_in_every_form(obtained):
    plain, noted = (
        with_published("thesis", "5.1", obtained, data=FILMS, remark=text) for text in ("", "Turned upside down.")
    )
    assert noted.caption == f"{plain.caption.rstrip('.')}. Turned upside down."
    assert all(
        "Turned upside down." in show for show in (render.html(noted), render.markdown(noted), render.latex(noted))
    )


def test_a_missing_cell_without_a_reason_is_an_error_that_names_it(obtained):
    obtained.loc["Bi-KdTree", ("Mem", "")] = np.nan
    with pytest.raises(UserError, match=r"1 published cells.*Bi-KdTree, Mem"):
        with_published("thesis", "5.1", obtained, data=FILMS)


def test_a_misspelt_heading_cannot_pass_as_missing(obtained):
    renamed = obtained.rename(index={"Bi-KdTree": "Bi-Kdtree"})
    with pytest.raises(UserError, match=r"6 published cells.*spelling"):
        with_published("thesis", "5.1", renamed, data=FILMS)


def test_reasons_go_by_cell_then_row_then_column(obtained):
    few = obtained.drop(index=["Bi-KdTree", "Bi-KeyFrame-KdTree"])
    few.loc["Bi-BruteForce", ("Mem", "")] = np.nan
    reasons = {("Bi-KdTree", "Mem"): "the cell", "Bi-KdTree": "the row", "R@1": "the column", "Feat": "F", "Mem": "M"}
    cells = with_published("thesis", "5.1", few, data=FILMS, reasons=reasons).cells
    assert cells["Bi-KdTree", "Mem"].reason == "the cell"
    assert cells["Bi-KdTree", "R@1|B=10"].reason == "the row"
    assert cells["Bi-KeyFrame-KdTree", "R@1|B=10"].reason == "the column"
    assert cells["Bi-BruteForce", "Mem"].reason == "M"
    assert cells["Bi-BruteForce", "Feat"].reason == ""


def test_a_reason_for_something_that_is_not_there_is_an_error(obtained):
    with pytest.raises(UserError, match="Bi-Kdtree"):
        with_published("thesis", "5.1", obtained, data=FILMS, reasons={"Bi-Kdtree": "slip"})


def test_rows_and_columns_of_our_own_are_shown_as_extra(obtained):
    obtained["Search", "ms"] = 3.25
    obtained.loc["Linear scan"] = 0.5
    comparison = with_published("thesis", "5.1", obtained, data=FILMS)
    assert comparison.columns[-1] == "Search|ms"
    assert comparison.rows[-1] == "Linear scan"
    assert comparison.counts["published"] == 27
    assert comparison.counts["extra"] == 5 + 8
    assert "Linear scan" in repr(comparison)


def test_better_and_worse_are_told_by_a_sign_where_the_direction_is_known(obtained):
    obtained.loc["Bi-KdTree", ("Mem", "")] = 10.0
    better = {"R@1": "higher", "Mem": "lower"}
    cells = with_published("thesis", "5.1", obtained, data=FILMS, better=better, same_data=True).cells
    assert cells["Bi-KdTree", "R@1|B=10"].better is False
    assert cells["Bi-KdTree", "Mem"].better is True
    assert cells["Bi-BruteForce", "Mem"].better is None  # equal
    assert cells["Bi-BruteForce", "Feat"].better is None  # direction not known


def test_misprint_notes_and_printed_form_are_kept():
    comparison = with_published("000", "1", published.table("000", "1"), data="the paper's own", same_data=True)
    cell = comparison.cells["CityBlock|sum", "QE"]
    assert (cell.printed, cell.difference) == ("0578", "0.000")
    assert "presumably 0.578" in cell.note
    assert "0578" in repr(comparison)


def test_a_printed_dash_asks_for_no_number():
    table = published.table("face_retrieval", "5")
    assert with_published("face_retrieval", "5", table, data="x").counts["published"] == 12 - 3


@pytest.mark.parametrize(("paper", "number"), [(t.paper, t.number) for t in published.tables().itertuples()])
def test_every_published_table_agrees_with_itself(paper, number):
    comparison = with_published(paper, number, published.table(paper, number), data="itself")
    assert comparison.counts["missing"] == 0
    assert set(comparison.frame()["difference"].dropna()) <= {0.0}


def test_saved_files_say_the_same_and_the_csv_has_full_precision(obtained, tmp_path):
    obtained.loc["Bi-KdTree", ("R@1", "B=10")] = 1 / 3
    files = with_published("thesis", "5.1", obtained, data=FILMS, same_data=True).save(tmp_path)
    assert files == {k: f"thesis_table_5.1.{k}" for k in ("csv", "md", "tex", "html")}
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(files.values())
    lines = list(csv.DictReader(io.StringIO((tmp_path / files["csv"]).read_text())))
    line = next(x for x in lines if (x["row"], x["column"]) == ("Bi-KdTree", "R@1|B=10"))
    assert float(line["obtained"]) == 1 / 3
    assert float(line["difference"]) == 1 / 3 - 0.9
    assert line["published"] == "0.90"


def test_a_table_of_our_own_has_only_extra_cells():
    table = alone("Options", "Options", pd.DataFrame({"R@1": [0.5, 0.75]}, index=["as is", "rectified"]), data=FILMS)
    assert table.counts == {"published": 0, "obtained": 0, "missing": 0, "extra": 2}
    assert "rectified" in repr(table)


def test_a_given_format_wins():
    table = alone("t", "t", pd.DataFrame({"s": [1.23456]}, index=["a"]), data=FILMS, formats={"s": "{:.1f} s"})
    assert table.cells["a", "s"].shown == "1.2 s"


def test_gains_over_brute_force_which_has_one_number_for_every_b(obtained):
    compared = with_published(
        "thesis", "5.1", obtained.map(float), data=FILMS,
        better={"R@1": "higher"}, baseline={"R@1": ("Bi-BruteForce", "R@1|all B")},
    )  # fmt: skip
    base, cell = compared.cells["Bi-BruteForce", "R@1|all B"], compared.cells["Bi-KdTree", "R@1|B=10"]
    assert base.gain is None
    assert cell.gain.published == pytest.approx(0.90 - 0.98)
    assert cell.gain.obtained == pytest.approx(cell.obtained - base.obtained)
    assert compared.cells["Bi-KdTree", "Mem"].gain is None


def test_a_collection_that_the_caption_alone_names_is_followed_by_what_stands_for_it() -> None:
    table = published.table("thesis", "6.3")
    shown = with_published("thesis", "6.3", table, data="ours", stands_for={"SI2V-600k": "Clips A"})
    assert shown.caption == "Analysis of the SBD algorithm in SI2V-600k (here Clips A)"
    with pytest.raises(UserError, match="stands_for names VB-600k, which heads no row or column"):
        with_published("thesis", "6.3", table, data="ours", stands_for={"VB-600k": "Clips B"})
