"""The board of judged claims: choosing, counting, filtering, and how it is shown."""

import json
import re

import pandas as pd
import pytest

from vretlib.errors import UserError
from vretlib.report import published
from vretlib.report.board import SYMBOLS
from vretlib.report.claims import judge
from vretlib.report.predicates.comparisons import HOLDS
from vretlib.report.predicates.vocabulary import claim
from vretlib.report.verdict import STATUSES, UNTESTABLE

BOARD = judge("all")
LOST = {("thesis", "Figure 5.4"): pd.DataFrame({1000: [1.0], 6000: [0.9]}, index=["film"])}
"""A film that loses more than claim 004-21 allows."""


class TestBoard:
    def test_frame_can_be_filtered(self):
        table = judge("thesis").frame()
        assert list(table.query("published == 'not testable'").index) == ["004-07", "004-08", "004-21"]
        assert table.loc["004-17", ["true", "total"]].tolist() == [4, 4]
        assert table.loc["004-17", "margin"] == pytest.approx(0.94 - 0.73)

    def test_obtained_columns_appear_with_obtained_tables(self):
        table = judge(["004-17", "004-19"], {("thesis", "5.1"): published.table("thesis", "5.1")}).frame()
        assert table["obtained"].tolist() == [HOLDS, UNTESTABLE]
        assert table["obtained_total"].tolist() == [4, 0]

    def test_records_are_json(self):
        records = judge(["004-17", "004-19"], {("thesis", "5.1"): published.table("thesis", "5.1")}).records()
        assert json.loads(json.dumps(records)) == records
        assert records[0]["obtained"]["text"] == "direction holds (4 of 4 hold)"
        assert records[1]["obtained"]["margin"] is None

    def test_the_summary_counts_directions_and_sizes(self):
        board = judge(["004-15", "004-21", "004-40", "004-07"])
        assert board.summary() == (
            "4 claims on published numbers: direction holds 1, undecided 0, holds in part 1, reversed 0, "
            "not testable 2; size inside 0, outside 1"
        )

    def test_the_summary_counts_each_claim_once(self):
        directions, sizes = BOARD.summary().split(";")
        numbers = [int(n) for n in re.findall(r"\d+", directions)]
        assert numbers[0] == sum(numbers[1:]) == 100
        assert sum(int(n) for n in re.findall(r"\d+", sizes)) == sum(j.published.size != "none stated" for j in BOARD)

    def test_printed_text_has_a_line_for_each_source_of_a_claim(self):
        lines = repr(judge("004-16", {("thesis", "5.1"): published.table("thesis", "5.1")})).splitlines()
        assert len(lines) == 4  # two summaries, two verdicts
        assert lines[2] == "004-16  published: ✓ direction holds (3 of 3 hold); size inside in 3 of 3"
        assert lines[3].strip().startswith("obtained: ✓ direction holds")

    def test_html_shows_direction_and_size_in_words_and_escapes_text(self):
        page = judge(["003-19", "004-21"], LOST)._repr_html_()
        assert "◐ direction holds in part (2 of 4 hold; 2 reversed)" in page
        assert "✗ direction reversed" in page
        assert "✗ size outside: 10 % (stated less than 8.5 %)" in page
        assert "&lt; 0.085" in page

    def test_every_direction_has_a_sign_of_its_own(self):
        assert len(set(SYMBOLS.values())) == len(STATUSES) == len(SYMBOLS)

    @pytest.mark.parametrize(
        ("choice", "ids"),
        [
            ("004-15", ["004-15"]),
            (["004-16", "000-01", "004-16"], ["004-16", "000-01"]),
            (["004-16", "key_frames"], ["004-16", *(f"002-{i:02d}" for i in range(1, 14))]),
            ("002", [f"002-{i:02d}" for i in range(1, 14)]),
        ],
    )
    def test_claims_are_chosen_by_id_or_paper_once_each(self, choice, ids):
        assert [judged.id for judged in judge(choice)] == ids

    def test_board_can_be_narrowed_to_a_paper_and_a_verdict(self):
        assert [judged.id for judged in BOARD.only("thesis", UNTESTABLE)] == ["004-07", "004-08", "004-21"]
        assert len(BOARD.only()) == 100
        assert {judged.paper for judged in BOARD.only(paper="key_frames")} == {"key_frames"}
        with pytest.raises(UserError, match=r"verdict .wrong..*reversed"):
            BOARD.only(verdict="wrong")

    def test_an_unknown_claim_is_an_error_that_names_the_valid_ones(self):
        with pytest.raises(UserError, match=r"004-99.*thesis"):
            judge("004-99")

    def test_a_claim_cannot_be_tested_twice(self):
        with pytest.raises(ValueError, match="004-15"):
            claim("004-15")(lambda book: [])
