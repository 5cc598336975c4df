"""What every chapter's notebook keeps to, so that it reads well without running and runs everywhere.

The limits are those of design and of the books that readers like: a few lines of code per cell, prose before each of
them. What a page defines stands in cells tagged ``algorithm``: a method in full, shown equal to the library's.
"""

import ast
import re
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest

from vretlib import notebooks, paths
from vretlib.batch import chapters, plan
from vretlib.report import formulas

MOST_LINES = 8  # in any one cell; 2 to 5 is the rule, and a call with its arguments one a line may need a little more
MOST_USUAL_LINES = 6  # in nine cells of ten; 2 to 5 is the rule, one more is the margin
MOST_COLUMNS = 92
MOST_BOOKKEEPING = 0.3
BOOKKEEPING = re.compile(r"\bchapter\.|deciding|caption=|title=|results_dir|^import |^from ")
"""Lines that serve the page and not the method: imports, and what is shown, stored and checked."""
MOST_BYTES = 3_500_000
ALGORITHM = "algorithm"
PROFILES = paths.NOTEBOOKS / "profiles"
WITHOUT_TABLES = "01_start_here"  # it shows what the others have made

CHAPTERS = chapters.find(paths.NOTEBOOKS)


@pytest.fixture(params=CHAPTERS, ids=lambda chapter: chapter.name)
def chapter(request: pytest.FixtureRequest) -> chapters.ChapterNotebook:
    return request.param


@pytest.fixture
def notebook(chapter: chapters.ChapterNotebook) -> nbformat.NotebookNode:
    return chapter.notebook


def lines(cell: nbformat.NotebookNode) -> list[str]:
    """The lines that a reader has to read: no blank ones, no imports, no comments alone on their line."""
    return [line for line in cell.source.splitlines() if not re.match(r"\s*($|#|import |from )", line)]


def texts(output: nbformat.NotebookNode) -> str:
    """Everything in an output that is text."""
    kinds = output.get("data", {})
    return "\n".join([output.get("text", ""), *(str(kinds[k]) for k in kinds if k.startswith("text/"))])


def test_is_a_valid_notebook_in_the_committed_form(chapter: chapters.ChapterNotebook) -> None:
    nbformat.validate(chapter.notebook)
    clean = notebooks.normalised(chapter.notebook)
    assert chapter.notebook == clean, f"run: python -m vretlib strip {chapter.path.name}"
    assert chapter.path.read_text(encoding="utf-8") == nbformat.writes(clean).rstrip("\n") + "\n"


def test_names_the_kernel_that_every_installation_has(notebook: nbformat.NotebookNode) -> None:
    assert notebook.metadata.kernelspec.name == "python3"


def test_opens_with_a_title_and_says_what_the_reader_does_learns_and_needs(
    notebook: nbformat.NotebookNode,
) -> None:
    first = notebook.cells[0]
    assert first.cell_type == "markdown"
    assert first.source.startswith("# ")


def test_has_parameters_that_are_literals_each_with_a_comment(chapter: chapters.ChapterNotebook) -> None:
    assert {"profile", "results_dir"} <= set(chapter.parameters)
    assert chapter.parameters["results_dir"].default == ""
    assert chapter.parameters["profile"].default == "embedded"
    assert [p.name for p in chapter.parameters.values() if len(p.comment) < 4] == []


@pytest.mark.parametrize("profile", ["smoke", "embedded", "paper"])
def test_every_profile_fits_the_parameters(chapter: chapters.ChapterNotebook, profile: str) -> None:
    plan.plan([chapter], PROFILES, profile)


def test_the_embedded_profile_is_what_the_notebook_has_by_default(chapter: chapters.ChapterNotebook) -> None:
    [task] = plan.plan([chapter], PROFILES, "embedded")
    defaults = {name: parameter.default for name, parameter in chapter.parameters.items()}
    assert defaults | task.parameters == defaults


def test_has_prose_before_every_code_cell(notebook: nbformat.NotebookNode) -> None:
    pairs = zip(notebook.cells, notebook.cells[1:], strict=False)
    bare = [cell.id for before, cell in pairs if cell.cell_type == "code" and before.cell_type != "markdown"]
    assert bare == []


