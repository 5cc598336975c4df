"""Whatever is lost while notebooks run, the run says so: status 1, the reason in the summary, no old record as done."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import nbformat
import psutil
import pytest
from click.testing import CliRunner
from nbclient.exceptions import DeadKernelError

from vretlib import __main__
from vretlib.batch import records, runner, schedule, summary, tables
from vretlib.batch.plan import Task
from vretlib.batch.records import Folder, Record

PARAMETERS = """\
results_dir = ""  # where
wait = ""  # a file to wait for
"""
WAITS = """\
import os, pathlib, time
pathlib.Path(results_dir, f"kernel-{os.getpid()}").touch()
while wait and not pathlib.Path(wait).exists():
    time.sleep(0.05)
"""
NEVER = "wait=/never"


@pytest.fixture
def notebooks(tmp_path: Path, write_notebook: Callable[..., Path]) -> Path:
    """One notebook that waits for a file."""
    write_notebook(tmp_path / "notebooks" / "01_waits.ipynb", WAITS, parameters=PARAMETERS)
    (tmp_path / "notebooks" / "profiles").mkdir()
    (tmp_path / "notebooks" / "profiles" / "embedded.yaml").write_text("{}\n")
    return tmp_path / "notebooks"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Results that hold a good record of an earlier run."""
    folder = Folder(tmp_path / "results")
    records.keep(Record("01_waits", "old", "", 1.0, 1, 1, 1), folder)
    return folder


