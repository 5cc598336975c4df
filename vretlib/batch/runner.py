"""One notebook in one process, started by `vretlib.batch.process`.

The job is read as one line of JSON from standard input, and events are written as lines of JSON. The other side keeps
the input open as long as it waits for the result. When the input closes, this process ends its kernel and itself.
Therefore no kernel outlives its run, and a killed run leaves only a ``.partial`` file.
"""

import json
import logging
import os
import re
import select
import shutil
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from vretlib import notebooks
from vretlib.batch.records import Failure, Folder, Record

log = logging.getLogger(__name__)

RUNTIME = "JUPYTER_RUNTIME_DIR"
"""The variable with the folder of temporary files of one run of a notebook."""

_BETWEEN_SAVES = 10.0  # seconds

Emit = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Job:
    """A notebook to run; ``environment`` is added to the usual variables."""

    name: str
    notebook: str
    output: str
    parameters: dict[str, Any]
    ingredients: dict[str, Any]
    threads: int = 1
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Folder:
        """The results folder."""
        return Folder(Path(self.output))


class _CellCounter:
    """Counts the code cells that have started; 0 means that the kernel has not started."""

    def __init__(self, emit: Emit):
        self.emit, self.cell, self.cells = emit, 0, 0

    def starts(self, cell: Any) -> None:
        """Count a code cell that is not empty, and report its number."""
        if cell.cell_type == "code" and cell.source.strip():
            self.cell += 1
            self.emit({"cell": self.cell, "cells": self.cells})


def main() -> None:
    """Read the job, run it, and report; the last event holds the record."""
    job = Job(**json.loads(sys.stdin.readline()))
    events = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # output of this process and the kernel goes to the log, not between the events
    if select.select([sys.stdin], [], [], 0)[0]:
        sys.exit("nobody waits any more")  # another run may already work on this chapter
    runtime = Path(os.environ[RUNTIME])
    threading.Thread(target=_exit_with_parent, args=(sys.stdin, runtime), daemon=True).start()
    logging.getLogger("traitlets").setLevel(logging.ERROR)
    tempfile.tempdir = str(runtime)  # for the file with the kernel's ports and key

    def emit(event: dict[str, Any]) -> None:
        print(json.dumps(event), file=events)

    emit({"record": asdict(run(job, emit))})


def run(job: Job, emit: Emit) -> Record:
    """The record of running a notebook; writes the executed notebook and its page."""
    started, clock = datetime.now(UTC).isoformat(timespec="seconds"), time.monotonic()
    source = notebooks.read(job.notebook)
    progress = _CellCounter(emit)
    progress.cells = len(notebooks.code_cells(source))
    failure = None
    try:
        _execute_with_retry(job, source, progress)
        _publish(job)
    except Exception as error:
        failure = _failure(error, progress.cell, job)
        _publish_failed(job)
    return Record(
        name=job.name,
        title=notebooks.title(source, job.name),
        started=started,
        seconds=round(time.monotonic() - clock, 1),
        cells=progress.cells,
        ran=progress.cell,
        threads=job.threads,
        ingredients=job.ingredients,
        failure=failure,
    )


def _execute_with_retry(job: Job, source: Any, progress: _CellCounter) -> None:
    """Run the notebook; a kernel that does not start is started once more, because kernels compete for free ports.

    An error after the first cell has started belongs to the notebook and is not tried again.
    """
    from zmq import ZMQError

    try:
        _execute(job, source, progress)
    except (RuntimeError, ZMQError):
        if progress.cell:
            raise
        log.warning("the kernel did not start; trying once more", exc_info=True)
        _execute(job, source, progress)


def _execute(job: Job, source: Any, progress: _CellCounter) -> None:
    import papermill
    from papermill.engines import NBClientEngine, papermill_engines

    class Engine(NBClientEngine):
        """Papermill's own engine, which also reports each cell that starts."""

        @classmethod
        def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> Any:
            start = nb_man.cell_start

            def cell_start(cell: Any, *args: Any, **kwargs: Any) -> Any:
                progress.starts(cell)
                return start(cell, *args, **kwargs)

            nb_man.cell_start = cell_start
            save, nb_man.save = nb_man.save, _seldom(nb_man.save)
            try:
                return super().execute_managed_notebook(nb_man, kernel_name, **options)
            finally:
                nb_man.save = save  # papermill saves once more at the end

    papermill_engines.register("vretlib", Engine)
    progress.cells = len(notebooks.code_cells(source)) + bool(job.parameters)  # papermill adds a cell that sets them
    papermill.execute_notebook(
        _literal(job.notebook),
        _literal(job.folder.partial(job.name)),
        parameters=job.parameters,
        engine_name="vretlib",
        kernel_name="python3",
        progress_bar=False,
        cwd=str(Path(job.notebook).parent),
    )


def _seldom(save: Callable[..., None]) -> Callable[..., None]:
    """``save``, but not within ten seconds of the last time: papermill writes all pictures again around each cell."""
    last = time.monotonic()

    def now_and_then(**options: Any) -> None:
        nonlocal last
        if time.monotonic() - last >= _BETWEEN_SAVES:
            save(**options)
            last = time.monotonic()

    return now_and_then


def _literal(path: str | Path) -> str:
    """The path with braces doubled, because papermill fills parameters into braces."""
    return str(path).replace("{", "{{").replace("}", "}}")


def _publish(job: Job) -> None:
    """Give the executed notebook its final name, and write its page."""
    from vretlib.report import page

    os.replace(job.folder.partial(job.name), job.folder.notebook(job.name))
    page.write(notebooks.read(job.folder.notebook(job.name)), job.folder.page(job.name))


def _publish_failed(job: Job) -> None:
    """Publish a notebook that failed, up to its failure; further errors are only printed."""
    try:
        if job.folder.partial(job.name).exists():
            _publish(job)
    except Exception:
        traceback.print_exc()


def _failure(error: Exception, cell: int, job: Job) -> Failure:
    from nbclient.exceptions import DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    if isinstance(error, DeadKernelError):  # its traceback shows papermill, and nothing of the notebook
        log_file = job.folder.log(job.name)
        why = f"the page's kernel died, perhaps for lack of memory ({log_file} may say more)"
        return Failure(cell, type(error).__name__, f"{why}; run the page again, it goes on from what is in the cache")
    if isinstance(error, PapermillExecutionError):
        text = "\n".join(error.traceback)
        return Failure(cell, error.ename, error.evalue, error.source, re.sub(r"\x1b\[[0-9;]*[mK]", "", text))
    traceback.print_exc()
    return Failure(cell, type(error).__name__, str(error), "", traceback.format_exc())


def _exit_with_parent(lifeline: TextIO, runtime: Path) -> None:
    """Wait until the input closes, then end the kernel and this process."""
    import psutil

    while lifeline.read(1):
        pass
    for child in psutil.Process().children(recursive=True):
        child.kill()
    remove(runtime)
    with suppress(OSError):
        runtime.parent.parent.rmdir()  # after the last notebook of a killed run
    os._exit(1)


def remove(runtime: Path) -> None:
    """Remove the temporary files of one run, and the notebook's folder if no other run uses it."""
    shutil.rmtree(runtime, ignore_errors=True)
    with suppress(OSError):
        runtime.parent.rmdir()
