"""Runs of real notebooks in real kernels, as few as will do: each kernel costs a second or two."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import psutil
import pytest

from vretlib import notebooks, paths, tuning
from vretlib.batch import process, recording, records, runner, schedule, tables
from vretlib.batch.records import Folder
from vretlib.errors import UserError

PARAMETERS = """\
profile = "embedded"  # which
results_dir = ""  # where
x = 3  # a number
wait = ""  # a file to wait for
"""
WAITS = """\
import os, pathlib, time
pathlib.Path(results_dir, f"kernel-{os.getpid()}").touch()
while wait and not pathlib.Path(wait).exists():
    time.sleep(0.05)
"""


Write = Callable[..., Path]


@pytest.fixture(scope="session")
def collection(write_notebook: Write) -> Write:
    """A folder of notebooks, ``n01_name=(cell, ...)``, with an embedded and a smoke profile."""

    def make(folder: Path, **sources: tuple[str, ...]) -> Path:
        for name, code in sources.items():
            write_notebook(folder / f"{name.removeprefix('n')}.ipynb", *code, parameters=PARAMETERS)
        (folder / "profiles").mkdir()
        (folder / "profiles" / "embedded.yaml").write_text("{}\n")
        (folder / "profiles" / "smoke.yaml").write_text("01_good: {x: 1}\n")
        return folder

    return make


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory, collection: Write) -> tables.Outcome:
    """One run of a good notebook, one that fails and one whose kernel dies, in a folder with braces in its name."""
    root = tmp_path_factory.mktemp("run{0}")
    source = collection(
        root / "notebooks",
        n01_good=("import os\nprint(x, profile, os.environ['OMP_NUM_THREADS'], os.path.basename(os.getcwd()))",),
        n02_fails=("y = 1", "y / 0", "print('never')"),
        n03_dies=("import os\nos._exit(7)",),
    )
    return tables.make(source, root / "results", profile="smoke", jobs=2)


def printed(folder: Folder, name: str) -> str:
    cells = notebooks.code_cells(notebooks.read(folder.notebook(name)))
    return "".join(output.text for cell in cells for output in cell.outputs if output.output_type == "stream")


def test_a_notebook_gets_its_profile_its_share_of_the_cores_and_its_own_folder(
    outcome: tables.Outcome,
) -> None:
    threads = max(1, schedule.CPU_COUNT // 2)
    assert printed(outcome.folder, "01_good") == f"1 smoke {threads} notebooks\n"


def test_a_failing_notebook_is_reported_with_cell_and_traceback_and_the_others_finish(
    outcome: tables.Outcome,
) -> None:
    failure = records.read(outcome.folder.record("02_fails")).failure
    assert (failure.cell, failure.kind, failure.source) == (4, "ZeroDivisionError", "y / 0")
    assert "y / 0" in failure.traceback
    assert records.read(outcome.folder.record("01_good")).failure is None
    assert not outcome.good
    assert {e.name: bool(e.failure) for e in outcome.entries} == {
        "01_good": False,
        "02_fails": True,
        "03_dies": True,
    }


def test_what_a_failing_notebook_did_can_be_read(outcome: tables.Outcome) -> None:
    assert "ZeroDivisionError" in outcome.folder.page("02_fails").read_text()
    assert "ZeroDivisionError" in (outcome.folder.root / "index.html").read_text()


def test_a_dead_kernel_is_a_failure_though_papermill_calls_every_cell_completed(
    outcome: tables.Outcome,
) -> None:
    assert records.read(outcome.folder.record("03_dies")).failure.kind == "DeadKernelError"


def test_nothing_partial_is_left(outcome: tables.Outcome) -> None:
    assert not list(outcome.folder.root.rglob("*.partial*"))


def test_a_second_run_keeps_what_is_done_and_says_so(outcome: tables.Outcome, said: list[str]) -> None:
    source = outcome.folder.root.parent / "notebooks"
    again = tables.make(source, outcome.folder.root, profile="smoke", chapter=["1"])
    assert (again.ran, again.reused, again.good) == ({}, ["01_good"], True)
    assert "done before" in said[0]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"given": ["x=2"]}, "new parameters"),
        ({"chapter": ["2"]}, "failed before"),
        ({"edit": "x + 1"}, "new notebook"),
    ],
)
def test_what_has_changed_or_failed_is_run_again_and_the_reason_is_said(
    outcome: tables.Outcome,
    change: dict,
    reason: str,
    collection: Write,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    said: list[str],
) -> None:
    source = outcome.folder.root.parent / "notebooks"
    if edit := change.pop("edit", ""):
        source = collection(tmp_path / "notebooks", n01_good=(edit,))
    monkeypatch.setattr(tables, "run", lambda tasks, *args, **kwargs: None)
    tables.make(source, outcome.folder.root, profile="smoke", **({"chapter": ["1"]} | change))
    assert reason in said[0]


def start(source: Path, output: Path, temporary: Path, *arguments: str) -> subprocess.Popen[str]:
    """The command line in a process of its own, on other notebooks than the project's."""
    code = f"from pathlib import Path; from vretlib import paths; paths.NOTEBOOKS = Path({str(source)!r}); "
    code += "from vretlib.__main__ import main; main()"
    command = [sys.executable, "-c", code, "tables", "--output", str(output), *arguments]
    environment = os.environ | {"TMPDIR": str(temporary)}
    return subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment)


