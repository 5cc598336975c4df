"""A whole run: which chapters have to run, their execution, and the first page of the results."""

import logging
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from vretlib.batch import chapters, lock, plan, records, schedule, summary
from vretlib.batch.plan import Task
from vretlib.batch.progress import Progress
from vretlib.batch.records import Folder, Record
from vretlib.batch.runner import Job
from vretlib.errors import UserError
from vretlib.report import index

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """The outcome of a run."""

    folder: Folder
    entries: list[index.Entry] = field(default_factory=list)
    ran: dict[str, Record] = field(default_factory=dict)
    reused: list[str] = field(default_factory=list)
    written: bool = True

    @property
    def good(self) -> bool:
        """Whether no notebook failed, all numbers are within tolerance, and the first page could be written."""
        mine = [entry for entry in self.entries if entry.name in {*self.ran, *self.reused}]
        return self.written and not any(entry.failure or _has_number_outside(entry) for entry in mine)


def _has_number_outside(entry: index.Entry) -> bool:
    return any(check["status"] == "outside" for check in entry.collected.checks)


def make(
    notebooks: Path,
    output: Path,
    *,
    chapter: Sequence[str] = (),
    profile: str = "embedded",
    given: Sequence[str] = (),
    jobs: int | None = None,
    cluster: str = "",
    force: bool = False,
) -> Outcome:
    """The outcome of a batch, which runs the chapters that have not been run yet and writes the results folder.

    Parameters
    ----------
    chapter: numbers or names of chapters; empty means all.
    profile: name of a file in ``notebooks/profiles``.
    given: ``key=value`` texts, which override the profile.
    jobs: maximum number of notebooks at once; see `vretlib.batch.schedule.default_jobs`.
    force: whether to run chapters again although nothing has changed.

    Raises
    ------
    UserError: the request or the folder is wrong; raised before any notebook starts.
    KeyboardInterrupt: raised after the running notebooks have been stopped.
    """
    existing = chapters.find(notebooks)
    tasks = plan.plan(chapters.select(existing, chapter), notebooks / "profiles", profile, given, output.absolute())
    plan.refuse_incomplete(tasks)
    folder = Folder(output)
    with lock.only_run_in(output), lock.writable(output):
        todo = [task for task in tasks if force or not _is_done(task, folder)]
        jobs = jobs or schedule.default_jobs(len(todo))
        ran: dict[str, Record] = {}
        try:
            if todo:
                run([_with_results_dir(task, output) for task in todo], folder, ran, slots=jobs, cluster=cluster)
        finally:
            reused = [task.name for task in tasks if task not in todo]
            shown = summary.entries(folder, existing, ran, reused)
            written = _write(shown, output / "index.html")
            shutil.rmtree(folder.runtimes, ignore_errors=True)
    return Outcome(folder, shown, ran, reused, written)


def _write(shown: Sequence[index.Entry], page: Path) -> bool:
    """Whether the first page could be written."""
    try:
        index.write(shown, page)
    except UserError as error:
        log.info("error: %s", error)
        return False
    return True


def run(
    tasks: Sequence[Task],
    folder: Folder,
    ran: dict[str, Record],
    *,
    slots: int,
    cluster: str = "",
    environment: dict[str, str] | None = None,
) -> None:
    """Run the tasks and report their progress; the longest ones, by earlier runs, start first.

    ``ran`` receives the record of each task that has ended, by name, even if the run is interrupted.
    """
    before = {task.name: records.read(folder.record(task.name)) for task in tasks}
    if slots > 1:
        tasks = sorted(tasks, key=lambda task: -(before[task.name] or _UNKNOWN).seconds)
    log.info(
        f"{len(tasks)} to run, {min(slots, len(tasks))} at once" if not cluster else f"{len(tasks)} to run on {cluster}"
    )
    progress = Progress(len(tasks))
    waiting = [_job(task, folder, environment or {}) for task in tasks]

    def end(record: Record) -> None:
        ran[record.name] = records.keep(record, folder)
        progress.end(ran[record.name])

    try:
        schedule.run(waiting, slots=slots, cluster=cluster, on_event=progress.event, on_end=end, on_tick=progress.tick)
    except KeyboardInterrupt:
        log.info("\ninterrupted with %s of %s done; the same command goes on from there", progress.ended, len(tasks))
        raise
    finally:
        progress.close()


_UNKNOWN = Record("", "", "", float("inf"), 0, 0, 0)


def _with_results_dir(task: Task, output: Path) -> Task:
    """The task with its results folder, which is not among the ingredients."""
    here = {"results_dir": str(output.absolute())} if "results_dir" in task.chapter.parameters else {}
    return replace(task, parameters=task.parameters | here)


def _job(task: Task, folder: Folder, environment: dict[str, str]) -> Job:
    return Job(
        name=task.name,
        notebook=str(task.chapter.path.absolute()),
        output=str(folder.root.absolute()),
        parameters=task.parameters,
        ingredients=task.ingredients,
        environment=environment,
    )


def _is_done(task: Task, folder: Folder) -> bool:
    """Whether the last run of a chapter was good and has equal ingredients; logs the answer and the reason."""
    record = records.read(folder.record(task.name))
    if record is None:
        started = folder.partial(task.name).exists()
        log.info("%s: to run (%s)", task.name, "an earlier run was interrupted" if started else "first time")
    elif record.failure:
        log.info("%s: to run (failed before)", task.name)
    elif differs := plan.reason(task, record.ingredients):
        log.info("%s: to run (%s)", task.name, differs)
    elif not folder.notebook(task.name).exists():
        log.info("%s: to run (its executed notebook is gone)", task.name)
    else:
        log.info("%s: done before, %.0f s; kept (--force runs it again)", task.name, record.seconds)
        return True
    return False
