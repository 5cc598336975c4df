"""Starts the process of a notebook on a Dask worker, forwards its events, and can stop it."""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
from dask.system import CPU_COUNT

from vretlib.batch import records, runner
from vretlib.batch.records import Failure, Record
from vretlib.batch.runner import Job
from vretlib.tuning import CPU

_THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OPENCV_FOR_THREADS_NUM",
    "VECLIB_MAXIMUM_THREADS",
)
_running: dict[str, set[subprocess.Popen[str]]] = {}
_stopped: set[str] = set()
_guard = threading.Lock()


def run(job: Job, run_id: str, emit: Callable[[dict[str, Any]], None]) -> Record:
    """The record of a notebook that is run in a process of its own, once that process has ended.

    A process that ends without a record (out of memory, killed) counts as a failure. Processes that the
    notebook has started end with it.
    """
    records.clear(job.folder, job.name)
    job.folder.runtime(job.name).mkdir(parents=True)
    runtime = Path(tempfile.mkdtemp(dir=job.folder.runtime(job.name)))
    started, record, cell = datetime.now(UTC).isoformat(timespec="seconds"), None, 0
    with open(job.folder.log(job.name), "w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", "from vretlib.batch import runner; runner.main()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env=environment(job.threads) | _private(runtime) | job.environment,
            text=True,
            start_new_session=True,  # Ctrl-C goes to the run, which then closes the lifeline
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            _register(run_id, process)
            process.stdin.write(json.dumps(asdict(job)) + "\n")
            process.stdin.flush()
            for line in process.stdout:
                event = json.loads(line)
                cell = event.get("cell", cell)
                if "record" in event:
                    record = records.decode(event["record"])
                else:
                    emit({"name": job.name, **event})
        except (BrokenPipeError, ValueError):
            pass  # it ended or was stopped before it read its job; its status is reported below
        finally:
            _close_lifeline(process)
            status = process.wait()
            _unregister(run_id, process)
            _kill_leftovers(runtime)
            runner.remove(runtime)
    if record is not None and status == 0:
        return record
    return _record_of_dead_process(job, started, cell, status, record)


def _record_of_dead_process(job: Job, started: str, cell: int, status: int, record: Record | None) -> Record:
    tail = job.folder.log(job.name).read_text(encoding="utf-8", errors="replace").strip()[-3000:]
    if record is not None and record.failure:
        return record
    how = f"signal {-status}" + (": out of memory?" if status == -9 else "") if status < 0 else f"status {status}"
    failure = Failure(
        cell,
        "ProcessEnded",
        f"the notebook's process ended with {how}; see {job.folder.log(job.name)}",
        "",
        tail,
    )
    if record is not None:
        return replace(record, failure=failure)
    return Record(job.name, job.name, started, 0.0, 0, cell, job.threads, job.ingredients, failure)


def stop(run_id: str) -> None:
    """End the processes of a run on this worker, with their kernels, and start no more of them."""
    with _guard:
        _stopped.add(run_id)
        processes = list(_running.get(run_id, ()))
    for process in processes:
        _close_lifeline(process)


def _close_lifeline(process: subprocess.Popen[str]) -> None:
    """Close the standard input of a process, which then ends its kernel and itself."""
    if process.stdin is not None:
        with suppress(BrokenPipeError):
            process.stdin.close()


def _register(run_id: str, process: subprocess.Popen[str]) -> None:
    with _guard:
        if run_id in _stopped:
            process.kill()
        _running.setdefault(run_id, set()).add(process)


def _unregister(run_id: str, process: subprocess.Popen[str]) -> None:
    with _guard:
        _running[run_id].discard(process)


def _private(runtime: Path) -> dict[str, str]:
    """Variables that move IPython's and Jupyter's files out of the home folder, which may not be writable."""
    return {runner.RUNTIME: str(runtime), "IPYTHONDIR": str(runtime / "ipython")}


def _kill_leftovers(runtime: Path) -> None:
    """End the processes of a notebook that are still there: a kernel whose runner was killed, and its workers."""
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.environ().get(runner.RUNTIME) == str(runtime):
                process.kill()


def environment(threads: int, base: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment variables of a notebook's process: its threads, no progress bars, this environment's kernel.

    An operation of torch, OpenCV or BLAS has ``threads``, the notebook's share of the cores. Up to twice as many items
    run at once (`vretlib.parallel.n_threads`), because a notebook is often alone, or beside one that waits. The
    defaults of `vretlib.tuning.CPU` are added where the caller has not set these variables.
    """
    unwanted = {"MPLBACKEND"}  # with another backend, the notebook would show no figures
    fixed = {"TQDM_DISABLE": "1", "JUPYTER_PREFER_ENV_PATH": "1", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    kept = {name: value for name, value in base.items() if name not in unwanted}
    at_once = {"NUMBA_NUM_THREADS": str(min(2 * threads, CPU_COUNT))}
    return CPU | kept | fixed | dict.fromkeys(_THREAD_VARIABLES, str(threads)) | at_once
