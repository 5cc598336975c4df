"""README's tables of a real film, from what the pages wrote."""

import numpy as np
import pandas as pd
import pytest

from vretlib import report
from vretlib.parameters import Chosen
from vretlib.report import published, real_film


@pytest.fixture
def folder(tmp_path):
    """Table 5.1 without brute force, the R@1 of one method measured on four photographs, two of them found."""
    chapter = report.Chapter(
        Chosen("05_binary_features", results_dir=str(tmp_path), deciding={"seed": 3}), data="one film."
    )
    table = published.table("thesis", "5.1").drop(index="Bi-BruteForce").astype(object)
    table.loc["Bi-KdTree", ("R@1", "B=50")] = 0.5
    chapter.compare(
        "thesis",
        "5.1",
        report.Table(
            table,
            reasons={"Bi-BruteForce": "left out here"},
            per_query={("Bi-KdTree", "R@1|B=50"): np.array([1.0, 0.0, 1.0, 0.0])},
        ),
    )
    return tmp_path


def test_the_columns_of_r_at_1_are_shown_with_their_intervals(folder):
    lines = real_film.markdown(folder).splitlines()
    assert lines[0] == "**Chapter 5: share of photographs that find their frame.** one film; seed 3."
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines if line.startswith("|")]
    assert cells[0] == ["", "R@1 · B=10", "R@1 · B=50", "R@1 · B=100", "R@1 · B=250"]
    assert cells[2] == ["Bi-KdTree", "0.90", "0.50 [0.00, 1.00]", "0.96", "0.97"]
    assert [row[0] for row in cells[2:]] == [
        "Bi-KdTree",
        "Bi-KeyFrame-KdTree",
        "SIFT-Aggregation-KdTree",
        "Bi-Aggregation-KdTree",
    ]


def test_the_thesis_names_of_query_sets_do_not_head_numbers_of_another_film(tmp_path):
    chapter = report.Chapter(
        Chosen("06_spatio_temporal_encoder", results_dir=str(tmp_path), deciding={"seed": 0}), data="one film."
    )
    columns = pd.MultiIndex.from_tuples([(kind, "R@1") for kind in ("SI2V", "VB")])
    frame = pd.DataFrame([[0.5, 0.25]], ["Max-Pooling"], columns)
    left_out = dict.fromkeys(published.table("thesis", "6.2").index, "not run")
    chapter.compare("thesis", "6.2", report.Table(frame, reasons=left_out))
    head = next(line for line in real_film.markdown(tmp_path).splitlines() if line.startswith("|"))
    assert [cell.strip() for cell in head.split("|")[1:-1]] == ["", "stills · R@1", "photographs of a screen · R@1"]


def test_without_any_run_there_is_nothing(tmp_path):
    assert real_film.markdown(tmp_path).strip() == ""


@pytest.mark.parametrize(
    ("obtained", "text"),
    [("14315.0", "14,315"), ("0.4567", "0.46"), ("4.1234", "4.12"), ("16, 128", "16, 128"), ("1.0", "1.00")],
)
def test_numbers_are_written_short(obtained, text):
    assert real_film._text(obtained, np.nan, np.nan) == text


def test_names_of_tables_and_columns_are_those_of_the_pages():
    for shown in real_film.TABLES:
        if shown.name.startswith("thesis_table"):
            table = published.read("thesis", shown.name.removeprefix("thesis_table_"))
            assert pd.Series(table.columns).str.fullmatch(shown.columns).any(), shown.name
