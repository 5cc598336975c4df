"""The table of answers per photograph."""

import numpy as np
import pandas as pd
import pytest

from vretlib import report
from vretlib.errors import UserError
from vretlib.parameters import Chosen
from vretlib.report import answers
from vretlib.report.answers import Answer

ANSWERS = [
    Answer("p/a.jpg", "film, frame 3", "film, frame 4", True, rank=1, score=0.25, level="hard"),
    Answer("p/b, c.jpg", "film, frame 9", "", False),
]


def test_answers_are_kept_beside_a_chapters_tables(tmp_path):
    written = report.Chapter(Chosen("05_test", results_dir=str(tmp_path)), data="d").answers(
        "Table 5.1, Key features", ANSWERS
    )
    assert written.path == tmp_path / "05_test" / "answers" / "table_5.1_key_features.csv"
    assert repr(written) == "answers per photograph: answers/table_5.1_key_features.csv (1 of 2 right)"
    read = pd.read_csv(written.path, keep_default_na=False, dtype=str)
    assert tuple(read.columns) == answers.COLUMNS
    assert read.to_numpy().tolist() == [
        ["p/a.jpg", "film, frame 3", "hard", "1", "film, frame 4", "0.25", "right"],
        ["p/b, c.jpg", "film, frame 9", "", "", "", "", "wrong"],
    ]


def test_a_folder_that_cannot_be_written_is_one_error(tmp_path):
    (tmp_path / "answers").write_text("a file where a folder should be")
    with pytest.raises(UserError, match="cannot write"):
        answers.write(tmp_path, "t", ANSWERS)


def test_a_photograph_whose_name_is_not_utf_8_can_be_written(tmp_path):
    path = answers.write(tmp_path, "t", [Answer("a\udcff.jpg", "f", "g", False)]).path
    assert "a\\xff.jpg" in path.read_text(encoding="utf-8")


def test_answers_of_rankings_name_the_first_item_and_the_rank_of_the_right_one():
    rankings, relevant = (
        np.array([[2, 0, 1], [1, 2, 0], [-1, -1, -1]]),
        [np.array([0, 1]), np.array([1]), np.array([2])],
    )
    queries = [("a.jpg", "easy"), ("b.jpg", ""), ("c.jpg", "")]
    assert answers.of_rankings(queries, ["x", "y", "z"], rankings, relevant, [0.5, 0.25, 0]) == [
        Answer("a.jpg", "x; y", "z", False, rank=2, score=0.5, level="easy"),
        Answer("b.jpg", "y", "y", True, rank=1, score=0.25),
        Answer("c.jpg", "z", "", False, score=0),
    ]
