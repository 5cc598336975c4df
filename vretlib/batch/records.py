"""The manifest: one small file for each chapter that says how its last run ended.

Papermill's own metadata calls every cell completed after a kernel's death, a timeout or an interrupt, so nothing here
reads it. A chapter's record is taken away when its notebook starts, and written by the side that waits for it, after
everything it speaks of is in place: a run that was killed leaves no record, a notebook that was killed a failure.
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
    """Why a notebook stopped. ``cell`` counts its code cells from 1; 0 is before the first."""

    cell: int
    kind: str
    message: str
    source: str = ""
    traceback: str = ""


@dataclass(frozen=True)
class Record:
    """How a chapter's last run ended: ``cells`` code cells of which ``ran`` were run, and ``failure`` if it failed."""

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
    """Where a run's files lie. Each chapter's own tables and figures are in ``root/NAME/``."""

    root: Path

    def notebook(self, name: str) -> Path:
        """The executed notebook."""
        return self.root / "notebooks" / f"{name}.ipynb"

    def partial(self, name: str) -> Path:
        """The same while it runs."""
        return self.root / "notebooks" / f"{name}.partial.ipynb"

    def page(self, name: str) -> Path:
        """The executed notebook as a page to read."""
        return self.root / "notebooks" / f"{name}.html"

    def record(self, name: str) -> Path:
        """How its last run ended."""
        return self.root / "manifest" / f"{name}.json"

    @property
    def runtimes(self) -> Path:
        """What there is only while notebooks run."""
        return self.root / ".runtime"

    def runtime(self, name: str) -> Path:
        """Where each run has a folder of its own while it goes on: how to speak to its kernel, what IPython keeps."""
        return self.runtimes / name

    def log(self, name: str) -> Path:
        """What the kernel's process printed outside the notebook; worth reading when a kernel dies."""
        return self.root / "manifest" / f"{name}.log"


def clear(folder: Folder, name: str) -> None:
    """Remove what earlier runs of a chapter left, the record first: what is there afterwards belongs together."""
    for path in (folder.record(name), folder.notebook(name), folder.page(name), folder.partial(name)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
    if (folder.root / name / "chapter.json").exists():  # the mark of a folder that a notebook of ours has written
        shutil.rmtree(folder.root / name)
    shutil.rmtree(folder.runtime(name), ignore_errors=True)


def keep(record: Record, folder: Folder) -> Record:
    """Write a record, in one step, and return it; as a failure, if it cannot be written."""
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
    """The record in a file; None where there is none that can be read."""
    try:
        return decode(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, LookupError, AttributeError):
        return None


def decode(fields: Mapping[str, Any]) -> Record:
    """A record from plain data."""
    failure = Failure(**fields["failure"]) if fields["failure"] else None
    return Record(**{**fields, "failure": failure})
