"""Notebook files: reading, writing, their parameters cells, and the form in which they are committed.

A committed notebook holds its sources and the outputs of the embedded profile. It has no timestamps, random ids, widget
states or names of kernels, which would differ from run to run.
"""

import ast
import hashlib
import io
import itertools
import json
import re
import tokenize
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from vretlib import outputs
from vretlib.errors import UserError

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
LANGUAGE = {
    "name": "python",
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "pygments_lexer": "ipython3",
}
WIDGET_TYPES = ("application/vnd.jupyter.widget-view+json", "application/vnd.jupyter.widget-state+json")

_ADDRESS = re.compile(r" at 0x[0-9a-f]+>")
_PROGRESS = re.compile(
    r"^[^\n]*: (?:computing \([^\n]*\)|damaged \([^\n]*\), made anew|done in [\d.]+ s)\n", re.MULTILINE
)
_STYLER_ID = re.compile(r"\bT_[0-9a-f]{5}(?![0-9a-f])")


@dataclass(frozen=True)
class Parameter:
    """An assignment of the parameters cell: ``name = default  # comment``, which may go on in lines of comments."""

    name: str
    default: Any
    comment: str


def read(path: str | Path) -> NotebookNode:
    """The notebook in a file, converted to nbformat 4.

    Raises
    ------
    UserError: the file is missing or not a notebook.
    """
    try:
        return nbformat.reads(Path(path).read_text(encoding="utf-8"), as_version=4)
    except OSError as error:
        raise UserError(f"{path}: cannot read the notebook ({error.strerror})") from error
    except (ValueError, KeyError, nbformat.ValidationError) as error:
        raise UserError(f"{path}: not a notebook ({error}); expected Jupyter's .ipynb format") from error


def write(notebook: NotebookNode, path: str | Path) -> None:
    """Write a notebook in one step: readers see the old file or the new one."""
    text = nbformat.writes(notebook, version=nbformat.NO_CONVERT)
    outputs.write(Path(path), text.rstrip("\n") + "\n")


def title(notebook: NotebookNode, default: str = "") -> str:
    """The first heading, or the default if there is none."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (heading := re.search(r"^#+ +(.+?)\s*#*$", cell.source, re.MULTILINE)):
            return heading[1]
    return default


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """The code cells that are not empty."""
    return [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]


def tags(cell: NotebookNode) -> list[str]:
    """The cell's tags."""
    return list(cell.metadata.get("tags", []))


def parameters(notebook: NotebookNode, path: str | Path = "notebook") -> dict[str, Parameter]:
    """The parameters in the cell tagged ``parameters``, in their order; empty without such a cell.

    Raises
    ------
    UserError: a line of the cell is not ``name = literal``. Papermill sets values in a cell *after* this one, so a
        computed value here would belong to the defaults.
    """
    tagged = [cell for cell in notebook.cells if "parameters" in tags(cell)]
    if len(tagged) > 1:
        raise UserError(f"{path}: {len(tagged)} cells are tagged 'parameters'; expected one")
    if not tagged:
        return {}
    source = tagged[0].source
    try:
        statements = ast.parse(source).body
        return {p.name: p for p in (_parameter(s, _comments(source)) for s in statements)}
    except (SyntaxError, ValueError, tokenize.TokenError) as error:
        raise UserError(f"{path}: parameters cell: {error}; expected lines 'name = literal  # comment'") from error


def _parameter(statement: ast.stmt, comments: dict[int, str]) -> Parameter:
    if not isinstance(statement, ast.Assign):
        raise ValueError(f"line {statement.lineno} is not an assignment")
    target = statement.targets[0]
    if len(statement.targets) > 1 or not isinstance(target, ast.Name):
        raise ValueError(f"line {statement.lineno} does not assign to one name")
    try:
        default = ast.literal_eval(statement.value)
    except ValueError:
        raise ValueError(f"line {statement.lineno}: the value of {target.id} is not a literal") from None
    return Parameter(target.id, default, comments.get(statement.end_lineno or statement.lineno, ""))


