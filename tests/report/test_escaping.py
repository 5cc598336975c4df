"""A name from a user's files stays a name on every page and in every picture."""

import html
import re
import warnings
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from nbformat.v4 import new_code_cell, new_notebook, new_output

from vretlib.chapters.image_to_video import plots as chapter_4
from vretlib.chapters.image_to_video.methods import Thresholds
from vretlib.evaluation.roc import ChosenThreshold
from vretlib.parameters import Chosen
from vretlib.plots import sheets
from vretlib.report import Chapter, Table, collected, escaping, figures, index, page, render
from vretlib.report.comparison import alone
from vretlib.report.index import Entry
from vretlib.report.provenance import Provenance

EVIL = "<img src=x onerror=alert(1)> $x_ *b* [l](javascript:1) `c` &lt; | \\(y\\) ~~s~~ _e_ <b>.mp4"
NAMES = [
    EVIL,
    "$",
    "$a$",
    "$a$ and $\\frac{",
    "\\",
    "_hidden",
    "__init__",
    "a\nb\tc",
    "bell\x07 \x1b[31mred\x1b[0m \x00",
    "\udcff\ud800",
    "\u202egnp.exe",
    "{x}^2 %d #1 & ~",
    "- list",
    "1. list",
    "# head",
    "> quote",
    "www.x.org https://x.org",
    "x" * 255,
    "été 映画 🎬",
]


