import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from vretlib.report import published, render
from vretlib.report.comparison import alone, with_published
from vretlib.report.means import means
from vretlib.report.table import Table

FILMS = "embedded films, seed 0"
EVERY = [(t.paper, t.number) for t in published.tables().itertuples()]


class Widths(HTMLParser):
    """Number of columns that each row of a table takes, spans counted."""

    def __init__(self, page: str):
        super().__init__()
        self.rows: list[int] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append(0)
        if tag in ("td", "th"):
            self.rows[-1] += int(dict(attrs).get("colspan", 1))


def lines_of(markdown: str) -> list[list[str]]:
    rows = [line for line in markdown.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows]


@pytest.mark.parametrize(("paper", "number"), EVERY)
def test_all_three_forms_are_rectangular_for_every_table(paper, number):
    table = with_published(paper, number, published.table(paper, number), data="itself")
    width = len(table.columns) + 2
    assert {len(row) for row in lines_of(render.markdown(table))} == {width}
    assert set(Widths(render.html(table)).rows) == {width}
    for line in render.latex(table).splitlines():
        if line.endswith(r"\\") and " & " in line:
            spans = sum(int(n) - 1 for n in re.findall(r"\\multicolumn\{(\d+)\}", line))
            assert len(re.findall(r"(?<!\\)&", line)) + 1 + spans == width


def test_a_row_takes_a_line_each_for_published_obtained_and_difference():
    table = published.table("thesis", "6.3") + 0.1
    rows = lines_of(render.markdown(with_published("thesis", "6.3", table, data="SI2V", same_data=True)))
    assert rows[2] == ["Sum-Pool, No SBD", "published", "0.152", "0.275"]
    assert rows[3] == ["", "obtained", "0.252", "0.375"]
    assert rows[4] == ["", "difference", "+0.100", "+0.100"]


def test_a_row_not_obtained_says_why_in_its_place():
    part = published.table("thesis", "6.3").drop(index="LSTM, Our SBD")
    page = render.markdown(with_published("thesis", "6.3", part, data=FILMS, reasons="needs model=lstm"))
    rows = lines_of(page)
    assert rows[-2][0] == "LSTM, Our SBD"
    assert rows[-1][1:3] == ["obtained", "not obtained: needs model=lstm"]


def test_the_same_reason_is_said_once_below_the_rows_that_share_it():
    part = published.table("thesis", "6.3").iloc[:1]
    page = render.markdown(with_published("thesis", "6.3", part, data=FILMS, reasons="needs model=lstm"))
    assert page.count("needs model=lstm") == 1


def test_paper_and_run_without_a_common_row_get_a_block_each():
    films = pd.DataFrame({"Frames": [1200.0], "R@1": [0.9]}, index=["Film 1"])
    rows = lines_of(
        render.markdown(with_published("thesis", "5.2", films, data=FILMS, reasons="MoviesDB is not distributed"))
    )
    names = [row[0] for row in rows[2:]]
    assert names[0] == "Published (Garcia Docampo, 2018); not obtained: MoviesDB is not distributed"
    assert names[-2:] == [f"Obtained ({FILMS})", "Film 1"]
    assert len(names) == 1 + 41 + 1 + 1


def test_oddities_and_reasons_get_footnotes_each_text_once():
    table = published.table("thesis", "3.3")
    table.loc[:, "LAND5K"] = float("nan")
    page = render.markdown(with_published("thesis", "3.3", table, data=FILMS, reasons={"LAND5K": "no land here"}))
    assert page.count("no land here") == 1
    assert page.count("trains the similarity network only") == 1
    assert page.count("n/aᵃ") == 3
    assert page.count("0.509¹") == 1


def test_data_that_are_not_the_papers_are_said_to_be_so():
    table = published.table("thesis", "6.3")
    assert "they are not the paper's numbers" in render.html(
        with_published("thesis", "6.3", table, data=FILMS)
    ).replace("&#x27;", "'")
    assert "not the paper's numbers" not in render.markdown(
        with_published("thesis", "6.3", table, data="SI2V", same_data=True)
    )


def test_special_letters_are_escaped():
    table = alone("t", "A & B", pd.DataFrame({"a|b_c%": ["<x>", "p|q"]}, index=["r#1", "50%"]), data=FILMS)
    page = render.html(table)
    assert "A &amp; B" in page
    assert "&lt;x&gt;" in page
    assert {len(row) for row in lines_of(render.markdown(table))} == {3}
    tex = render.latex(table)
    assert r"A \& B" in tex
    assert r"b\_c\%" in tex
    assert r"r\#1" in tex


def test_signs_and_not_only_colours_tell_better_from_worse():
    table = published.table("thesis", "6.3")
    better = {"mAP": "higher", "R@1": "higher"}
    comparison = with_published("thesis", "6.3", table.add([0.1, -0.1]), data="SI2V", same_data=True, better=better)
    for page in (render.html(comparison), render.markdown(comparison)):
        assert page.count("▲") == 6 + 1  # and once in the legend
        assert page.count("▼") == 6 + 1


