"""The map of the companion covers every table and every claim once, and knows which notebooks exist."""

import pytest

from vretlib.report import published
from vretlib.report.companion import PARTS, chapters


def test_every_published_table_belongs_to_one_notebook():
    numbers = [(part.paper, number) for part in PARTS for number in part.tables()]
    tables = published.tables()
    assert sorted(numbers) == sorted(zip(tables["paper"], tables["number"], strict=True))


def test_every_claim_belongs_to_one_notebook():
    assert sorted(claim_id for part in PARTS for claim_id in part.claims()) == list(published.claims().index)


@pytest.mark.parametrize(("notebook", "claims"), [("04_image_to_video", 1), ("05_binary_features", 7)])
def test_claims_of_a_chapter(notebook, claims):
    assert chapters().loc[notebook, "claims"] == claims


def test_a_notebook_is_here_when_its_file_is(tmp_path):
    (tmp_path / "05_binary_features.ipynb").touch()
    states = chapters(tmp_path)["state"]
    assert states["05_binary_features"] == "here"
    assert set(states.drop("05_binary_features")) == {"later"}
