"""The manifest: one small file for each chapter with the outcome of its last run.

Papermill's own metadata is not used, because it calls every cell completed after a kernel's death, a timeout or an
interrupt. A chapter's record is removed when its notebook starts. The waiting process writes it last, after all files
of the run. A run that was killed therefore leaves no record, and a notebook that was killed leaves a failure.
"""

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Failure:
    """The reason why a notebook stopped; ``cell`` counts its code cells from 1, and 0 is before the first."""

    cell: int
    kind: str
    message: str
    source: str = ""
    traceback: str = ""


@dataclass(frozen=True)
class Record:
    """The outcome of a chapter's last run: ``ran`` of ``cells`` code cells were run; ``failure`` if it failed."""

    name: str
    title: str
    started: str
    seconds: float
    cells: int
    ran: int
    threads: int
    ingredients: Mapping[str, Any] = field(default_factory=dict)
    failure: Failure | None = None


@dataclass(frozen=True)
class Folder:
    """The paths of a run's files. Each chapter's own tables and figures are in ``root/NAME/``."""

    root: Path

    def notebook(self, name: str) -> Path:
        """The executed notebook."""
        return self.root / "notebooks" / f"{name}.ipynb"

    def partial(self, name: str) -> Path:
        """The notebook while it runs."""
        return self.root / "notebooks" / f"{name}.partial.ipynb"

    def page(self, name: str) -> Path:
        """The executed notebook as an HTML page."""
        return self.root / "notebooks" / f"{name}.html"

    def record(self, name: str) -> Path:
        """The record of the last run."""
        return self.root / "manifest" / f"{name}.json"

    @property
    def runtimes(self) -> Path:
        """The folder of files that exist only while notebooks run."""
        return self.root / ".runtime"

    def runtime(self, name: str) -> Path:
        """The folder for the runs of one notebook: connection files of kernels, and IPython's files."""
        return self.runtimes / name

    def log(self, name: str) -> Path:
        """The output of the kernel's process outside the notebook, which may say why a kernel died."""
        return self.root / "manifest" / f"{name}.log"


def clear(folder: Folder, name: str) -> None:
    """Remove the files of earlier runs of a chapter, the record first, so that files of two runs are never mixed."""
    for path in (folder.record(name), folder.notebook(name), folder.page(name), folder.partial(name)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
    if (folder.root / name / "chapter.json").exists():  # only a chapter's notebook writes this file
        shutil.rmtree(folder.root / name)
    shutil.rmtree(folder.runtime(name), ignore_errors=True)


def keep(record: Record, folder: Folder) -> Record:
    """The record, which is written in one step; a failure if it cannot be written."""
    path = folder.record(record.name)
    partial = path.with_name(f"{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(json.dumps(asdict(record), indent=1), encoding="utf-8")
        os.replace(partial, path)
    except OSError as error:
        why = f"{path}: cannot write how it ended ({error.strerror or error}); make room or give permission there"
        return replace(record, failure=record.failure or Failure(0, type(error).__name__, why))
    return record


def read(path: Path) -> Record | None:
    """The record in a file; None if there is no readable one."""
    try:
        return decode(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, LookupError, AttributeError):
        return None


def decode(fields: Mapping[str, Any]) -> Record:
    """A record from plain data."""
    failure = Failure(**fields["failure"]) if fields["failure"] else None
    return Record(**{**fields, "failure": failure})