def kernel_of(output: Path, timeout: float = 120) -> psutil.Process:
    """The kernel that has come to the waiting cell."""
    until = time.monotonic() + timeout
    while time.monotonic() < until:
        if marks := list(output.glob("kernel-*")):
            return psutil.Process(int(marks[0].name.removeprefix("kernel-")))
        time.sleep(0.05)
    raise AssertionError("no kernel came to the waiting cell")


def test_a_run_killed_at_any_moment_takes_its_kernel_along_and_goes_on_from_there(
    tmp_path: Path, collection: Write, said: list[str]
) -> None:
    source = collection(tmp_path / "notebooks", n01_quick=("print(x)",), n02_slow=(WAITS, "print('end')"))
    output, go = tmp_path / "results", tmp_path / "go"
    (temporary := tmp_path / "tmp").mkdir()
    command = start(source, output, temporary, "--jobs", "1", "--param", f"wait={go}")
    kernel = kernel_of(output)

    with pytest.raises(UserError, match=f"process {command.pid} is writing"):
        tables.make(source, output)

    command.kill()
    command.wait()
    kernel.wait(timeout=10)
    assert records.read(Folder(output).record("02_slow")) is None
    assert not Folder(output).notebook("02_slow").exists()
    until = time.monotonic() + 10
    while (keys := [*temporary.rglob("*.json"), *output.glob(".runtime")]) and time.monotonic() < until:
        time.sleep(0.05)
    assert not keys  # no file with a kernel's ports and key

    go.touch()
    after = tables.make(source, output, given=[f"wait={go}"])
    assert ([*after.ran], after.reused, after.good) == (["02_slow"], ["01_quick"], True)
    assert "02_slow: to run (an earlier run was interrupted)" in said
    assert printed(after.folder, "02_slow") == "end\n"


def test_a_cluster_given_by_address_runs_the_notebooks(tmp_path: Path, collection: Write) -> None:
    from distributed import LocalCluster

    source = collection(tmp_path / "notebooks", n01_good=("import os\nprint(os.environ['OMP_NUM_THREADS'])",))
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, protocol="tcp", dashboard_address="127.0.0.1:0"
    ) as cluster:
        outcome = tables.make(source, tmp_path / "results", cluster=cluster.scheduler_address)
    assert outcome.good
    assert (
        printed(outcome.folder, "01_good") == f"{max(1, schedule.CPU_COUNT // 2)}\n"
    )  # two workers share this machine


def test_no_cluster_at_an_address_is_one_clear_error(tmp_path: Path, collection: Write) -> None:
    source = collection(tmp_path / "notebooks", n01_good=("x",))
    with pytest.raises(UserError, match=r"nonsense.*tcp://host:port"):
        tables.make(source, tmp_path / "results", cluster="nonsense")


def test_a_results_folder_that_cannot_be_written_is_one_clear_error(tmp_path: Path, collection: Write) -> None:
    source = collection(tmp_path / "notebooks", n01_good=("x",))
    (tmp_path / "file").write_text("")
    for output in (tmp_path / "file", tmp_path / "file" / "results"):
        with pytest.raises(UserError, match="cannot write results"):
            tables.make(source, output)


@pytest.fixture
def job(tmp_path: Path, write_notebook: Write) -> runner.Job:
    notebook = write_notebook(tmp_path / "01_job.ipynb", "1")
    job = runner.Job("01_job", str(notebook), str(tmp_path / "results"), {}, {})
    records.clear(job.folder, job.name)
    return job


