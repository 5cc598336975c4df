"""The texts of one of SemArt's tables: words by both rules, and titles that find their comments."""

import numpy as np
import pytest
from click.testing import CliRunner

from vretlib.__main__ import main
from vretlib.real_runs import painting_texts

HEADINGS = "IMAGE_FILE\tDESCRIPTION\tAUTHOR\tTITLE\tTECHNIQUE\tDATE\tTYPE\tSCHOOL\tTIMEFRAME"


@pytest.fixture
def table(tmp_path):
    """Twelve rows whose comment and title share a word of their own; the last title repeats the one before it."""
    comments = [f"the painting shows the river of town{chr(97 + i)}" for i in range(12)]
    titles = [f"River near town{chr(97 + i)}" for i in range(11)] + ["River near townk"]
    rows = [
        f"{i}.jpg\t{c}\tX\t{t}\tOil\t1650\tlandscape\tFrench\t1601-1650"
        for i, (c, t) in enumerate(zip(comments, titles, strict=True))
    ]
    (tmp_path / "semart_val.csv").write_text("\n".join([HEADINGS, *rows]) + "\n", encoding="cp1252")
    return tmp_path / "semart_val.csv"


def test_titles_find_their_comments_and_words_are_counted_by_each_rule(table):
    lines = painting_texts.make(table).splitlines()
    cells = {line.split(" | ")[0].strip("| "): line.split(" | ")[1:] for line in lines if line.startswith("|")}
    assert cells["12 comments and titles"][0] == "the thesis' rule"
    # comments: the, painting, shows, river, of; titles: river, near, eleven towns. "the" and "of" are stop words, and
    # "near" is none of the comments'
    assert [cell.strip(" |") for cell in cells["words of comments; of titles"]] == ["5; 13", "3; 13"]
    assert cells["a title finds its comment among all, tf-idf: R@1; R@10"][0].startswith("0.92 [")
    assert lines[-1] == "100.0% of the comments have 100 words or fewer; 16.7% of the titles are not unique."


def test_a_model_of_sentences_is_a_row(table, monkeypatch):
    class Model:
        name = "mine"

        def vectors(self, texts):
            return np.array([[1.0, "townb" in text] for text in texts])

    monkeypatch.setattr(painting_texts.sentence_files, "read", lambda path: Model())
    row = next(line for line in painting_texts.make(table, "mine.whl").splitlines() if "mine" in line)
    assert row.startswith("| the same with mine | 0.17 [")  # townb, and the first of all other comments


def test_the_command_prints_the_table_and_names_a_wrong_one(table, tmp_path):
    result = CliRunner().invoke(main, ["real-texts", str(table)])
    assert result.exit_code == 0
    assert "12 comments and titles" in result.output
    (tmp_path / "wrong.csv").write_text("a,b\n1,2\n")
    wrong = CliRunner().invoke(main, ["real-texts", str(tmp_path / "wrong.csv")])
    assert wrong.exit_code == 2
    assert "wrong.csv" in wrong.output
