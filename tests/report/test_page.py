import re
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from vretlib.report import formulas, page

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@pytest.fixture(scope="module")
def html() -> str:
    """A page with prose, formulas, links, code, printed text, a table, a picture and an error."""
    prose = "# Title\n\n## First part\n\nLet $d_H \\le 20$ and\n\n$$s = \\frac{a}{b}$$\n\n"
    prose += "see [next](05_next.ipynb#part) & `x < y`."
    outputs = [
        new_output("stream", text="printed < text\n"),
        new_output("execute_result", {"text/html": "<table><tr><td>cell</td></tr></table>", "text/plain": "plain"}),
        new_output("display_data", {"image/png": PIXEL}),
        new_output("error", ename="ValueError", evalue="no", traceback=["\x1b[31mValueError\x1b[0m: no"]),
    ]
    cells = [new_markdown_cell(prose), new_code_cell("x = 1 < 2", outputs=outputs, execution_count=1)]
    return page.html(new_notebook(cells=cells))


def test_a_page_loads_nothing_from_elsewhere(html: str) -> None:
    assert "<script" not in html
    assert "<link" not in html
    sources = re.findall(r"""(?:src|href)=["']?([^"'> ]*)""", html)
    assert [s for s in sources if not s.startswith(("#", "data:", "../index.html", "05_next.html"))] == []
    assert "@import" not in html


def test_a_page_shows_prose_code_text_tables_pictures_and_errors(html: str) -> None:
    for part in (
        "<title>Title</title>",
        "printed &lt; text",
        "<td>cell</td>",
        f"data:image/png;base64,{PIXEL[:20]}",
    ):
        assert part in html
    assert "plain" not in re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    assert "\x1b" not in html


def test_formulas_become_mathml_and_no_dollar_is_left(html: str) -> None:
    assert html.count("<math") == 2
    assert '<math display="block"' in html
    assert "$" not in html


def test_links_between_notebooks_become_links_between_pages(html: str) -> None:
    assert 'href="05_next.html#part"' in html


def test_a_page_has_its_sections_at_the_top(html: str) -> None:
    assert '<a href="#First-part">First part</a>' in html


@pytest.mark.parametrize(
    ("tex", "parts"),
    [
        (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", ["<mtable", "</mtr><mtr>"]),
        (r"\arg\min_k x", ["arg", "min"]),
        (r"\operatorname{score}(q)", ['mathvariant="normal">s']),
        (r"\begin{cases} 1 & s \ge \tau \\ 0 & \text{otherwise} \end{cases}", ["<mtable", "otherwise"]),
        (r"\mathbf{x} \in \{0, 1\}^{256}", ["<msup>"]),
    ],
)
def test_what_the_papers_write_is_understood(tex: str, parts: list[str]) -> None:
    markup = formulas.converted(tex)
    assert markup is not None
    assert all(part.replace("arg", '<mi mathvariant="normal">a</mi>') in markup for part in parts)


@pytest.mark.parametrize("tex", [r"\foo{x} = 1", r"\left( a", r"a \bar"])
def test_a_formula_that_is_not_understood_stays_as_written(tex: str) -> None:
    assert formulas.converted(tex) is None
    assert formulas.mathml(tex).startswith('<code class="tex">')


def test_a_page_appears_whole(tmp_path: Path) -> None:
    page.write(new_notebook(cells=[new_markdown_cell("# T")]), tmp_path / "a.html")
    assert [p.name for p in tmp_path.iterdir()] == ["a.html"]