def test_cells_are_short(notebook: nbformat.NotebookNode) -> None:
    cells = [cell for cell in notebooks.code_cells(notebook) if not {"parameters", ALGORITHM} & set(notebooks.tags(cell))]
    long = {cell.id: len(lines(cell)) for cell in cells if len(lines(cell)) > MOST_USUAL_LINES}
    assert [name for name, n in long.items() if n > MOST_LINES] == []
    assert len(long) <= len(cells) / 10, long


def test_code_fits_the_column_of_a_page(notebook: nbformat.NotebookNode) -> None:
    for cell in notebooks.code_cells(notebook):
        assert [line for line in cell.source.splitlines() if len(line) > MOST_COLUMNS] == [], cell.id


def test_most_code_is_about_the_method(notebook: nbformat.NotebookNode) -> None:
    code = [line for cell in notebook.cells if cell.cell_type == "code" for line in cell.source.splitlines() if line]
    assert sum(bool(BOOKKEEPING.search(line)) for line in code) <= MOST_BOOKKEEPING * len(code)


def test_definitions_stand_in_algorithm_cells_alone(notebook: nbformat.NotebookNode) -> None:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    for cell in notebooks.code_cells(notebook):
        found = [type(node).__name__ for node in ast.walk(ast.parse(cell.source)) if isinstance(node, kinds)]
        assert bool(found) == (ALGORITHM in notebooks.tags(cell)), f"{cell.id}: {found}"


