from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from vretlib import notebooks
from vretlib.errors import UserError

Write = Callable[..., Path]


def with_parameters(source: str) -> nbformat.NotebookNode:
    return new_notebook(cells=[new_code_cell(source, metadata={"tags": ["parameters"]})])


def test_parameters_are_the_literals_of_the_tagged_cell_with_their_comments() -> None:
    found = notebooks.parameters(with_parameters('a = 1  # one\nb = "x # y"  # two, "quoted"\nc = [1.5, -2]\n'))
    assert [(p.name, p.default, p.comment) for p in found.values()] == [
        ("a", 1, "one"),
        ("b", "x # y", 'two, "quoted"'),
        ("c", [1.5, -2], ""),
    ]


def test_a_comment_goes_on_in_lines_that_hold_nothing_else() -> None:
    """Lines of a value that spans several lines, and a comment before the first parameter, belong to no other one."""
    source = '# first\na = 1  # one,\n       # and more\nb = [\n    2,\n]\n    # below\nc = "#"\n'
    found = notebooks.parameters(with_parameters(source))
    assert [(p.default, p.comment) for p in found.values()] == [(1, "one, and more"), ([2], "below"), ("#", "")]


def test_a_notebook_without_a_parameters_cell_has_none() -> None:
    assert notebooks.parameters(new_notebook(cells=[new_code_cell("a = 1")])) == {}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a = 1\nb = a + 1", "value of b is not a literal"),
        ("import os", "line 1 is not an assignment"),
        ("a, b = 1, 2", "does not assign to one name"),
        ("a = (", "parameters cell"),
    ],
)
def test_a_parameters_cell_with_anything_else_is_refused(source: str, expected: str) -> None:
    with pytest.raises(UserError, match=expected):
        notebooks.parameters(with_parameters(source), "05.ipynb")


def test_two_parameters_cells_are_refused() -> None:
    cells = [new_code_cell("a = 1", metadata={"tags": ["parameters"]}) for _ in range(2)]
    with pytest.raises(UserError, match="2 cells are tagged"):
        notebooks.parameters(new_notebook(cells=cells))


def test_the_hash_of_the_source_does_not_see_outputs_but_sees_tags(write_notebook: Write, tmp_path: Path) -> None:
    notebook = notebooks.read(write_notebook(tmp_path / "a.ipynb", "x = 1"))
    before = notebooks.source_hash(notebook)
    notebook.cells[-1].outputs = [new_output("stream", text="1\n")]
    notebook.cells[-1].execution_count = 9
    assert notebooks.source_hash(notebook) == before
    notebook.cells[-1].metadata.tags = ["nbval-check-output"]
    assert notebooks.source_hash(notebook) != before


@pytest.fixture
def executed() -> nbformat.NotebookNode:
    """What papermill and a notebook server leave behind."""
    styled = '<style>#T_9f3ab_row0 {}</style><table id="T_9f3ab"></table><table id="T_00c1d"></table>'
    outputs = [
        new_output("stream", name="stdout", text="one "),
        new_output("stream", name="stdout", text="two\n"),
        new_output("stream", name="stderr", text="warned\n"),
        new_output("execute_result", {"text/html": styled, "text/plain": "x"}, execution_count=7),
        new_output(
            "display_data",
            {"application/vnd.jupyter.widget-view+json": {}, "text/plain": "w"},
            metadata={"a": 1},
        ),
    ]
    kept = new_code_cell("x", id="kept", execution_count=7, outputs=outputs)
    kept.metadata |= {
        "tags": ["t"],
        "execution": {"iopub.execute_input": "2026"},
        "papermill": {"duration": 1.5},
    }
    injected = new_code_cell("a = 2", execution_count=6, metadata={"tags": ["injected-parameters"]})
    cells = [new_markdown_cell("# T", id="title", metadata={"collapsed": True}), injected, kept]
    metadata = {
        "kernelspec": {"name": "mine", "display_name": "Mine (3.11)", "language": "python"},
        "language_info": {"name": "python", "version": "3.11.7"},
        "papermill": {"input_path": "/home/me/a.ipynb"},
        "widgets": {"state": {}},
    }
    return new_notebook(cells=cells, metadata=metadata)


