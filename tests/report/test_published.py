import csv
import io
import math

import pandas as pd
import pytest

from vretlib import paths
from vretlib.errors import UserError
from vretlib.report import published
from vretlib.report.headings import flat

EVERY = [(t.paper, t.number) for t in published.tables().itertuples()]


@pytest.mark.parametrize(("paper", "number"), EVERY)
def test_every_table_is_read_whole_and_in_printed_order(paper, number):
    entry = published.tables().query("paper == @paper and number == @number").iloc[0]
    frame = published.table(paper, number)
    assert frame.shape == (entry["rows"], entry["columns"])
    source = published.paper_named(paper).number
    file = f"{source}_{'' if number == 'timings' else 'table'}{number}.csv"
    lines = list(csv.DictReader(io.StringIO((paths.PUBLISHED / file).read_text(encoding="utf-8"))))
    assert len(lines) == entry["values"]
    printed = flat(frame)
    assert list(printed.index) == list(dict.fromkeys(line["row"] for line in lines))
    assert list(printed.columns) == list(dict.fromkeys(line["column"] for line in lines))
    cells = published.read(paper, number).cells
    assert cells == {(line["row"], line["column"]): line["value"] for line in lines}
    assert len(cells) == len(lines)


def test_every_table_file_is_in_the_index():
    files = {path.name for path in paths.PUBLISHED.glob("*.csv")} - {"index.csv"}
    with open(paths.PUBLISHED / "index.csv", encoding="utf-8", newline="") as text:
        assert files == {line["file"] for line in csv.DictReader(text)}
    assert len(EVERY) == 38


def test_composite_headings_have_the_papers_names():
    table = published.table("face_retrieval", "2")
    assert list(table.index.names) == ["Network", "Pooling"]
    assert list(table.columns.names) == ["dataset", "stage"]
    assert table.loc[("VGG16 (C)", "sum"), ("Y-Celeb", "Ranking")] == float(
        published.read("000", "2").cells["VGG16 (C)|sum", "Y-Celeb|Ranking"]
    )


def test_table_5_1_has_plain_columns_beside_recall_by_backtracks():
    table = published.table("thesis", "5.1")
    assert table.loc["Bi-KdTree", ("R@1", "B=50")] == 0.94  # thesis, Table 5.1
    assert table.loc["SIFT-Aggregation-KdTree", ("Feat", "")] == 0.9
    assert list(table["R@1"].columns) == ["all B", "B=10", "B=50", "B=100", "B=250"]
    assert table["R@1"].loc["Bi-Aggregation-KdTree", "B=250"] == 0.94


def test_numbers_and_short_names_mean_the_same_paper():
    pd.testing.assert_frame_equal(published.table("004", "5.2"), published.table("thesis", "5.2"))
    assert published.table("thesis", "5.2").loc["Total", "Feat"] == 3_040_000_000


def test_a_misprint_stays_as_printed_and_is_read_as_its_note_presumes():
    assert published.read("000", "1").cells["CityBlock|sum", "QE"] == "0578"
    assert published.table("000", "1").loc[("CityBlock", "sum"), "QE"] == 0.578
    assert "presumably 0.578" in published.notes("000", "1")["CityBlock|sum", "QE"]
    assert published.table("thesis", "4.2").loc["12 Years a Slave", "Frames"] == 196572  # well formed: not corrected


def test_a_printed_dash_differs_from_nothing_printed():
    assert published.read("thesis", "6.1").cells["Edge Histogram [1]", "dim"] == "-"
    assert math.isnan(published.table("thesis", "6.1").loc["Edge Histogram [1]", ("dim", "")])
    assert ("Bi-BruteForce", "R@1|B=10") not in published.read("thesis", "5.1").cells


def test_text_stays_text_in_a_column_that_mixes():
    assert flat(published.table("key_frames", "5")).loc["Ours", "Dimension"] == "64, 512"
    assert isinstance(flat(published.table("thesis", "4.2")).loc["Her", "Length"], str)


def test_changing_a_returned_frame_leaves_the_published_numbers_alone():
    table = published.table("thesis", "5.1")
    table.iloc[:] = 0
    assert flat(published.table("thesis", "5.1")).loc["Bi-KdTree", "Feat"] == 85


def test_hyperparameters_cite_the_paper_and_no_line_of_a_text_we_do_not_ship():
    for paper in published.PAPERS:
        frame = published.hyperparameters(paper.name)
        assert len(frame) > 40
        assert not frame["where"].str.contains(r"\bline \d").any()
        assert (frame["where"] != "").all()
    assert published.hyperparameters("001").loc["framework", "value"] == "Caffe"


def test_claims_and_their_hand_counts_go_together():
    claims, counts = published.claims(), pd.read_csv(paths.PUBLISHED / "claims_check.csv", index_col="id")
    assert len(claims) == 100
    assert set(claims.index) == set(counts.index)
    assert (counts["comparisons_true"].dropna() <= counts["comparisons"].dropna()).all()
    assert tuple(counts.loc["000-01", ["comparisons_true", "comparisons"]]) == (20, 30)
    assert claims.loc["004-15", "paper"] == "thesis"
    assert len(published.inconsistencies()) == 84


@pytest.mark.parametrize(
    ("ask", "offered"),
    [
        (lambda: published.table("nobody", "1"), "instance_search (003)"),
        (lambda: published.table("thesis", "9.9"), "5.1, 5.2"),
        (lambda: published.hyperparameters("005"), "thesis (004)"),
    ],
)
def test_an_unknown_name_is_answered_with_the_valid_ones(ask, offered):
    with pytest.raises(UserError) as error:
        ask()
    assert offered in str(error.value)