class Parsed(HTMLParser):
    """Elements of a page, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def is_harmless(text: str) -> bool:
    """Whether a piece of HTML has no element, attribute or link that a name brought in."""
    tags = Parsed(text).tags
    handlers = [key for _, attrs in tags for key in attrs if key.startswith("on")]
    links = [str(attrs[key]) for _, attrs in tags for key in ("href", "src") if key in attrs]
    brought = [tag for tag, _ in tags if tag in ("b", "em", "code", "del", "li", "blockquote", "script")]
    return not handlers and not [link for link in links if "javascript" in link or link == "x"] and not brought


def spaced(name: str) -> str:
    return " ".join(escaping.one_line(name).split())


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_html_shows_the_name_and_holds_no_formula(name: str) -> None:
    shown = escaping.html(name)
    assert is_harmless(shown)
    assert Parsed(shown).text == escaping.one_line(name)
    assert not re.search(r"\$[^<]*\$|\\[(\[]", shown)
    assert "\n" not in shown


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_caption_shows_the_name_on_the_page(name: str) -> None:
    shown = page.html(
        new_notebook(cells=[new_code_cell("1", outputs=[markdown_output(f"**T.** {escaping.caption(name)}")])])
    )
    body = re.sub(r"\s+", " ", shown.split("output_markdown")[1].split("</div>")[0].partition(">")[2])
    assert is_harmless(body.replace("<strong>", "").replace("</strong>", ""))
    assert Parsed(body).text.strip() == f"T. {spaced(name)}"


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_caption_holds_no_formula_where_formulas_are_looked_for_first(name: str) -> None:
    assert "$" not in escaping.caption(name)  # JupyterLab cuts $…$ out before anything else is read


def markdown_output(text: str) -> Any:
    return new_output("display_data", {"text/markdown": text, "text/plain": "x"})


def test_what_a_code_cell_shows_as_markdown_brings_no_html_into_the_page() -> None:
    text = "<img src=x onerror=alert(1)> <script>alert(1)</script> [l](javascript:alert(1)) <b>x</b>"
    shown = page.html(new_notebook(cells=[new_code_cell("1", outputs=[markdown_output(text)])]))
    assert is_harmless(shown.split("output_markdown")[1])


def test_plain_captions_stay_as_they_are_written() -> None:
    for text in ("Left: θ · D_ave, see eq (2); R@1 = .9 & more, x < y. 50 % #1", "It falls."):
        assert escaping.caption(text) == escaping.markdown(text) == text


@pytest.fixture
def chapter(tmp_path: Path) -> Chapter:
    """A chapter on data whose name, films and caption are odd."""
    made = Chapter(Chosen("05_binary_features", results_dir=str(tmp_path)), data=EVIL)
    table = pd.DataFrame({EVIL: ["<x>", EVIL], "$a$": [1.0, 2.0]}, index=[EVIL, "[a] $b$\n*c*"])
    made.table("Films", table, caption=EVIL)
    fig, axes = plt.subplots()
    axes.set_title("$a$ $_$")
    made.figure(fig, "figure", title="Fig " + EVIL, caption=EVIL)
    return made


def test_the_page_of_results_holds_names_as_text(chapter: Chapter, tmp_path: Path) -> None:
    left = collected.read(chapter.folder)
    index.write([Entry("5", left, page="a.html", failure=EVIL, traceback=EVIL)], tmp_path / "index.html")
    text = (tmp_path / "index.html").read_text()
    images = [attrs for tag, attrs in Parsed(text).tags if tag == "img"]
    assert [attrs["src"] for attrs in images] == ["05_binary_features/figures/figure.png"]
    assert images[0]["alt"] == "Fig " + EVIL
    assert not [attrs for _, attrs in Parsed(text).tags if "onerror" in attrs]
    assert "javascript:1" not in re.sub(r">[^<]*<", "><", text).replace(html.escape(EVIL), "")


def test_tables_hold_names_as_text_in_html_markdown_and_latex() -> None:
    frame = pd.DataFrame({EVIL: ["<x>", EVIL], "$a$": [1.0, 2.0]}, index=[EVIL, "[a] $b$\n*c*"])
    table = alone("t", EVIL, frame, data=EVIL, caption=EVIL)
    assert "onerror" not in str([attrs for _, attrs in Parsed(render.html(table)).tags])
    assert not [tag for tag, _ in Parsed(render.html(table)).tags if tag in ("img", "script")]
    text = render.markdown(table)
    assert not re.search(r"(?<!\\)<img|(?<!\\)\$|(?<!\\)\*b|(?<!\\)\]\(", text)
    assert len([line for line in text.splitlines() if line.startswith("|")]) == 2 + 2
    tex = render.latex(table)
    assert not re.search(r"^\[|^\*", tex, re.MULTILINE)
    assert r"\$a\$" in tex
    assert re.search(r"^\{\}\[a\] \\\$b\\\$ \*c\*", tex, re.MULTILINE)


def test_the_footer_holds_names_as_text() -> None:
    shown = Provenance({"data": {EVIL: "abc"}})._repr_html_()
    assert {tag for tag, _ in Parsed(shown).tags} == {"table", "tr", "th", "td", "span"}


def drawn(fig: Figure, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        fig.savefig(tmp_path / "a.png")
        fig.savefig(tmp_path / "a.svg")
        figures.save(fig, "figure", caption="c", results_dir=tmp_path)


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_figure_draws_the_name_letter_for_letter(name: str, tmp_path: Path) -> None:
    figures.use_style()
    fig, axes = plt.subplots()
    axes.plot([1, 2], label=figures.plain(name))
    axes.set_title(figures.plain(name), loc="center")
    legend = axes.legend()
    assert len(legend.get_texts()) == 1
    shown, is_formula = axes.title._preprocess_math(axes.title.get_text())
    assert not is_formula
    expected = escaping.one_line(name)
    assert shown.strip() == (expected if len(expected) <= 60 else expected[:30] + "…" + expected[-29:]).strip()
    drawn(fig, tmp_path)


def test_a_name_that_was_forgotten_is_no_formula_and_powers_of_ten_are(tmp_path: Path) -> None:
    figures.use_style()
    fig, axes = plt.subplots()
    axes.plot([1, 1000], [1, 2], label="$\\frac{$")
    axes.set_title("$a_$ $b$", loc="center")
    axes.set(xscale="log", xlabel="$_$", ylabel="$x$")
    axes.set_yticks([1, 2], ["$a$", "$\\x$"])
    axes.legend()
    figures.save(fig, "figure", caption="c", results_dir=tmp_path)
    svg = (tmp_path / "figures" / "figure.svg").read_text()
    assert "<!-- $a_$ $b$ -->" in svg
    assert "<!-- $\\mathdefault{10^{2}}$ -->" in svg
    ticks = [label.get_parse_math() for label in axes.get_xticklabels()]
    assert all(ticks)
    assert not axes.title.get_parse_math()


PIXELS = np.zeros((8, 12, 3), np.uint8)
FRAME = pd.DataFrame({"1000": [0.5, 0.6], "2000": [0.4, 0.5]}, index=["$a$", EVIL])


def of_scores(*kinds: str) -> Figure:
    pairs, choice = pd.DataFrame({"kind": kinds}), ChosenThreshold(0.3, 1, 0, 0.2, 0.4)
    return chapter_4.scores_by_kind(Thresholds(0.3, choice, pd.DataFrame(index=[0.3]), pairs, np.ones((len(kinds), 1))))


def of_films() -> Figure:
    from vretlib.chapters.binary_features.plots import recall_by_size

    return recall_by_size(Table(FRAME))


def of_classes() -> Figure:
    from vretlib.plots.similarities import map_by_targets

    names = ["$\\x_", EVIL + "$"]
    values = pd.DataFrame({"Cosine": [0.1, 0.2], "0": [0.1, 0.2], "9": [0.3, 0.4]}, index=names)
    return map_by_targets(values, (values - 0.1, values + 0.1), {name: f"{name} $_" for name in names})


def of_landmarks() -> Figure:
    from vretlib.datasets.landmarks.collection import LandmarkCollection, LandmarkQuery
    from vretlib.plots.rankings import by_landmark

    none = np.zeros(0, np.int64)
    asked = tuple(LandmarkQuery(name, name, Path("x"), None, None, none, none, none) for name in ("$\\x$", "_", EVIL))
    aps = {name: pd.Series([0.1, 0.2, 0.3]) for name in ("BOW", "MAC")}
    return by_landmark(aps, LandmarkCollection("$", (), asked, "", ""))


def of_photographs(tmp_path: Path) -> Figure:
    from PIL import Image

    from vretlib.datasets.landmarks.collection import LandmarkCollection, LandmarkQuery
    from vretlib.plots.rankings import collection_sheet

    path, ids = tmp_path / "a.png", np.zeros(1, np.int64)
    Image.fromarray(np.zeros((30, 40, 3), np.uint8)).save(path)
    asked = LandmarkQuery("$q$", "$\\x$ $", path, None, None, ids, ids[:0], ids[:0])
    return collection_sheet(LandmarkCollection("$", (path,), (asked,), "", ""), [asked])


def test_a_sheet_of_landmarks_with_odd_names_is_drawn(tmp_path: Path) -> None:
    figures.use_style()
    drawn(of_photographs(tmp_path), tmp_path)


def of_levels() -> Figure:
    from vretlib.plots.curves import over_seeds

    return over_seeds({"$a$": {4: [0.1, 0.2]}, EVIL: {4: [0.2, 0.3]}}, xlabel="clips", ylabel="share")


@pytest.mark.parametrize(
    "draw",
    [
        of_films,
        of_classes,
        of_landmarks,
        of_levels,
        lambda: sheets.contact_sheet([("$a$ $", [PIXELS]), (EVIL + "$", [PIXELS])], ["$\\x$"]),
        lambda: sheets.grid([PIXELS, PIXELS, None], ["$\\x_$", EVIL, ""], 3, ["C1", "", ""]),
        lambda: sheets.outlines([(PIXELS, None, None, "$\\x$: right")], 1),
        lambda: of_scores("$\\x$", "_"),
    ],
    ids=["films", "classes", "landmarks", "levels", "sheet", "grid", "outlines", "scores"],
)
def test_pictures_with_odd_names_are_drawn(draw: Callable[[], Figure], tmp_path: Path) -> None:
    figures.use_style()
    drawn(draw(), tmp_path)
