"""Recording of the committed outputs of notebooks, and of the numbers in ``data/recorded``."""

import logging
import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from vretlib import notebooks
from vretlib.batch import chapters, plan, summary, tables
from vretlib.batch.chapters import ChapterNotebook
from vretlib.batch.records import Folder, Record
from vretlib.errors import UserError

log = logging.getLogger(__name__)

OVERVIEW = 1
"""The number of the page that shows what the others record; it is recorded last."""


def record(folder: Path, wanted: Sequence[str]) -> None:
    """Run chapters with the defaults in their notebooks, and record their numbers and outputs.

    Each check writes its record before it compares (see `vretlib.report.recorded`), so the recorded outputs are
    those of a later run.

    Raises
    ------
    UserError: a notebook failed. Its outputs stay unchanged; those of the others are recorded.
    """
    chosen = chapters.select(chapters.find(folder), wanted)
    chosen.sort(key=lambda chapter: chapter.number == OVERVIEW)
    tasks = [plan.Task(chapter, {}, {}) for chapter in chosen]
    with tempfile.TemporaryDirectory() as scratch:
        target = Folder(Path(scratch))
        environment = {"VRETLIB_RECORD": "1", "VRETLIB_RESULTS": scratch}
        ran: dict[str, Record] = {}
        tables.run(tasks, target, ran, slots=1, environment=environment)
        passed = [chapter for chapter in chosen if chapter.name in ran and not ran[chapter.name].failure]
        for chapter in passed:
            adopt(chapter, target)
        if failed := [chapter.name for chapter in chosen if chapter not in passed]:
            reasons = summary.failures(target, ran.values())
            raise UserError(f"outputs of {', '.join(failed)} not recorded, those of the others are:\n{reasons}")


def adopt(chapter: ChapterNotebook, run: Folder) -> None:
    """Write a run's outputs into the chapter's notebook, whose sources stay unchanged."""
    executed = notebooks.read(run.notebook(chapter.name))
    source = notebooks.read(chapter.path)
    by_id = {cell.id: cell for cell in executed.cells if cell.cell_type == "code"}
    for cell in source.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = by_id[cell.id].outputs, by_id[cell.id].execution_count
    notebooks.write(notebooks.normalised(source), chapter.path)
    log.info("recorded %s", os.path.relpath(chapter.path))


def strip(files: Iterable[Path], *, write: bool = True) -> list[Path]:
    """The notebooks that are not in the committed form; with ``write`` they are converted."""
    changed = []
    for path in files:
        notebook = notebooks.read(path)
        clean = notebooks.normalised(notebook)
        if clean != notebook:
            changed.append(path)
            if write:
                notebooks.write(clean, path)
    return changed