@pytest.fixture
def command(notebooks: Path, folder: Folder, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """The command line, whose notebook waits for ever; its temporary files have a folder of their own."""
    (tmp_path / "tmp").mkdir()
    code = "import signal; signal.signal(signal.SIGHUP, signal.SIG_DFL); "  # the tests themselves may run under nohup
    code += f"from pathlib import Path; from vretlib import paths; paths.NOTEBOOKS = Path({str(notebooks)!r}); "
    code += "from vretlib.__main__ import main; main()"
    words = [sys.executable, "-c", code, "tables", "--output", str(folder.root), "--param", NEVER]
    process = subprocess.Popen(
        words,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=os.environ | {"TMPDIR": str(tmp_path / "tmp")},
    )
    yield process
    process.kill()
    process.communicate()


def kernel_of(folder: Folder, timeout: float = 120) -> psutil.Process:
    """The kernel that has come to the waiting cell."""
    until = time.monotonic() + timeout
    while time.monotonic() < until:
        if marks := list(folder.root.glob("kernel-*")):
            return psutil.Process(int(marks[0].name.removeprefix("kernel-")))
        time.sleep(0.05)
    raise AssertionError("no kernel came to the waiting cell")


def nothing_is_left(folder: Folder, tmp_path: Path) -> bool:
    """No file with a kernel's ports and key."""
    return not list((tmp_path / "tmp").rglob("*.json")) and not list(folder.root.glob(".runtime"))


def test_a_runner_that_is_killed_is_a_failure_and_leaves_nothing_behind(
    command: subprocess.Popen[str], folder: Folder, tmp_path: Path
) -> None:
    kernel = kernel_of(folder)
    assert records.read(folder.record("01_waits")) is None  # the old one says nothing any more
    runner = kernel.parent()
    assert runner is not None
    runner.kill()
    said, _ = command.communicate(timeout=60)
    kernel.wait(timeout=5)
    assert command.returncode == 1
    assert "01_waits failed in cell 3: ProcessEnded: the notebook's process ended with signal 9" in said
    assert "signal 9" in (folder.root / "index.html").read_text()
    assert records.read(folder.record("01_waits")).failure.kind == "ProcessEnded"
    assert nothing_is_left(folder, tmp_path)


def test_a_kernel_that_is_killed_alone_is_one_sentence_that_says_what_to_do(
    notebooks: Path, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def execute(job: runner.Job, source: nbformat.NotebookNode, progress: runner._CellCounter) -> None:
        progress.starts(source.cells[-1])
        raise DeadKernelError("Kernel died")

    monkeypatch.setattr(runner, "_execute", execute)
    job = runner.Job("01_waits", str(notebooks / "01_waits.ipynb"), str(folder.root), {}, {})
    failure = runner.run(job, lambda event: None).failure
    assert (failure.cell, failure.kind, failure.traceback) == (1, "DeadKernelError", "")
    assert failure.message == (
        f"the page's kernel died, perhaps for lack of memory ({folder.log('01_waits')} may say more); run the page "
        "again, it goes on from what is in the cache"
    )
    record = Record("01_waits", "", "", 1.0, 1, 1, 1, failure=failure)
    assert (
        summary.failures(folder, [record]).strip() == f"01_waits failed in cell 1: DeadKernelError: {failure.message}"
    )


@pytest.mark.parametrize(("stop", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_stop_has_its_status_and_leaves_nothing_behind(
    command: subprocess.Popen[str], folder: Folder, tmp_path: Path, stop: int, status: int
) -> None:
    kernel = kernel_of(folder)
    command.send_signal(stop)
    said, _ = command.communicate(timeout=60)
    kernel.wait(timeout=5)
    assert command.returncode == status
    assert "interrupted with 0 of 1 done; the same command goes on from there" in said
    assert "Traceback" not in said
    assert "interrupted" in (folder.root / "index.html").read_text()
    assert nothing_is_left(folder, tmp_path)


def test_a_hangup_stops_as_a_termination_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """In this process: the two have one handler, which the test before this one proves with real notebooks."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    monkeypatch.setattr(__main__.logs, "show", lambda: os.kill(os.getpid(), signal.SIGHUP))
    try:
        for number in before:
            signal.signal(number, signal.SIG_DFL)  # the tests themselves may run under nohup
        stopped = CliRunner().invoke(__main__.main, ["data"])
        handlers = {signal.getsignal(number) for number in before}
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert stopped.exit_code == 129
    assert len(handlers) == 1


def test_a_manifest_that_cannot_be_written_is_the_chapters_failure(
    notebooks: Path, tmp_path: Path, write_notebook: Callable[..., Path]
) -> None:
    folder = Folder(tmp_path / "results")
    spoil = "import pathlib, shutil\nshutil.rmtree(pathlib.Path(results_dir, 'manifest'))\n"
    spoil += "pathlib.Path(results_dir, 'manifest').touch()"
    write_notebook(notebooks / "01_waits.ipynb", spoil, parameters=PARAMETERS)
    for reason in ("cannot write how it ended", "manifest"):  # at the end, and, the second time, at the start
        outcome = tables.make(notebooks, folder.root)
        assert not outcome.good
        assert reason in outcome.entries[0].failure
        assert reason in (folder.root / "index.html").read_text()


def test_a_first_page_that_cannot_be_written_is_said_and_no_success(
    notebooks: Path, folder: Folder, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    def run(tasks: list[Task], folder: Folder, ran: dict[str, Record], **options: object) -> None:
        ran["01_waits"] = Record("01_waits", "", "", 1.0, 1, 1, 1)

    monkeypatch.setattr(tables, "run", run)
    (folder.root / "index.html").mkdir()
    assert not tables.make(notebooks, folder.root).good
    assert "index.html: cannot write" in said[-1]


@pytest.mark.parametrize("loss", ["worker", "scheduler"])
def test_a_lost_worker_or_scheduler_is_the_failure_of_what_it_ran(
    notebooks: Path, folder: Folder, monkeypatch: pytest.MonkeyPatch, loss: str
) -> None:
    from distributed import Client

    monkeypatch.setattr(schedule, "RETURN_SECONDS", 3.0)
    address = f"tcp://127.0.0.1:{_free_port()}"
    dask = [sys.executable, "-m", "dask"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    cluster = {
        "scheduler": subprocess.Popen([*dask, "scheduler", "--host", address, "--no-dashboard"], **quiet),
        "worker": subprocess.Popen(
            [*dask, "worker", address, "--no-nanny", "--nthreads", "1", "--no-dashboard"], **quiet
        ),
    }

    lost: list[psutil.Process] = []

    def lose() -> None:
        try:
            lost.append(kernel_of(folder))
        finally:  # without its loss the run would wait for ever
            cluster[loss].kill()

    try:
        with Client(address, timeout=60) as client:
            client.wait_for_workers(1, timeout=60)
        threading.Thread(target=lose, daemon=True).start()
        outcome = tables.make(notebooks, folder.root, cluster=address, given=[NEVER])
    finally:
        for process in cluster.values():
            process.kill()
            process.wait()
    assert not outcome.good
    assert "cluster" in outcome.entries[0].failure
    assert records.read(folder.record("01_waits")).failure
    assert lost[0].wait(timeout=10) is None


def _free_port() -> int:
    import socket

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def test_what_runs_no_more_is_not_mistaken_for_what_ran(notebooks: Path, folder: Folder) -> None:
    good = Record("01_waits", "", "", 1.0, 1, 1, 1)
    bad = replace(good, failure=records.Failure(0, "KilledWorker", "lost"))
    (folder.root / "manifest" / "01_waits.json.partial").mkdir()  # nothing can be written there
    assert records.keep(good, folder).failure.message.endswith("make room or give permission there")
    assert records.keep(bad, folder).failure.message == "lost"


STRESS = """
import os, signal, time
from vretlib.batch import process, schedule
from vretlib.batch.records import Record
from vretlib.batch.runner import Job

def run(job, run_id, emit):
    for cell in range(100):
        emit({"name": job.name, "cell": cell, "cells": 100})
    time.sleep(seconds)
    return Record(job.name, job.name, "", 1.0, 1, 1, 1)

def end(record):
    ended.append(record.name)
    if len(ended) == 2 and seconds:
        os.kill(os.getpid(), signal.SIGINT)

process.run = run
jobs = [Job(f"{i:02d}", "page.ipynb", ".", {}, {}) for i in range(6)]
for seconds in (0, 1):
    ended = []
    try:
        schedule.run(jobs, slots=2, on_event=lambda event: None, on_end=end)
    except KeyboardInterrupt:
        pass
    print(len(ended))
"""


def test_dask_says_nothing_at_the_end_of_a_run_or_of_a_stopped_one() -> None:
    done = subprocess.run([sys.executable, "-c", STRESS], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "6\n2\n", "")


@pytest.mark.parametrize("manifest", ["", "[]", "{}", '{"failure": "x"}', '{"name": 3, "failure": null}', "\0"])
def test_a_damaged_record_counts_as_none(folder: Folder, manifest: str) -> None:
    folder.record("01_waits").write_text(manifest)
    assert records.read(folder.record("01_waits")) is None


def test_results_that_cannot_be_read_are_no_success(
    notebooks: Path, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(tasks: list[Task], folder: Folder, ran: dict[str, Record], **options: object) -> None:
        ran["01_waits"] = Record("01_waits", "", "", 1.0, 1, 1, 1)
        (folder.root / "01_waits").mkdir()
        (folder.root / "01_waits" / "checks.json").write_text('{"checks": [')

    monkeypatch.setattr(tables, "run", run)
    outcome = tables.make(notebooks, folder.root)
    assert not outcome.good
    assert "01_waits: not readable" in (folder.root / "index.html").read_text()