def test_what_is_volatile_goes_and_what_is_shown_stays(executed: nbformat.NotebookNode) -> None:
    clean = notebooks.normalised(executed)
    assert clean.metadata == {"kernelspec": notebooks.KERNEL, "language_info": notebooks.LANGUAGE}
    assert [cell.id for cell in clean.cells] == ["title", "kept"]
    cell = clean.cells[1]
    assert (cell.execution_count, cell.metadata) == (1, {"tags": ["t"]})
    assert [output.output_type for output in cell.outputs] == [
        "stream",
        "stream",
        "execute_result",
        "display_data",
    ]
    assert cell.outputs[0].text == "one two\n"
    assert cell.outputs[2].execution_count == 1
    assert cell.outputs[3].data == {"text/plain": "w"}
    nbformat.validate(clean)


def test_a_figure_keeps_its_alternative_text_and_nothing_else() -> None:
    about = {"image/png": {"alt": "A line falls.", "width": 640}, "text/plain": {"alt": 1}}
    shown = new_output("display_data", {"image/png": "iVBORw0KGgo="}, metadata=about)
    page = new_notebook(cells=[new_code_cell("x", id="figure", outputs=[shown])])
    assert notebooks.normalised(page).cells[0].outputs[0].metadata == {"image/png": {"alt": "A line falls."}}


def test_random_ids_of_styled_tables_are_numbered(executed: nbformat.NotebookNode) -> None:
    html = notebooks.normalised(executed).cells[1].outputs[2].data["text/html"]
    expected = '<style>#T_00000_row0 {}</style><table id="T_00000"></table><table id="T_00001"></table>'
    assert html == expected


def test_styled_tables_of_one_page_share_no_id_even_if_they_came_with_one() -> None:
    shown = new_output("display_data", {"text/html": '<style>#T_00000 td {}</style><table id="T_00000"></table>'})
    page = new_notebook(cells=[new_code_cell("x", id=f"table-{i}", outputs=[shown]) for i in range(3)])
    clean = notebooks.normalised(page)
    found = [cell.outputs[0].data["text/html"] for cell in clean.cells]
    assert [html.count(f"T_0000{i}") for i, html in enumerate(found)] == [2, 2, 2]
    assert notebooks.normalised(clean) == clean


def test_an_object_is_shown_without_its_address_in_memory() -> None:
    shown = new_output("display_data", {"text/plain": "<pandas.Styler at 0x7fdfb2f43cd0>"})
    page = new_notebook(cells=[new_code_cell("x", id="table", outputs=[shown])])
    assert notebooks.normalised(page).cells[0].outputs[0].data["text/plain"] == "<pandas.Styler>"


def test_normalising_twice_changes_nothing_and_leaves_the_original_alone(
    executed: nbformat.NotebookNode,
) -> None:
    before = nbformat.writes(executed)
    clean = notebooks.normalised(executed)
    assert nbformat.writes(executed) == before
    assert notebooks.normalised(clean) == clean


def test_a_file_that_is_no_notebook_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.ipynb").write_text("hello")
    with pytest.raises(UserError, match=r"x\.ipynb: not a notebook"):
        notebooks.read(tmp_path / "x.ipynb")
    with pytest.raises(UserError, match="cannot read"):
        notebooks.read(tmp_path / "absent.ipynb")


def test_what_the_cache_says_while_it_computes_goes_and_what_a_cell_prints_stays() -> None:
    said = "features: computing (new images)\nfeatures: done in 2.3 s\n"
    streams = [said, f"{said}two films\n{said}", "done in time: 3\n"]
    cells = [new_code_cell("1", outputs=[new_output("stream", name="stdout", text=text)]) for text in streams]
    clean = notebooks.normalised(new_notebook(cells=cells))
    assert [[output["text"] for output in cell.outputs] for cell in clean.cells] == [
        [],
        ["two films\n"],
        ["done in time: 3\n"],
    ]
