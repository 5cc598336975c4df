"""The bibliography: parsed in full, cited as texts do, and equal wherever the project names a paper."""

import ast
import re

import nbformat
import pytest
import yaml

from vretlib import notebooks, paths
from vretlib.errors import UserError
from vretlib.report import published, references

PAGES = sorted(paths.NOTEBOOKS.glob("[01][0-9]_*.ipynb"))[1:]

ENTRY = """% a comment
@article{bentley1975,
  author = {Bentley, Jon Louis},
  title = {{Trees}},
  journal = {Communications},
  volume = {18},
  number = {9},
  pages = {509--517},
  year = {1975},
  keywords = {kd-trees},
}
"""


def test_every_entry_is_read():
    text = references.FILE.read_text(encoding="utf-8")
    assert len(references.works()) == text.count("\n@") > 40


def test_an_entry_becomes_authors_title_and_venue(tmp_path):
    file = tmp_path / "one.bib"
    file.write_text(ENTRY)
    work = references.works(file)["bentley1975"]
    assert work.fields["title"] == "Trees"
    assert work.before_title == "J. L. Bentley."
    assert work.after_title == "Communications 18(9), 509–517, 1975."


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (ENTRY.replace("  year = {1975},\n", ""), "bentley1975: has no year"),
        (ENTRY.replace("  journal = {Communications},\n", ""), "bentley1975: has no venue"),
        (ENTRY.replace("volume = {18}", "volume = 18"), "line 6: not BibTeX as it is kept here"),
        (ENTRY + ENTRY, "line 22: not BibTeX"),
    ],
)
def test_an_entry_that_is_not_complete_is_refused(tmp_path, text, message):
    file = tmp_path / "one.bib"
    file.write_text(text)
    with pytest.raises(UserError, match=message):
        references.works(file)


@pytest.mark.parametrize(
    ("key", "short"),
    [
        ("lowe2004", "Lowe, 2004"),
        ("kingma2015", "Kingma and Ba, 2015"),
        ("tolias2016", "Tolias et al., 2016"),
        ("garcia2018thesis", "Garcia Docampo, 2018"),
    ],
)
def test_texts_cite_one_author_two_or_the_first_of_many(key, short):
    assert references.find(key).short == short


def test_a_list_is_sorted_by_surname_and_year_and_says_what_for():
    lines = repr(references.cite("tolias2016", "lowe2004")).splitlines()
    assert [line[:2] for line in lines] == ["D.", "G."]
    assert lines[0].endswith("91–110, 2004. [SIFT, ratio test]")


def test_an_unknown_key_is_refused():
    with pytest.raises(UserError, match=r"nobody1900: no such work in references\.bib"):
        references.cite("nobody1900")


def test_every_published_paper_has_its_reference():
    assert {paper.citation for paper in published.PAPERS} == {
        "Garcia Docampo, 2018",
        "Hachchane et al., 2020",
        "Salvador et al., 2016",
        "Wang et al., 2020",
        "Zhang et al., 2020",
    }


def test_the_citation_file_and_the_readme_have_the_five_papers():
    cited = yaml.safe_load((paths.ROOT / "CITATION.cff").read_text(encoding="utf-8"))["references"]
    readme = (paths.ROOT / "README.md").read_text(encoding="utf-8")
    papers = [references.find(paper.key) for paper in published.PAPERS]
    assert {(entry["title"], str(entry["year"])) for entry in cited} == {
        (paper.fields["title"], paper.fields["year"]) for paper in papers
    }
    for entry in cited:
        work = next(paper for paper in papers if paper.fields["title"] == entry["title"])
        assert [(who["family-names"], who["given-names"]) for who in entry["authors"]] == list(work.authors)
        assert work.fields["title"] in readme


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_ends_with_the_works_that_it_cites(path):
    page = nbformat.read(path, as_version=4)
    assert any(re.search(r"^## References$", cell.source, re.MULTILINE) for cell in page.cells)
    cells = [cell for cell in notebooks.code_cells(page) if "references.cite(" in cell.source]
    assert len(cells) == 1
    calls = [node for node in ast.walk(ast.parse(cells[0].source)) if isinstance(node, ast.Call)]
    keys = [ast.literal_eval(key) for key in calls[0].args]
    assert keys == sorted(set(keys))
    assert sorted(set(keys) - set(references.works())) == []