def test_an_algorithm_is_short_and_documented(notebook: nbformat.NotebookNode) -> None:
    for cell in notebooks.code_cells(notebook):
        if ALGORITHM in notebooks.tags(cell):
            assert 6 <= len([line for line in cell.source.splitlines() if line.strip()]) <= 20, cell.id
            defined = [node for node in ast.parse(cell.source).body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
            assert all(map(ast.get_docstring, defined)), cell.id


def test_an_algorithm_is_shown_equal_to_the_library(notebook: nbformat.NotebookNode) -> None:
    """A later cell calls every function that an algorithm cell defines, and asserts something of it."""
    cells = notebooks.code_cells(notebook)
    for number, cell in enumerate(cells):
        if ALGORITHM in notebooks.tags(cell):
            defined = {node.name for node in ast.parse(cell.source).body if isinstance(node, ast.FunctionDef)}
            later = [c.source for c in cells[number + 1 : number + 4]]
            used = {name for name in defined for text in later if re.search(rf"\b{name}\(", text)}
            assert used == defined, f"{cell.id}: nothing calls {', '.join(defined - used)}"
            assert any("assert" in text for text in later), cell.id


def test_has_no_cell_without_code(notebook: nbformat.NotebookNode) -> None:
    assert [cell.id for cell in notebook.cells if not cell.source.strip()] == []


def test_repeats_no_code(notebook: nbformat.NotebookNode) -> None:
    sources = [cell.source.strip() for cell in notebooks.code_cells(notebook)]
    assert sorted({s for s in sources if sources.count(s) > 1}) == []


def test_uses_every_name_that_it_imports(notebook: nbformat.NotebookNode) -> None:
    nodes = list(ast.walk(ast.parse("\n".join(cell.source for cell in notebooks.code_cells(notebook)))))
    imports = [alias for node in nodes if isinstance(node, ast.Import | ast.ImportFrom) for alias in node.names]
    imported = {(alias.asname or alias.name).partition(".")[0] for alias in imports}
    assert imported - {node.id for node in nodes if isinstance(node, ast.Name)} == set()


def test_builds_no_path_of_its_own(notebook: nbformat.NotebookNode) -> None:
    for cell in notebooks.code_cells(notebook):
        assert not re.search(r"""["'](\.{1,2}/|/(home|Users|tmp|work|root)\b|[A-Za-z]:\\)""", cell.source), cell.id
        assert not re.search(r"\b(getcwd|__file__|chdir|sys\.path)\b", cell.source), cell.id


def test_is_committed_run_from_top_to_bottom_with_outputs_and_no_errors(
    notebook: nbformat.NotebookNode,
) -> None:
    cells = notebooks.code_cells(notebook)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    kinds = {output.output_type for cell in cells for output in cell.outputs}
    assert "error" not in kinds
    assert {"execute_result", "display_data"} & kinds


def test_shows_no_warning_and_no_path_of_the_machine_it_ran_on(notebook: nbformat.NotebookNode) -> None:
    own = {str(paths.ROOT), str(Path.home())} - {"/"}
    for cell in notebooks.code_cells(notebook):
        for output in cell.outputs:
            assert output.get("name") != "stderr", f"{cell.id}: {output.get('text', '')[:200]}"
            found = re.findall(r"(?<![\w.])/(?:home|Users|tmp|work|root|private)/[\w./-]+", texts(output))
            assert found == [], cell.id
            assert not [path for path in own if path in texts(output)], cell.id


def test_tables_of_a_page_share_no_style_id(notebook: nbformat.NotebookNode) -> None:
    """A style sheet in one output colours every table of the page that has its id."""
    shown = [texts(output) for cell in notebooks.code_cells(notebook) for output in cell.outputs]
    ids = [found for text in shown for found in set(re.findall(r"""\bid=["']([^"']+)["']""", text))]
    assert sorted({found for found in ids if ids.count(found) > 1}) == []


def test_needs_no_network_to_be_read(notebook: nbformat.NotebookNode) -> None:
    for cell in notebooks.code_cells(notebook):
        for output in cell.outputs:
            assert not re.search(r"""(src|href)=["']?(https?:)?//[^"' >]*\.(js|css|png|jpg|svg)""", texts(output)), (
                cell.id
            )


def test_figures_say_what_to_see(notebook: nbformat.NotebookNode) -> None:
    for cell in notebooks.code_cells(notebook):
        for shown, below in pairwise([*cell.outputs, None]):
            if "image/png" in shown.get("data", {}):
                assert below is not None, f"{cell.id}: a figure without a caption; show it with chapter.figure"
                assert len(re.sub(r"<[^>]*>", "", texts(below))) > 30, f"{cell.id}: a figure without a caption below it"
                assert shown.metadata.get("image/png", {}).get("alt"), f"{cell.id}: a figure without alternative text"


def test_something_in_it_is_verified(notebook: nbformat.NotebookNode) -> None:
    checked = [cell for cell in notebooks.code_cells(notebook) if "nbval-check-output" in notebooks.tags(cell)]
    assert checked
    assert [cell.id for cell in checked if not cell.outputs] == []


def test_all_its_tables_are_checked_once_in_a_cell_of_their_own_after_the_last(chapter: chapters.ChapterNotebook) -> None:
    codes = [cell.source.strip() for cell in notebooks.code_cells(chapter.notebook)]
    tables = [place for place, code in enumerate(codes) if re.search(r"\bchapter\.(compare|table|keep)\(", code)]
    checks = [place for place, code in enumerate(codes) for _ in re.findall("check_all", code)]
    if chapter.name == WITHOUT_TABLES:
        assert tables == checks == []
        return
    [place] = checks
    assert codes[place] == "chapter.check_all()"
    assert tables[-1] < place


def test_ids_are_stable_words_and_unique(notebook: nbformat.NotebookNode) -> None:
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    assert [i for i in ids if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f-]+)?", i)] == [], "random ids; give them names"


def test_formulas_can_be_shown_without_a_network(notebook: nbformat.NotebookNode) -> None:
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            text = re.sub(r"```.*?```|`[^`]*`", "", cell.source, flags=re.DOTALL)
            for display, inline in re.findall(r"(?<!\\)\$\$(.+?)\$\$|(?<![\\$])\$([^$]+?)(?<!\\)\$", text, re.DOTALL):
                assert formulas.converted(display or inline), f"{cell.id}: {display or inline}"


def test_links_between_notebooks_lead_somewhere(chapter: chapters.ChapterNotebook) -> None:
    names = {other.path.name for other in CHAPTERS}
    for cell in chapter.notebook.cells:
        if cell.cell_type == "markdown":
            linked = set(re.findall(r"\]\(([^)/:#]+\.ipynb)", cell.source))
            assert linked <= names, cell.id


def test_is_not_too_large_to_load(chapter: chapters.ChapterNotebook) -> None:
    assert chapter.path.stat().st_size <= MOST_BYTES