def test_a_kernel_that_does_not_start_gets_one_second_chance(job: runner.Job, monkeypatch: pytest.MonkeyPatch) -> None:
    attempts = []

    def execute(job: runner.Job, source: nbformat.NotebookNode, progress: runner._CellCounter) -> None:
        attempts.append(1)
        if len(attempts) == 1:
            raise RuntimeError("Kernel didn't respond in 60 seconds")
        nbformat.write(source, job.folder.partial(job.name))

    monkeypatch.setattr(runner, "_execute", execute)
    record = runner.run(job, lambda event: None)
    assert len(attempts) == 2
    assert record.failure is None


def test_an_error_after_the_first_cell_is_not_tried_again(job: runner.Job, monkeypatch: pytest.MonkeyPatch) -> None:
    attempts = []

    def execute(job: runner.Job, source: nbformat.NotebookNode, progress: runner._CellCounter) -> None:
        attempts.append(1)
        progress.starts(source.cells[1])
        raise RuntimeError("out of memory")

    monkeypatch.setattr(runner, "_execute", execute)
    failure = runner.run(job, lambda event: None).failure
    assert (len(attempts), failure.cell, failure.message) == (1, 1, "out of memory")


def test_a_process_that_ends_without_a_word_is_a_failure(job: runner.Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process.sys, "executable", "/bin/false")
    failure = process.run(job, "run", lambda event: None).failure
    assert failure.kind == "ProcessEnded"
    assert "status 1" in failure.message


def test_half_a_record_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(json.dumps({"name": "x"})[:8])
    assert records.read(tmp_path / "x.json") is None


def test_threads_are_divided_and_progress_bars_off() -> None:
    env = process.environment(3, {"MPLBACKEND": "Agg", "HOME": "/home/x", "OMP_NUM_THREADS": "16"})
    assert (env["OMP_NUM_THREADS"], env["TQDM_DISABLE"]) == ("3", "1")
    assert env["HOME"] == "/home/x"
    assert "MPLBACKEND" not in env


@pytest.mark.parametrize(("cores", "at_once"), [(2, "2"), (3, "3"), (16, "6")])
def test_twice_as_many_items_as_threads_run_at_once_but_no_more_than_cores(
    monkeypatch: pytest.MonkeyPatch, cores: int, at_once: str
) -> None:
    monkeypatch.setattr(process, "CPU_COUNT", cores)
    assert process.environment(min(cores, 3), {"NUMBA_NUM_THREADS": "1"})["NUMBA_NUM_THREADS"] == at_once


def test_what_tunes_a_cpu_is_set_unless_the_caller_has_set_it() -> None:
    assert tuning.CPU.items() <= process.environment(1, {}).items()
    assert process.environment(1, {"OMP_WAIT_POLICY": "active"})["OMP_WAIT_POLICY"] == "active"


@pytest.mark.parametrize(
    ("tasks", "cores", "expected"), [(11, 2, 2), (11, 4, 4), (11, 6, 4), (11, 16, 8), (3, 16, 3), (1, 2, 1), (0, 1, 1)]
)
def test_default_jobs_are_one_for_each_of_few_cores_and_for_every_two_of_many(
    tasks: int, cores: int, expected: int
) -> None:
    assert schedule.default_jobs(tasks, cores) == expected


def test_chapters_that_pass_are_recorded_beside_one_that_fails(tmp_path: Path, collection: Write) -> None:
    source = collection(tmp_path / "notebooks", n01_good=("print(x)",), n02_fails=("print(1)", "1 / 0"))
    before = (source / "02_fails.ipynb").read_bytes()
    with pytest.raises(UserError, match=r"outputs of 02_fails not recorded(.|\n)*ZeroDivisionError"):
        recording.record(source, ())
    [*_, last] = notebooks.code_cells(notebooks.read(source / "01_good.ipynb"))
    assert last.outputs[0].text == "3\n"
    assert (source / "02_fails.ipynb").read_bytes() == before


def test_the_first_page_is_recorded_last_because_it_shows_what_the_others_record(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(recording.tables, "run", lambda tasks, *_, **__: asked.extend(task.name for task in tasks))
    with pytest.raises(UserError, match="not recorded"):
        recording.record(paths.NOTEBOOKS, ("1", "2", "8"))
    assert asked == ["02_background", "08_key_frames", "01_start_here"]
