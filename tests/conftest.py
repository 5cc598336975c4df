"""Shared by tests of everything that reads or runs notebooks."""

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook


@pytest.fixture(scope="session")
def write_notebook() -> Callable[..., Path]:
    """``write_notebook(path, *code, parameters="")``: a title, a parameters cell if given, then the code cells."""
    return _write_notebook


def _write_notebook(path: Path, *code: str, parameters: str = "") -> Path:
    cells = [new_markdown_cell(f"# {path.stem}", id="title")]
    if parameters:
        cells.append(new_code_cell(parameters, id="parameters", metadata={"tags": ["parameters"]}))
    cells += [new_code_cell(text, id=f"code-{i}") for i, text in enumerate(code)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    return path