def _comments(source: str) -> dict[int, str]:
    """The comment of each line of code, together with the lines after it that hold nothing but a comment."""
    found: dict[int, str] = {}
    of = 0
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            if token.line.lstrip() != token.line[token.start[1] :]:
                of = token.start[0]
            found[of] = f"{found.get(of, '')} {token.string.lstrip('# ').rstrip()}".strip()
        elif token.type == tokenize.NEWLINE:
            of = token.start[0]
    return found


def source_hash(notebook: NotebookNode) -> str:
    """A hash of the sources, types and tags of the cells, without outputs."""
    cells = [(cell.cell_type, cell.source, sorted(tags(cell))) for cell in notebook.cells]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()[:16]


def normalised(notebook: NotebookNode) -> NotebookNode:
    """A copy in the form that is committed: with outputs, without volatile metadata. The function is idempotent."""
    source = notebook.copy()
    cells = [_normalised_cell(cell, f"cell-{i:03d}") for i, cell in enumerate(source.cells) if not _injected(cell)]
    count = 0
    _number_style_ids(cells)
    for cell in cells:
        if cell.cell_type == "code":
            ran = cell.execution_count is not None
            count += ran
            cell.execution_count = count if ran else None
            for output in cell.outputs:
                if "execution_count" in output:
                    output.execution_count = cell.execution_count
    metadata = {"kernelspec": dict(KERNEL), "language_info": dict(LANGUAGE)}
    return nbformat.from_dict({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


def _injected(cell: NotebookNode) -> bool:
    """Whether papermill added the cell: the parameters of one run, or the marker of an error."""
    return bool({"injected-parameters", "papermill-error-cell-tag"} & set(tags(cell)))


def _normalised_cell(cell: NotebookNode, default_id: str) -> NotebookNode:
    clean = {
        "cell_type": cell.cell_type,
        "id": cell.get("id", default_id),
        "metadata": {key: cell.metadata[key] for key in ("tags", "jupyter") if cell.metadata.get(key)},
        "source": cell.source,
    }
    if cell.get("attachments"):
        clean["attachments"] = cell.attachments
    if cell.cell_type == "code":
        clean["execution_count"] = cell.get("execution_count")
        clean["outputs"] = _merged_streams([_normalised_output(output) for output in cell.outputs])
    return nbformat.from_dict(clean)


def _normalised_output(output: NotebookNode) -> dict[str, Any]:
    clean = {key: value for key, value in output.items() if key not in ("metadata", "transient")}
    if "data" in output:
        data = {kind: content for kind, content in output.data.items() if kind not in WIDGET_TYPES}
        if "text/plain" in data:
            data["text/plain"] = _ADDRESS.sub(">", data["text/plain"])
        about = {kind: output.metadata[kind] for kind in data if "alt" in output.metadata.get(kind, {})}
        clean |= {"data": data, "metadata": {kind: {"alt": known["alt"]} for kind, known in about.items()}}
    return clean


def _number_style_ids(cells: Iterable[NotebookNode]) -> None:
    """Replace pandas' random ids of styled tables by numbers in the order of the page.

    No two outputs share an id, because the style sheet in one output colours the tables of all.
    """
    count = itertools.count()
    for output in (output for cell in cells for output in cell.get("outputs", ())):
        if html := output.get("data", {}).get("text/html"):
            output.data["text/html"] = _numbered(html, count)


def _numbered(html: str, count: Iterator[int]) -> str:
    names = defaultdict[str, str](lambda: f"T_{next(count):05x}")
    return _STYLER_ID.sub(lambda found: names[found[0]], html)


def _merged_streams(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The outputs with consecutive pieces of one stream merged; where Jupyter cuts them depends on time.

    What the cache says while it computes is left out: it depends on what was computed before.
    """
    merged: list[dict[str, Any]] = []
    for output in outputs:
        if output["output_type"] == "stream" and merged and merged[-1].get("name") == output["name"]:
            merged[-1]["text"] += output["text"]
        else:
            merged.append(output)
    for output in merged:
        if output["output_type"] == "stream":
            output["text"] = _PROGRESS.sub("", output["text"])
    return [output for output in merged if output["output_type"] != "stream" or output["text"]]