@pytest.mark.parametrize("columns", [[], ["mAP"]])
def test_a_table_without_rows_says_so_in_all_three_forms(columns):
    table = alone("Own images", "Own images", pd.DataFrame(columns=columns), data="a folder of mine")
    for form in (render.html, render.markdown, render.latex):
        assert "nothing to show on a folder of mine" in form(table)


def with_queries() -> Table:
    """Table 6.3 with 40 queries: the baseline finds every second one, the others ten more of the rest or ten fewer."""
    base = np.tile([0.0, 1.0], 20)
    more, less = base.copy(), base.copy()
    more[0:20:2], less[1:20:2] = 1, 0
    values = {"Sum-Pool, No SBD": base, "LSTM, Our SBD": more, "LSTM, No SBD": less}
    rows = published.table("thesis", "6.3").index
    frame = pd.DataFrame({"mAP": [values[r].mean() if r in values else np.nan for r in rows]}, index=rows)
    per_query = {(row, "mAP"): queries for row, queries in values.items()}
    return Table(frame, per_query=per_query, baseline="Sum-Pool, No SBD", stands_for={"mAP": "mean AP"})


def shown(table: Table):
    return with_published(
        "thesis", "6.3", table.measured(), data=FILMS, reasons="not tried", baseline=table.baseline,
        stands_for=table.stands_for,
    )  # fmt: skip


def test_intervals_and_gains_stand_below_the_numbers_and_losses_are_marked():
    rows = lines_of(render.markdown(shown(with_queries())))
    kinds = [row[1] for row in rows[2:]]
    assert kinds[:3] == ["published", "obtained", "95 %"]
    gains = [row[2] for row in rows if row[1] == "gain"]
    assert gains == ["−0.031 → −0.250 ▼", "+0.450 → +0.250 ▲"]  # the baseline has no gain


def test_the_legend_says_where_seeds_enter_an_interval():
    table = means({("Sum-Pool, No SBD", "mAP"): [[0.0, 1.0], [1.0, 1.0]], ("LSTM, No SBD", "mAP"): [0.5, 0.0]})
    page = render.markdown(
        with_published("thesis", "6.3", table.measured(), data=FILMS, reasons="no", spread=table.spread)
    )
    assert "95 %: bootstrap interval over queries, and over seeds where there are several." in page


def test_the_legend_explains_intervals_gains_and_names():
    page = render.markdown(shown(with_queries()))
    assert "95 %: bootstrap interval over queries." in page
    assert "Gain over Sum-Pool, No SBD: published → obtained; ▲ gain, ▼ loss beyond chance" in page
    assert "mean AP stands for mAP." in page
    assert "mAP (here mean AP)" in page


def test_the_legend_says_what_the_intervals_are_over_and_which_are_exact():
    frame = pd.DataFrame({"TPR": [1.0]}, index=["net"])
    measured = Table(frame, per_query={("net", "TPR"): [1, 1]}, over="pairs").measured()
    page = render.markdown(alone("t", "t", measured, data=FILMS))
    assert "95 %: bootstrap interval over pairs; where all pairs agree (0 or 1), the exact binomial one." in page


def test_a_column_of_zeros_shows_how_far_from_zero_it_may_be():
    measured = Table(pd.DataFrame({"FPR": [0.0]}, index=["net"]), per_query={("net", "FPR"): [0] * 150}).measured()
    assert "0.000–0.024" in render.markdown(alone("t", "t", measured, data=FILMS))


def test_two_methods_have_no_order_and_the_table_says_so():
    table = means({("Sum-Pool, No SBD", "mAP"): [0.0, 1.0], ("LSTM, No SBD", "mAP"): [0.5, 0.0]})
    shown_with = {"data": FILMS, "reasons": "no"}
    page = render.markdown(with_published("thesis", "6.3", table.measured(), baseline="LSTM, No SBD", **shown_with))
    assert "fewer than 3 rows have both numbers, too few for Kendall's τ" in page
    page = render.markdown(with_published("thesis", "6.3", table.measured(), **shown_with))
    assert "Order of the rows: not compared, because the table has no baseline" in page


def test_gains_are_factors_where_lower_is_better():
    table = alone("t", "t", pd.DataFrame({"ms": [8.0, 2.0]}, index=["slow", "fast"]), data=FILMS,
                  better={"ms": "lower"}, baseline="slow")  # fmt: skip
    rows = lines_of(render.markdown(table))
    assert rows[-1][1:] == ["gain", "×0.25"]


def test_seeds_are_shown_as_a_range():
    frame = pd.DataFrame({"mAP": [0.5]}, index=["net"])
    table = alone("t", "t", frame, data=FILMS, spread={("net", "mAP"): [0.5, 0.48, 0.53]})
    assert lines_of(render.markdown(table))[-1][1:] == ["seeds", "0.480–0.530"]
