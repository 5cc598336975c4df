"""What a page takes from the library exists there, so that a renamed function is found before the page runs."""

import ast
from importlib import import_module
from types import ModuleType

import pytest

from vretlib import paths
from vretlib.batch import chapters

PAGES = chapters.find(paths.NOTEBOOKS)


def code(chapter):
    """The code of a page as one tree."""
    cells = [cell.source for cell in chapter.notebook.cells if cell.cell_type == "code"]
    return ast.parse("\n".join(cells))


def imported(tree):
    """What is imported from the project, by the page's name of it."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ("vretlib", "embedded"):
            for name in node.names:
                found[name.asname or name.name] = part(import_module(node.module), name.name)
    return found


def part(of, name):
    """An attribute, or a module of the package."""
    return getattr(of, name) if hasattr(of, name) else import_module(f"{of.__name__}.{name}")


@pytest.mark.parametrize("chapter", PAGES, ids=lambda chapter: chapter.name)
def test_every_name_that_a_page_takes_from_a_module_is_there(chapter):
    tree = code(chapter)
    names = {name: one for name, one in imported(tree).items() if isinstance(one, ModuleType)}
    assigned = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id not in assigned:
            module = names.get(node.value.id)
            assert module is None or part(module, node.attr) is not None, f"{node.value.id}.{node.attr}"


@pytest.mark.parametrize("chapter", PAGES, ids=lambda chapter: chapter.name)
def test_every_import_of_a_page_is_used(chapter):
    tree = code(chapter)
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert not imported(tree).keys() - used


def test_a_name_that_is_not_there_is_found():
    with pytest.raises(ModuleNotFoundError, match="no_such_name"):
        part(chapters, "no_such_name")
